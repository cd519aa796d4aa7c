"""From raw names to numbered words: each distinct raw word is folded once, however many names hold it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from alidade.matching.folding import fold
from alidade.matching.generic_words import (
    GIVEN_NAMES_TOO,
    second_words_of_phrases,
    single_words,
    starts_of_phrases,
)
from alidade.matching.index.reading_kernel import (
    exchange,
    gathered,
    hashes_of,
    heads_of,
    merged,
    spread,
    to_read_singly,
    told,
)
from alidade.matching.name_weights import THINGS
from alidade.matching.word_kernel import MOST_LETTERS
from alidade.matching.words import MOST_WORDS, SYLLABLES_APART, kind_told_by, name_words, parted

_AT_ONCE: Final = 500_000


class Units(NamedTuple):
    """Names grouped by what they have in common: the arguments of `segment.build_segment`."""

    words: list[str]
    unit_start: NDArray[np.int64]
    unit_word: NDArray[np.int32]
    unit_thing: NDArray[np.int8]
    unit_handling: NDArray[np.int32]
    row_start: NDArray[np.int64]
    rows: NDArray[np.int64]


class _Words:
    """Distinct folded words and their numbers."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self.raw: dict[str, tuple[int, ...]] = {}

    def number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self.texts)
            self.texts.append(word)
        return number

    def known(self, word: str) -> int | None:
        return self._numbers.get(word)

    def of_raw(self, raw: str) -> tuple[int, ...]:
        numbers = self.raw.get(raw)
        if numbers is None:
            numbers = self.raw[raw] = tuple(
                self.number(word[:MOST_LETTERS]) for word in parted(fold(raw) + " ").split()
            )
        return numbers


def read_names(
    names: Sequence[str] | pl.Series,
    things: NDArray[np.int8] | None,
    handlings: NDArray[np.int32],
    first_row: int = 0,
) -> Units:
    """Units of names: those of equal words in equal order, of one kind and one handling.

    things, handlings  per name, as places in THINGS and in the list of handlings; without things each name is taken
                       for what its words say: a legal form or a trade word makes it an organisation
    first_row          number of the first name
    Names without letters or digits belong to no unit and are never found.
    """
    words = _Words()
    starts: list[NDArray[np.int64]] = [np.zeros(1, dtype=np.int64)]
    parts: list[NDArray[np.int32]] = []
    kinds: list[NDArray[np.int8]] = []
    total = 0
    for begin in range(0, len(names), _AT_ONCE):
        some = names[begin : begin + _AT_ONCE]
        given = None if things is None else things[begin : begin + _AT_ONCE]
        start, word, kind = _chunk(words, pl.Series(some, dtype=pl.String), given)
        kinds.append(kind)
        starts.append(start[1:] + total)
        parts.append(word)
        total += len(word)
    start = np.concatenate(starts)
    word = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
    kind = np.concatenate(kinds) if kinds else np.zeros(0, dtype=np.int8)
    return grouped(words.texts, start, word, kind, handlings, np.arange(len(kind), dtype=np.int64) + first_row)


def _chunk(
    words: _Words, names: pl.Series, things: NDArray[np.int8] | None
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]]:
    """Words of each name of a chunk, (n + 1) starts and the words, and its kind."""
    split = names.str.extract_all(r"\S+")
    counts = split.list.len().to_numpy().astype(np.int64)
    flat = split.explode(empty_as_null=False) if len(names) else split
    distinct = flat.unique()
    codes = flat.cast(pl.Enum(distinct)).to_physical().to_numpy().astype(np.int64)
    folded = [words.of_raw(raw) for raw in distinct.to_list()]
    sizes = np.array([len(numbers) for numbers in folded], dtype=np.int64)
    raw_start = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
    raw_word = np.array([number for numbers in folded for number in numbers], dtype=np.int32)
    start, word = spread(counts, codes, raw_start, raw_word, MOST_WORDS)
    if things is None:
        tells = np.array([kind_told_by(text) for text in words.texts], dtype=np.int8)
        things = told(start, word, tells)
    start, word = _made_one(words, names, things, start, word)
    return start, word, things


def _made_one(
    words: _Words, names: pl.Series, things: NDArray[np.int8], start: NDArray[np.int64], word: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The same with spellings of generic words made one, as `words.name_words` does for a single name."""
    known = len(words.texts)
    single = np.array([len(text) == 1 and text.isalpha() for text in words.texts], dtype=np.uint8)
    firsts, seconds = starts_of_phrases(), second_words_of_phrases()
    # 1 may open a long legal form, 2 may stand second in one
    phrase = np.array([(text in firsts) + 2 * (text in seconds) for text in words.texts], dtype=np.uint8)
    changed = np.arange(known, dtype=np.int32)[None, :].repeat(len(THINGS), axis=0)
    for place, thing in enumerate(THINGS):
        for text, other in single_words(thing).items():
            number = words.known(text)
            if number is not None and number < known:
                changed[place, number] = words.number(other)
    in_syllables = names.str.contains(SYLLABLES_APART).fill_null(False).to_numpy()
    hard = np.flatnonzero(to_read_singly(start, word, things, single, phrase).astype(bool) | in_syllables)
    kept = np.array([text in GIVEN_NAMES_TOO for text in words.texts], dtype=np.uint8)
    exchange(start, word, things, changed, kept)
    if not len(hard):
        return start, word
    sizes = np.diff(start)
    read = [[words.number(text) for text in name_words(names[int(place)], THINGS[things[place]])] for place in hard]
    new_sizes = sizes.copy()
    new_sizes[hard] = [len(numbers) for numbers in read]
    new_start = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(new_sizes)))
    flat = np.array([number for numbers in read for number in numbers], dtype=np.int32)
    is_hard = np.zeros(len(sizes), dtype=np.uint8)
    is_hard[hard] = 1
    return new_start, merged(start, word, new_start, is_hard, flat)


def grouped(
    texts: list[str],
    start: NDArray[np.int64],
    word: NDArray[np.int32],
    things: NDArray[np.int8],
    handlings: NDArray[np.int32],
    rows: NDArray[np.int64],
) -> Units:
    """Units of names given as word numbers (n + 1 starts and the words), with the row of each, ascending."""
    hashes = hashes_of(start, word, things, handlings)
    order = np.argsort(hashes, kind="stable")
    heads = heads_of(order, hashes, start, word, things, handlings)
    named = order[np.diff(start)[order] > 0]
    heads = heads[np.diff(start)[order] > 0]
    firsts = np.flatnonzero(heads)
    leaders = named[firsts]
    row_start = np.append(firsts, len(named)).astype(np.int64)
    sizes = np.diff(start)[leaders]
    unit_start = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
    unit_word = gathered(start, word, leaders, unit_start)
    return Units(
        words=texts,
        unit_start=unit_start,
        unit_word=unit_word,
        unit_thing=things[leaders],
        unit_handling=handlings[leaders],
        row_start=row_start,
        rows=rows[named],
    )
