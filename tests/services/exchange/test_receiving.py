"""Receiving: what one authority gives another of a different node is read, found, corrected and erased there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from federation import DE, NL, Place, settle
from personas import SetClock, draft, words

from alidade.model.contribution import StatementProof, verify_statement
from alidade.services.correcting import erase_record
from alidade.services.exchange import posting
from alidade.services.exchange.ends import end_of
from alidade.services.exchange.witnessing import retry_parked, skip_parked, status
from alidade.services.keeping import make_backup, restore_backup
from alidade.services.node import Node
from alidade.services.releasing import release
from alidade.store import directory, writing
from alidade.store.exchange import KeptExchange, disclosures, queues


def test_a_released_record_is_found_at_the_other_node(pair: tuple[Place, Place], clock: SetClock) -> None:
    one, other = pair
    settle(pair)
    handling = one.office.handling(NL, communities=())
    outcome = one.office.give(draft("p1", name="Johannes Vermeer", birthDate="1970-02-01"), handling=handling)
    record = outcome.records["p1"]
    assert other.office.ask(DE, "Johannes Vermeer").kind == "no_hit"

    release(one.node, one.office.officer(NL), record, DE, "read", ("18.2.a",))
    settle(pair)

    answer = other.office.ask(DE, "Johannes Vermeer")
    assert answer.kind == "hit"


def test_statements_of_another_node_stay_provable(pair: tuple[Place, Place]) -> None:
    _, other = pair
    record = _released(pair)

    with other.node.store.transaction() as tx:
        keys = directory.public_keys(tx, NL)
        found = writing.statements_of(tx, writing.record_number(record))
        for each in found:
            proof = StatementProof(
                contribution=disclosures.head_of(tx, each.contribution),
                index=disclosures.position_of(tx, each.number),
                path=disclosures.path_of(tx, each.number) or (),
            )
            assert verify_statement(each.statement, proof, keys[proof.contribution.key_id])
    assert len(found) == 2


def test_what_was_not_released_does_not_leave(pair: tuple[Place, Place]) -> None:
    one, other = pair
    _released(pair)
    one.office.give(draft("p2", name="Rembrandt van Rijn"), handling=one.office.handling(NL, communities=()))
    settle(pair)

    assert other.office.ask(DE, "Rembrandt van Rijn").kind == "no_hit"


def test_a_correction_reaches_who_was_given_the_record(pair: tuple[Place, Place]) -> None:
    one, other = pair
    handling = one.office.handling(NL, communities=())
    first = one.office.give(draft("p1", name="Johannes Vermeer"), handling=handling, source_list="wanted")
    release(one.node, one.office.officer(NL), first.records["p1"], DE, "read", ("18.2.a",))
    settle(pair)

    one.office.give(draft("p1", name="Carel Fabritius"), handling=handling, source_list="wanted")
    settle(pair)

    assert other.office.ask(DE, "Carel Fabritius").kind == "hit"
    assert other.office.ask(DE, "Johannes Vermeer").kind == "no_hit"


def test_an_erasure_reaches_who_was_given_the_record_and_is_answered(
    pair: tuple[Place, Place], clock: SetClock
) -> None:
    one, other = pair
    record = _released(pair)
    assert b"Johannes Vermeer" in other.office.files()

    erase_record(one.node, one.office.officer(NL), record, "unlawful")
    settle(pair)

    assert other.office.ask(DE, "Johannes Vermeer").kind == "no_hit"
    assert b"Johannes Vermeer" not in other.office.files()
    clock.move(days=30)
    with one.node.store.transaction() as tx:
        assert end_of(one.node, tx, NL).overdue() == ()


def test_an_erasure_that_overtakes_its_record_keeps_it_out(pair: tuple[Place, Place]) -> None:
    one, other = pair
    handling = one.office.handling(NL, communities=())
    record = one.office.give(draft("p1", name="Johannes Vermeer"), handling=handling).records["p1"]
    release(one.node, one.office.officer(NL), record, DE, "read", ("18.2.a",))
    late = one.outgoing(DE)
    erase_record(one.node, one.office.officer(NL), record, "unlawful")
    settle(pair)

    other.take(late)
    settle(pair)

    assert other.office.ask(DE, "Johannes Vermeer").kind == "no_hit"
    assert b"Johannes Vermeer" not in other.office.files()


def test_an_erasure_takes_what_is_still_on_its_way(pair: tuple[Place, Place]) -> None:
    one, other = pair
    handling = one.office.handling(NL, communities=())
    record = one.office.give(draft("p1", name="Johannes Vermeer"), handling=handling).records["p1"]
    release(one.node, one.office.officer(NL), record, DE, "read", ("18.2.a",))

    erase_record(one.node, one.office.officer(NL), record, "unlawful")
    backup = one.folder.parent / "after.backup"
    make_backup(one.node, backup)
    settle(pair)

    assert other.office.ask(DE, "Johannes Vermeer").kind == "no_hit"
    with one.node.store.transaction() as tx:
        assert not queues.has_queued(tx, NL)


def test_a_duplicate_has_one_effect_and_the_same_receipt(pair: tuple[Place, Place]) -> None:
    one, other = pair
    handling = one.office.handling(NL, communities=())
    record = one.office.give(draft("p1", name="Johannes Vermeer"), handling=handling).records["p1"]
    release(one.node, one.office.officer(NL), record, DE, "read", ("18.2.a",))
    sent = one.outgoing(DE)

    first, second = other.take(sent), other.take(sent)

    assert set(first.rulings) == {"accepted"}
    assert set(second.rulings) == {"duplicate"}
    settle(pair)
    with other.node.store.transaction() as tx:
        assert len(writing.statements_of(tx, writing.record_number(record))) == 1


def test_a_crash_between_commit_and_receipt_loses_nothing(
    pair: tuple[Place, Place], clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    handling = one.office.handling(NL, communities=())
    record = one.office.give(draft("p1", name="Johannes Vermeer"), handling=handling).records["p1"]
    release(one.node, one.office.officer(NL), record, DE, "read", ("18.2.a",))
    with monkeypatch.context() as patch:
        patch.setattr("alidade.services.exchange.receiving.acknowledge", _crash)
        with pytest.raises(Crash):
            other.take(one.outgoing(DE))

    assert other.office.ask(DE, "Johannes Vermeer").kind == "hit"
    clock.move(hours=2)
    settle(pair)
    with one.node.store.transaction() as tx:
        assert not queues.has_queued(tx, NL)


def test_a_forged_record_is_parked_and_changes_nothing(
    pair: tuple[Place, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer that signs its envelope and its item still cannot alter a statement under the owner's head."""
    one, other = pair
    handling = one.office.handling(NL, communities=())
    record = one.office.give(draft("p1", name="Johannes Vermeer"), handling=handling).records["p1"]
    true = posting.portions_of

    def altered(*arguments: Any) -> Iterator[bytes]:
        return (each.replace(b"Johannes Vermeer", b"Johannes Vermeir") for each in true(*arguments))

    monkeypatch.setattr(posting, "portions_of", altered)
    release(one.node, one.office.officer(NL), record, DE, "read", ("18.2.a",))
    settle(pair)

    assert other.office.ask(DE, "Johannes Vermeir").kind == "no_hit"
    found = status(other.node, other.admin())
    assert [each.reason for each in found.parked] == ["statement_unproven"]
    message = found.parked[0].message
    assert retry_parked(other.node, other.admin(), NL, message) == "parked", "it cannot be applied now either"
    assert skip_parked(other.node, other.admin(), NL, message) in ("accepted", "parked")
    assert message not in {each.message for each in status(other.node, other.admin()).parked}


class Crash(Exception):
    """The power went."""


def _crash(*arguments: object) -> None:
    raise Crash


def _released(pair: tuple[Place, Place]) -> str:
    one, _ = pair
    handling = one.office.handling(NL, communities=())
    given = one.office.give(draft("p1", name="Johannes Vermeer", birthDate="1970-02-01"), handling=handling)
    release(one.node, one.office.officer(NL), given.records["p1"], DE, "read", ("18.2.a",))
    settle(pair)
    return str(given.records["p1"])


def test_a_backup_brings_back_nothing_that_was_erased_on_its_way(pair: tuple[Place, Place]) -> None:
    one, _ = pair
    handling = one.office.handling(NL, communities=())
    record = one.office.give(draft("p1", name="Johannes Vermeer"), handling=handling).records["p1"]
    release(one.node, one.office.officer(NL), record, DE, "read", ("18.2.a",))
    before = one.folder.parent / "before.backup"
    make_backup(one.node, before)
    erase_record(one.node, one.office.officer(NL), record, "unlawful")

    restore_backup(before, one.folder, one.folder.parent / "restored", clock=one.office.clock)
    again = Node.open(one.folder.parent / "restored", clock=one.office.clock, vocabulary=words())
    try:
        with again.store.transaction() as tx:
            held = KeptExchange(tx, NL).outbox_due(DE, tx.now, 100)
            assert [row.slip for row in held if row.kind == "contribution"] == [b""]
            gone = KeptExchange(tx, NL).unopenable()
            assert [end_of(again, tx, NL).withdraw(*each) for each in gone] == [True]
    finally:
        again.close()
