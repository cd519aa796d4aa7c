"""How well two things agree: names first, then what speaks for and against, each with its share.

The shares add up to the score exactly, so that they can be drawn as a waterfall. What is unknown on either
side has no part. Weights come from `data/comparison_weights.json`; the names of properties are those of
FollowTheMoney.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alidade.matching.generic_words import Thing
from alidade.matching.identifiers import Identifier, IdentifierError, IdentifierKind, normalise
from alidade.matching.name_comparison import NameScore, compare_prepared, prepare_name
from alidade.matching.partial_dates import PartialDate, agreement, parse_date
from alidade.matching.weights import WEIGHTS

Properties = Mapping[str, Sequence[str]]

_BEST_DATE_FIRST: Final = ("equal", "swapped", "month", "year", "near", "contradicts")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPart:
    """One piece of evidence and its signed share of the score.

    evidence      what was compared: name, birthDate, country, gender, identifier kind, or limit (kept within
    0..1) rule          how it agreed: equal, similar, swapped, month, year, near, different, contradicts
    left, right   the values compared, as given
    contribution  signed share of the score
    """

    evidence: str
    rule: str
    left: str
    right: str
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Agreement of two things: score 0..1, the shares it is the sum of, the best pair of names in detail."""

    score: float
    parts: tuple[ComparisonPart, ...]
    name: NameScore | None
    weights_version: str


def compare(query: Properties, candidate: Properties, thing: Thing) -> Comparison:
    """Compare two things by their properties; symmetric in the score.

    An equal identifier decides; a different one counts only where a thing has one for life (IMO number, VIN).
    """
    parts: list[ComparisonPart] = []
    name, name_part = _best_name(query, candidate, thing)
    if name_part is not None:
        parts.append(name_part)
    parts += _identifier_parts(query, candidate)
    parts += _birth_parts(query, candidate)
    parts += _country_parts(query, candidate)
    parts += _gender_parts(query, candidate)
    total = sum(part.contribution for part in parts)
    score = min(1.0, max(0.0, total))
    if score != total:
        parts.append(ComparisonPart(evidence="limit", rule="limit", left="", right="", contribution=score - total))
    return Comparison(score=score, parts=tuple(parts), name=name, weights_version=WEIGHTS.version)


def _best_name(
    query: Properties, candidate: Properties, thing: Thing
) -> tuple[NameScore | None, ComparisonPart | None]:
    lefts = [(text, share, prepare_name(text, thing)) for text, share in _names(query)]
    rights = [(text, share, prepare_name(text, thing)) for text, share in _names(candidate)]
    best: tuple[float, str, str, NameScore] | None = None
    for left, left_share, prepared in lefts:
        for right, right_share, other in rights:
            result = compare_prepared(prepared, other)
            worth = result.score * min(left_share, right_share)
            if best is None or (-worth, *sorted((left, right))) < (-best[0], *sorted(best[1:3])):
                best = (worth, left, right, result)
    if best is None:
        return None, None
    worth, left, right, result = best
    rule = "equal" if result.score >= 1.0 else "similar" if worth > 0.0 else "different"
    contribution = worth * WEIGHTS.name_share
    return result, ComparisonPart(evidence="name", rule=rule, left=left, right=right, contribution=contribution)


def _names(properties: Properties) -> Iterator[tuple[str, float]]:
    for name, share in WEIGHTS.name_properties.items():
        for text in properties.get(name, ()):
            yield text, share


def _identifier_parts(query: Properties, candidate: Properties) -> Iterator[ComparisonPart]:
    left, right = _identifiers(query), _identifiers(candidate)
    for kind in sorted(left.keys() & right.keys()):
        shared = sorted(left[kind].keys() & right[kind].keys())
        if shared:
            worths = {key: _identifier_worth(left[kind][key]) for key in shared}
            key = max(shared, key=lambda key: (worths[key], key))
            shown = left[kind][key].shown
            yield ComparisonPart(evidence=kind, rule="equal", left=shown, right=shown, contribution=worths[key])
        elif kind in WEIGHTS.identifiers.contradicts and _both_right(left[kind], right[kind]):
            yield ComparisonPart(
                evidence=kind,
                rule="different",
                left=min(left[kind]),
                right=min(right[kind]),
                contribution=WEIGHTS.identifiers.contradicts[kind],
            )


def _identifiers(properties: Properties) -> dict[IdentifierKind, dict[str, Identifier]]:
    found: dict[IdentifierKind, dict[str, Identifier]] = {}
    for name, kind in WEIGHTS.identifiers.properties.items():
        for text in properties.get(name, ()):
            try:
                identifier = normalise(kind, text)
            except IdentifierError:
                continue  # a text that is no identifier is unknown, and unknown is no difference
            found.setdefault(kind, {})[identifier.key] = identifier
    return found


def _identifier_worth(identifier: Identifier) -> float:
    weights = WEIGHTS.identifiers
    strength = weights.strength[identifier.kind]
    if strength == "decisive" and len(identifier.key) < weights.shortest_decisive:
        strength = "weak"
    worth = {"decisive": weights.decisive, "strong": weights.strong, "weak": weights.weak}[strength]
    return worth * weights.unchecked if identifier.valid is False else worth


def _both_right(left: Mapping[str, Identifier], right: Mapping[str, Identifier]) -> bool:
    return all(one.valid is not False for one in (*left.values(), *right.values()))


def _birth_parts(query: Properties, candidate: Properties) -> Iterator[ComparisonPart]:
    best: tuple[int, str, str] | None = None
    for left_text, left in _dates(query):
        for right_text, right in _dates(candidate):
            rank = _BEST_DATE_FIRST.index(agreement(left, right))
            if best is None or rank < best[0]:
                best = (rank, left_text, right_text)
    if best is not None:
        rule = _BEST_DATE_FIRST[best[0]]
        yield ComparisonPart(
            evidence="birthDate",
            rule=rule,
            left=best[1],
            right=best[2],
            contribution=WEIGHTS.birth_date[rule],
        )


def _dates(properties: Properties) -> Iterator[tuple[str, PartialDate]]:
    for text in properties.get("birthDate", ()):
        date = parse_date(text)
        if date is not None:
            yield text, date


def _country_parts(query: Properties, candidate: Properties) -> Iterator[ComparisonPart]:
    left, right = _codes(query), _codes(candidate)
    if left and right:
        shared = sorted(left & right)
        equal = bool(shared)
        yield ComparisonPart(
            evidence="country",
            rule="equal" if equal else "different",
            left=shared[0] if equal else min(left),
            right=shared[0] if equal else min(right),
            contribution=WEIGHTS.country.equal if equal else WEIGHTS.country.different,
        )


def _codes(properties: Properties) -> frozenset[str]:
    return frozenset(
        text.strip().casefold()
        for name in WEIGHTS.country.properties
        for text in properties.get(name, ())
        if text.strip()
    )


def _gender_parts(query: Properties, candidate: Properties) -> Iterator[ComparisonPart]:
    left, right = _genders(query), _genders(candidate)
    if left and right:
        rule = "equal" if left & right else "different"
        yield ComparisonPart(
            evidence="gender",
            rule=rule,
            left=min(left),
            right=min(right),
            contribution=WEIGHTS.gender[rule],
        )


def _genders(properties: Properties) -> frozenset[str]:
    known = {"male": "male", "m": "male", "female": "female", "f": "female"}
    found = (known.get(text.strip().casefold()) for text in properties.get("gender", ()))
    return frozenset(gender for gender in found if gender)
