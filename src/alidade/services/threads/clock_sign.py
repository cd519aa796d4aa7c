"""Clock sign: how a deadline is shown: what is left in its own unit, how much of it, and why it stands still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from alidade.clocks import ClockDefinition, ClockState, Length, last_day, load_clocks
from alidade.model.directory import Authority
from alidade.model.ids import AuthorityId
from alidade.procedures import Definition, RunningClock, Step, in_language, moment_of
from alidade.services.threads.zones import calendar_of, zone_of
from alidade.store.threads.clocks import ClockRow

# How long a unit is about, for the bar alone: when a deadline ends is counted by its clock.
_ABOUT: Final = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "calendar_days": timedelta(days=1),
    "working_days": timedelta(days=1.4),
    "weeks": timedelta(weeks=1),
    "months": timedelta(days=30),
    "years": timedelta(days=365),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSign:
    """One deadline as it is drawn.

    unit          as the law words it: minutes, hours, calendar_days, working_days, weeks, months, years
    phase         as `alidade.clocks.Phase`
    left          negative once it is over; None where nothing is due
    working_days  how many whole working days of the one who owes are left, where it is counted so
    last_day      the last day by the wall of the one who owes
    share         how much of the time is left, between 0 and 1, for a bar; None where nothing runs
    paused_since, paused_why, paused_by   where it stands still, or a delay was announced; by: the name of who did so
    """

    label: str
    unit: str
    phase: str
    owed_by: AuthorityId
    due_at: datetime | None
    left: timedelta | None
    working_days: int | None
    last_day: date | None
    share: float | None
    paused_since: datetime | None = None
    paused_why: str = ""
    paused_by: str = ""

    @property
    def overdue(self) -> bool:
        """Whether the time is over and nobody has acted."""
        return self.phase in ("missed", "silence") or (
            self.phase == "running" and self.left is not None and self.left < timedelta(0)
        )


def sign_of_state(
    clock: RunningClock,
    state: ClockState,
    definition: Definition,
    everybody: Mapping[AuthorityId, Authority],
    now: datetime,
    language: str,
    cause: Step | None,
) -> ClockSign:
    """The sign of a clock that was just counted; `cause` is the step that holds it up, or announced a delay."""
    owing = everybody.get(clock.owed_by)
    since, why = None, ""
    stop = next((each for each in reversed(clock.events) if each.kind == "suspend"), None)
    if state.phase == "suspended" and stop is not None:
        since, why = stop.at, stop.reason or _cause(clock, definition, language)
    if cause is not None:
        since, why = moment_of(cause.at), why or _done(definition, cause.code, language)
    return ClockSign(
        label=in_language(clock.use.label, language),
        unit=state.definition.unit,
        phase=state.phase,
        owed_by=clock.owed_by,
        due_at=state.due_at,
        left=state.left,
        working_days=_working_days(state.definition, state.due_at, owing, now),
        last_day=None if state.due_at is None else last_day(state.due_at, zone_of(owing)),
        share=_share(state.left, state.definition.length),
        paused_since=since,
        paused_why=why,
        paused_by="" if cause is None else _name(everybody, cause.author),
    )


def sign_of_row(
    rows: Iterable[ClockRow],
    definition: Definition | None,
    everybody: Mapping[AuthorityId, Authority],
    own: AuthorityId,
    now: datetime,
    language: str,
) -> ClockSign | None:
    """The sign of the open clock that matters most: one's own that ends first, else another's; None without any."""
    if definition is None:
        return None
    known = definition.all_clocks(load_clocks())
    open_rows = [
        each
        for each in rows
        if each.open and each.clock in known and (each.due_at is not None or each.phase == "suspended")
    ]
    if not open_rows:
        return None
    # What runs goes before what stands still.
    row = min(open_rows, key=lambda each: (each.due_at is None, each.owed_by != own, each.due_at or now, each.use))
    use = next((each for each in definition.clocks if each.code == row.use), None)
    owing, due, clock = everybody.get(row.owed_by), row.due_at, known[row.clock]
    left = None if due is None else due - now
    return ClockSign(
        label=row.use if use is None else in_language(use.label, language),
        unit=clock.unit,
        phase=row.phase,
        owed_by=row.owed_by,
        due_at=due,
        left=left,
        working_days=_working_days(clock, due, owing, now),
        last_day=None if due is None else last_day(due, zone_of(owing)),
        share=_share(left, clock.length),
        paused_since=row.paused_at,
        paused_why=_done(definition, row.paused_step, language),
        paused_by=_name(everybody, AuthorityId(row.paused_by)) if row.paused_by else "",
    )


def _done(definition: Definition, code: str, language: str) -> str:
    """What a step came to in words: the state to which it led, else what the step itself is called."""
    step = next((each for each in definition.transitions if each.code == code), None)
    if step is None:
        return ""
    return in_language(step.verb if step.to_state is None else definition.state(step.to_state).label, language)


def _name(everybody: Mapping[AuthorityId, Authority], authority: AuthorityId) -> str:
    known = everybody.get(authority)
    return authority if known is None else known.name


def _cause(clock: RunningClock, definition: Definition, language: str) -> str:
    """The state in which this clock stands still, where the procedure has but one."""
    named = {rule.on for rule in clock.use.events if rule.does == "suspend"}
    states = {each.to_state for each in definition.transitions if each.code in named and each.to_state}
    return in_language(definition.state(states.pop()).label, language) if len(states) == 1 else ""


def _share(left: timedelta | None, length: Length) -> float | None:
    if left is None:
        return None
    return min(1.0, max(0.0, left / (_ABOUT[length.unit] * length.count)))


def _working_days(clock: ClockDefinition, due: datetime | None, owing: Authority | None, now: datetime) -> int | None:
    calendar = calendar_of(owing)
    if due is None or clock.unit != "working_days" or calendar is None or due <= now:
        return None
    zone = zone_of(owing)
    today, end = now.astimezone(zone).date(), last_day(due, zone)
    return sum(calendar.is_working(today + timedelta(days=each)) for each in range(1, (end - today).days + 1))
