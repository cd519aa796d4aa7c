"""Sightings: which records say that a thing was at a place, and on which days; by a table in `data/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec


class SightingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a record of a type says it: who was seen, where, and which property has the day (the first that is said).

    A presence may last: where the day is that of its beginning, it goes on to its `endDate`.
    """

    thing: str
    seen: tuple[str, ...]
    place: str
    dates: tuple[str, ...]


class SightingRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `data/sightings.json`."""

    name: str
    version: str
    date: str
    licence: str
    source: str
    sightings: tuple[SightingRule, ...]


class Span(NamedTuple):
    """First and last day, as day numbers of `date.toordinal`."""

    first: int
    last: int


class Sighting(NamedTuple):
    """Somebody or something (a record) at a place (a record), in a time where one is said, by a record."""

    seen: str
    place: str
    span: Span | None
    by: str


@cache
def sighting_rules() -> tuple[SightingRule, ...]:
    """The rules that come with Alidade, read once."""
    content = (Path(__file__).parent / "data" / "sightings.json").read_bytes()
    return msgspec.json.decode(content, type=SightingRules).sightings


def sightings_in(record: str, thing: str, said: Mapping[str, Sequence[str]]) -> Iterator[Sighting]:
    """The sightings that one record tells of, by what is said of each of its properties."""
    for rule in sighting_rules():
        if rule.thing != thing or not said.get(rule.place):
            continue
        span = _span_of(rule, said)
        for name in rule.seen:
            for seen in said.get(name, ()):
                for place in said[rule.place]:
                    yield Sighting(seen, place, span, record)


def _span_of(rule: SightingRule, said: Mapping[str, Sequence[str]]) -> Span | None:
    name = next((each for each in rule.dates if said.get(each)), None)
    if name is None:
        return None
    first = span_of(min(said[name]))
    if name == "startDate" and "endDate" in rule.dates and said.get("endDate"):
        last = span_of(max(said["endDate"]))
        if first is not None and last is not None and last.last >= first.first:
            return Span(first.first, last.last)
    return first


@lru_cache(maxsize=10_000)  # the days of a few years come again and again
def span_of(text: str | None) -> Span | None:
    """The days that a date may mean: of a month or a year all of its days. None for what is no date."""
    parts = (text or "")[:10].split("-")
    try:
        numbers = [int(each) for each in parts]
        if len(numbers) == 3:
            day = date(*numbers).toordinal()
            return Span(day, day)
        if len(numbers) == 2:
            year, month = numbers
            after = date(year + month // 12, month % 12 + 1, 1)
            return Span(date(year, month, 1).toordinal(), after.toordinal() - 1)
        return Span(date(numbers[0], 1, 1).toordinal(), date(numbers[0], 12, 31).toordinal())
    except ValueError:
        return None


def meets(span: Span | None, since: str, until: str) -> bool:
    """Whether something lay, at least partly, between two days; without the days always, without a time of it never."""
    if not since and not until:
        return True
    if span is None:
        return False
    first, last = span_of(since), span_of(until)
    return (first is None or span.last >= first.first) and (last is None or span.first <= last.last)
