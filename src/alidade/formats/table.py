"""Table: rows of a delimited text file, in bounded memory; a bad row never takes a good one along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alidade.formats.dialect import Dialect, looks_like_header, sniff_dialect
from alidade.formats.filetype import foreign_type, read_head
from alidade.formats.formula import is_formula, restore
from alidade.formats.records import DEFAULT_LIMITS, Cells, Fault, Limits, records
from alidade.model.draft import Place, Problem
from alidade.model.errors import Unreadable

TEXT_COLUMN = "alidade_text"  # where a row that has no cells keeps its text
REJECT_COLUMNS = ("alidade_row", "alidade_problem", TEXT_COLUMN)  # what a reject file has beyond its input


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (from 1, the header being row 1) and its cells, as many as columns."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A delimited text file that was opened and understood; `rows()` reads it, again and again if need be.

    `remarks` are what was noticed on opening (encoding guessed, column named twice); none of them is fatal.
    A reject file of ours (`is_reject`) is read as its mended rows: our own columns are left out of `header`
    and what was written to keep formulas from running is undone.
    """

    path: Path
    dialect: Dialect
    header: tuple[str, ...]
    has_header: bool
    remarks: tuple[Problem, ...] = ()
    limits: Limits = field(default=DEFAULT_LIMITS)
    flag_formulas: bool = True
    is_reject: bool = False

    def rows(self) -> Iterator[Row | Problem]:
        """Every row after the header, in order; a Problem for each that cannot be read, and for each remark.

        A remark (fatal false) comes before the row it speaks of. Rows without any text are passed over.
        Raises Unreadable only where the disk fails.
        """
        skip = self.dialect.skip + (1 if self.has_header else 0)
        for number, item in enumerate(records(self.path, self.dialect, self.limits), start=1):
            if number <= skip or item is None:
                continue
            if isinstance(item, Fault):
                yield self._problem(number, item.code, item.reason, {TEXT_COLUMN: item.text} if item.text else {})
                continue
            yield from self._checked(number, item)

    def raw(self, row: Row) -> dict[str, str]:
        """The row as a mapping from column to cell, for a Problem or a reject file."""
        return dict(zip(self.header, row.cells, strict=True))

    def _problem(
        self, number: int, code: str, reason: str, raw: dict[str, str], column: str = "", fatal: bool = True
    ) -> Problem:
        place = Place(file=self.path.name, row=number)
        return Problem(place=place, field=column, code=code, reason=reason, fatal=fatal, raw=raw)

    def _checked(self, number: int, record: Cells) -> Iterator[Row | Problem]:
        if not any(map(str.strip, record.cells)):
            return
        width = len(self.header) + (len(REJECT_COLUMNS) if self.is_reject else 0)
        cells = record.cells
        if len(cells) > width and not any(map(str.strip, cells[width:])):
            cells = cells[:width]
        if len(cells) != width:
            reason = f"The row has {len(cells)} columns where the header has {width}."
            if record.last:
                reason += " It is the last row: the file may have been cut off."
            yield self._problem(number, "columns", reason, {TEXT_COLUMN: record.text})
            return
        if "\x00" in record.text:
            reason = "The row has zero bytes; it was damaged or the file is no text."
            yield self._problem(number, "zero_byte", reason, {TEXT_COLUMN: record.text.replace("\x00", "")})
            return
        if self.is_reject:
            text = restore(cells[-1])
            cells = [restore(cell) for cell in cells[: len(self.header)]]
            if not any(map(str.strip, cells)):
                reason = "The row was not mended: put its text into the columns."
                yield self._problem(number, "not_mended", reason, {TEXT_COLUMN: text})
                return
        row = Row(number, tuple(cells))
        too_long = self._too_long(row)
        if too_long is not None:
            yield too_long
            return
        yield from self._remarks(row, record)
        yield row

    def _too_long(self, row: Row) -> Problem | None:
        if max(map(len, row.cells)) * 4 <= self.limits.cell:
            return None
        for name, cell in zip(self.header, row.cells, strict=True):
            if len(cell.encode("utf-8")) > self.limits.cell:
                reason = f"The cell is longer than {self.limits.cell} bytes; the row was left out."
                return self._problem(row.number, "cell_too_long", reason, {}, name)
        return None

    def _remarks(self, row: Row, record: Cells) -> Iterator[Problem]:
        if record.stray:
            yield self._problem(
                row.number, "stray_quote", "A quote stands inside a cell; kept as text.", {}, fatal=False
            )
        if "\ufffd" in record.text:
            reason = "A letter was already lost before the file came here (replacement character)."
            yield self._problem(row.number, "lost_letter", reason, {}, fatal=False)
        if not self.flag_formulas:
            return
        for name, cell in zip(self.header, row.cells, strict=True):
            if cell and not cell[0].isalnum() and is_formula(cell):
                reason = "The cell begins like a formula of a spreadsheet; it is kept as text and never run."
                yield self._problem(row.number, "formula_cell", reason, {}, name, fatal=False)


def open_table(
    path: Path,
    *,
    header: bool | None = None,
    columns: tuple[str, ...] | None = None,
    delimiter: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    flag_formulas: bool = True,
) -> Table:
    """Open a delimited text file: encoding, delimiter, quotes and header are found out, and said.

    `header` None decides from the first row. `columns` names the columns of a file that has no header. Raises
    Unreadable, with what the file is and what to do, for a folder, an empty file, a workbook, PDF, XML, JSON,
    archive or other binary file.
    """
    head = read_head(path)
    foreign = foreign_type(head)
    if foreign is not None:
        name, remedy = foreign
        raise Unreadable(f"{path.name} is {name}, not delimited text.", remedy=remedy, code="wrong_type")
    dialect = sniff_dialect(path, head, delimiter)
    remarks: list[Problem] = []
    place = Place(file=path.name, row=1)
    if dialect.encoding == "cp1252":
        reason = "The file is not UTF-8; it is read as Windows Western European (cp1252). Check accents."
        remarks.append(Problem(place=place, field="", code="encoding_guessed", reason=reason, fatal=False))
    if columns is None:
        first = _first_row(path, dialect, limits)
        has_header = looks_like_header(first) if header is None else header
        columns, doubles = _names(first if has_header else [""] * len(first))
        if not has_header:
            reason = "The first row looks like data; the columns are called col1, col2 and so on."
            remarks.append(Problem(place=place, field="", code="no_header", reason=reason, fatal=False))
        for name in doubles:
            reason = "Two columns have this name; the second has a number after it."
            remarks.append(Problem(place=place, field=name, code="column_twice", reason=reason, fatal=False))
    else:
        has_header = False
    is_reject = columns[-len(REJECT_COLUMNS) :] == REJECT_COLUMNS
    return Table(
        path=path,
        dialect=dialect,
        header=columns[: -len(REJECT_COLUMNS)] if is_reject else columns,
        has_header=has_header,
        remarks=tuple(remarks),
        limits=limits,
        flag_formulas=flag_formulas,
        is_reject=is_reject,
    )


def _first_row(path: Path, dialect: Dialect, limits: Limits) -> list[str]:
    for number, item in enumerate(records(path, dialect, limits), start=1):
        if number <= dialect.skip:
            continue
        if isinstance(item, Fault):
            raise Unreadable(
                f"The first row of {path.name} cannot be read: {item.reason}",
                remedy="Export the list again as CSV in UTF-8.",
                code="header",
            )
        if item is None or not any(cell.strip() for cell in item.cells):
            raise Unreadable(
                f"The first row of {path.name} is empty.",
                remedy="Put the names of the columns there.",
                code="header",
            )
        if "\x00" in item.text:
            raise Unreadable(
                f"The first row of {path.name} has zero bytes.",
                remedy="Export it as text in UTF-8.",
                code="header",
            )
        return item.cells
    raise Unreadable(f"{path.name} is empty.", remedy="Check that the export worked.", code="empty")


def _names(cells: list[str]) -> tuple[tuple[str, ...], list[str]]:
    names: dict[str, None] = {}
    seen: Counter[str] = Counter()
    doubles: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"col{position}"
        unique = name
        while unique in names:
            seen[name] += 1
            unique = f"{name} ({seen[name] + 1})"
        if unique != name:
            doubles.append(name)
        names[unique] = None
    return tuple(names), doubles


__all__ = ["DEFAULT_LIMITS", "REJECT_COLUMNS", "TEXT_COLUMN", "Limits", "Row", "Table", "open_table"]
