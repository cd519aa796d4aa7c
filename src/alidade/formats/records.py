"""Records of a delimited text, one after the other, with what could not be read of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alidade.formats.dialect import Dialect
from alidade.formats.encoding import TooLong, decode_line, raw_lines
from alidade.formats.record import Malformed, Record

_END_MARKS = ("\x1a", "\x00")
_MOST_COLUMNS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a cell and a row may be, in bytes of UTF-8."""

    cell: int = 1024 * 1024
    row: int = 4 * 1024 * 1024


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Cells:
    """A record that was read: its cells, its text as it stands, and what was odd about it."""

    cells: list[str]
    text: str
    stray: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that could not be read, and why; `text` is empty where it was not even taken in."""

    code: str
    reason: str
    text: str = ""


def records(path: Path, dialect: Dialect, limits: Limits) -> Iterator[Cells | Fault | None]:
    """Records in file order; None for an empty line, so that the count stays that of a spreadsheet."""
    lines = raw_lines(path, dialect.encoding, limits.row, dialect.line_end)
    waiting: deque[bytes | TooLong] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if isinstance(line, TooLong):
            yield Fault("row_too_long", f"The row is longer than {limits.row} bytes; it was not read.")
            continue
        taken: list[bytes | TooLong] = [line]
        result = _one_record(dialect, limits, taken, waiting, lines)
        if isinstance(result, Fault) and len(taken) > 1:
            waiting.extendleft(reversed(taken[1:]))
        yield result


def _one_record(
    dialect: Dialect,
    limits: Limits,
    taken: list[bytes | TooLong],
    waiting: deque[bytes | TooLong],
    lines: Iterator[bytes | TooLong],
) -> Cells | Fault | None:
    record = Record(dialect.delimiter, dialect.quote)
    texts: list[str] = []
    size = 0
    first = ""
    at_end = False
    while True:
        line = taken[-1]
        if isinstance(line, TooLong):
            return Fault("quote", "A quote is opened and never closed in this row.", first)
        size += len(line)
        text = decode_line(line, dialect.encoding)
        if text is None:
            shown = line.decode("utf-8", "replace").rstrip("\r\n")
            return Fault("encoding", f"The row has bytes that are not {dialect.encoding}.", first or shown)
        body = text.rstrip("\r\n")
        first = first or body
        if not texts and (not body or body in _END_MARKS):
            return None
        if size > limits.row:
            return Fault("quote", "A quote is opened and not closed within the longest row allowed.", first)
        if body.count(dialect.delimiter) >= _MOST_COLUMNS:
            return Fault("columns", f"The row has more than {_MOST_COLUMNS} columns.", first)
        try:
            record.add(body, text[len(body) :])
        except Malformed:
            return Fault("quote", "The quotes of the row do not match.", first)
        texts.append(text)
        at_end = not text.endswith(("\n", "\r"))
        if not record.is_open:
            return Cells(record.cells, "".join(texts).rstrip("\r\n"), record.stray, at_end)
        following = waiting.popleft() if waiting else next(lines, None)
        if following is None:
            return Fault("quote", "A quote is opened and never closed; the file may have been cut off.", first)
        taken.append(following)
