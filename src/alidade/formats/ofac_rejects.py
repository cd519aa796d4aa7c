"""Rejects of an OFAC list: a folder of the same files, in its own form, to be mended and given again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO

from alidade.formats.atomic import AtomicText
from alidade.formats.formula import neutralise
from alidade.formats.ofac_files import COLUMNS, REASONS, SourceRow, find_file, line_of, read_rows
from alidade.formats.table import TEXT_COLUMN
from alidade.model.draft import Problem
from alidade.model.errors import Invalid

_REASON_COLUMNS = ("file", "row", "rejected_row", "field", "code", "reason")
_FOLDER_MODE = 0o700


class OfacRejects:
    """Keeps the rows of rejected entries, whole entries together, and the reasons in reasons.csv.

    A context manager; the folder is made on entering and must not hold an OFAC list already. `count` is the
    number of rows kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, tuple[AtomicText, IO[str]]] = {}
        self._numbers: dict[str, int] = {}
        self._lines: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many rows were kept."""
        return len(self._lines)

    def __enter__(self) -> OfacRejects:
        try:
            self.folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        except OSError as error:
            raise Invalid(
                f"The folder {self.folder.name} cannot be made: {type(error).__name__}.",
                remedy="Name another place for the rejects.",
                code="no_access",
            ) from error
        if any(find_file(self.folder, kind) for kind in COLUMNS):
            raise Invalid(
                f"The folder {self.folder.name} already holds an OFAC list.",
                remedy="Name an empty folder for the rejects.",
                code="not_empty",
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file, _ in self._files.values():
            if kind is None:
                file.finish()
            else:
                file.discard()

    def write(self, problem: Problem) -> None:
        """Keep the rows of a problem, each once, and its reason; one without rows is passed over."""
        if not problem.raw:
            return
        own = f"{problem.place.file.removesuffix('.csv')}:{problem.place.row}"
        for key, line in problem.raw.items():
            if key not in self._lines:
                self._lines[key] = self._write(key.partition(":")[0], line)
        place = problem.place
        cells = (
            place.file,
            str(place.row),
            str(self._lines.get(own, "")),
            problem.field,
            problem.code,
            problem.reason,
        )
        self._write("reasons", _csv_line(cells))

    def _write(self, kind: str, line: str) -> int:
        if kind not in self._files:
            file = AtomicText(self.folder / f"{kind}.csv")
            stream = file.open()
            self._files[kind] = (file, stream)
            self._numbers[kind] = 0
            if kind == "reasons":
                stream.write(_csv_line(_REASON_COLUMNS) + "\r\n")
        self._files[kind][1].write(line.rstrip("\r\n") + "\r\n")
        self._numbers[kind] += 1
        return self._numbers[kind]


def _csv_line(cells: tuple[str, ...]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow([neutralise(cell) for cell in cells])
    return target.getvalue()


def erase_ofac_rows(folder: Path, matches: Callable[[Mapping[str, str]], bool]) -> int:
    """Take the matching rows out of a folder of OFAC rejects, for an erasure; how many were taken out.

    `matches` is given each row as column to cell, with the kind of its file under "file"; of rows that cannot
    be read only `alidade_text` is given. Each file is replaced as a whole. Raises Invalid where the folder
    holds no rejects.
    """
    if not (folder / REASONS).exists():
        raise Invalid(f"{folder.name} holds no rejects.", remedy="Name the folder.", code="no_reject_file")
    erased = 0
    for kind in COLUMNS:
        path = find_file(folder, kind)
        if path is None:
            continue
        lines: list[str] = []
        before = erased
        for item in read_rows(folder, kind):
            cells, line = _shown(kind, item)
            if not line:
                continue
            if matches(cells):
                erased += 1
            else:
                lines.append(line)
        if erased > before:
            file = AtomicText(path)
            stream = file.open()
            stream.writelines(f"{line}\r\n" for line in lines)
            file.finish()
    return erased


def _shown(kind: str, item: SourceRow | Problem) -> tuple[dict[str, str], str]:
    if isinstance(item, SourceRow):
        return {"file": kind, **item.cells}, line_of(item)
    line = "".join(item.raw.values())
    return {"file": kind, TEXT_COLUMN: line}, line
