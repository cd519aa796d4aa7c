"""Erased is erased: on the way, at rest, and when the original comes later; and it is answered for."""

from __future__ import annotations

import pytest
from exchange_cast import DAY, START, Party, Scene, envelope_of

from alidade.exchange.content import Contribution, Erasure, ErasureOrder, GapRequest, sign_item
from alidade.exchange.layout import moment_text
from alidade.exchange.verdict import Answered
from alidade.model.canonical import canonical_bytes
from alidade.model.errors import NotFound


def order(owner: Party, *targets: str, id: str = "e1") -> Erasure:
    body = canonical_bytes(ErasureOrder(targets=targets, ground="court_order", at=moment_text(START)))
    return Erasure(items=(sign_item(kind="erasure", id=id, owner=owner.id, body=body, signer=owner.signing),))


def given(owner: Party, *ids: str) -> Contribution:
    return Contribution(items=tuple(owner.item(id, id.encode(), kind="contribution") for id in ids))


def test_an_erasure_before_its_original_is_remembered(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    original = nl.send(de, given(nl, "c1"))
    erasure = nl.send(de, order(nl, "c1"), thread="")
    assert [d.kind for d in de.take(erasure).apply] == ["erasure"]
    verdict = de.take(original)
    assert (verdict.ruling, verdict.reason, verdict.apply) == ("accepted", "erased", ())
    following = envelope_of(nl, de, given(nl, "c2"), sequence=2)
    assert de.take(following).ruling == "accepted"


def test_of_several_items_only_those_erased_are_marked(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    original = nl.send(de, given(nl, "c1", "c2"))
    de.take(nl.send(de, order(nl, "c1"), thread=""))
    assert de.take(original).apply[0].erased == {"nl/c1"}


def test_what_waits_or_is_parked_is_emptied(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raws = [envelope_of(nl, de, given(nl, f"c{n}"), sequence=n) for n in (1, 2, 3)]
    waiting = de.take(raws[2]).message_id
    partly = envelope_of(nl, de, given(nl, "c3", "c9"), sequence=5)
    mixed = de.take(partly).message_id
    de.take(envelope_of(nl, de, order(nl, "c3"), sequence=0))
    row, other = de.store.inbox(nl.id, waiting), de.store.inbox(nl.id, mixed)
    assert row is not None
    assert row.raw == b""
    assert other is not None
    assert other.raw == partly
    for raw in raws[:2]:
        de.take(raw)
    assert de.bodies()[1:] == [b"c1", b"c2"]
    assert de.store.cursor(nl.id, "t1") == 4


def test_a_parked_message_that_is_erased_lets_its_thread_go_on(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    first = envelope_of(nl, de, given(nl, "c1"), header={"message_id": "1" * 32})
    assert de.take(first, **{"1" * 32: "bad"}).ruling == "parked"
    de.take(envelope_of(nl, de, given(nl, "c2"), sequence=2))
    verdict = de.take(envelope_of(nl, de, order(nl, "c1"), sequence=0))
    assert [d.kind for d in verdict.apply] == ["erasure", "contribution"]


def test_a_queued_original_is_never_sent(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], given(nl, "c1"), thread="t1")
    nl.exchange.post([de.id], given(nl, "c2", "c3"), thread="t1")
    nl.exchange.post([de.id], order(nl, "c1", "c2"))
    row = nl.store.outbox_at(de.id, "t1", 1)
    assert row is not None
    assert row.kind == "void"
    scene.settle()
    assert [(kind, bodies) for *_, kind, bodies in de.applied][1:] == [("void", ()), ("contribution", (b"c2", b"c3"))]


def test_a_sent_original_leaves_the_outbox_and_a_void_answers_for_it(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], given(nl, "c1"), thread="t1")
    scene.settle()
    nl.exchange.post([de.id], order(nl, "c1"))
    row = nl.store.outbox_at(de.id, "t1", 1)
    assert row is not None
    assert (row.state, row.slip, row.body_sha256) == ("voided", b"", "")
    scene.settle()
    assert not nl.exchange.withdraw(de.id, row.message_id)
    scene.wait(DAY)
    request = envelope_of(de, nl, GapRequest(thread="t1", first=1, last=1), sequence=0)
    assert nl.take(request).ruling == "accepted"
    row = nl.store.outbox_at(de.id, "t1", 1)
    assert row is not None
    assert (row.kind, row.state) == ("void", "queued")


def test_a_receipt_for_what_was_voided_meanwhile_does_nothing(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, given(nl, "c1"))
    de.take(raw)
    nl.exchange.post([de.id], order(nl, "c1"))
    assert {v.ruling for _, v in scene.settle()} <= {"accepted", "duplicate"}
    row = nl.store.outbox_at(de.id, "t1", 1)
    assert row is not None
    assert (row.kind, row.state, row.reason) == ("void", "settled", "late")


def test_erasures_are_answered(scene: Scene) -> None:
    nl, de, fr = scene["nl"], scene["de"], scene["fr"]
    nl.exchange.post([de.id, fr.id], order(nl, "c1"))
    scene.settle()
    de.exchange.answer_erasure(nl.id, "nl/e1")
    fr.exchange.answer_erasure(nl.id, "nl/e1", because="evidence in a trial that is running")
    answers = [e for _, v in scene.settle() for e in v.events if isinstance(e, Answered)]
    assert {(a.peer, a.answer, a.because) for a in answers} == {
        ("de", "done", ""),
        ("fr", "kept", "evidence in a trial that is running"),
    }
    scene.wait(100 * DAY)
    assert nl.exchange.overdue() == de.exchange.overdue() == ()
    with pytest.raises(NotFound):
        de.exchange.answer_erasure(nl.id, "nl/e9")


def test_what_is_not_answered_stands_on_the_list_of_both(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], order(nl, "c1"))
    scene.settle()
    assert nl.exchange.overdue() == ()
    scene.wait(15 * DAY)
    assert [(o.direction, o.peer, o.order) for o in nl.exchange.overdue()] == [("asked", "de", "nl/e1")]
    assert [(o.direction, o.peer, o.order) for o in de.exchange.overdue()] == [("owed", "nl", "nl/e1")]


def test_the_same_order_in_two_letters_is_one_duty(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    for _ in range(2):
        de.take(envelope_of(nl, de, order(nl, "c1"), sequence=0))
    de.exchange.answer_erasure(nl.id, "nl/e1")
    de.take(envelope_of(nl, de, order(nl, "c1"), sequence=0))
    scene.wait(50 * DAY)
    assert de.exchange.overdue() == ()


def test_an_erasure_does_not_wait_behind_a_parked_thread(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, given(nl, "c1"), thread="t1")
    de.take(raw, **{nl.store.outbox_at(de.id, "t1", 1).message_id: "bad"})  # type: ignore[union-attr]
    erasure = nl.send(de, order(nl, "c7"), thread="t1")
    assert de.take(erasure).ruling == "accepted"
    assert de.store.tombstone("nl/c7") is not None


def test_a_poisoned_erasure_is_parked_and_tried_again(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = envelope_of(nl, de, order(nl, "c1"), sequence=0, header={"message_id": "1" * 32})
    assert de.take(raw, **{"1" * 32: "store_full"}).ruling == "parked"
    assert de.store.tombstone("nl/c1") is None
    verdict = de.exchange.retry(nl.id, "1" * 32)
    assert [d.kind for d in verdict.apply] == ["erasure"]
    assert de.store.tombstone("nl/c1") is not None


def test_what_was_about_to_be_passed_on_is_not(scene: Scene) -> None:
    nl, de, fr = scene["nl"], scene["de"], scene["fr"]
    theirs = nl.item("c1", kind="contribution")
    de.exchange.post([fr.id], Contribution(items=(theirs,)), thread="onward")
    de.take(envelope_of(nl, de, order(nl, "c1"), sequence=0))
    assert [d.kind for d in de.exchange.due(fr.id)] == ["void"]


def test_an_answer_that_comes_weeks_later_still_counts(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], order(nl, "c1"))
    scene.settle()
    message = de.exchange.answer_erasure(nl.id, "nl/e1")
    raw = de.envelope(nl, message)
    scene.wait(60 * DAY)
    assert nl.take(raw).ruling == "accepted"
    assert nl.exchange.overdue() == ()


def test_an_answer_to_an_order_that_was_lost_is_parked_and_tried_again(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    kept = nl.store.copy()
    nl.exchange.post([de.id], order(nl, "c1"))
    duties = nl.store.copy()["_duties"]
    scene.settle()
    nl.store.restore(kept)
    raw = de.envelope(nl, de.exchange.answer_erasure(nl.id, "nl/e1"))
    verdict = nl.take(raw)
    assert (verdict.ruling, verdict.reason) == ("parked", "bad_order")
    nl.store.restore(nl.store.copy() | {"_duties": duties})
    assert [type(e) for e in nl.exchange.retry(de.id, verdict.message_id).events] == [Answered]
    assert nl.store.parked() == []
