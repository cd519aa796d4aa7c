"""Hits as they are drawn: the comparison as a waterfall, statements with provenance, rulings with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alidade.matching.comparison import ComparisonPart
from alidade.services.check import Hit
from alidade.services.records import SeenStatement
from alidade.vocabulary import Vocabulary
from alidade.vocabulary.codes import VerdictReason

RULINGS = {
    "same": gettext_lazy("Same"),
    "not_the_same": gettext_lazy("Not the same"),
    "unsure": gettext_lazy("Unsure"),
}
EVIDENCE = {
    "name": gettext_lazy("Name"),
    "birthDate": gettext_lazy("Birth date"),
    "country": gettext_lazy("Country"),
    "nationality": gettext_lazy("Nationality"),
    "gender": gettext_lazy("Gender"),
    "limit": gettext_lazy("Kept within 0 and 1"),
}
RULES = {
    "equal": pgettext_lazy("comparison", "equal"),
    "similar": pgettext_lazy("comparison", "similar"),
    "swapped": pgettext_lazy("comparison", "day and month swapped"),
    "month": pgettext_lazy("comparison", "same month"),
    "year": pgettext_lazy("comparison", "same year"),
    "near": pgettext_lazy("comparison", "near"),
    "different": pgettext_lazy("comparison", "different"),
    "contradicts": pgettext_lazy("comparison", "contradicts"),
}
_OPEN_LEVELS = ("PUBLIC", "BPL")
_LISTS = {"country": "countries"}  # kinds of property whose values are codes of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One step of the waterfall: its words, and where its bar stands between 0 and 100."""

    evidence: str
    rule: str
    left: str
    right: str
    contribution: str
    start: str  # written the same in every language, since they stand in a drawing
    width: str
    against: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement as a line: what it says, and under which conditions and by whom."""

    statement: SeenStatement
    label: str
    value: str
    original: str


def waterfall(parts: Sequence[ComparisonPart], language: str, vocabulary: Vocabulary) -> list[Bar]:
    """The parts of a comparison, each bar beginning where the one before ended."""
    bars: list[Bar] = []
    at = 0.0
    for part in parts:
        to = at + part.contribution
        low, high = max(0.0, min(at, to)), min(1.0, max(at, to))
        bars.append(
            Bar(
                evidence=evidence_word(part.evidence, language, vocabulary),
                rule=str(RULES.get(part.rule, part.rule)),
                left=part.left,
                right=part.right,
                contribution=f"{part.contribution:+.2f}",
                start=f"{low * 100:.2f}",
                width=f"{max(high - low, 0.005) * 100:.2f}",
                against=part.contribution < 0,
            )
        )
        at = to
    return bars


def evidence_word(code: str, language: str, vocabulary: Vocabulary) -> str:
    """What was compared, as a word."""
    if code in EVIDENCE:
        return str(EVIDENCE[code])
    kinds = vocabulary.codes("identifier_kinds")
    return kinds[code].label.in_(language) if code in kinds else code


def lines(statements: Iterable[SeenStatement], language: str, vocabulary: Vocabulary) -> list[Line]:
    """The statements of a record, each with its label and its value in words where it is a code."""
    found = []
    for one in statements:
        definition = vocabulary.properties_of(one.thing).get(one.property) if one.thing in vocabulary.things else None
        label = one.property if definition is None else definition.label.in_(language)
        value = one.value
        listed = None if definition is None else definition.code_list or _LISTS.get(definition.kind)
        if listed is not None:
            codes = vocabulary.codes(listed)
            entry = codes.get(value) or codes.get(value.upper())
            value = value if entry is None else entry.label.in_(language)
        original = one.original if one.original and one.original != one.value else ""
        found.append(Line(statement=one, label=label, value=value, original=original))
    return found


def shown_hit(hit: Hit, language: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Everything that the template of a hit needs."""
    sources = {(one.source_list, one.contribution, one.given_at) for one in hit.statements}
    return {
        "hit": hit,
        "bars": waterfall(hit.parts, language, vocabulary),
        "lines": lines(hit.statements, language, vocabulary),
        "sources": sorted(sources, key=lambda source: source[2], reverse=True),
        "score": f"{hit.score:.2f}",
        "record_address": record_address(hit.record),
    }


def classification_line(statements: Iterable[SeenStatement], language: str, vocabulary: Vocabulary) -> str:
    """The highest level of what is shown, for the line at the top and bottom; empty where it needs none."""
    ranks = vocabulary.classifications
    levels = [one.handling.classification for one in statements if one.handling.classification in ranks]
    highest = max(levels, key=lambda level: ranks[level].rank, default="")
    if not highest or highest in _OPEN_LEVELS:
        return ""
    return vocabulary.label("classifications", highest, language)


def reasons(vocabulary: Vocabulary, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The listed reasons under the ruling that each belongs to, for a select field."""
    groups: dict[str, list[tuple[str, str]]] = {ruling: [] for ruling in RULINGS}
    for code, entry in vocabulary.codes("verdict_reasons").items():
        if isinstance(entry, VerdictReason):
            groups[entry.verdict].append((code, entry.label.in_(language)))
    return [(str(RULINGS[ruling]), listed) for ruling, listed in groups.items()]


def ruling_of(vocabulary: Vocabulary, reason: str) -> str:
    """The ruling to which a reason belongs; empty for one that is not listed."""
    entry = vocabulary.codes("verdict_reasons").get(reason)
    return entry.verdict if isinstance(entry, VerdictReason) else ""


def record_address(record: str) -> str:
    """The page of a record; empty where there is none."""
    try:
        return reverse("record", args=[record]) if record else ""
    except NoReverseMatch:
        return ""


def kinds(vocabulary: Vocabulary, language: str) -> list[tuple[str, str]]:
    """What may be asked about: whatever it is, a name, or a kind of identifier."""
    listed = [(code, entry.label.in_(language)) for code, entry in vocabulary.codes("identifier_kinds").items()]
    return [("", _("Whatever it is")), ("name", _("Name")), *listed]


def kind_word(code: str, language: str, vocabulary: Vocabulary) -> str:
    """A reading of a question as a word."""
    listed = vocabulary.codes("identifier_kinds")
    return _("Name") if code == "name" else (listed[code].label.in_(language) if code in listed else code)
