"""What happens to a clock: it starts, is suspended, resumed, extended, overrun with notice, stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alidade.clocks.definitions import Length
from alidade.model.errors import Invalid

__all__ = ["ClockEvent", "EventKind"]

EventKind = Literal["start", "suspend", "resume", "extend", "overrun", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvent:
    """One thing that happened to a clock, and when.

    `at` carries a time zone. `extend` and `overrun` need a `length` (added to the end) or an `until` (the new end);
    `overrun` a `reason` too (Directive (EU) 2023/977 Art. 5(2)): without these they have no effect.
    """

    kind: EventKind
    at: datetime
    length: Length | None = None
    until: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        for moment in (self.at, self.until):
            if moment is not None and moment.tzinfo is None:
                raise Invalid("A moment of a clock has no time zone.", remedy="Give it with its zone, best in UTC.")
