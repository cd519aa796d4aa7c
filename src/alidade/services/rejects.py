"""Rejects and erasure: a reject file holds rows of persons too, so an erasure must reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from alidade.formats.ofac_rejects import erase_ofac_rows
from alidade.formats.rejects import erase_rows

_OURS = frozenset({"alidade_row", "alidade_problem"})
_SHORTEST_INSIDE = 6  # a shorter value inside a longer cell may be anybody's


def forget_in_rejects(paths: Sequence[str], *, key: str | None, values: set[str]) -> int:
    """Remove from reject files the rows of a source key, or that hold one of the identifying values; how many."""

    def concerns(row: Mapping[str, str]) -> bool:
        cells = [cell.casefold() for name, cell in row.items() if cell and name not in _OURS]
        # An OFAC row has its key in one column; elsewhere it may stand anywhere.
        if key is not None and key.casefold() in ([row["ent_num"].casefold()] if "ent_num" in row else cells):
            return True
        return any(
            wanted == cell or (len(wanted) >= _SHORTEST_INSIDE and wanted in cell)
            for wanted in (value.casefold() for value in values)
            for cell in cells
        )

    removed = 0
    for path in (Path(text) for text in paths):
        if path.is_dir():
            removed += erase_ofac_rows(path, concerns)
        elif path.exists():
            removed += erase_rows(path, concerns)
    return removed
