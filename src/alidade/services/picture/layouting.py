"""Layouting: the places of what one viewer sees on a chart, computed once for the same sight and kept for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from alidade.network.layout import place

Place = tuple[float, float]
_KEPT: Final = 64  # layouts at a time, each of some ten thousand bytes


def lay_out(
    things: Sequence[str], ties: Iterable[tuple[str, str]], given: Mapping[str, Place], viewer: str
) -> dict[str, Place]:
    """A place in pixels for each thing; those that are given stay, the others come beside what they are tied to.

    It depends on what is handed over and on nothing else, whatever the order. `viewer` is a digest of who looks: what
    is kept for one sight is not found again by another.
    """
    order = sorted(things)
    number = {each: position for position, each in enumerate(order)}
    pairs = sorted({(number[one], number[other]) for one, other in ties if one in number and other in number})
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    standing = np.array([given.get(each, (np.nan, np.nan)) for each in order], dtype=np.float64).reshape(-1, 2)
    found = np.frombuffer(_laid_out(len(order), ends.tobytes(), standing.tobytes(), viewer)).reshape(-1, 2)
    return {each: (round(float(x), 1), round(float(y), 1)) for each, (x, y) in zip(order, found, strict=True)}


@lru_cache(maxsize=_KEPT)
def _laid_out(count: int, ends: bytes, standing: bytes, viewer: str) -> bytes:
    pairs = np.frombuffer(ends, dtype=np.int64).reshape(-1, 2)
    places = place(count, pairs[:, 0], pairs[:, 1], given=np.frombuffer(standing).reshape(-1, 2))
    return np.ascontiguousarray(places).tobytes()
