"""Zones: by whose wall clock and working days deadlines are counted, and when an authority is at work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from alidade.clocks import WorkCalendar
from alidade.model.directory import Authority
from alidade.model.errors import Invalid

_FILE: Final = Path(__file__).parents[1] / "data" / "state_zones.json"
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_ALWAYS: Final = re.compile(r"\b24\s*/\s*7\b|\b24\s*h\b", re.IGNORECASE)
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_SPAN: Final = re.compile(rf"\b({'|'.join(_DAYS)})[a-z]*(?:\s*-\s*({'|'.join(_DAYS)})[a-z]*)?", re.IGNORECASE)


@cache
def _zones() -> Mapping[str, str]:
    return msgspec.convert(msgspec.json.decode(_FILE.read_bytes())["zones"], dict[str, str])


def zone_of(authority: Authority | None) -> ZoneInfo:
    """The zone that the hours of its directory entry name, else that of its State, else UTC."""
    if authority is None:
        return ZoneInfo("UTC")
    named = [word.strip("(),;") for word in authority.hours.split() if "/" in word and not _ALWAYS.search(word)]
    for name in (*named, _zones().get(authority.party.state, "")):
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def calendar_of(authority: Authority | None) -> WorkCalendar | None:
    """The working days of its State or body; None where nobody knows them."""
    if authority is None:
        return None
    try:
        return WorkCalendar.of(authority.party.state)
    except Invalid:
        return None


def at_work(authority: Authority, now: datetime) -> bool:
    """Whether the hours of its directory entry say that it is at work now; where they say nothing readable, no.

    Read are spans such as "Mon-Fri 08:00-18:00" (each day where none is named) and "24/7".
    """
    if _ALWAYS.search(authority.hours):
        return True
    wall = now.astimezone(zone_of(authority))
    days = _days(authority.hours)
    for begin_hour, begin_minute, end_hour, end_minute in _SPAN.findall(authority.hours):
        begin, end = _time(begin_hour, begin_minute), _time(end_hour, end_minute)
        within = begin <= wall.time() < end if begin <= end else wall.time() >= begin or wall.time() < end
        if within and wall.weekday() in days:
            return True
    return False


def _days(hours: str) -> set[int]:
    found: set[int] = set()
    for first, last in _DAY_SPAN.findall(hours):
        begin = _DAYS.index(first.lower())
        end = _DAYS.index(last.lower()) if last else begin
        found.update(day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1))
    return found or set(range(7))


def _time(hour: str, minute: str) -> time:
    return time.max if int(hour) == 24 else time(int(hour) % 24, int(minute) % 60)
