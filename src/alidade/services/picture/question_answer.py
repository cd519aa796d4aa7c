"""Question answer: which things fulfil the conditions, within one viewer's sight, and which records show it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from alidade.services.picture.question_sight import Sight, types_of
from alidade.services.picture.question_terms import Condition, Group, Near, PictureQuestion, Said, Seen, Tied
from alidade.services.picture.sightings import Sighting, Span, meets
from alidade.vocabulary import Vocabulary

MOST_SHOWN: Final = 20  # records that show why, for one thing
_PORTION: Final = 2_000  # things between two looks at whether to stop

Proof = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, when, and at which places."""

    thing: str
    span: Span
    places: frozenset[str]


def answers(
    question: PictureQuestion,
    sight: Sight,
    vocabulary: Vocabulary,
    visible: frozenset[str],
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[str, Proof]]:
    """The things that fulfil the question, in the order of their ids, each with the records that show it.

    Of what only others tell it may be unsure (`Sight.unsure`) whether it is of a type that the question asks for.
    `visible` are those of the records that the question names which the viewer may see: the others are nowhere.
    """
    asking = _Asking(question, sight, vocabulary, visible)
    for number, thing in enumerate(sight.candidates(types_of(question.things, vocabulary))):
        if number % _PORTION == 0 and stop():
            return
        proof = asking.group(question.where, thing)
        if proof is not None:
            yield thing, tuple(dict.fromkeys(proof))[:MOST_SHOWN]


class _Asking:
    """Weighs the conditions of one question, each nested one once for each thing."""

    def __init__(
        self, question: PictureQuestion, sight: Sight, vocabulary: Vocabulary, visible: frozenset[str]
    ) -> None:
        self._question = question
        self._sight = sight
        self._words = vocabulary
        self._visible = visible
        self._known: dict[tuple[int, str], Proof | None] = {}
        self._events: dict[int, list[Event]] = {}
        self._longest: dict[int, int] = {}
        self._places: dict[int, dict[str, str]] = {}
        self._weighers: dict[int, Callable[[list[str]], bool]] = {}
        self._types: dict[tuple[str, ...], frozenset[str]] = {}

    def group(self, group: Group, thing: str) -> Proof | None:
        """The records that show that a thing fulfils a group; None where it does not."""
        key = (id(group), thing)
        if key not in self._known:
            self._known[key] = self._weighed(group, thing)
        return self._known[key]

    def _weighed(self, group: Group, thing: str) -> Proof | None:
        found: list[str] = []
        held = False
        for each in group.conditions:
            proof = self._condition(each, thing)
            if proof is None and group.match == "all":
                return None
            if proof is not None:
                held = True
                found += proof
        return tuple(found) if held or not group.conditions else None

    def _condition(self, condition: Condition, thing: str) -> Proof | None:
        if isinstance(condition, Said):
            if id(condition) not in self._weighers:
                self._weighers[id(condition)] = _weigher(condition)
            rows = self._sight.said.get(thing, {}).get(condition.property, ())
            return () if self._weighers[id(condition)]([row.value.casefold() for row in rows if row.value]) else None
        if isinstance(condition, Group):
            return self.group(condition, thing)
        return self._tied(condition, thing) if isinstance(condition, Tied) else self._seen(condition, thing)

    def _tied(self, condition: Tied, thing: str) -> Proof | None:
        types = self._of(condition.things)
        named = {self._sight.place(each.record) for each in condition.named if each.record in self._visible}
        found: dict[str, tuple[str, ...]] = {}
        for tie in sorted(self._sight.ties.get(thing, ()), key=lambda each: (each.by, each.other)):
            fits = (
                (not condition.ties or tie.kind in condition.ties)
                and (not condition.named or tie.other in named)
                and self._sight.types.get(tie.other, set()) & types
                and meets(tie.span, condition.since, condition.until)
                and meets(tie.span, self._question.since, self._question.until)
            )
            if fits:
                proof = self.group(condition.where, tie.other)
                if proof is not None:
                    found[f"{tie.by}/{tie.other}"] = (tie.other, *proof)
        if len({each[0] for each in found.values()}) < condition.at_least:
            return None
        return tuple(record for each in found.values() for record in each)

    def _of(self, things: tuple[str, ...]) -> frozenset[str]:
        if things not in self._types:
            self._types[things] = types_of(things, self._words)
        return self._types[things]

    # -- sightings ---------------------------------------------------------------------------------------------------

    def _seen(self, condition: Seen, thing: str) -> Proof | None:
        stands_for = self._standing_for(condition)
        there: list[tuple[str, Sighting]] = []
        for each in self._sight.sightings.get(thing, ()):
            place = stands_for.get(each.place) if condition.places else each.place
            if (
                place is not None
                and meets(each.span, condition.since, condition.until)
                and meets(each.span, self._question.since, self._question.until)
            ):
                there.append((place, each))
        if len({place for place, _ in there}) < condition.at_least:
            return None
        if condition.near is not None:
            return self._near(condition, condition.near, thing, there, stands_for)
        return _shown(there)

    def _near(
        self,
        condition: Seen,
        near: Near,
        thing: str,
        there: list[tuple[str, Sighting]],
        stands_for: dict[str, str],
    ) -> Proof | None:
        """The first event (for "there": the events) near which there are enough places."""
        events = self._events_of(near)
        if near.at == "there":
            return self._at_events(condition, near, thing, there, stands_for)
        named = set(stands_for.values()) if near.at == "these" else set[str]()
        company = _in_company(there, condition.at_least, 2 * near.days + self._longest[id(near)])
        windows = [(*self._window(near, each.span), place, each) for place, each in company if each.span is not None]
        for at in sorted(_covered(windows, condition.at_least), key=lambda each: events[each].thing):
            event = events[at]
            if event.thing == thing or (named and not self._at(event, stands_for) & named):
                continue
            met = [
                (place, each) for first, last, early, place, each in windows
                if first <= at < last and event.span.last >= early
            ]  # fmt: skip
            if len({place for place, _ in met}) >= condition.at_least:
                return (*_shown(met), event.thing)
        return None

    def _at_events(
        self,
        condition: Seen,
        near: Near,
        thing: str,
        there: list[tuple[str, Sighting]],
        stands_for: dict[str, str],
    ) -> Proof | None:
        """Enough places, each with an event of its own."""
        all_events = self._events_of(near)
        met: list[tuple[str, Sighting]] = []
        events: set[str] = set()
        for place, sighting in there:
            if sighting.span is None:
                continue
            first, last, early = self._window(near, sighting.span)
            for event in all_events[first:last]:
                if event.span.last >= early and event.thing != thing and place in self._at(event, stands_for):
                    met.append((place, sighting))
                    events.add(event.thing)
        if len({place for place, _ in met}) >= condition.at_least:
            return (*_shown(met), *sorted(events))
        return None

    def _at(self, event: Event, stands_for: dict[str, str]) -> set[str]:
        return {stands_for.get(each, each) for each in event.places}

    def _window(self, near: Near, span: Span) -> tuple[int, int, int]:
        """Which events may lie near enough to a time, from one to before another, and the first day of that time."""
        events = self._events_of(near)
        late = span.last + (0 if near.side == "after" else near.days)
        early = span.first - (0 if near.side == "before" else near.days)
        first = bisect_left(events, early - self._longest[id(near)], key=_first_day)
        return first, max(first, bisect_right(events, late, key=_first_day)), early

    def _events_of(self, near: Near) -> list[Event]:
        if id(near) not in self._events:
            found = []
            for thing in self._sight.of_types(self._of(near.things)):
                span = self._sight.spans.get(thing)
                if span is None or not meets(span, self._question.since, self._question.until):
                    continue
                if self.group(near.where, thing) is not None:
                    found.append(Event(thing=thing, span=span, places=frozenset(self._where(thing))))
            self._events[id(near)] = sorted(found, key=lambda each: (each.span, each.thing))
            self._longest[id(near)] = max((each.span.last - each.span.first for each in found), default=0)
        return self._events[id(near)]

    def _where(self, event: str) -> Iterable[str]:
        """The places at which an event happened, and those of which they are a part."""
        said = self._sight.said.get(event, {})
        pointing = {
            name
            for thing in self._sight.types.get(event, ())
            for name, known in self._words.properties_of(thing).items()
            if known.kind == "entity" and known.range is not None and self._words.is_a("Port", known.range)
        }
        for name in sorted(pointing):
            for row in said.get(name, ()):
                yield self._sight.place(row.value)

    def _standing_for(self, condition: Seen) -> dict[str, str]:
        """For each named place, and each part of one, the named place."""
        if id(condition) not in self._places:
            places = {self._sight.place(each.record) for each in condition.places if each.record in self._visible}
            named = {each: each for each in places}
            parts: dict[str, list[str]] = {}
            if named:
                for place, said in self._sight.said.items():
                    for row in said.get("partOf", ()):
                        parts.setdefault(self._sight.place(row.value), []).append(place)
            waiting = sorted(named)
            while waiting:
                whole = waiting.pop()
                for part in sorted(parts.get(whole, ())):
                    if part not in named:
                        named[part] = named[whole]
                        waiting.append(part)
            self._places[id(condition)] = named
        return self._places[id(condition)]


def _first_day(event: Event) -> int:
    return event.span.first


def _covered(windows: Sequence[tuple[int, int, int, str, Sighting]], least: int) -> Iterator[int]:
    """The events that lie in the windows of so many places."""
    ends = sorted(
        (at, step, place)
        for first, last, _, place, _ in windows
        if first < last
        for at, step in ((first, 1), (last, -1))
    )
    counts: dict[str, int] = {}
    since = 0
    for at, step, place in ends:
        if len(counts) >= least:
            yield from range(since, at)
        since = at
        counts[place] = counts.get(place, 0) + step
        if not counts[place]:
            del counts[place]


def _in_company(there: list[tuple[str, Sighting]], least: int, apart: int) -> list[tuple[str, Sighting]]:
    """The sightings with enough other places within so many days; the rest cannot be near one and the same event."""
    if least == 1:
        return there
    dated = [(place, each, each.span) for place, each in there if each.span is not None]
    return [
        (place, each)
        for place, each, span in dated
        if len({other for other, _, at in dated if at.first - span.last <= apart and span.first - at.last <= apart})
        >= least
    ]


def _shown(there: list[tuple[str, Sighting]]) -> Proof:
    """The places and the records of the sightings."""
    ordered = sorted(there, key=lambda each: (each[1].span or (0, 0), each[1].by))
    return tuple(record for place, each in ordered for record in (place, each.by))


def _weigher(condition: Said) -> Callable[[list[str]], bool]:
    """Whether what is said of a property fulfils a condition. Case makes no difference; dates compare as written."""
    wanted, to = condition.value.strip().casefold(), condition.to.strip().casefold()
    tests: dict[str, Callable[[str], bool]] = {
        "is": lambda value: value == wanted,
        "contains": lambda value: wanted in value,
        "begins": lambda value: value.startswith(wanted),
        "before": lambda value: _less(value, wanted),
        "after": lambda value: _less(wanted, value),
        "between": lambda value: not _less(value, wanted) and not _less(to, value),
    }
    whole: dict[str, Callable[[list[str]], bool]] = {
        "known": bool,
        "not_known": lambda values: not values,
        "is_not": lambda values: bool(values) and wanted not in values,
    }
    test = tests.get(condition.how)
    return whole[condition.how] if test is None else lambda values: any(map(test, values))


def _less(left: str, right: str) -> bool:
    """Numbers by their size, everything else as text; of dates as much as both say."""
    try:
        return float(left) < float(right)
    except ValueError:
        least = min(len(left), len(right))
        return left[:least] < right[:least]
