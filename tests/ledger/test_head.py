"""A signed seal covers every field, and its file has one spelling."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from alidade.ledger import head as heads
from alidade.ledger.head import Ed25519Signer, Head, HeadError, from_json, sign_head, to_json, verify_head

ROOT = bytes(range(100, 132))


@pytest.fixture
def head(signer: Ed25519Signer, noon: datetime) -> Head:
    return sign_head(origin="node-a", size=7, root=ROOT, at=noon, signer=signer)


def test_the_fields_are_those_that_were_given(head: Head, noon: datetime) -> None:
    assert (head.origin, head.size, head.root, head.at, head.key_id) == ("node-a", 7, ROOT, noon, "key-1")
    assert len(head.signature) == 64


def test_the_right_key_verifies(head: Head, signer: Ed25519Signer, stranger: Ed25519Signer) -> None:
    assert verify_head(head, signer.public_key)
    assert not verify_head(head, stranger.public_key)


def test_golden_signed_bytes(head: Head) -> None:
    """Old seals must verify for years: a change here needs a new tag."""
    assert heads.bytes_under(head) == (
        b"\x00\x00\x00\x14alidade/tree-head/v1"
        b"\x00\x00\x00\x06node-a"
        b"\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x07"
        b"\x00\x00\x00\x20"
        + ROOT
        + b"\x00\x00\x00\x08"
        + (1_935_835_200_250_000).to_bytes(8, "big")
        + b"\x00\x00\x00\x05key-1"
    )


def test_every_field_is_signed(head: Head, signer: Ed25519Signer) -> None:
    for changes in (
        {"origin": "node-b"},
        {"size": 8},
        {"root": bytes(32)},
        {"at": head.at + timedelta(microseconds=1)},
        {"key_id": "key-2"},
    ):
        assert not verify_head(replace(head, **changes), signer.public_key)


def test_every_bit_of_the_signature_counts(head: Head, signer: Ed25519Signer) -> None:
    for bit in range(512):
        changed = bytearray(head.signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not verify_head(replace(head, signature=bytes(changed)), signer.public_key)


def test_fields_cannot_flow_into_each_other(noon: datetime) -> None:
    one = heads.signed_bytes(origin="ab", size=1, root=ROOT, at=noon, key_id="c")
    other = heads.signed_bytes(origin="a", size=1, root=ROOT, at=noon, key_id="bc")
    assert one != other
    assert heads.framed(b"ab", b"c") != heads.framed(b"a", b"bc")


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
def test_a_malformed_key_verifies_nothing(head: Head, key: bytes) -> None:
    assert not verify_head(head, key)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65)])
def test_a_malformed_signature_does_not_verify(head: Head, signer: Ed25519Signer, signature: bytes) -> None:
    assert not verify_head(replace(head, signature=signature), signer.public_key)


def test_only_a_known_key_vouches(head: Head, keys: dict[str, bytes], stranger: Ed25519Signer) -> None:
    assert heads.is_vouched(head, keys)
    assert not heads.is_vouched(head, {})
    assert not heads.is_vouched(head, {"key-1": stranger.public_key})


def test_a_printed_signer_does_not_show_its_key(signer: Ed25519Signer) -> None:
    assert repr(signer) == "Ed25519Signer(key_id='key-1')"


def bad_fields(noon: datetime) -> list[dict[str, Any]]:
    return [
        {"origin": ""},
        {"origin": "\ud800"},
        {"key_id": ""},
        {"key_id": "\ud800"},
        {"size": -1},
        {"size": 2**53},
        {"root": bytes(31)},
        {"root": bytes(33)},
        {"at": noon.replace(tzinfo=None)},
        {"at": noon.astimezone(timezone(timedelta(hours=2)))},
    ]


@pytest.mark.parametrize("case", range(10))
def test_a_head_out_of_form_is_not_made(head: Head, noon: datetime, case: int) -> None:
    with pytest.raises(HeadError):
        replace(head, **bad_fields(noon)[case])


def test_size_limits_are_inclusive(signer: Ed25519Signer, noon: datetime) -> None:
    for size in (0, 2**53 - 1):
        head = sign_head(origin="node-a", size=size, root=ROOT, at=noon, signer=signer)
        assert verify_head(from_json(to_json(head)), signer.public_key)


def test_times_before_1970_can_be_signed(signer: Ed25519Signer, noon: datetime) -> None:
    early = sign_head(origin="n", size=0, root=ROOT, at=noon.replace(year=1969), signer=signer)
    assert verify_head(early, signer.public_key)


class TestFile:
    def test_golden(self, head: Head) -> None:
        assert json.loads(to_json(head)) == {
            "format": "alidade-tree-head/1",
            "origin": "node-a",
            "size": 7,
            "root": ROOT.hex(),
            "at": "2031-05-06T12:00:00.250000Z",
            "signature": head.signature.hex(),
            "key_id": "key-1",
        }

    @pytest.mark.parametrize("around", [(b"", b""), (b"", b"\n"), (b" \n", b"\r\n")])
    def test_read_back_as_written(self, head: Head, around: tuple[bytes, bytes]) -> None:
        assert from_json(around[0] + to_json(head) + around[1]) == head

    @pytest.mark.parametrize(
        "change",
        [
            {"format": "alidade-tree-head/2"},
            {"format": None},
            {"extra": 1},
            {"size": -1},
            {"size": "7"},
            {"size": 7.5},
            {"root": ROOT.hex().upper()},
            {"root": ROOT.hex()[:-2]},
            {"root": ROOT.hex()[:-1]},
            {"root": "zz" * 32},
            {"root": ROOT.hex()[:32] + " " + ROOT.hex()[32:]},
            {"signature": "g"},
            {"at": "2031-05-06T12:00:00.25Z"},
            {"at": "2031-05-06T12:00:00.250000"},
            {"at": "2031-05-06T14:00:00.250000+02:00"},
            {"origin": ""},
            {"key_id": ""},
            {"key_id": None},
        ],
        ids=str,
    )
    def test_a_foreign_file_is_refused(self, head: Head, change: dict[str, Any]) -> None:
        data = json.loads(to_json(head)) | change
        with pytest.raises(HeadError):
            from_json(json.dumps(data, separators=(",", ":"), sort_keys=True).encode())

    @pytest.mark.parametrize("field", ["format", "origin", "size", "root", "at", "signature", "key_id"])
    def test_no_field_may_be_missing(self, head: Head, field: str) -> None:
        data = json.loads(to_json(head))
        del data[field]
        with pytest.raises(HeadError):
            from_json(json.dumps(data, separators=(",", ":"), sort_keys=True).encode())

    def test_other_spellings_are_refused(self, head: Head) -> None:
        good = to_json(head)
        data = json.loads(good)
        for bad in (
            b"",
            b"[]",
            good[:-1],
            good + good,
            good + b"\x00",
            good.replace(b"node-a", b"node-\xff"),
            good.replace(b'"size":7', b'"size":6,"size":7'),
            json.dumps(data, sort_keys=True).encode(),
            json.dumps(dict(reversed(data.items())), separators=(",", ":")).encode(),
        ):
            with pytest.raises(HeadError):
                from_json(bad)
