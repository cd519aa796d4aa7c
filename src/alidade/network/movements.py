"""Movements: records of somebody or something at places, and the journeys that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

Kind = Literal["movement", "port_call", "border_crossing", "seizure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One record of somebody or something at places: codes such as UN/LOCODE, a country code, or a crossing.

    `source` and `target` are the places; a port call or a seizure has only `target`. `subject` says whose movements
    follow one another (a vessel, a container, a person; a reference, never a name). Countries are codes of ISO 3166;
    where they are left out, they are the first two letters of a UN/LOCODE. `probability` is that of the record being
    true, from its grade; `quantity` what was moved or seized, in one unit that the caller chose.
    """

    target: str
    source: str | None = None
    departed: date | datetime | None = None
    arrived: date | datetime | None = None
    means: str = ""
    subject: str | None = None
    kind: Kind = "movement"
    probability: float = 1.0
    quantity: float | None = None
    source_country: str | None = None
    target_country: str | None = None


def country_of(place: str | None) -> str | None:
    """The country of a place code: the first two letters of a UN/LOCODE (NLRTM), or the code of a country itself."""
    if place is None:
        return None
    code = place.replace(" ", "").upper()
    return code[:2] if len(code) in (2, 5) and code[:2].isascii() and code[:2].isalpha() else None


def when(each: Movement) -> date | None:
    """The day on which it began, or, where that is not known, ended."""
    return _day(each.departed) or _day(each.arrived)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journeys:
    """All legs, those between port calls made from their order; legs that follow one another; how often they do not."""

    legs: tuple[Movement, ...]
    chains: tuple[tuple[Movement, ...], ...]
    broken: int


def journeys(records: Sequence[Movement], stay_days: int) -> Journeys:
    """The journeys of each subject: records at most `stay_days` apart, each beginning where the last ended."""
    legs = [each for each in records if each.source is not None]
    by_subject: dict[str, list[Movement]] = {}
    for each in records:
        if each.subject is not None and when(each) is not None and each.kind != "seizure":
            by_subject.setdefault(each.subject, []).append(each)
    chains: list[list[Movement]] = []
    broken = 0
    for subject in sorted(by_subject):
        known = sorted(by_subject[subject], key=lambda each: (when(each) or date.min, _day(each.arrived) or date.min))
        chain: list[Movement] = []
        last: Movement | None = None
        for each in known:
            near = last is not None and _gap_days(last, each) <= stay_days
            if each.source is None and last is not None and near and last.target != each.target:
                each = replace(
                    each,
                    source=last.target,
                    source_country=last.target_country,
                    departed=last.arrived or last.departed,
                    probability=min(each.probability, last.probability),
                )
                legs.append(each)
            if last is not None and near and each.source == last.target and each.source != each.target:
                chain.append(each)
            else:
                broken += last is not None and each.source is not None and each.source != last.target
                if chain:
                    chains.append(chain)
                chain = [each] if each.source is not None else []
            last = each
        if chain:
            chains.append(chain)
    alone = [[each] for each in legs if each.kind != "seizure" and (each.subject is None or when(each) is None)]
    return Journeys(legs=tuple(legs), chains=tuple(tuple(each) for each in chains + alone), broken=broken)


def _gap_days(last: Movement, then: Movement) -> int:
    end, begin = _day(last.arrived) or _day(last.departed), when(then)
    return abs((begin - end).days) if end and begin else 1_000_000


def countries_of(records: Iterable[Movement]) -> Mapping[str, str]:
    """The country of each place that was named."""
    known: dict[str, str] = {}
    for each in records:
        for place, country in ((each.source, each.source_country), (each.target, each.target_country)):
            found = country or country_of(place)
            if place is not None and found is not None:
                known[place] = found
    return known


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
