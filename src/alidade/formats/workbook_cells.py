"""Cells of a workbook as text: shared texts, numbers as written, dates in ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alidade.formats.xml_source import Element

MOST_COLUMNS: Final = 4_096
_REFERENCE = re.compile(r"([A-Z]{1,3})[1-9]\d{0,6}")
# Numbers of the built-in formats that show a date or a time (ECMA-376 Part 1, 18.8.30).
_BUILT_IN: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_DURATIONS: Final = frozenset({46})
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DIGITS = re.compile(r"-?(?:0|[1-9]\d*)", re.ASCII)
_EXACT = 10**15  # a workbook keeps 15 digits of a number


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its column (from 1), its text, and codes of what was noticed."""

    column: int
    text: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What all sheets share: texts, which styles show dates and which durations, and the day zero of dates."""

    texts: Sequence[str] = ()
    dates: frozenset[int] = frozenset()
    durations: frozenset[int] = frozenset()
    from_1904: bool = False


def styles_of(formats: Mapping[int, str], cell_formats: Sequence[int]) -> tuple[frozenset[int], frozenset[int]]:
    """The styles that show dates and those that show durations, from the formats of numbers."""
    dates: set[int] = set()
    durations: set[int] = set()
    for style, number in enumerate(cell_formats):
        code = _NOT_FORMAT.sub("", formats[number][:500]).split(";")[0] if number in formats else ""
        if number in _DURATIONS or _DURATION.search(code):
            durations.add(style)
        elif number in _BUILT_IN or (code.casefold() != "general" and _DATE.search(code)):
            dates.add(style)
    return frozenset(dates), frozenset(durations)


def text_of(element: Element) -> str:
    """The text of a shared or inline text: its runs together, without the readings of Asian names."""
    parts = [child.text for child in element.children if child.name == "t"]
    for run in element.children:
        if run.name == "r":
            parts += [child.text for child in run.children if child.name == "t"]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(parts))


def cells_of(row: Element, book: Book) -> list[Cell]:
    """The cells of a row that have a text, in their order; a cell beyond the widest row raises OverflowError."""
    found: list[Cell] = []
    column = 0
    for element in row.children:
        if element.name != "c":
            continue
        reference = _REFERENCE.fullmatch(element.attributes.get("r", ""))
        column = _number(reference[1]) if reference else column + 1
        if column > MOST_COLUMNS:
            raise OverflowError
        cell = _cell(column, element, book)
        if cell.text or cell.remarks:
            found.append(cell)
    return found


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _cell(column: int, element: Element, book: Book) -> Cell:
    kind = element.attributes.get("t", "n")
    remarks: list[str] = []
    value = ""
    for child in element.children:
        if child.name == "f":
            remarks.append("formula")
        elif child.name == "v":
            value = child.text
        elif child.name == "is":
            value = text_of(child)
    text = value
    if kind == "s":
        index = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
        text = book.texts[index] if 0 <= index < len(book.texts) else ""
        if value and not 0 <= index < len(book.texts):
            remarks.append("lost_text")
    elif kind == "b":
        text = {"1": "true", "0": "false"}.get(value.strip(), value)
    elif kind == "e":
        text = ""
        remarks.append("error_cell")
    elif kind == "n" and value.strip():
        text = _shown(value.strip(), element.attributes.get("s", "0"), book, remarks)
    return Cell(column, text, tuple(remarks))


def _shown(value: str, style_text: str, book: Book, remarks: list[str]) -> str:
    style = int(style_text) if style_text.isascii() and style_text.isdigit() and len(style_text) < 10 else 0
    try:
        number = float(value)
    except ValueError:
        remarks.append("no_number")
        return value
    if style in book.dates or style in book.durations:
        shown = _duration(number) if style in book.durations else _date(number, book.from_1904)
        if shown is None:
            remarks.append("no_date")
            return value
        return shown
    if number != number or number in (float("inf"), float("-inf")):
        remarks.append("no_number")
        return value
    if number.is_integer() and abs(number) < 1e21:
        if abs(number) >= _EXACT:
            remarks.append("digits_lost")
        return value if _DIGITS.fullmatch(value) else str(int(number))
    return repr(number)


def _date(number: float, from_1904: bool) -> str | None:
    """Day 1 is 1 January 1900; day 60 is the 29 February that 1900 did not have."""
    if not 0 <= number < 2_958_466 or (not from_1904 and 60 <= number < 61):
        return None
    if number < 1 and not from_1904:
        return _time(number)
    zero = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if number >= 61 else 31)  # noqa: DTZ001
    try:
        moment = zero + timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return None
    if not (moment.hour or moment.minute or moment.second):
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds")


def _time(number: float) -> str:
    seconds = min(round(number * 86_400), 86_399)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _duration(number: float) -> str | None:
    if not 0 <= number < 10_000_000:
        return None
    seconds = round(number * 86_400)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
