"""How well two single words of names agree, in compiled code.

A word is a span of ASCII letters and digits in a byte array. The code of its sound, whether it is known as a name,
and the groups of spellings that it belongs to are worked out once by `words.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

#: By which rule two words met; the names are those of `name_comparison.Rule`.
MISSING: Final = 0
EQUAL: Final = 1
INITIAL: Final = 2
SIMILAR: Final = 3
SOUND: Final = 4
VARIANT: Final = 5
JOINED: Final = 6

#: No word is longer; what is longer is cut, and the work stays bounded.
MOST_LETTERS: Final = 48

_FNV_START: Final = np.uint64(14695981039346656037)
_FNV_PRIME: Final = np.uint64(1099511628211)
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True, inline="always")
def _place(letter):
    return np.uint64(letter - 97 if letter >= 97 else letter - 22)


@njit(cache=True, nogil=True)
def word_hash_without(letters, start, end, first, second):
    """Hash (64 bits) of a word without the letters at two places; -1 leaves none out."""
    value = _FNV_START
    for at in range(start, end):
        if at - start != first and at - start != second:
            value = (value ^ np.uint64(letters[at])) * _FNV_PRIME
    # FNV leaves the high bits of short words alike; they choose the bucket.
    value ^= value >> np.uint64(32)
    return value * _MIXER


@njit(cache=True, nogil=True)
def edit_cost(x, x_start, x_end, y, y_start, y_end, exchange, gap, edit, most, rows):
    """Cost of making one word of the other, in tenths of an edit; anything above `most` may come back as more.

    Exchanges, gaps and transpositions of neighbours (optimal string alignment), each with its own price.
    rows: int32 (5, MOST_LETTERS + 2), overwritten.
    """
    # Places are unsigned throughout: signed ones would be tested for counting from the end.
    one, two = np.uint64(1), np.uint64(2)
    x_at, x_to, y_at, y_to = np.uint64(x_start), np.uint64(x_end), np.uint64(y_start), np.uint64(y_end)
    # What both begin and end with costs nothing; a neighbour is kept, for doubled and exchanged letters.
    surcharge = edit[2]
    while x_to - x_at > two and y_to - y_at > two and x[x_at] == y[y_at] and x[x_at + one] == y[y_at + one]:
        x_at += one
        y_at += one
        surcharge = np.int32(0)
    while x_to - x_at > two and y_to - y_at > two and x[x_to - one] == y[y_to - one] and x[x_to - two] == y[y_to - two]:
        x_to -= one
        y_to -= one
    n, m = x_to - x_at, y_to - y_at
    doubled, turn = edit[0], edit[1]
    before, last, now = np.uint64(0), one, two
    codes, gaps = np.uint64(3), np.uint64(4)
    cost, code = np.int32(0), np.uint64(99)
    rows[last, 0] = 0
    for j in range(one, m + one):
        other = _place(y[y_at + j - one])
        y_gap = gap[other]
        if other == code and y_gap > doubled:
            y_gap = doubled
        if j == one:
            y_gap += surcharge
        code = other
        rows[codes, j] = code
        rows[gaps, j] = y_gap
        cost += y_gap
        rows[last, j] = cost
    earlier, left = np.int32(0), np.uint64(99)
    for i in range(one, n + one):
        place = _place(x[x_at + i - one])
        x_gap = gap[place]
        if place == left and x_gap > doubled:
            x_gap = doubled
        if i == one:
            x_gap += surcharge
        diagonal = rows[last, 0]
        cost = diagonal + x_gap
        rows[now, 0] = cost
        least = cost
        code = np.uint64(99)
        for j in range(one, m + one):
            other = np.uint64(rows[codes, j])
            above = rows[last, j]
            best = diagonal + exchange[place, other]
            if i == one and j == one and place != other:
                best += surcharge
            best = min(best, above + x_gap, cost + rows[gaps, j])
            if place == code and left == other and place != other:
                best = min(best, rows[before, j - two] + turn)
            rows[now, j] = best
            least = min(least, best)
            cost, diagonal, code = best, above, other
        # A transposition reaches two rows back, so both must be beyond.
        if least > most and earlier > most:
            return np.int64(least)
        earlier, left = least, place
        before, last, now = last, now, before
    return np.int64(rows[last, m])


@njit(cache=True, nogil=True)
def same_letters(x, x_start, x_end, y, y_start, y_end):
    """Whether two words are the same."""
    if x_end - x_start != y_end - y_start:
        return False
    for at in range(x_end - x_start):
        if x[x_start + at] != y[y_start + at]:
            return False
    return True


@njit(cache=True, nogil=True)
def agreement(
    x, x_start, x_end, y, y_start, y_end, x_sound, y_sound, sound_length, x_known, y_known, shared, word, exchange, gap,
    edit, rows,
):  # fmt: skip
    """Credit 0..1 of two words and the rule by which they met.

    sound_length  classes in the sound code of x
    shared        0..100, how strongly a group of spellings binds both; 0 where none does
    word, exchange, gap, edit  see name_weights.Scales
    """
    n, m = x_end - x_start, y_end - y_start
    if same_letters(x, x_start, x_end, y, y_start, y_end):
        return 1.0, EQUAL
    if n == 1 or m == 1:
        if x[x_start] == y[y_start] and x[x_start] >= 97:
            return word[8], INITIAL
        return 0.0, MISSING
    x_digits, y_digits = np.int64(0), np.int64(0)
    for at in range(x_start, x_end):
        x_digits += x[at] < 97
    for at in range(y_start, y_end):
        y_digits += y[at] < 97
    # Digits inside a word of letters are typing (I9or); numbers as such (Snow Storm 1 and 2) must be equal.
    if x_digits == n or y_digits == m or (x_digits > 0 and y_digits > 0):
        return 0.0, MISSING
    credit, rule = 0.0, MISSING
    if shared > 0:
        credit, rule = word[7] * shared / 100.0, VARIANT
    if n <= 2 or m <= 2:
        return credit, rule
    longest = 10.0 * max(n, m)
    apart = shared == 0 and x_known and y_known
    slope = word[1] * (word[2] if apart else 1.0)
    sounds_alike = x_sound == y_sound and sound_length >= word[6]
    least = word[15] if apart else word[0]
    # Beyond this cost neither rule can give more credit than there is.
    most = longest * (1.0 - max(least, credit)) / slope
    if sounds_alike:
        far = word[5]
        if apart:
            # So far the credit for the sound of two known words is worth anything.
            far = min(far, (word[4] - least) / max(1e-9, word[14]))
        most = max(most, longest * far)
    cost = edit_cost(x, x_start, x_end, y, y_start, y_end, exchange, gap, edit, int(most) + 1, rows)
    distance = cost / longest
    similar = 1.0 - distance * slope
    if similar >= least and similar > credit:
        credit, rule = similar, SIMILAR
    if sounds_alike and distance <= word[5]:
        sound = (word[4] if apart else word[3]) - word[14] * distance
        if sound > credit and (sound >= least or not apart):
            credit, rule = sound, SOUND
    return credit, rule
