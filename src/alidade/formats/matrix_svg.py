"""SVG of a matrix of countries: a heat grid in which every figure is written out."""

from __future__ import annotations

from typing import Final

from alidade.formats.sight import MatrixFile
from alidade.formats.svg_paper import ACCENT, FAINT, INK, PAPER, cut, element, sheet, text, written

_CELL: Final = 40.0
_LEFT: Final = 190.0
_HEAD: Final = 34.0
_LEAST: Final = 640.0


def write_matrix_svg(found: MatrixFile) -> bytes:
    """The matrix as a file with classification and handling on it; rows are from, columns to."""
    count = len(found.countries)
    wide, high = max(_LEFT + count * _CELL + 20, _LEAST), _HEAD + count * _CELL + 12
    root, group = sheet(found.head, wide, high, framed=True)
    most = max(found.cells.values(), default=1)
    for column, code in enumerate(found.countries):
        text(group, code, _LEFT + (column + 0.5) * _CELL, _HEAD - 10, size="12", weight="600", anchor="middle")
    for row, (source, name) in enumerate(found.countries.items()):
        y = _HEAD + row * _CELL
        text(group, f"{cut(name, 22)} {source}", _LEFT - 10, y + 25, size="12", anchor="end")
        for column, target in enumerate(found.countries):
            x, value = _LEFT + column * _CELL, found.cells.get((source, target), 0)
            box = element(group, "rect", x=x, y=y, width=_CELL, height=_CELL, fill=ACCENT if value else PAPER,
                          stroke=FAINT)  # fmt: skip
            box.set("fill-opacity", f"{0.1 + 0.5 * value / most:.2f}" if value else "1")
            box.set("stroke-width", "0.5")
            text(group, str(value), x + _CELL / 2, y + 25, size="13", anchor="middle", fill=INK if value else FAINT)
    return written(root)
