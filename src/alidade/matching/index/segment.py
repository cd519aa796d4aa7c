"""A segment: names as arrays, built once and then only read.

Names that are alike in their words, their kind and their handling are one *unit*; a unit has the rows it came from.
Units stand in the order of kind and weight, so that the names of one kind that are too heavy to be a good answer are
the tail of every list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alidade.matching.index.segment_kernel import (
    LETTERS,
    RECORD,
    move,
    posting_lists,
    slip_count,
    slip_tables,
    unit_weights,
)
from alidade.matching.name_weights import THINGS
from alidade.matching.word_kernel import MOST_LETTERS
from alidade.matching.words import WordFacts, word_facts

#: Units of one kind are sorted into this many classes of weight.
WEIGHT_CLASSES: Final = 96
#: Width of a class of weight.
WEIGHT_STEP: Final = 0.1
_FILL: Final = 3
#: An array of whole numbers or weights; the classes below say which.
Numbers = NDArray[Any]


class Segment(NamedTuple):
    """The arrays of a segment; V words, U units, R rows.

    record                uint8 (V * RECORD), what a comparison needs of a word, in one piece: its length, whether it is
                          known as a name, the length of its sound, how many groups of spellings it has; int32 the
                          place of its first group; int64 its sound; its letters
    weight                float32 (4, V), what a word weighs by kind of name
    groups                int32: groups of spellings, word by word, ascending within a word
    member_group, member_start, members
                          the groups present, ascending: int32 (G), int32 (G + 1), words of each
    sound_code, sound_start, sounding
                          the sounds present, ascending: int64 (S), int32 (S + 1), words of each
    slip_bucket, slip_print, slip_word
                          words by their hashes with up to two letters left out: buckets by the high bits, int32
                          (2**b + 1), the low bits uint32, word int32
    posting_start, postings
                          int64 (V + 1), int32: units of each word, ascending
    unit_start, unit_word int32 (U + 1), int32: words of each unit in their order
    unit_weight           float32 (U)
    unit_handling         int32 (U), place in `handlings`; 0 everywhere where the index has none
    class_start           int64 (4, WEIGHT_CLASSES + 1): first unit of each kind and class of weight
    row_start, rows       int64 (U + 1), int64: rows of each unit, ascending
    handlings             int64 (H), ascending
    """

    record: NDArray[np.uint8]
    weight: NDArray[np.float32]
    groups: NDArray[np.int32]
    member_group: NDArray[np.int32]
    member_start: NDArray[np.int32]
    members: NDArray[np.int32]
    sound_code: NDArray[np.int64]
    sound_start: NDArray[np.int32]
    sounding: NDArray[np.int32]
    slip_bucket: NDArray[np.int32]
    slip_print: NDArray[np.uint32]
    slip_word: NDArray[np.int32]
    posting_start: NDArray[np.int64]
    postings: NDArray[np.int32]
    unit_start: NDArray[np.int32]
    unit_word: NDArray[np.int32]
    unit_weight: NDArray[np.float32]
    unit_handling: NDArray[np.int32]
    class_start: NDArray[np.int64]
    row_start: NDArray[np.int64]
    rows: NDArray[np.int64]
    handlings: NDArray[np.int64]

    @property
    def words(self) -> int:
        """Number of distinct words."""
        return len(self.record) // RECORD

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.rows)

    def word(self, number: int) -> str:
        """A word by its number."""
        start = number * RECORD
        return self.record[start + LETTERS : start + LETTERS + int(self.record[start])].tobytes().decode("ascii")

    def unit_words(self, unit: int) -> tuple[str, ...]:
        """The words of a unit."""
        return tuple(self.word(int(n)) for n in self.unit_word[self.unit_start[unit] : self.unit_start[unit + 1]])

    def unit_thing(self, unit: int) -> int:
        """The kind of a unit, as a place in THINGS."""
        return int(np.searchsorted(self.class_start[:, 0], unit, side="right")) - 1


def build_segment(
    words: Sequence[str],
    unit_start: NDArray[np.int64],
    unit_word: NDArray[np.int32],
    unit_thing: NDArray[np.int8],
    unit_handling: NDArray[np.int32],
    row_start: NDArray[np.int64],
    rows: NDArray[np.int64],
    handlings: NDArray[np.int64],
) -> Segment:
    """A segment of units given as lists of word numbers, in any order.

    words           the distinct folded words, V of them
    unit_start, ... see Segment; unit_thing int8 (U), places in THINGS
    """
    wording = _wording(words)
    unit_weight = unit_weights(unit_start, unit_word, unit_thing, wording["weight"])
    classes = np.minimum(unit_weight / WEIGHT_STEP, WEIGHT_CLASSES - 1).astype(np.int64)
    place = unit_thing.astype(np.int64) * WEIGHT_CLASSES + classes
    # Within a class by first row: what the order of equals rests on is what was given, never a hash.
    order = np.lexsort((rows[row_start[:-1]], place)) if len(place) else np.zeros(0, dtype=np.int64)
    first = _starts(np.bincount(place, minlength=len(THINGS) * WEIGHT_CLASSES))
    class_start = np.empty((len(THINGS), WEIGHT_CLASSES + 1), dtype=np.int64)
    for thing in range(len(THINGS)):
        class_start[thing] = first[thing * WEIGHT_CLASSES : (thing + 1) * WEIGHT_CLASSES + 1]
    new_start, new_word = _reordered(unit_start, unit_word, order)
    new_row_start, new_rows = _reordered(row_start, rows, order)
    # Half the memory is half the waiting; a segment of more than two thousand million words is not built.
    short_start = new_start.astype(np.int32)
    posting_start, postings = posting_lists(short_start, new_word, len(words))
    return Segment(
        **wording,
        posting_start=posting_start,
        postings=postings,
        unit_start=short_start,
        unit_word=new_word,
        unit_weight=unit_weight[order],
        unit_handling=unit_handling[order].astype(np.int32),
        class_start=class_start,
        row_start=new_row_start,
        rows=new_rows,
        handlings=handlings,
    )


def _wording(words: Sequence[str]) -> dict[str, Numbers]:
    """The arrays of a segment that are about its words."""
    facts = [word_facts(word) for word in words]
    letters = np.frombuffer(b"".join(fact.letters for fact in facts), dtype=np.uint8).copy()
    word_start = _starts(np.array([len(fact.letters) for fact in facts], dtype=np.int64)).astype(np.int32)
    sound = np.array([fact.sound for fact in facts], dtype=np.int64)
    group_start = _starts(np.array([len(fact.groups) for fact in facts], dtype=np.int64)).astype(np.int32)
    groups = np.array([group for fact in facts for group in fact.groups], dtype=np.int32)
    of_group = np.repeat(np.arange(len(words), dtype=np.int32), np.diff(group_start))
    member_group, member_start, members = _inverted(groups, of_group)
    sounding_words = np.flatnonzero(sound != 0).astype(np.int32)
    sound_code, sound_start, sounding = _inverted(sound[sounding_words], sounding_words)
    slip_bucket, slip_print, slip_word = _slips(letters, word_start)
    return {
        "record": _records(facts, group_start),
        "weight": np.array([fact.weights for fact in facts], dtype=np.float32).reshape(-1, 4).T.copy(),
        "groups": groups,
        "member_group": member_group.astype(np.int32),
        "member_start": member_start.astype(np.int32),
        "members": members,
        "sound_code": sound_code,
        "sound_start": sound_start.astype(np.int32),
        "sounding": sounding,
        "slip_bucket": slip_bucket,
        "slip_print": slip_print,
        "slip_word": slip_word,
    }


def _records(facts: Sequence[WordFacts], group_start: Numbers) -> Numbers:
    records = np.zeros((len(facts), RECORD), dtype=np.uint8)
    records[:, 0] = [len(fact.letters) for fact in facts]
    records[:, 1] = [fact.known for fact in facts]
    records[:, 2] = [fact.sound_length for fact in facts]
    records[:, 3] = [len(fact.groups) for fact in facts]
    records[:, 4:8] = group_start[:-1].astype(np.int32)[:, None].view(np.uint8)
    records[:, 8:16] = np.array([fact.sound for fact in facts], dtype=np.int64)[:, None].view(np.uint8)
    padded = b"".join(fact.letters.ljust(MOST_LETTERS, b"\0") for fact in facts)
    records[:, LETTERS:] = np.frombuffer(padded, dtype=np.uint8).reshape(-1, MOST_LETTERS)
    return records.reshape(-1)


def _starts(counts: Numbers) -> Numbers:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)))


def _inverted(keys: Numbers, values: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    order = np.argsort(keys, kind="stable")
    distinct, counts = np.unique(keys, return_counts=True)
    return distinct, _starts(counts), values[order]


def _reordered(start: Numbers, values: Numbers, order: Numbers) -> tuple[Numbers, Numbers]:
    new_start = _starts(np.diff(start)[order])
    new_values = np.empty_like(values)
    move(start, values, order, new_start, new_values)
    return new_start, new_values


def _slips(letters: Numbers, word_start: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    sizes = np.diff(word_start)
    keys = int(
        sum(slip_count(int(size)) * int(n) for size, n in zip(*np.unique(sizes, return_counts=True), strict=True))
    )
    bits = max(4, min(26, (keys // _FILL).bit_length()))
    tables: tuple[Numbers, Numbers, Numbers] = slip_tables(letters, word_start, bits)
    return tables
