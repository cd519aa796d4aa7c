"""The files of the OFAC list (SDN family): no header, `-0-` for nothing, remarks that go on elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from alidade.formats.formula import is_formula, neutralise, restore
from alidade.formats.table import TEXT_COLUMN, Row, open_table
from alidade.model.draft import Place, Problem
from alidade.model.errors import Unreadable

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "sdn": (
            "ent_num", "sdn_name", "sdn_type", "program", "title", "call_sign", "vess_type", "tonnage", "grt",
            "vess_flag", "vess_owner", "remarks",
        ),
        "alt": ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"),
        "add": ("ent_num", "add_num", "address", "city", "country", "add_remarks"),
        "sdn_comments": ("ent_num", "remarks_continued"),
    }
)  # fmt: skip
REASONS: Final = "reasons.csv"  # beside them in a folder of rejects
NOTHING: Final = "-0-"
_LEADING_NUMBER = re.compile(r"\s*(\d{1,12})\s*,")
_LARGEST = 256 * 1024 * 1024  # bytes of a file that goes with sdn.csv and is held in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One row of one file: its kind, its number, and its cells by column, empty where the list has `-0-`."""

    kind: str
    number: int
    cells: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class SideFiles:
    """Aliases, addresses and continued remarks by entry number, and what could not be read of them."""

    rows: dict[str, list[SourceRow]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: dict[str, list[Problem]] = field(default_factory=dict)  # rows whose entry can still be told

    def take(self, entry: str) -> list[SourceRow]:
        """The rows of an entry, which are then gone from here."""
        return self.rows.pop(entry, [])


def find_file(folder: Path, kind: str) -> Path | None:
    """The file of that kind, whatever its capitals; None where it is missing."""
    wanted = f"{kind}.csv"
    try:
        return next((path for path in sorted(folder.iterdir()) if path.name.lower() == wanted), None)
    except OSError as error:
        raise Unreadable(
            f"The folder {folder.name} cannot be opened: {type(error).__name__}.",
            remedy="Name the folder that holds sdn.csv.",
            code="no_access",
        ) from error


def read_rows(folder: Path, kind: str) -> Iterator[SourceRow | Problem]:
    """The rows of one file in order; nothing where the file is missing.

    In a folder of rejects what was written to keep formulas from running is undone. Raises Unreadable.
    """
    path = find_file(folder, kind)
    if path is None:
        return
    mended = (folder / REASONS).exists()
    columns = COLUMNS[kind]
    table = open_table(path, columns=columns, delimiter=",", flag_formulas=False)
    for item in table.rows():
        if isinstance(item, Row):
            cells = {name: _cell(text, mended) for name, text in zip(columns, item.cells, strict=True)}
            yield SourceRow(kind=kind, number=item.number, cells=cells)
        elif item.fatal:
            text = item.raw.get(TEXT_COLUMN, "")
            raw = {f"{kind}:{item.place.row}": text} if text else {}
            yield Problem(place=item.place, field=item.field, code=item.code, reason=item.reason, raw=raw)
        else:
            yield item


def _cell(text: str, mended: bool) -> str:
    text = text.strip()
    if text == NOTHING:
        return ""
    return restore(text) if mended else text


def read_side_files(folder: Path) -> SideFiles:
    """Aliases, addresses and continued remarks, held in memory. Raises Unreadable."""
    found = SideFiles()
    for kind in ("alt", "add", "sdn_comments"):
        path = find_file(folder, kind)
        if path is None or path.stat().st_size <= 2:
            continue
        if path.stat().st_size > _LARGEST:
            raise Unreadable(
                f"{path.name} is larger than {_LARGEST} bytes.", remedy="Check the file.", code="too_large"
            )
        for item in read_rows(folder, kind):
            if isinstance(item, Problem):
                number = _LEADING_NUMBER.match("".join(item.raw.values()))
                if number is None or not item.fatal:
                    found.problems.append(item)
                else:
                    found.broken.setdefault(number[1], []).append(item)
            else:
                found.rows.setdefault(item.cells["ent_num"], []).append(item)
    return found


def raw_of(rows: Sequence[SourceRow]) -> dict[str, str]:
    """Rows as they go into a Problem: "kind:number" to the line of the list."""
    return {f"{row.kind}:{row.number}": line_of(row) for row in rows}


def line_of(row: SourceRow) -> str:
    """A row in OFAC's own form: numbers bare, `-0- ` for nothing, the rest in quotes; no formulas."""
    cells = []
    for name, text in row.cells.items():
        if not text:
            cells.append(f"{NOTHING} ")
        elif name.endswith("_num") and text.isdigit():
            cells.append(text)
        else:
            safe = neutralise(text) if is_formula(text) or restore(text) != text else text
            cells.append('"' + safe.replace('"', '""') + '"')
    return ",".join(cells)


def orphan(row: SourceRow) -> Problem:
    """The problem of a row whose entry is not in the list."""
    reason = f"No entry of sdn.csv that could be read has the number to which this row of {row.kind}.csv belongs."
    place = Place(file=f"{row.kind}.csv", row=row.number)
    return Problem(place=place, field="ent_num", code="orphan", reason=reason, raw=raw_of([row]))
