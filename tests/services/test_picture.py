"""What each viewer sees, through any course of events, is what a simple account of the rules says.

The account knows no SQL, no sets of handlings and no look-up keys: a list of statements and a few lines of rules.
"""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from personas import DE, FR, NL, VE, Dice, Office, SetClock, draft, template, words

from alidade.model.errors import NotFound
from alidade.model.handling import Handling
from alidade.services.correcting import categorise, erase_record, withdraw
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.services.records import export, overview, show_record
from alidade.services.releasing import release
from databases import copy_node

EVERYBODY = (NL, DE, FR, VE)
LAST_DAY = "2026-06-18"
NAMES = ("Jan Vermeulen", "Piet Hein", "Anna Visser")
PHONES = ("+31612345678", "+4915112345678")
POLICIES = ("all", "own", "to DE", "silent", "not DE", "expiring", "waiting")
CLOSED = ("own", "silent", "expiring", "to DE", "not DE")


def _handling(office: Office, owner: str, policy: str) -> Handling:
    changes: dict[str, object] = {
        "all": {},
        "own": {"communities": ()},
        "to DE": {"communities": (), "released_to": (DE,)},
        "silent": {"communities": (), "hit": "silent"},
        "not DE": {"excluded": (DE,)},
        "expiring": {"expires_on": LAST_DAY},
        "waiting": {"subject_category": None},
    }[policy]  # type: ignore[assignment]
    return office.handling(owner, **changes)


@dataclass
class Told:
    """A record of the account: what its owner last said of it, and what of that is in force."""

    id: str
    policy: str
    said: tuple[str, str]
    state: str = "active"
    current: dict[str, tuple[str, int]] = field(default_factory=dict)  # property to value and contribution
    ever: dict[str, set[str]] = field(default_factory=dict)  # every value of every version that is not erased


@dataclass
class Account:
    """Everything that anybody said, and the rules in a few lines."""

    records: dict[tuple[str, str], Told] = field(default_factory=dict)
    contributions: list[tuple[str, str, str]] = field(default_factory=list)  # owner, key, id
    withdrawn: set[int] = field(default_factory=set)
    released: set[tuple[str, str, str]] = field(default_factory=set)  # owner, policy, to whom
    days: int = 0

    def learns(self, viewer: str, owner: str, policy: str, *, releases: bool = True) -> str:
        """What the viewer gets of it: "read", "told" or nothing; without releases, what he may also take out."""
        if policy == "expiring" and self.days > 2:
            return ""
        if viewer == owner:
            return "read"
        if VE in (viewer, owner) or (policy == "not DE" and viewer == DE):
            return ""
        audience = policy in ("all", "not DE", "expiring") or (policy, viewer) == ("to DE", DE)
        if audience or (releases and (owner, policy, viewer) in self.released):
            return "read"
        return "" if policy == "silent" else "told"

    def readable(self, viewer: str, *, releases: bool = True) -> set[tuple[str, str, str]]:
        """Record, property and value of all that the viewer may read; a release to read is none to take out."""
        return {
            (told.id, name, value)
            for (owner, _), told in self.records.items()
            if self.learns(viewer, owner, told.policy, releases=releases) == "read"
            for name, (value, _) in told.current.items()
        }

    def found(self, viewer: str, phone: str) -> tuple[set[str], int]:
        """The records that a check of a number shows, and how many it only tells of."""
        met = [
            (self.learns(viewer, owner, told.policy), told.id)
            for (owner, _), told in self.records.items()
            if told.current.get("phone", ("", 0))[0] == phone
        ]
        return {record for kind, record in met if kind == "read"}, sum(kind == "told" for kind, _ in met)


class Picture(RuleBasedStateMachine):
    """Officers at work on one node, beside the account."""

    source: Path
    place: Path
    number = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).number += 1
        self.folder = self.place / str(self.number)
        copy_node(self.source, self.folder)
        self.clock = SetClock()
        node = Node.open(self.folder, clock=self.clock, randomness=Dice(self.number), vocabulary=words())
        self.office = Office(node, self.clock)
        self.account = Account()

    def teardown(self) -> None:
        try:
            for viewer in EVERYBODY:
                self._look(viewer)
                for phone in PHONES:
                    self._ask(viewer, phone)
            assert verify_ledger(self.office.node).problems == ()
        finally:
            self.office.node.close()
            shutil.rmtree(self.folder)

    @initialize(policies=st.tuples(st.sampled_from(CLOSED), st.sampled_from(CLOSED), st.sampled_from(POLICIES)))
    def begin(self, policies: tuple[str, str, str]) -> None:
        for owner, key, policy in zip((NL, NL, DE), "aba", policies, strict=True):
            self._give(owner, key, NAMES[0], PHONES[0], policy)

    @rule(
        owner=st.sampled_from(EVERYBODY),
        key=st.sampled_from("ab"),
        name=st.sampled_from(NAMES),
        phone=st.sampled_from(PHONES),
        policy=st.sampled_from(POLICIES),
    )
    def give(self, owner: str, key: str, name: str, phone: str, policy: str) -> None:
        self._give(owner, key, name, phone, policy)

    def _give(self, owner: str, key: str, name: str, phone: str, policy: str) -> None:
        told = self.account.records.get((owner, key))
        if told is not None and told.state in ("erased", "partly erased"):
            return  # whether a list may bring back what was erased is not for this account to say
        if policy == "waiting" and told is not None:
            policy = "all"
        outcome = self.office.give(
            draft(key, name=name, phone=phone),
            by=owner,
            handling=_handling(self.office, owner, policy),
            source_list="watch",
        )
        state = "quarantined" if policy == "waiting" else "active"
        if told is None:
            told = self.account.records[owner, key] = Told(outcome.records[key], policy, (name, phone), state)
        elif (told.state, told.policy, told.said) == (state, policy, (name, phone)):
            assert outcome.contribution is None
            return
        assert outcome.records[key] == told.id
        number = len(self.account.contributions)
        new = {
            prop: (value, number)
            for prop, value in (("name", name), ("phone", phone))
            if told.policy != policy or told.current.get(prop, ("", 0))[0] != value
        }
        assert outcome.statements == len(new)
        told.policy, told.said, told.state = policy, (name, phone), state
        for prop, value in (("name", name), ("phone", phone)):
            told.ever.setdefault(prop, set()).add(value)
        if state == "active":
            told.current |= new
        if outcome.contribution is not None:
            self.account.contributions.append((owner, key, outcome.contribution))

    @precondition(lambda self: self.account.contributions)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        numbers = [n for n in range(len(self.account.contributions)) if n not in self.account.withdrawn]
        if not numbers:
            return
        number = data.draw(st.sampled_from(numbers))
        owner, key, contribution = self.account.contributions[number]
        withdraw(self.office.node, self.office.officer(owner), contribution, "wrong")
        self.account.withdrawn.add(number)
        told = self.account.records[owner, key]
        told.current = {prop: held for prop, held in told.current.items() if held[1] != number}
        if not told.current:
            told.state = "withdrawn"

    @precondition(lambda self: self.account.records)
    @rule(data=st.data(), grantee=st.sampled_from((DE, FR, VE)))
    def release(self, data: st.DataObject, grantee: str) -> None:
        owner, key = data.draw(st.sampled_from(sorted(self.account.records)))
        told = self.account.records[owner, key]
        made = release(self.office.node, self.office.officer(owner), told.id, grantee, "read", ("18.2.a",))  # type: ignore[arg-type]
        assert len(made) == bool(told.current)
        if told.current:
            self.account.released.add((owner, told.policy, grantee))

    @precondition(lambda self: self.account.records)
    @rule(data=st.data(), only_property=st.sampled_from((None, "name", "phone")))
    def erase(self, data: st.DataObject, only_property: str | None) -> None:
        owner, key = data.draw(st.sampled_from(sorted(self.account.records)))
        told = self.account.records[owner, key]
        if told.state == "quarantined" and only_property is not None:
            return
        erase_record(self.office.node, self.office.officer(owner), told.id, "unlawful", only_property=only_property)
        told.current = {
            prop: held for prop, held in told.current.items() if only_property is not None and prop != only_property
        }
        gone = set[str]()
        for prop in (only_property,) if only_property else ("name", "phone"):
            gone |= told.ever.pop(prop, set())
        told.state = "erased" if only_property is None else "partly erased"
        elsewhere = {value for other in self.account.records.values() for held in other.ever.values() for value in held}
        if self.office.store.engine.vendor != "sqlite":
            return  # a busy server reclaims the room of removed rows later (decision 0010)
        content = self.office.files()
        assert [value for value in gone - elsewhere if value.encode() in content] == []

    @precondition(lambda self: any(told.state == "quarantined" for told in self.account.records.values()))
    @rule(data=st.data())
    def categorise(self, data: st.DataObject) -> None:
        waiting = sorted(at for at, told in self.account.records.items() if told.state == "quarantined")
        owner, key = data.draw(st.sampled_from(waiting))
        told = self.account.records[owner, key]
        outcome = categorise(self.office.node, self.office.officer(owner), told.id, "suspect_or_convicted")
        number = len(self.account.contributions)
        self.account.contributions.append((owner, key, str(outcome.contribution)))
        told.policy, told.state = "all", "active"
        told.current = {"name": (told.said[0], number), "phone": (told.said[1], number)}

    @rule(days=st.sampled_from((1, 3)))
    def time_passes(self, days: int) -> None:
        self.clock.move(days=days)
        self.account.days += days

    @rule(viewer=st.sampled_from(EVERYBODY))
    def look(self, viewer: str) -> None:
        self._look(viewer)

    def _look(self, viewer: str) -> None:
        expected = self.account.readable(viewer, releases=False)
        found = export(self.office.node, self.office.officer(viewer))
        rows = list(csv.DictReader(io.StringIO(found.content.decode(), newline="")))
        assert {(row["record"], row["property"], row["value"].lstrip("'")) for row in rows} == expected
        assert len(rows) == len(expected)
        expected = self.account.readable(viewer)
        view = overview(self.office.node, self.office.officer(viewer), newest=100)
        assert (view.statements, len(view.newest)) == (len(expected), len(expected))

    @rule(phone=st.sampled_from(PHONES))
    def ask(self, phone: str) -> None:
        for viewer in EVERYBODY:
            self._ask(viewer, phone)

    def _ask(self, viewer: str, phone: str) -> None:
        answer = self.office.ask(viewer, phone, kind="phone")
        records, told = self.account.found(viewer, phone)
        assert {hit.record for hit in answer.hits} == records
        assert len(answer.hits) == len(records)
        assert len(answer.without_content) == told

    @precondition(lambda self: self.account.records)
    @rule(data=st.data(), viewer=st.sampled_from(EVERYBODY))
    def open_one(self, data: st.DataObject, viewer: str) -> None:
        told = self.account.records[data.draw(st.sampled_from(sorted(self.account.records)))]
        expected = {(name, value) for record, name, value in self.account.readable(viewer) if record == told.id}
        try:
            entity = show_record(self.office.node, self.office.officer(viewer), told.id)
        except NotFound:
            assert expected == set()
        else:
            assert {(s.property, s.value) for s in entity.statements} == expected

    @invariant()
    def nothing_runs_ahead(self) -> None:
        assert not self.office.store.stopped


@pytest.mark.parametrize(
    ("examples", "steps"), [(30, 20), pytest.param(300, 50, marks=pytest.mark.full)], ids=["short", "long"]
)
def test_each_viewer_sees_what_the_account_says(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, examples: int, steps: int
) -> None:
    class Here(Picture):
        source = template(tmp_path_factory)
        place = tmp_path

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),  # to shrink a store takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
