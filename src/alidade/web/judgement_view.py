"""Judgements as they are drawn: suggestions with what speaks for and against, pairs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from alidade.services.picture.pairs import ComparedPair
from alidade.services.picture.sides import Side
from alidade.services.picture.suggesting import SuggestionPage
from alidade.vocabulary import Vocabulary
from alidade.web import hits

RULINGS: Final = {
    "same": pgettext_lazy("judgement", "Same"),
    "not_the_same": pgettext_lazy("judgement", "Different"),
    "unsure": pgettext_lazy("judgement", "Unsure"),
}
AGREEMENTS: Final = {
    "same": gettext_lazy("agree"),
    "alike": gettext_lazy("fit together"),
    "different": gettext_lazy("differ"),
    "left": gettext_lazy("one side only"),
    "right": gettext_lazy("one side only"),
}
EVIDENCE: Final = {
    "prior": gettext_lazy("Among so many records"),
    "name": gettext_lazy("Name"),
    "birth_date": gettext_lazy("Date"),
    "document": gettext_lazy("Document"),
    "country": gettext_lazy("Country"),
    "kind": gettext_lazy("Kind of thing"),
    "number": gettext_lazy("Number"),
    "address": gettext_lazy("Address"),
    "gender": gettext_lazy("Gender"),
    "traits": gettext_lazy("Other features"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One kind of evidence in bits; its bar stands between 0 and 100, of which 50 is nothing for or against."""

    word: Any
    bits: str
    start: str
    width: str
    against: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionLine:
    """One suggestion: both records, the chance, and what speaks for and against."""

    left: Side
    right: Side
    chance: str
    weighed: tuple[Weighed, ...]
    reasons: tuple[Any, ...]


def suggestion_lines(found: SuggestionPage, language: str, vocabulary: Vocabulary) -> list[SuggestionLine]:
    """The suggestions of a page as lines."""
    del language, vocabulary
    sides = {side.record: side for side in found.sides}
    return [
        SuggestionLine(
            left=sides[each.left],
            right=sides[each.right],
            chance=f"{min(99.9, each.score * 100):.1f} %",
            weighed=weighed(each.explanation),
            reasons=tuple(
                EVIDENCE[name] for name, bits in sorted(each.explanation, key=lambda part: -part[1]) if bits >= 1.0
            )[:3],
        )
        for each in found.suggestions
        if each.left in sides and each.right in sides
    ]


def weighed(explanation: Sequence[tuple[str, float]]) -> tuple[Weighed, ...]:
    """What speaks for and against, each with a bar from the middle."""
    widest = max((abs(bits) for _, bits in explanation), default=1.0) or 1.0
    return tuple(
        Weighed(
            word=EVIDENCE.get(name, name),
            bits=f"{bits:+.1f}",
            start=f"{50 + min(0.0, bits) / widest * 50:.2f}",
            width=f"{max(abs(bits) / widest * 50, 0.5):.2f}",
            against=bits < 0,
        )
        for name, bits in explanation
    )


def pair_view(found: ComparedPair, language: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Everything that the page of two records needs of them."""
    statements = [each for line in found.lines for each in (*line.left, *line.right)]
    lines = [
        {
            "label": _label(line.property, (found.left.thing, found.right.thing), language, vocabulary),
            "left": hits.lines(line.left, language, vocabulary),
            "right": hits.lines(line.right, language, vocabulary),
            "agreement": line.agreement,
            "word": AGREEMENTS[line.agreement],
            "conflict": line.conflict,
        }
        for line in found.lines
    ]
    return {
        "pair": found,
        "lines": lines,
        "conflicts": sum(line.conflict for line in found.lines),
        "agreeing": [line["label"] for line in lines if line["agreement"] == "same"],
        "score": None if found.score is None else f"{found.score:.2f}",
        "bars": hits.waterfall(found.parts, language, vocabulary),
        "rulings": [(RULINGS.get(each.ruling, each.ruling), each) for each in found.judgements],
        "classification": hits.classification_line(statements, language, vocabulary),
    }


def _label(name: str, things: Sequence[str], language: str, vocabulary: Vocabulary) -> str:
    for thing in things:
        known = vocabulary.properties_of(thing).get(name) if thing in vocabulary.things else None
        if known is not None:
            return known.label.in_(language)
    return name
