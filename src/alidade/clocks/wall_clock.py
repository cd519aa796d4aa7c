"""Between the clock on the wall of an authority and UTC, over days on which clocks are put forward or back."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from alidade.model.errors import Invalid

__all__ = ["end_of_day", "local", "shifted_date", "shifted_wall", "utc"]

LAST_YEAR: Final = 9990
"""Some years before the last that Python counts, so that no zone and no moved end reaches beyond it."""


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows, without zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def utc(wall: datetime, zone: ZoneInfo, *, twice: Literal["first", "second"] = "second") -> datetime:
    """The moment at which the clock on the wall shows `wall`.

    A time that is skipped when clocks go forward is the moment at which they do; a time that comes twice when they go
    back is the second, so that whoever owes an answer has the benefit, unless the first is asked for.
    """
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if after >= before:
        return before if twice == "first" else after
    low, high = after, before
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the last hour of the day is over: 24:00 on the wall."""
    return utc(datetime.combine(shifted_date(day, days=1), time()), zone, twice="first")


def shifted_date(day: date, *, days: int = 0, months: int = 0) -> date:
    """The date so many months and days later (earlier if negative).

    Where the last month lacks the date, its last day counts: 31 January and a month is 28 or 29 February, 29 February
    and a year 28 February (Regulation (EEC, Euratom) No 1182/71 Art. 3(2)(c)). Raises Invalid beyond the year 9990.
    """
    try:
        if months:
            year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
            day = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        day += timedelta(days=days)
    except (OverflowError, ValueError) as error:
        raise Invalid("The time runs beyond the years that can be counted.", remedy="Check its length.") from error
    if day.year > LAST_YEAR:
        raise Invalid("The time runs beyond the years that can be counted.", remedy="Check its length.")
    return day


def shifted_wall(moment: datetime, zone: ZoneInfo, *, days: int = 0, months: int = 0) -> datetime:
    """The moment (UTC) when the wall shows the same time of day, so many months and days later."""
    wall = local(moment, zone)
    return utc(datetime.combine(shifted_date(wall.date(), days=days, months=months), wall.time()), zone)
