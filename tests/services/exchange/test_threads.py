"""Threads between nodes: a request is opened and answered, a hit is followed up and the record released."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from federation import DE, FR, NL, Place, settle
from personas import Dice, Office, draft, words
from thread_cases import answer, answers, definition, request

from alidade.model.errors import Conflict, NotFound, Unreadable
from alidade.services.exchange.own_keys import renew, rotate
from alidade.services.exchange.witnessing import status, verify_heads
from alidade.services.keeping import make_backup, restore_backup
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.services.releasing import release
from alidade.services.threads.following import follow_hit
from alidade.services.threads.inbox import inbox
from alidade.services.threads.opening import open_thread
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import Opening, StepOrder


def test_a_request_is_answered_across_nodes(pair: tuple[Place, Place]) -> None:
    one, other = pair
    thread = request(one.office, by=NL, to=DE)
    settle(pair)

    seen = read_thread(other.node, other.office.officer(DE), thread)
    assert [step.code for step in seen.steps] == ["open", "received"]
    answer(other.office, thread, by=DE, text="Nothing is known here.")
    settle(pair)

    back = read_thread(one.node, one.office.officer(NL), thread)
    assert [step.code for step in back.steps] == ["open", "received", "read", "answer"]
    assert [clock.met for clock in back.clocks] == [True]


def test_a_request_waits_while_the_other_node_is_away(pair: tuple[Place, Place]) -> None:
    one, other = pair
    thread = request(one.office, by=NL, to=DE)

    waiting = status(one.node, one.admin()).peers
    assert {each.peer: each.queue.queued > 0 for each in waiting}[DE]
    assert inbox(other.node, other.office.officer(DE), "all").lines == ()
    settle(pair)
    assert [line.reference for line in inbox(other.node, other.office.officer(DE), "all").lines] == [thread]


def test_a_hit_is_followed_up_and_released_across_nodes(pair: tuple[Place, Place]) -> None:
    one, other = pair
    handling = other.office.handling(DE, communities=(), purposes=("18.2.a", "18.2.b"))
    record = other.office.give(draft("p1", name="Otto Kunz"), by=DE, handling=handling).records["p1"]
    release(other.node, other.office.officer(DE), record, NL, "read", ("18.2.a",))
    settle(pair)
    asker = one.office.officer(NL, purpose="18.2.b")
    hit = one.office.ask(asker, "Otto Kunz").without_content[0].reference

    opening = follow_hit(one.node, asker, hit)
    values = answers(definition("hit_follow_up"), "open", hit=hit)
    order = StepOrder(code="open", values=values, quotes=opening.order.quotes)
    thread = open_thread(one.node, asker, _with(opening, order)).thread
    settle(pair)
    given = {"release_records": [record], "release_purpose": "18.2.b", "release_until": "2027-01-31"}
    take_step(other.node, other.office.officer(DE), thread, StepOrder(code="grant", values=given))
    settle(pair)

    assert one.office.ask(asker, "Otto Kunz").kind == "hit"


def test_nodes_countersign_each_others_ledgers(three: tuple[Place, Place, Place]) -> None:
    for each in three:
        each.tend()
    settle(three)

    for each in three:
        seen = verify_heads(each.node, each.admin())
        assert {one.peer for one in seen} == {NL, DE, FR} - {each.own}
        assert all(one.holds and one.size > 0 for one in seen)
        assert verify_ledger(each.node).sound
        assert status(each.node, each.admin()).alarms == ()


def test_a_ledger_that_was_set_back_raises_an_alarm_at_its_peers(pair: tuple[Place, Place]) -> None:
    one, other = pair
    one.tend()
    settle(pair)
    kept = one.folder.parent / "before.backup"
    make_backup(one.node, kept)
    _work_and_show(pair, 20)

    restored = _restored(one, kept)
    renew(restored.node, restored.admin(), restored.root)
    _work_and_show((restored, other), 1)

    assert "log_rolled_back" in {each.kind for each in status(other.node, other.admin()).alarms}


def test_a_restored_node_sends_nothing_until_it_has_new_keys(pair: tuple[Place, Place]) -> None:
    """What it posted after the backup is forgotten here and known there: no place in a stream is taken twice."""
    one, other = pair
    settle(pair)
    thread = request(one.office, by=NL, to=DE)
    settle(pair)
    kept = one.folder.parent / "before.backup"
    make_backup(one.node, kept)
    take_step(one.node, one.office.officer(NL), thread, StepOrder(code="message", note="Forgotten."))
    request(one.office, by=NL, to=DE)
    settle(pair)

    restored = _restored(one, kept)
    fresh = request(restored.office, by=NL, to=DE)
    answer(other.office, thread, by=DE, text="Nothing is known here.")
    assert settle((restored, other)) > 0  # what comes is taken
    stands = status(restored.node, restored.admin())
    assert (stands.must_renew, stands.sound) == (True, False)
    with pytest.raises(NotFound):
        read_thread(other.node, other.office.officer(DE), fresh)

    renew(restored.node, restored.admin(), restored.root)
    settle((restored, other))
    assert not status(restored.node, restored.admin()).must_renew
    assert [step.code for step in read_thread(other.node, other.office.officer(DE), fresh).steps][:1] == ["open"]
    (peer,) = [each for each in status(restored.node, restored.admin()).peers if each.peer == DE]
    assert (peer.queue.parked, peer.queue.unreceipted) == (0, 0)
    restored.node.close()


def test_a_restored_node_gives_no_number_of_its_manifests_twice(pair: tuple[Place, Place]) -> None:
    one, other = pair
    settle(pair)
    kept = one.folder.parent / "before.backup"
    make_backup(one.node, kept)
    handed_out = one.folder.parent / "newest.manifest"
    handed_out.write_bytes(rotate(one.node, one.admin(), one.root, signing=True).manifests)
    settle(pair)

    restored = _restored(one, kept)
    with pytest.raises(Conflict, match="newer than its manifests"):
        renew(restored.node, restored.admin(), restored.root)
    with pytest.raises(Unreadable):
        renew(restored.node, restored.admin(), restored.root, restored.root)
    assert renew(restored.node, restored.admin(), restored.root, handed_out).number == 3
    fresh = request(restored.office, by=NL, to=DE)
    settle((restored, other))
    assert read_thread(other.node, other.office.officer(DE), fresh).steps
    assert {each.kind for each in status(other.node, other.admin()).alarms} <= {"log_rolled_back", "log_silent"}
    restored.node.close()


def _with(opening: Opening, order: StepOrder) -> Opening:
    return replace(opening, order=order)


def _work_and_show(places: tuple[Place, ...], times: int) -> None:
    """Let the first of them do something, and show its ledger."""
    one = places[0]
    one.office.clock.move(hours=1)
    for number in range(times):
        one.office.give(draft(f"w{number}", name=f"Person {number}"), by=one.own)
    one.tend()
    settle(places)


def _restored(one: Place, kept: Path) -> Place:
    folder = one.folder.parent / "restored"
    restore_backup(kept, one.folder, folder, clock=one.office.clock)
    one.node.close()
    node = Node.open(folder, clock=one.office.clock, randomness=Dice("restored"), vocabulary=words())
    return Place(own=one.own, office=Office(node, one.office.clock), folder=folder)
