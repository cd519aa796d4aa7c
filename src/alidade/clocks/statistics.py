"""How well deadlines are kept: counts and times per clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from alidade.clocks.states import ClockState

__all__ = ["ClockStatistics", "percentile", "statistics"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStatistics:
    """How one clock was kept, over many cases.

    Every started clock is in exactly one of: met (within the time of the law), overrun (later, within what was
    announced), late, missed (run out, nobody acted), silence, open (still in time). `suspended` and `extended` count
    clocks that ever stood still or were prolonged. `median` and `ninth_decile` are of the time taken by those that
    ended, without the time they stood still; None where none has ended.
    """

    code: str
    started: int
    met: int
    overrun: int
    late: int
    missed: int
    silence: int
    open: int
    suspended: int
    extended: int
    median: timedelta | None
    ninth_decile: timedelta | None

    @property
    def kept(self) -> float | None:
        """Share (0..1) of decided clocks that were met or overrun with notice; None where none is decided."""
        decided = self.met + self.overrun + self.late + self.missed + self.silence
        return (self.met + self.overrun) / decided if decided else None


def percentile(times: Iterable[timedelta], share: float) -> timedelta | None:
    """The time within which `share` (0..1) of the cases ended, by nearest rank; the median of an even number is the
    mean of the middle two. None without cases."""
    ordered = sorted(times)
    if not ordered:
        return None
    if not 0 <= share <= 1:
        raise ValueError("share lies outside 0..1")
    if share == 0.5 and len(ordered) % 2 == 0:
        middle = len(ordered) // 2
        return (ordered[middle - 1] + ordered[middle]) / 2
    rank = max(1, -int(-(share * len(ordered)) // 1))
    return ordered[rank - 1]


def statistics(states: Iterable[ClockState]) -> Mapping[str, ClockStatistics]:
    """Counts and times per clock, by code; clocks that never started are left out."""
    by_code: dict[str, list[ClockState]] = {}
    for state in states:
        if state.phase != "not_started":
            by_code.setdefault(state.code, []).append(state)
    return MappingProxyType({code: _of(code, found) for code, found in sorted(by_code.items())})


def _of(code: str, states: list[ClockState]) -> ClockStatistics:
    times = [state.taken for state in states if state.ended_at is not None and state.taken is not None]
    outcome = [_outcome(state) for state in states]
    return ClockStatistics(
        code=code,
        started=len(states),
        met=outcome.count("met"),
        overrun=outcome.count("overrun"),
        late=outcome.count("late"),
        missed=outcome.count("missed"),
        silence=outcome.count("silence"),
        open=outcome.count("open"),
        suspended=sum(state.suspensions > 0 for state in states),
        extended=sum(state.extensions > 0 for state in states),
        median=percentile(times, 0.5),
        ninth_decile=percentile(times, 0.9),
    )


def _outcome(state: ClockState) -> str:
    match state.phase:
        case "late" | "missed" | "silence":
            return state.phase
        case "met":
            return "overrun" if _after_due(state) else "met"
        case _:
            return "open"


def _after_due(state: ClockState) -> bool:
    return state.ended_at is not None and state.due_at is not None and state.ended_at > state.due_at
