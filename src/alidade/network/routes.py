"""Routes: by which ways goods and people go, from recorded movements, port calls, border crossings and seizures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, Literal

from alidade.model.errors import Invalid
from alidade.network.betweenness import betweenness
from alidade.network.graph import Graph
from alidade.network.movements import Movement, countries_of, journeys, when
from alidade.network.route_lines import leg_betweenness

Period = Literal["day", "month", "quarter", "year"]
_EXACT: Final = 2_000  # places up to which betweenness is exact
_SAMPLES: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One way from a place to the next: how many records (`expected`: weighted by their probability), means, time."""

    source: str
    target: str
    count: int
    expected: float
    share: float
    seizures: int
    means: Mapping[str, int]
    first: date | None
    last: date | None
    betweenness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """A chain of places that the same subjects went through, in order; `subjects` is how many different ones."""

    places: tuple[str, ...]
    count: int
    subjects: int
    expected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place: what comes, goes, passes through and was seized there, and its share of all shortest ways."""

    place: str
    country: str | None
    arrivals: int
    departures: int
    transits: int
    seizures: int
    quantity: float
    betweenness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transit:
    """A country in the middle of journeys: `share` of the journeys with a middle whose middle leads through it."""

    country: str
    journeys: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What the records do not say: `reason` and how many records or chains it concerns."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Legs, corridors, places and transit countries, their shares in time, how spread they are, and what is missing.

    `entropy` is that of the shares of legs in bits, `evenness` the same as a share of the largest possible (0: one way
    alone, 1: all alike). `shares` gives for each period the share of each leg, `seen` how many records there were.
    """

    legs: tuple[Leg, ...]
    corridors: tuple[Corridor, ...]
    places: tuple[Place, ...]
    transits: tuple[Transit, ...]
    shares: Mapping[str, Mapping[tuple[str, str], float]]
    seen: Mapping[str, int]
    entropy: float
    evenness: float
    gaps: tuple[Gap, ...]
    records: int
    method: str
    parameters: Mapping[str, Any]
    seed: int


def routes(
    movements: Iterable[Movement],
    *,
    period: Period = "month",
    longest: int = 5,
    least: int = 2,
    stay_days: int = 30,
    seed: int = 0,
) -> Routes:
    """Which ways are taken, how often, by whom in what order, through which countries, and how that changes.

    Records of one subject within `stay_days` of each other, one beginning where the last ended, make a journey;
    port calls of a subject in order of time make legs. `corridors` are chains of three to `longest` places taken at
    least `least` times. Betweenness takes the legs as a directed graph. Every figure is a count of records, so it says
    where was looked and found as much as where traffic is: `gaps` says what is missing. Raises Invalid for none at
    all, or a probability that is not between 0 and 1.
    """
    records = tuple(movements)
    _check(records, longest, least, stay_days)
    found = journeys(records, stay_days)
    ordered, chains = found.legs, found.chains
    counted = _legs(ordered)
    between_places, between_legs = _between(tuple(counted), seed)
    whole = sum(each.probability for many in counted.values() for each in many) or 1.0
    legs = tuple(
        sorted(
            (_leg(ends, many, whole, between_legs.get(ends, math.nan)) for ends, many in counted.items()),
            key=lambda each: (-each.expected, each.source, each.target),
        )
    )
    spread = -sum(each.share * math.log2(each.share) for each in legs if each.share > 0)
    shares, seen = _in_time(counted, period)
    return Routes(
        legs=legs, corridors=_corridors(chains, longest, least),
        places=_places(records, ordered, chains, between_places), transits=_transits(chains, countries_of(records)),
        shares=shares, seen=seen, entropy=spread, evenness=spread / math.log2(len(legs)) if len(legs) > 1 else 0.0,
        gaps=_gaps(records, found.broken), records=len(records),
        method="counts of records, weighted by their probability",
        parameters=MappingProxyType(
            {"period": period, "longest": longest, "least": least, "stay_days": stay_days}
        ),
        seed=seed,
    )  # fmt: skip


def _check(records: Sequence[Movement], longest: int, least: int, stay_days: int) -> None:
    if not records:
        raise Invalid("Without any movement there are no routes.", remedy="Give at least one record.")
    if any(not 0 <= each.probability <= 1 for each in records):
        raise Invalid("A probability is not between 0 and 1.", remedy="Use the table of grades.")
    if any(not each.target for each in records):
        raise Invalid("A movement leads to no place.", remedy="Give the code of the place where it was recorded.")
    if longest < 3 or least < 1 or stay_days < 1:
        raise Invalid("Corridors need three places, one journey and one day at least.", remedy="Raise the parameter.")


def _between(legs: Sequence[tuple[str, str]], seed: int) -> tuple[Mapping[str, float], Mapping[tuple[str, str], float]]:
    """Betweenness of each place and of each leg; of legs only while there are at most 2,000 places."""
    if not legs:
        return {}, {}
    graph = Graph.from_edges([one for one, _ in legs], [two for _, two in legs], directed=True)
    small = graph.n <= _EXACT
    scores = betweenness(graph, samples=None if small else _SAMPLES, seed=seed)
    return {place: float(scores[place]) for place in graph.ids}, leg_betweenness(graph) if small else {}


def _legs(legs: Iterable[Movement]) -> dict[tuple[str, str], list[Movement]]:
    counted: dict[tuple[str, str], list[Movement]] = {}
    for each in legs:
        if each.source is not None and each.source != each.target:
            counted.setdefault((each.source, each.target), []).append(each)
    return counted


def _leg(ends: tuple[str, str], many: Sequence[Movement], whole: float, between: float) -> Leg:
    days = [day for day in (when(each) for each in many) if day is not None]
    expected = sum(each.probability for each in many)
    return Leg(
        source=ends[0], target=ends[1], count=len(many), expected=expected, share=expected / whole,
        seizures=sum(each.kind == "seizure" for each in many),
        means=_tally(each.means for each in many if each.means), first=min(days, default=None),
        last=max(days, default=None), betweenness=between,
    )  # fmt: skip


def _tally(values: Iterable[str]) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for each in values:
        counted[each] = counted.get(each, 0) + 1
    return MappingProxyType(dict(sorted(counted.items(), key=lambda item: (-item[1], item[0]))))


def _stops(chain: Sequence[Movement]) -> tuple[str, ...]:
    first = chain[0].source
    return (*((first,) if first is not None else ()), *(each.target for each in chain))


def _corridors(chains: Sequence[Sequence[Movement]], longest: int, least: int) -> tuple[Corridor, ...]:
    found: dict[tuple[str, ...], list[tuple[str | None, float]]] = {}
    for chain in chains:
        stops = _stops(chain)
        for size in range(3, longest + 1):
            for at in range(len(stops) - size + 1):
                sure = math.prod(each.probability for each in chain[at : at + size - 1])
                found.setdefault(stops[at : at + size], []).append((chain[0].subject, sure))
    rows = [
        Corridor(
            places=places,
            count=len(many),
            subjects=len({subject for subject, _ in many}),
            expected=sum(sure for _, sure in many),
        )
        for places, many in found.items()
        if len(many) >= least
    ]
    return tuple(sorted(rows, key=lambda each: (-each.count, -len(each.places), each.places)))


def _transits(chains: Sequence[Sequence[Movement]], countries: Mapping[str, str]) -> tuple[Transit, ...]:
    """Countries passed between the first and the last, neither of which counts as transit."""
    counted: dict[str, int] = {}
    journeys = 0
    for chain in chains:
        stops = _stops(chain)
        if len(stops) > 2:
            journeys += 1
            ends = {countries.get(stops[0]), countries.get(stops[-1])}
            for country in {countries[each] for each in stops[1:-1] if each in countries} - ends:
                counted[country] = counted.get(country, 0) + 1
    order = sorted(counted, key=lambda country: (-counted[country], country))
    return tuple(
        Transit(country=country, journeys=counted[country], share=counted[country] / journeys) for country in order
    )


def _places(
    records: Sequence[Movement],
    legs: Sequence[Movement],
    chains: Sequence[Sequence[Movement]],
    between: Mapping[str, float],
) -> tuple[Place, ...]:
    countries = countries_of(records)
    arrivals = Counter(each.target for each in legs)
    departures = Counter(each.source for each in legs)
    transits = Counter(before.target for chain in chains for before, _ in pairwise(chain))
    seizures = Counter(each.target for each in records if each.kind == "seizure")
    quantity: dict[str, float] = {}
    for each in records:
        if each.kind == "seizure":
            quantity[each.target] = quantity.get(each.target, 0.0) + (each.quantity or 0.0)
    names = {each.target for each in records} | {each.source for each in records if each.source is not None}
    rows = [
        Place(
            place=name,
            country=countries.get(name),
            arrivals=arrivals[name],
            departures=departures[name],
            transits=transits[name],
            seizures=seizures[name],
            quantity=quantity.get(name, 0.0),
            betweenness=between.get(name, 0.0),
        )
        for name in names
    ]
    return tuple(sorted(rows, key=lambda each: (-each.betweenness, -(each.arrivals + each.departures), each.place)))


def _period(day: date, period: Period) -> str:
    if period == "day":
        return day.isoformat()
    if period == "month":
        return f"{day.year:04d}-{day.month:02d}"
    return f"{day.year:04d}" + (f"-Q{(day.month + 2) // 3}" if period == "quarter" else "")


def _in_time(
    counted: Mapping[tuple[str, str], Sequence[Movement]], period: Period
) -> tuple[Mapping[str, Mapping[tuple[str, str], float]], Mapping[str, int]]:
    sums: dict[str, dict[tuple[str, str], float]] = {}
    seen: dict[str, int] = {}
    for ends, many in counted.items():
        for each in many:
            day = when(each)
            if day is not None:
                key = _period(day, period)
                part = sums.setdefault(key, {})
                part[ends] = part.get(ends, 0.0) + each.probability
                seen[key] = seen.get(key, 0) + 1
    shares = {
        key: MappingProxyType({ends: much / (sum(sums[key].values()) or 1.0) for ends, much in sums[key].items()})
        for key in sorted(sums)
    }
    return MappingProxyType(shares), MappingProxyType({key: seen[key] for key in sorted(seen)})


def _gaps(records: Sequence[Movement], broken: int) -> tuple[Gap, ...]:
    countries = countries_of(records)
    moves = [each for each in records if each.kind != "seizure"]
    places = {place for each in records for place in (each.source, each.target) if place is not None}
    nowhere = sum(each.source is None and each.kind == "movement" for each in moves)
    caught = [each for each in records if each.kind == "seizure"]
    found = (
        ("records without a time", sum(when(each) is None for each in records)),
        ("movements without a place of departure", nowhere),
        ("movements without a subject, which make no journey", sum(each.subject is None for each in moves)),
        ("movements without means", sum(not each.means for each in moves)),
        ("journeys that begin elsewhere than the last one ended", broken),
        ("places without a known country", len(places - set(countries))),
        ("seizures without a route to them", sum(each.source is None for each in caught)),
    )  # fmt: skip
    return tuple(Gap(reason=reason, count=count) for reason, count in found if count)
