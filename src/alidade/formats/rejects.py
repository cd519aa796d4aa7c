"""Rejects: the rows that were not taken, in a file that can be mended and given again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from alidade.formats.atomic import AtomicText
from alidade.formats.formula import neutralise, restore
from alidade.formats.table import REJECT_COLUMNS, TEXT_COLUMN, Row, open_table
from alidade.model.draft import Problem
from alidade.model.errors import Invalid


class RejectWriter:
    """Keeps rejected rows in the columns of the input, with three more: row, problem, unreadable text.

    A context manager. The file appears on leaving it, only if a row was written, and not at all after an
    exception. Cells that a spreadsheet would run are neutralised; reading the file again undoes that. One row
    with several problems stands once, its problems joined, if they are written one after the other.
    """

    def __init__(self, path: Path, columns: Sequence[str], *, delimiter: str = ",") -> None:
        self.path = path
        self.count = 0
        self._columns = tuple(columns)
        self._delimiter = delimiter
        self._file = AtomicText(path, bom=True)
        self._stream: IO[str] | None = None
        self._last: tuple[int, dict[str, str], list[str]] | None = None

    def __enter__(self) -> RejectWriter:
        self._stream = self._file.open()
        self._line([*self._columns, *REJECT_COLUMNS])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._file.discard()
            return
        self._release()
        if self.count:
            self._file.finish()
        else:
            self._file.discard()

    def write(self, problem: Problem) -> None:
        """Keep the row of a problem; a problem without a row (`raw` empty and not fatal) is passed over."""
        if not problem.raw and not problem.fatal:
            return
        reason = f"{problem.field}: {problem.reason}" if problem.field else problem.reason
        if self._last is not None and self._last[0] == problem.place.row:
            self._last[2].append(reason)
            self._last[1].update(problem.raw)
            return
        self._release()
        self._last = (problem.place.row, dict(problem.raw), [reason])

    def _release(self) -> None:
        if self._last is None:
            return
        row, raw, reasons = self._last
        self._last = None
        self.count += 1
        cells = [raw.get(column, "") for column in self._columns]
        self._line([*cells, str(row), " ".join(reasons), raw.get(TEXT_COLUMN, "")])

    def _line(self, cells: Iterable[str]) -> None:
        if self._stream is None:
            raise AssertionError
        _write_line(self._stream, cells, self._delimiter)


def _write_line(stream: IO[str], cells: Iterable[str], delimiter: str) -> None:
    quoted = ('"' + neutralise(cell).replace('"', '""') + '"' for cell in cells)
    stream.write(delimiter.join(quoted) + "\r\n")


def erase_rows(path: Path, matches: Callable[[Mapping[str, str]], bool]) -> int:
    """Take the matching rows out of a reject file, for an erasure; how many were taken out.

    `matches` is given each row as column to cell, neutralisation undone, our own columns with it. The file is
    replaced as a whole, so that a cut of the power leaves the old one or the new one. Of rows that cannot be
    read only `alidade_text` is filled. Raises Invalid where it is no reject file.
    """
    table = open_table(path, header=True, flag_formulas=False)
    if not table.is_reject:
        raise Invalid(f"{path.name} is no reject file.", remedy="Name the reject file.", code="no_reject_file")
    header = (*table.header, *REJECT_COLUMNS)
    whole = dataclasses.replace(table, header=header, is_reject=False)
    erased = 0
    file = AtomicText(path, bom=True)
    stream = file.open()
    try:
        _write_line(stream, header, table.dialect.delimiter)
        for item in whole.rows():
            if isinstance(item, Row):
                cells = tuple(restore(cell) for cell in item.cells)
            elif item.fatal:
                cells = tuple(item.raw.get(column, "") for column in header)
            else:
                continue
            if matches(dict(zip(header, cells, strict=True))):
                erased += 1
            else:
                _write_line(stream, cells, table.dialect.delimiter)
    except BaseException:
        file.discard()
        raise
    file.finish()
    return erased
