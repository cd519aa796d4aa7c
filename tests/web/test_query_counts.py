"""How many statements of the database a page costs: a page that asks once for each row shows here first.

The figures are baselines: raise one only with a reason. The same page with more rows must cost no more.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from personas import DE, NL, Office, draft

from alidade.services.finding import Question
from alidade.services.standing import keep_standing_check

Visit = Callable[..., Client]
BASELINES = {
    "/my-day/": 105,  # with what the exchange asks for today
    "/check/": 30,
    "/hits/": 60,
    "/notices/": 60,
    "/standing/": 40,
    "/records/": 60,
    "/contribute/": 40,
    "/contributions/": 45,
    "/feedback/": 75,
    "/directory/": 35,
    "/import/": 41,
}

# These two still look at the handlings of each record by itself, to see whether the officer is cleared for it.
ONE_BY_ONE = {"/notices/", "/feedback/"}
MOST_PER_RECORD = 3


class Count:
    """Counts statements while it is in force."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.made += 1
        return execute(*given)


def _cost(office: Office, client: Client, address: str) -> int:
    count = Count()
    with ExitStack() as stack:
        for alias in (office.store.alias, "default"):
            stack.enter_context(connections[alias].execute_wrapper(count))
        assert client.get(address).status_code == 200, address
    return count.made


def _fill(office: Office, number: int) -> None:
    for part in range(number):
        office.give(draft(f"{number}-{part}", name="Jan Vermeulen", phone=f"+3161234{part:04}"))
        office.give(draft(f"{number}-{part}", name="Jan Vermeulen"), by=DE)
    office.ask(NL, "Jan Vermeulen")
    office.ask(DE, "Jan Vermeulen")
    keep_standing_check(office.node, office.officer(NL), Question(text=f"Jan Vermeulen {number}"), "2026-12-01")


@pytest.mark.sqlite_only("a server is told its role and its settings beside")
def test_a_page_costs_no_more_than_its_baseline_and_no_more_with_more_rows(office: Office, visit: Visit) -> None:
    client = visit(NL)
    _fill(office, 2)
    few = {}
    for address in BASELINES:
        client.get(address)  # what is made once, such as a viewer class, is not counted
        few[address] = _cost(office, client, address)
    _fill(office, 8)
    for address in BASELINES:
        client.get(address)
    many = {address: _cost(office, client, address) for address in BASELINES}
    assert {a: (few[a], many[a]) for a in BASELINES if few[a] > BASELINES[a]} == {}
    allowed = {a: few[a] + (12 + 16 * MOST_PER_RECORD if a in ONE_BY_ONE else 12) for a in BASELINES}
    assert {a: (few[a], many[a]) for a in BASELINES if many[a] > allowed[a]} == {}
