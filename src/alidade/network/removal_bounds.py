"""Removal bounds: how many must go at least, said without any program, for networks of any size."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from alidade.network.graph_kernel import Floats, Int32s


def disjoint_bound(rows: csr_array, cost: Floats, cap: int) -> float:
    """What must be paid at least: of each connected set of cap + 1 people one must go, and these sets share nobody."""
    order = np.argsort(np.diff(rows.indptr), kind="stable").astype(np.int32)
    return float(_packed(rows.indptr, rows.indices, cost, cap, order))


@njit(cache=True, nogil=True)
def _packed(starts: Any, columns: Int32s, cost: Floats, cap: int, order: Int32s) -> float:
    n = len(starts) - 1
    free = np.ones(n, np.uint8)
    taken = np.empty(cap + 1, np.int32)
    total = 0.0
    for each in range(n):
        first = order[each]
        if not free[first]:
            continue
        free[first] = 0
        taken[0] = first
        begin, count = 0, 1
        while begin < count and count <= cap:
            vertex = taken[begin]
            begin += 1
            for at in range(starts[vertex], starts[vertex + 1]):
                other = columns[at]
                if free[other] and count <= cap:
                    free[other] = 0
                    taken[count] = other
                    count += 1
        if count > cap:
            least = cost[first]
            for at in range(count):
                least = min(least, cost[taken[at]])
            total += least
    return total
