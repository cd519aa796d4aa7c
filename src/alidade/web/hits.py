"""Hits as they are drawn: the comparison as a waterfall, statements with provenance, rulings with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from alidade.matching.comparison_evidence import ComparisonPart
from alidade.matching.thresholds import Use, threshold_for
from alidade.services.check import Hit
from alidade.services.records import SeenStatement
from alidade.vocabulary import Vocabulary
from alidade.vocabulary.codes import VerdictReason
from alidade.web.templatetags.alidade import percent

if TYPE_CHECKING:
    from alidade.matching.name_comparison import Part

# Remarks on how a question was read, which come from the use case.
REMARKS = (
    gettext_noop("the check digit does not fit"),
    gettext_noop("these words stand in very many names and identify nobody: only names made of them alone are shown"),
)
RULINGS = {
    "same": gettext_lazy("Same"),
    "not_the_same": gettext_lazy("Not the same"),
    "unsure": gettext_lazy("Unsure"),
}
EVIDENCE = {
    "name": gettext_lazy("Name"),
    "schema": gettext_lazy("Kind of thing"),
    "fatherName": gettext_lazy("Father’s name or patronymic"),
    "middleName": gettext_lazy("Middle name"),
    "birthDate": gettext_lazy("Birth date"),
    "birthPlace": gettext_lazy("Place of birth"),
    "deathDate": gettext_lazy("Date of death"),
    "incorporationDate": gettext_lazy("Date of incorporation"),
    "address": gettext_lazy("Address"),
    "country": gettext_lazy("Country"),
    "nationality": gettext_lazy("Nationality"),
    "gender": gettext_lazy("Gender"),
    "limit": gettext_lazy("Kept within 0 and 1"),
}
RULES = {
    "equal": pgettext_lazy("comparison", "equal"),
    "similar": pgettext_lazy("comparison", "similar"),
    "one error": pgettext_lazy("comparison", "one character apart"),
    "slip": pgettext_lazy("comparison", "one slip apart"),
    "next year": pgettext_lazy("comparison", "the year before or after"),
    "few years": pgettext_lazy("comparison", "a few years apart"),
    "swapped": pgettext_lazy("comparison", "day and month swapped"),
    "month": pgettext_lazy("comparison", "same month"),
    "year": pgettext_lazy("comparison", "same year"),
    "near": pgettext_lazy("comparison", "near"),
    "different": pgettext_lazy("comparison", "different"),
    "contradicts": pgettext_lazy("comparison", "contradicts"),
    "variant": pgettext_lazy("comparison", "another spelling of one name"),
    "sound": pgettext_lazy("comparison", "sounds alike"),
    "initial": pgettext_lazy("comparison", "initial"),
    "joined": pgettext_lazy("comparison", "written as one word"),
    "missing": pgettext_lazy("comparison", "no counterpart"),
    "limit": "",  # what was done stands in its evidence
}
USES: dict[Use, Any] = {
    "usual": gettext_lazy("What is likely"),
    "must_not_miss": gettext_lazy("Must not miss"),
    "must_be_sure": gettext_lazy("Must be sure"),
}
USES_EXPLAINED: dict[Use, Any] = {
    "usual": gettext_lazy("For the daily look: who is probably meant."),
    "must_not_miss": gettext_lazy("For a search in which nobody may be missed: more hits, more of them somebody else."),
    "must_be_sure": gettext_lazy(
        "For acting on the spot: only names that agree closely. An unknown name seldom meets somebody."
    ),
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
class WordLine:
    """One word of the question and its counterpart; `length` and `share` of its bar are between 0 and 100."""

    left: str
    right: str
    rule: str
    agreement: str
    weight: str
    length: str
    share: str


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


def word_lines(words: Sequence[Part]) -> list[WordLine]:
    """The words of two names, each pair with a bar as long as its weight and filled as far as the words agree."""
    heaviest = max((part.weight for part in words), default=0.0) or 1.0
    return [
        WordLine(
            left=part.left,
            right=part.right,
            rule=str(RULES.get(part.rule, part.rule)),
            agreement=percent(part.credit),
            weight=f"{part.weight:.2f}",
            length=f"{max(part.weight / heaviest, 0.01) * 100:.2f}",
            share=f"{part.weight / heaviest * part.credit * 100:.2f}",
        )
        for part in words
    ]


def use_lines(chosen: str) -> list[dict[str, Any]]:
    """The settings of the switch, each with its threshold and what was measured there."""
    return [
        {
            "code": use,
            "word": USES[use],
            "explained": USES_EXPLAINED[use],
            "chosen": use == chosen,
            **use_measured(use),
        }
        for use in USES
    ]


def use_measured(use: Use) -> dict[str, Any]:
    """Threshold and measurement of a setting, as they are drawn."""
    found = threshold_for(use)
    return {"use": USES[use], "threshold": f"{found.threshold:.2f}", "measurement": found}


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
        "words": word_lines(hit.words),
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
