"""Record: the cells of one row of delimited text (RFC 4180), line by line, strict about closing quotes."""

from __future__ import annotations


class Malformed(Exception):
    """A closing quote is followed by something other than a delimiter or the end of the line."""


class Record:
    """Takes physical lines until the record is complete; work is linear in the text given.

    A quote inside an unquoted cell is text (`stray` is then true): 5" pipe stays 5" pipe.
    """

    __slots__ = ("_delimiter", "_open", "_quote", "cells", "stray")

    def __init__(self, delimiter: str, quote: str) -> None:
        self._delimiter = delimiter
        self._quote = quote
        self._open: list[str] | None = None
        self.cells: list[str] = []
        self.stray = False

    @property
    def is_open(self) -> bool:
        """Whether a quoted cell still waits for its closing quote."""
        return self._open is not None

    def add(self, line: str, ending: str) -> None:
        """Take one more line without its ending. Raises Malformed."""
        if self._open is None and self._quote not in line:
            self.cells.extend(line.split(self._delimiter))
            return
        position = 0
        if self._open is not None:
            position = self._close(line, 0)
        while 0 <= position <= len(line):
            position = self._cell(line, position)
        if self._open is not None:
            self._open.append(ending)

    def _cell(self, line: str, start: int) -> int:
        """Read the cell that starts here; where the next one starts, or -1 at the end of the line."""
        first = start
        while line.startswith(" ", first):
            first += 1
        if line.startswith(self._quote, first):
            self._open = []
            return self._close(line, first + 1)
        end = line.find(self._delimiter, start)
        cell = line[start:] if end < 0 else line[start:end]
        self.stray = self.stray or self._quote in cell
        self.cells.append(cell)
        return -1 if end < 0 else end + 1

    def _close(self, line: str, start: int) -> int:
        """Look for the closing quote of the open cell from here on."""
        pieces = self._open
        if pieces is None:
            raise AssertionError
        quote = self._quote
        while True:
            end = line.find(quote, start)
            if end < 0:
                pieces.append(line[start:])
                return -1
            pieces.append(line[start:end])
            if not line.startswith(quote, end + 1):
                break
            pieces.append(quote)
            start = end + 2
        self.cells.append("".join(pieces))
        self._open = None
        after = end + 1
        while line.startswith(" ", after):
            after += 1
        if after >= len(line):
            return -1
        if line[after] != self._delimiter:
            raise Malformed
        return after + 1
