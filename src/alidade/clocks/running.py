"""How a clock stands at a moment, from what happened to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from alidade.clocks.calendars import WorkCalendar
from alidade.clocks.counting import Term, before
from alidade.clocks.definitions import ClockDefinition, Length
from alidade.clocks.events import ClockEvent
from alidade.clocks.states import ClockState, Phase, Reminder
from alidade.model.errors import Invalid

__all__ = ["rounds_of", "state_of"]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999


@dataclass(slots=True)
class _Round:
    """One round of a clock while its events are read."""

    definition: ClockDefinition
    term: Term
    number: int
    started_at: datetime | None
    cap: datetime | None
    since: datetime | None = None
    ended_at: datetime | None = None
    expected_at: datetime | None = None
    extensions: int = 0
    suspensions: int = 0
    suspended_for: timedelta = timedelta(0)
    ignored: list[ClockEvent] = field(default_factory=list)

    def term_at(self, at: datetime) -> Term:
        """The period as it is at that moment: while it stands still, it grows."""
        return self.term if self.since is None else self.term.suspended(self.since, at)

    def due_at(self, at: datetime) -> datetime:
        """When it is over, seen from that moment."""
        due = self.term_at(at).moment()
        return due if self.cap is None else min(due, self.cap)

    def apply(self, event: ClockEvent, at: datetime) -> bool:
        """Takes one event other than a start; tells whether it had any effect."""
        if self.ended_at is not None:
            return False
        match event.kind:
            case "suspend":
                return self.suspend(at)
            case "resume":
                return self.resume(at)
            case "extend":
                return self.extend(event, at)
            case "overrun":
                return self.overrun(event, at)
            case _:
                self.resume(at)
                self.ended_at = at
                return True

    def suspend(self, at: datetime) -> bool:
        if not self.definition.suspendable or self.since is not None or at >= self.due_at(at):
            return False
        self.since = at
        self.suspensions += 1
        return True

    def resume(self, at: datetime) -> bool:
        if self.since is None:
            return False
        self.suspended_for += at - self.since
        self.term = self.term.suspended(self.since, at)
        self.since = None
        return True

    def extend(self, event: ClockEvent, at: datetime) -> bool:
        due = self.due_at(at)
        if not self.definition.extendable or at > due:
            return False
        term = self.term_at(at)
        longer = _reaching(term, event)
        if longer is None or longer.moment() <= term.moment() or (self.cap is not None and due >= self.cap):
            return False
        if self.since is not None:
            self.suspended_for += at - self.since
            self.since = at
        self.term = longer
        self.extensions += 1
        return True

    def overrun(self, event: ClockEvent, at: datetime) -> bool:
        due = self.due_at(at)
        if not self.definition.may_overrun or not event.reason.strip() or at > max(due, self.expected_at or due):
            return False
        announced = _reaching(self.term_at(at), event)
        if announced is None or announced.moment() <= due:
            return False
        self.expected_at = announced.moment()
        return True

    def state(self, now: datetime) -> ClockState:
        """How the round stands at `now`."""
        at = self.ended_at or now
        due = self.due_at(at)
        stood = self.suspended_for + (at - self.since if self.since is not None else timedelta(0))
        in_time = at <= max(due, self.expected_at or due)
        phase = self.phase(at, due, in_time)
        reminders = self.reminders(at, due)
        coming = [each.at for each in reminders if not each.raised]
        coming += [each for each in (due, self.expected_at) if each is not None and each >= now]
        still = self.ended_at is not None or self.since is not None
        return ClockState(
            definition=self.definition,
            phase=phase,
            round=self.number,
            started_at=self.started_at,
            due_at=due,
            expected_at=self.expected_at,
            left=due - now if self.ended_at is None else None,
            ended_at=self.ended_at,
            met=in_time if self.ended_at is not None else None if in_time else False,
            overrun=self.expected_at is not None,
            extensions=self.extensions,
            suspensions=self.suspensions,
            suspended_for=stood,
            taken=at - self.started_at - stood if self.started_at is not None else None,
            reminders=reminders,
            warned=phase in ("running", "overrun_announced") and any(each.raised for each in reminders),
            changes_at=None if still else min(coming, default=None),
            ignored=tuple(self.ignored),
        )

    def phase(self, at: datetime, due: datetime, in_time: bool) -> Phase:
        if self.ended_at is not None:
            return "met" if in_time else "late"
        if in_time and self.since is not None:
            return "suspended"
        if in_time:
            return "running" if self.expected_at is None else "overrun_announced"
        return "silence" if self.definition.if_missed.kind == "silence" else "missed"

    def reminders(self, at: datetime, due: datetime) -> tuple[Reminder, ...]:
        zone, calendar = self.term.zone, self.term.calendar
        found = [(before(each, due, zone=zone, calendar=calendar), each) for each in self.definition.warn_before]
        found = [each for each in found if self.started_at is None or each[0] > self.started_at]
        return tuple(
            Reminder(at=moment, before=length, raised=moment <= at)
            for moment, length in sorted(found, key=lambda each: each[0])
        )


def _reaching(term: Term, event: ClockEvent) -> Term | None:
    """The period with the end that the event gives it; None where it gives none that can be counted."""
    try:
        if event.until is not None:
            longer = term.moved_to(event.until) if _countable(event.until) else None
        else:
            longer = term.extended(event.length) if event.length is not None else None
        return longer if longer is not None and _countable(longer.moment()) else None
    except Invalid:
        return None


def _countable(moment: datetime) -> bool:
    """What comes from elsewhere may carry any year; far off ones have no effect rather than break the count."""
    return FIRST_YEAR <= moment.year <= LAST_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owed:
    """Where and by whose calendar a clock is counted."""

    definition: ClockDefinition
    zone: ZoneInfo
    calendar: WorkCalendar | None

    def term(self, length: Length, start: datetime) -> Term:
        counting = self.definition.counting
        return Term.of(length, start, zone=self.zone, calendar=self.calendar, counting=counting)

    def begin(self, event: ClockEvent, at: datetime, number: int) -> _Round:
        definition = self.definition
        term = self.term(definition.length, at)
        if definition.agreed:
            term = self.agreed(term, event, at) or term
        cap = self.term(definition.at_most, at).moment() if definition.at_most is not None else None
        return _Round(definition=definition, term=term, number=number, started_at=at, cap=cap)

    def agreed(self, term: Term, event: ClockEvent, at: datetime) -> Term | None:
        if event.until is not None:
            return _reaching(term, event) if event.until > at else None
        try:
            found = self.term(event.length, at) if event.length is not None else None
            return found if found is not None and _countable(found.moment()) else None
        except Invalid:
            return None


def state_of(
    definition: ClockDefinition,
    events: Iterable[ClockEvent],
    now: datetime,
    *,
    zone: ZoneInfo,
    calendar: WorkCalendar | None = None,
) -> ClockState:
    """How the clock stands at `now`: its last round, as `rounds_of` says.

    zone        of the authority that owes the act
    calendar    its working days; needed for clocks in working days, else ends that fall on a holiday are not moved
    """
    return rounds_of(definition, events, now, zone=zone, calendar=calendar)[-1]


def rounds_of(
    definition: ClockDefinition,
    events: Iterable[ClockEvent],
    now: datetime,
    *,
    zone: ZoneInfo,
    calendar: WorkCalendar | None = None,
) -> tuple[ClockState, ...]:
    """Every round of the clock, oldest first; at least one.

    A start begins a round if none runs; where the definition repeats, also while one runs, which that start then ends.
    Events count in the order given (that of cause and effect); one that claims to be earlier than the event before it
    counts as at the same moment, so that nobody gains by a clock that is slow or set back. Events after `now` have not
    happened yet. Suspension, extension and notice of an overrun come too late once the time is over.
    """
    owed = _Owed(definition=definition, zone=zone, calendar=calendar)
    rounds: list[_Round] = []
    stray: list[ClockEvent] = []
    now = now.astimezone(UTC)
    latest: datetime | None = None
    if definition.first_due_on is not None:
        term = Term.until(definition.first_due_on, zone=zone)
        rounds.append(_Round(definition=definition, term=term, number=1, started_at=None, cap=None))
    for event in events:
        if event.at > now:
            continue
        current = rounds[-1] if rounds else None
        if not _countable(event.at):
            (current.ignored if current is not None else stray).append(event)
            continue
        at = event.at.astimezone(UTC)
        at = latest = at if latest is None else max(at, latest)
        if event.kind == "start" and (current is None or current.ended_at is not None or definition.repeats):
            if current is not None:
                current.apply(ClockEvent(kind="stop", at=at), at)
            rounds.append(owed.begin(event, at, len(rounds) + 1))
        elif current is None:
            stray.append(event)
        elif event.kind == "start" or not current.apply(event, at):
            current.ignored.append(event)
    if not rounds:
        return (ClockState(definition=definition, phase="not_started", ignored=tuple(stray)),)
    rounds[0].ignored[:0] = stray
    return tuple(each.state(now) for each in rounds)
