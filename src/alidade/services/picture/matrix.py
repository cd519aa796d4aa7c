"""Matrix: which countries are tied to which, by the ties that a viewer sees between the things of one and another.

A thing is of a country by its nationality, flag, registration, or where it is; it may be of several. A tie without
direction counts both ways. A movement counts from the country of departure to that of destination, a seizure along
its route.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from alidade.model.evaluation import Evaluation
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.places import countries_of, spot_of
from alidade.services.picture.seeing import Picture, SeenThing, SeenTie
from alidade.services.picture.sights import (
    Ask,
    by_source,
    checked,
    dates_of,
    firm_enough,
    grade_of,
    picture_for,
    resting_on,
    within,
)
from alidade.store import directory
from alidade.store.reading import SeenStatement, reading
from alidade.vocabulary import Label, Vocabulary

MOST_LISTED: Final = 500
_OF: Final = ("nationality", "citizenship", "flag", "jurisdiction", "registrationCountry", "mainCountry", "country")
_ROUTES: Final = (("departureCountry", "destinationCountry"), ("routeFrom", "routeTo"))
_AT: Final = ("addressEntity", "Presence", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """One tie between countries: between two things, or the movement or seizure itself, which is then both ends."""

    key: str
    kind: str
    label: Label
    source: str
    source_caption: str
    target: str
    target_caption: str
    directed: bool
    pairs: tuple[tuple[str, str], ...]
    begin: str
    end: str
    evaluation: Evaluation
    statements: tuple[SeenStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Countries by countries. `cells` counts ties from the first to the second; `kinds` counts those of each kind.

    `kinds` are counted before the filter on kinds. `placeless` counts ties whose ends are of no known country.
    """

    countries: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    crossings: tuple[Crossing, ...]
    kinds: tuple[tuple[str, Label, int], ...]
    placeless: int
    cut: bool

    def listed(self, source: str, target: str) -> tuple[Crossing, ...]:
        """The ties of one cell, at most 500 of them."""
        return tuple(each for each in self.crossings if (source, target) in each.pairs)[:MOST_LISTED]


def draw_matrix(node: Node, actor: Actor, ask: Ask) -> Matrix:
    """The matrix that was asked for as this viewer sees it; an act in the ledger."""
    checked(ask)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            found = crossed(picture_for(view, node.vocabulary, ask), ask, node.vocabulary)
        shown = {each.record for crossing in found.crossings for each in crossing.statements}
        log(tx, actor, "picture_read", objects=sorted(shown), results=len(found.crossings),
            details={"view": "matrix"})  # fmt: skip
    return found


def crossed(picture: Picture, ask: Ask, vocabulary: Vocabulary) -> Matrix:
    """The matrix of these things and ties."""
    every = [
        each
        for each in (*_of_ties(picture), *_of_routes(picture, vocabulary))
        if within(each.begin, each.end, ask) and firm_enough(each.evaluation, ask)
    ]
    placed = [each for each in every if each.pairs]
    kinds: dict[str, tuple[Label, int]] = {}
    for each in placed:
        kinds[each.kind] = (each.label, kinds.get(each.kind, (each.label, 0))[1] + 1)
    chosen = [each for each in placed if not ask.kinds or each.kind in ask.kinds]
    cells: dict[tuple[str, str], int] = {}
    for each in chosen:
        for pair in each.pairs:
            cells[pair] = cells.get(pair, 0) + 1
    return Matrix(
        countries=_by_weight(cells),
        cells=MappingProxyType(cells),
        crossings=tuple(sorted(chosen, key=lambda each: each.key)),
        kinds=tuple((kind, *kinds[kind]) for kind in sorted(kinds)),
        placeless=len(every) - len(placed),
        cut=picture.cut,
    )


def _by_weight(cells: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    weight: dict[str, int] = {}
    for (source, target), count in cells.items():
        for country in {source, target}:
            weight[country] = weight.get(country, 0) + count
    return tuple(sorted(weight, key=lambda country: (-weight[country], country)))


def _of_ties(picture: Picture) -> Iterator[Crossing]:
    made = by_source(picture.ties)
    of = {key: _countries(thing, made, picture) for key, thing in picture.things.items()}
    for tie in picture.ties:
        one, other = of[tie.source], of[tie.target]
        ends = (picture.things[tie.source], picture.things[tie.target])
        pairs = {(a, b) for a in one for b in other}
        if not tie.directed:
            pairs |= {(b, a) for a, b in pairs}
        yield Crossing(
            key=tie.id, kind=tie.kind, label=tie.label, source=tie.source,
            source_caption=ends[0].caption, target=tie.target,
            target_caption=ends[1].caption, directed=tie.directed, pairs=tuple(sorted(pairs)),
            begin=tie.valid_from or "", end=tie.valid_to or "", evaluation=tie.evaluation,
            statements=(*tie.statements, *resting_on(ends[0], *_OF), *resting_on(ends[1], *_OF)),
        )  # fmt: skip


def _countries(thing: SeenThing, made: Mapping[str, dict[str, list[SeenTie]]], picture: Picture) -> tuple[str, ...]:
    """The countries that a thing is of; where it says none, those of where it is."""
    own = countries_of(thing.statements, _OF)
    if own:
        return own
    spots = [spot_of(thing.statements)]
    for name in _AT:
        spots += [spot_of(picture.things[tie.target].statements) for tie in made.get(thing.id, {}).get(name, ())]
    return tuple(sorted({spot.country for spot in spots if spot is not None and spot.country}))


def _of_routes(picture: Picture, vocabulary: Vocabulary) -> Iterator[Crossing]:
    for thing in picture.things.values():
        for begins, ends in _ROUTES:
            one, other = countries_of(thing.statements, (begins,)), countries_of(thing.statements, (ends,))
            if not one or not other:
                continue
            begin, end = dates_of(thing.statements)
            yield Crossing(
                key=f"{thing.id}:{begins}", kind=thing.thing, label=vocabulary.things[thing.thing].label,
                source=thing.id, source_caption=thing.caption, target=thing.id, target_caption=thing.caption,
                directed=True, pairs=tuple((a, b) for a in one for b in other), begin=begin, end=end,
                evaluation=grade_of(thing.statements), statements=thing.statements,
            )  # fmt: skip
