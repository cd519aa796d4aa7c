"""Figures: what a benchmark found, beside what was aimed at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure; `cpu` is the same in time of the processor, `reached` None where nothing was aimed at."""

    name: str
    value: float
    unit: str
    cpu: float | None = None
    target: str = ""
    reached: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to measure: `quick` takes small stores and few repetitions; sizes and peers are those of matching."""

    quick: bool
    sizes: tuple[str, ...] = ()
    peers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one benchmark found: its figures, and the text that explains them."""

    figures: tuple[Figure, ...]
    text: str = ""


def plain(name: str, value: float, unit: str, *, cpu: float | None = None) -> Figure:
    """A figure nothing was aimed at."""
    return Figure(name=name, value=value, unit=unit, cpu=cpu)


def at_most(name: str, value: float, unit: str, limit: float, *, cpu: float | None = None) -> Figure:
    """A figure that should not be above `limit`."""
    target = f"at most {shown(limit)}"
    return Figure(name=name, value=value, unit=unit, cpu=cpu, target=target, reached=value <= limit)


def at_least(name: str, value: float, unit: str, limit: float, *, cpu: float | None = None) -> Figure:
    """A figure that should not be below `limit`."""
    target = f"at least {shown(limit)}"
    return Figure(name=name, value=value, unit=unit, cpu=cpu, target=target, reached=value >= limit)


def shown(value: float) -> str:
    """A number with three digits that say something."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


COLUMNS = ("name", "figure", "unit", "CPU", "target", "reached")


def rows(figures: Iterable[Figure]) -> list[tuple[str, ...]]:
    """The figures as the rows of a table."""
    return [
        (
            each.name,
            shown(each.value),
            each.unit,
            "" if each.cpu is None else shown(each.cpu),
            each.target,
            "" if each.reached is None else ("yes" if each.reached else "NO"),
        )
        for each in figures
    ]
