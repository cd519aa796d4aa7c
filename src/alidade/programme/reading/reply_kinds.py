"""The kind of a reply: done, partly, reported, planned, none, not competent, cross-reference, no information, other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

import msgspec

from alidade.programme.reading.proposals import AnswerKind
from alidade.programme.reading.sentences import sentences
from alidade.programme.reading.words import FOLDER, Folded, fold


class _Signs(msgspec.Struct, frozen=True, rename={"cross_reference": "cross-reference", "cross_lead": "cross-lead",
                                                   "no_information": "no-information", "not_competent": "not-competent",
                                                   "except_": "except", "every": "all",
                                                   "partly_first": "partly-first"}):  # fmt: skip
    cross_reference: tuple[str, ...]
    cross_lead: str
    no_information: tuple[str, ...]
    not_competent: tuple[str, ...]
    opinion: tuple[str, ...]
    negation: tuple[str, ...]
    contrast: str
    partly_first: tuple[str, ...]
    future: tuple[str, ...]
    partly: tuple[str, ...]
    done: tuple[str, ...]
    planned: tuple[str, ...]
    other: tuple[str, ...]
    silence: tuple[str, ...]
    verbs: str
    every: str
    except_: str
    according: str
    by: str


class _Act(msgspec.Struct, frozen=True):
    act: str
    asked: str
    carried: str


class _Table(msgspec.Struct, frozen=True):
    languages: dict[str, _Signs]
    acts: tuple[_Act, ...]
    cells: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The kind of a reply, the rule that led to it, and the recommendation that a cross-reference points to."""

    kind: AnswerKind
    rule: str
    confidence: float
    points_to: str = ""


@cache
def signs(language: str) -> _Signs:
    """The signs of a language."""
    return _table().languages[language]


@cache
def _table() -> _Table:
    return msgspec.json.decode((FOLDER / "answer_signs.json").read_bytes(), type=_Table)


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def matches(patterns: Sequence[str], text: str) -> re.Match[str] | None:
    """The first match of any of the patterns."""
    for pattern in _compiled(tuple(patterns)):
        found = pattern.search(text)
        if found:
            return found
    return None


_REFERENCE: Final = re.compile(
    r"(?:recommandations?|recommendations?|recomendacion(?:es)?|recomendac(?:ao|oes))\s+(?:n\s?o?\.?\s*|"
    r"num\.?\s*)?(\d{1,2})?\s?[.(]?\s?([a-z])?\b\)?"
    r"(?:\s+(?:du|of|under|del|do|de la|de|of the)\s+(?:theme|topic|issue|tema|topico|point)\s+(\d{1,2}))?"
)


def recommendations_named(folded: str, theme: str) -> list[str]:
    """The recommendations that a text names, such as "2c"; a letter alone belongs to the theme given."""
    found = []
    for match in _REFERENCE.finditer(folded):
        number, letter, other_theme = match[1] or "", match[2] or "", match[3] or ""
        after = folded[match.start(2) + 1 : match.start(2) + 2] if letter else ")"
        if letter and not number and after != ")":
            continue
        if number or letter:
            found.append(f"{other_theme or number or theme}{letter}")
    return found


_BESIDES: Final = r",? (?:and that|et que|et qu'|y que|e que) |; "


def kind_of(reply: str, recommendation: str, number: str, language: str) -> Kind:
    """The kind of a reply to a recommendation of the given text and number (such as "2c")."""
    folded = fold(reply)
    sign = signs(language)
    spans = sentences(reply)
    first = Folded(folded[: spans[0][1]])
    cross = _cross_reference(folded, first, number, sign)
    if cross is not None:
        return cross
    for kind, patterns in (("no-information", sign.no_information), ("not-competent", sign.not_competent)):
        if matches(patterns, first) and not _acts_too(folded, first, sign):
            return Kind(kind=cast(AnswerKind, kind), rule=kind, confidence=0.9)
    if matches(sign.opinion, first):
        return Kind(kind="other", rule="opinion", confidence=0.7)
    negation = matches(sign.negation, first)
    acted = None if negation else _acted(fold(recommendation), folded, first, sign)
    if acted is not None and not (acted.kind == "other" and matches(sign.planned, first)):
        return acted
    if matches(sign.partly_first, first):
        return Kind(kind="partly", rule="part-carried-out", confidence=0.8)
    if negation:
        return _negated(first, folded, negation, sign)
    ahead = matches(sign.future, reply[: len(first)].lower()) if sign.future else None
    for kind, patterns, part, confidence in (
        ("done", sign.done, folded, 0.8),
        ("planned", sign.planned, first, 0.8),
        ("other", sign.other, first, 0.65),
        ("partly", sign.partly, folded, 0.7),
    ):
        found = matches(patterns, part) or (ahead if kind == "planned" else None)
        # What stands behind "and that" is said besides what was done.
        if found and not (kind == "other" and re.search(_BESIDES, part[: found.start()])):
            return Kind(kind=cast(AnswerKind, kind), rule=f"{kind}-words", confidence=confidence)
    return Kind(kind="reported", rule="action-described", confidence=0.75)


def _acted(recommendation: str, folded: str, first: str, sign: _Signs) -> Kind | None:
    """The kind where the recommendation asks for one act that is either done or not; None for other recommendations."""
    act = _act(recommendation)
    if act is None:
        return None
    carried, ahead = re.search(act.carried, folded), matches(sign.planned, first)
    if carried and ahead and ahead.start() - 30 <= carried.start() <= ahead.end() + 30:
        return Kind(kind="planned", rule=f"{act.act}-planned", confidence=0.8)
    if carried:
        return Kind(kind="done", rule=f"{act.act}-carried-out", confidence=0.85)
    if not _object_named(act, recommendation, folded):
        return Kind(kind="other", rule=f"{act.act}-not-mentioned", confidence=0.7)
    return None


def _cross_reference(folded: str, first: str, number: str, sign: _Signs) -> Kind | None:
    lead = re.search(sign.cross_lead, first)
    if lead is None:
        return None
    theme = re.match(r"\d*", number)
    named = recommendations_named(first[lead.start() :], theme[0] if theme else "")
    others = [each for each in named if each != number]
    if others:
        return Kind(kind="cross-reference", rule="names-another-recommendation", confidence=0.9, points_to=others[0])
    if matches(sign.cross_reference[2:], first):
        return Kind(kind="cross-reference", rule="names-another-reply", confidence=0.8)
    return None


def _acts_too(folded: str, first: str, sign: _Signs) -> bool:
    """Whether the reply says in a second sentence what was done all the same, at length."""
    return len(folded) > len(first) + 250 and not matches(sign.negation, folded[len(first) :])


def _negated(first: str, folded: str, negation: re.Match[str], sign: _Signs) -> Kind:
    rest = folded[negation.end() :]
    contrast = re.search(sign.contrast, rest)
    if contrast is not None:
        after = rest[contrast.end() :]
        if matches(sign.planned, after):
            return Kind(kind="planned", rule="not-yet-but-planned", confidence=0.75)
        if not matches(sign.negation, after) and not matches(sign.other, after):
            return Kind(kind="partly", rule="not-this-but-that", confidence=0.75)
    if matches(sign.planned, rest):
        return Kind(kind="planned", rule="not-yet-but-planned", confidence=0.7)
    return Kind(kind="none", rule="negation", confidence=0.75)


def _act(recommendation: str) -> _Act | None:
    """The act that a recommendation asks for, where it is one that is either done or not."""
    for act in _table().acts:
        found = re.search(act.asked, recommendation)
        if found and found.start() < 140:
            return act
    return None


def _object_named(act: _Act, recommendation: str, reply: str) -> bool:
    asked = re.search(act.asked, recommendation)
    words = re.findall(r"[a-zœ]{6,}", recommendation[asked.end() :]) if asked else []
    return bool(words) and re.search(rf"\b{re.escape(words[0][:7])}", reply) is not None


def kind_of_cell(text: str) -> AnswerKind | str | None:
    """The kind that a short entry of a table stands for; "" where it stands for silence; None where it says more."""
    plain = fold(text).strip(" .")
    for kind, words in _table().cells.items():
        if plain in words:
            return "" if kind == "silence" else kind
    return None


def is_silence(reply: str, language: str) -> bool:
    """Whether the text says that nothing was replied: that is no answer."""
    return matches(signs(language).silence, fold(reply)) is not None
