"""A peer, or somebody on the line, that cheats in every way we know: nothing is taken, and the reason is named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from exchange_cast import DAY, START, Party, Scene, envelope_of, signed_anew

from alidade.exchange.content import (
    Chunk,
    ChunkRequest,
    Contribution,
    CosignatureWord,
    Erasure,
    ErasureAnswer,
    ErasureOrder,
    GapRequest,
    HeadNote,
    HeadRequest,
    HeadWord,
    ManifestWord,
    NoChange,
    Receipt,
    Receipts,
    Release,
    Step,
    encode,
    sign_item,
)
from alidade.exchange.envelope import parse
from alidade.exchange.layout import block, moment_text
from alidade.exchange.manifest import Distrust, SigningEntry
from alidade.exchange.reasons import REASONS
from alidade.exchange.receipt import sign_receipt
from alidade.exchange.verdict import Alarm
from alidade.ledger.head import Ed25519Signer
from alidade.model.canonical import canonical_bytes

Trick = Callable[[Scene], bytes]
_TRICKS: list[Any] = []


def trick(reason: str, *, ruling: str = "refused", to: str = "de") -> Callable[[Trick], Trick]:
    """One way of cheating, the reason with which it must be turned away, and by whom."""

    def keep(function: Trick) -> Trick:
        _TRICKS.append(pytest.param(function, reason, ruling, to, id=function.__name__))
        return function

    return keep


def honest(scene: Scene, thread: str = "t1") -> bytes:
    return scene["nl"].send(scene["de"], scene["nl"].step("s1"), thread)


def now(scene: Scene) -> str:
    return moment_text(scene.clock.now())


# bytes ---------------------------------------------------------------------------------------------------------


@trick("truncated")
def empty(scene: Scene) -> bytes:
    return b""


@trick("truncated")
def cut_in_the_header(scene: Scene) -> bytes:
    return honest(scene)[:40]


@trick("truncated")
def cut_in_the_body(scene: Scene) -> bytes:
    return honest(scene)[:-400]


@trick("truncated")
def one_byte_short(scene: Scene) -> bytes:
    return honest(scene)[:-1]


@trick("trailing")
def one_byte_more(scene: Scene) -> bytes:
    return honest(scene) + b"\0"


@trick("trailing")
def two_envelopes_in_one(scene: Scene) -> bytes:
    return honest(scene, "a") + honest(scene, "b")


@trick("not_ours")
def other_format(scene: Scene) -> bytes:
    return b"PK\x03\x04" + honest(scene)


@trick("unknown_version")
def other_version_of_the_layout(scene: Scene) -> bytes:
    raw = honest(scene)
    return raw[:7] + b"\2" + raw[8:]


@trick("unknown_version")
def other_version_in_the_header(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), header={"version": 2})


@trick("unknown_version")
def version_nought(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), header={"version": 0})


@trick("oversize")
def length_of_the_header_lies(scene: Scene) -> bytes:
    raw = honest(scene)
    return raw[:8] + b"\xff\xff\xff\xff" + raw[12:]


@trick("oversize")
def header_above_its_cap(scene: Scene) -> bytes:
    return b"ALIDENV\1" + block(b"{" + b" " * 65536 + b"}") + bytes(600)


@trick("oversize")
def body_above_its_cap(scene: Scene) -> bytes:
    e = parse(honest(scene))
    return b"ALIDENV\1" + block(e.header_bytes) + block(e.slip) + block(bytes(1048577)) + e.signature


@trick("oversize")
def a_flood(scene: Scene) -> bytes:
    return honest(scene) + bytes(2**21)


@trick("bad_length")
def body_of_another_bucket(scene: Scene) -> bytes:
    return signed_anew(honest(scene), scene["nl"].signing, bucket=4096)


@trick("bad_length")
def slip_too_short(scene: Scene) -> bytes:
    e = parse(honest(scene))
    return b"ALIDENV\1" + block(e.header_bytes) + block(e.slip[:-1]) + block(e.body) + e.signature


@trick("bad_field")
def no_such_bucket(scene: Scene) -> bytes:
    return signed_anew(honest(scene), scene["nl"].signing, bucket=1000)


@trick("not_canonical")
def header_with_a_space(scene: Scene) -> bytes:
    e = parse(honest(scene))
    return b"ALIDENV\1" + block(e.header_bytes.replace(b":", b": ", 1)) + block(e.slip) + block(e.body) + e.signature


@trick("not_canonical")
def header_with_a_field_twice(scene: Scene) -> bytes:
    e = parse(honest(scene))
    text = e.header_bytes.replace(b'{"bucket"', b'{"suite":1,"bucket"')
    return b"ALIDENV\1" + block(text) + block(e.slip) + block(e.body) + e.signature


@trick("bad_field")
def header_with_a_field_more(scene: Scene) -> bytes:
    e = parse(honest(scene))
    text = e.header_bytes.replace(b'"version":1', b'"subject":"x","version":1')
    return b"ALIDENV\1" + block(text) + block(e.slip) + block(e.body) + e.signature


@trick("bad_field")
def name_that_is_a_path(scene: Scene) -> bytes:
    return signed_anew(honest(scene), scene["nl"].signing, sender="../../etc")


@trick("bad_field")
def name_with_a_line_end(scene: Scene) -> bytes:
    return signed_anew(honest(scene), scene["nl"].signing, sender="nl\n")


# who and with which key ----------------------------------------------------------------------------------------


@trick("unknown_suite")
def suite_that_nobody_knows(scene: Scene) -> bytes:
    return signed_anew(honest(scene), scene["nl"].signing, suite=99)


@trick("unknown_suite")
def suite_nought_means_none(scene: Scene) -> bytes:
    return signed_anew(honest(scene), scene["nl"].signing, suite=0)


@trick("unknown_peer")
def sender_that_was_never_introduced(scene: Scene) -> bytes:
    stranger = Party("xx", scene.clock)
    return envelope_of(stranger, scene["de"], stranger.step("s1"))


@trick("wrong_recipient", to="fr")
def letter_for_somebody_else(scene: Scene) -> bytes:
    return honest(scene)


@trick("own_message")
def our_own_name_as_sender(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), header={"sender": "de"})


@trick("bad_signature")
def signature_altered(scene: Scene) -> bytes:
    raw = honest(scene)
    return raw[:-1] + bytes([raw[-1] ^ 1])


@trick("bad_signature")
def signature_of_zeros(scene: Scene) -> bytes:
    return honest(scene)[:-64] + bytes(64)


@trick("bad_signature")
def body_altered(scene: Scene) -> bytes:
    raw = honest(scene)
    return raw[:-70] + bytes([raw[-70] ^ 1]) + raw[-69:]


@trick("bad_signature")
def slip_altered(scene: Scene) -> bytes:
    raw = honest(scene)
    at = raw.index(parse(raw).slip) + 10
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


@trick("bad_signature")
def header_of_one_with_the_rest_of_another(scene: Scene) -> bytes:
    one, other = parse(honest(scene, "a")), parse(honest(scene, "b"))
    return b"ALIDENV\1" + block(one.header_bytes) + block(other.slip) + block(other.body) + other.signature


@trick("bad_signature")
def body_of_one_under_the_head_of_another(scene: Scene) -> bytes:
    one, other = parse(honest(scene, "a")), parse(honest(scene, "b"))
    return b"ALIDENV\1" + block(one.header_bytes) + block(one.slip) + block(other.body) + one.signature


@trick("bad_signature")
def signed_by_another_peer_in_this_name(scene: Scene) -> bytes:
    key = Ed25519Signer(key_id=scene["nl"].signing.key_id, private_key=scene["fr"].signing.private_key)
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), signer=key)


@trick("unknown_key")
def key_that_was_never_published(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), signer=Party.signer("nl-other"))


@trick("unknown_key")
def root_key_used_to_sign_a_letter(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), signer=scene["nl"].root)


@trick("unknown_key")
def key_of_the_log_used_to_sign_a_letter(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), signer=scene["nl"].log.signer)


@trick("stale_key")
def key_that_was_replaced_long_ago(scene: Scene) -> bytes:
    old = scene["nl"].signing
    scene["nl"].rotate()
    scene.settle()
    scene.wait(36 * DAY)
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), signer=old)


@trick("distrusted_key")
def key_that_was_stolen(scene: Scene) -> bytes:
    old = scene["nl"].signing
    scene["nl"].rotate(distrust=(Distrust(key_id=old.key_id, from_size=0),))
    scene.settle()
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), signer=old)


@trick("expired")
def manifest_that_ran_out(scene: Scene) -> bytes:
    scene.wait(402 * DAY)
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"))


@trick("key_gone")
def sealed_to_a_key_that_was_never_ours(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), sealed_for=scene["fr"])


@trick("key_gone")
def sealed_to_a_key_that_was_destroyed(scene: Scene) -> bytes:
    raw = honest(scene)
    scene["de"].keys.destroy("de-seal-1-1")
    return raw


@trick("not_for_us")
def named_for_us_but_sealed_for_another(scene: Scene) -> bytes:
    raw = envelope_of(
        scene["nl"], scene["de"], scene["nl"].step("s1"), sealed_for=scene["fr"], header={"sealing_key": "de-seal-1-1"}
    )
    return raw


@trick("not_for_us", to="fr")
def resealed_header_to_a_third(scene: Scene) -> bytes:
    return signed_anew(honest(scene), scene["nl"].signing, recipient="fr", sealing_key="fr-seal-1-1")


@trick("not_for_us")
def somebody_elses_letter_signed_as_ones_own(scene: Scene) -> bytes:
    fr = scene["fr"]
    return signed_anew(honest(scene), fr.signing, sender="fr", signing_key=fr.signing.key_id)


@trick("not_for_us")
def message_id_exchanged(scene: Scene) -> bytes:
    return signed_anew(honest(scene), scene["nl"].signing, message_id="0" * 32)


@trick("wrong_suite_of_key")
def weaker_suite_for_a_strong_key(scene: Scene) -> bytes:
    de = scene.parties["de"] = Party("de", scene.clock, suites=(1, 2))
    Scene.introduce(de, scene["nl"])
    return envelope_of(scene["nl"], de, scene["nl"].step("s1"), header={"sealing_key": "de-seal-1-2"})


# inside --------------------------------------------------------------------------------------------------------


@trick("wrong_authority")
def slip_names_another_sender(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), slip={"sender": "fr"})


@trick("wrong_authority")
def slip_names_another_recipient(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), slip={"recipient": "fr"})


@trick("wrong_authority")
def slip_names_another_message(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), slip={"message_id": "f" * 32})


@trick("wrong_body", ruling="parked")
def slip_holds_another_key(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), slip={"key": bytes(32)})


@trick("wrong_body", ruling="parked")
def slip_promises_another_content(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), slip={"digest": bytes(32)})


@trick("wrong_kind_place")
def step_outside_any_order(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), sequence=0)


@trick("wrong_kind_place")
def erasure_with_a_place_in_an_order(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], order_of(scene["nl"], "c1"))


@trick("wrong_kind_place")
def place_without_a_thread(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), slip={"thread": ""})


@trick("wrong_kind_place", ruling="parked")
def kind_of_the_slip_is_not_that_of_the_content(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), kind="release")


@trick("wrong_kind_place")
def void_that_holds_something(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), kind="void")


@trick("unknown_kind", ruling="parked")
def kind_of_a_later_version(scene: Scene) -> bytes:
    text = b'{"head":null,"kind":"telepathy","sent_at":"2026-11-22T09:30:00.000000Z"}'
    return envelope_of(scene["nl"], scene["de"], block(text), kind="telepathy")


@trick("bad_field", ruling="parked")
def content_that_is_no_json(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], block(b"\xff\xfe"), kind="step")


@trick("bad_field", ruling="parked")
def content_nested_a_thousand_deep(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], block(b"[" * 100_000), kind="step")


@trick("bad_field", ruling="parked")
def content_with_a_field_more(scene: Scene) -> bytes:
    text = encode(msgspec.structs.replace(scene["nl"].step("s1"), sent_at=now(scene)))[4:]
    return envelope_of(scene["nl"], scene["de"], block(text.replace(b'"kind"', b'"hint":1,"kind"')), kind="step")


@trick("not_canonical", ruling="parked")
def content_not_canonical(scene: Scene) -> bytes:
    text = encode(msgspec.structs.replace(scene["nl"].step("s1"), sent_at=now(scene)))[4:]
    return envelope_of(scene["nl"], scene["de"], block(text + b" "), kind="step")


@trick("truncated", ruling="parked")
def content_shorter_than_it_says(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], b"\0\0\1\0{}", kind="step")


@trick("trailing", ruling="parked")
def bytes_after_a_content_that_has_none(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), blob=b"more")


@trick("bad_field", ruling="parked")
def a_thirtieth_of_february(scene: Scene) -> bytes:
    step = msgspec.structs.replace(scene["nl"].step("s1"), sent_at="2026-02-30T00:00:00.000000Z")
    return envelope_of(scene["nl"], scene["de"], step)


@trick("bad_field", ruling="parked")
def the_same_item_twice(scene: Scene) -> bytes:
    item = scene["nl"].item("s1")
    return envelope_of(scene["nl"], scene["de"], Step(items=(item, item)))


@trick("not_owner", ruling="parked")
def step_of_another_author(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["fr"].step("s1"))


@trick("owner_forged", ruling="parked")
def statement_forged_in_its_owners_name(scene: Scene) -> bytes:
    nl, fr = scene["nl"], scene["fr"]
    forged = sign_item(kind="contribution", id="c1", owner="fr", body=b"lie", signer=nl.signing)
    return envelope_of(
        nl, scene["de"], Contribution(items=(msgspec.structs.replace(forged, key_id=fr.signing.key_id),))
    )


@trick("owner_unknown", ruling="parked")
def owners_key_that_is_the_senders(scene: Scene) -> bytes:
    forged = sign_item(kind="contribution", id="c1", owner="fr", body=b"lie", signer=scene["nl"].signing)
    return envelope_of(scene["nl"], scene["de"], Contribution(items=(forged,)))


@trick("owner_unknown", ruling="parked")
def owner_that_nobody_knows(scene: Scene) -> bytes:
    forged = sign_item(kind="contribution", id="c1", owner="zz", body=b"lie", signer=scene["nl"].signing)
    return envelope_of(scene["nl"], scene["de"], Contribution(items=(forged,)))


@trick("owner_forged", ruling="parked")
def owners_words_altered(scene: Scene) -> bytes:
    item = scene["fr"].item("c1", kind="contribution", body=b"altered")
    item = msgspec.structs.replace(scene["fr"].item("c1", kind="contribution"), body=item.body)
    return envelope_of(scene["nl"], scene["de"], Contribution(items=(item,)))


@trick("owner_forged", ruling="parked")
def contribution_passed_off_as_a_release(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], Release(items=(scene["fr"].item("c1", kind="contribution"),)))


@trick("owner_forged", ruling="parked")
def item_under_another_name(scene: Scene) -> bytes:
    item = msgspec.structs.replace(scene["nl"].item("s1"), id="s2")
    return envelope_of(scene["nl"], scene["de"], Step(items=(item,)))


@trick("owner_distrusted", ruling="parked")
def words_signed_with_a_stolen_key(scene: Scene) -> bytes:
    fr = scene["fr"]
    item = fr.item("c1", kind="contribution")
    fr.rotate(distrust=(Distrust(key_id="fr-sign-1", from_size=0),))
    scene.settle()
    return envelope_of(scene["nl"], scene["de"], Contribution(items=(item,)))


# order ---------------------------------------------------------------------------------------------------------


@trick("sequence_taken")
def another_message_at_a_place_that_is_past(scene: Scene) -> bytes:
    scene["de"].take(envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1")))
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("other"))


@trick("sequence_taken")
def another_message_at_a_place_that_is_held(scene: Scene) -> bytes:
    scene["de"].take(envelope_of(scene["nl"], scene["de"], scene["nl"].step("s2"), sequence=2))
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("other"), sequence=2)


@trick("window")
def place_far_ahead(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), sequence=1001)


@trick("window")
def place_at_the_end_of_time(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], scene["nl"].step("s1"), sequence=2**53 - 1)


@trick("late")
def note_played_back_after_weeks(scene: Scene) -> bytes:
    raw = envelope_of(scene["nl"], scene["de"], ChunkRequest(attachment="0" * 64, missing=(0,)), sequence=0)
    scene.wait(36 * DAY)
    return raw


@trick("late")
def note_from_the_future(scene: Scene) -> bytes:
    note = ChunkRequest(attachment="0" * 64, missing=(0,), sent_at=moment_text(START + 30 * DAY))
    return envelope_of(scene["nl"], scene["de"], note, sequence=0)


@trick("bad_field")
def gap_that_ends_before_it_begins(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], GapRequest(thread="t1", first=3, last=2), sequence=0)


# erasure -------------------------------------------------------------------------------------------------------


def order_of(owner: Party, *targets: str) -> Erasure:
    order = ErasureOrder(targets=targets, ground="court_order", at=moment_text(START))
    body = canonical_bytes(order)
    return Erasure(items=(sign_item(kind="erasure", id="e1", owner=owner.id, body=body, signer=owner.signing),))


@trick("owner_forged", ruling="parked")
def erasure_in_another_owners_name(scene: Scene) -> bytes:
    order = order_of(scene["nl"], "c1")
    item = msgspec.structs.replace(order.items[0], owner="fr", key_id="fr-sign-1")
    return envelope_of(scene["nl"], scene["de"], Erasure(items=(item,)), sequence=0)


@trick("bad_field", ruling="parked")
def erasure_that_says_nothing(scene: Scene) -> bytes:
    item = sign_item(kind="erasure", id="e1", owner="nl", body=b"{}", signer=scene["nl"].signing)
    return envelope_of(scene["nl"], scene["de"], Erasure(items=(item,)), sequence=0)


@trick("bad_field", ruling="parked")
def erasure_decided_on_no_day(scene: Scene) -> bytes:
    body = canonical_bytes(ErasureOrder(targets=("c1",), ground="x", at="2026-13-01T00:00:00.000000Z"))
    item = sign_item(kind="erasure", id="e1", owner="nl", body=body, signer=scene["nl"].signing)
    return envelope_of(scene["nl"], scene["de"], Erasure(items=(item,)), sequence=0)


@trick("bad_order", ruling="parked")
def answer_to_an_order_that_was_never_given(scene: Scene) -> bytes:
    answer = ErasureAnswer(order="de/e1", answer="done", because="")
    return envelope_of(scene["nl"], scene["de"], answer, sequence=0)


# pieces of files -----------------------------------------------------------------------------------------------


def chunk(**changes: Any) -> Chunk:
    fields: dict[str, Any] = {
        "attachment": "0" * 64, "index": 0, "count": 1, "size": 4, "sha256": hashlib.sha256(b"four").hexdigest()
    }  # fmt: skip
    return Chunk(**(fields | changes))


@trick("bad_chunk", ruling="parked")
def piece_with_another_hash(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], chunk(sha256="0" * 64), blob=b"four", sequence=0)


@trick("bad_chunk", ruling="parked")
def piece_of_another_length(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], chunk(size=5), blob=b"four", sequence=0)


@trick("bad_chunk", ruling="parked")
def piece_beyond_the_end(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], chunk(index=1), blob=b"four", sequence=0)


@trick("bad_chunk", ruling="parked")
def more_pieces_than_the_file_has(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], chunk(count=2), blob=b"four", sequence=0)


@trick("bad_field", ruling="parked")
def file_above_the_cap(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], chunk(size=52428801), blob=b"four", sequence=0)


# receipts ------------------------------------------------------------------------------------------------------


def receipt(scene: Scene, **changes: Any) -> tuple[Receipt, str]:
    """A receipt by de for a message of nl, and the message id."""
    nl, de = scene["nl"], scene["de"]
    raw = honest(scene)
    message = de.take(raw).message_id
    row = de.store.inbox(nl.id, message)
    assert row is not None
    made = sign_receipt(row, own=de.id, at=scene.clock.now(), origin="", signer=de.signing)
    return msgspec.structs.replace(made, **changes), message


@trick("receipt_forged", to="nl")
def receipt_altered(scene: Scene) -> bytes:
    made, _ = receipt(scene, disposition="parked")
    return envelope_of(scene["de"], scene["nl"], Receipts(receipts=(made,)), sequence=0)


@trick("receipt_forged", to="nl")
def receipt_of_another_recipient(scene: Scene) -> bytes:
    made, _ = receipt(scene)
    return envelope_of(
        scene["fr"], scene["nl"], Receipts(receipts=(msgspec.structs.replace(made, key_id="fr-sign-1"),)), sequence=0
    )


@trick("receipt_forged", to="fr")
def receipt_for_another_sender(scene: Scene) -> bytes:
    made, _ = receipt(scene)
    return envelope_of(scene["de"], scene["fr"], Receipts(receipts=(made,)), sequence=0)


@trick("unknown_key", to="nl")
def receipt_with_an_unknown_key(scene: Scene) -> bytes:
    made, _ = receipt(scene, key_id="de-other")
    return envelope_of(scene["de"], scene["nl"], Receipts(receipts=(made,)), sequence=0)


@trick("receipt_wrong_digest", to="nl")
def receipt_for_other_bytes(scene: Scene) -> bytes:
    nl, de = scene["nl"], scene["de"]
    _, message = receipt(scene)
    row = de.store.inbox(nl.id, message)
    assert row is not None
    made = sign_receipt(replace(row, digest="0" * 64), own=de.id, at=scene.clock.now(), origin="", signer=de.signing)
    return envelope_of(de, nl, Receipts(receipts=(made,)), sequence=0)


@trick("bad_field", to="nl")
def receipt_of_an_impossible_hour(scene: Scene) -> bytes:
    made, _ = receipt(scene, at="2026-11-22T25:00:00.000000Z")
    return envelope_of(scene["de"], scene["nl"], Receipts(receipts=(made,)), sequence=0)


# logs ----------------------------------------------------------------------------------------------------------


def note(party: Party, **changes: Any) -> HeadNote:
    head = party.log.seal()
    fields: dict[str, Any] = {
        "origin": head.origin, "size": head.size, "root": head.root, "at": moment_text(head.at),
        "signature": head.signature, "key_id": head.key_id, "from_size": 0, "consistency": (), "proofs": (),
    }  # fmt: skip
    return HeadNote(**(fields | changes))


@trick("head_foreign")
def seal_of_another_nodes_log(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], HeadWord(head=note(scene["fr"])), sequence=0)


@trick("head_unsigned")
def seal_with_a_signature_that_fails(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], HeadWord(head=note(scene["nl"], root=bytes(32))), sequence=0)


@trick("head_unsigned")
def seal_signed_with_another_key(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], HeadWord(head=note(scene["nl"], key_id="fr-log")), sequence=0)


@trick("bad_field")
def seal_of_an_impossible_day(scene: Scene) -> bytes:
    word = HeadWord(head=note(scene["nl"], at="2026-00-00T00:00:00.000000Z"))
    return envelope_of(scene["nl"], scene["de"], word, sequence=0)


def cosignature(scene: Scene, **changes: Any) -> CosignatureWord:
    head = scene["de"].log.seal()
    fields: dict[str, Any] = {
        "origin": head.origin, "size": head.size, "root": head.root, "head_at": moment_text(head.at),
        "head_key_id": head.key_id, "at": now(scene), "key_id": scene["nl"].signing.key_id, "signature": bytes(64),
        "proven": (),
    }  # fmt: skip
    return CosignatureWord(**(fields | changes))


@trick("cosignature_forged")
def countersignature_forged(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], cosignature(scene), sequence=0)


@trick("cosignature_forged")
def countersignature_beyond_our_log(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], cosignature(scene, size=99), sequence=0)


@trick("cosignature_forged")
def countersignature_under_another_root(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], cosignature(scene, root=bytes(32)), sequence=0)


@trick("head_foreign")
def claims_to_know_more_of_our_log_than_there_is(scene: Scene) -> bytes:
    scene["de"].log.seal()
    return envelope_of(scene["nl"], scene["de"], HeadRequest(origin="de.example/log", size=7), sequence=0)


# manifests -----------------------------------------------------------------------------------------------------


def manifests(scene: Scene, *raws: bytes, signer: Ed25519Signer | None = None) -> bytes:
    return envelope_of(scene["nl"], scene["de"], ManifestWord(manifests=raws), sequence=0, signer=signer)


def next_keys(party: Party) -> SigningEntry:
    key = party.signer(f"{party.id}-sign-2")
    return SigningEntry(id=key.key_id, key=key.public_key)


@trick("previous_unsigned")
def manifest_signed_only_by_the_root(scene: Scene) -> bytes:
    nl = scene["nl"]
    return manifests(scene, nl.manifest(signing=next_keys(nl), previous_by=Party.signer("thief")).raw)


@trick("root_unsigned")
def manifest_signed_only_by_the_old_key(scene: Scene) -> bytes:
    nl = scene["nl"]
    return manifests(scene, nl.manifest(signing=next_keys(nl), root_by=nl.signing).raw)


@trick("wrong_root")
def manifest_with_another_root(scene: Scene) -> bytes:
    nl, thief = scene["nl"], Party.signer("thief")
    return manifests(scene, nl.manifest(root=thief.public_key, root_by=thief).raw)


@trick("number_gap")
def manifest_that_leaves_one_out(scene: Scene) -> bytes:
    return manifests(scene, scene["nl"].manifest(number=3).raw)


@trick("number_back")
def manifest_with_a_number_that_goes_back(scene: Scene) -> bytes:
    nl = scene["nl"]
    nl.rotate()
    scene.settle()
    first = nl.manifests[0].manifest
    other = nl.manifest(number=1, previous="", signed_by="", dated=first.valid_until, previous_by=no_signer())
    return manifests(scene, other.raw)


def no_signer() -> Any:
    """Signs with nothing: for a first manifest, which has no one before it."""

    class Nothing:
        key_id = ""

        def sign(self, message: bytes, /) -> bytes:
            return b""

    return Nothing()


@trick("manifest_conflict")
def two_manifests_with_one_number(scene: Scene) -> bytes:
    nl = scene["nl"]
    other = nl.manifest(number=1, previous="", signed_by="", addresses=(), previous_by=no_signer())
    return manifests(scene, other.raw)


@trick("previous_unsigned")
def manifest_that_follows_another_one(scene: Scene) -> bytes:
    return manifests(scene, scene["nl"].manifest(previous="0" * 64).raw)


@trick("wrong_authority")
def manifest_of_another_authority(scene: Scene) -> bytes:
    return manifests(scene, scene["fr"].manifest().raw)


@trick("key_rebound")
def old_name_for_a_new_key(scene: Scene) -> bytes:
    nl = scene["nl"]
    return manifests(scene, nl.manifest(signing=SigningEntry(id="nl-sign-1", key=bytes(range(32)))).raw)


@trick("not_ours")
def manifest_that_is_none(scene: Scene) -> bytes:
    return manifests(scene, b"ALIDENV\1 and more")


@trick("unknown_key")
def new_key_that_its_manifest_does_not_name(scene: Scene) -> bytes:
    return manifests(scene, scene["nl"].manifest(signing=next_keys(scene["nl"])).raw, signer=Party.signer("nl-sign-9"))


@trick("bad_signature")
def new_manifest_in_a_letter_that_the_new_key_did_not_sign(scene: Scene) -> bytes:
    nl = scene["nl"]
    thief = Ed25519Signer(key_id="nl-sign-2", private_key=bytes(32))
    return manifests(scene, nl.manifest(signing=next_keys(nl)).raw, signer=thief)


@trick("unknown_key")
def new_key_without_a_manifest(scene: Scene) -> bytes:
    return envelope_of(
        scene["nl"], scene["de"], NoChange(number=1, digest="0" * 64), kind="manifest", sequence=0,
        signer=Party.signer("nl-sign-2"),
    )  # fmt: skip


@trick("manifest_conflict")
def says_that_another_manifest_still_stands(scene: Scene) -> bytes:
    return envelope_of(scene["nl"], scene["de"], NoChange(number=1, digest="0" * 64), sequence=0)


@trick("number_back")
def says_that_an_older_manifest_still_stands(scene: Scene) -> bytes:
    nl = scene["nl"]
    digest = nl.manifests[0].digest
    nl.rotate()
    scene.settle()
    return envelope_of(nl, scene["de"], NoChange(number=1, digest=digest), sequence=0)


@pytest.mark.parametrize(("play", "reason", "ruling", "to"), _TRICKS)
def test_every_trick_is_turned_away(play: Trick, reason: str, ruling: str, to: str) -> None:
    scene = Scene("nl", "de", "fr")
    raw = play(scene)
    party = scene[to]
    applied, before = list(party.applied), party.store.copy()
    verdict = party.take(raw)
    assert (verdict.ruling, verdict.reason) == (ruling, reason)
    assert reason in REASONS
    assert verdict.apply == ()
    assert party.applied == applied
    if ruling == "refused":
        assert party.store.copy() == before


def test_there_are_enough_tricks() -> None:
    assert len(_TRICKS) >= 60


def test_a_replay_has_no_effect(scene: Scene) -> None:
    raw = honest(scene)
    assert [scene["de"].take(raw).ruling for _ in range(3)] == ["accepted", "duplicate", "duplicate"]
    assert len(scene["de"].applied) == 1


def test_a_replay_after_months_has_no_effect(scene: Scene) -> None:
    raw = honest(scene)
    scene["de"].take(raw)
    scene.wait(200 * DAY)
    scene["de"].exchange.tend()
    assert scene["de"].take(raw).ruling == "duplicate"


def test_a_peer_that_floods_is_held_back() -> None:
    scene = Scene("nl", "de", quota_burst=3, quota_per_minute=60)
    raw = honest(scene)
    rulings = [scene["de"].take(raw).reason for _ in range(4)]
    assert rulings == ["", "", "", "quota"]
    scene.wait(timedelta(seconds=1))
    assert scene["de"].take(raw).ruling == "duplicate"


def test_what_a_forger_sends_does_not_count_against_the_peer() -> None:
    scene = Scene("nl", "de", quota_burst=3, quota_per_minute=60)
    raw = honest(scene)
    for _ in range(10):
        assert scene["de"].take(raw[:-64] + bytes(64)).reason == "bad_signature"
    assert scene["de"].take(raw).ruling == "accepted"


@pytest.mark.parametrize("poison", [True, False])
def test_a_peer_cannot_fill_the_store_with_what_waits(poison: bool) -> None:
    scene = Scene("nl", "de", held_per_peer=2)
    nl, de = scene["nl"], scene["de"]
    for n in (2, 3):
        assert de.take(envelope_of(nl, de, nl.step(f"s{n}"), sequence=n)).ruling == "waiting"
    slip = {"digest": bytes(32)} if poison else {}
    verdict = de.take(envelope_of(nl, de, nl.step("s4"), sequence=4, slip=slip))
    assert (verdict.ruling, verdict.reason) == ("refused", "held_full")


def test_contradicting_manifests_are_an_alarm_with_evidence(scene: Scene) -> None:
    verdict = scene["de"].take(two_manifests_with_one_number(scene))
    alarm = verdict.events[0]
    assert isinstance(alarm, Alarm)
    assert alarm.kind == "manifests_contradict"
    assert len(set(alarm.evidence)) == 2


def test_two_messages_with_one_id_have_the_effect_of_the_first(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    for body in (b"first", b"second"):
        de.take(envelope_of(nl, de, nl.step("s1", body), header={"message_id": "a" * 32}))
    assert de.bodies() == [b"first"]


def test_an_erasure_by_another_than_the_owner_has_no_effect(scene: Scene) -> None:
    nl, de, fr = scene["nl"], scene["de"], scene["fr"]
    assert de.take(envelope_of(nl, de, order_of(nl, "c1"), sequence=0)).ruling == "accepted"
    content = Contribution(items=(fr.item("c1", kind="contribution"),))
    assert len(de.take(envelope_of(fr, de, content)).apply[0].erased) == 0
