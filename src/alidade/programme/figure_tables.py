"""Figure tables: what was counted, State by year, for each measure and unit; small counts of people are not said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from alidade.programme.analysis import HeldRound
from alidade.programme.counted import counted_figures
from alidade.programme.register import Figure
from alidade.programme.standing import KeptEntry
from alidade.programme.suppression import counts_people, hidden_cells, small_cells

__all__ = ["FigureTable", "figure_tables"]

_NOT_ADDED: Final = frozenset({"%"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """The figures of one measure and unit. `cells` holds None where a count is not said; what is missing is not known.

    `rows` are States ("" for a figure that names none), `columns` years. `totals` are of a year, over everything that
    is known, also what is not said: hidden cells are chosen so that no total gives one away. There is none (None)
    where figures cannot be added, or where it is itself small. `people`: whether the rule was applied.
    """

    key: str
    unit: Figure
    people: bool
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], float | None]
    totals: Mapping[str, float | None]
    hidden: int


def figure_tables(entries: Iterable[KeptEntry], held: Iterable[HeldRound]) -> list[FigureTable]:
    """One table for each measure, unit and thing counted, in the order in which they were first said.

    Of one State and year the figure of the newest day counts, of one day the one said last: nothing is added up that
    might be counted twice. Where they differ that is a contradiction, which stands among these.
    """
    values: dict[tuple[str, str, str], dict[tuple[str, str], tuple[tuple[dt.date, dt.datetime], float]]] = {}
    units: dict[tuple[str, str, str], Figure] = {}
    for each in sorted(counted_figures(entries, held), key=lambda each: (each.said_at, each.key, each.state)):
        units.setdefault(each.thing, each.figure)
        cells = values.setdefault(each.thing, {})
        cell, when = (each.state, str(each.day.year)), (each.day, each.said_at)
        if cell not in cells or cells[cell][0] <= when:
            cells[cell] = (when, each.figure.value)
    return [
        _table(place[0], units[place], {cell: value for cell, (_, value) in found.items()})
        for place, found in values.items()
    ]


def _table(key: str, unit: Figure, counts: Mapping[tuple[str, str], float]) -> FigureTable:
    rows = tuple(sorted({row for row, _ in counts}))
    columns = tuple(sorted({column for _, column in counts}))
    least = small_cells().least
    people = counts_people(unit)
    hidden = hidden_cells(counts, rows, columns, least, row_totals=False) if people else frozenset()
    totals: dict[str, float | None] = {}
    for column in columns:
        total = sum(counts.get((row, column), 0) for row in rows)
        small = people and 0 < total < least
        totals[column] = None if small or unit.unit in _NOT_ADDED else total
    return FigureTable(
        key=key,
        unit=unit,
        people=people,
        rows=rows,
        columns=columns,
        cells={**counts, **dict.fromkeys(hidden)},
        totals=totals,
        hidden=len(hidden),
    )
