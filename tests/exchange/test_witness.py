"""Seals ride on letters, are countersigned, and alarms are raised."""

from __future__ import annotations

from datetime import timedelta

from exchange_cast import DAY, MINUTE, START, Party, Scene, envelope_of

from alidade.exchange.content import CosignatureWord, HeadRequest, HeadWord
from alidade.exchange.layout import moment_text
from alidade.exchange.verdict import Alarm, Verdict
from alidade.exchange.witness import place
from alidade.ledger.head import from_json, is_vouched
from alidade.ledger.tree import MemoryNodes, Tree
from alidade.model.merkle import EMPTY_ROOT


def alarms(carried: list[tuple[object, Verdict]]) -> list[Alarm]:
    return [e for _, v in carried for e in v.events if isinstance(e, Alarm)]


def grow(party: Party, lines: int) -> None:
    for n in range(lines):
        party.log.write(f"{party.log.tree.size}/{n}")
    party.log.seal()


def test_a_seal_rides_on_a_letter_and_the_countersignature_comes_back(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(nl, 5)
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    scene.settle()
    cosigned = nl.store.cosigned(de.id, nl.log.origin)
    assert cosigned is not None
    assert (cosigned.size, len(cosigned.signature)) == (5, 64)
    grow(nl, 6)
    scene.wait(11 * MINUTE)
    nl.exchange.tend()
    scene.settle()
    kept = de.store.peer_head(place(nl.id, nl.log.origin))
    assert kept is not None
    assert kept.size == 11
    known = nl.store.cosigned(de.id, nl.log.origin)
    assert known is not None
    assert known.size == 11


def test_several_recipients_get_no_seal_but_the_heartbeat_does_it(scene: Scene) -> None:
    nl = scene["nl"]
    grow(nl, 1)
    nl.exchange.post([scene["de"].id, scene["fr"].id], nl.step("s1"), thread="t1")
    assert [v.apply[0].content.head for d, v in scene.carry(["step"])] == [None, None]
    nl.exchange.tend()
    scene.settle()
    assert nl.store.cosigned(scene["fr"].id, nl.log.origin) is not None


def test_a_log_that_stands_still_is_shown_seldom(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(nl, 1)
    nl.exchange.tend()
    scene.settle()
    scene.wait(20 * MINUTE)
    nl.exchange.tend()
    assert [d.kind for d in nl.exchange.due(de.id)] == []
    scene.wait(DAY / 2)
    nl.exchange.tend()
    assert sorted(d.kind for d in nl.exchange.due(de.id)) == ["head", "no_change"]


def fork(party: Party, keep: int, lines: int) -> None:
    party.log.tree = Tree(MemoryNodes())
    old = party.log.leaves[:keep]
    party.log.leaves = []
    for leaf in old:
        party.log.tree.append(leaf)
    for n in range(lines):
        party.log.write(f"rewritten {n}")
    party.log.seal()


def test_a_forked_log_is_an_alarm_with_two_signed_seals(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(nl, 4)
    nl.exchange.tend()
    scene.settle()
    fork(nl, 2, 2)
    scene.wait(13 * timedelta(hours=1))
    nl.exchange.tend()
    found = alarms(scene.settle())
    assert {(a.kind, a.peer) for a in found} == {("log_forked", "nl")}
    heads = [from_json(text) for text in found[0].evidence]
    assert len({head.root for head in heads}) == 2
    book = de.exchange._desk.book(nl.id)
    assert all(is_vouched(head, book.log_keys) for head in heads)


def test_a_log_that_shrank_is_an_alarm(scene: Scene) -> None:
    nl = scene["nl"]
    grow(nl, 4)
    nl.exchange.tend()
    scene.settle()
    fork(nl, 3, 0)
    scene.wait(11 * MINUTE)
    nl.exchange.tend()
    assert {a.kind for a in alarms(scene.settle())} == {"log_rolled_back"}


def test_a_rewritten_longer_log_cannot_be_proven(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(nl, 4)
    nl.exchange.tend()
    scene.settle()
    fork(nl, 2, 5)
    scene.wait(11 * MINUTE)
    nl.exchange.tend()
    reasons = {v.reason for d, v in scene.carry() if d.kind == "head"}
    assert reasons == {"head_unproven"}
    kept = de.store.peer_head(place(nl.id, nl.log.origin))
    assert kept is not None
    assert kept.size == 4


def test_a_peer_that_forgot_asks_for_the_right_proof(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(nl, 4)
    nl.exchange.tend()
    scene.settle()
    de.store._heads.clear()
    grow(nl, 3)
    scene.wait(11 * MINUTE)
    nl.exchange.tend()
    carried = scene.settle()
    assert "head_request" in {d.kind for d, _ in carried}
    kept = de.store.peer_head(place(nl.id, nl.log.origin))
    assert kept is not None
    assert kept.size == 7


def test_an_older_seal_by_late_mail_does_nothing(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(nl, 2)
    old = nl.send(de, HeadWord(), thread="")
    grow(nl, 2)
    scene.wait(11 * MINUTE)
    new = nl.send(de, HeadWord(), thread="")
    assert de.take(new).ruling == "accepted"
    verdict = de.take(old)
    assert (verdict.ruling, verdict.events) == ("accepted", ())


def test_an_unproven_seal_on_a_letter_does_not_hold_the_letter_up(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(nl, 4)
    nl.exchange.tend()
    scene.settle()
    fork(nl, 2, 5)
    scene.wait(11 * MINUTE)
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    scene.settle()
    assert de.bodies() == [b"words"]


def promised(scene: Scene) -> tuple[Party, Party, str]:
    """nl sent a step; de recorded it in its log, and promised the line in its receipt."""
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1"))
    message = de.take(raw).message_id
    index, leaf = de.log.write("received s1")
    de.exchange.promise(nl.id, message, index, leaf)
    de.exchange.acknowledge()
    scene.carry(["receipt"])
    assert len(nl.store.promises("got", de.id, 9)) == 1
    assert len(de.store.promises("given", nl.id, 9)) == 1
    return nl, de, message


def test_a_promised_line_is_proven_and_both_sides_are_done(scene: Scene) -> None:
    nl, de, _ = promised(scene)
    scene.wait(MINUTE)
    de.log.seal()
    de.exchange.tend()
    assert alarms(scene.settle()) == []
    assert nl.store.promises("got", de.id, 9) == []
    assert de.store.promises("given", nl.id, 9) == []


def test_a_promised_line_that_is_absent_from_a_later_seal_is_an_alarm(scene: Scene) -> None:
    _, de, _ = promised(scene)
    fork(de, 0, 0)
    scene.wait(MINUTE)
    de.log.seal()
    de.exchange.tend()
    found = alarms(scene.settle())
    assert [(a.kind, a.peer) for a in found] == [("promise_broken", "de")]
    assert len(found[0].evidence) == 2


def test_a_promised_line_with_another_content_is_an_alarm(scene: Scene) -> None:
    nl, de, _ = promised(scene)
    fork(de, 0, 3)
    scene.wait(MINUTE)
    de.log.seal()
    de.exchange.tend()
    assert [a.kind for a in alarms(scene.settle())] == ["promise_broken"]
    assert len(nl.store.promises("got", de.id, 9)) == 1


def test_a_promise_that_is_never_proven_is_an_alarm_once_a_day(scene: Scene) -> None:
    nl, _, _ = promised(scene)
    scene.wait(4 * DAY)
    assert {(a.kind, a.peer) for a in nl.exchange.tend() if isinstance(a, Alarm)} >= {("promise_broken", "de")}
    assert nl.exchange.tend() == ()
    nl.store._outbox.clear()
    nl.store._queued.clear()
    scene.wait(2 * DAY)
    broken = [a for a in nl.exchange.tend() if isinstance(a, Alarm) and a.kind == "promise_broken"]
    assert broken[0].evidence == ()


def test_a_log_that_falls_silent_is_an_alarm(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(de, 1)
    de.exchange.tend()
    scene.settle()
    assert nl.exchange.tend() == ()
    scene.wait(4 * DAY)
    assert {a.kind for a in nl.exchange.tend() if isinstance(a, Alarm)} == {"log_silent"}


def test_a_node_without_a_log_shows_nothing_and_countersigns_nothing(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    assert de.take(envelope_of(nl, de, HeadWord(), sequence=0)).ruling == "accepted"
    verdict = de.take(envelope_of(nl, de, HeadRequest(origin="de.example/log", size=0), sequence=0))
    assert verdict.reason == "head_foreign"
    de.log = None  # type: ignore[assignment]
    verdict = de.take(envelope_of(nl, de, HeadRequest(origin="de.example/log", size=0), sequence=0))
    assert verdict.reason == "head_foreign"
    word = CosignatureWord(
        origin="de.example/log", size=0, root=EMPTY_ROOT, head_at=moment_text(START), head_key_id="de-log",
        at=moment_text(START), key_id="nl-sign-1", signature=bytes(64), proven=(),
    )  # fmt: skip
    assert de.take(envelope_of(nl, de, word, sequence=0)).reason == "cosignature_forged"
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    de.exchange.post([nl.id], de.step("s1"), thread="t2")
    scene.settle()
    assert len(de.applied) == len(nl.applied) == 1


def test_a_smaller_countersignature_does_not_push_back_a_larger(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    grow(nl, 2)
    nl.exchange.tend()
    scene.carry(["head"])
    late = [d for d in de.exchange.due(nl.id, pull=True) if d.kind == "cosignature"]
    de.exchange.handed_over(nl.id, [late[0].message_id])
    grow(nl, 2)
    scene.wait(11 * MINUTE)
    nl.exchange.tend()
    scene.settle()
    assert nl.take(late[0].envelope).ruling == "accepted"
    known = nl.store.cosigned(de.id, nl.log.origin)
    assert known is not None
    assert known.size == 4


def test_only_the_proofs_that_came_are_done(scene: Scene) -> None:
    nl, de, _ = promised(scene)
    second = nl.send(de, nl.step("s2"))
    message = de.take(second).message_id
    de.log.seal()
    index, leaf = de.log.write("received s2")
    de.exchange.promise(nl.id, message, index, leaf)
    de.exchange.acknowledge()
    scene.wait(MINUTE)
    scene.settle()
    de.exchange.tend()
    scene.settle()
    assert [p.index for p in de.store.promises("given", nl.id, 9)] == [index]
    assert [p.index for p in nl.store.promises("got", de.id, 9)] == [index]
