"""Chart walks: what could be opened next from a thing, which ways lead from one to another, and where to begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from alidade.model.errors import Invalid, NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.finding import Question, find, understand
from alidade.services.node import Node
from alidade.services.picture.seeing import Picture, SeenThing, SeenTie, around, thing_of
from alidade.store import directory
from alidade.store.reading import ReaderView, reading
from alidade.vocabulary import Vocabulary

LONGEST_WAY: Final = 6  # ties
_MOST_WAYS: Final = 20
_MOST_LOOKED_AT: Final = 4_000  # things, from each end
_MOST_FOUND: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One kind of tie by which a thing could be opened: how many things lie there, by type, and which they are."""

    kind: str
    label: str
    count: int
    things: tuple[tuple[str, int], ...]
    leads_to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way from a thing to another: the things on it in their order, and the ties between them."""

    things: tuple[SeenThing, ...]
    ties: tuple[SeenTie, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The shortest ways, and whether more of that length were left out, or a longer search was given up."""

    ways: tuple[Way, ...]
    more: bool
    given_up: bool


def openings(node: Node, actor: Actor, record: str, *, language: str = "en") -> tuple[Opening, ...]:
    """By which kinds of tie a thing could be opened, with counts of what this viewer may see. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            thing = thing_of(view, node.vocabulary, record)
            found = () if thing is None else _openings(view, node.vocabulary, thing, language)
        log(tx, actor, "picture_read", objects=[record], results=sum(each.count for each in found),
            details={"view": "openings"})  # fmt: skip
    if thing is None:
        raise NotFound("There is no record with this reference that you may see.")
    return found


def _openings(view: ReaderView, vocabulary: Vocabulary, thing: SeenThing, language: str) -> tuple[Opening, ...]:
    picture = around(view, vocabulary, [thing.id], depth=1, most=_MOST_LOOKED_AT)
    labels: dict[str, str] = {}
    leads: dict[str, dict[str, str]] = {}
    for tie in picture.ties:
        if thing.id in (tie.source, tie.target):
            other = tie.target if tie.source == thing.id else tie.source
            labels.setdefault(tie.kind, tie.label.in_(language))
            if other in picture.things:
                leads.setdefault(tie.kind, {})[other] = picture.things[other].thing
    made = [
        Opening(
            kind=kind, label=labels[kind], count=len(others), things=tuple(Counter(others.values()).most_common()),
            leads_to=tuple(sorted(others)),
        )
        for kind, others in leads.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda each: (-each.count, each.kind)))


def shortest_ways(node: Node, actor: Actor, start: str, end: str) -> Ways:
    """The shortest ways between two things over ties that this viewer may see, at most six ties long.

    No way, and a way over what he may not see, look alike. Raises NotFound where either thing is absent for him,
    Invalid where both are one.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            ends = [thing_of(view, node.vocabulary, record) for record in (start, end)]
            found = Ways(ways=(), more=False, given_up=False)
            if ends[0] is not None and ends[1] is not None and ends[0].id != ends[1].id:
                found = _ways(view, node.vocabulary, ends[0].id, ends[1].id)
        objects = sorted({record for way in found.ways for thing in way.things for record in thing.records})
        log(tx, actor, "picture_read", objects=objects or [start, end], results=len(found.ways),
            details={"view": "ways"})  # fmt: skip
    if ends[0] is None or ends[1] is None:
        raise NotFound("There is no record with this reference that you may see.")
    if ends[0].id == ends[1].id:
        raise Invalid("Both are one thing.", remedy="Choose two different things.")
    return found


def _ways(view: ReaderView, vocabulary: Vocabulary, start: str, end: str) -> Ways:
    """Look from both ends, one step at a time on the side that has seen less, until the two meet."""
    sides = [_Side(start), _Side(end)]
    given_up = False
    while sides[0].depth + sides[1].depth < LONGEST_WAY:
        open_sides = [side for side in sides if not side.done]
        if not open_sides:
            break
        side = min(open_sides, key=lambda each: len(each.picture.things))
        side.look_further(view, vocabulary)
        given_up = given_up or side.picture.cut
        ties = {tie.id: tie for each in sides for tie in each.picture.ties}
        things = {**sides[0].picture.things, **sides[1].picture.things}
        found = _between(start, end, things, ties.values())
        if found.ways:
            return found
    return Ways(ways=(), more=False, given_up=given_up)


class _Side:
    """What has been seen from one end."""

    def __init__(self, start: str) -> None:
        self.start = start
        self.depth = 0
        self.done = False
        self.picture = Picture(things={}, ties=(), cut=False)

    def look_further(self, view: ReaderView, vocabulary: Vocabulary) -> None:
        """One tie further; done where nothing new came, or too much is there."""
        self.depth += 1
        further = around(view, vocabulary, [self.start], depth=self.depth, most=_MOST_LOOKED_AT)
        self.done = further.cut or len(further.things) == len(self.picture.things)
        self.picture = further


def _between(start: str, end: str, things: Mapping[str, SeenThing], ties: Iterable[SeenTie]) -> Ways:
    beside: dict[str, dict[str, SeenTie]] = {}
    for tie in sorted(ties, key=lambda each: each.id):
        if tie.source != tie.target and tie.source in things and tie.target in things:
            beside.setdefault(tie.source, {}).setdefault(tie.target, tie)
            beside.setdefault(tie.target, {}).setdefault(tie.source, tie)
    before: dict[str, list[str]] = {start: []}
    edge = [start]
    while edge and end not in before:
        reached: dict[str, list[str]] = {}
        for one in edge:
            for other in sorted(beside.get(one, ())):
                if other not in before:
                    reached.setdefault(other, []).append(one)
        before |= reached
        edge = sorted(reached)
    if end not in before:
        return Ways(ways=(), more=False, given_up=False)
    routes = [[end]]
    while routes[0][-1] != start:
        routes = [[*route, one] for route in routes for one in before[route[-1]]][: _MOST_WAYS + 1]
    ways = tuple(
        Way(
            things=tuple(things[each] for each in reversed(route)),
            ties=tuple(beside[one][other] for one, other in pairwise(reversed(route))),
        )
        for route in routes[:_MOST_WAYS]
    )
    return Ways(ways=ways, more=len(routes) > _MOST_WAYS, given_up=False)


def find_things(node: Node, actor: Actor, text: str) -> tuple[SeenThing, ...]:
    """The things that answer to a name or a number, of those this viewer may read, best first.

    Raises Invalid where the text is nothing that can be looked for. Only what may be read is looked through: to ask
    whether others know of somebody is a check.
    """
    question = Question(text=text)
    readings = understand(question)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge"), names=True) as view:
            hits = find(view, "read", question, readings, node.vocabulary)
            best = sorted(hits, key=lambda each: (-each.score, each.record))[:_MOST_FOUND]
            things: dict[str, SeenThing] = {}
            for hit in best:
                if (thing := thing_of(view, node.vocabulary, hit.record)) is not None:
                    things.setdefault(thing.id, thing)
        log(tx, actor, "picture_read", objects=sorted({r for each in things.values() for r in each.records}),
            results=len(things), details={"view": "search"})  # fmt: skip
    return tuple(things.values())
