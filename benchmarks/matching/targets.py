"""Targets: what was to be reached and what was aimed at, and where each figure stands among the results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figures import Figure, at_least, at_most
from benchmarks.matching.results import Results

OURS = "alidade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One figure of ours: where it stands, what it must reach, what is aimed at."""

    name: str
    table: str
    key: str
    column: str
    unit: str
    reach: float
    aim: float
    least: bool = False

    def figure(self, results: Results) -> Figure | None:
        """The figure beside its target; None where it was not measured."""
        value = self.value(results)
        if value is None:
            return None
        judged: Callable[..., Figure] = at_least if self.least else at_most
        return judged(self.name, value, self.unit, self.reach)

    def value(self, results: Results) -> float | None:
        """The measured value; None where it was not measured or never reached."""
        row = results.row(self.table, self.key)
        found = None if row is None else row.get(self.column)
        return None if found is None else float(found)


def _speed(size: str, column: str, unit: str, reach: float, aim: float, *, least: bool = False) -> Target:
    return Target(
        name=f"{size} names, {column}", table="look-up", key=f"{OURS} {size}", column=column, unit=unit,
        reach=reach, aim=aim, least=least,
    )  # fmt: skip


def _other(
    name: str, table: str, key: str, column: str, unit: str, reach: float, aim: float, *, least: bool = False
) -> Target:
    return Target(name=name, table=table, key=key, column=column, unit=unit, reach=reach, aim=aim, least=least)


_ALL, _PAIRS, _LINK = f"{OURS} 1M", "alidade compare_names", "alidade link 1M"
TARGETS = (
    _speed("1M", "p50 ms", "ms", 0.6, 0.25),
    _speed("1M", "p95 ms", "ms", 2.5, 1.0),
    _speed("1M", "q/s 2", "queries/s", 2_500, 5_000, least=True),
    _speed("10M", "p50 ms", "ms", 1.5, 0.8),
    _speed("10M", "p95 ms", "ms", 10, 4),
    _speed("10M", "p99 ms", "ms", 25, 10),
    _speed("10M", "q/s 2", "queries/s", 600, 1_500, least=True),
    _speed("10M", "build s", "s", 120, 60),
    _speed("10M", "process peak MB", "MB", 1_500, 1_000),
    _speed("10M", "reopen s", "s", 1, 0.3),
    _speed("1M", "R@1", "", 0.90, 0.93, least=True),
    _speed("1M", "R@10", "", 0.94, 0.97, least=True),
    _speed("10M", "R@1", "", 0.86, 0.90, least=True),
    _speed("10M", "R@10", "", 0.92, 0.95, least=True),
    _speed("1M", "false at .80", "of 1,000", 30, 15),
    _speed("10M", "false at .80", "of 1,000", 90, 40),
    _other("real aliases in 1M, R@1", "aliases", _ALL, "R@1", "", 0.52, 0.58, least=True),
    _other("real aliases in 1M, R@10", "aliases", _ALL, "R@10", "", 0.64, 0.70, least=True),
    _other("name pairs, best F1", "pairs", _PAIRS, "best F1", "", 0.85, 0.90, least=True),
    _other("name pairs, AUC", "pairs", _PAIRS, "AUC", "", 0.93, 0.96, least=True),
    _other("name pairs, time", "pairs", _PAIRS, "us/pair", "us", 20, 5),
    _other("1M x 1M link, time", "linking", _LINK, "seconds", "s", 25, 15),
    _other("1M x 1M link, F1", "linking", _LINK, "F1", "", 0.96, 0.98, least=True),
    _other("1M x 1M link, memory", "linking", _LINK, "peak MB", "MB", 3_000, 2_000),
)
