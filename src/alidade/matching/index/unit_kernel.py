"""What a unit can score at most, what it scores, and the best of them, in compiled code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alidade.matching.index.segment_kernel import LETTERS, RECORD
from alidade.matching.name_kernel import align, whole_score


class Room(NamedTuple):
    """Where one unit after the other is scored: see name_kernel.align."""

    credits: NDArray[np.float64]
    weights: NDArray[np.float64]
    x_pairs: NDArray[np.int32]
    y_pairs: NDArray[np.int32]
    worth: NDArray[np.float64]
    x_with: NDArray[np.int32]
    y_with: NDArray[np.int32]


class Best(NamedTuple):
    """The best units so far, as a heap with the least at its root: best score, then lowest row, come last out.

    score float64, row int64 (the lowest row of the unit), segment int32, unit int32: (limit,)
    held int64 (2): how many there are, and a sum that keeps the compiler from leaving out reads made ahead of need
    """

    score: NDArray[np.float64]
    row: NDArray[np.int64]
    segment: NDArray[np.int32]
    unit: NDArray[np.int32]
    held: NDArray[np.int64]


@njit(cache=True, nogil=True)
def _worse(best, a, b):
    return best.score[a] < best.score[b] or (best.score[a] == best.score[b] and best.row[a] > best.row[b])


@njit(cache=True, nogil=True)
def _swap(best, a, b):
    best.score[a], best.score[b] = best.score[b], best.score[a]
    best.row[a], best.row[b] = best.row[b], best.row[a]
    best.segment[a], best.segment[b] = best.segment[b], best.segment[a]
    best.unit[a], best.unit[b] = best.unit[b], best.unit[a]


@njit(cache=True, nogil=True)
def keep(best, score, row, segment, unit):
    count = best.held[0]
    limit = best.score.shape[0]
    if count < limit:
        at = count
        best.held[0] = count + 1
    else:
        if score < best.score[0] or (score == best.score[0] and row > best.row[0]):
            return
        at = 0
    best.score[at], best.row[at], best.segment[at], best.unit[at] = score, row, segment, unit
    if count < limit:
        while at > 0 and _worse(best, at, (at - 1) // 2):
            _swap(best, at, (at - 1) // 2)
            at = (at - 1) // 2
        return
    while True:
        child = 2 * at + 1
        if child >= limit:
            return
        if child + 1 < limit and _worse(best, child + 1, child):
            child += 1
        if not _worse(best, child, at):
            return
        _swap(best, at, child)
        at = child


@njit(cache=True, nogil=True, inline="always")
def most_score(words, slot, bound, weight, asked_weights, n, record, single, initials, x_best, scale,
               word):  # fmt: skip
    """The most that a unit of these words can score: every word taken at its best counterpart, none shared.

    single  for each word of the question the letter it consists of, or 0
    """
    for asked in range(n):
        x_best[asked] = 0.0
    gained, paired, missing = 0.0, 0.0, 0.0
    for j in range(words.shape[0]):
        entry = slot[words[j]] - 1
        heavy = weight[words[j]]
        top = 0.0
        if entry >= 0:
            for asked in range(n):
                most = bound[entry, asked]
                if most > top:
                    top = most
                if most > x_best[asked]:
                    x_best[asked] = most
        if initials:
            letter = record[words[j] * RECORD + LETTERS]
            for asked in range(n):
                if single[asked] == letter:
                    top = max(top, word[8])
                    x_best[asked] = max(x_best[asked], word[8])
        if top > 0.0:
            gained += top * heavy
            paired += heavy
        else:
            missing += heavy
    lacking = 0.0
    for asked in range(n):
        if x_best[asked] > 0.0:
            gained += x_best[asked] * asked_weights[asked]
            paired += asked_weights[asked]
        else:
            lacking += asked_weights[asked]
    return whole_score(gained, paired - gained, paired, lacking, missing, 2, scale, word[10])


@njit(cache=True, nogil=True)
def full_score(words, slot, credit, weight, asked_weights, n, record, single, found, singles, firsts,
                seconds, worth, kind, room, son, son_word, scale, word):  # fmt: skip
    """The score of a unit of these words; son and son_word: see name_kernel.align, and the number of that word."""
    m = words.shape[0]
    other_son = -1
    for j in range(m):
        if words[j] == son_word and other_son < 0:
            other_son = j
        entry = slot[words[j]] - 1
        room.weights[j] = weight[words[j]]
        letter = record[words[j] * RECORD + LETTERS]
        for asked in range(n):
            best = 0.0
            if entry >= 0:
                best = credit[entry, asked]
            if single[asked] == letter and best < word[8]:
                best = word[8]
            room.credits[asked, j] = best
    pairs = 0
    for k in range(found):
        if pairs >= room.worth.shape[0]:
            break
        if kind[k] == 0:
            for j in range(m):
                if words[j] == singles[k] and pairs < room.worth.shape[0]:
                    room.x_pairs[pairs, 0], room.x_pairs[pairs, 1] = firsts[k], seconds[k]
                    room.y_pairs[pairs, 0], room.y_pairs[pairs, 1] = j, -1
                    room.worth[pairs] = worth[k]
                    pairs += 1
        else:
            left, right = -1, -1
            for j in range(m):
                if words[j] == firsts[k]:
                    left = j
                elif words[j] == seconds[k]:
                    right = j
            if left >= 0 and right >= 0:
                room.x_pairs[pairs, 0], room.x_pairs[pairs, 1] = singles[k], -1
                room.y_pairs[pairs, 0], room.y_pairs[pairs, 1] = left, right
                room.worth[pairs] = worth[k]
                pairs += 1
    return align(room.credits, asked_weights, room.weights, n, m, room.x_pairs, room.y_pairs, room.worth, pairs, son,
                 other_son, scale, word, room.x_with, room.y_with)  # fmt: skip


@njit(cache=True, nogil=True)
def first_row(start, end, rows, dead):
    """The lowest row of a unit that was not removed, or -1."""
    for place in range(start, end):
        if dead.shape[0] == 0 or dead[place] == 0:
            return rows[place]
    return np.int64(-1)
