"""Entity view: the parts of the page of a thing in words: facts with providers, ties by kind, history, rulings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from alidade.model.evaluation import Evaluation
from alidade.model.handling import Handling
from alidade.services.picture.entity import Connection, EntityPage, SeenJudgement
from alidade.vocabulary import Vocabulary
from alidade.web.hits import Line, lines
from alidade.web.templatetags.alidade import day, evaluation, handling, property_of

_OWNER = gettext_lazy("Owner or holder")
MOST_OPEN = 12
"""A group with more ties than these is folded at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidValue:
    """One value with who says it and when it was given."""

    line: Line
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """All that is said of one property; `apart` where the values differ and are drawn side by side."""

    label: str
    values: tuple[SaidValue, ...]
    apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TiedRow:
    """One tie: what is at the other end, how firm, from when to when, who says so, under what handling.

    The signs are drawn already: hundreds of ties have few different ones.
    """

    address: str
    called: str
    thing: str
    label: str
    outward: bool
    directed: bool
    evaluation: SafeString
    valid_from: str | None
    valid_to: str | None
    by: str
    given_at: str
    handlings: tuple[SafeString, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TiedGroup:
    """The ties of one kind and direction."""

    kind: str
    label: str
    directed: bool
    outward: bool
    rows: tuple[TiedRow, ...]
    folded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One line of the history."""

    kind: str | Promise
    value: str
    original: str
    address: str
    evaluation: Evaluation
    valid_from: str | None
    valid_to: str | None
    by: str
    given_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRow:
    """One judgement about the records of the thing; `state` "followed", "passed over" or "contradicts"."""

    ruling: SeenJudgement
    by: str
    state: str
    ours: bool


def _name(page: EntityPage, authority: str) -> str:
    return page.names.get(authority, authority)


def fact_rows(page: EntityPage, language: str, vocabulary: Vocabulary) -> list[FactRow]:
    """What is said of the thing, by property."""
    return [
        FactRow(
            label=fact.property if fact.label is None else fact.label.in_(language),
            values=tuple(
                SaidValue(line=line, text=_text(line, vocabulary), by=_name(page, line.statement.owner))
                for line in lines(fact.statements, language, vocabulary)
            ),
            apart=fact.conflict,
        )
        for fact in page.facts
    ]


def _text(line: Line, vocabulary: Vocabulary) -> str:
    """The value as it is written for people: a date as a date."""
    statement = line.statement
    known = vocabulary.properties_of(statement.thing).get(statement.property)
    return day(line.value) if known is not None and known.kind == "date" else line.value


def connected(page: EntityPage, language: str, vocabulary: Vocabulary) -> list[TiedGroup]:
    """What is tied to the thing, by kind of tie."""
    signs = _Signs()
    return [
        TiedGroup(
            kind=_kind(group.kind, vocabulary, language),
            label=group.label.in_(language),
            directed=group.directed,
            outward=group.outward,
            rows=_rows(page, group.connections, language, signs),
            folded=len(group.connections) > MOST_OPEN,
        )
        for group in page.groups
    ]


def documents(page: EntityPage, language: str, vocabulary: Vocabulary) -> tuple[TiedRow, ...]:
    """The documents that are tied to the thing."""
    return _rows(page, page.documents, language, _Signs())


def _kind(kind: str, vocabulary: Vocabulary, language: str) -> str:
    known = vocabulary.things.get(kind)
    return "" if known is None else known.label.in_(language)


class _Signs:
    """Draws each handling and each evaluation once."""

    def __init__(self) -> None:
        self._handlings: dict[Handling, SafeString] = {}
        self._evaluations: dict[Evaluation, SafeString] = {}

    def handling(self, value: Handling) -> SafeString:
        if value not in self._handlings:
            self._handlings[value] = render_to_string("web/signs/handling.html", handling(value))
        return self._handlings[value]

    def evaluation(self, value: Evaluation) -> SafeString:
        if value not in self._evaluations:
            self._evaluations[value] = render_to_string("web/signs/evaluation.html", evaluation(value))
        return self._evaluations[value]


def _rows(page: EntityPage, connections: Iterable[Connection], language: str, signs: _Signs) -> tuple[TiedRow, ...]:
    return tuple(_row(page, each, language, signs) for each in connections)


def _row(page: EntityPage, each: Connection, language: str, signs: _Signs) -> TiedRow:
    tie, said = each.tie, each.tie.statements
    return TiedRow(
        address=reverse("entity", args=[each.other.id]),
        called=each.other.caption,
        thing=each.other.thing,
        label=tie.label.in_(language),
        outward=each.outward,
        directed=tie.directed,
        evaluation=signs.evaluation(tie.evaluation),
        valid_from=tie.valid_from,
        valid_to=tie.valid_to,
        by=", ".join(_name(page, owner) for owner in sorted({one.owner for one in said})),
        given_at=min(one.given_at for one in said),
        handlings=tuple(signs.handling(each) for each in dict.fromkeys(one.handling for one in said)),
    )


def change_rows(page: EntityPage, language: str, vocabulary: Vocabulary) -> list[ChangeRow]:
    """Names, flags and owners in the order of time; nothing where nothing ever changed."""
    counts: dict[str, int] = {}
    for each in page.history:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    rows = []
    for each in page.history:
        if counts[each.kind] < 2 and not (each.valid_from or each.valid_to):
            continue
        (line,) = lines([each.said], language, vocabulary)
        other = each.other
        rows.append(
            ChangeRow(
                kind=property_of(each.said.property, each.said.thing) if other is None else _OWNER,
                value=line.value if other is None else other.caption,
                original=line.original if other is None else "",
                address="" if other is None else reverse("entity", args=[other.id]),
                evaluation=each.said.evaluation if each.tie is None else each.tie.evaluation,
                valid_from=each.valid_from,
                valid_to=each.valid_to,
                by=_name(page, each.said.owner),
                given_at=each.said.given_at,
            )
        )
    return rows


def ruling_rows(page: EntityPage, own: str) -> list[RulingRow]:
    """The judgements about the records of the thing: what joins them, what was passed over, what contradicts it."""
    states = (
        ("followed", page.rulings.followed),
        ("passed over", page.rulings.passed_over),
        ("contradicts", tuple(each.apart for each in page.rulings.contradictions)),
    )
    return [
        RulingRow(ruling=each, by=_name(page, each.authority), state=state, ours=each.authority == own)
        for state, rulings in states
        for each in rulings
    ]


def source_rows(page: EntityPage) -> list[tuple[str, str, str, str, str]]:
    """Owner's name, owner, list, contribution and moment of everything said of the thing itself, newest first."""
    every = {(each.owner, each.source_list, each.contribution, each.given_at) for each in page.thing.statements}
    ordered = sorted(every, key=lambda source: (source[3], source), reverse=True)
    return [(_name(page, owner), owner, named, contribution, at) for owner, named, contribution, at in ordered]
