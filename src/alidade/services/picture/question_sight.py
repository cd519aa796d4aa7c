"""Question sight: what a question must look at, gathered from what one viewer may see, and joined as he may join it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple, cast

from alidade.services.picture.joining import Joined, joined, rulings_around
from alidade.services.picture.question_terms import Condition, Group, PictureQuestion, Said, Seen, Tied
from alidade.services.picture.sightings import Sighting, Span, sighting_rules, sightings_in, span_of
from alidade.services.picture.ties import is_link, referring, ties_of
from alidade.store.question_rows import SaidRow
from alidade.store.reading import ReaderView, SeenStatement
from alidade.vocabulary import Vocabulary

_DATES: Final = ("startDate", "endDate", "date")
_MOST_SOUGHT: Final = 900  # records that are sought one by one; of more, all of the types are read


class LightTie(NamedTuple):
    """A tie of a thing to another: its kind, the time in which it was in force, and the record that says so."""

    kind: str
    other: str
    span: Span | None
    by: str


@dataclass(slots=True, kw_only=True)
class Needs:
    """What must be read: for each type its properties; and the types of which every record counts."""

    said: dict[str, set[str]] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)  # those of the types of which every record must be known
    ties: bool = False
    sightings: bool = False
    tied: set[str] = field(default_factory=set)  # types that are read for ties
    places: set[str] = field(default_factory=set)  # where nothing but named places is asked for
    only_seen: set[str] = field(default_factory=set)  # types that are read for sightings alone

    def wants(self, things: Iterable[str], properties: Iterable[str]) -> None:
        """So much is read of things of these types."""
        wanted = set(properties)
        for each in things:
            self.said.setdefault(each, set()).update(wanted)


def needs_of(question: PictureQuestion, vocabulary: Vocabulary) -> Needs:
    """What must be read to answer a question: it depends on the question and on nothing else."""
    needs = Needs()
    _pattern(needs, question.things, question.where, vocabulary, whole=not _rests_on_rows(question.where))
    seen = [each for each in question.conditions() if isinstance(each, Seen)]
    if seen and all(each.places for each in seen):
        needs.places = {place.record for each in seen for place in each.places}
        needs.only_seen = {rule.thing for rule in sighting_rules()} - needs.types - needs.tied
    return needs


def types_of(things: Iterable[str], vocabulary: Vocabulary) -> frozenset[str]:
    """The types and all special ones of them; of none all types of things that are no links."""
    wanted = [each for each in things if each in vocabulary.things]
    if not wanted:
        return frozenset(each for each in vocabulary.things if not is_link(each, vocabulary))
    return frozenset(each for each in vocabulary.things for one in wanted if vocabulary.is_a(each, one))


def _rests_on_rows(condition: Condition) -> bool:
    """Whether what fulfils a condition is always told of by something that is read for it: then the rest is let be."""
    if isinstance(condition, Said):
        return condition.how != "not_known"
    if isinstance(condition, Group):
        every = any if condition.match == "all" else all
        return bool(condition.conditions) and every(_rests_on_rows(each) for each in condition.conditions)
    return True


def _pattern(needs: Needs, things: tuple[str, ...], where: Group, vocabulary: Vocabulary, *, whole: bool) -> None:
    types = types_of(things, vocabulary)
    needs.types |= types
    if whole:
        needs.whole |= types
    _group(needs, types, where, vocabulary)


def _group(needs: Needs, types: frozenset[str], group: Group, vocabulary: Vocabulary) -> None:
    for each in group.conditions:
        _condition(needs, types, each, vocabulary)


def _condition(needs: Needs, types: frozenset[str], condition: Condition, vocabulary: Vocabulary) -> None:
    if isinstance(condition, Said):
        needs.wants((each for each in types if condition.property in vocabulary.properties_of(each)),
                    [condition.property])  # fmt: skip
    elif isinstance(condition, Group):
        _group(needs, types, condition, vocabulary)
    elif isinstance(condition, Tied):
        needs.ties = True
        for thing in vocabulary.things:
            pointing = referring(thing, vocabulary)
            link = is_link(thing, vocabulary)
            wanted = pointing if not condition.ties or (link and thing in condition.ties) else (
                pointing & set(condition.ties)
            )  # fmt: skip
            if wanted:
                known = vocabulary.properties_of(thing)
                needs.tied.add(thing)
                needs.wants([thing], (pointing if link else wanted) | {each for each in _DATES if each in known})
        _pattern(needs, condition.things, condition.where, vocabulary, whole=True)
    else:
        _seen(needs, condition, vocabulary)


def _seen(needs: Needs, condition: Seen, vocabulary: Vocabulary) -> None:
    needs.sightings = True
    for rule in sighting_rules():
        needs.wants([rule.thing], {*rule.seen, rule.place, *rule.dates})
    places = types_of(("Place",), vocabulary)
    needs.wants(places, ["partOf"])
    near = condition.near
    if near is not None:
        events = types_of(near.things, vocabulary)
        for each in events:
            known = vocabulary.properties_of(each)
            pointing = {
                name for name in referring(each, vocabulary)
                if (target := known[name].range) is not None and vocabulary.is_a("Port", target)
            }  # fmt: skip
            needs.wants([each], pointing | {name for name in _DATES if name in known})
        _pattern(needs, near.things, near.where, vocabulary, whole=False)  # an event has a date, or it is none


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What was read so far, owner by owner, before anything is joined.

    `heads` has the type of each record of the types that count, as far as it was met. `near` has, by owner, the numbers
    of the records that refer to a named place or a part of one, where a question asks for named places alone; None
    where every place counts.
    """

    rows: list[SaidRow] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    near: Mapping[str, frozenset[int]] | None = None


def begin_gathering(view: ReaderView, needs: Needs) -> Gathered:
    """Find what refers to the named places, so that sightings elsewhere are passed over as they are read."""
    if not needs.places:
        return Gathered()
    rulings = rulings_around(view, needs.places)
    groups = joined(needs.places, rulings, view.authority)
    waiting = sorted({record for group in groups.groups for record in group})
    places, near = set(waiting), dict[str, set[int]]()
    while waiting:
        references = view.references(waiting)
        for each in references:
            if each.thing in needs.only_seen:
                near.setdefault(each.owner, set()).add(each.record_number)
        parts = {each.record for each in references if each.property == "partOf"} - places
        groups = joined(parts, rulings_around(view, parts), view.authority)
        waiting = sorted({record for group in groups.groups for record in group} - places)
        places |= set(waiting)
    return Gathered(near={owner: frozenset(numbers) for owner, numbers in near.items()})


def gather(
    view: ReaderView, question: PictureQuestion, needs: Needs, owner: str, into: Gathered, vocabulary: Vocabulary
) -> None:
    """Read what one owner says, unless his word does not count. What is read hangs on what is visible alone."""
    if question.providers and owner not in question.providers:
        return
    rest = set() if into.near is None else needs.only_seen
    swept, sought = set(needs.said) - rest, sorted(rest & set(needs.said))
    properties = {*_named(needs, swept), *_whole(needs.whole, vocabulary)[1]}  # all in one sweep
    rows = [view.said(owner, sorted(swept | needs.whole), sorted(properties))]
    if into.near is not None:
        rows.append(view.said_of(owner, sorted(into.near.get(owner, ())), sought, _named(needs, sought)))
    for row in chain.from_iterable(rows):
        thing = row[1]
        asked = row[2] in needs.said.get(thing, ())
        if thing in needs.whole or (asked and thing in needs.types):
            into.heads[row[0]] = thing
        if asked and _firm(row[4], question.least):
            into.rows.append(SaidRow(*row))


def _named(needs: Needs, things: Iterable[str]) -> list[str]:
    return sorted(set[str]().union(*(needs.said[each] for each in things)))


def _whole(types: Iterable[str], vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
    """The types, and every property of any of them."""
    things = sorted(types)
    return things, sorted({name for thing in things for name in vocabulary.properties_of(thing)})


def _firm(grade: str, least: str) -> bool:
    return not least or (len(grade) == 2 and grade[0] <= least[0] and grade[1] <= least[1])


class Sight:
    """Everything that a question may ask for, by thing. A thing goes by the smallest of its records' public ids."""

    def __init__(self, gathered: Gathered, groups: Joined, vocabulary: Vocabulary, needs: Needs) -> None:
        self._groups = groups
        self._vocabulary = vocabulary
        self._joined = {record: group[0] for group in groups.groups for record in group}
        self.types: dict[str, set[str]] = {}
        self.said: dict[str, dict[str, list[SaidRow]]] = {}
        self.ties: dict[str, list[LightTie]] = {}
        self.sightings: dict[str, list[Sighting]] = {}
        self.spans: dict[str, Span] = {}  # of events
        self._complete = needs.types <= needs.whole
        for record, thing in gathered.heads.items():
            self.types.setdefault(self.place(record), set()).add(thing)
        by_record: dict[str, list[SaidRow]] = {}
        for row in gathered.rows:
            by_record.setdefault(row.record, []).append(row)
        for record, rows in by_record.items():
            said = self.said.setdefault(self.place(record), {})
            for row in rows:
                said.setdefault(row.property, []).append(row)
        if needs.sightings or needs.ties:  # nothing else asks for times
            for record in sorted(by_record):
                self._record(record, by_record[record], needs)

    def place(self, record: str) -> str:
        """The thing that a record is of."""
        return self._joined.get(record, record)

    def of_types(self, types: frozenset[str]) -> Iterator[str]:
        """The things with a record of one of the types, in the order of their ids."""
        return (thing for thing in sorted(self.types) if self.types[thing] & types)

    def candidates(self, types: frozenset[str]) -> list[str]:
        """The same, and besides the things of which only others tell, whose type was not met yet."""
        known = {thing for thing, those in self.types.items() if those & types}
        if not self._complete:
            known.update(each for told in (self.sightings, self.ties) for each in told if each not in self.said)
        return sorted(known)

    def unsure(self, things: Iterable[str], types: frozenset[str]) -> dict[str, tuple[str, ...]]:
        """Those of the things of which it is not known whether they are of one of the types, with their records."""
        return {each: self._groups.of(each) for each in things if not self.types.get(each, set()) & types}

    def _record(self, record: str, rows: list[SaidRow], needs: Needs) -> None:
        rows = sorted(rows, key=lambda row: (row.property, row.value))  # whatever order they were read in
        said: dict[str, list[str]] = {}
        for row in rows:
            said.setdefault(row.property, []).append(row.value)
        span = _time(said, rows)
        if span is not None:
            place = self.place(record)
            known = self.spans.get(place)
            self.spans[place] = (
                span if known is None else Span(min(span.first, known.first), max(span.last, known.last))
            )
        if needs.sightings:
            for each in sightings_in(record, rows[0].thing, said):
                there = each._replace(seen=self.place(each.seen), place=self.place(each.place))
                self.sightings.setdefault(there.seen, []).append(there)
        if needs.ties:
            for tie in ties_of(cast("list[SeenStatement]", rows), self._vocabulary):
                source, target = self.place(tie.source), self.place(tie.target)
                if source != target:
                    self.ties.setdefault(source, []).append(LightTie(tie.kind, target, span, record))
                    self.ties.setdefault(target, []).append(LightTie(tie.kind, source, span, record))


def _time(said: Mapping[str, list[str]], rows: list[SaidRow]) -> Span | None:
    """When what a record tells of began and ended, as far as anybody says."""
    begins = [*said.get("startDate", ()), *said.get("date", ())] or [row.valid_from for row in rows if row.valid_from]
    ends = [*said.get("endDate", ()), *said.get("date", ())] or [row.valid_to for row in rows if row.valid_to]
    first = [span for each in begins if (span := span_of(each)) is not None]
    last = [span for each in ends if (span := span_of(each)) is not None]
    if not first and not last:
        return None
    start = min((each.first for each in first), default=min((each.first for each in last), default=0))
    if last:
        return Span(start, max(each.last for each in last))
    # Without an end a tie is taken to go on; an event lasts as long as its date says.
    return Span(start, start) if "date" in said or _is_event(rows) else Span(start, _OPEN)


_OPEN: Final = 3_652_059  # the last day that a date can name


def _is_event(rows: list[SaidRow]) -> bool:
    return rows[0].thing in {rule.thing for rule in sighting_rules()} and rows[0].thing != "Presence"


def sight_of(
    view: ReaderView, question: PictureQuestion, gathered: Gathered, vocabulary: Vocabulary, needs: Needs
) -> Sight:
    """The sight of what was gathered, joined by the judgements that this viewer may use."""
    rulings = view.judgements(said=False)
    ends = {end for each in rulings for end in (each.left, each.right)}
    groups = joined(ends, rulings, view.authority)
    if not needs.types <= needs.whole:
        told = {row.record for row in gathered.rows}
        rest = {
            record for group in groups.groups if not told.isdisjoint(group) for record in group if record not in told
        }  # fmt: skip
        gathered.heads.update(heads_of(view, question, rest, needs.types, vocabulary))
    return Sight(gathered, groups, vocabulary, needs)


def heads_of(
    view: ReaderView, question: PictureQuestion, records: Iterable[str], types: Iterable[str], vocabulary: Vocabulary
) -> dict[str, str]:
    """The types of these records, as far as they are among `types`, and the word of those who give them counts."""
    wanted = frozenset(records)
    counted = [each for each in view.owners() if not question.providers or each in question.providers]
    if len(wanted) > _MOST_SOUGHT:
        whole = _whole(types, vocabulary)
        found = chain.from_iterable(view.heads(owner, *whole) for owner in counted)
        return {record: thing for record, thing in found if record in wanted}
    chosen, by = frozenset(types), frozenset(counted)
    said = view.statements_of([(each, None) for each in sorted(wanted)])
    return {
        each.record: each.thing
        for every in said.values()
        for each in every
        if each.thing in chosen and each.owner in by
    }


def confirmed(
    view: ReaderView, question: PictureQuestion, unsure: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary
) -> frozenset[str]:
    """Those of the things that are of a type that the question asks for."""
    records = {record for group in unsure.values() for record in group}
    heads = heads_of(view, question, records, types_of(question.things, vocabulary), vocabulary)
    return frozenset(thing for thing, group in unsure.items() if any(record in heads for record in group))
