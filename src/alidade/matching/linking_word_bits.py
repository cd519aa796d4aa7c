"""What two words, or all words of two names, say for or against one another, in bits, in compiled code."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

_READ_ONLY_BYTES: Final = "Array(uint8, 1, 'C', readonly=True)"


@njit(f"uint64[::1]({_READ_ONLY_BYTES}, int64[::1])", cache=True, nogil=True)
def letter_masks(letters, start):  # type: ignore[no-untyped-def]
    masks = np.zeros(len(start) - 1, dtype=np.uint64)
    for word in range(len(start) - 1):
        for at in range(start[word], start[word + 1]):
            letter = letters[at]
            masks[word] |= np.uint64(1) << np.uint64(letter - 97 if letter >= 97 else letter - 22)
    return masks


@njit(
    f"int64({_READ_ONLY_BYTES}, int64, int64, {_READ_ONLY_BYTES}, int64, int64, int64, int32[:, ::1])",
    cache=True,
    nogil=True,
)
def slips(x, x_start, x_end, y, y_start, y_end, most, rows):  # type: ignore[no-untyped-def]  # noqa: C901
    """Optimal string alignment distance of two words, or `most` + 1 where it is more."""
    while x_start < x_end and y_start < y_end and x[x_start] == y[y_start]:
        x_start += 1
        y_start += 1
    while x_end > x_start and y_end > y_start and x[x_end - 1] == y[y_end - 1]:
        x_end -= 1
        y_end -= 1
    n, m = x_end - x_start, y_end - y_start
    if abs(n - m) > most or n >= rows.shape[1] or m >= rows.shape[1]:
        return most + 1
    if n == 0 or m == 0:
        return n + m
    if most == 1:
        # What begins and ends alike is off: one exchange or one turn is all that may be left.
        if n == 1 and m == 1:
            return 1
        turned = n == 2 and m == 2 and x[x_start] == y[y_end - 1] and x[x_end - 1] == y[y_start]
        return 1 if turned else 2
    before, last, now = 0, 1, 2
    for j in range(m + 1):
        rows[last, j] = j
    for i in range(1, n + 1):
        rows[now, 0] = i
        least = i
        for j in range(1, m + 1):
            same = x[x_start + i - 1] == y[y_start + j - 1]
            best = rows[last, j - 1] + (0 if same else 1)
            best = min(best, rows[last, j] + 1, rows[now, j - 1] + 1)
            if (
                i > 1
                and j > 1
                and x[x_start + i - 1] == y[y_start + j - 2]
                and x[x_start + i - 2] == y[y_start + j - 1]
            ):
                best = min(best, rows[before, j - 2] + 1)
            rows[now, j] = best
            least = min(least, best)
        if least > most:
            return most + 1
        before, last, now = last, now, before
    return min(rows[last, m], most + 1)


@njit("int64(uint64)", cache=True, nogil=True)
def _bits_set(value):  # type: ignore[no-untyped-def]
    value = value - ((value >> np.uint64(1)) & np.uint64(0x5555555555555555))
    value = (value & np.uint64(0x3333333333333333)) + ((value >> np.uint64(2)) & np.uint64(0x3333333333333333))
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((value * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(
    f"float64(int32, int32, int64[::1], {_READ_ONLY_BYTES}, uint64[::1], int32[::1], uint64[::1], int32[:, ::1], "
    "float64, float64, float64[::1], int32[:, ::1])",
    cache=True,
    nogil=True,
)
def _word_bits(a, b, start, letters, masks, sound, codes, groups, a_told, b_told, weights, scratch):  # type: ignore[no-untyped-def]  # noqa: C901
    """Bits of two words that are not the same; -100 where nothing binds them."""
    n, m = start[a + 1] - start[a], start[b + 1] - start[b]
    if n == 1 or m == 1:
        return weights[7] if letters[start[a]] == letters[start[b]] and letters[start[a]] >= 97 else -100.0
    rarer = max(a_told, b_told)
    best = -100.0
    for i in range(groups.shape[1]):
        if groups[a, i] < 0:
            break
        for j in range(groups.shape[1]):
            if groups[a, i] == groups[b, j]:
                best = max(best, rarer + weights[2])
    # Three classes or more: shorter skeletons meet by chance.
    if sound[a] == sound[b] and codes[a] >= np.uint64(1 << 5):
        best = max(best, rarer + weights[3] - (0.0 if codes[a] >= np.uint64(1 << 10) else 3.0))
    shortest = min(n, m)
    if shortest >= 2 and max(n, m) >= 3:
        most = 2 if shortest >= 5 else 1
        if abs(n - m) <= most and _bits_set(masks[a] ^ masks[b]) <= 2 * most:
            count = slips(letters, start[a], start[a + 1], letters, start[b], start[b + 1], most, scratch)
            if count <= most:
                best = max(best, rarer + (weights[4] if count == 1 else weights[5]))
        if n != m:
            same = True
            for at in range(shortest):
                same = same and letters[start[a] + at] == letters[start[b] + at]
            if same:
                best = max(best, rarer + weights[6])
    return min(best, a_told, b_told)


@njit(f"boolean(int32, int32, int32, int64[::1], {_READ_ONLY_BYTES})", cache=True, nogil=True)
def _is_joined(whole, first, second, start, letters):  # type: ignore[no-untyped-def]
    n, m = start[first + 1] - start[first], start[second + 1] - start[second]
    if start[whole + 1] - start[whole] != n + m:
        return False
    for at in range(n):
        if letters[start[whole] + at] != letters[start[first] + at]:
            return False
    same = True
    for at in range(m):
        same = same and letters[start[whole] + n + at] == letters[start[second] + at]
    return same


@njit("int64(int32[::1], float64[::1], int64)", cache=True, nogil=True)
def closed_up(words, told, count):  # type: ignore[no-untyped-def]
    """Moves what is left (not -1) to the front, and says how much that is."""
    kept = 0
    for at in range(count):
        if words[at] >= 0:
            words[kept] = words[at]
            told[kept] = told[at]
            kept += 1
    return kept


@njit(
    "float64(int32[::1], float64[::1], int64, int32[::1], float64[::1], int64, int64[::1], "
    f"{_READ_ONLY_BYTES}, float64[::1])",
    cache=True,
    nogil=True,
)
def joined_bits(whole, whole_told, wholes, pieces, told, count, start, letters, weights):  # type: ignore[no-untyped-def]
    """Bits of words of one side that are two words of the other written as one; takes them out (-1)."""
    bits = 0.0
    for w in range(wholes):
        for i in range(count):
            for j in range(count):
                if whole[w] < 0 or pieces[i] < 0 or pieces[j] < 0 or i == j:
                    continue
                if _is_joined(whole[w], pieces[i], pieces[j], start, letters):
                    bits += min(whole_told[w], told[i] + told[j]) + weights[8]
                    whole[w] = pieces[i] = pieces[j] = -1
    return bits


@njit(
    "Tuple((int64, float64))(int32[:, ::1], int64, float32[:, ::1], float32, int32[::1], float64[::1])",
    cache=True,
    nogil=True,
)
def words_of(rows, row, told, shared, words, words_told):  # type: ignore[no-untyped-def]
    """Fills in the words of a row and what each tells, as seen from the country both rows share; count and sum."""
    count, whole = 0, 0.0
    for place in range(rows.shape[1]):
        word = rows[row, place]
        if word >= 0:
            words[count] = word
            words_told[count] = told[word, 1] if told[word, 2] == shared else told[word, 0]
            whole += words_told[count]
            count += 1
    return count, whole


@njit(
    "float64(int32[::1], float64[::1], int64, int32[::1], float64[::1], int64, int64[::1], "
    f"{_READ_ONLY_BYTES}, uint64[::1], int32[::1], uint64[::1], int32[:, ::1], float64[::1], float64[:, ::1], "
    "int32[:, ::1])",
    cache=True,
    nogil=True,
)
def paired_bits(  # type: ignore[no-untyped-def]
    left, left_told, lefts, right, right_told, rights, start, letters, masks, sound, codes, groups, weights, bits,
    scratch,
):  # fmt: skip
    """Bits of the words that are left on both sides, best pair first; takes them out (-1)."""
    for i in range(lefts):
        for j in range(rights):
            bits[i, j] = _word_bits(
                left[i], right[j], start, letters, masks, sound, codes, groups, left_told[i], right_told[j], weights,
                scratch,
            )  # fmt: skip
    total = 0.0
    while True:
        best = -50.0
        best_i, best_j = -1, -1
        for i in range(lefts):
            for j in range(rights):
                if left[i] >= 0 and right[j] >= 0 and bits[i, j] > best:
                    best, best_i, best_j = bits[i, j], i, j
        if best_i < 0:
            return total
        total += max(best, weights[9] / 2)
        left[best_i] = right[best_j] = -1


@njit("float64(int32[::1], float64[::1], int64, int32[::1], float64[::1], int64, float64[::1])", cache=True, nogil=True)
def lacking_bits(left, left_told, lefts, right, right_told, rights, weights):  # type: ignore[no-untyped-def]
    """What the words without a counterpart say against the pair, the more the more they tell."""
    left_lack, right_lack = 0.0, 0.0
    left_left, right_left = 0, 0
    for i in range(lefts):
        if left[i] >= 0:
            left_lack += min(1.0, left_told[i] / weights[11])
            left_left += 1
    for i in range(rights):
        if right[i] >= 0:
            right_lack += min(1.0, right_told[i] / weights[11])
            right_left += 1
    both = min(left_lack, right_lack) if min(left_left, right_left) > 0 else 0.0
    return both * weights[9] + (max(left_lack, right_lack) - both) * weights[10]
