"""How well two names agree, word by word, with the rule by which each word met its counterpart.

Order of words does not count. A word missing on one side costs little when the other words agree; words that
stand against each other cost much. The score is symmetric, deterministic, in 0..1, and 1 for equal names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from alidade.matching.generic_words import Thing
from alidade.matching.name_kernel import pair_score
from alidade.matching.name_kinds import name_thing
from alidade.matching.name_weights import NAME_WEIGHTS, PAIR_SCALES, THINGS, Scales
from alidade.matching.words import MOST_CHARACTERS, MOST_WORDS, group_strength, name_words, packed, word_facts

#: Han (ideographs of names in daily use) and Hangul, two to five syllables.
_SYLLABLES: Final = re.compile("[\u4e00-\u9fff]{2,5}|[\uac00-\ud7af]{2,5}")
Rule = Literal["missing", "equal", "initial", "similar", "sound", "variant", "joined"]

_RULES: Final[tuple[Rule, ...]] = ("missing", "equal", "initial", "similar", "sound", "variant", "joined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One word of the first name, its counterpart in the second, and what that is worth.

    left, right  words in plain form; empty where the other side has no counterpart
    rule         equal; variant: another spelling of one name; sound: alike to the ear; similar: within some slips;
                 initial; joined: two words written as one; missing
    credit       0..1, how well they agree
    weight       how much this pair counts among all pairs
    """

    left: str
    right: str
    rule: Rule
    credit: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NameScore:
    """Agreement of two names: score 0..1 and the words it comes from."""

    score: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PreparedName:
    """A name folded and looked up once, for comparing it with many others."""

    words: tuple[str, ...]
    packed: NDArray[np.int64]
    thing: Thing
    syllables: str = ""


def prepare_name(name: str, thing: Thing) -> PreparedName:
    """Fold a name and look its words up; the result can be compared any number of times.

    Of a text longer than any name only the beginning is read: MOST_CHARACTERS, and of these MOST_WORDS.
    """
    return _read_name(name[:MOST_CHARACTERS], thing)


@lru_cache(maxsize=1 << 16)
def _read_name(name: str, thing: Thing) -> PreparedName:
    words = name_words(name, thing)
    return PreparedName(words, packed(words), thing, _syllables(name))


def _syllables(name: str) -> str:
    """The Han or Hangul syllables of a short name that has nothing else; empty for any other."""
    if name.isascii():
        return ""
    together = "".join(name.split())
    return together if _SYLLABLES.fullmatch(together) else ""


def _other_syllables(left: PreparedName, right: PreparedName) -> float:
    """What is left of the agreement of two names in one syllable script of which a syllable differs.

    A syllable is a third of such a name; in plain letters it would look like a slip in a longer word.
    """
    one, other = left.syllables, right.syllables
    if not one or len(one) != len(other) or one == other or (one[0] < "\uac00") != (other[0] < "\uac00"):
        return 1.0
    differing = sum(a != b for a, b in zip(one, other, strict=True))
    return float(NAME_WEIGHTS.other_syllable**differing)


def _prepared(words: tuple[str, ...], thing: Thing) -> PreparedName:
    return PreparedName(words, packed(words), thing)


def compare_names(left: str, right: str, kind: str = "person") -> float:
    """Agreement 0..1 of two names of one kind: person, organisation, vessel, other, or a FollowTheMoney schema.

    They are taken for one from 0.7 on. Of a text longer than any name only the first 1,024 characters and 24 words are
    read.
    """
    thing = name_thing(kind)
    return score_prepared(prepare_name(left, thing), prepare_name(right, thing))


def explain_names(left: str, right: str, kind: str = "person") -> NameScore:
    """Agreement of two names with the words it comes from."""
    thing = name_thing(kind)
    return compare_prepared(prepare_name(left, thing), prepare_name(right, thing))


def explain_words(
    left: tuple[str, ...], right: tuple[str, ...], thing: Thing, scales: Scales = PAIR_SCALES
) -> NameScore:
    """Agreement of two names given as their words in plain form, on the scale of pairs or of a search."""
    return compare_prepared(_prepared(left, thing), _prepared(right, thing), scales)


def score_prepared(left: PreparedName, right: PreparedName, scales: Scales = PAIR_SCALES) -> float:
    """Agreement 0..1 of two prepared names of the same kind of thing, on the scale of pairs or of a search."""
    if not left.words or not right.words:
        return 0.0
    first, second = (left, right) if left.words <= right.words else (right, left)
    return float(_scored(first, second, scales)[0]) * _other_syllables(left, right)


def compare_prepared(left: PreparedName, right: PreparedName, scales: Scales = PAIR_SCALES) -> NameScore:
    """Compare two prepared names of the same kind of thing, with the words the score comes from."""
    if not left.words or not right.words:
        return NameScore(score=0.0, parts=tuple(_missing(left, set(), right, set())))
    swapped = left.words > right.words
    first, second = (right, left) if swapped else (left, right)
    score, counterpart, rules, credits = _scored(first, second, scales)
    parts: list[Part] = []
    for place, word in enumerate(first.words):
        other = int(counterpart[0, place])
        if other < 0 or _tells_elsewhere(place, other, counterpart, len(first.words)):
            continue
        lefts, rights = _together(place, other, counterpart, len(first.words), len(second.words))
        a = " ".join(first.words[p] for p in lefts)
        b = " ".join(second.words[p] for p in rights)
        weight = sum(_weight(first, p) for p in lefts) + sum(_weight(second, p) for p in rights)
        rule = _RULES[int(rules[place])]
        credit = float(credits[place])
        if swapped:
            a, b = b, a
        parts.append(Part(left=a, right=b, rule=rule, credit=credit, weight=weight))
        del word
    parts.sort(key=lambda part: (-part.weight * part.credit, part.left, part.right))
    met_first = {p for p in range(len(first.words)) if counterpart[0, p] >= 0}
    met_second = {p for p in range(len(second.words)) if counterpart[1, p] >= 0}
    lone = _missing(second, met_second, first, met_first) if swapped else _missing(first, met_first, second, met_second)
    return NameScore(score=float(score) * _other_syllables(left, right), parts=(*parts, *lone))


def _scored(
    left: PreparedName, right: PreparedName, scales: Scales
) -> tuple[float, NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    counterpart = np.empty((2, MOST_WORDS), dtype=np.int32)
    rules = np.empty(MOST_WORDS, dtype=np.int32)
    credits = np.empty(MOST_WORDS, dtype=np.float64)
    score = pair_score(
        left.packed, right.packed, THINGS.index(left.thing), group_strength(), scales, counterpart, rules, credits
    )
    return score, counterpart, rules, credits


def _together(
    place: int, other: int, counterpart: NDArray[np.int32], lefts: int, rights: int
) -> tuple[list[int], list[int]]:
    """The places of both sides that belong to one pair: one each, or two of one side written as one of the other."""
    left = [p for p in range(lefts) if counterpart[0, p] == other]
    right = [p for p in range(rights) if counterpart[1, p] == place]
    return (left, [other]) if len(left) > 1 else ([place], right or [other])


def _tells_elsewhere(place: int, other: int, counterpart: NDArray[np.int32], lefts: int) -> bool:
    """Whether this word is the second of two written as one, which the first of them tells."""
    return int(counterpart[1, other]) != place


def _weight(name: PreparedName, place: int) -> float:
    return word_facts(name.words[place]).weights[THINGS.index(name.thing)]


def _missing(left: PreparedName, left_met: set[int], right: PreparedName, right_met: set[int]) -> list[Part]:
    parts = [
        Part(left=word, right="", rule="missing", credit=0.0, weight=_weight(left, place))
        for place, word in enumerate(left.words)
        if place not in left_met
    ]
    parts += [
        Part(left="", right=word, rule="missing", credit=0.0, weight=_weight(right, place))
        for place, word in enumerate(right.words)
        if place not in right_met
    ]
    return parts
