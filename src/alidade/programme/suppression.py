"""Small cells: which counts of people are not said, and which others must not be, so that no sum gives them away.

Source: `small_cells.json` (threshold, units, and where they come from).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
from msgspec import Struct

from alidade.programme.lists import FOLDER
from alidade.programme.register import Figure
from alidade.vocabulary.errors import DamagedVocabulary
from alidade.vocabulary.labels import Word

__all__ = ["SmallCells", "counts_people", "hidden_cells", "small_cells"]


class SmallCells(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rule: counts above nought and below `least` are small; `units` and `words` say what counts people."""

    name: Word
    version: Word
    source: Word
    date: dt.date
    licence: Word
    verified: bool
    note: Word
    least: int
    units: tuple[Word, ...]
    words: tuple[Word, ...]


@lru_cache(maxsize=1)
def small_cells() -> SmallCells:
    """The rule as the file states it. Raises DamagedVocabulary."""
    try:
        return msgspec.json.decode((FOLDER / "small_cells.json").read_bytes(), type=SmallCells)
    except (OSError, msgspec.DecodeError) as broken:
        raise DamagedVocabulary("small_cells.json", None, str(broken)) from broken


def counts_people(figure: Figure) -> bool:
    """Whether a figure counts people, by its unit or by what it says that it counts."""
    rule = small_cells()
    said = " ".join((figure.unit, figure.of, *figure.unit_texts.values())).casefold()
    return figure.unit in rule.units or any(word in said for word in rule.words)


def hidden_cells(
    cells: Mapping[tuple[str, str], float],
    rows: Sequence[str],
    columns: Sequence[str],
    least: int,
    *,
    row_totals: bool = True,
) -> frozenset[tuple[str, str]]:
    """The cells of a table of counts that are not said, where the totals of its columns (and rows) are.

    First the small ones; then, while a row or column holds one hidden cell alone, or hidden cells that together are
    below `least`, the smallest other of it that is not nought (where there is none, one that is nought). What a row
    or column lacks counts as nought and may be hidden, so that a table always comes to rest.
    """
    hidden = {place for place, count in cells.items() if 0 < count < least}
    lines = [[(row, column) for row in rows] for column in columns]
    lines += [[(row, column) for column in columns] for row in rows] if row_totals else []
    changed = bool(hidden)
    while changed:
        changed = False
        for line in lines:
            inside = [place for place in line if place in hidden]
            if not inside or (len(inside) > 1 and sum(cells.get(place, 0) for place in inside) >= least):
                continue
            others = [place for place in line if place not in hidden]
            if others:
                hidden.add(min(others, key=lambda place: (cells.get(place, 0) == 0, cells.get(place, 0), place)))
                changed = True
    return frozenset(hidden)
