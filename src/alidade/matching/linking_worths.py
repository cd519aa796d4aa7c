"""How many bits an agreement on each value is worth, by how rare the value is.

Counted in the registers at hand and, as long as these are small, leant on what is known of names in the world: a
register of ten rows says nothing on how common a word is.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alidade.matching.linking_fields import Fields
from alidade.matching.linking_weights import LINKING


def word_worths(fields: Fields) -> NDArray[np.float32]:
    """For each word its bits in the world, its bits at home, and its home: float32 (words, 3).

    A word that is frequent in one country says less there than its frequency in the world; home is that country, as
    numbered in the fields, or -1.
    """
    words, total = fields.words, len(fields.date)
    most, lean = LINKING.name["most"], LINKING.lean
    expected = 2.0 ** (words.commonness * lean["bits_of_level"] - lean["bits_unknown"])
    # One of the rows is the one that is asked about.
    world = -np.log2((words.count - 1 + lean["rows"] * expected) / (total + lean["rows"]))
    world = np.minimum(world, most)
    # Single letters are initials, or pieces of legal forms (S.r.l.), and come together.
    saying_little = words.generic | (np.diff(words.start) == 1)
    world[saying_little] = np.minimum(world[saying_little], LINKING.name["generic"])
    home, held = _homes(words.rows, fields.country, len(words.count))
    home_total = np.append(fields.country_count, 0)[home]
    near = np.minimum(1.0, lean["at_home"] * expected)
    local = -np.log2((np.maximum(held - 1, 0) + lean["home_rows"] * near) / (home_total + lean["home_rows"]))
    return np.column_stack((world, np.minimum(local, world), home)).astype(np.float32)


def country_worths(count: NDArray[np.int64]) -> NDArray[np.float32]:
    """Bits of the same country."""
    lean = LINKING.lean
    share = (count + lean["country_rows"] * lean["country_share"]) / (count.sum() + lean["country_rows"])
    return np.asarray(np.minimum(-np.log2(share), LINKING.country["most"]), dtype=np.float32)


def number_worths(count: NDArray[np.int64]) -> NDArray[np.float32]:
    """Bits of the same number: all there are where two rows have it, fewer the more have it."""
    return np.asarray(LINKING.document["most"] - np.log2(np.maximum(count, 2) / 2.0), dtype=np.float32)


@njit("Tuple((int16[::1], int64[::1]))(int32[:, ::1], int16[::1], int64)", cache=True, nogil=True)
def _homes(rows, country, words):  # type: ignore[no-untyped-def]
    """For each word the country in which most rows hold it (-1 where none is known), and how many these are."""
    held = np.empty(rows.size, dtype=np.uint64)
    count = 0
    for row in range(len(rows)):
        if country[row] >= 0:
            for place in range(rows.shape[1]):
                if rows[row, place] >= 0:
                    held[count] = np.uint64(rows[row, place]) << np.uint64(16) | np.uint64(country[row])
                    count += 1
    held = np.sort(held[:count])
    home = np.full(words, -1, dtype=np.int16)
    most = np.zeros(words, dtype=np.int64)
    at = 0
    while at < count:
        end = at
        while end < count and held[end] == held[at]:
            end += 1
        word = np.int64(held[at] >> np.uint64(16))
        if end - at > most[word]:
            most[word] = end - at
            home[word] = np.int16(held[at] & np.uint64(0xFFFF))
        at = end
    return home, most
