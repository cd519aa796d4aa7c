"""Sights: what a map, a timeline or a matrix is asked for, and the things and ties that it is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from alidade.formats.chart_svg import strength
from alidade.model.errors import Invalid
from alidade.model.evaluation import Evaluation
from alidade.services.picture.captions import caption_of, firmness
from alidade.services.picture.seeing import Picture, SeenThing, SeenTie, around, everything
from alidade.services.picture.ties import RawTie
from alidade.store.reading import ReaderView, SeenStatement
from alidade.vocabulary import Vocabulary

Least = Literal["", "strong", "good", "weak"]
FIRMNESS: Final = ("strong", "good", "weak", "open")
MOST_STARTS: Final = 200
MOST_LOOKED_AT: Final = 6_000  # things; where there are more, the most tied
_DEPTH: Final = 2  # ties: from a person to the movement of his vessel
_LONGEST: Final = 100_000


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a map, a timeline or a matrix is asked for.

    `records`: what it is drawn around, two ties outward; empty: everything that the viewer may see. `kinds` and
    `types`: only these kinds of line and types of thing; empty: all. `since`, `until`: a day, a month or a year.
    `least`: only what is at least this firm by its 4x4 grade.
    """

    records: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    least: Least = ""


def decode_ask(text: bytes) -> Ask:
    """An ask as the script of a page sends it. Raises Invalid where it cannot be read."""
    try:
        return checked(msgspec.json.decode(text[:_LONGEST], type=Ask))
    except msgspec.MsgspecError as error:
        raise Invalid(
            "What is to be shown cannot be read.", remedy="Open the page anew.", code="ask_unreadable"
        ) from error


def checked(ask: Ask) -> Ask:
    """The same ask. Raises Invalid for too many records, or for a date that is none."""
    if len(ask.records) > MOST_STARTS:
        raise Invalid("At most 200 records can be looked around at once.", remedy="Choose fewer.", code="too_many")
    for day in (ask.since, ask.until):
        if day and not _is_date(day):
            raise Invalid(
                "A date is not written as a day, a month or a year.",
                remedy="Write 2026-03-21, 2026-03 or 2026.",
                code="date_wrong",
            )
    if ask.since and ask.until and ask.since > ask.until and not ask.since.startswith(ask.until):
        raise Invalid("The end lies before the beginning.", remedy="Exchange the two dates.", code="span_wrong")
    return ask


def _is_date(text: str) -> bool:
    parts = text.split("-")
    return (
        len(parts) in (1, 2, 3)
        and text.isascii()
        and all(part.isdigit() for part in parts)
        and [len(part) for part in parts] == [4, 2, 2][: len(parts)]
        and all(1 <= int(part) <= most for part, most in zip(parts[1:], (12, 31), strict=False))
    )


def picture_for(
    view: ReaderView,
    vocabulary: Vocabulary,
    ask: Ask,
    *,
    types: frozenset[str] | None = None,
    follow: frozenset[str] | None = None,
) -> Picture:
    """The things and ties that a sight is drawn from: those around the records asked for, or all.

    `types`: of all, only things of these types and what hangs on them by the kinds of tie in `follow`.
    """
    if ask.records:
        return around(view, vocabulary, ask.records, depth=_DEPTH, most=MOST_LOOKED_AT)
    whole = everything(view, vocabulary, most=MOST_LOOKED_AT, types=types)
    if types is None:
        return whole
    wider = around(view, vocabulary, list(whole.things), kinds=follow, depth=1, most=2 * MOST_LOOKED_AT)
    return Picture(things=wider.things, ties=wider.ties, cut=whole.cut or wider.cut)


def less(picture: Picture, free: frozenset[int], vocabulary: Vocabulary) -> Picture:
    """The same picture made of these statements alone (by their number), as if the others were not there."""
    things: dict[str, SeenThing] = {}
    for key, thing in picture.things.items():
        said = tuple(each for each in thing.statements if each.number in free)
        if said:
            things[key] = SeenThing(
                id=thing.id, records=tuple(sorted({each.record for each in said})), thing=thing.thing,
                caption=caption_of(thing.thing, said, vocabulary), statements=said,
                owners=tuple(sorted({each.owner for each in said})),
            )  # fmt: skip
    ties = []
    for tie in picture.ties:
        said = tuple(each for each in tie.statements if each.number in free)
        # A link that loses one of its ends says less than its kind: it stays with all that it says, or not at all.
        if len(said) == len(tie.statements) and tie.source in things and tie.target in things:
            raw = RawTie(id=tie.id, kind=tie.kind, label=tie.label, source=tie.source, target=tie.target,
                         directed=tie.directed, statements=said)  # fmt: skip
            ties.append(raw.between(tie.source, tie.target))
    return Picture(things=things, ties=tuple(ties), cut=picture.cut)


def resting_on(thing: SeenThing | None, *properties: str) -> tuple[SeenStatement, ...]:
    """The statements that its caption is made of, and those of these properties: what is shown where it is named."""
    if thing is None:
        return ()
    return tuple(
        each
        for each in thing.statements
        if each.property in properties
        or (each.value and each.value in thing.caption)
        or (each.original and each.original in thing.caption)
    )


def grade_of(statements: Iterable[SeenStatement]) -> Evaluation:
    """The firmest evaluation of some statements."""
    return min((each.evaluation for each in statements), key=firmness)


def firm(evaluation: Evaluation) -> str:
    """How firm an evaluation is drawn: strong, good, weak or open."""
    return strength(evaluation.source, evaluation.information, evaluation.given)


def firm_enough(evaluation: Evaluation, ask: Ask) -> bool:
    """Whether it is at least as firm as was asked for."""
    return not ask.least or FIRMNESS.index(firm(evaluation)) <= FIRMNESS.index(ask.least)


def within(begin: str, end: str, ask: Ask) -> bool:
    """Whether a span touches the one asked for; what has no date is in sight only where no time was asked for."""
    if not ask.since and not ask.until:
        return True
    if not begin and not end:
        return False
    first, last = begin or end, end or begin
    return (not ask.since or last[: len(ask.since)] >= ask.since[: len(last)]) and (
        not ask.until or first[: len(ask.until)] <= ask.until[: len(first)]
    )


def dates_of(statements: Iterable[SeenStatement]) -> tuple[str, str]:
    """From when to when a thing happened or held, as it says of itself; empty where it is not said."""
    said: dict[str, list[str]] = {}
    for each in statements:
        if each.property in ("date", "startDate", "endDate") and each.value:
            said.setdefault(each.property, []).append(each.value)
    begin = min(said.get("startDate") or said.get("date") or [""])
    end = max(said.get("endDate") or said.get("date") or [""])
    return begin, end or ("" if "startDate" in said else begin)


def types_below(vocabulary: Vocabulary, *names: str) -> frozenset[str]:
    """These types of thing and all that are special cases of them, links left out."""
    return frozenset(
        thing
        for thing, known in vocabulary.things.items()
        if known.link is None and any(vocabulary.is_a(thing, name) for name in names)
    )


def by_source(ties: Iterable[SeenTie]) -> Mapping[str, dict[str, list[SeenTie]]]:
    """Ties by the thing that makes them, then by kind."""
    found: dict[str, dict[str, list[SeenTie]]] = {}
    for tie in ties:
        found.setdefault(tie.source, {}).setdefault(tie.kind, []).append(tie)
    return found
