"""Nothing lost, nothing twice, in order: two and three authorities over letters carried by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from exchange_cast import DAY, MINUTE, Scene

from alidade.exchange.content import Contribution, Step
from alidade.exchange.verdict import Settled


def test_a_step_arrives_is_receipted_and_is_not_sent_again(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1", b"hello"), thread="t1")
    carried = scene.settle()
    assert de.bodies() == [b"hello"]
    settled = [e for _, verdict in carried for e in verdict.events if isinstance(e, Settled)]
    assert [(e.recipient, e.thread, e.sequence, e.disposition) for e in settled] == [("de", "t1", 1, "accepted")]
    scene.wait(2 * DAY)
    assert nl.exchange.due(de.id) == ()


def test_one_body_serves_all_recipients(scene: Scene) -> None:
    nl = scene["nl"]
    posted = nl.exchange.post([scene["de"].id, scene["fr"].id], nl.step("s1"), thread="t1")
    rows = [nl.store.outbox(peer, message) for peer, message in posted.items()]
    assert len({row.body_sha256 for row in rows if row}) == 1
    assert len({row.slip for row in rows if row}) == 2
    scene.settle()
    assert scene["de"].bodies() == scene["fr"].bodies() == [b"words"]


def test_a_message_ahead_waits_and_is_applied_in_order(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    first, second, third = (nl.send(de, nl.step(f"s{n}", b"%d" % n)) for n in (1, 2, 3))
    assert de.take(third).ruling == "waiting"
    assert de.take(second).ruling == "waiting"
    verdict = de.take(first)
    assert verdict.ruling == "accepted"
    assert de.bodies() == [b"1", b"2", b"3"]
    assert len(de.store.receipts_due(10)) == 3


def test_threads_do_not_wait_for_each_other(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.send(de, nl.step("a1"), "a")
    ahead = nl.send(de, nl.step("a2"), "a")
    other = nl.send(de, nl.step("b1", b"other"), "b")
    assert de.take(ahead).ruling == "waiting"
    assert de.take(other).ruling == "accepted"
    assert de.bodies() == [b"other"]


def test_a_duplicate_gets_the_same_receipt_and_has_no_effect(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1"))
    assert de.take(raw).ruling == "accepted"
    assert de.exchange.acknowledge() == 1
    sent = nl.store.outbox_at(de.id, "t1", 1)
    assert sent is not None
    row = de.store.inbox(nl.id, sent.message_id)
    assert row is not None
    assert row.receipt
    assert de.take(raw).ruling == "duplicate"
    assert de.exchange.acknowledge() == 1
    again = de.store.inbox(nl.id, row.message_id)
    assert again is not None
    assert again.receipt == row.receipt
    assert len(de.applied) == 1


def test_a_crash_before_commit_leaves_no_trace_and_the_message_comes_again(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1"))
    before = de.store.copy()
    assert de.exchange.accept(raw).ruling == "accepted"
    de.store.restore(before)
    assert de.exchange.acknowledge() == 0
    assert de.take(raw).ruling == "accepted"


def test_a_crash_after_commit_and_before_the_receipt_is_made_good(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    for dispatch in nl.exchange.due():
        de.take(dispatch.envelope)
    scene.wait(MINUTE)
    scene.settle()
    assert len(de.applied) == 1
    assert nl.store.first_unsettled(de.id, "t1") == 0


def test_what_cannot_be_applied_is_parked_and_only_its_thread_waits(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    first = nl.send(de, nl.step("s1", b"1"))
    second = nl.send(de, nl.step("s2", b"2"))
    other = nl.send(de, nl.step("o1", b"o"), "other")
    message = de.exchange.accept(second).message_id
    verdict = de.take(first, **{message: "no_such_code"})
    assert verdict.ruling == "accepted"
    assert verdict.parked == {message: "no_such_code"}
    assert de.bodies() == [b"1"]
    third = nl.send(de, nl.step("s3", b"3"))
    assert de.take(third).ruling == "waiting"
    assert de.take(other).ruling == "accepted"
    assert [row.message_id for row in de.store.parked()] == [message]
    retried = de.exchange.retry(nl.id, message)
    assert [each.sequence for each in retried.apply] == [2, 3]
    assert de.store.parked() == []


def test_the_sender_learns_of_parking_and_may_void(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1", b"1"))
    sent = nl.store.outbox_at(de.id, "t1", 1)
    assert sent is not None
    nl.exchange.post([de.id], nl.step("s2", b"2"), thread="t1")
    assert de.take(raw, **{sent.message_id: "bad"}).ruling == "parked"
    de.exchange.acknowledge()
    events = [e for _, v in scene.settle() for e in v.events if isinstance(e, Settled)]
    assert (events[0].disposition, events[0].reason) == ("parked", "bad")
    assert de.bodies() == []
    assert nl.exchange.withdraw(de.id, sent.message_id)
    assert not nl.exchange.withdraw(de.id, sent.message_id)
    scene.settle()
    assert de.bodies() == [b"2"]
    assert de.store.parked() == []


def test_skipping_a_parked_message_lets_the_thread_go_on(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    first, second = nl.send(de, nl.step("s1", b"1")), nl.send(de, nl.step("s2", b"2"))
    message = de.take(second).message_id
    first_id = nl.store.outbox_at(de.id, "t1", 1)
    assert first_id is not None
    assert de.take(first, **{first_id.message_id: "bad"}).ruling == "parked"
    verdict = de.exchange.skip(nl.id, first_id.message_id)
    assert [each.message_id for each in verdict.apply] == [message]


@pytest.mark.parametrize("off", [-DAY, DAY])
def test_a_clock_that_is_a_day_off_does_no_harm(scene: Scene, off: timedelta) -> None:
    nl, de = scene["nl"], scene["de"]
    de.clock.off = off
    for n in range(3):
        nl.exchange.post([de.id], nl.step(f"s{n}"), thread="t1")
        de.exchange.post([nl.id], Contribution(items=(de.item(f"c{n}", kind="contribution"),)), thread="c")
    scene.settle(20)
    assert len(de.applied) == len(nl.applied) == 3
    assert nl.store.first_unsettled(de.id, "t1") == 0


def test_lost_messages_are_asked_for(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    for n in range(5):
        nl.exchange.post([de.id], Step(items=(nl.item(f"s{n}", b"%d" % n),)), thread="t1")
    out = nl.exchange.due()
    de.take(out[4].envelope)
    scene.wait(2 * MINUTE)
    de.exchange.tend()
    kinds = [(d.kind, v.ruling) for d, v in scene.settle()]
    assert ("gap_request", "accepted") in kinds
    assert de.bodies() == [b"0", b"1", b"2", b"3", b"4"]
