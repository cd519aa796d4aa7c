"""Chart view: a chart as the script of its page and its tables take it, in the language of the officer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.urls import NoReverseMatch, reverse

from alidade.formats.chart_svg import strength
from alidade.formats.chart_symbols import symbols_of
from alidade.services.picture.chart import Drawn, filtered
from alidade.services.picture.chart_walks import Opening, Ways
from alidade.services.picture.seeing import SeenThing, SeenTie
from alidade.services.records import SeenStatement
from alidade.vocabulary import Vocabulary
from alidade.web.hits import classification_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """What the page needs to say things: the words, the language, and the names of authorities."""

    words: Vocabulary
    language: str
    authorities: Mapping[str, str]

    def thing(self, name: str) -> str:
        """The word for a type of thing."""
        known = self.words.things.get(name)
        return known.label.in_(self.language) if known is not None else name

    def owner(self, code: str) -> str:
        """The name of an authority."""
        return self.authorities.get(code, code)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTie:
    """A row of the table of ties."""

    tie: SeenTie
    source: str
    target: str
    label: str
    codes: str
    owners: str


def chart_for_script(drawn: Drawn, glossary: Glossary) -> dict[str, Any]:
    """Everything that the script draws, and nothing that the viewer does not see.

    What many things share (words, names of authorities, labels of ties) is sent once and named by its number, ties
    name their ends by the numbers of the things, and what is empty is left out: half a megabyte less for 1,500 things.
    """
    things = list(drawn.things.values())
    owners, labels = _Numbers(), _Numbers()
    number = {each.id: place for place, each in enumerate(things)}
    starts = frozenset(drawn.starts)
    made_things = [_thing(drawn, each, owners, starts) for each in things]
    made_ties = [_tie(each, glossary, owners, labels, number) for each in drawn.ties]
    return {
        "state": msgspec.to_builtins(drawn.state),
        "words": {name: glossary.thing(name) for name in dict.fromkeys(each.thing for each in things)},
        "owners": [[each, glossary.owner(each)] for each in owners.found],
        "labels": list(labels.found),
        "things": made_things,
        "ties": made_ties,
        "groups": [
            {
                "node": each.node, "key": each.key, "label": each.label, "count": len(each.members), "open": each.open,
                "kinds": [[glossary.thing(kind), count] for kind, count in each.kinds],
                **_at(drawn, each.node),
            }
            for each in drawn.groups
        ],
        "bundles": [
            {"source": each.source, "target": each.target, "count": each.count,
             "firm": strength(each.evaluation.source, each.evaluation.information, each.evaluation.given)}
            for each in drawn.bundles
        ],
        "hidden": [{"id": each.id, "label": each.caption or glossary.thing(each.thing)} for each in drawn.hidden],
        "symbols": symbols_of((each.thing for each in things), glossary.words),
        "cut": drawn.cut,
        "classification": classification(drawn, glossary),
    }  # fmt: skip


class _Numbers:
    """Texts in the order in which they were met, each with its number."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self.found.setdefault(text, len(self.found))


def classification(drawn: Drawn, glossary: Glossary) -> str:
    """The line at the top and bottom of the page; empty where it needs none."""
    said = (each for thing in drawn.things.values() for each in thing.statements)
    tied = (each for tie in drawn.ties for each in tie.statements)
    return classification_line([*said, *tied], glossary.language, glossary.words)


def _at(drawn: Drawn, key: str) -> dict[str, float | None]:
    x, y = drawn.places.get(key, (None, None))
    return {"x": x, "y": y}


def _thing(drawn: Drawn, thing: SeenThing, owners: _Numbers, starts: frozenset[str]) -> dict[str, Any]:
    made = {
        "id": thing.id,
        "type": thing.thing,
        "label": thing.caption,
        "owners": [owners.of(each) for each in thing.owners],
        "codes": codes_of(thing.statements),
        "start": thing.id in starts,
        "group": drawn.member_of.get(thing.id, ""),
    }
    return _filled(made) | _at(drawn, thing.id)


def _tie(
    tie: SeenTie, glossary: Glossary, owners: _Numbers, labels: _Numbers, number: Mapping[str, int]
) -> dict[str, Any]:
    grade = tie.evaluation
    made = {
        "id": tie.id,
        "kind": tie.kind,
        "directed": tie.directed,
        "grade": grade.code if grade.given else "",
        "firm": strength(grade.source, grade.information, grade.given),
        "from": tie.valid_from or "",
        "to": tie.valid_to or "",
        "owners": [owners.of(each) for each in sorted({each.owner for each in tie.statements})],
        "codes": codes_of(tie.statements),
    }
    ends = {"source": number[tie.source], "target": number[tie.target]}
    return _filled(made) | ends | {"label": labels.of(tie.label.in_(glossary.language))}


def _filled(made: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made.items() if value or key == "label"}


def codes_of(statements: tuple[SeenStatement, ...]) -> str:
    """The handling codes beyond H0 that lie on any of the statements."""
    return " ".join(sorted({code for each in statements for code in each.handling.codes} - {"H0"}))


def thing_address(thing: str) -> str:
    """The page of a thing."""
    for name in ("entity", "record"):
        try:
            return reverse(name, args=[thing])
        except NoReverseMatch:
            continue
    return ""


def openings_for_script(found: tuple[Opening, ...], glossary: Glossary) -> list[dict[str, Any]]:
    """By which kinds of tie a thing could be opened."""
    return [
        {
            "kind": each.kind,
            "label": each.label,
            "count": each.count,
            "things": [[glossary.thing(thing), count] for thing, count in each.things],
            "leadsTo": each.leads_to,
        }
        for each in found
    ]


def ways_for_script(found: Ways, glossary: Glossary) -> dict[str, Any]:
    """The ways between two things, each as the things and ties on it."""
    return {
        "more": found.more,
        "givenUp": found.given_up,
        "ways": [
            {
                "things": [{"id": each.id, "label": each.caption or glossary.thing(each.thing)} for each in way.things],
                "ties": [{"id": each.id, "label": each.label.in_(glossary.language)} for each in way.ties],
            }
            for way in found.ways
        ],
    }


def table_rows(drawn: Drawn, glossary: Glossary) -> tuple[list[tuple[SeenThing, int]], list[ShownTie]]:
    """The same as tables, without script: the things with the number of their ties, and the ties."""
    things, ties = filtered(drawn.things, drawn.ties, drawn.state, frozenset(drawn.starts))
    degree = Counter(end for tie in ties for end in (tie.source, tie.target))
    names = {key: thing.caption or glossary.thing(thing.thing) for key, thing in things.items()}
    rows = [
        ShownTie(
            tie=tie,
            source=names[tie.source],
            target=names[tie.target],
            label=tie.label.in_(glossary.language),
            codes=codes_of(tie.statements),
            owners=", ".join(glossary.owner(each) for each in sorted({one.owner for one in tie.statements})),
        )
        for tie in ties
    ]
    return [(thing, degree[key]) for key, thing in things.items()], rows
