"""Numbers and addresses that single a thing out: equal, one error apart, or against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from alidade.matching.comparison_evidence import Properties, values
from alidade.matching.identifiers import Identifier, IdentifierError, IdentifierKind, normalise
from alidade.matching.identifiers.near_identifiers import agreement
from alidade.matching.weights import WEIGHTS

#: Numbers of one kind of one thing that are compared with those of another.
_MOST_NUMBERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierEvidence:
    """How the numbers of one kind agree, and what that is worth as main evidence, or against (negative)."""

    kind: str
    rule: str
    left: str
    right: str
    worth: float


def identifier_evidence(left: Properties, right: Properties) -> list[IdentifierEvidence]:
    """One piece of evidence for each kind of number that both things have, if it says anything."""
    lefts = _identifiers(left)
    if not lefts:  # a question by name alone is compared with very many things
        return []
    rights = _identifiers(right)
    found = []
    for kind in sorted(lefts.keys() & rights.keys()):
        best = max(
            (
                evidence
                for _, one in lefts[kind]
                for _, other in rights[kind]
                if (evidence := _agreeing(kind, one, other)) is not None
            ),
            key=lambda evidence: (evidence.worth, evidence.rule, *sorted((evidence.left, evidence.right))),
            default=None,
        )
        if best is None:
            best = min(_against(kind, lefts[kind], rights[kind]), key=lambda evidence: evidence.worth, default=None)
        if best is not None:
            found.append(best)
    return found


def _agreeing(kind: IdentifierKind, one: Identifier, other: Identifier) -> IdentifierEvidence | None:
    rule = agreement(one, other)
    if rule == "different":
        return None
    worth = _worth(one)
    if rule == "one_error":
        return IdentifierEvidence(
            kind=kind,
            rule="one error",
            left=one.shown,
            right=other.shown,
            worth=worth * WEIGHTS.identifiers.one_error,
        )
    return IdentifierEvidence(kind=kind, rule="equal", left=one.shown, right=other.shown, worth=worth)


def _against(
    kind: IdentifierKind, lefts: list[tuple[str, Identifier]], rights: list[tuple[str, Identifier]]
) -> Iterator[IdentifierEvidence]:
    """Numbers of the same property that differ, where a thing usually has one; those of a wrong form say nothing."""
    for property_name in sorted({name for name, _ in lefts} & {name for name, _ in rights}):
        worth = WEIGHTS.identifiers.contradicts.get(property_name)
        ones = [number for name, number in lefts if name == property_name]
        others = [number for name, number in rights if name == property_name]
        if worth is not None and all(number.valid is not False for number in (*ones, *others)):
            yield IdentifierEvidence(
                kind=kind,
                rule="different",
                left=min(number.shown for number in ones),
                right=min(number.shown for number in others),
                worth=worth,
            )


def _identifiers(properties: Properties) -> dict[IdentifierKind, list[tuple[str, Identifier]]]:
    found: dict[IdentifierKind, list[tuple[str, Identifier]]] = {}
    for name, texts in properties.items():
        kind = WEIGHTS.identifiers.properties.get(name)
        if kind is None or not texts:
            continue
        for text in values(properties, name)[:_MOST_NUMBERS]:
            identifier = _read(kind, text)
            if identifier is not None:
                found.setdefault(kind, []).append((name, identifier))
    return found


@lru_cache(maxsize=1 << 14)
def _read(kind: IdentifierKind, text: str) -> Identifier | None:
    try:
        return normalise(kind, text)
    except IdentifierError:
        return None  # a text that is no identifier is unknown, and unknown is no difference


def _worth(identifier: Identifier) -> float:
    weights = WEIGHTS.identifiers
    strength = weights.strength[identifier.kind]
    if strength == "decisive" and len(identifier.key) < weights.shortest_decisive:
        strength = "weak"
    worth = {"decisive": weights.decisive, "strong": weights.strong, "weak": weights.weak}[strength]
    return worth * weights.unchecked if identifier.valid is False else worth
