"""Seeing: things and the ties between them as one viewer may see and join them. Computed each time, kept nowhere.

Everything here is asked of a `ReaderView` with the layers "read" and "merge": what is found, in which order, and what
is left out where there is too much, depends on rows that the viewer may see and on no others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alidade.services.picture.captions import caption_of, type_of
from alidade.services.picture.joining import joined, rulings_around
from alidade.services.picture.ties import RawTie, SeenTie, ends_of, is_link, ties_of
from alidade.store.reading import ReaderView, SeenJudgement, SeenStatement
from alidade.store.references import Reference
from alidade.store.writing import record_number
from alidade.vocabulary import Vocabulary

if TYPE_CHECKING:
    from alidade.network import Graph

__all__ = ["Picture", "SeenThing", "SeenTie", "around", "everything", "graph_of", "thing_of", "ties_among"]

_PORTION: Final = 2_000  # references that are followed at once


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenThing:
    """A thing as one viewer sees it: its records joined as he may join them, and what they say.

    `id` is the smallest of the public ids of its records. `caption` is empty where it is not known.
    """

    id: str
    records: tuple[str, ...]
    thing: str
    caption: str
    statements: tuple[SeenStatement, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Things by their id, and the ties between them. `cut`: more are there than were asked for."""

    things: Mapping[str, SeenThing]
    ties: tuple[SeenTie, ...]
    cut: bool


def thing_of(view: ReaderView, vocabulary: Vocabulary, record: str) -> SeenThing | None:
    """The thing that a record is of; None where the record is absent, or not for this viewer."""
    seer = _Seer(view, vocabulary)
    seer.see([(record, None)])
    return seer.thing(record)


def around(
    view: ReaderView,
    vocabulary: Vocabulary,
    starts: Sequence[str],
    *,
    kinds: frozenset[str] | None = None,
    depth: int = 1,
    most: int = 1_500,
) -> Picture:
    """The things of these records and what is tied to them, up to so many ties away.

    `kinds`: types of links and names of properties that are followed; None: all. Where there are more than `most`,
    the nearest are there, of those equally near the ones that were tied first.
    """
    seer = _Seer(view, vocabulary)
    seer.see([(record, None) for record in starts])
    found = dict.fromkeys(thing.id for record in starts if (thing := seer.thing(record)) is not None)
    walk = _Walk(seer, kinds, most, found)
    level = list(found)
    for _ in range(depth):
        if walk.cut or not level:
            break
        level = walk.step(level)
    return walk.picture()


def ties_among(view: ReaderView, vocabulary: Vocabulary, things: Mapping[str, SeenThing]) -> tuple[SeenTie, ...]:
    """Every tie between these things and no others, in the order of their ids."""
    seer = _Seer(view, vocabulary)
    seer.know(things.values())
    place = seer.place
    references = view.references(sorted(place))
    links = {each.record: each.owner for each in references if is_link(each.thing, vocabulary)}
    seer.load([pair for pair in links.items() if pair[0] not in seer.said])
    records = {*place, *links}
    raw = [tie for record in sorted(records) if record in seer.said for tie in seer.ties_made_by(record)]
    ties = {
        tie.id: tie.between(place[tie.source], place[tie.target])
        for tie in raw
        if tie.source in place and tie.target in place and place[tie.source] != place[tie.target]
    }
    return tuple(ties[each] for each in sorted(ties))


def everything(view: ReaderView, vocabulary: Vocabulary, *, most: int, types: frozenset[str] | None = None) -> Picture:
    """All things that the viewer may see and the ties between them; where there are more than `most`, the most tied.

    `types`: only things with a record of one of these types; None: all.
    """
    seer = _Seer(view, vocabulary)
    known = [each for each in view.records() if not is_link(each.thing, vocabulary)]
    if types is not None:
        known = [each for each in known if each.thing in types]
    owner = {each.record: each.owner for each in known}
    seer.join(owner, view.judgements(said=False))
    cut = len(set(seer.place.values())) > most
    chosen = set(seer.place.values())
    if cut:
        degree: Counter[str] = Counter()
        numbers = {record_number(record): record for record in owner}
        for each in view.all_references():
            for end in (each.to, numbers.get(each.record_number)):
                if end in seer.place:
                    degree[seer.place[end]] += 1
        chosen = set(sorted(chosen, key=lambda thing: (-degree[thing], thing))[:most])
    seer.load([(record, whose) for record, whose in owner.items() if seer.place[record] in chosen])
    things = {thing: found for thing in sorted(chosen) if (found := seer.thing(thing)) is not None}
    return Picture(things=things, ties=ties_among(view, vocabulary, things), cut=cut)


def graph_of(picture: Picture, *, directed: bool = False) -> tuple[Graph, tuple[str, ...]]:
    """The things and ties as a graph for measuring, and the ids of its vertices, which are those of the things.

    The weight of a link is the probability that at least one of the ties between the two is true, each by the firmest
    of its grades (`network.uncertainty`). Raises Invalid for a picture of nothing.
    """
    from alidade.network import Graph  # numbers are loaded only where somebody measures
    from alidade.network.uncertainty import grade_table

    table = grade_table()
    doubt: dict[tuple[str, str], float] = {}
    for tie in picture.ties:
        ends = (tie.source, tie.target)
        if not directed and ends[0] > ends[1]:
            ends = (ends[1], ends[0])
        doubt[ends] = doubt.get(ends, 1.0) * (1.0 - table.probability(tie.evaluation.code))
    pairs = sorted(doubt)
    graph = Graph.from_edges(
        [source for source, _ in pairs],
        [target for _, target in pairs],
        [1.0 - doubt[pair] for pair in pairs],
        directed=directed,
        vertices=sorted(picture.things),
    )
    return graph, graph.ids


class _Seer:
    """Remembers for one question what was read: statements by record, and which records are one thing."""

    def __init__(self, view: ReaderView, vocabulary: Vocabulary) -> None:
        self.view = view
        self.vocabulary = vocabulary
        self.said: dict[str, list[SeenStatement]] = {}
        self.place: dict[str, str] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._things: dict[str, SeenThing] = {}
        self._asked: set[str] = set()

    def load(self, records: Iterable[tuple[str, str | None]]) -> None:
        """Read the statements of records; those whose supposed owner has none of them are asked for once more."""
        wanted = [(record, owner) for record, owner in records if record not in self._asked]
        self._asked.update(record for record, _ in wanted)
        self.said |= self.view.statements_of(wanted)
        strange = [(record, None) for record, owner in wanted if owner is not None and record not in self.said]
        if strange:
            self.said |= self.view.statements_of(strange)

    def see(self, records: Iterable[tuple[str, str | None]]) -> None:
        """Read records together with what they are joined with."""
        wanted = dict(records)
        self.load(wanted.items())
        new = [record for record in wanted if record in self.said and record not in self.place]
        if new:
            self.join(new, rulings_around(self.view, new))
            self.load([(each, None) for record in new for each in self._members[self.place[record]]])

    def join(self, records: Iterable[str], rulings: Sequence[SeenJudgement]) -> None:
        """Say which records are one thing."""
        groups = joined(records, rulings, self.view.authority)
        for group in groups.groups:
            for record in group:
                self.place[record] = group[0]
            self._members[group[0]] = group

    def know(self, things: Iterable[SeenThing]) -> None:
        """Take over things that were seen before."""
        for thing in things:
            self._things[thing.id] = thing
            self._members[thing.id] = thing.records
            for record in thing.records:
                self.place[record] = thing.id
            for each in thing.statements:
                self.said.setdefault(each.record, []).append(each)
        self._asked.update(self.said)

    def thing(self, record: str) -> SeenThing | None:
        """The thing of a record that was read; None where nothing of it is visible."""
        place = self.place.get(record)
        if place is None:
            return None
        if place not in self._things:
            records = tuple(each for each in self._members[place] if each in self.said)
            statements = sorted((s for each in records for s in self.said[each]), key=lambda s: s.number)
            if not statements:
                return None
            kind = type_of(statements, self.vocabulary)
            self._things[place] = SeenThing(
                id=place,
                records=records,
                thing=kind,
                caption=caption_of(kind, statements, self.vocabulary),
                statements=tuple(statements),
                owners=tuple(sorted({each.owner for each in statements})),
            )
        return self._things[place]

    def ties_made_by(self, record: str) -> Iterable[RawTie]:
        """The ties that a record that was read makes."""
        return ties_of(self.said[record], self.vocabulary)


class _Walk:
    """Goes outward from things, tie by tie, until enough are found."""

    def __init__(self, seer: _Seer, kinds: frozenset[str] | None, most: int, found: dict[str, None]) -> None:
        self._seer = seer
        self._kinds = kinds
        self._most = most
        self._found = found
        self._ties: dict[str, RawTie] = {}
        self.cut = len(found) > most

    def step(self, level: Sequence[str]) -> list[str]:
        """One tie further; the things that are new."""
        seer = self._seer
        records = [record for thing in level if (found := seer.thing(thing)) is not None for record in found.records]
        before = len(self._found)
        self._follow([tie for record in records for tie in seer.ties_made_by(record)])
        references = seer.view.references(records)
        for start in range(0, len(references), _PORTION):
            if self.cut:
                break
            self._follow_references(references[start : start + _PORTION], set(records))
        return list(self._found)[before:]

    def _follow_references(self, references: Sequence[Reference], here: set[str]) -> None:
        seer = self._seer
        wanted = [each for each in references if self._goes_by(each)]
        seer.load([(each.record, each.owner) for each in wanted])
        said = dict.fromkeys(each.record for each in wanted if each.record in seer.said)
        ties = [tie for record in said for tie in seer.ties_made_by(record)]
        self._follow([tie for tie in ties if tie.source in here or tie.target in here])

    def _goes_by(self, reference: Reference) -> bool:
        return self._kinds is None or reference.thing in self._kinds or reference.property in self._kinds

    def _follow(self, ties: Sequence[RawTie]) -> None:
        seer = self._seer
        ties = [tie for tie in ties if self._kinds is None or tie.kind in self._kinds]
        owners: dict[str, str | None] = {}
        for tie in ties:
            for end in (tie.source, tie.target):
                owners.setdefault(end, tie.statements[0].owner)
        seer.see([(end, owners[end]) for end in ends_of(ties) if end not in seer.place])
        for tie in ties:
            source, target = seer.thing(tie.source), seer.thing(tie.target)
            if source is None or target is None or source.id == target.id:
                continue
            new = [thing for thing in (source.id, target.id) if thing not in self._found]
            if len(self._found) + len(new) > self._most:
                self.cut = True
                continue
            self._found.update(dict.fromkeys(new))
            self._ties[tie.id] = tie

    def picture(self) -> Picture:
        """What was found; ties in the order of their ids."""
        seer = self._seer
        found = list(self._found)[: self._most]
        things = {thing: seen for thing in found if (seen := seer.thing(thing)) is not None}
        ties = [
            tie.between(seer.place[tie.source], seer.place[tie.target])
            for _, tie in sorted(self._ties.items())
            if seer.place[tie.source] in things and seer.place[tie.target] in things
        ]
        return Picture(things=things, ties=tuple(ties), cut=self.cut)
