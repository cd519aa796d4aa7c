"""Deadlines: how long the law gives, how time is counted, when a clock stands still, and what a missed one means.

A definition (`load_clocks`) says which law gives how much time; `due` counts it; events start, halt and end a clock;
`state_of` says how it stands at a moment; `statistics` sums up many.
"""

from __future__ import annotations

from alidade.clocks.calendars import WorkCalendar
from alidade.clocks.counting import due, last_day
from alidade.clocks.definitions import (
    ClockDefinition,
    Counting,
    IfMissed,
    Length,
    Source,
    Start,
    Unit,
    load_clocks,
    load_counting,
    load_starts,
)
from alidade.clocks.events import ClockEvent, EventKind
from alidade.clocks.running import rounds_of, state_of
from alidade.clocks.states import ClockState, Phase, Reminder
from alidade.clocks.statistics import ClockStatistics, percentile, statistics

__all__ = [
    "ClockDefinition",
    "ClockEvent",
    "ClockState",
    "ClockStatistics",
    "Counting",
    "EventKind",
    "IfMissed",
    "Length",
    "Phase",
    "Reminder",
    "Source",
    "Start",
    "Unit",
    "WorkCalendar",
    "due",
    "last_day",
    "load_clocks",
    "load_counting",
    "load_starts",
    "percentile",
    "rounds_of",
    "state_of",
    "statistics",
]
