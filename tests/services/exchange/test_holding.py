"""Holding: what is ordered to be erased from elsewhere and must be kept by law here waits for a person's answer."""

from __future__ import annotations

from datetime import date

import pytest
from federation import DE, NL, Place, settle
from personas import SetClock, draft

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.services.correcting import erase_record
from alidade.services.exchange.holding import (
    end_hold,
    erase_after_all,
    held_records,
    hold_record,
    keep_because,
    orders_to_answer,
)
from alidade.services.exchange.witnessing import status
from alidade.services.releasing import release

WHY = "own_proceedings"
UNTIL = date(2027, 6, 1)


def given(pair: tuple[Place, Place], name: str = "Johannes Vermeer") -> str:
    """A record of the first node that the second one may read."""
    one, _ = pair
    handling = one.office.handling(NL, communities=())
    record = one.office.give(draft(name, name=name), handling=handling).records[name]
    release(one.node, one.office.officer(NL), record, DE, "read", ("18.2.a",))
    settle(pair)
    return str(record)


def ordered(pair: tuple[Place, Place], record: str) -> None:
    one, _ = pair
    erase_record(one.node, one.office.officer(NL), record, "unlawful")
    settle(pair)


def test_what_nobody_holds_is_erased_at_once(pair: tuple[Place, Place]) -> None:
    one, other = pair
    held, free = given(pair), given(pair, "Carel Fabritius")
    hold_record(other.node, other.office.officer(DE), held, WHY, UNTIL)
    ordered(pair, free)

    assert other.office.ask(DE, "Carel Fabritius").kind == "no_hit"
    assert orders_to_answer(other.node, other.office.officer(DE)) == ()
    assert status(one.node, one.admin()).kept == ()


def test_what_is_held_waits_and_is_kept_with_a_reason(pair: tuple[Place, Place]) -> None:
    one, other = pair
    officer = other.office.officer(DE)
    record = given(pair)
    hold_record(other.node, officer, record, WHY, UNTIL)
    ordered(pair, record)

    assert other.office.ask(DE, "Johannes Vermeer").kind == "hit"
    (order,) = orders_to_answer(other.node, officer)
    assert (order.peer, order.records, order.because, order.overdue) == (NL, (record,), ((record, WHY),), False)
    assert not status(other.node, other.admin()).sound
    with pytest.raises(Invalid, match="not in the list"):
        keep_because(other.node, officer, NL, order.order, "because we like it")
    keep_because(other.node, officer, NL, order.order, WHY)
    settle(pair)

    assert other.office.ask(DE, "Johannes Vermeer").kind == "hit"
    (kept,) = status(one.node, one.admin()).kept
    assert (kept.peer, kept.record, kept.because) == (DE, record, WHY)
    assert orders_to_answer(other.node, officer) == ()
    with pytest.raises(NotFound):
        keep_because(other.node, officer, NL, order.order, WHY)


def test_what_was_held_is_erased_after_all(pair: tuple[Place, Place]) -> None:
    one, other = pair
    officer = other.office.officer(DE)
    record = given(pair)
    hold_record(other.node, officer, record, WHY, UNTIL)
    ordered(pair, record)
    (order,) = orders_to_answer(other.node, officer)
    erase_after_all(other.node, officer, NL, order.order)
    settle(pair)

    assert other.office.ask(DE, "Johannes Vermeer").kind == "no_hit"
    assert held_records(other.node, officer) == ()
    assert status(one.node, one.admin()).kept == ()


def test_an_order_that_nobody_answers_is_overdue_on_both_sides(pair: tuple[Place, Place], clock: SetClock) -> None:
    one, other = pair
    record = given(pair)
    hold_record(other.node, other.office.officer(DE), record, WHY, UNTIL)
    ordered(pair, record)
    clock.move(days=15)

    assert [(each.asked, each.peer) for each in status(one.node, one.admin()).overdue] == [(True, DE)]
    assert [(each.asked, each.peer) for each in status(other.node, other.admin()).overdue] == [(False, NL)]
    assert [each.overdue for each in orders_to_answer(other.node, other.office.officer(DE))] == [True]


def test_a_hold_ends_by_itself(pair: tuple[Place, Place], clock: SetClock) -> None:
    _, other = pair
    record = given(pair)
    hold_record(other.node, other.office.officer(DE), record, WHY, date(2026, 6, 20))
    clock.move(days=5)
    ordered(pair, record)

    assert other.office.ask(DE, "Johannes Vermeer").kind == "no_hit"


def test_what_may_be_held(pair: tuple[Place, Place]) -> None:
    _, other = pair
    officer = other.office.officer(DE)
    record = given(pair)
    own = str(other.office.give(draft("o", name="Judith Leyster"), by=DE).records["o"])
    for until in (date(2026, 6, 16), date(2032, 1, 1)):
        with pytest.raises(Invalid, match="five years"):
            hold_record(other.node, officer, record, WHY, until)
    with pytest.raises(Conflict):
        hold_record(other.node, officer, own, WHY, UNTIL)
    with pytest.raises(NotFound):
        hold_record(other.node, officer, "0" * 32, WHY, UNTIL)
    with pytest.raises(Invalid):
        hold_record(other.node, officer, record, "no reason", UNTIL)
    with pytest.raises(NotAllowed):
        hold_record(other.node, other.admin(), record, WHY, UNTIL)
    hold_record(other.node, officer, record, WHY, UNTIL)
    assert [(each.record, each.because, each.until) for each in held_records(other.node, officer)] == [
        (record, WHY, UNTIL)
    ]
    end_hold(other.node, officer, record)
    with pytest.raises(NotFound):
        end_hold(other.node, officer, record)
