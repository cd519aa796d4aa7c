"""Which steps move which deadline: the events of the clocks of a thread, gathered step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from alidade.clocks import ClockEvent, Length, Unit
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.procedures.conditions import holds
from alidade.procedures.definition import ClockRule, ClockUse, Definition
from alidade.procedures.steps import Step, Value, moment_of

__all__ = ["ClockMoves", "Moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One clock of one authority, with what happened to it; see `course.RunningClock`."""

    use: ClockUse
    clock: str
    owed_by: AuthorityId
    events: tuple[ClockEvent, ...]
    void: bool


_MOST = 10_000  # the longest length a clock takes, in any unit


class ClockMoves:
    """Gathers the events of every clock while a thread is folded."""

    def __init__(self, definition: Definition) -> None:
        self._uses = definition.clocks
        self._events: dict[str, list[tuple[ClockRule, AuthorityId, ClockEvent]]] = {
            use.code: [] for use in definition.clocks
        }

    def move(self, step: Step, parties: Mapping[AuthorityId, str], facts: Mapping[str, Value]) -> None:
        """Notes what an effective step does to each clock. `facts` already hold the values of the step."""
        for use in self._uses:
            for rule in use.events:
                if rule.on != step.code or (rule.by is not None and parties.get(step.author) != rule.by):
                    continue
                if holds(rule.when, facts):
                    self._events[use.code].append((rule, step.author, _event(rule, step)))

    def result(self, parties: Mapping[AuthorityId, str], facts: Mapping[str, Value]) -> Iterator[Moved]:
        """Each clock that was started, for each authority that owes it, with its events in the order of the steps.

        Where the role that owes is held by several, what one of them does moves his clock only.
        """
        for use in self._uses:
            clock = next((each.clock for each in use.choices if holds(each.when, facts)), None)
            owing = sorted(authority for authority, role in parties.items() if role == use.owed_by)
            for authority in owing if clock is not None else ():
                moves = [
                    (rule, event)
                    for rule, author, event in self._events[use.code]
                    if author == authority or parties[author] != use.owed_by
                ]
                if clock is not None and any(event.kind == "start" for _, event in moves):
                    yield Moved(
                        use=use,
                        clock=clock,
                        owed_by=authority,
                        events=tuple(event for _, event in moves),
                        void=_void(rule for rule, _ in moves),
                    )


def _void(rules: Iterable[ClockRule]) -> bool:
    """Whether the last round was ended by a step after which nobody owed anything any more."""
    ended = void = False
    for rule in rules:
        if rule.does == "start":
            ended = void = False
        elif rule.does == "stop" and not ended:
            ended, void = True, rule.void
    return void


def _event(rule: ClockRule, step: Step) -> ClockEvent:
    return ClockEvent(
        kind=rule.does,
        at=moment_of(step.at),
        length=_length(step.values.get(rule.count or ""), step.values.get(rule.unit or "")),
        until=_moment(step.values.get(rule.until or "")),
        reason=step.reason or step.note,
    )


def _length(count: Value | None, unit: Value | None) -> Length | None:
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= _MOST:
        return None
    for known in get_args(Unit):
        if unit == known:
            return Length(unit=known, count=count)
    return None


def _moment(value: Value | None) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return moment_of(value)
    except Invalid:
        return None
