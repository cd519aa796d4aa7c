"""Mapping: what a viewer sees that has a place: ports, addresses, seizures, movements, and who was where.

Everything is worked out from what this viewer may see: what is absent for him stands nowhere and counts in nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from alidade.model.evaluation import Evaluation
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.captions import firmness
from alidade.services.picture.map_routes import Way, ways_of
from alidade.services.picture.places import PLACING, Spot, country_spot, port_names, spot_of
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
    types_below,
    within,
)
from alidade.store import directory
from alidade.store.reading import ReaderView, SeenStatement, reading
from alidade.vocabulary import Vocabulary

Group = Literal["place", "seizure", "event", "movement", "presence"]
GROUPS: Final[tuple[Group, ...]] = ("place", "seizure", "event", "movement", "presence")
MOST_MARKS: Final = 2_000
MOST_LEGS: Final = 1_000
_AT: Final = ("place", "location", "addressEntity")  # by which an event points to its place
_FROM: Final = ("departure", "startLocation", "fromPlace")
_TO: Final = ("arrival", "endLocation", "toPlace")
_MOVED: Final = ("moved", "vehicle", "container", "consignment")
FOLLOWED: Final = frozenset({*_AT, *_FROM, *_TO, *_MOVED, "Presence", "Transport"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing at its place. `caption` is empty where not known; dates are empty where nobody says them."""

    thing: str
    type: str
    group: Group
    caption: str
    spot: Spot
    begin: str
    end: str
    evaluation: Evaluation
    owners: tuple[str, ...]
    statements: tuple[SeenStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One movement from a place to another: what moved, when, and who says so. `thing` has a page of its own."""

    thing: str
    caption: str
    subject: str  # the thing that moved, or empty
    subject_caption: str
    source: Spot
    target: Spot
    source_name: str
    target_name: str
    begin: str
    end: str
    evaluation: Evaluation
    statements: tuple[SeenStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """All movements from one place to another; `evaluation` is the firmest of them."""

    key: str
    source: Spot
    target: Spot
    source_name: str
    target_name: str
    moves: tuple[Move, ...]
    evaluation: Evaluation
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody or something that was at a place, as far as anybody says from when to when."""

    thing: str
    caption: str
    place: str
    place_caption: str
    tie: SeenTie


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A map as one viewer sees it. `unplaced` counts what he sees of the kinds asked for that has no known place.

    `cut`: there is more than is shown; of places the most tied, of events the latest are shown. `types` are the types
    of thing in sight before the filters on them, by which they can be chosen.
    """

    marks: tuple[Mark, ...]
    legs: tuple[Leg, ...]
    presences: tuple[Present, ...]
    ways: tuple[Way, ...]
    unplaced: int
    types: tuple[str, ...]
    cut: bool


def draw_map(node: Node, actor: Actor, ask: Ask) -> Map:
    """The map that was asked for as this viewer sees it; an act in the ledger. Raises Invalid for a wrong date."""
    checked(ask)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            found = mapped(map_picture(view, node.vocabulary, ask), ask, node.vocabulary)
        shown = {each.record for mark in found.marks for each in mark.statements}
        shown |= {each.record for leg in found.legs for move in leg.moves for each in move.statements}
        log(tx, actor, "picture_read", objects=sorted(shown), results=len(found.marks) + len(found.legs),
            details={"view": "map"})  # fmt: skip
    return found


def map_picture(view: ReaderView, vocabulary: Vocabulary, ask: Ask) -> Picture:
    """The things and ties that a map is drawn from."""
    placed = types_below(vocabulary, "Place", "Address", "RealEstate", "Event")
    return picture_for(view, vocabulary, ask, types=placed, follow=FOLLOWED)


def mapped(picture: Picture, ask: Ask, vocabulary: Vocabulary) -> Map:
    """The map of these things and ties."""
    where = _Where(picture, vocabulary)
    wanted = frozenset(ask.kinds) or frozenset(GROUPS)
    marks, unplaced, types = [], 0, set()
    moving: list[Move] = []
    for thing in picture.things.values():
        group = where.group(thing)
        if group is None:
            continue
        types.add(thing.thing)
        if group not in wanted or (ask.types and thing.thing not in ask.types):
            continue
        if group == "movement":
            move = where.move(thing)
            if move is None:
                unplaced += 1
            elif within(move.begin, move.end, ask) and firm_enough(move.evaluation, ask):
                moving.append(move)
            continue
        mark = where.mark(thing, group)
        if mark is None:
            unplaced += 1
        elif (group == "place" or within(mark.begin, mark.end, ask)) and firm_enough(mark.evaluation, ask):
            marks.append(mark)
    if "movement" in wanted and not ask.types:
        moving += [m for m in where.transports() if within(m.begin, m.end, ask) and firm_enough(m.evaluation, ask)]
    legs = _legs(moving)
    present = [
        each
        for each in where.presences()
        if within(each.tie.valid_from or "", each.tie.valid_to or "", ask) and firm_enough(each.tie.evaluation, ask)
    ]
    ordered = _ordered(marks, picture)
    return Map(
        marks=tuple(ordered[:MOST_MARKS]),
        legs=tuple(legs[:MOST_LEGS]),
        presences=tuple(present[:MOST_MARKS]) if "presence" in wanted else (),
        ways=ways_of([(m.subject, m.source, m.target, m.begin, m.end, m.evaluation) for m in moving]),
        unplaced=unplaced,
        types=tuple(sorted(types)),
        cut=picture.cut or len(marks) > MOST_MARKS or len(legs) > MOST_LEGS,
    )


def _ordered(marks: Iterable[Mark], picture: Picture) -> list[Mark]:
    """Seizures and events, the latest first; then places, the most tied first."""
    tied: dict[str, int] = {}
    for tie in picture.ties:
        for end in (tie.source, tie.target):
            tied[end] = tied.get(end, 0) + 1
    by_id = sorted(marks, key=lambda mark: mark.thing)
    events = sorted((mark for mark in by_id if mark.group != "place"), key=lambda mark: mark.begin, reverse=True)
    places = sorted((mark for mark in by_id if mark.group == "place"), key=lambda mark: -tied.get(mark.thing, 0))
    return events + places


def _legs(moves: Iterable[Move]) -> list[Leg]:
    grouped: dict[tuple[str, str], list[Move]] = {}
    for each in sorted(moves, key=lambda each: (each.begin, each.thing)):
        grouped.setdefault((each.source.key, each.target.key), []).append(each)
    legs = []
    for (source, target), many in grouped.items():
        first, last = many[0], many[-1]
        legs.append(
            Leg(
                key=f"{source}>{target}", source=first.source, target=first.target, source_name=first.source_name,
                target_name=first.target_name, moves=tuple(many),
                evaluation=min((each.evaluation for each in many), key=firmness), first=first.begin,
                last=last.end or last.begin,
            )
        )  # fmt: skip
    return sorted(legs, key=lambda leg: (-len(leg.moves), leg.key))


class _Where:
    """Knows of each thing of a picture where it is."""

    def __init__(self, picture: Picture, vocabulary: Vocabulary) -> None:
        self._picture, self._vocabulary = picture, vocabulary
        self._made = by_source(picture.ties)
        self._links: dict[str, list[SeenTie]] = {}
        for tie in picture.ties:
            self._links.setdefault(tie.id.partition(":")[0], []).append(tie)
        self._spots: dict[str, Spot | None] = {}

    def group(self, thing: SeenThing) -> Group | None:
        """Under which of the kinds of the map a thing stands; None: under none."""
        if thing.thing not in self._vocabulary.things:
            return None
        is_a = self._vocabulary.is_a
        if is_a(thing.thing, "Seizure"):
            return "seizure"
        if is_a(thing.thing, "Movement") or is_a(thing.thing, "Trip"):
            return "movement"
        if is_a(thing.thing, "Event"):
            return "event"
        places = ("Place", "Address", "RealEstate")
        return "place" if any(is_a(thing.thing, name) for name in places) else None

    def spot(self, key: str) -> Spot | None:
        """Where a thing is by itself."""
        if key not in self._spots:
            self._spots[key] = spot_of(self._picture.things[key].statements)
        return self._spots[key]

    def _pointed(self, thing: SeenThing, names: Iterable[str]) -> SeenThing | None:
        """The place that a thing points to, one that has a position before one that has none."""
        ties = [tie for name in names for tie in self._made.get(thing.id, {}).get(name, ())]
        found = [self._picture.things[tie.target] for tie in ties]
        return next((each for each in found if self.spot(each.id) is not None), found[0] if found else None)

    def mark(self, thing: SeenThing, group: Group) -> Mark | None:
        """A thing at its place; None where it has none."""
        at = self._pointed(thing, _AT) if group != "place" else None
        spot = (self.spot(at.id) if at is not None else None) or self.spot(thing.id)
        if spot is None:
            return None
        begin, end = dates_of(thing.statements)
        return Mark(
            thing=thing.id, type=thing.thing, group=group, caption=thing.caption, spot=spot, begin=begin, end=end,
            evaluation=grade_of(thing.statements), owners=thing.owners,
            statements=(*thing.statements, *resting_on(at, *PLACING)),
        )  # fmt: skip

    def move(self, thing: SeenThing) -> Move | None:
        """A movement between its two places, or between their countries where no more is seen of them."""
        source, source_name, left = self._end(thing, _FROM, "departureCountry")
        target, target_name, reached = self._end(thing, _TO, "destinationCountry")
        if source is None or target is None or source.key == target.key:
            return None
        moved = self._pointed_any(thing, _MOVED)
        begin, end = dates_of(thing.statements)
        return Move(
            thing=thing.id, caption=thing.caption, subject=moved.id if moved else "",
            subject_caption=moved.caption if moved else "", source=source, target=target, source_name=source_name,
            target_name=target_name, begin=begin, end=end, evaluation=grade_of(thing.statements),
            statements=(*thing.statements, *left, *reached, *resting_on(moved)),
        )  # fmt: skip

    def _pointed_any(self, thing: SeenThing, names: Iterable[str]) -> SeenThing | None:
        ties = [tie for name in names for tie in self._made.get(thing.id, {}).get(name, ())]
        return self._picture.things[ties[0].target] if ties else None

    def _end(
        self, thing: SeenThing, names: Iterable[str], country: str
    ) -> tuple[Spot | None, str, tuple[SeenStatement, ...]]:
        """One end of a movement: where, what it is called, and what says so beside the movement itself."""
        place = self._pointed(thing, names)
        if place is not None and (spot := self.spot(place.id)) is not None:
            return spot, place.caption or port_names().get(spot.key, ""), resting_on(place, *PLACING)
        return country_spot(thing.statements, country), "", ()

    def transports(self) -> Iterable[Move]:
        """Movements that are told as a link: something carried something from a place to another."""
        for _, ties in sorted(self._links.items()):
            link = next((tie for tie in ties if tie.kind == "Transport"), None)
            ends = {tie.kind: self._picture.things[tie.target] for tie in ties if tie.kind in ("fromPlace", "toPlace")}
            if link is None or len(ends) < 2:
                continue
            left, reached = ends["fromPlace"], ends["toPlace"]
            source, target = self.spot(left.id), self.spot(reached.id)
            if source is None or target is None or source.key == target.key:
                continue
            carrier, carried = self._picture.things[link.source], self._picture.things[link.target]
            yield Move(
                thing=carrier.id, caption=f"{carrier.caption} - {carried.caption}", subject=carried.id,
                subject_caption=carried.caption, source=source, target=target, source_name=left.caption,
                target_name=reached.caption, begin=link.valid_from or "", end=link.valid_to or "",
                evaluation=link.evaluation,
                statements=(
                    *link.statements, *resting_on(left, *PLACING), *resting_on(reached, *PLACING),
                    *resting_on(carrier), *resting_on(carried),
                ),
            )  # fmt: skip

    def presences(self) -> list[Present]:
        """Who and what was at which place, the latest first."""
        things = self._picture.things
        ties = [tie for tie in self._picture.ties if tie.kind == "Presence"]
        found = [
            Present(
                thing=tie.source, caption=things[tie.source].caption, place=tie.target,
                place_caption=things[tie.target].caption, tie=tie,
            )
            for tie in ties
        ]  # fmt: skip
        return sorted(found, key=lambda each: each.tie.valid_from or "", reverse=True)


def country_names(found: Map) -> Mapping[str, str]:
    """The country of each place on the map that is known by its country alone, by the key of the place."""
    spots = [mark.spot for mark in found.marks] + [spot for leg in found.legs for spot in (leg.source, leg.target)]
    return {spot.key: spot.country for spot in spots if spot.exactness == "country"}
