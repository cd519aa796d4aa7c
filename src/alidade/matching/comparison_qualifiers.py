"""What speaks for or against two things beside their names and numbers: dates, countries, gender, places.

What is unknown on either side gives no evidence at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from alidade.matching.comparison_evidence import ComparisonPart, Properties, first_known, part, values
from alidade.matching.folding import fold
from alidade.matching.generic_words import Thing
from alidade.matching.partial_dates import PartialDate, agreement, parse_date, slip_apart, years_apart
from alidade.matching.weights import WEIGHTS

_BEST_FIRST: Final = (
    "equal", "month", "year", "near", "swapped", "slip", "next year", "few years", "contradicts",
)  # fmt: skip
_FEW_YEARS: Final = 4
_GENDERS: Final = {"male": "male", "m": "male", "female": "female", "f": "female"}
_SAME_TEXT: Final = 0.9
_MOST_VALUES: Final = 20


def qualifiers(left: Properties, right: Properties, thing: Thing, of_country: float = 1.0) -> list[ComparisonPart]:
    """All signed evidence of that sort, in a fixed order; a different country counts with the share `of_country`."""
    found = [
        *_date("birthDate", WEIGHTS.birth_date, left, right),
        *_date("deathDate", WEIGHTS.death_date, left, right),
        *_date("incorporationDate", WEIGHTS.incorporation_date, left, right),
        *_country(left, right, thing, of_country),
        *_gender(left, right),
    ]
    for name, worth in WEIGHTS.texts.items():
        found += _text(name, worth, left, right)
    return found


def _date(name: str, worth: dict[str, float], left: Properties, right: Properties) -> Iterator[ComparisonPart]:
    best: tuple[int, str, str] | None = None
    for left_text, one in _dates(left, name):
        for right_text, other in _dates(right, name):
            rank = _BEST_FIRST.index(_date_rule(one, other))
            if best is None or (rank, *sorted((left_text, right_text))) < (best[0], *sorted(best[1:])):
                best = (rank, left_text, right_text)
    if best is not None:
        rule = _BEST_FIRST[best[0]]
        yield part(name, rule, best[1], best[2], worth[rule.replace(" ", "_")])


def _date_rule(one: PartialDate, other: PartialDate) -> str:
    rule = agreement(one, other)
    if rule != "contradicts":
        return rule
    if slip_apart(one, other):
        return "slip"
    apart = years_apart(one, other)
    if apart <= 1 and (one.month is None or other.month is None):
        return "next year"
    return "few years" if apart <= _FEW_YEARS else "contradicts"


@lru_cache(maxsize=1 << 14)
def _date_of(text: str) -> PartialDate | None:
    return parse_date(text)


def _dates(properties: Properties, name: str) -> Iterator[tuple[str, PartialDate]]:
    for text in values(properties, name)[:_MOST_VALUES]:
        date = _date_of(text)
        if date is not None:
            yield text, date


def _country(left: Properties, right: Properties, thing: Thing, share: float) -> Iterator[ComparisonPart]:
    """Compared by the surest group of properties that both have, otherwise by all of them together."""
    weights = WEIGHTS.country
    groups: list[Sequence[str]] = [*weights.properties, [name for group in weights.properties for name in group]]
    for group in groups:
        one, other = _codes(left, group), _codes(right, group)
        if one and other:
            shared = sorted(one & other)
            rule = "equal" if shared else "different"
            worth = weights.equal if shared else weights.different[thing] * share
            yield part("country", rule, shared[0] if shared else min(one), shared[0] if shared else min(other), worth)
            return


def _codes(properties: Properties, names: Sequence[str]) -> frozenset[str]:
    return frozenset(text.strip().casefold() for text in first_known(properties, names) if text.strip())


def _gender(left: Properties, right: Properties) -> Iterator[ComparisonPart]:
    one, other = _genders(left), _genders(right)
    if one and other:
        rule = "equal" if one & other else "different"
        yield part("gender", rule, min(one), min(other), WEIGHTS.gender[rule])


def _genders(properties: Properties) -> frozenset[str]:
    found = (_GENDERS.get(text.strip().casefold()) for text in values(properties, "gender"))
    return frozenset(gender for gender in found if gender)


def _text(name: str, worth: dict[str, float], left: Properties, right: Properties) -> Iterator[ComparisonPart]:
    best: tuple[float, str, str] | None = None
    for one in values(left, name)[:_MOST_VALUES]:
        for other in values(right, name)[:_MOST_VALUES]:
            found = _likeness(one, other)
            if found is not None and (best is None or (-found, *sorted((one, other))) < (-best[0], *sorted(best[1:]))):
                best = (found, one, other)
    if best is not None:
        rule = "equal" if best[0] >= _SAME_TEXT else "similar" if best[0] >= 0.5 else "different"
        yield part(name, rule, best[1], best[2], worth[rule])


@lru_cache(maxsize=1 << 13)
def _text_words(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(fold(text[:256]).split())))


def _likeness(left: str, right: str) -> float | None:
    """Share of the shorter text's words that the other has too, within a slip each; None where a text has no words.

    Numbers (of houses, flats, postal codes) must be the same; texts without a common number are at most similar.
    """
    one, other = _text_words(left), _text_words(right)
    if not one or not other:
        return None
    if len(one) > len(other) or (len(one) == len(other) and one > other):
        one, other = other, one
    met, whole, numbers_met = 0.0, 0.0, True
    for word in one:
        weight = 0.5 if len(word) < 3 and not word.isdigit() else 1.0
        whole += weight
        if word in other:
            met += weight
        elif word.isdigit():
            numbers_met = False
        elif len(word) > 3 and any(OSA.distance(word, each, score_cutoff=1) <= 1 for each in other):
            met += 0.8 * weight
        elif len(word) == 1 and any(each[0] == word for each in other):
            met += weight
    share = met / whole
    return share if numbers_met else min(share, 0.75)
