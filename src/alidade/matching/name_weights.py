"""Weights of the comparison of names and costs of letters, read once from their dated tables."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from alidade.matching.generic_words import Thing
from alidade.matching.reference import table

THINGS: Final[tuple[Thing, ...]] = ("person", "organisation", "vessel", "other")
ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789"


class ScaleWeights(msgspec.Struct, frozen=True):
    """How the agreement of words becomes the agreement of names, by the names of the file."""

    similar_from: float
    similar_slope: float
    known_apart: float
    apart_from: float
    sound_credit: float
    sound_apart: float
    sound_fall: float
    sound_far: float
    sound_classes: int
    group_credit: float
    joined_credit: float
    initial_credit: float
    doubt: float
    crossed_father: float
    telling_from: float
    nothing_telling: float
    contradiction: dict[str, float]
    surplus: dict[str, float]
    surplus_single: dict[str, float]


class NameWeights(msgspec.Struct, frozen=True):
    """The table of weights: what words weigh, and the scales of a search and of a comparison of two names."""

    version: str
    weight: dict[str, float]
    rarity: list[float]
    unknown: float
    short_letters: int
    other_syllable: float
    floor: float
    search: ScaleWeights
    pairs: ScaleWeights


class _Costs(msgspec.Struct, frozen=True):
    exchange: int
    vowels: str
    vowel_exchange: int
    pairs: dict[str, int]
    gap: int
    gap_vowel: int
    gap_h: int
    gap_doubled: int
    transposition: int
    first_letter: int


class Scales(NamedTuple):
    """The weights and costs as the compiled code takes them.

    exchange, gap  tenths of an edit, by letter of ALPHABET: (36, 36) and (36,)
    edit           doubled letter, transposition, surcharge at the first letter: (3,)
    word           similar_from, similar_slope, known_apart, sound_credit, sound_apart, sound_far, sound_classes,
                   group_credit, initial_credit, joined_credit, doubt, crossed_father, telling_from, nothing_telling,
                   sound_fall, apart_from: (16,)
    thing          contradiction, surplus, surplus_single for each of THINGS: (4, 3)
    """

    exchange: NDArray[np.int32]
    gap: NDArray[np.int32]
    edit: NDArray[np.int32]
    word: NDArray[np.float64]
    thing: NDArray[np.float64]


def scales_of(weights: ScaleWeights) -> Scales:
    """The arrays of one scale, with the costs of letters that come with the programme."""
    costs = table("letter_costs", _Costs)
    exchange = np.full((len(ALPHABET), len(ALPHABET)), costs.exchange, dtype=np.int32)
    gap = np.full(len(ALPHABET), costs.gap, dtype=np.int32)
    vowels = [ALPHABET.index(letter) for letter in costs.vowels]
    for first in vowels:
        gap[first] = costs.gap_vowel
        for second in vowels:
            exchange[first, second] = costs.vowel_exchange
    gap[ALPHABET.index("h")] = costs.gap_h
    for pair, cost in costs.pairs.items():
        first, second = (ALPHABET.index(letter) for letter in pair)
        exchange[first, second] = exchange[second, first] = cost
    np.fill_diagonal(exchange, 0)
    word = [
        weights.similar_from,
        weights.similar_slope,
        weights.known_apart,
        weights.sound_credit,
        weights.sound_apart,
        weights.sound_far,
        float(weights.sound_classes),
        weights.group_credit,
        weights.initial_credit,
        weights.joined_credit,
        weights.doubt,
        weights.crossed_father,
        weights.telling_from,
        weights.nothing_telling,
        weights.sound_fall,
        weights.apart_from,
    ]
    thing = [[weights.contradiction[t], weights.surplus[t], weights.surplus_single[t]] for t in THINGS]
    return Scales(
        exchange=exchange,
        gap=gap,
        edit=np.array([costs.gap_doubled, costs.transposition, costs.first_letter], dtype=np.int32),
        word=np.array(word, dtype=np.float64),
        thing=np.array(thing, dtype=np.float64),
    )


NAME_WEIGHTS: Final = table("name_weights", NameWeights)
SEARCH_SCALES: Final = scales_of(NAME_WEIGHTS.search)
PAIR_SCALES: Final = scales_of(NAME_WEIGHTS.pairs)
