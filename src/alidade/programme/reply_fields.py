"""Fields of a reply as texts: how a page or an offline form shows them, and how they are read back, each by name.

One way in and one way out, so that what is answered on a page, in a workbook and in a document is the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from alidade.model.errors import Invalid
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.lists import codes, term
from alidade.programme.register import DocumentRef, Figure, Source, Texts, said_in
from alidade.programme.rounds import LONGEST_TEXT, Part, Question, words_in
from alidade.vocabulary.codes import Code
from alidade.vocabulary.labels import Label

__all__ = ["ALWAYS", "FIELDS", "fields_of", "figures_said", "kind_said", "last_said", "part_of", "said", "shown"]

ALWAYS: Final = ("kind", "see", "joint_with")
"""Fields that every question has, whatever else it asks."""

FIELDS: Final = (
    "kind", "text", "competent", "see", "obstacle", "obstacle_text", "evidence", "figures", "good_practice",
    "training_need", "joint_with",
)  # fmt: skip
"""Every field of a reply, in the order in which it is asked."""

_TEXTS: Final = ("text", "obstacle_text", "good_practice", "training_need")
_LANGUAGES: Final = ("en", "fr", "es", "pt", "pt_BR")
_MOST: Final[Mapping[str, int]] = {"competent": 200, "see": 20, "evidence": 2_000, "figures": 2_000, "joint_with": 200}
_FIGURE: Final = re.compile(
    r"^(?:(?P<of>[^:\[\]]{1,200}):\s*)?(?P<value>[-–−]?\d(?:[\d\s.,'’]*\d)?)\s*(?P<unit>[^\[\]]{0,80}?)\s*"
    r"(?:\[(?P<source>[^\[\]]{1,130})\])?$"
)
_GROUPED: Final = re.compile(r"^\d{1,3}([.,])\d{3}(?:\1\d{3})+$")
_UNSURE: Final = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")


def fields_of(question: Question) -> tuple[str, ...]:
    """The fields that a question asks for, in order; the words of an obstacle belong to the obstacle."""
    asked = {*question.fields, *ALWAYS} | ({"obstacle_text"} if "obstacle" in question.fields else set())
    return tuple(name for name in FIELDS if name in asked)


def said(name: str, language: str) -> str:
    """What a field is called, in the language."""
    return term("reply_fields", name, language)


def shown(part: Part | None, language: str) -> dict[str, str]:
    """Every field of a reply as a text; empty where nothing is said."""
    if part is None:
        return dict.fromkeys(FIELDS, "")
    return {
        "kind": part.kind,
        **{name: said_in(getattr(part, name), language)[0] for name in _TEXTS},
        "competent": part.competent,
        "see": part.see,
        "obstacle": part.obstacle,
        "evidence": ", ".join(each.number for each in part.evidence),
        "figures": figures_said(part.figures),
        "joint_with": ", ".join(part.joint_with),
    }


def last_said(part: Part | None, language: str) -> str:
    """What was answered in the round before, in a line; empty where nothing was."""
    if part is None:
        return ""
    kind = answer_kinds().get(part.kind)
    words = said_in(part.text, language)[0]
    obstacle = term("obstacle_kinds", part.obstacle, language) if part.obstacle else ""
    return " · ".join(
        each for each in (part.kind if kind is None else kind.label.in_(language), words, obstacle) if each
    )


def figures_said(figures: tuple[Figure, ...]) -> str:
    """Numbers with their units and sources, as they are read back."""
    return "; ".join(_figure_said(each) for each in figures)


def kind_said(text: str, listed: Mapping[str, Any]) -> str:
    """The code of what is written: a code, or its term in one of the languages; the text itself where it is neither."""
    wanted = " ".join(text.split()).casefold()
    for code, entry in listed.items():
        label: Label = entry.label
        if wanted == code.casefold() or wanted in {label.in_(tag).casefold() for tag in _LANGUAGES}:
            return code
    return text.strip()


def part_of(question: Question, given: Mapping[str, str], earlier: Part | None, language: str) -> Part:
    """The reply that these texts tell; a field that is not given stays as it was.

    Texts are of that language; one that stands unchanged in another language stays in it. Raises Invalid that names
    question and field, never what was written.
    """
    before = earlier or Part(question=question.key, kind="")
    old = shown(earlier, language)
    found = {name: text.replace("\r\n", "\n").strip() for name, text in given.items() if name in FIELDS}
    for name, most in _MOST.items():
        if len(found.get(name, "")) > most:
            raise Invalid(
                f"Question {question.key}, {said(name, language)}: longer than {most} letters.", remedy="Shorten it."
            )
    fields: dict[str, Any] = {}
    for name, text in found.items():
        if name in _TEXTS:
            fields[name] = _texts(question, name, getattr(before, name), text, old[name], language)
        elif name in _READERS:
            fields[name] = _READERS[name](question, text, getattr(before, name), language)
        else:
            fields[name] = text
    if fields.get("kind", before.kind) != "cross-reference":
        fields["see"] = ""
    return msgspec.structs.replace(before, **fields)


def _texts(question: Question, name: str, before: Texts, text: str, old: str, language: str) -> Texts:
    if text == old:
        return before
    if words_in(text) > LONGEST_TEXT:
        raise Invalid(
            f"Question {question.key}, {said(name, language)}: {words_in(text)} words; {LONGEST_TEXT} are the most.",
            remedy="Shorten the text.",
        )
    gone = language if before.get(language) else said_in(before, language)[1]
    kept = {tag: words for tag, words in before.items() if tag not in (language, "" if text else gone)}
    return {**kept, language: text} if text else kept


def _kind(question: Question, text: str, before: str, language: str) -> str:
    kind = kind_said(text, answer_kinds())
    if kind not in answer_kinds():
        raise Invalid(
            f"Question {question.key}, {said('kind', language)}: this is no kind of answer.",
            remedy=f"Choose one of: {', '.join(answer_kinds())}.",
        )
    return kind


def _obstacle(question: Question, text: str, before: str, language: str) -> str:
    listed: Mapping[str, Code] = codes("obstacle_kinds")
    obstacle = kind_said(text, listed)
    if obstacle and obstacle not in listed:
        raise Invalid(
            f"Question {question.key}, {said('obstacle', language)}: this is not in the list of obstacles.",
            remedy=f"Choose one of: {', '.join(listed)}.",
        )
    return obstacle


def _evidence(question: Question, text: str, before: tuple[DocumentRef, ...], language: str) -> tuple[DocumentRef, ...]:
    known = {each.number: each for each in before}
    numbers = tuple(dict.fromkeys(each.strip() for each in re.split(r"[,;\n]", text) if each.strip()))
    if any(len(number) > 80 for number in numbers):
        raise Invalid(
            f"Question {question.key}, {said('evidence', language)}: the number of a paper is longer than 80 letters.",
            remedy="Write the numbers of the papers with commas between.",
        )
    return tuple(known.get(number, DocumentRef(number=number)) for number in numbers)


def _states(question: Question, text: str, before: tuple[str, ...], language: str) -> tuple[str, ...]:
    states = tuple(dict.fromkeys(each.strip().upper() for each in re.split(r"[,;\s]", text) if each.strip()))
    if not all(re.fullmatch(r"[A-Z]{3}", each) for each in states):
        raise Invalid(
            f"Question {question.key}, {said('joint_with', language)}: this is no list of States.",
            remedy="Write States by three letters.",
        )
    return states


def _figures(question: Question, text: str, before: tuple[Figure, ...], language: str) -> tuple[Figure, ...]:
    """The numbers that are written; one that stands as it stood keeps the source and parts that it had."""
    known = {_figure_said(each): each for each in before}
    units = dict(question.figures)
    found = []
    for piece in (each.strip() for each in re.split(r"[;\n]", text) if each.strip()):
        if piece in known:
            found.append(known[piece])
            continue
        met = _FIGURE.fullmatch(piece)
        of = (met["of"] or "").strip() if met else ""
        unit = (met["unit"].strip() or units.get(of, "")) if met else ""
        if met is None or not unit:
            raise Invalid(
                f"Question {question.key}, {said('figures', language)}: a number with its unit is expected.",
                remedy="Write for example: 12 seizures; 340.5 kg [15571/25, 7].",
            )
        value = _number(question, met["value"], language)
        found.append(Figure(value=value, unit=unit, of=of, source=_source(met["source"] or "")))
    return tuple(found)


def _source(text: str) -> Source:
    document, _comma, paragraph = text.partition(",")
    return Source(document=document.strip()[:80], paragraph=paragraph.strip()[:40])


def _number(question: Question, text: str, language: str) -> float:
    """A number as it is written in the languages of the forms. A single group of three behind a sign is not guessed."""
    plain = re.sub(r"[\s'’]", "", text).replace("–", "-").replace("−", "-")
    sign, digits = (-1.0, plain[1:]) if plain.startswith("-") else (1.0, plain)
    if _UNSURE.fullmatch(digits):
        raise Invalid(
            f"Question {question.key}, {said('figures', language)}: a number can be read in two ways.",
            remedy="Write thousands without a sign between (1234), and decimals with a nought behind (1.2340).",
        )
    if _GROUPED.fullmatch(digits):
        digits = re.sub(r"[.,]", "", digits)
    elif "," in digits and "." in digits:
        decimal = max(digits.rfind(","), digits.rfind("."))
        digits = re.sub(r"[.,]", "", digits[:decimal]) + "." + digits[decimal + 1 :]
    try:
        return sign * float(digits.replace(",", "."))
    except ValueError as error:
        raise Invalid(
            f"Question {question.key}, {said('figures', language)}: this is no number.",
            remedy="Write digits, with a sign for the decimals only.",
        ) from error


def _figure_said(figure: Figure) -> str:
    value = f"{figure.value:.10g}" if abs(figure.value) < 1e9 else f"{figure.value:.0f}"
    value = f"{value}0" if _UNSURE.fullmatch(value.lstrip("-")) else value
    of = f"{figure.of}: " if figure.of else ""
    unit = "" if figure.unit == "–" else f" {figure.unit}"
    place = ", ".join(each for each in (figure.source.document, figure.source.paragraph) if each)
    return f"{of}{value}{unit}{f' [{place}]' if place else ''}"


_READERS: Final[Mapping[str, Callable[[Question, str, Any, str], Any]]] = {
    "kind": _kind,
    "obstacle": _obstacle,
    "evidence": _evidence,
    "figures": _figures,
    "joint_with": _states,
}
