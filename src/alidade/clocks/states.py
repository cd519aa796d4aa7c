"""How a clock can stand: its phase, its end, what is left, what it warns of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from alidade.clocks.definitions import ClockDefinition, Length
from alidade.clocks.events import ClockEvent

__all__ = ["ClockState", "Phase", "Reminder"]

Phase = Literal["not_started", "running", "suspended", "met", "late", "overrun_announced", "missed", "silence"]
"""`met` and `late` are over; `missed` and `silence` have run out and nobody has acted; the others are open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A moment before the end at which the one who owes is warned."""

    at: datetime
    before: Length
    raised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """How one round of a clock stands at `now`; all moments in UTC.

    due_at         end of the time that the law gives, with suspensions and extensions; None before the start
    expected_at    end that was announced for an overrun, else None
    left           from now to `due_at` (negative when past), None before the start and after the end
    ended_at, met  when somebody acted, and whether within the time or the announced overrun: None while there is still
                   time, False once there is none
    overrun        an overrun was announced in time, with length and reason
    suspensions, suspended_for   how often and how long it stood still until now or its end
    taken          time from start to end (or now) without the time it stood still
    reminders      warnings before the end, earliest first; `warned` says whether one is due while it is open
    changes_at     when the state next changes of itself (a warning, the end), None if it will not
    ignored        events without effect: not allowed by the law, incomplete, or out of place
    """

    definition: ClockDefinition
    phase: Phase
    round: int = 0
    started_at: datetime | None = None
    due_at: datetime | None = None
    expected_at: datetime | None = None
    left: timedelta | None = None
    ended_at: datetime | None = None
    met: bool | None = None
    overrun: bool = False
    extensions: int = 0
    suspensions: int = 0
    suspended_for: timedelta = timedelta(0)
    taken: timedelta | None = None
    reminders: tuple[Reminder, ...] = ()
    warned: bool = False
    changes_at: datetime | None = None
    ignored: tuple[ClockEvent, ...] = ()

    @property
    def code(self) -> str:
        """Which clock it is."""
        return self.definition.code

    @property
    def open(self) -> bool:
        """Whether somebody still has to act."""
        return self.phase not in ("not_started", "met", "late")
