"""Weights of the comparison of two things, read once from their dated table."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from alidade.matching.generic_words import Thing
from alidade.matching.identifiers.kinds import IdentifierKind
from alidade.matching.reference import table


class NameShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the agreement of two names becomes a share of the score.

    match_from           agreement of names from which two names alone mean a match; there the share is `at_match`
    equal                share of equal names
    one_word             what remains of that where both persons are known by one word only
    one_word_of_several  what remains where one of both is
    """

    match_from: float
    at_match: float
    equal: float
    one_word: float
    one_word_of_several: float


class BesideIdentifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What names still say where an identifier is the main evidence: from which agreement they speak for it.

    lasting        kinds of numbers that stay with a thing whatever it is called and wherever it is registered
    lasting_share  what remains there of what other names and countries say against
    """

    turn: float = msgspec.field(name="from")
    speaks_for: float = msgspec.field(name="for")
    against: float
    lasting: frozenset[IdentifierKind]
    lasting_share: float


class CountryWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Worth of an equal or different country; groups of properties that say the same, the surest first."""

    properties: list[list[str]]
    equal: float
    different: dict[Thing, float]


class IdentifierWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Worth of an equal, nearly equal or different identifier, by kind.

    one_error    share of the worth that remains where the numbers are one error apart
    beside_name  share of the worth that is added where the names are the main evidence
    contradicts  by property: what two different numbers say against
    """

    decisive: float
    strong: float
    weak: float
    unchecked: float
    shortest_decisive: int
    one_error: float
    beside_name: float
    contradicts: dict[str, float]
    strength: dict[IdentifierKind, Literal["decisive", "strong", "weak"]]
    properties: dict[str, IdentifierKind]


class Weights(msgspec.Struct, frozen=True):
    """All weights of the comparison of two things.

    name_properties  properties that hold names, and how far each is trusted
    name_of_pair     for two things given as such (`compare`)
    name_of_hit      for a question and one of the many records it is asked of (`compare_hit`)
    """

    version: str
    source: str
    name_properties: dict[str, float]
    name_of_pair: NameShare
    name_of_hit: NameShare
    beside_identifier: BesideIdentifier
    birth_date: dict[str, float]
    death_date: dict[str, float]
    incorporation_date: dict[str, float]
    country: CountryWeights
    gender: dict[str, float]
    texts: dict[str, dict[str, float]]
    identifiers: IdentifierWeights


WEIGHTS: Final = table("comparison_weights", Weights)
