"""How well two names agree once their words are known, in compiled code.

Order of words does not count. A word missing on one side costs little when the other words agree; words that stand
against each other cost much. Pairs are taken greedily, the heaviest first: equal words, then words written together,
then the rest.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from alidade.matching.word_kernel import JOINED, MISSING, MOST_LETTERS, agreement, edit_cost, same_letters
from alidade.matching.words import MOST_GROUPS, MOST_WORDS, WEIGHT_UNIT

_GROUP_PLACE: Final = 8
_FIELDS: Final = 9


@njit(cache=True, nogil=True)
def unpack(packed, letters, starts, sounds, lengths, known, weights, groups, group_counts):
    """Spread a packed name over arrays with one place for each word; returns the number of words."""
    count = packed[0]
    at, letter = 1, 0
    for word in range(count):
        size = packed[at]
        starts[word] = letter
        sounds[word] = packed[at + 1]
        lengths[word] = packed[at + 2]
        known[word] = packed[at + 3]
        for thing in range(4):
            weights[thing, word] = packed[at + 4 + thing] / WEIGHT_UNIT
        many = packed[at + _GROUP_PLACE]
        group_counts[word] = many
        for place in range(many):
            groups[word, place] = packed[at + _FIELDS + place]
        at += _FIELDS + many
        for place in range(size):
            letters[letter] = packed[at + place]
            letter += 1
        at += size
    starts[count] = letter
    return count


@njit(cache=True, nogil=True)
def whole_score(gained, against, paired, left, right, telling, scale, doubt):
    """Score 0..1 from what agrees, what is doubtful in it, and what has no counterpart on the left and the right.

    paired   weight of all pairs, both sides
    telling  how many pairs are of words that tell something by themselves
    scale    contradiction, surplus, surplus_single
    """
    least = min(left, right)
    surplus = scale[1] if telling > 1 else scale[2]
    whole = paired + against * doubt + 2.0 * least * scale[0] + abs(left - right) * surplus
    if whole <= 0.0:
        return 0.0
    return min(1.0, gained / whole)


@njit(cache=True, nogil=True)
def align(credits, x_weights, y_weights, n, m, x_pairs, y_pairs, pair_credits, pairs, x_son, y_son, scale, word, x_with,
          y_with):  # fmt: skip
    """Pair the words of two names and score them.

    credits        (n, m) credit of each pair of words
    x_pairs, ...   words written together: for each of `pairs` a word of one side and two of the other, as places;
                   x_pairs (k, 2) and y_pairs (k, 2), the second place -1 on the side of the single word
    x_son, y_son   place of "bin" between two names, -1 without one: who is the son of whom is not a matter of order
    scale, word    see name_weights.Scales
    x_with, y_with int32 (n,), (m,): filled with the place of the counterpart, -1 where there is none
    Returns the score.
    """
    for i in range(n):
        x_with[i] = -1
    for j in range(m):
        y_with[j] = -1
    gained, against, paired, telling = 0.0, 0.0, 0.0, 0
    for i in range(n):
        for j in range(m):
            if y_with[j] < 0 and credits[i, j] >= 1.0:
                x_with[i], y_with[j] = j, i
                weight = x_weights[i] + y_weights[j]
                gained += weight
                paired += weight
                telling += min(x_weights[i], y_weights[j]) >= word[12]
                break
    for k in range(pairs):
        a, b = x_pairs[k, 0], x_pairs[k, 1]
        c, d = y_pairs[k, 0], y_pairs[k, 1]
        if x_with[a] >= 0 or y_with[c] >= 0 or (b >= 0 and x_with[b] >= 0) or (d >= 0 and y_with[d] >= 0):
            continue
        weight = x_weights[a] + y_weights[c]
        x_with[a], y_with[c] = c, a
        if b >= 0:
            x_with[b] = c
            weight += x_weights[b]
        if d >= 0:
            y_with[d] = a
            weight += y_weights[d]
        gained += weight * pair_credits[k]
        against += weight * (1.0 - pair_credits[k])
        paired += weight
        telling += 1
    while True:
        best, first, second = 0.0, -1, -1
        for i in range(n):
            if x_with[i] >= 0:
                continue
            for j in range(m):
                if y_with[j] < 0 and credits[i, j] > 0.0:
                    worth = credits[i, j] * (x_weights[i] + y_weights[j])
                    if worth > best:
                        best, first, second = worth, i, j
        if first < 0:
            break
        x_with[first], y_with[second] = second, first
        weight = x_weights[first] + y_weights[second]
        gained += best
        against += weight * (1.0 - credits[first, second])
        paired += weight
        telling += min(x_weights[first], y_weights[second]) >= word[12]
    left, right = 0.0, 0.0
    for i in range(n):
        if x_with[i] < 0:
            left += x_weights[i]
    for j in range(m):
        if y_with[j] < 0:
            right += y_weights[j]
    score = whole_score(gained, against, paired, left, right, telling, scale, word[10])
    if telling == 0 and score < 1.0:
        # Initials and words that many names share do not make two names one, however many of them agree.
        score *= word[13]
    if x_son > 0 and y_son > 0 and x_son < n - 1 and y_son < m - 1:
        if x_with[x_son - 1] == y_son + 1 and x_with[x_son + 1] == y_son - 1:
            return score * word[11]
    return score


@njit(cache=True, nogil=True)
def son_place(letters, starts, count):
    """The place of the word "bin" in a name, -1 without one."""
    for place in range(count):
        first = starts[place]
        if starts[place + 1] - first == 3 and letters[first] == 98 and letters[first + 1] == 105:
            if letters[first + 2] == 110:
                return place
    return -1


@njit(cache=True, nogil=True)
def strongest_group(x_groups, x_count, y_groups, y_count, strength):
    """0..100: the strongest group of spellings that both words belong to; their groups stand in ascending order."""
    best, i, j = np.int64(0), 0, 0
    while i < x_count and j < y_count:
        if x_groups[i] < y_groups[j]:
            i += 1
        elif x_groups[i] > y_groups[j]:
            j += 1
        else:
            best = max(best, np.int64(strength[x_groups[i]]))
            i += 1
            j += 1
    return best


@njit(cache=True, nogil=True)
def _written_together(x, xs, n, y, ys, m, scales, rows, joined, singles, doubles, worth, found):
    """Find words of y that are two words of x written as one, within one slip where they are long."""
    for j in range(m):
        size = ys[j + 1] - ys[j]
        if size < 4:
            continue
        for a in range(n):
            for b in range(n):
                if a == b:
                    continue
                whole = (xs[a + 1] - xs[a]) + (xs[b + 1] - xs[b])
                if abs(whole - size) > 1 or whole > MOST_LETTERS:
                    continue
                if found >= worth.shape[0]:
                    return found
                at = 0
                for place in range(xs[a], xs[a + 1]):
                    joined[at] = x[place]
                    at += 1
                for place in range(xs[b], xs[b + 1]):
                    joined[at] = x[place]
                    at += 1
                credit = 0.0
                if same_letters(joined, 0, at, y, ys[j], ys[j + 1]):
                    credit = scales.word[9]
                elif size >= 8:
                    cost = edit_cost(
                        joined, 0, at, y, ys[j], ys[j + 1], scales.exchange, scales.gap, scales.edit, 10, rows
                    )
                    if cost <= 10:
                        credit = scales.word[9] - cost / (10.0 * size)
                if credit > 0.0:
                    singles[found, 0], singles[found, 1] = j, -1
                    doubles[found, 0], doubles[found, 1] = a, b
                    worth[found] = credit
                    found += 1
    return found


@njit(cache=True, nogil=True)
def pair_score(x_packed, y_packed, thing, strength, scales, out_with, out_rules, out_credits):
    """Score of two packed names; fills, for each word of x, its counterpart in y, the rule and the credit.

    out_with (MOST_WORDS,), out_rules (2, MOST_WORDS) for x then y, out_credits (2, MOST_WORDS)
    """
    size = MOST_WORDS
    x, y = np.empty(size * MOST_LETTERS, np.uint8), np.empty(size * MOST_LETTERS, np.uint8)
    xs, ys = np.empty(size + 1, np.int32), np.empty(size + 1, np.int32)
    x_sounds, y_sounds = np.empty(size, np.int64), np.empty(size, np.int64)
    x_lengths, y_lengths = np.empty(size, np.int64), np.empty(size, np.int64)
    x_known, y_known = np.empty(size, np.uint8), np.empty(size, np.uint8)
    x_weights, y_weights = np.empty((4, size)), np.empty((4, size))
    x_groups, y_groups = np.empty((size, MOST_GROUPS), np.int32), np.empty((size, MOST_GROUPS), np.int32)
    x_many, y_many = np.empty(size, np.int32), np.empty(size, np.int32)
    n = unpack(x_packed, x, xs, x_sounds, x_lengths, x_known, x_weights, x_groups, x_many)
    m = unpack(y_packed, y, ys, y_sounds, y_lengths, y_known, y_weights, y_groups, y_many)
    rows = np.empty((5, MOST_LETTERS + 2), np.int32)
    credits = np.zeros((n, m))
    rules = np.zeros((n, m), np.int64)
    lonely_x, lonely_y = 0, 0
    for i in range(n):
        met = False
        for j in range(m):
            shared = strongest_group(x_groups[i], x_many[i], y_groups[j], y_many[j], strength)
            credits[i, j], rules[i, j] = agreement(
                x, xs[i], xs[i + 1], y, ys[j], ys[j + 1], x_sounds[i], y_sounds[j], x_lengths[i],
                x_known[i] == 1, y_known[j] == 1, shared, scales.word, scales.exchange, scales.gap, scales.edit, rows,
            )  # fmt: skip
            met = met or credits[i, j] >= 1.0
        lonely_x += not met
    for j in range(m):
        met = False
        for i in range(n):
            met = met or credits[i, j] >= 1.0
        lonely_y += not met
    x_pairs, y_pairs = np.empty((16, 2), np.int32), np.empty((16, 2), np.int32)
    pair_credits = np.empty(16)
    joined = np.empty(2 * MOST_LETTERS, np.uint8)
    found = 0
    if lonely_x > 1 and lonely_y > 0:
        found = _written_together(x, xs, n, y, ys, m, scales, rows, joined, y_pairs, x_pairs, pair_credits, found)
    if lonely_y > 1 and lonely_x > 0:
        found = _written_together(y, ys, m, x, xs, n, scales, rows, joined, x_pairs, y_pairs, pair_credits, found)
    x_with, y_with = np.empty(size, np.int32), np.empty(size, np.int32)
    score = align(
        credits, x_weights[thing], y_weights[thing], n, m, x_pairs, y_pairs, pair_credits, found,
        son_place(x, xs, n), son_place(y, ys, m), scales.thing[thing], scales.word, x_with, y_with,
    )  # fmt: skip
    for i in range(n):
        out_with[0, i] = x_with[i]
        out_rules[i] = MISSING
        out_credits[i] = 0.0
        j = x_with[i]
        if j >= 0:
            if credits[i, j] > 0.0 and y_with[j] == i:
                out_rules[i], out_credits[i] = rules[i, j], credits[i, j]
            else:
                out_rules[i] = JOINED
    for j in range(m):
        out_with[1, j] = y_with[j]
    for k in range(found):
        # A word that stands for two of the other side carries the credit of the three.
        a, c = x_pairs[k, 0], y_pairs[k, 0]
        if x_with[a] == c and y_with[c] == a and credits[a, c] < 1.0:
            b, d = x_pairs[k, 1], y_pairs[k, 1]
            if (b >= 0 and x_with[b] == c) or (d >= 0 and y_with[d] == a):
                out_rules[a], out_credits[a] = JOINED, pair_credits[k]
    return score
