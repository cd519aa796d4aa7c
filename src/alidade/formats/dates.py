"""Dates in normal form, whatever order of day and month the list uses."""

from __future__ import annotations

import re
from typing import Literal

from alidade.matching.partial_dates import PartialDate, parse_date

DateOrder = Literal["day_first", "month_first", "year_first"]

_NUMERIC = re.compile(r"\s*(\d{1,2})([./ -])(\d{1,2})\2(\d{2}|\d{4})(?:[ T]\d{1,2}:\d\d.*)?\s*")
_YEAR_FIRST = re.compile(r"\s*(\d{4})([./-]?)(\d\d)\2(\d\d)(?:[ T]\d{1,2}:?\d\d.*)?\s*")
_TURN = 30  # two-digit years above are of the last century: birth dates of people alive, permits in force


def normal_date(date: PartialDate) -> str:
    """ISO 8601 as far as known: 1964, 1964-07, 1964-07-31; a span 1964/1966; "about" as ~1964.

    `parse_date` of the result gives the same date.
    """
    text = f"{date.year:04d}"
    if date.month is not None:
        text += f"-{date.month:02d}"
        if date.day is not None:
            text += f"-{date.day:02d}"
    if date.until_year is not None:
        text = f"{date.year:04d}/{date.until_year:04d}"
    return f"~{text}" if date.about else text


def read_date(text: str, order: DateOrder = "day_first") -> str | None:
    """The date in normal form, or None where the text is none.

    Never guesses beyond `order`: a month above 12 under it gives None. Names of months and years written
    first leave no doubt and are always read.
    """
    if found := _YEAR_FIRST.fullmatch(text):
        date = parse_date(f"{found[1]}-{found[3]}-{found[4]}")
        return normal_date(date) if date else None
    if found := _NUMERIC.fullmatch(text):
        first, second, year = found[1], found[3], found[4]
        if len(year) == 2:
            if order == "year_first":
                return None
            year = ("19" if int(year) > _TURN else "20") + year
        day, month = (second, first) if order == "month_first" else (first, second)
        date = parse_date(f"{year}-{month}-{day}")
        return normal_date(date) if date and date.day is not None else None
    date = parse_date(text)
    return normal_date(date) if date else None
