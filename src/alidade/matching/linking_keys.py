"""Which pairs of rows are worth comparing: those that share a key of the plan.

The plan is data (`linking_weights.json`). For each rule a row has a few keys, a table of two columns (key, row); then

    keys met by too many pairs:  join the counts of both sides by key, drop where count_left * count_right > cap
    candidate pairs:             join what is left of both sides by key
    all rules:                   union, distinct

which are equi-joins and group-bys of any engine, without a function inside a join. `pairs_by_join` says it in polars;
`pairs_by_merge` is the same on one machine, over sorted arrays, and several times faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from alidade.matching.linking_fields import Fields
from alidade.matching.linking_weights import KeyRule

_BASES: Final = {"sound": 0, "two_sounds": 1, "sound_letter": 2, "sound_end": 3, "bag": 4, "nothing": 5, "document": 6}
_REFINEMENTS: Final = {"date": 1, "year": 2, "day_month": 4, "country": 8}
_ROWS: Final = {"all": 0, "dated": 1, "undated": 2}
_ROW_BITS: Final = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """The pairs of one rule (left row in the upper 32 bits); how many keys and pairs its cap passed over."""

    pairs: NDArray[np.uint64]
    keys_capped: int
    pairs_capped: int


def keys_of(fields: Fields, rule: KeyRule, first: int, last: int, part: str = "all") -> NDArray[np.uint64]:
    """Keys of the rows from `first` up to `last` (exclusive), sorted: 33 bits of key, then 31 bits of row number.

    part  "all" rows, or only those whose date is known ("dated") or not ("undated")
    """
    refinement = sum(_REFINEMENTS[part] for part in rule.refinement)
    found = [np.zeros(0, dtype=np.uint64)]
    if rule.base == "document":
        for column in fields.documents:
            found.append(_keys_of_numbers(column.number, first, last))
    else:
        found.append(
            _keys(
                fields.sounds,
                fields.first_letters,
                fields.sound_ends,
                fields.bag,
                fields.date,
                fields.country,
                _BASES[rule.base],
                refinement,
                _ROWS[part],
                first,
                last,
            )
        )
    keys = np.concatenate(found)
    keys.sort()
    # A row can come to a key twice, by two pairs of its words.
    distinct = np.ones(len(keys), dtype=np.bool_)
    distinct[1:] = keys[1:] != keys[:-1]
    return keys[distinct]


def pairs_of(fields: Fields, rule: KeyRule, lefts: int, *, within: bool) -> Met:
    """The pairs of one rule: of the first `lefts` rows with the rest, or of all rows among themselves."""
    last = len(fields.date)
    turns = [("all", "all")] if not rule.undated else [("all", "undated"), ("undated", "dated")]
    met = []
    for left_part, right_part in turns:
        left = keys_of(fields, rule, 0, last if within else lefts, left_part)
        right = keys_of(fields, rule, 0 if within else lefts, last, right_part)
        met.append(pairs_by_merge(left, right, rule.cap, within=within and not rule.undated))
    pairs = np.concatenate([one.pairs for one in met])
    if within and rule.undated:
        one, other = pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF)
        pairs = (np.minimum(one, other) << np.uint64(32) | np.maximum(one, other))[one != other]
    return Met(
        pairs=pairs,
        keys_capped=sum(one.keys_capped for one in met),
        pairs_capped=sum(one.pairs_capped for one in met),
    )


def pairs_by_merge(left: NDArray[np.uint64], right: NDArray[np.uint64], cap: int, *, within: bool) -> Met:
    """Pairs under equal keys of two sorted tables of keys; `within` one register only the first before the second."""
    pairs, keys_capped, pairs_capped = _merged(left, right, cap, within)
    return Met(pairs=pairs, keys_capped=int(keys_capped), pairs_capped=int(pairs_capped))


def key_table(keys: NDArray[np.uint64]) -> pl.DataFrame:
    """Sorted keys as a table of two columns, for engines that join tables."""
    return pl.DataFrame({"key": keys >> np.uint64(_ROW_BITS), "row": (keys & np.uint64(2**_ROW_BITS - 1))}).unique()


def pairs_by_join(left: pl.LazyFrame, right: pl.LazyFrame, cap: int) -> pl.LazyFrame:
    """The same pairs by joins alone: tables (key, row) in, distinct (left, right) out."""
    counts = left.group_by("key").len("lefts").join(right.group_by("key").len("rights"), on="key")
    fitting = counts.filter(pl.col("lefts").cast(pl.UInt64) * pl.col("rights") <= cap).select("key")
    met = left.join(fitting, on="key").join(right, on="key")
    return met.select(left=pl.col("row"), right=pl.col("row_right")).unique()


@njit("uint64(uint64, uint64)", cache=True, nogil=True)
def _mixed(value, more):  # type: ignore[no-untyped-def]
    value = (value ^ (more + np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit("uint64[::1](int32[::1], int64, int64)", cache=True, nogil=True)
def _keys_of_numbers(numbers, first, last):  # type: ignore[no-untyped-def]
    keys = np.empty(last - first, dtype=np.uint64)
    count = 0
    for row in range(first, last):
        if numbers[row] >= 0:
            key = _mixed(np.uint64(7), np.uint64(numbers[row]))
            keys[count] = (key >> np.uint64(31) << np.uint64(31)) | np.uint64(row)
            count += 1
    return keys[:count].copy()


@njit("uint64(uint64, int32, int16, int64)", cache=True, nogil=True)
def _begun(begun, date, country, refinement):  # type: ignore[no-untyped-def]
    """What the keys of a row begin with, or 0 where something that the rule asks for is unknown."""
    day = date & 31
    month = (date >> 5) & 15
    if (refinement & 5 and day * month == 0) or (refinement & 2 and date == 0) or (refinement & 8 and country < 0):
        return np.uint64(0)
    begun = _mixed(begun, np.uint64(refinement))
    if refinement & 1:
        begun = _mixed(begun, np.uint64(date))
    if refinement & 2:
        begun = _mixed(begun, np.uint64(date >> 9))
    if refinement & 4:
        # The same for day and month exchanged.
        begun = _mixed(begun, np.uint64(min(day, month) * 32 + max(day, month)))
    if refinement & 8:
        begun = _mixed(begun, np.uint64(country))
    return begun


@njit(
    "uint64[::1](int32[:, ::1], uint8[:, ::1], uint16[:, ::1], uint64[::1], int32[::1], int16[::1], "
    "int64, int64, int64, int64, int64)",
    cache=True,
    nogil=True,
)
def _keys(sounds, first_letters, ends, bag, date, country, base, refinement, part, first, last):  # type: ignore[no-untyped-def]  # noqa: C901
    width = (4, 3, 6, 6, 1, 1)[base]
    keys = np.empty((last - first) * width, dtype=np.uint64)
    count = 0
    for row in range(first, last):
        if part > 0 and (date[row] != 0) != (part == 1):
            continue
        begun = _begun(np.uint64(base), date[row], country[row], refinement)
        if begun == 0:
            continue
        from_here = count
        if base == 4:
            if bag[row] != 0:
                keys[count] = _mixed(begun, bag[row])
                count += 1
        elif base == 5:
            keys[count] = begun
            count += 1
        elif base == 0:
            for i in range(4):
                if sounds[row, i] >= 0:
                    keys[count] = _mixed(begun, np.uint64(sounds[row, i]))
                    count += 1
        else:
            for i in range(3):
                one = sounds[row, i]
                for j in range(3):
                    other = sounds[row, j]
                    if i == j or one < 0:
                        continue
                    if base == 1:
                        if i < j and other >= 0:
                            keys[count] = _mixed(_mixed(begun, np.uint64(min(one, other))), np.uint64(max(one, other)))
                            count += 1
                    elif base == 2:
                        if first_letters[row, j] == 0:
                            continue
                        keys[count] = _mixed(_mixed(begun, np.uint64(one)), np.uint64(first_letters[row, j]))
                        count += 1
                    elif ends[row, j] != 0:
                        keys[count] = _mixed(_mixed(begun, np.uint64(one)), np.uint64(ends[row, j]))
                        count += 1
        for at in range(from_here, count):
            keys[at] = (keys[at] >> np.uint64(31) << np.uint64(31)) | np.uint64(row)
    return keys[:count].copy()


@njit("Tuple((uint64[::1], int64, int64))(uint64[::1], uint64[::1], int64, boolean)", cache=True, nogil=True)
def _merged(left, right, cap, within):  # type: ignore[no-untyped-def]  # noqa: C901
    mask = np.uint64((1 << 31) - 1)
    pairs = np.empty(0, dtype=np.uint64)
    keys_capped = 0
    pairs_capped = 0
    for turn in range(2):
        i = 0
        j = 0
        count = 0
        while i < len(left) and j < len(right):
            key = left[i] >> np.uint64(31)
            other = right[j] >> np.uint64(31)
            if key < other:
                i += 1
            elif key > other:
                j += 1
            else:
                i_end, j_end = i, j
                while i_end < len(left) and left[i_end] >> np.uint64(31) == key:
                    i_end += 1
                while j_end < len(right) and right[j_end] >> np.uint64(31) == key:
                    j_end += 1
                met = (i_end - i) * (j_end - j)
                if met > cap:
                    if turn == 0:
                        keys_capped += 1
                        pairs_capped += met
                else:
                    for a in range(i, i_end):
                        for b in range(j, j_end):
                            x, y = left[a] & mask, right[b] & mask
                            if within and x >= y:
                                continue
                            if turn == 1:
                                pairs[count] = (x << np.uint64(32)) | y
                            count += 1
                i, j = i_end, j_end
        if turn == 0:
            pairs = np.empty(count, dtype=np.uint64)
    return pairs, keys_capped, pairs_capped
