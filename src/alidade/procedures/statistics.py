"""Statistics: the tables that the law asks of an authority, counted from its threads as the procedure's file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from alidade.clocks import ClockState
from alidade.model.ids import AuthorityId
from alidade.procedures.conditions import holds
from alidade.procedures.course import Course, RunningClock
from alidade.procedures.definition import Definition, Statistic
from alidade.procedures.steps import Step, Value, moment_of

__all__ = ["Figure", "Overdue", "Period", "Table", "overdue", "statistics"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `begin` up to and without `end`; both with time zone."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number: `split` pairs each name of `Statistic.by` with its value (empty where nothing was said)."""

    split: tuple[tuple[str, str], ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table; `total` is the sum of its figures."""

    statistic: Statistic
    figures: tuple[Figure, ...]

    @property
    def total(self) -> int:
        """Sum of all figures."""
        return sum(figure.count for figure in self.figures)


def statistics(
    definition: Definition,
    courses: Iterable[Course],
    period: Period,
    *,
    authorities: frozenset[AuthorityId],
    states: Mapping[AuthorityId, str],
) -> tuple[Table, ...]:
    """The tables of one procedure for one authority, or for all of a State.

    `courses`: threads of this procedure, of any version; those of other procedures are left out. A thread counts in
    the period of its opening, a step in the period in which it was taken. `states`: State or body of each authority.
    """
    chosen = [course for course in courses if course.definition.code == definition.code]
    return tuple(_table(each, chosen, period, authorities, states) for each in definition.statistics)


def _table(
    statistic: Statistic,
    courses: list[Course],
    period: Period,
    authorities: frozenset[AuthorityId],
    states: Mapping[AuthorityId, str],
) -> Table:
    counts: dict[tuple[tuple[str, str], ...], int] = {}
    for course in courses:
        ours = any(authority in authorities for authority in course.holders(statistic.as_role))
        if not ours or not holds(statistic.when, course.facts):
            continue
        for step in _counted(statistic, course, period):
            split = tuple((name, _split(name, step, course, states)) for name in statistic.by)
            counts[split] = counts.get(split, 0) + 1
    return Table(
        statistic=statistic,
        figures=tuple(Figure(split=split, count=count) for split, count in sorted(counts.items())),
    )


def _counted(statistic: Statistic, course: Course, period: Period) -> list[Step]:
    wanted = ("open",) if statistic.count == "threads" else statistic.of
    steps = [
        each.step
        for each in course.steps
        if each.status == "effective"
        and each.step.code in wanted
        and period.begin <= moment_of(each.step.at) < period.end
    ]
    return steps[:1] if statistic.per_thread else steps


def _split(name: str, step: Step, course: Course, states: Mapping[AuthorityId, str]) -> str:
    if name == "reason":
        return step.reason or ""
    if name == "month":
        return step.at[:7]
    if name.startswith("state_of:"):
        holders = course.holders(name.removeprefix("state_of:"))
        return ", ".join(sorted({states.get(authority, "") for authority in holders}))
    return _word(course.facts.get(name))


def _word(value: Value | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A deadline of a thread that has run out while nobody has acted."""

    course: Course
    clock: RunningClock
    state: ClockState


def overdue(clocks: Iterable[tuple[Course, RunningClock, ClockState]]) -> tuple[Overdue, ...]:
    """Whose answer is overdue, longest first; `state` of each clock as `alidade.clocks.state_of` gives it."""
    late = [
        Overdue(course=course, clock=clock, state=state)
        for course, clock, state in clocks
        if state.phase in ("missed", "silence")
    ]
    return tuple(sorted(late, key=lambda each: (_left(each), each.course.thread, each.clock.owed_by)))


def _left(each: Overdue) -> float:
    return 0.0 if each.state.left is None else each.state.left.total_seconds()
