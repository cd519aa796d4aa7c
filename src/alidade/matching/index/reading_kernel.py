"""Reading names, in compiled code: from raw words to folded ones, and which names are one unit."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

PERSON: Final = 0


@njit(cache=True, nogil=True)
def told(start, word, tells):
    """The kind of each name by its words: see words.kind_told_by."""
    names = start.shape[0] - 1
    things = np.zeros(names, np.int8)
    for name in range(names):
        first, last = start[name], start[name + 1]
        for place in range(first, last):
            told = tells[word[place]]
            if told == 1 or (told == 2 and place > first and place == last - 1):
                things[name] = 1
                break
            if told == 3 and place == first and last - first > 1:
                things[name] = 2
    return things


@njit(cache=True, nogil=True)
def spread(counts, codes, raw_start, raw_word, most):
    names = counts.shape[0]
    start = np.zeros(names + 1, np.int64)
    at = 0
    for name in range(names):
        size = 0
        for place in range(at, at + counts[name]):
            size += raw_start[codes[place] + 1] - raw_start[codes[place]]
        at += counts[name]
        start[name + 1] = start[name] + min(size, most)
    word = np.empty(start[names], np.int32)
    at = 0
    for name in range(names):
        target = start[name]
        for place in range(at, at + counts[name]):
            for source in range(raw_start[codes[place]], raw_start[codes[place] + 1]):
                if target < start[name + 1]:
                    word[target] = raw_word[source]
                    target += 1
        at += counts[name]
    return start, word


@njit(cache=True, nogil=True)
def to_read_singly(start, word, things, single, phrase):
    names = things.shape[0]
    hard = np.zeros(names, np.uint8)
    for name in range(names):
        if things[name] == PERSON:
            continue
        singles = 0
        for place in range(start[name], start[name + 1]):
            follows = place + 1 < start[name + 1]
            if follows and phrase[word[place]] & 1 and phrase[word[place + 1]] & 2:
                hard[name] = 1
            singles = singles + 1 if single[word[place]] else 0
            if singles > 1:
                hard[name] = 1
    return hard


@njit(cache=True, nogil=True)
def exchange(start, word, things, changed, kept):
    for name in range(things.shape[0]):
        if start[name + 1] - start[name] < 2:
            continue
        for place in range(start[name], start[name + 1]):
            if place > start[name] or kept[word[place]] == 0:
                word[place] = changed[things[name], word[place]]


@njit(cache=True, nogil=True)
def merged(start, word, new_start, is_hard, flat):
    merged = np.empty(new_start[-1], np.int32)
    at = 0
    for name in range(is_hard.shape[0]):
        if is_hard[name]:
            for place in range(new_start[name], new_start[name + 1]):
                merged[place] = flat[at]
                at += 1
        else:
            for step in range(new_start[name + 1] - new_start[name]):
                merged[new_start[name] + step] = word[start[name] + step]
    return merged


@njit(cache=True, nogil=True)
def hashes_of(start, word, things, handlings):
    names = things.shape[0]
    hashes = np.empty(names, np.uint64)
    for name in range(names):
        value = np.uint64(things[name]) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(handlings[name])
        for place in range(start[name], start[name + 1]):
            value = (value ^ np.uint64(word[place] + 1)) * np.uint64(0xFF51AFD7ED558CCD)
            value ^= value >> np.uint64(31)
        hashes[name] = value
    return hashes


@njit(cache=True, nogil=True)
def heads_of(order, hashes, start, word, things, handlings):
    """Where a new unit begins in the order of the hashes; names of equal hash are compared word by word."""
    count = order.shape[0]
    heads = np.ones(count, np.uint8)
    for at in range(1, count):
        a, b = order[at - 1], order[at]
        if hashes[a] != hashes[b] or things[a] != things[b] or handlings[a] != handlings[b]:
            continue
        size = start[a + 1] - start[a]
        if start[b + 1] - start[b] != size:
            continue
        same = True
        for step in range(size):
            if word[start[a] + step] != word[start[b] + step]:
                same = False
                break
        if same:
            heads[at] = 0
    return heads


@njit(cache=True, nogil=True)
def gathered(start, word, leaders, unit_start):
    gathered = np.empty(unit_start[-1], np.int32)
    for unit in range(leaders.shape[0]):
        source = start[leaders[unit]]
        for step in range(unit_start[unit + 1] - unit_start[unit]):
            gathered[unit_start[unit] + step] = word[source + step]
    return gathered
