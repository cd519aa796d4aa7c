"""Which calendar a State or body follows, and the dated lists of days off, as data."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from alidade.vocabulary import DamagedVocabulary
from alidade.vocabulary.labels import Word

__all__ = ["Body", "CalendarFile", "DaysOff", "Pattern", "YearList", "calendar_file", "read_calendars"]

FILE: Final = Path(__file__).parent / "data" / "calendars.json"

MonthDay = Annotated[str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class States(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the days of the States come from."""

    source: Word
    verified: bool


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which calendar a body follows: a dated list (`EU`), a bank (`bank:XECB`) or a State (`FR`)."""

    code: Word
    follows: Word
    source: Word
    verified: bool


class YearList(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days off of one year, as published."""

    year: int
    days: tuple[dt.date, ...]
    source: Word
    verified: bool


class Pattern(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the lists have in common: days of the year, and days counted from Easter Sunday (Gregorian)."""

    source: Word
    fixed: tuple[MonthDay, ...]
    easter: tuple[int, ...]


class DaysOff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The dated lists of one body, and the pattern for years without a list."""

    code: Word
    pattern: Pattern
    years: tuple[YearList, ...]


class CalendarFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file of calendars."""

    name: Literal["calendars"]
    version: Word
    source: Word
    date: dt.date
    licence: Word
    note: str
    states: States
    bodies: tuple[Body, ...]
    lists: tuple[DaysOff, ...]


def read_calendars(content: bytes, file: str = FILE.name) -> CalendarFile:
    """The calendars in a file, checked strictly; raises DamagedVocabulary naming file, entry and reason."""
    try:
        found = msgspec.json.decode(content, type=CalendarFile)
    except msgspec.DecodeError as error:
        raise DamagedVocabulary(file, None, str(error)) from error
    for each in found.lists:
        for listed in each.years:
            if any(day.year != listed.year for day in listed.days):
                raise DamagedVocabulary(file, f"list {each.code!r}, year {listed.year}", "holds a day of another year")
    return found


@lru_cache(maxsize=1)
def calendar_file() -> CalendarFile:
    """The calendars that come with Alidade."""
    return read_calendars(FILE.read_bytes())
