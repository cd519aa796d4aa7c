"""Courses: what a thread of a thousand steps costs to be worked out, and how many deadlines are counted each second.

Why: where a thread stands is kept nowhere as such, it is worked out from its signed steps whenever the thread is read
or written, and its clocks from what happened to them. No target is set; a thread of fifty steps should not be felt.
Two authorities write to and fro, each step after the one it has seen; every tenth is an assessment, whose form moves
no clock. Shuffled, the steps come in any order, as from the wire.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from alidade.clocks import ClockDefinition, ClockEvent, WorkCalendar, load_clocks, state_of
from alidade.model.ids import AuthorityId
from alidade.procedures import Course, Opened, Step, course_of, load_catalogue, moment_text
from benchmarks.figures import Figure, Options, Result, plain
from benchmarks.timing import milliseconds, rate, repeat

ASKER, ASKED = AuthorityId("nl-politie"), AuthorityId("de-bka")
_BEGIN: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_ZONE: Final = ZoneInfo("Europe/Berlin")
_COUNTED: Final = 2_000


def measure(options: Options) -> Result:
    """The fold of threads of several lengths, then the clocks."""
    figures = [*_folds((50, 200) if options.quick else (50, 200, 1_000), 5 if options.quick else 21)]
    return Result(figures=(*figures, *_clocks(3 if options.quick else 11)))


def steps(count: int) -> list[Step]:
    """A request of so many steps: opened, received, then messages and assessments to and fro."""
    opened = Opened(
        procedure="information_request", version=1, parties={ASKER: "requester", ASKED: "requested"}, title="A lorry"
    )
    made = [_step(ASKER, 1, {}, "open", 0, opened), _step(ASKED, 1, {ASKER: 1}, "received", 1)]
    numbers = {ASKER: 1, ASKED: 1}
    for place in range(2, count):
        author, other = (ASKED, ASKER) if place % 2 else (ASKER, ASKED)
        numbers[author] += 1
        code = "assess" if author == ASKED and place % 10 == 5 else "message"
        made.append(_step(author, numbers[author], {other: numbers[other]}, code, place))
    return made


def folded(made: Sequence[Step]) -> Course:
    """Where the thread stands."""
    course = course_of(load_catalogue().newest("information_request"), made, opener=ASKER)
    if len(course.steps) != len(made) or any(each.status != "effective" for each in course.steps):
        raise AssertionError("a step of the thread took no effect")
    return course


def _step(
    author: AuthorityId, number: int, seen: dict[AuthorityId, int], code: str, minute: int, opened: Opened | None = None
) -> Step:
    return Step(
        thread="f" * 32,
        author=author,
        number=number,
        seen=seen,
        code=code,
        at=moment_text(_BEGIN + timedelta(minutes=minute)),
        officer="0" * 32,
        note="The lorry was seen again." if code == "message" else "",
        opened=opened,
    )


def _folds(lengths: Sequence[int], times: int) -> Iterator[Figure]:
    for length in lengths:
        made = steps(length)
        shuffled = made[:]
        Random(length).shuffle(shuffled)
        for name, given in (("as they were written", made), ("shuffled", shuffled)):
            wall, cpu = milliseconds(repeat(lambda given=given: folded(given), times).of(0.5))
            yield plain(f"fold of {length} steps, {name}", wall, "ms", cpu=cpu)


def _clocks(times: int) -> Iterator[Figure]:
    known, calendar = load_clocks(), WorkCalendar.of("DE")
    hours = next(each for each in known.values() if each.unit == "hours")
    days = next(each for each in known.values() if each.unit == "working_days")
    paused = next(each for each in known.values() if each.suspendable and each.unit != "working_days")
    started = ClockEvent(kind="start", at=_BEGIN)
    halted = (
        started,
        ClockEvent(kind="suspend", at=_BEGIN + timedelta(hours=1), reason="clarification"),
        ClockEvent(kind="resume", at=_BEGIN + timedelta(hours=30)),
    )
    for name, definition, events in (
        ("hours, running", hours, (started,)),
        ("working days, running", days, (started,)),
        ("suspended and resumed", paused, halted),
    ):
        sample = repeat(partial(_count, definition, events, calendar), times)
        wall, cpu = rate(_COUNTED, sample.of(0.5))
        yield plain(f"clock: {name}", wall, "states/s", cpu=cpu)


def _count(definition: ClockDefinition, events: Sequence[ClockEvent], calendar: WorkCalendar) -> None:
    """How one clock stands at many moments, seven minutes apart."""
    for place in range(_COUNTED):
        state_of(definition, events, _BEGIN + timedelta(minutes=7 * place), zone=_ZONE, calendar=calendar)
