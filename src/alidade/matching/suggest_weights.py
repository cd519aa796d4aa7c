"""Weights of the suggestions, read once from their dated table."""

from __future__ import annotations

from typing import Final

import msgspec

from alidade.matching.reference import table


class SuggestWeights(msgspec.Struct, frozen=True):
    """Bits beside those of the linking.

    least        least score of what is suggested at all
    floor        bits from which on a pair is looked at more closely
    cap          a number that more rows share than this is passed over: it tells nobody apart
    documents    properties whose numbers the linking weighs
    shared       most bits of a number that two rows share, by kind; fewer the more rows share it
    address      bits of the same address, of one nearly so, and what makes it nearly so
    gender       bits where the genders differ
    against      bits where a lasting number of two vessels differs, or people have only a nickname in common
    numbered     bits where the number that a thing consists of is equal, has one slip, or where another differs
    traits       bits of further properties of such things, equal and different
    """

    version: str
    source: str
    least: float
    floor: float
    cap: int
    documents: list[str]
    empty_words: list[str]
    empty_dates: list[str]
    shared: dict[str, float]
    address: dict[str, float]
    gender: dict[str, float]
    against: dict[str, float]
    numbered: dict[str, float]
    traits: dict[str, list[float]]


SUGGESTING: Final = table("suggest_weights", SuggestWeights)
