"""Working days: of a State (library `holidays`), of the institutions of the Union (published lists), of a bank.

Public holidays are those of the State or institution in which action is to be taken; working days are all days other
than these, Sundays and Saturdays (Regulation (EEC, Euratom) No 1182/71 Art. 2). Where a State rests on other days of
the week, or works on a moved Saturday, its own week counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

import holidays

from alidade.clocks.calendar_file import DaysOff, calendar_file
from alidade.model.errors import Invalid

__all__ = ["WEEKENDS", "WorkCalendar"]

Kind = Literal["state", "list", "bank", "weekends"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """The days on which an authority works.

    code       as asked for: `ES`, `ES-MD`, `EUROPOL`
    kind, key  which calendar that is: of a State, a dated list, a bank, or Saturdays and Sundays alone
    part       part of the State whose own days count too (`MD`), empty for the national days alone
    verified   whether somebody checked that this authority follows that calendar
    source     where that stands
    """

    code: str
    kind: Kind
    key: str
    part: str = ""
    verified: bool = True
    source: str = ""

    @classmethod
    def of(cls, country_or_body: str) -> WorkCalendar:
        """The calendar of a State (`ES`), a part of it (`ES-MD`, ISO 3166-2), or a body (`EUROPOL`, `EU`, `ECB`).

        Raises Invalid where no calendar is known: a clock in working days cannot run there.
        """
        return _calendar(country_or_body.strip().upper())

    def is_working(self, day: date) -> bool:
        """Whether the authority works on that day."""
        return day not in _days_off(self.kind, self.key, self.part, day.year)

    def verified_in(self, year: int) -> bool:
        """Whether the days off of that year are known for certain.

        Not known are patterns, days that depend on the moon and are estimated, and years that lie more than one ahead
        of the file of calendars: States and banks change their days.
        """
        if self.kind == "list":
            return self.verified and any(each.year == year and each.verified for each in _list(self.key).years)
        known = self.verified and year <= calendar_file().date.year + 1
        return known and (self.kind != "state" or not _estimated(self.key, self.part, year))

    def on_or_after(self, day: date) -> date:
        """That day if it is a working day, else the next that is."""
        while not self.is_working(day):
            day = day + timedelta(days=1)
        return day

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, if negative); `day` itself is not counted."""
        step = 1 if count >= 0 else -1
        left = abs(count)
        while left:
            day = day + timedelta(days=step)
            left -= self.is_working(day)
        return day

    def count(self, after: date, until: date) -> int:
        """How many working days lie after the one day and not after the other; none if the order is the other."""
        days = (until - after).days
        return sum(self.is_working(after + timedelta(days=each)) for each in range(1, days + 1))


WEEKENDS: Final = WorkCalendar(code="", kind="weekends", key="", source="Saturdays and Sundays alone")
"""For authorities whose public holidays are not known: an end is moved off a weekend, not off a holiday."""


@lru_cache(maxsize=1024)
def _calendar(code: str) -> WorkCalendar:
    for body in calendar_file().bodies:
        if body.code == code:
            kind, key = _followed(body.follows)
            return WorkCalendar(code=code, kind=kind, key=key, verified=body.verified, source=body.source)
    country, _, part = code.partition("-")
    parts = holidays.list_supported_countries().get(country) if len(country) == 2 else None
    if parts is None or (part and part not in parts):
        raise Invalid(
            "No calendar of working days is known for this State or body.",
            remedy="Name a State by its two letters, a part of it as ISO 3166-2, or a body of the list.",
        )
    states = calendar_file().states
    return WorkCalendar(code=code, kind="state", key=country, part=part, verified=states.verified, source=states.source)


def _followed(follows: str) -> tuple[Kind, str]:
    if follows.startswith("bank:"):
        return "bank", follows.removeprefix("bank:")
    return ("list" if any(each.code == follows for each in calendar_file().lists) else "state"), follows


def _list(code: str) -> DaysOff:
    return next(each for each in calendar_file().lists if each.code == code)


@lru_cache(maxsize=4096)
def _days_off(kind: Kind, key: str, part: str, year: int) -> frozenset[date]:
    """All days of a year on which nobody works, weekends included; computed whole, so that threads can share it."""
    days = [date(year, 1, 1) + timedelta(days=each) for each in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)]
    if kind == "state" or kind == "bank":
        known = _known(kind, key, part, year)
        return frozenset(day for day in days if not known.is_working_day(day))
    off = frozenset(day for day in days if day.weekday() >= 5)
    return off if kind == "weekends" else off | _listed(_list(key), year)


@lru_cache(maxsize=4096)
def _estimated(key: str, part: str, year: int) -> bool:
    known = _known("state", key, part, year)
    return year not in known.years or any("estimated" in name for name in known.values())


def _known(kind: Kind, key: str, part: str, year: int) -> holidays.HolidayBase:
    """The holidays of one year; empty, with the weekends of the State, where the library knows nothing of that year."""

    def ask(years: tuple[int, ...]) -> holidays.HolidayBase:
        if kind == "bank":
            return holidays.financial_holidays(key, years=years, expand=False)
        return holidays.country_holidays(key, subdiv=part or None, years=years, expand=False, language="en_US")

    none = ask(())
    return ask((year,)) if none.start_year <= year <= none.end_year else none


def _listed(days_off: DaysOff, year: int) -> frozenset[date]:
    for each in days_off.years:
        if each.year == year:
            return frozenset(each.days)
    easter = _easter(year)
    fixed = (date.fromisoformat(f"{year:04}-{each}") for each in days_off.pattern.fixed)
    return frozenset(fixed) | {easter + timedelta(days=each) for each in days_off.pattern.easter}


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm, in the form of Meeus, Astronomical Algorithms)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, part = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * part + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)
