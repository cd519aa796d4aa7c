"""Figures: the tables that the law asks for, and how well deadlines were kept; small numbers are not said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from alidade.clocks import ClockState, ClockStatistics, load_clocks
from alidade.clocks import statistics as clock_statistics
from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.policy.terms import parse_day
from alidade.procedures import in_language
from alidade.procedures.statistics import Period, statistics
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.offered import vocabulary_label
from alidade.services.threads.running import catalogue, clock_states, run
from alidade.services.threads.view import Figure, Statistics
from alidade.store import directory
from alidade.store.threads import desks

SMALL: Final = (
    3  # a figure below this could point to a person or a case (Eurostat practice; not verified for each State)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How one deadline was kept by one's own authority: counts, and the time taken by half and by nine in ten."""

    clock: str
    label: str
    started: int
    met: int
    overrun: int
    late: int
    missed: int
    open: int
    kept: float | None
    median: timedelta | None
    ninth_decile: timedelta | None


def thread_statistics(
    node: Node, actor: Actor, procedure: str, since: str, until: str, *, language: str = "en"
) -> Statistics:
    """The tables that a procedure's file asks for, for one's own authority and a period of days (both included).

    A figure from 1 to 2 is not said, because it could point to a person; nor is a sum from which it could be worked
    out. Raises NotFound for a procedure that is not known, Invalid for days that cannot be.
    """
    begin, end = _period(since, until)
    own = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_statistics")
        definition = catalogue(tx).newest(procedure)
        # A step counts in its own period, in a thread that may be older: so all that were opened before the end.
        threads = desks.opened_between(tx, own, procedure, datetime.min.replace(tzinfo=UTC, year=1970), end)
        courses = [run(tx, each).course for each in threads]
        states = {key: each.party.state for key, each in directory.authorities(tx).items()}
        tables = statistics(
            definition, courses, Period(begin=begin, end=end), authorities=frozenset({own}), states=states
        )
        opened = sum(begin <= each.opened_at < end for each in threads)
        log(
            tx,
            actor,
            "thread_statistics",
            results=opened,
            details={"procedure": procedure, "since": since, "until": until},
        )
    figures: list[Figure] = []
    for table in tables:
        label = in_language(table.statistic.label, language)
        small = any(0 < each.count < SMALL for each in table.figures)
        figures.extend(
            Figure(measure=table.statistic.code, label=label, split=each.split, count=_said(each.count))
            for each in table.figures
        )
        total = None if small else table.total
        figures.append(Figure(measure=table.statistic.code, label=label, split=(), count=total))
    return Statistics(
        procedure=procedure,
        title=in_language(definition.title, language),
        source=definition.source,
        since=since,
        until=until,
        figures=tuple(figures),
        threads=_said(opened),
    )


def deadlines_kept(node: Node, actor: Actor, since: str, until: str, *, language: str = "en") -> tuple[Kept, ...]:
    """How one's own authority kept the deadlines of threads that were opened in a period, clock by clock."""
    begin, end = _period(since, until)
    own = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_statistics")
        known = dict(load_clocks())
        found: list[ClockState] = []
        for code in catalogue(tx).codes():
            for thread in desks.opened_between(tx, own, code, begin, end):
                course = run(tx, thread).course
                known |= course.definition.all_clocks({})
                found.extend(state for clock, state in clock_states(tx, course, tx.now) if clock.owed_by == own)
        log(tx, actor, "thread_statistics", results=len(found), details={"since": since, "until": until})
    return tuple(
        _kept(each, vocabulary_label(known[code].label, language)) for code, each in clock_statistics(found).items()
    )


def _kept(each: ClockStatistics, label: str) -> Kept:
    return Kept(
        clock=each.code,
        label=label,
        started=each.started,
        met=each.met,
        overrun=each.overrun,
        late=each.late,
        missed=each.missed + each.silence,
        open=each.open,
        kept=each.kept,
        median=each.median,
        ninth_decile=each.ninth_decile,
    )


def _said(count: int) -> int | None:
    return None if 0 < count < SMALL else count


def _period(since: str, until: str) -> tuple[datetime, datetime]:
    first, last = parse_day(since), parse_day(until)
    if first is None or last is None or first > last or last == date.max:
        raise Invalid("A period has a first and a last day.", remedy="Write each as YYYY-MM-DD.", code="period")
    return (
        datetime.combine(first, time(), UTC),
        datetime.combine(last + timedelta(days=1), time(), UTC),
    )
