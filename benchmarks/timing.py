"""Timing: wall time and time of the processor, side by side, because others may use the machine as well."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Sample:
    """Times in seconds, one for each repetition."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def once(self) -> Iterator[None]:
        """Time the block."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)

    def of(self, share: float) -> tuple[float, float]:
        """The (wall, CPU) seconds that this share of the repetitions stayed within; 0.5 is the median."""
        return _at(self.wall, share), _at(self.cpu, share)

    def minus(self, other: Sample) -> Sample:
        """What remains of each repetition without the part of it that `other` timed."""
        return Sample(
            [whole - part for whole, part in zip(self.wall, other.wall, strict=True)],
            [whole - part for whole, part in zip(self.cpu, other.cpu, strict=True)],
        )


def repeat(action: Callable[[], object], times: int, *, warm: int = 1) -> Sample:
    """Time an action several times, after running it `warm` times untimed."""
    for _ in range(warm):
        action()
    sample = Sample()
    for _ in range(times):
        with sample.once():
            action()
    return sample


def milliseconds(seconds: tuple[float, float]) -> tuple[float, float]:
    """(wall, CPU) in milliseconds."""
    return seconds[0] * 1_000, seconds[1] * 1_000


def rate(count: float, seconds: tuple[float, float]) -> tuple[float, float]:
    """How many each second, by wall and by CPU time."""
    return count / max(seconds[0], 1e-9), count / max(seconds[1], 1e-9)


def _at(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
