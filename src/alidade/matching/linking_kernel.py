"""What speaks for and against each pair of rows, in bits, in compiled code.

After Fellegi and Sunter (1969): the logarithm of how much likelier an agreement is between two records of one person
than between two records at random. How likely an agreement is by chance comes from how often the word, country or
number stands in the registers themselves.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alidade.matching.linking_fields import Fields
from alidade.matching.linking_weights import LINKING
from alidade.matching.linking_word_bits import (
    closed_up,
    joined_bits,
    lacking_bits,
    letter_masks,
    paired_bits,
    slips,
    words_of,
)  # fmt: skip
from alidade.matching.linking_worths import country_worths, number_worths, word_worths

_NAME: Final = ("most", "equal", "variant", "sound", "one_slip", "two_slips", "beginning", "initial", "joined",
                "contradiction", "surplus", "full_weight", "dependence")  # fmt: skip
_DATE: Final = ("equal", "swapped", "day", "month", "year", "year_only", "month_only", "different")
_THREADS: Final = 2
_CHUNK: Final = 1 << 18
_READ_ONLY_BYTES: Final = "Array(uint8, 1, 'C', readonly=True)"


def bits_of(fields: Fields, pairs: NDArray[np.uint64], prior: float, floor: float) -> NDArray[np.float32]:
    """Bits of name, date, document, country and kind for each pair: float32 (pairs, 5).

    A pair that cannot come above `floor` has that in place of its name.
    """
    words = fields.words
    told = word_worths(fields)
    country = country_worths(fields.country_count)
    masks = letter_masks(words.letters, words.start)
    name_weights = np.array([LINKING.name[name] for name in _NAME], dtype=np.float64)
    other_weights = np.array(
        [*(LINKING.date[name] for name in _DATE), LINKING.country["different"], LINKING.kind["different"]],
        dtype=np.float64,
    )
    numbers = [(each, number_worths(each.count), _document_weights(each.name)) for each in fields.documents]
    found = np.zeros((len(pairs), 5), dtype=np.float32)

    def part(begin: int) -> None:
        end = min(begin + _CHUNK, len(pairs))
        _other_bits(
            pairs, begin, end, fields.date, fields.country, country, fields.kind, other_weights, found
        )  # fmt: skip
        best = np.full(end - begin, np.nan, dtype=np.float32)
        for each, worths, document_weights in numbers:
            _number_bits(
                pairs, begin, end, each.number, each.letters, each.start, worths, each.tolerant, document_weights, best
            )
        found[begin:end, 2] = np.nan_to_num(best, nan=0.0)
        rest = found[begin:end].sum(axis=1) + np.float32(prior)
        _name_bits(
            pairs, begin, end, words.rows, words.start, words.letters, masks, fields.sound, words.sound, words.groups,
            told, fields.country, name_weights, rest, floor, found,
        )  # fmt: skip

    with ThreadPoolExecutor(_THREADS) as threads:
        for done in [threads.submit(part, begin) for begin in range(0, len(pairs), _CHUNK)]:
            done.result()
    return found


def _document_weights(name: str) -> NDArray[np.float64]:
    """A person has one identity number, but often several passports."""
    weights = LINKING.document
    different = weights["different_id"] if name in ("idNumber", "imoNumber", "leiCode") else weights["different"]
    return np.array([weights["one_error"], different], dtype=np.float64)


@njit(
    f"void(uint64[::1], int64, int64, int32[:, ::1], int64[::1], {_READ_ONLY_BYTES}, uint64[::1], int32[::1], "
    "uint64[::1], int32[:, ::1], float32[:, ::1], int16[::1], float64[::1], float32[::1], float64, "
    "float32[:, ::1])",
    cache=True,
    nogil=True,
)
def _name_bits(  # type: ignore[no-untyped-def]
    pairs, begin, end, rows, start, letters, masks, sound, codes, groups, told, country, weights, rest, floor, found
):
    width = rows.shape[1]
    left = np.empty(width, dtype=np.int32)
    right = np.empty(width, dtype=np.int32)
    left_told = np.empty(width, dtype=np.float64)
    right_told = np.empty(width, dtype=np.float64)
    bits = np.empty((width, width), dtype=np.float64)
    scratch = np.empty((3, 32), dtype=np.int32)
    for pair in range(begin, end):
        x = np.int64(pairs[pair] >> np.uint64(32))
        y = np.int64(pairs[pair] & np.uint64(0xFFFFFFFF))
        total = 0.0
        # A word that is frequent in the country of both says less than its frequency in the world.
        shared = np.float32(country[x] if country[x] == country[y] and country[x] >= 0 else -2)
        left_count, left_worth = words_of(rows, x, told, shared, left, left_told)
        right_count, right_worth = words_of(rows, y, told, shared, right, right_told)
        if left_count == 0 or right_count == 0:
            continue
        if rest[pair - begin] + min(left_worth, right_worth) * weights[12] < floor:
            found[pair, 0] = floor
            continue
        for i in range(left_count):
            for j in range(right_count):
                if left[i] == right[j]:
                    total += left_told[i] + weights[1]
                    left_worth -= left_told[i]
                    right_worth -= left_told[i]
                    right_count -= 1
                    right[j] = right[right_count]
                    right_told[j] = right_told[right_count]
                    left[i] = -1
                    break
        left_count = closed_up(left, left_told, left_count)
        # Even if all that is left met, with all it tells, the pair would be far from an even chance.
        if rest[pair - begin] + (total + max(0.0, min(left_worth, right_worth))) * weights[12] < floor:
            found[pair, 0] = floor
            continue
        if left_count > 0 and right_count > 0:
            if left_count > 1:
                total += joined_bits(
                    right, right_told, right_count, left, left_told, left_count, start, letters, weights
                )  # fmt: skip
            if right_count > 1:
                total += joined_bits(
                    left, left_told, left_count, right, right_told, right_count, start, letters, weights
                )  # fmt: skip
            left_count = closed_up(left, left_told, left_count)
            right_count = closed_up(right, right_told, right_count)
            total += paired_bits(
                left, left_told, left_count, right, right_told, right_count, start, letters, masks, sound, codes,
                groups, weights, bits, scratch,
            )  # fmt: skip
        against = lacking_bits(left, left_told, left_count, right, right_told, right_count, weights)
        if total > 0.0:
            total *= weights[12]
        found[pair, 0] = total + against


@njit("float64(int32, int32, float64[::1])", cache=True, nogil=True)
def _date_bits(one, other, weights):  # type: ignore[no-untyped-def]
    if one == 0 or other == 0:
        return 0.0
    year, month, day = one >> 9, (one >> 5) & 15, one & 31
    other_year, other_month, other_day = other >> 9, (other >> 5) & 15, other & 31
    if month == 0 or other_month == 0:
        return weights[5] if year == other_year else weights[7]
    if day == 0 or other_day == 0:
        if year != other_year:
            return weights[7]
        return weights[6] if month == other_month else weights[7] / 2
    if one == other:
        return weights[0]
    if year == other_year:
        if month == other_day and day == other_month:
            return weights[1]
        if month == other_month:
            return weights[2]
        return weights[3] if day == other_day else weights[7]
    return weights[4] if month == other_month and day == other_day else weights[7]


@njit(
    "void(uint64[::1], int64, int64, int32[::1], int16[::1], float32[::1], int8[::1], float64[::1], float32[:, ::1])",
    cache=True,
    nogil=True,
)
def _other_bits(pairs, begin, end, date, country, worth, kind, weights, found):  # type: ignore[no-untyped-def]
    for pair in range(begin, end):
        x = np.int64(pairs[pair] >> np.uint64(32))
        y = np.int64(pairs[pair] & np.uint64(0xFFFFFFFF))
        found[pair, 1] = _date_bits(date[x], date[y], weights)
        if country[x] >= 0 and country[y] >= 0:
            found[pair, 3] = worth[country[x]] if country[x] == country[y] else weights[8]
        if kind[x] > 0 and kind[y] > 0 and kind[x] != kind[y]:
            found[pair, 4] = weights[9]


@njit(
    f"void(uint64[::1], int64, int64, int32[::1], {_READ_ONLY_BYTES}, int64[::1], float32[::1], boolean, "
    "float64[::1], float32[::1])",
    cache=True,
    nogil=True,
)
def _number_bits(pairs, begin, end, number, letters, start, worth, tolerant, weights, best):  # type: ignore[no-untyped-def]
    scratch = np.empty((3, 32), dtype=np.int32)
    for pair in range(begin, end):
        one = number[np.int64(pairs[pair] >> np.uint64(32))]
        other = number[np.int64(pairs[pair] & np.uint64(0xFFFFFFFF))]
        if one < 0 or other < 0:
            continue
        bits = weights[1]
        if one == other:
            bits = worth[one]
        elif tolerant and start[one + 1] - start[one] >= 6:
            apart = slips(letters, start[one], start[one + 1], letters, start[other], start[other + 1], 1, scratch)
            if apart <= 1:
                bits = min(worth[one], worth[other]) + weights[0]
        if np.isnan(best[pair - begin]) or bits > best[pair - begin]:
            best[pair - begin] = bits
