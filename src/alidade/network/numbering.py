"""Numbering: ids of any kind become positions, in the order in which they first appear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from alidade.model.errors import Invalid
from alidade.network.graph_kernel import Int32s, Int64s, number_narrow, number_pairs_narrow, number_wide

#: Distinct ids by position: whole numbers in an array, anything else in a tuple.
Labels: TypeAlias = "NDArray[np.int64] | tuple[Any, ...]"

_SPARE = 1 << 16  # a table of the whole range is taken up to this much beyond eight places for each link


def numbered_pairs(source: Any, target: Any, vertices: Any | None) -> tuple[Labels, Int32s, Int32s]:
    """Distinct ids, and the positions of both ends of each link. Raises Invalid where lengths differ."""
    heads, tails, first = _listed(source), _listed(target), _listed(() if vertices is None else vertices)
    if len(heads) != len(tails):
        raise Invalid("There are not as many sources as targets.", remedy="Give two ends for each link.")
    if len(heads) >= 2**31:
        raise Invalid("There are more than 2,147,483,647 links.", remedy="Split the network.")
    whole = [_whole(each) for each in (first, heads, tails)]
    if whole[0] is None or whole[1] is None or whole[2] is None:
        return _of_anything(
            *(each.tolist() if isinstance(each, np.ndarray) else each for each in (first, heads, tails))
        )
    return _of_numbers(whole[0], whole[1], whole[2])


def _listed(values: Any) -> Any:
    """A list or an array of one dimension."""
    if isinstance(values, list | tuple):
        return values
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise Invalid("The ends of the links are not a sequence.", remedy="Give a list or an array of ids.")
    listed = np.asarray(values) if hasattr(values, "__array__") else list(values)
    if isinstance(listed, np.ndarray) and listed.ndim != 1:
        raise Invalid("The ends of the links are not in one dimension.", remedy="Give a list or an array of ids.")
    return listed


def _whole(values: Any) -> Int64s | None:
    """As 64-bit whole numbers; None where they are something else."""
    if not isinstance(values, np.ndarray):
        if not all(type(each) is int for each in values):
            return None
        try:
            return np.array(values, dtype=np.int64)
        except OverflowError:
            return None
    if values.dtype.kind not in "iu" or (values.dtype == np.uint64 and len(values) and values.max() >= 2**63):
        return None
    return np.ascontiguousarray(values, dtype=np.int64)


def _of_numbers(first: Int64s, heads: Int64s, tails: Int64s) -> tuple[Labels, Int32s, Int32s]:
    there = [each for each in (first, heads, tails) if len(each)]
    codes = np.empty(len(heads), np.int32), np.empty(len(tails), np.int32)
    if not there:
        return np.empty(0, np.int64), *codes
    lowest, highest = min(int(each.min()) for each in there), max(int(each.max()) for each in there)
    span = highest - lowest + 1
    if span <= 8 * (len(first) + len(heads)) + _SPARE:
        table = np.full(span, -1, dtype=np.int32)
        labels = np.empty(min(span, len(first) + 2 * len(heads)), dtype=np.int64)
        known = number_narrow(first, lowest, table, labels, 0, np.empty(len(first), np.int32))
        known = number_pairs_narrow(heads, tails, lowest, table, labels, known, *codes)
        return labels[:known].copy(), *codes
    mixed = np.empty(len(first) + 2 * len(heads), dtype=np.int64)
    mixed[: len(first)] = first
    mixed[len(first) :: 2], mixed[len(first) + 1 :: 2] = heads, tails
    rows = np.empty(len(mixed), dtype=np.int32)
    distinct: Int64s = number_wide(mixed, rows)
    return distinct, np.ascontiguousarray(rows[len(first) :: 2]), np.ascontiguousarray(rows[len(first) + 1 :: 2])


def _of_anything(first: list[Any], heads: list[Any], tails: list[Any]) -> tuple[Labels, Int32s, Int32s]:
    index: dict[Any, int] = {}
    head, tail = np.empty(len(heads), np.int32), np.empty(len(tails), np.int32)
    try:
        for each in first:
            index.setdefault(each, len(index))
        for at, (one, other) in enumerate(zip(heads, tails, strict=True)):
            head[at] = index.setdefault(one, len(index))
            tail[at] = index.setdefault(other, len(index))
    except TypeError:
        raise Invalid("An end of a link cannot serve as an id.", remedy="Give numbers, texts or tuples.") from None
    if any(each is None or each != each for each in index):
        raise Invalid("An end of a link is missing.", remedy="Leave the link out, or name both ends.")
    return tuple(index), head, tail
