"""Building a segment, in compiled code: lists of units, classes of weight, hashes of words with letters left out."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from alidade.matching.word_kernel import word_hash_without

#: Words of these lengths are found with two letters left out, shorter ones with one.
TWO_FROM: Final = 6
TWO_TO: Final = 13
#: Bytes of the record of a word, which is one line of the processor's memory, and where its letters begin in it.
RECORD: Final = 64
LETTERS: Final = 16
#: No word has more keys.
MOST_KEYS: Final = 256


@njit(cache=True, nogil=True)
def move(start, values, order, new_start, new_values):
    for place in range(order.shape[0]):
        source, target = start[order[place]], new_start[place]
        for step in range(new_start[place + 1] - target):
            new_values[target + step] = values[source + step]


@njit(cache=True, nogil=True)
def unit_weights(unit_start, unit_word, unit_thing, weight):
    sums = np.zeros(unit_thing.shape[0], np.float32)
    for unit in range(unit_thing.shape[0]):
        total = 0.0
        for place in range(unit_start[unit], unit_start[unit + 1]):
            total += weight[unit_thing[unit], unit_word[place]]
        sums[unit] = total
    return sums


@njit(cache=True, nogil=True)
def posting_lists(unit_start, unit_word, words):
    """The units of each word, ascending; a unit that holds a word twice stands twice in its list."""
    start = np.zeros(words + 1, np.int64)
    units = unit_start.shape[0] - 1
    for place in range(unit_start[units]):
        start[unit_word[place] + 1] += 1
    for word in range(words):
        start[word + 1] += start[word]
    at = start[:-1].copy()
    postings = np.empty(start[words], np.int32)
    for unit in range(units):
        for place in range(unit_start[unit], unit_start[unit + 1]):
            word = unit_word[place]
            postings[at[word]] = unit
            at[word] += 1
    return start, postings


def slip_count(size: int) -> int:
    """How many keys a word of this length has."""
    if size < 2:
        return 1
    if TWO_FROM <= size <= TWO_TO:
        return 1 + size + size * (size - 1) // 2
    return 1 + size


@njit(cache=True, nogil=True)
def slip_keys(letters, start, end, keys, most):
    """Hashes of a word with no, one and (in words of middle length) two letters left out; returns their number.

    most  no more than so many, in this order
    """
    size = end - start
    keys[0] = word_hash_without(letters, start, end, -1, -1)
    count = 1
    if size < 2 or most < 2:
        return count
    for first in range(size):
        # Leaving out either of two equal neighbours gives one word.
        if first > 0 and letters[start + first] == letters[start + first - 1]:
            continue
        keys[count] = word_hash_without(letters, start, end, first, -1)
        count += 1
        if count == most:
            return count
    if TWO_FROM <= size <= TWO_TO:
        for first in range(size):
            for second in range(first + 1, size):
                keys[count] = word_hash_without(letters, start, end, first, second)
                count += 1
                if count == most:
                    return count
    return count


@njit(cache=True, nogil=True)
def slip_tables(letters, word_start, bits):
    words = word_start.shape[0] - 1
    shift = np.uint64(64 - bits)
    low = np.uint64(0xFFFFFFFF)
    bucket = np.zeros((1 << bits) + 1, np.int32)
    keys = np.empty(MOST_KEYS, np.uint64)
    for word in range(words):
        for place in range(slip_keys(letters, word_start[word], word_start[word + 1], keys, MOST_KEYS)):
            bucket[np.int64(keys[place] >> shift) + 1] += 1
    for place in range(1 << bits):
        bucket[place + 1] += bucket[place]
    at = bucket[:-1].copy()
    prints = np.empty(bucket[1 << bits], np.uint32)
    of = np.empty(bucket[1 << bits], np.int32)
    for word in range(words):
        for place in range(slip_keys(letters, word_start[word], word_start[word + 1], keys, MOST_KEYS)):
            number = np.int64(keys[place] >> shift)
            prints[at[number]] = np.uint32(keys[place] & low)
            of[at[number]] = word
            at[number] += 1
    return bucket, prints, of
