"""Contributions: what one's own authority has given, in which state it is, and of which records it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.feedback import cleared_handlings
from alidade.services.node import Node
from alidade.store import feedback as given
from alidade.store import writing
from alidade.store.database import Transaction
from alidade.store.feedback import GivenAtOnce

MOST = 500  # contributions in one list
MOST_RECORDS = 200  # records shown of one contribution
_CALLED = 100  # characters by which a record is called


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One contribution: title, when, by whom, how many records within the officer's clearance, and its state."""

    reference: str
    title: str
    given_at: datetime
    officer: str
    source_list: str
    state: str
    state_reason: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRecord:
    """A record of a contribution: what it is about, its state, and the first name or number that it says."""

    reference: str
    thing: str
    state: str
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenInDetail:
    """One contribution with its records, `MOST_RECORDS` at most. `withdrawable`: all of it is within the clearance."""

    given: Given
    records: tuple[GivenRecord, ...]
    withdrawable: bool


def contributions(node: Node, actor: Actor) -> list[Given]:
    """What one's own authority gave, newest first, as far as one is cleared for it."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "feedback_read")
        cleared = cleared_handlings(tx, actor)
        every = given.given_by(tx, actor.viewer.authority, newest=MOST)
        found = [one for each in every if (one := _given(tx, each, cleared)).records]
        log(tx, actor, "feedback_read", objects=[one.reference for one in found], results=len(found))
    return found


def contribution(node: Node, actor: Actor, reference: str) -> GivenInDetail:
    """One contribution with its records. Raises NotFound for another's, for none, and above the clearance."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "feedback_read")
        cleared = cleared_handlings(tx, actor)
        every = given.given_by(tx, actor.viewer.authority, newest=1, contribution=reference)
        found = [one for each in every if (one := _given(tx, each, cleared)).records]
        if not found:
            raise NotFound("Your authority has given no contribution with this reference.")
        detail = GivenInDetail(
            given=found[0],
            records=_records(node, tx, actor, every[0].number, cleared),
            withdrawable=found[0].state == "active" and given.whole_within(tx, every[0].number, cleared),
        )
        log(tx, actor, "feedback_read", objects=[reference], results=len(detail.records), details={"view": "given"})
    return detail


def _given(tx: Transaction, one: GivenAtOnce, cleared: frozenset[int]) -> Given:
    return Given(
        reference=one.contribution,
        title=one.title,
        given_at=one.given_at,
        officer=one.officer,
        source_list=one.source_list,
        state=one.state,
        state_reason=one.state_reason,
        records=given.records_in(tx, one.number, cleared),
    )


def _records(
    node: Node, tx: Transaction, actor: Actor, number: int, cleared: frozenset[int]
) -> tuple[GivenRecord, ...]:
    allowed = given.record_ids(tx, number, cleared)
    called: dict[str, str] = {}
    ends: dict[str, list[str]] = {}
    things: dict[str, str] = {}
    for one in writing.statements_of_contribution(tx, number):
        statement, record = one.statement, str(one.statement.record)
        if record not in allowed or (record not in things and len(things) == MOST_RECORDS):
            continue
        things.setdefault(record, statement.thing)
        known = node.vocabulary.properties_of(statement.thing).get(statement.property)
        if known is not None and known.kind == "entity":
            ends.setdefault(record, []).append(statement.value)
        elif statement.value:
            called.setdefault(record, statement.value[:_CALLED])
    found = []
    for record, thing in things.items():
        state = writing.own_record(tx, actor.viewer.authority, record)
        # A link is called by what it links, as far as that was given with it.
        linked = " – ".join(called[end] for end in ends.get(record, ()) if end in called)
        between = linked if node.vocabulary.things[thing].link is not None else ""
        found.append(
            GivenRecord(
                reference=record,
                thing=thing,
                state=state.state if state is not None else "erased",
                called=between or called.get(record, ""),
            )
        )
    return tuple(found)
