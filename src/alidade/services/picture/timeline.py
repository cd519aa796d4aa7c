"""Timeline: what happened when, and what held from when to when, around some records or in all that a viewer sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from alidade.model.evaluation import Evaluation
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.seeing import Picture, SeenThing, SeenTie
from alidade.services.picture.sights import (
    Ask,
    checked,
    dates_of,
    firm_enough,
    grade_of,
    picture_for,
    resting_on,
    within,
)
from alidade.services.picture.ties import referring
from alidade.store import directory
from alidade.store.reading import SeenStatement, reading
from alidade.vocabulary import Label, Vocabulary

Lane = Literal["seizure", "movement", "event", "contact", "payment", "span"]
LANES: Final[tuple[Lane, ...]] = ("seizure", "movement", "event", "contact", "payment", "span")
MOST_ENTRIES: Final = 500
_CONTACTS: Final = ("Communication", "Call", "Message", "Email")
_OWN: Final = frozenset({"date", "startDate", "endDate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something with a date: an event, a movement, a contact, a payment, or a span of time in which something held.

    `label` says what kind it is, `caption` what it is called, `thing` has a page of its own. `begin` and `end` are
    dates as they were given (a year, a month or a day), or empty where one of the two is not known.
    """

    key: str
    lane: Lane
    kind: str
    label: Label | None
    caption: str
    thing: str
    begin: str
    end: str
    evaluation: Evaluation
    statements: tuple[SeenStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Entries in the order of time. `undated` counts what is of these kinds and has no date; `cut`: the latest only."""

    entries: tuple[Entry, ...]
    kinds: tuple[Lane, ...]
    undated: int
    cut: bool


def draw_timeline(node: Node, actor: Actor, ask: Ask) -> Timeline:
    """The timeline that was asked for as this viewer sees it; an act in the ledger."""
    checked(ask)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            found = timed(picture_for(view, node.vocabulary, ask), ask, node.vocabulary)
        shown = {each.record for entry in found.entries for each in entry.statements}
        log(tx, actor, "picture_read", objects=sorted(shown), results=len(found.entries),
            details={"view": "timeline"})  # fmt: skip
    return found


def timed(picture: Picture, ask: Ask, vocabulary: Vocabulary) -> Timeline:
    """The timeline of these things and ties."""
    every = [*_things(picture, vocabulary), *_ties(picture), *_values(picture, vocabulary)]
    dated = [each for each in every if each.begin or each.end]
    wanted = frozenset(ask.kinds)
    chosen = [
        each
        for each in dated
        if (not wanted or each.lane in wanted)
        and (not ask.types or each.kind in ask.types)
        and within(each.begin, each.end, ask)
        and firm_enough(each.evaluation, ask)
    ]
    ordered = sorted(chosen, key=lambda each: (each.begin or each.end, each.key))
    lanes = {each.lane for each in dated}
    return Timeline(
        entries=tuple(ordered[-MOST_ENTRIES:]),
        kinds=tuple(lane for lane in LANES if lane in lanes),
        undated=sum(each.lane != "span" and (not wanted or each.lane in wanted) for each in every) - sum(
            each.lane != "span" and (not wanted or each.lane in wanted) for each in dated
        ),
        cut=picture.cut or len(ordered) > MOST_ENTRIES,
    )  # fmt: skip


def _things(picture: Picture, vocabulary: Vocabulary) -> Iterator[Entry]:
    for thing in picture.things.values():
        lane = _lane(thing, vocabulary)
        if lane is None:
            continue
        begin, end = dates_of(thing.statements)
        yield Entry(
            key=thing.id, lane=lane, kind=thing.thing, label=vocabulary.things[thing.thing].label,
            caption=thing.caption, thing=thing.id, begin=begin, end=end, evaluation=grade_of(thing.statements),
            statements=thing.statements,
        )  # fmt: skip


def _lane(thing: SeenThing, vocabulary: Vocabulary) -> Lane | None:
    if thing.thing not in vocabulary.things:
        return None
    is_a = vocabulary.is_a
    if is_a(thing.thing, "Seizure"):
        return "seizure"
    if is_a(thing.thing, "Movement") or is_a(thing.thing, "Trip"):
        return "movement"
    if thing.thing in _CONTACTS:
        return "contact"
    if is_a(thing.thing, "Event"):
        return "event"
    return "span" if is_a(thing.thing, "Interval") else None


def _ties(picture: Picture) -> Iterator[Entry]:
    for tie in picture.ties:
        if tie.kind[:1].islower() and tie.valid_from is None and tie.valid_to is None:
            continue
        yield Entry(
            key=tie.id, lane=_tie_lane(tie), kind=tie.kind, label=tie.label, caption=_between(picture, tie),
            thing=tie.source, begin=tie.valid_from or "", end=tie.valid_to or "", evaluation=tie.evaluation,
            statements=(
                *tie.statements, *resting_on(picture.things[tie.source]), *resting_on(picture.things[tie.target])
            ),
        )  # fmt: skip


def _tie_lane(tie: SeenTie) -> Lane:
    if tie.kind == "Payment":
        return "payment"
    if tie.kind in _CONTACTS:
        return "contact"
    return "movement" if tie.kind == "Transport" else "span"


def _between(picture: Picture, tie: SeenTie) -> str:
    one, other = picture.things[tie.source].caption, picture.things[tie.target].caption
    return f"{one or '?'} {'→' if tie.directed else '–'} {other or '?'}"


def _values(picture: Picture, vocabulary: Vocabulary) -> Iterator[Entry]:
    """Names, flags and other values that held for a time."""
    for thing in picture.things.values():
        if thing.thing not in vocabulary.things:
            continue
        known, pointing = vocabulary.properties_of(thing.thing), referring(thing.thing, vocabulary)
        for (name, value, begin, end), said in _spans(thing.statements):
            if name in pointing or name in _OWN:
                continue
            label = known[name].label if name in known else None
            yield Entry(
                key=f"{thing.id}:{name}:{begin}:{end}:{value}", lane="span", kind=name, label=label,
                caption=f"{thing.caption or '?'}: {value}", thing=thing.id, begin=begin, end=end,
                evaluation=grade_of(said), statements=(*said, *resting_on(thing)),
            )  # fmt: skip


def _spans(
    statements: Iterable[SeenStatement],
) -> Iterable[tuple[tuple[str, str, str, str], list[SeenStatement]]]:
    found: dict[tuple[str, str, str, str], list[SeenStatement]] = {}
    for each in statements:
        if each.valid_from or each.valid_to:
            key = (each.property, each.value, each.valid_from or "", each.valid_to or "")
            found.setdefault(key, []).append(each)
    return sorted(found.items())
