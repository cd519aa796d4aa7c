"""Whatever the bytes: the parsers answer with what they read or with one typed refusal, and at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from random import Random

import msgspec
import pytest
from exchange_cast import START, Dice, Scene
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.exchange import content, envelope, manifest, relay
from alidade.exchange.attachment import chunks
from alidade.exchange.content import ManifestWord
from alidade.exchange.layout import moment_text, read_moment
from alidade.exchange.memory import MemoryKeyring
from alidade.exchange.reasons import REASONS, Refused
from alidade.exchange.receipt import read_receipt, sign_receipt
from alidade.exchange.suites import SUITES, X25519_SUITE

Parser = Callable[[bytes], object]
PARSERS: dict[str, Parser] = {
    "envelope": envelope.parse,
    "header": envelope.read_header,
    "relay": relay.view,
    "manifest": manifest.parse,
    "content": content.decode,
    "slip": envelope.read_slip,
    "receipt": read_receipt,
    "padding": envelope.unpad,
}


@cache
def samples() -> dict[str, tuple[bytes, ...]]:
    scene = Scene("nl", "de")
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1"))
    verdict = de.take(raw)
    row = de.store.inbox(nl.id, verdict.message_id)
    assert row is not None
    receipt = sign_receipt(row, own=de.id, at=START, origin="", signer=de.signing)
    chunk, blob = next(chunks(b"a file"))
    stamp = moment_text(START)
    contents = (
        content.encode(msgspec.structs.replace(nl.step("s1"), sent_at=stamp)),
        content.encode(msgspec.structs.replace(chunk, sent_at=stamp), blob),
        content.encode(content.Receipts(sent_at=stamp, receipts=(receipt,))),
        content.encode(ManifestWord(sent_at=stamp, manifests=(nl.manifests[0].raw,))),
    )
    opened = nl.store.outbox_at(de.id, "t1", 1)
    assert opened is not None
    return {
        "envelope": (raw,), "header": (raw,), "relay": (raw,), "manifest": (nl.manifests[0].raw,),
        "content": contents, "slip": (opened.slip,), "receipt": (msgspec.json.encode(receipt, order="sorted"),),
        "padding": (envelope.pad(contents[0], 1024),),
    }  # fmt: skip


def answer(parser: Parser, raw: bytes) -> object:
    try:
        return parser(raw)
    except Refused as refused:
        if refused.reason not in REASONS:
            raise
        return None


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(raw=st.binary(max_size=400))
def test_any_bytes_get_an_answer(name: str, raw: bytes) -> None:
    answer(PARSERS[name], raw)


@pytest.mark.parametrize("name", PARSERS)
def test_altered_bytes_get_an_answer(name: str) -> None:
    chance = Random(name)
    for _ in range(400):
        raw = bytearray(chance.choice(samples()[name]))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(raw))
            match chance.randrange(5):
                case 0:
                    raw[at] ^= 1 << chance.randrange(8)
                case 1:
                    del raw[at : at + chance.randint(1, 40)]
                case 2:
                    raw[at:at] = chance.randbytes(chance.randint(1, 12))
                case 3:
                    raw[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff"])
                case _:
                    raw[at:at] = raw[chance.randrange(len(raw)) :][:60]
            raw = raw or bytearray(b"\0")
        answer(PARSERS[name], bytes(raw))


@pytest.mark.parametrize("name", ["envelope", "manifest", "content", "slip", "receipt"])
def test_what_is_read_has_no_second_spelling(name: str) -> None:
    """No single byte can be altered without the parser or the value noticing."""
    parser = PARSERS[name]
    for sample in samples()[name]:
        read = parser(sample)
        for at in range(0, len(sample), max(1, len(sample) // 200)):
            altered = sample[:at] + bytes([sample[at] ^ 1]) + sample[at + 1 :]
            assert answer(parser, altered) != read


@pytest.mark.parametrize("name", [name for name in PARSERS if name != "header"])
def test_every_beginning_of_a_good_one_is_refused(name: str) -> None:
    sample = samples()[name][0]
    for end in range(0, len(sample), max(1, len(sample) // 150)):
        if name != "padding" or end < 200:
            assert answer(PARSERS[name], sample[:end]) is None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.datetimes())
def test_moments_go_and_come_back(at: datetime) -> None:
    moment = at.replace(tzinfo=UTC)
    assert read_moment(moment_text(moment), "") == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22",
        "2026-11-22T09:30:00.000000+00:00",
        "2026-11-22T24:00:01.000000Z",
        "２026-11-22T09:30:00.000000Z",
    ],
)
def test_other_spellings_of_moments_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_moment(text, "")


def test_padding_must_be_zeros_and_fit() -> None:
    assert envelope.unpad(envelope.pad(b"abc", 16)) == b"abc"
    with pytest.raises(Refused, match="padding"):
        envelope.unpad(envelope.pad(b"abc", 16)[:-1] + b"\1")
    with pytest.raises(ValueError, match="fit"):
        envelope.pad(b"abc", 6)


@pytest.mark.parametrize("suite", [1, 2])
def test_suites_seal_and_open(suite: int) -> None:
    way = SUITES[suite]
    raw = Dice("key").token_bytes(way.private_bytes)
    public = way.load_public(way.public_of(raw))
    sealed = way.seal(b"words", public, b"context")
    assert len(sealed) == 5 + way.overhead
    private = way.load_private(raw)
    assert way.open(sealed, private, b"context") == b"words"
    for spoilt, context in ((sealed, b"other"), (sealed[:-1], b"context"), (b"", b"context")):
        with pytest.raises(Refused, match="not for us"):
            way.open(spoilt, private, context)
    with pytest.raises(ValueError, match="private key"):
        way.load_private(raw[:-1])


def test_a_key_with_which_all_would_share_one_secret_is_refused() -> None:
    with pytest.raises(Refused, match="bad field"):
        X25519_SUITE.seal(b"words", X25519_SUITE.load_public(bytes(32)), b"")


def test_a_content_above_the_largest_bucket_is_refused() -> None:
    with pytest.raises(Refused, match="oversize"):
        envelope.seal_body(bytes(2**20), sender="nl", key=bytes(32))


def test_an_item_is_verified_by_its_owners_key_and_for_its_kind() -> None:
    nl = Scene("nl")["nl"]
    item = nl.item("s1")
    assert content.verify_item("step", item, nl.signing.public_key)
    assert not content.verify_item("release", item, nl.signing.public_key)
    assert not content.verify_item("step", item, nl.root.public_key)


def test_a_keyring_opens_with_the_keys_it_was_given() -> None:
    raw = Dice("key").token_bytes(32)
    ring = MemoryKeyring(Scene("nl")["nl"].signing, {"k": (1, raw)})
    public = X25519_SUITE.load_public(X25519_SUITE.public_of(raw))
    assert ring.open_sealed("k", X25519_SUITE.seal(b"words", public, b""), b"") == b"words"
    ring.destroy("k")
    with pytest.raises(Refused, match="key gone"):
        ring.open_sealed("k", b"", b"")
