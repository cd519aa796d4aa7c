"""How links become the rows of a sparse matrix, in compiled code: numbering of the ends, sorting, summing."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32s: TypeAlias = NDArray[np.int32]
Int64s: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

_MIXER = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def number_narrow(values: Int64s, lowest: int, table: Int32s, labels: Int64s, known: int, codes: Int32s) -> int:
    """Number values by first appearance through a table of the whole range; how many are known after it."""
    for at in range(len(values)):
        place = values[at] - lowest
        code = table[place]
        if code < 0:
            code = known
            table[place] = code
            labels[known] = values[at]
            known += 1
        codes[at] = code
    return known


@njit(cache=True, nogil=True)
def number_pairs_narrow(
    source: Int64s, target: Int64s, lowest: int, table: Int32s, labels: Int64s, known: int, heads: Int32s, tails: Int32s
) -> int:
    """Number both ends of each link, source before target, link after link."""
    for at in range(len(source)):
        place = source[at] - lowest
        code = table[place]
        if code < 0:
            code = known
            table[place] = code
            labels[known] = source[at]
            known += 1
        heads[at] = code
        place = target[at] - lowest
        code = table[place]
        if code < 0:
            code = known
            table[place] = code
            labels[known] = target[at]
            known += 1
        tails[at] = code
    return known


@njit(cache=True, nogil=True)
def _slot(keys: Int64s, codes: Int32s, value: int, mask: int) -> np.int64:
    mixed = (np.uint64(value) * _MIXER) >> np.uint64(20)
    place = np.int64(mixed) & mask
    while codes[place] >= 0 and keys[place] != value:
        place = (place + 1) & mask
    return place


@njit(cache=True, nogil=True)
def number_wide(values: Int64s, rows: Int32s) -> Int64s:
    """Number any whole numbers by first appearance through a growing hash table; returns the distinct values."""
    size = 1 << 12
    keys = np.zeros(size, np.int64)
    codes = np.full(size, -1, np.int32)
    labels = np.zeros(size, np.int64)
    known = 0
    for at in range(len(values)):
        place = _slot(keys, codes, values[at], size - 1)
        if codes[place] < 0:
            if 2 * (known + 1) > size:
                size *= 2
                keys = np.zeros(size, np.int64)
                codes = np.full(size, -1, np.int32)
                grown = np.zeros(size, np.int64)
                for code in range(known):
                    grown[code] = labels[code]
                labels = grown
                for code in range(known):
                    place = _slot(keys, codes, labels[code], size - 1)
                    keys[place] = labels[code]
                    codes[place] = code
                place = _slot(keys, codes, values[at], size - 1)
            keys[place] = values[at]
            codes[place] = known
            labels[known] = values[at]
            known += 1
        rows[at] = codes[place]
    return labels[:known].copy()


@njit(cache=True, nogil=True)
def _starts(heads: Int32s, tails: Int32s, n: int, by_tail: bool, both: bool) -> Int64s:
    starts = np.zeros(n + 1, np.int64)
    for at in range(len(heads)):
        if heads[at] != tails[at]:
            starts[(tails[at] if by_tail else heads[at]) + 1] += 1
            if both:
                starts[(heads[at] if by_tail else tails[at]) + 1] += 1
    for row in range(n):
        starts[row + 1] += starts[row]
    return starts


@njit(cache=True, nogil=True)
def rows_of(
    heads: Int32s, tails: Int32s, weight: Floats, n: int, both: bool, last: bool
) -> tuple[Int64s, Int32s, Floats]:
    """Rows sorted by column, loops left out; parallel links summed, or the `last` of them kept.

    An empty `weight` counts each link as one.

    `both` lays each link in either direction. Two counting sorts, by column and then by row.
    """
    weighted = len(weight) > 0
    starts = _starts(heads, tails, n, True, both)
    total = starts[n]
    owner = np.empty(total, np.int32)
    carried = np.empty(total if weighted else 0, np.float64)
    free = starts[:-1].copy()
    for at in range(len(heads)):
        head, tail = heads[at], tails[at]
        if head == tail:
            continue
        place = free[tail]
        free[tail] += 1
        owner[place] = head
        if weighted:
            carried[place] = weight[at]
        if both:
            place = free[head]
            free[head] += 1
            owner[place] = tail
            if weighted:
                carried[place] = weight[at]
    by_row = _starts(heads, tails, n, False, both)
    columns = np.empty(total, np.int32)
    values = np.empty(total if weighted else 0, np.float64)
    for row in range(n):
        free[row] = by_row[row]
    for column in range(n):
        for at in range(starts[column], starts[column + 1]):
            place = free[owner[at]]
            free[owner[at]] += 1
            columns[place] = column
            if weighted:
                values[place] = carried[at]
    return _summed(by_row, columns, values, n, weighted, last)


@njit(cache=True, nogil=True)
def _summed(
    starts: Int64s, columns: Int32s, values: Floats, n: int, weighted: bool, last: bool
) -> tuple[Int64s, Int32s, Floats]:
    single = 0
    for row in range(n):
        for at in range(starts[row], starts[row + 1]):
            if at == starts[row] or columns[at] != columns[at - 1]:
                single += 1
    kept = np.empty(n + 1, np.int64)
    summed = np.empty(single, np.float64)
    filled = 0
    kept[0] = 0
    for row in range(n):
        begin = filled
        for at in range(starts[row], starts[row + 1]):
            column = columns[at]
            gain = values[at] if weighted else 1.0
            if filled > begin and columns[filled - 1] == column:
                summed[filled - 1] = gain if last else summed[filled - 1] + gain
            else:
                columns[filled] = column
                summed[filled] = gain
                filled += 1
        kept[row + 1] = filled
    return kept, columns[:filled], summed
