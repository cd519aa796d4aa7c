"""Weights and thresholds of the comparison, read once from their dated table."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from alidade.matching.identifiers.kinds import IdentifierKind
from alidade.matching.reference import table


class NameWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Weights of the word-by-word comparison of two names."""

    weight: dict[str, float]
    short_letters: int
    similar_from: float
    similar_slope: float
    sound_credit: float
    sound_from: float
    sound_classes: int
    joined_credit: float
    initial_credit: float
    contradiction: dict[str, float]
    surplus: dict[str, float]
    surplus_single: dict[str, float]
    doubt: float


class CountryWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Worth of an equal or different country."""

    properties: list[str]
    equal: float
    different: float


class IdentifierWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Worth of an equal or different identifier, by kind."""

    decisive: float
    strong: float
    weak: float
    unchecked: float
    shortest_decisive: int
    contradicts: dict[str, float]
    strength: dict[IdentifierKind, Literal["decisive", "strong", "weak"]]
    properties: dict[str, IdentifierKind]


class Weights(msgspec.Struct, frozen=True):
    """All weights of the comparison of two things."""

    version: str
    source: str
    names: NameWeights
    name_share: float
    name_properties: dict[str, float]
    birth_date: dict[str, float]
    country: CountryWeights
    gender: dict[str, float]
    identifiers: IdentifierWeights
    thresholds: dict[str, float]


WEIGHTS: Final = table("comparison_weights", Weights)
