"""Makes the test vectors for other implementations: python tests/exchange/make_vectors.py [folder].

Keys and ids are fixed. Sealing to a public key (HPKE) draws fresh randomness inside the library, so the sealed bytes
differ at each run: they are to be opened, not to be reproduced. All else is to be reproduced byte by byte.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from exchange_cast import START, Dice, Party, Scene, envelope_of

from alidade.exchange import envelope, manifest
from alidade.exchange.attachment import chunks
from alidade.exchange.content import (
    Erasure,
    ErasureOrder,
    GapRequest,
    NoChange,
    Void,
    encode,
    item_bytes,
    kind_of,
    sign_item,
)
from alidade.exchange.layout import moment_text
from alidade.exchange.manifest import fingerprint
from alidade.exchange.reasons import Refused
from alidade.exchange.receipt import sign_receipt
from alidade.exchange.suites import SUITES
from alidade.model.canonical import canonical_bytes

STAMP = moment_text(START)


def contents(nl: Party) -> list[tuple[Any, bytes]]:
    order = canonical_bytes(ErasureOrder(targets=("c1", "c2"), ground="court_order", at=STAMP))
    erasure = Erasure(items=(sign_item(kind="erasure", id="e1", owner="nl", body=order, signer=nl.signing),))
    chunk, blob = next(chunks(b"the bytes of a small file"))
    plain = (
        nl.step("t1/nl/1", "é – words in any script: Ω, ж, 漢".encode()),
        erasure,
        Void(reason="erased"),
        NoChange(number=1, digest=nl.manifests[0].digest),
        GapRequest(thread="t1", first=2, last=5),
    )
    return [*((msgspec.structs.replace(each, sent_at=STAMP), b"") for each in plain),
            (msgspec.structs.replace(chunk, sent_at=STAMP), blob)]  # fmt: skip


def of_contents(nl: Party) -> list[dict[str, Any]]:
    made = []
    for content, blob in contents(nl):
        entry: dict[str, Any] = {
            "kind": kind_of(content), "json": canonical_bytes(content).decode(), "blob": blob.hex(),
            "encoded": encode(content, blob).hex(),
        }  # fmt: skip
        entry["items"] = [
            {
                "signed_bytes": item_bytes(kind_of(content), item).hex(),
                "signature": item.signature.hex(),
                "public_key": nl.signing.public_key.hex(),
            }
            for item in getattr(content, "items", ())
        ]
        made.append(entry)
    return made


def of_manifests(nl: Party) -> dict[str, Any]:
    nl.rotate()
    return {
        "root_private_seed": nl.root.private_key.hex(),
        "root_public_key": nl.root.public_key.hex(),
        "fingerprint": fingerprint(nl.root.public_key),
        "signing_private_seeds": {
            name: Party.signer(name).private_key.hex() for name in ("nl-sign-1", "nl-sign-2")
        },
        "manifests": [
            {
                "json": each.text.decode(), "root_signature": each.root_signature.hex(),
                "previous_signature": each.previous_signature.hex(), "file": each.raw.hex(), "digest": each.digest,
            }
            for each in nl.manifests
        ],
    }  # fmt: skip


def of_envelope(suite: int) -> dict[str, Any]:
    scene = Scene("nl", "de", suites=(suite,))
    nl, de = scene["nl"], scene["de"]
    entry = de.manifests[0].manifest.sealing[0]
    content, blob = contents(nl)[0]
    raw = envelope_of(nl, de, content, blob=blob, thread="t1", sequence=1)
    parts = envelope.parse(raw)
    slip = envelope.open_slip(parts, de.keys)
    return {
        "suite": suite,
        "recipient_private_key": Dice(entry.id).token_bytes(SUITES[suite].private_bytes).hex(),
        "recipient_public_key": entry.key.hex(),
        "sender_public_key": nl.signing.public_key.hex(),
        "envelope": raw.hex(),
        "digest": parts.digest,
        "header": parts.header_bytes.decode(),
        "sealed_slip": parts.slip.hex(),
        "sealed_body": parts.body.hex(),
        "signature": parts.signature.hex(),
        "slip": envelope.slip_bytes(slip).decode(),
        "content": encode(content, blob).hex(),
    }


def of_receipt() -> dict[str, Any]:
    scene = Scene("nl", "de")
    nl, de = scene["nl"], scene["de"]
    verdict = de.take(envelope_of(nl, de, nl.step("s1"), header={"message_id": "0123456789abcdef" * 2}))
    de.exchange.promise(nl.id, verdict.message_id, 7, bytes(range(32)))
    row = de.store.inbox(nl.id, verdict.message_id)
    if row is None:
        raise AssertionError("the message was taken")
    row = replace(row, digest="ab" * 32)
    made = sign_receipt(row, own=de.id, at=START, origin=de.log.origin, signer=de.signing)
    blank = msgspec.structs.replace(made, signature=bytes(64))
    return {
        "public_key": de.signing.public_key.hex(),
        "json_under_the_tag": canonical_bytes(blank).decode(),
        "signature": made.signature.hex(),
        "json": canonical_bytes(made).decode(),
    }


def of_refusals() -> list[dict[str, str]]:
    scene = Scene("nl", "de")
    nl, de = scene["nl"], scene["de"]
    raw = envelope_of(nl, de, nl.step("s1"), header={"message_id": "0123456789abcdef" * 2})
    paper = nl.manifests[0].raw
    spoilt = [
        ("envelope", "empty", b""),
        ("envelope", "one byte short", raw[:-1]),
        ("envelope", "one byte more", raw + b"\0"),
        ("envelope", "other magic", b"X" + raw[1:]),
        ("envelope", "other version", raw[:7] + b"\2" + raw[8:]),
        ("envelope", "length of the header lies", raw[:8] + b"\xff\xff\xff\xff" + raw[12:]),
        ("envelope", "unknown suite", raw.replace(b'"suite":1', b'"suite":9', 1)),
        ("envelope", "no such bucket", raw.replace(b'"bucket":1024', b'"bucket":1025', 1)),
        ("envelope", "other bucket", raw.replace(b'"bucket":1024', b'"bucket":4096', 1)),
        ("envelope", "upper-case name", raw.replace(b'"sender":"nl"', b'"sender":"NL"', 1)),
        ("manifest", "one byte short", paper[:-1]),
        ("manifest", "one byte more", paper + b"\0"),
        ("manifest", "other magic", b"X" + paper[1:]),
        ("manifest", "number nought", paper.replace(b'"number":1', b'"number":0', 1)),
    ]
    parsers = {"envelope": envelope.parse, "manifest": manifest.parse}
    made = []
    for what, why, bad in spoilt:
        try:
            parsers[what](bad)
        except Refused as refused:
            made.append({"what": what, "why": why, "bytes": bad.hex(), "reason": refused.reason})
        else:
            raise AssertionError(f"{why} was taken")
    return made


def make() -> dict[str, Any]:
    """All vectors, by file name."""
    scene = Scene("nl", "de")
    return {
        "contents.json": of_contents(scene["nl"]),
        "envelope-suite-1.json": of_envelope(1),
        "envelope-suite-2.json": of_envelope(2),
        "manifests.json": of_manifests(Scene("nl", "de")["nl"]),
        "receipt.json": of_receipt(),
        "refused.json": of_refusals(),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "vectors"
    folder.mkdir(exist_ok=True)
    for name, vectors in make().items():
        (folder / name).write_text(json.dumps(vectors, indent=1, ensure_ascii=True, sort_keys=True) + "\n")
