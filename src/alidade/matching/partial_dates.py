"""Dates as they stand in files: a day, a month, a year, a span or "about".

ISO 8601 forms, the forms of the OFAC and UN lists ("31 Jul 1964", "circa 1965", "1964 to 1966") and
day-month-year with dots, blanks or strokes. A text in which day and month cannot be told apart by value
(03/04/1964) is read day first.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Final, Literal

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier enero janeiro ene",
            "feb february fevrier febrero fevereiro fev",
            "mar march mars marzo marco",
            "apr april avril abril abr avr",
            "may mai mayo maio",
            "jun june juin junio junho",
            "jul july juillet julio julho",
            "aug august aout agosto ago",
            "sep sept september septembre septiembre setembro set",
            "oct october octobre octubre outubro out",
            "nov november novembre noviembre novembro",
            "dec december decembre diciembre dezembro dic dez",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO: Final = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?$")
_DAY_FIRST: Final = re.compile(r"^(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})$")
_NAMED: Final = re.compile(r"^(?:(\d{1,2})(?:st|nd|rd|th)?[ .-]*(?:de )?)?([^\W\d_]{3,10})\.?[ ,.-]*(?:de )?(\d{4})$")
_AMERICAN: Final = re.compile(r"^([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_ABOUT: Final = re.compile(r"^(?:circa|about|approximately|approx\.?|c\.?a?\.?|vers|hacia|around|~)\s*", re.IGNORECASE)
_SPAN: Final = re.compile(r"\s*(?: to | - |\u2013|/(?=\d{4}$)| and | or |(?<=^\d{4})-(?=\d{4}$))\s*", re.IGNORECASE)
_LONGEST: Final = 64

Agreement = Literal["equal", "swapped", "month", "year", "near", "contradicts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date as far as it is known; `until_year` for a span of years, `about` for "circa"."""

    year: int
    month: int | None = None
    day: int | None = None
    until_year: int | None = None
    about: bool = False


def parse_date(text: str) -> PartialDate | None:
    """Read a date in one of the usual forms; None where it is no date (never an error)."""
    text = " ".join(text[: _LONGEST + 1].split())
    if not text or len(text) > _LONGEST:
        return None
    about = _ABOUT.match(text)
    if about and about.end() < len(text):
        text = text[about.end() :]
    span = _SPAN.split(text)
    if len(span) == 2:
        first, last = _single(span[0]), _single(span[1])
        if first and last and first.year <= last.year:
            if first.year == last.year:
                return PartialDate(year=first.year, about=about is not None)
            return PartialDate(year=first.year, until_year=last.year, about=about is not None)
    single = _single(text)
    if single is None or not about:
        return single
    return PartialDate(year=single.year, month=single.month, day=single.day, about=True)


def _single(text: str) -> PartialDate | None:
    if found := _ISO.match(text):
        return _date(found[1], found[2], found[3])
    if found := _DAY_FIRST.match(text):
        day_first = _date(found[3], found[2], found[1])
        return day_first or _date(found[3], found[1], found[2])
    lowered = text.casefold().replace("é", "e").replace("û", "u").replace("ç", "c")
    if found := _NAMED.match(lowered):
        month = _MONTHS.get(found[2])
        return _date(found[3], str(month), found[1]) if month else None
    if found := _AMERICAN.match(lowered):
        month = _MONTHS.get(found[1])
        return _date(found[3], str(month), found[2]) if month else None
    return None


def _date(year_text: str, month_text: str | None, day_text: str | None) -> PartialDate | None:
    year = int(year_text)
    month = int(month_text) if month_text else None
    day = int(day_text) if day_text else None
    # Lists write an unknown month or day as zeros.
    month, day = month or None, (day or None) if month else None
    if not 1000 <= year <= 2999 or (month is not None and month > 12):
        return None
    if day is not None and month is not None and day > monthrange(year, month)[1]:
        return None
    return PartialDate(year=year, month=month, day=day)


def agreement(left: PartialDate, right: PartialDate) -> Agreement:
    """How two dates agree, as far as both are known; symmetric.

    equal        same day
    swapped      same day with day and month exchanged
    month, year  same as far as the less exact one goes
    near         within the span, or one year apart where one is "about"
    contradicts  cannot be the same date
    """
    exact = not (left.about or right.about or left.until_year or right.until_year)
    if not exact:
        slack = 1 if left.about or right.about else 0
        apart = max(left.year, right.year) - min(left.until_year or left.year, right.until_year or right.year)
        if left.year == right.year and left.until_year == right.until_year:
            return "year"
        return "near" if apart <= slack else "contradicts"
    if left.year != right.year:
        return "contradicts"
    if left.month is None or right.month is None:
        return "year"
    if left.day is None or right.day is None:
        return "month" if left.month == right.month else "contradicts"
    if (left.month, left.day) == (right.month, right.day):
        return "equal"
    return "swapped" if (left.month, left.day) == (right.day, right.month) else "contradicts"


def slip_apart(left: PartialDate, right: PartialDate) -> bool:
    """Whether two full dates differ as one slip makes them: in one digit, or two turned round, of day, month or year.

    A decade is no slip: dates ten years apart are two people more often than one.
    """
    one, other = (left.day, left.month, left.year), (right.day, right.month, right.year)
    if None in (*one, *other) or left.about or right.about:
        return False
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differing) != 1:
        return False
    first, second = (f"{each:02d}" for each in differing[0])
    if left.year != right.year and abs(left.year - right.year) >= 10 and sorted(first) != sorted(second):
        return False
    return sum(a != b for a, b in zip(first, second, strict=True)) == 1 or sorted(first) == sorted(second)


def years_apart(left: PartialDate, right: PartialDate) -> int:
    """Full years between two dates or spans of years; 0 where they meet."""
    apart = max(left.year, right.year) - min(left.until_year or left.year, right.until_year or right.year)
    return max(0, apart)
