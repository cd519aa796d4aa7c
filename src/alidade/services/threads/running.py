"""Running: a thread at hand, what its steps come to, and the rows by which lists find and sort it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import msgspec

from alidade.clocks import ClockState, load_clocks, state_of
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.procedures import (
    COPY,
    Catalogue,
    Course,
    Definition,
    RunningClock,
    Step,
    course_of,
    load_catalogue,
    moment_of,
    read_definition,
)
from alidade.services.node import Node
from alidade.services.threads.leaving import is_hosted
from alidade.services.threads.zones import calendar_of, zone_of
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import clocks, definitions, kept, steps
from alidade.store.threads.clocks import ClockRow
from alidade.store.threads.kept import KeptThread
from alidade.store.threads.steps import KeptStep

_URGENT: Final = ("urgent", "urgency", "priority")  # the fields by which the procedures say it
_PRESSING: Final = ("urgent", "yes", "high", "immediate", "urgent_direct", "urgent_indirect")


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a thread is called, sealed as one: its title, its case and the handling of all its steps."""

    title: str
    case: str = ""
    handling: Handling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A thread with the definition it follows, its steps as kept, and what they come to."""

    thread: KeptThread
    definition: Definition
    steps: tuple[KeptStep, ...]
    course: Course

    @property
    def head(self) -> Head | None:
        """Title, case and handling; None once erased."""
        return None if self.thread.head is None else msgspec.json.decode(self.thread.head, type=Head)

    def row_of(self, author: AuthorityId, number: int) -> KeptStep | None:
        """The step as kept."""
        return next((each for each in self.steps if (each.author, each.number) == (author, number)), None)


def catalogue(tx: Transaction) -> Catalogue:
    """Every procedure that this node knows: those that come with Alidade, and those it was given."""
    kept_now = definitions.definitions(tx)
    known = tx.memo.get("catalogue")
    if known is None or known[0] != kept_now:
        own = [read_definition(each.content) for each in kept_now]
        known = tx.memo["catalogue"] = kept_now, load_catalogue(own or None)
    found: Catalogue = known[1]
    return found


def run(tx: Transaction, thread: KeptThread) -> Running:
    """The thread with what its steps come to. Raises NotFound where its procedure is not known here."""
    definition = catalogue(tx).get(thread.procedure, thread.version)
    found = tuple(steps.steps_of(tx, thread))
    readable = [step for each in found if (step := step_of(each)) is not None]
    course = course_of(definition, readable, opener=thread.opener)
    return Running(thread=thread, definition=definition, steps=found, course=course)


def step_of(kept_step: KeptStep) -> Step | None:
    """The step that was kept: whole, or its frame where its words were erased."""
    content = kept_step.content or kept_step.frame
    return None if content is None else msgspec.json.decode(content, type=Step)


def clock_states(tx: Transaction, course: Course, now: datetime) -> Iterator[tuple[RunningClock, ClockState]]:
    """How each clock of a thread stands, by the wall and the calendar of the authority that owes it."""
    known = course.definition.all_clocks(load_clocks())
    everybody = directory.authorities(tx)
    for clock in course.clocks:
        definition = known.get(clock.clock)
        if definition is not None:
            authority = everybody.get(clock.owed_by)
            zone, calendar = zone_of(authority), calendar_of(authority)
            yield clock, state_of(definition, clock.events, now, zone=zone, calendar=calendar)


def is_urgent(course: Course) -> bool:
    """Whether the thread says of itself that it is urgent."""
    return any(course.facts.get(field) is True or course.facts.get(field) in _PRESSING for field in _URGENT)


def refresh(node: Node, tx: Transaction, running: Running) -> tuple[AuthorityId, ...]:
    """Bring the rows of a thread up to what its steps come to; the authorities of this node that are new in it."""
    course, thread = running.course, running.thread
    parties: Mapping[AuthorityId, str] = course.parties or thread.parties
    urgent = is_urgent(course)
    steps.set_standings(
        tx,
        {
            row.row: placed.status
            for placed in course.steps
            if (row := running.row_of(placed.step.author, placed.step.number)) is not None
        },
    )
    kept.set_course(tx, thread.number, state=course.state or "", final=course.final, urgent=urgent, parties=parties)
    rows = [_clock_row(course, clock, state, tx.now) for clock, state in clock_states(tx, course, tx.now)]
    clocks.put_clocks(tx, thread.number, rows)
    fresh = []
    for party, role in parties.items():
        if not is_hosted(node, party):
            continue
        if kept.add_desk(tx, thread.number, party, role, thread.classification):
            fresh.append(party)
        _set_desk(tx, running, party, role, rows, urgent)
    return tuple(fresh)


def as_refreshed(tx: Transaction, running: Running) -> Running:
    """The thread as `refresh` has left its rows, without reading them again."""
    course, thread = running.course, running.thread
    standing = {(each.step.author, each.step.number): each.status for each in course.steps}
    return replace(
        running,
        thread=replace(
            thread,
            state=course.state or "",
            final=course.final,
            urgent=is_urgent(course),
            parties=dict(course.parties or thread.parties),
            moved_at=tx.now,
            closed_at=(thread.closed_at or tx.now) if course.final else None,
        ),
        steps=tuple(
            replace(each, standing=standing.get((each.author, each.number), each.standing)) for each in running.steps
        ),
    )


def _set_desk(
    tx: Transaction, running: Running, party: AuthorityId, role: str, rows: list[ClockRow], urgent: bool
) -> None:
    course = running.course
    turn = course.turn is not None and party in course.turn.authorities
    due = [row.due_at for row in rows if row.open and row.due_at and row.owed_by == party]
    awaited = [row.due_at for row in rows if row.open and row.due_at and row.owed_by != party]
    if course.final and not due:
        folder = "closed"
    elif role == COPY:
        folder = "closed" if course.final else "quiet"
    elif turn or due:
        folder = "todo"
    else:
        folder = "awaited"
    kept.set_desk(
        tx,
        running.thread.number,
        party,
        folder=folder,
        urgent=urgent,
        turn=turn,
        due_at=min(due, default=None),
        awaited_at=min(awaited, default=None),
    )


def _clock_row(course: Course, clock: RunningClock, state: ClockState, now: datetime) -> ClockRow:
    cause = holding_up(course, clock, state.phase)
    coming = [reminder.at for reminder in state.reminders if not reminder.raised]
    coming += [moment for moment in (state.due_at, state.expected_at) if moment is not None]
    return ClockRow(
        use=clock.use.code,
        clock=clock.clock,
        owed_by=clock.owed_by,
        phase=state.phase,
        open=state.open,
        due_at=state.due_at,
        ended_at=state.ended_at,
        met=state.met,
        look_at=min((moment for moment in coming if moment > now), default=None)
        if state.open and state.phase != "suspended"
        else None,
        paused_by="" if cause is None else cause.author,
        paused_step="" if cause is None else cause.code,
        paused_at=None if cause is None else moment_of(cause.at),
    )


def holding_up(course: Course, clock: RunningClock, phase: str) -> Step | None:
    """The step for which a clock stands still, or that announced that it will be late; None where it runs."""
    kind = {"suspended": "suspend", "overrun_announced": "overrun"}.get(phase)
    event = next((each for each in reversed(clock.events) if each.kind == kind), None)
    if kind is None or event is None:
        return None
    codes = {rule.on for rule in clock.use.events if rule.does == kind}
    taken = (each.step for each in reversed(course.steps) if each.status == "effective" and each.step.code in codes)
    return next((step for step in taken if moment_of(step.at) == event.at), None)
