"""The outbox: back-off, window, batches, expiry, withdrawal, gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from exchange_cast import DAY, MINUTE, START, Party, Scene, envelope_of

from alidade.exchange.content import Chunk, ChunkRequest, Contribution, GapRequest, Step, sign_item
from alidade.exchange.layout import moment_text
from alidade.exchange.reasons import Refused
from alidade.exchange.verdict import Alarm, ChunksWanted, Settled
from alidade.model.errors import Damaged, NotFound


def refused(reason: str) -> object:
    return pytest.raises(Refused, match=reason.replace("_", " "))


def test_what_may_not_be_posted_is_refused_and_nothing_is_kept(scene: Scene) -> None:
    nl, de, fr = scene["nl"], scene["de"], scene["fr"]
    before = nl.store.copy()
    with refused("own_message"):
        nl.exchange.post([nl.id], nl.step("s1"), thread="t1")
    with refused("bad_field"):
        nl.exchange.post([de.id, de.id], nl.step("s1"), thread="t1")
    with refused("wrong_kind_place"):
        nl.exchange.post([de.id], nl.step("s1"))
    with refused("not_owner"):
        nl.exchange.post([de.id], fr.step("s1"), thread="t1")
    with refused("oversize"):
        nl.exchange.post([de.id], nl.step("s1", bytes(800_000)), thread="t1")
    with refused("bad_field"):
        nl.exchange.post([de.id], Step(items=()), thread="t1")
    with refused("bad_chunk"):
        nl.exchange.post([de.id], Chunk(attachment="0" * 64, index=0, count=1, size=3, sha256="0" * 64), blob=b"abc")
    assert nl.store.copy() == before


def test_back_off_doubles_up_to_the_hour_and_pull_does_not_wait(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    pauses = []
    for _ in range(14):
        assert len(nl.exchange.due(de.id)) == 1
        assert nl.exchange.due(de.id) == ()
        row = nl.store.outbox_at(de.id, "t1", 1)
        assert row is not None
        pauses.append((row.next_at - nl.clock.now()).total_seconds())
        scene.wait(row.next_at - nl.clock.now())
    assert 2.5 <= pauses[0] <= 5
    assert all(1800 <= pause <= 3600 for pause in pauses[-3:])
    nl.exchange.due(de.id)
    assert len(nl.exchange.due(de.id, pull=True)) == 1


def test_the_same_bytes_are_sent_again(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    (first,) = nl.exchange.due()
    scene.wait(DAY)
    (again,) = nl.exchange.due()
    assert first == again


def test_only_a_window_is_under_way() -> None:
    scene = Scene("nl", "de", window=3)
    nl, de = scene["nl"], scene["de"]
    for n in range(5):
        nl.exchange.post([de.id], nl.step(f"s{n}"), thread="t1")
    assert len(nl.exchange.due()) == 3
    scene.wait(MINUTE)
    scene.settle()
    assert len(de.applied) == 5


def test_a_batch_has_a_size() -> None:
    scene = Scene("nl", "de", batch_bytes=2500)
    nl, de = scene["nl"], scene["de"]
    for n in range(5):
        nl.exchange.post([de.id], nl.step(f"s{n}"), thread="t1")
    assert len(nl.exchange.due()) == 2
    nl.exchange.post([de.id], nl.step("large", bytes(60_000)), thread="big")
    assert [d.kind for d in nl.exchange.due()] == ["step"]


def test_notes_that_nobody_fetched_expire(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], GapRequest(thread="t1", first=1, last=2))
    scene.wait(4 * DAY)
    assert nl.exchange.due() == ()
    assert nl.store.recipients_due(nl.clock.now()) == []


def test_a_note_is_finished_with_when_handed_over_and_a_message_is_not(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], GapRequest(thread="t1", first=1, last=2))
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    out = nl.exchange.due()
    nl.exchange.handed_over(de.id, [*(d.message_id for d in out), "f" * 32])
    scene.wait(DAY)
    assert [d.kind for d in nl.exchange.due()] == ["step"]


def test_a_lost_body_stops_the_node(scene: Scene) -> None:
    nl = scene["nl"]
    nl.exchange.post([scene["de"].id], nl.step("s1"), thread="t1")
    nl.store._bodies.clear()
    with pytest.raises(Damaged):
        nl.exchange.due()


def test_withdrawal(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    posted = nl.exchange.post([de.id], nl.step("s1", b"1"), thread="t1")[de.id]
    nl.exchange.post([de.id], nl.step("s2", b"2"), thread="t1")
    assert nl.exchange.withdraw(de.id, posted)
    void = nl.store.outbox_at(de.id, "t1", 1)
    assert void is not None
    assert not nl.exchange.withdraw(de.id, void.message_id)
    assert not nl.exchange.withdraw(de.id, "f" * 32)
    scene.settle()
    assert de.bodies() == [b"2"]
    done = nl.store.outbox_at(de.id, "t1", 2)
    assert done is not None
    assert not nl.exchange.withdraw(de.id, done.message_id)


def test_withdrawal_outside_an_order_leaves_no_void(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    posted = nl.exchange.post([de.id], ChunkRequest(attachment="0" * 64, missing=(1,)))[de.id]
    assert nl.exchange.withdraw(de.id, posted)
    assert nl.exchange.due() == ()


def test_a_withdrawal_that_comes_too_late_is_told(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1", b"1"))
    message = de.take(raw).message_id
    assert nl.exchange.withdraw(de.id, message)
    settled = [e for _, v in scene.settle() for e in v.events if isinstance(e, Settled)]
    assert [(e.kind, e.reason) for e in settled] == [("void", "late")]
    assert de.bodies() == [b"1"]


def test_an_original_after_its_void_is_not_taken(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1", b"1"))
    row = nl.store.outbox_at(de.id, "t1", 1)
    assert row is not None
    nl.exchange.withdraw(de.id, row.message_id)
    scene.settle()
    assert de.take(raw).reason == "sequence_taken"
    assert de.bodies() == []


def test_a_void_ahead_waits_in_its_place(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    first = nl.send(de, nl.step("s1", b"1"))
    nl.send(de, nl.step("s2", b"2"))
    row = nl.store.outbox_at(de.id, "t1", 2)
    assert row is not None
    nl.exchange.withdraw(de.id, row.message_id)
    void = nl.store.outbox_at(de.id, "t1", 2)
    assert void is not None
    assert de.take(nl.envelope(de, void.message_id)).ruling == "waiting"
    assert [d.kind for d in de.take(first).apply] == ["step", "void"]


def test_a_gap_is_answered_only_with_what_there_is(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    nl.exchange.due()
    request = envelope_of(de, nl, GapRequest(thread="t1", first=1, last=2**40), sequence=0)
    assert nl.take(request).ruling == "accepted"
    assert len(nl.exchange.due()) == 1


def test_a_peer_that_misses_what_it_receipted_is_an_alarm_and_gets_it(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    kept = de.store.copy()
    scene.settle()
    early = GapRequest(thread="t1", first=1, last=1, sent_at=moment_text(nl.clock.now() - MINUTE * 60))
    assert nl.take(envelope_of(de, nl, early, sequence=0)).events == ()
    scene.settle()
    de.store.restore(kept)
    scene.wait(DAY)
    verdict = nl.take(envelope_of(de, nl, GapRequest(thread="t1", first=1, last=1), sequence=0))
    alarm = verdict.events[0]
    assert isinstance(alarm, Alarm)
    assert (alarm.kind, alarm.peer) == ("receipt_contradicts", "de")
    scene.settle()
    assert len(de.applied) == 2


def test_gaps_are_asked_for_less_and_less_often(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.send(de, nl.step("s1"))
    de.take(nl.send(de, nl.step("s2")))
    asked = 0
    for _ in range(300):
        scene.wait(MINUTE)
        de.exchange.tend()
        due = [d for d in de.exchange.due(nl.id) if d.kind == "gap_request"]
        de.exchange.handed_over(nl.id, [d.message_id for d in due])
        asked += len(due)
    assert 5 <= asked <= 25


def test_old_rows_are_pruned(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    scene.settle()
    scene.wait(36 * DAY)
    nl.exchange.tend()
    assert nl.store.outbox_at(de.id, "t1", 1) is None
    assert {row.kind for row in nl.store._inbox.values()} == {"receipt"}
    scene.wait(2 * DAY)
    nl.exchange.tend()
    assert nl.store._inbox == {}
    late = envelope_of(de, nl, GapRequest(thread="t1", first=1, last=1), sequence=0)
    assert nl.take(late).ruling == "accepted"


def test_a_receipt_after_its_row_was_pruned_does_no_harm(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1"))
    de.take(raw)
    nl.store._outbox.clear()
    nl.store._queued.clear()
    de.exchange.acknowledge()
    assert [(d.kind, v.ruling) for d, v in scene.settle()] == [("receipt", "accepted")]


def test_pieces_that_are_missing_are_asked_for(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    de.exchange.post([nl.id], ChunkRequest(attachment="a" * 64, missing=(0, 2)))
    events = [e for _, v in scene.settle() for e in v.events]
    assert events == [ChunksWanted(peer=de.id, attachment="a" * 64, missing=(0, 2))]


def test_a_parked_message_that_is_no_longer_there(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    message = de.take(nl.send(de, nl.step("s1"))).message_id
    for call in (de.exchange.retry, de.exchange.skip):
        with pytest.raises(NotFound):
            call(nl.id, message)
        with pytest.raises(NotFound):
            call(nl.id, "f" * 32)


def test_a_parked_message_that_still_fails_stays(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    forged = sign_item(kind="contribution", id="c1", owner="zz", body=b"x", signer=nl.signing)
    message = de.take(envelope_of(nl, de, Contribution(items=(forged,)))).message_id
    verdict = de.exchange.retry(nl.id, message)
    assert (verdict.ruling, verdict.reason) == ("parked", "owner_unknown")


def test_a_parked_message_is_taken_once_its_owner_is_known() -> None:
    scene = Scene("nl", "de")
    nl, de = scene["nl"], scene["de"]
    fr = Party("fr", scene.clock)
    item = fr.item("c1", b"theirs", kind="contribution")
    first = envelope_of(nl, de, nl.step("s1", b"1"))
    message = de.take(envelope_of(nl, de, Contribution(items=(item,)), sequence=2)).message_id
    Scene.introduce(de, fr)
    assert de.exchange.retry(nl.id, message).ruling == "waiting"
    de.take(first)
    assert de.bodies() == [b"1", b"theirs"]


def test_retrying_may_fail_again_in_applying(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = envelope_of(nl, de, nl.step("s1"), header={"message_id": "1" * 32})
    de.take(raw, **{"1" * 32: "bad"})
    verdict = de.exchange.retry(nl.id, "1" * 32, poisoned={"1" * 32: "worse"})
    assert (verdict.ruling, verdict.reason, verdict.parked) == ("parked", "worse", {"1" * 32: "worse"})


def test_a_message_whose_key_is_destroyed_while_it_waits_is_parked(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    first, second = nl.send(de, nl.step("s1")), nl.send(de, nl.step("s2"))
    message = de.take(second).message_id
    before = de.store.copy()
    row = de.store.inbox(nl.id, message)
    assert row is not None
    de.store.restore(before)
    de.store.put_inbox(replace(row, raw=row.raw[:-1]))
    assert de.take(first).parked == {message: "truncated"}


def test_giving_up_an_erasure_or_piece_outside_an_order(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = envelope_of(
        nl, de, Chunk(attachment="0" * 64, index=0, count=1, size=4, sha256="0" * 64), blob=b"four", sequence=0
    )
    message = de.take(raw).message_id
    verdict = de.exchange.skip(nl.id, message)
    assert (verdict.ruling, verdict.reason) == ("accepted", "skipped")
    assert de.store.parked() == []


def test_receipts_travel_in_letters_of_limited_size(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    for n in range(205):
        de.take(envelope_of(nl, de, nl.step(f"s{n}"), sequence=n + 1))
    assert de.exchange.acknowledge() == 205
    assert [d.kind for d in de.exchange.due(nl.id)] == ["receipt", "receipt"]


def test_jitter_never_makes_it_longer(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    for n in range(20):
        nl.exchange.post([de.id], nl.step(f"s{n}"), thread=f"t{n}")
    nl.exchange.due()
    rows = [nl.store.outbox_at(de.id, f"t{n}", 1) for n in range(20)]
    pauses = {row.next_at - nl.clock.now() for row in rows if row}
    assert len(pauses) > 5
    assert max(pauses) <= timedelta(seconds=5)


def test_a_void_takes_the_place_of_what_waits_even_when_the_store_is_full() -> None:
    scene = Scene("nl", "de", held_per_peer=1)
    nl, de = scene["nl"], scene["de"]
    first = nl.send(de, nl.step("s1"))
    message = de.take(nl.send(de, nl.step("s2", b"2"))).message_id
    nl.exchange.withdraw(de.id, message)
    void = nl.store.outbox_at(de.id, "t1", 2)
    assert void is not None
    assert de.take(nl.envelope(de, void.message_id)).ruling == "waiting"
    assert [d.kind for d in de.take(first).apply] == ["step", "void"]


def test_gaps_of_several_threads_are_found_each() -> None:
    scene = Scene("nl", "de")
    nl, de = scene["nl"], scene["de"]
    for thread in ("a", "b"):
        for n in (3, 2):
            de.take(envelope_of(nl, de, nl.step(f"{thread}{n}"), thread=thread, sequence=n))
    de.take(envelope_of(nl, de, Chunk(attachment="0" * 64, index=0, count=1, size=4, sha256="0" * 64), sequence=0))
    de.take(envelope_of(nl, de, nl.step("c1"), thread="c"), **{"x": "y"})
    assert de.store.gaps(de.clock.now() - MINUTE) == []
    scene.wait(2 * MINUTE)
    gaps = de.store.gaps(de.clock.now() - MINUTE)
    assert [(g.thread, g.expected, g.first_waiting) for g in gaps] == [("a", 1, 2), ("b", 1, 2)]


def test_what_was_said_long_ago_is_forgotten() -> None:
    memory = Scene("nl")["nl"].memory
    for n in range(5000):
        assert memory.say(START + n * MINUTE, DAY, "gap", str(n))
    assert len(memory._said) <= 4096
    assert not memory.say(START + 5000 * MINUTE, DAY, "gap", "4999")
