"""The test vectors hold, and the protocol document suffices: here they are read without any code of ours."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from make_vectors import make

from alidade.exchange import envelope, manifest
from alidade.exchange.reasons import Refused

FOLDER = Path(__file__).parent / "vectors"


def vectors(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


def framed(*fields: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(each)) + each for each in fields)


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def private_key(suite: int, raw: bytes) -> Any:
    if suite == 1:
        return X25519PrivateKey.from_private_bytes(raw)
    return hpke.MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(raw[:64]), X25519PrivateKey.from_private_bytes(raw[64:])
    )


@pytest.mark.parametrize("suite", [1, 2])
def test_an_envelope_is_opened_by_the_document_alone(suite: int) -> None:
    v = vectors(f"envelope-suite-{suite}.json")
    raw = bytes.fromhex(v["envelope"])
    assert raw[:8] == b"ALIDENV\x01"
    parts, at = [], 8
    for _ in range(3):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        parts.append(raw[at + 4 : at + 4 + length])
        at += 4 + length
    header, sealed, body = parts
    signature = raw[at:]
    assert len(signature) == 64
    assert canonical(json.loads(header)) == header == v["header"].encode()
    assert hashlib.sha256(raw).hexdigest() == v["digest"]
    signed = framed(b"alidade/envelope/v1", header, hashlib.sha256(sealed).digest(), hashlib.sha256(body).digest())
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(v["sender_public_key"])).verify(signature, signed)

    kem = hpke.KEM.X25519 if suite == 1 else hpke.KEM.MLKEM768_X25519
    context = framed(b"alidade/envelope-slip/v1", hashlib.sha256(header).digest(), hashlib.sha256(body).digest())
    key = private_key(suite, bytes.fromhex(v["recipient_private_key"]))
    padded = hpke.Suite(kem, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM).decrypt(sealed, key, info=context)
    assert len(padded) == 768
    (length,) = struct.unpack(">I", padded[:4])
    text = padded[4 : 4 + length]
    assert text == v["slip"].encode()
    slip = json.loads(text)
    plain = AESGCM(base64.b64decode(slip["key"])).decrypt(
        bytes(12), body, framed(b"alidade/envelope-body/v1", slip["sender"].encode())
    )
    assert len(plain) == json.loads(header)["bucket"]
    (length,) = struct.unpack(">I", plain[:4])
    content = plain[4 : 4 + length]
    assert not any(plain[4 + length :])
    assert content.hex() == v["content"]
    assert hashlib.sha256(content).digest() == base64.b64decode(slip["digest"])


def test_contents_and_the_signatures_of_their_items() -> None:
    for v in vectors("contents.json"):
        text = canonical(json.loads(v["json"]))
        assert (struct.pack(">I", len(text)) + text + bytes.fromhex(v["blob"])).hex() == v["encoded"]
        for item, signed in zip(json.loads(v["json"]).get("items", ()), v["items"], strict=True):
            fields = (v["kind"], item["id"], item["owner"], item["key_id"])
            message = framed(b"alidade/item/v1", *(f.encode() for f in fields), base64.b64decode(item["body"]))
            assert message.hex() == signed["signed_bytes"]
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed["public_key"]))
            key.verify(bytes.fromhex(signed["signature"]), message)


def test_manifests_are_made_by_the_document_alone() -> None:
    v = vectors("manifests.json")
    root = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(v["root_private_seed"]))
    digest = hashlib.sha256(b"alidade/root-fingerprint/v1" + bytes.fromhex(v["root_public_key"])).hexdigest()
    assert v["fingerprint"].replace(" ", "") == digest[:32]
    before = ""
    for each in v["manifests"]:
        text = each["json"].encode()
        said = json.loads(text)
        assert said["previous"] == before
        by_root = root.sign(framed(b"alidade/manifest-root/v1", text))
        by_previous = b""
        if said["signed_by"]:
            seed = bytes.fromhex(v["signing_private_seeds"][said["signed_by"]])
            by_previous = Ed25519PrivateKey.from_private_bytes(seed).sign(framed(b"alidade/manifest-previous/v1", text))
        made = (
            b"ALIDMAN\x01" + struct.pack(">I", len(text)) + text + by_root
            + struct.pack(">I", len(by_previous)) + by_previous
        )  # fmt: skip
        assert made.hex() == each["file"]
        before = hashlib.sha256(made).hexdigest()
        assert before == each["digest"]


def test_a_receipt() -> None:
    v = vectors("receipt.json")
    blank = json.loads(v["json"])
    blank["signature"] = base64.b64encode(bytes(64)).decode()
    assert canonical(blank) == v["json_under_the_tag"].encode()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(v["public_key"]))
    key.verify(bytes.fromhex(v["signature"]), framed(b"alidade/receipt/v1", canonical(blank)))


def test_what_must_be_refused() -> None:
    parsers = {"envelope": envelope.parse, "manifest": manifest.parse}
    found = vectors("refused.json")
    assert len(found) >= 14
    for v in found:
        with pytest.raises(Refused) as caught:
            parsers[v["what"]](bytes.fromhex(v["bytes"]))
        assert caught.value.reason == v["reason"], v["why"]


def test_the_vectors_are_those_that_the_code_makes() -> None:
    made = make()
    assert set(made) == {path.name for path in FOLDER.glob("*.json")}
    for name in ("contents.json", "manifests.json", "receipt.json"):
        assert made[name] == vectors(name)
    sealed = {"envelope", "digest", "sealed_slip", "signature"}
    for name in ("envelope-suite-1.json", "envelope-suite-2.json"):
        for field, value in made[name].items():
            assert field in sealed or value == vectors(name)[field], field
    assert [(v["why"], v["reason"]) for v in made["refused.json"]] == [
        (v["why"], v["reason"]) for v in vectors("refused.json")
    ]
