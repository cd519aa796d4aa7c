"""Workbook: the rows of one sheet of an Excel file, as a table gives them; nothing in it is ever run."""

from __future__ import annotations

import posixpath
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alidade.formats.dialect import Dialect, looks_like_header
from alidade.formats.filetype import read_head
from alidade.formats.formula import is_formula
from alidade.formats.table import DEFAULT_LIMITS, TEXT_COLUMN, Limits, Row, Table, open_table
from alidade.formats.table import _names as column_names
from alidade.formats.workbook_cells import MOST_COLUMNS, Book, Cell, cells_of, styles_of, text_of
from alidade.formats.workbook_package import DEFAULT_PACKAGE_LIMITS, PACKAGE_MARKS, Package, PackageLimits, open_package
from alidade.formats.xml_source import Element, XmlLimits, read_elements
from alidade.model.draft import Place, Problem
from alidade.model.errors import Unreadable

MOST_ROWS: Final = 1_048_576
_LIMITS: Final = XmlLimits(elements=50_000_000, entry_elements=50_000)
_MOST_TEXT = 128 * 1024 * 1024  # letters of all shared texts
_DELIMITER: Final = Dialect(encoding="utf-8", delimiter=",")
_EXPORT = "Save the sheet as CSV (UTF-8)."
_REMARKS: Final = {
    "formula": (
        "formula_value",
        "The cell has a formula; the value kept in the file is taken and nothing is worked out.",
    ),
    "error_cell": ("error_cell", "The cell shows an error; it is taken as empty."),
    "lost_text": ("lost_text", "The text of the cell is missing in the file; it is taken as empty."),
    "no_number": ("no_number", "The cell should hold a number and does not; kept as text."),
    "no_date": ("no_date", "The cell should hold a date and its number is none; the number is kept."),
    "digits_lost": ("digits_lost", "The number has more digits than a workbook keeps; the last ones may be wrong."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet that was opened and understood; it has what a `Table` has, so that a mapping reads both alike.

    `remarks` are what was noticed on opening (macros, other sheets, columns named twice); none is fatal. `dialect`
    is how rejects of it are written, for those are always CSV.
    """

    path: Path
    sheet: str
    header: tuple[str, ...]
    has_header: bool
    remarks: tuple[Problem, ...]
    package: Package
    member: str
    book: Book
    limits: Limits = DEFAULT_LIMITS
    dialect: Dialect = _DELIMITER
    is_reject: bool = False

    def rows(self) -> Iterator[Row | Problem]:
        """Every row after the header, in order; a Problem for each that cannot be read, and for each remark.

        Numbers of rows are those of the sheet. Rows without any text are passed over. Where the sheet breaks off a
        fatal problem comes last.
        """
        passing = self.has_header
        for item in _rows(self.path, self.package, self.member, self.book):
            if isinstance(item, Problem):
                yield item
                continue
            if passing:
                passing = False
                continue
            yield from self._checked(item)

    def raw(self, row: Row) -> dict[str, str]:
        """The row as a mapping from column to cell, for a Problem or a reject file."""
        return dict(zip(self.header, row.cells, strict=True))

    def _checked(self, line: _Line) -> Iterator[Row | Problem]:
        width = len(self.header)
        if any(cell.column > width and cell.text.strip() for cell in line.cells):
            reason = f"The row has a cell beyond the {width} columns of the header."
            text = ",".join(cell.text for cell in line.cells)
            yield _problem(self.path, line.number, "columns", reason, raw={TEXT_COLUMN: text}, fatal=True)
            return
        cells = [""] * width
        for cell in line.cells:
            if cell.column > width:
                continue
            name = self.header[cell.column - 1]
            if len(cell.text) * 4 > self.limits.cell and len(cell.text.encode()) > self.limits.cell:
                reason = f"The cell is longer than {self.limits.cell} bytes; the row was left out."
                yield _problem(self.path, line.number, "cell_too_long", reason, field=name, fatal=True)
                return
            cells[cell.column - 1] = cell.text
            for remark in cell.remarks:
                code, reason = _REMARKS[remark]
                yield _problem(self.path, line.number, code, reason, field=name)
            if "formula" not in cell.remarks and is_formula(cell.text):
                reason = "The cell begins like a formula of a spreadsheet; it is kept as text and never run."
                yield _problem(self.path, line.number, "formula_cell", reason, field=name)
        if any(map(str.strip, cells)):
            yield Row(line.number, tuple(cells))


def open_workbook(
    path: Path,
    sheet: str | None = None,
    *,
    header: bool | None = None,
    limits: Limits = DEFAULT_LIMITS,
    package_limits: PackageLimits = DEFAULT_PACKAGE_LIMITS,
) -> Sheet:
    """Open an Excel file (XLSX, XLSM): the sheet of that name, or the first that is not hidden.

    The first row with a text is the header, unless it looks like data (`header` None decides, as for a table).
    Formulas are not worked out, macros and links not followed. Raises Unreadable, with what to do, for what is no
    such file, could do harm (see `open_package`), or has no such sheet or nothing in it.
    """
    package = open_package(path, limits=package_limits)
    main = _main_part(package)
    sheets, from_1904 = _sheets(package, main)
    name, member = _chosen(path, sheets, sheet)
    book = _book(package, main, from_1904)
    remarks: list[Problem] = []
    if package.macros:
        reason = "The workbook has macros; they were neither looked at nor run."
        remarks.append(_problem(path, 1, "macros", reason))
    if sheet is None and len(sheets) > 1:
        reason = f"The workbook has {len(sheets)} sheets; one was read. Name another to read that."
        remarks.append(_problem(path, 1, "other_sheets", reason))
    with closing(_rows(path, package, member, book)) as items:
        first = next((item for item in items if isinstance(item, _Line)), None)
    if first is None:
        raise Unreadable(f"The sheet of {path.name} is empty.", remedy="Name another sheet.", code="empty")
    width = max(cell.column for cell in first.cells)
    cells = [""] * width
    for cell in first.cells:
        cells[cell.column - 1] = cell.text
    has_header = looks_like_header(cells) if header is None else header
    columns, doubles = column_names(cells if has_header else [""] * width)
    if not has_header:
        reason = "The first row looks like data; the columns are called col1, col2 and so on."
        remarks.append(_problem(path, first.number, "no_header", reason))
    for double in doubles:
        reason = "Two columns have this name; the second has a number after it."
        remarks.append(_problem(path, first.number, "column_twice", reason, field=double))
    return Sheet(
        path=path,
        sheet=name,
        header=columns,
        has_header=has_header,
        remarks=tuple(remarks),
        package=package,
        member=member,
        book=book,
        limits=limits,
    )


def open_list(path: Path, sheet: str | None = None, *, limits: Limits = DEFAULT_LIMITS) -> Table | Sheet:
    """A list in rows, whether a workbook or delimited text. Raises Unreadable."""
    if read_head(path).startswith(PACKAGE_MARKS):
        return open_workbook(path, sheet, limits=limits)
    return open_table(path, limits=limits)


def sheet_names(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook that are not hidden, in their order. Raises Unreadable."""
    package = open_package(path)
    sheets, _ = _sheets(package, _main_part(package))
    return tuple(each.name for each in sheets if not each.hidden)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that has a text, with its number in the sheet."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    member: str
    hidden: bool


def _problem(
    path: Path,
    row: int,
    code: str,
    reason: str,
    *,
    field: str = "",
    raw: dict[str, str] | None = None,
    fatal: bool = False,
) -> Problem:
    return Problem(
        place=Place(file=path.name, row=row), field=field, code=code, reason=reason, fatal=fatal, raw=raw or {}
    )


def _elements(package: Package, member: str, containers: set[tuple[str, ...]]) -> Iterator[Element]:
    """The elements of a part that must be whole."""
    for item in read_elements(package.source(member), containers, limits=_LIMITS):
        if isinstance(item, Element):
            yield item
        elif item.fatal:
            raise Unreadable(
                f"{package.path.name} is a damaged workbook: a part of it is no XML.",
                remedy=_EXPORT,
                code="broken_package",
            )


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to inside the package: id to (kind, member)."""
    folder, name = posixpath.split(part)
    member = posixpath.join(folder, "_rels", f"{name}.rels")
    if member not in package.members:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for item in _elements(package, member, {("Relationships",)}):
        target = item.attributes.get("Target", "")
        if item.attributes.get("TargetMode", "Internal") != "External":
            inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[item.attributes.get("Id", "")] = (item.attributes.get("Type", "").rpartition("/")[2], inside)
    return found


def _main_part(package: Package) -> str:
    for kind, member in _relations(package, "").values():
        if kind == "officeDocument" and member in package.members:
            return member
    raise Unreadable(
        f"{package.path.name} is a damaged workbook: it does not say where its sheets are.",
        remedy=_EXPORT,
        code="broken_package",
    )


def _sheets(package: Package, main: str) -> tuple[list[_Named], bool]:
    relations = _relations(package, main)
    found: list[_Named] = []
    from_1904 = False
    for item in _elements(package, main, {("workbook",), ("workbook", "sheets")}):
        if item.name == "workbookPr":
            from_1904 = item.attributes.get("date1904", "0") in ("1", "true")
        elif item.name == "sheet":
            kind, member = relations.get(item.attributes.get("id", ""), ("", ""))
            if kind == "worksheet" and member in package.members:
                hidden = item.attributes.get("state", "visible") != "visible"
                found.append(_Named(item.attributes.get("name", ""), member, hidden))
    return found, from_1904


def _chosen(path: Path, sheets: list[_Named], wanted: str | None) -> tuple[str, str]:
    for each in sheets:
        if (wanted is None and not each.hidden) or (wanted is not None and each.name == wanted):
            return each.name, each.member
    what = "no sheet of that name" if wanted is not None else "no sheet that is not hidden"
    raise Unreadable(f"{path.name} has {what}.", remedy="Name one of its sheets.", code="no_sheet")


def _book(package: Package, main: str, from_1904: bool) -> Book:
    parts = {kind: member for kind, member in _relations(package, main).values() if member in package.members}
    texts: list[str] = []
    size = 0
    if "sharedStrings" in parts:
        for item in _elements(package, parts["sharedStrings"], {("sst",)}):
            if item.name == "si":
                texts.append(text_of(item))
                size += len(texts[-1]) + 50  # what a text costs beside its letters
                if size > _MOST_TEXT:
                    raise Unreadable(
                        f"The texts of {package.path.name} are too large.", remedy=_EXPORT, code="too_large"
                    )
    formats: dict[int, str] = {}
    styles: list[int] = []
    if "styles" in parts:
        containers = {("styleSheet",), ("styleSheet", "numFmts"), ("styleSheet", "cellXfs")}
        for item in _elements(package, parts["styles"], containers):
            number = _whole(item.attributes.get("numFmtId", ""))
            if item.name == "numFmt":
                formats[number] = item.attributes.get("formatCode", "")
            elif item.name == "xf":
                styles.append(number)
    dates, durations = styles_of(formats, styles)
    return Book(texts=texts, dates=dates, durations=durations, from_1904=from_1904)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _rows(path: Path, package: Package, member: str, book: Book) -> Generator[_Line | Problem, None, None]:
    """The rows of a sheet that have a text, and what could not be read of it."""
    number = 0
    for item in read_elements(package.source(member), {("worksheet",), ("worksheet", "sheetData")}, limits=_LIMITS):
        if isinstance(item, Problem):
            number += item.field == "row"
            if item.field in ("", "row"):
                reason = item.reason if item.field else "The sheet breaks off after this row or is damaged."
                yield _problem(path, max(number, 1), item.code, reason, fatal=item.fatal)
            continue
        if item.name != "row":
            continue
        number = max(_whole(item.attributes.get("r", "")), number + 1)
        if number > MOST_ROWS:
            yield _problem(path, MOST_ROWS, "too_many_rows", f"The sheet has more than {MOST_ROWS} rows.", fatal=True)
            return
        try:
            cells = cells_of(item, book)
        except OverflowError:
            reason = f"The row has more than {MOST_COLUMNS} columns."
            yield _problem(path, number, "columns", reason, fatal=True)
            continue
        if any(cell.text.strip() for cell in cells):
            yield _Line(number, cells)
