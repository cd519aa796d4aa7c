"""CSV of maps, timelines and matrices: one row for each item, with the handling of all that it rests on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from alidade.formats.formula import neutralise
from alidade.formats.sight import Item, MapFile, MatrixFile, TimeFile, grade
from alidade.model.handling import handling_bytes

_ITEM: Final = (
    "key", "type", "label", "from_date", "until_date", "evaluation", "owners", "handling_codes", "classifications",
    "handlings",
)  # fmt: skip


def write_map_csv(found: MapFile) -> bytes:
    """Points and lines, in UTF-8 with CRLF; cells that a spreadsheet would run are made harmless."""
    rows: list[Sequence[str]] = []
    for point in found.points:
        place = (point.group, f"{point.latitude}", f"{point.longitude}", point.exactness, "", "", "", "", "1")
        rows.append((*place, *_cells(point.item)))
    for line in found.lines:
        ends = (f"{line.start[0]}", f"{line.start[1]}", "", line.source, line.target)
        rows.append(("movement", *ends, f"{line.stop[0]}", f"{line.stop[1]}", str(line.count), *_cells(line.item)))
    head = ("group", "latitude", "longitude", "exactness", "from", "to", "to_latitude", "to_longitude", "count")
    return _table((*head, *_ITEM), rows)


def write_time_csv(found: TimeFile) -> bytes:
    """The entries of a timeline in their order."""
    return _table(("lane", *_ITEM), [(lane, *_cells(item)) for lane, item in found.bars])


def write_matrix_csv(found: MatrixFile) -> bytes:
    """Each tie once for each pair of countries that it ties."""
    rows = [
        (source, target, one, other, *_cells(item)) for source, target, one, other, item in found.crossings
    ]  # fmt: skip
    return _table(("from_country", "to_country", "from", "to", *_ITEM), rows)


def _cells(item: Item) -> tuple[str, ...]:
    codes = sorted({code for each in item.handlings for code in each.codes})
    levels = sorted({each.classification for each in item.handlings if each.classification})
    whole = b"[" + b",".join(handling_bytes(each) for each in item.handlings) + b"]"
    return (
        item.key, item.kind, item.label, item.begin, item.end, grade(item.evaluation), " ".join(item.owners),
        " ".join(codes), " ".join(levels), whole.decode(),
    )  # fmt: skip


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
