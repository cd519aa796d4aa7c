"""Orders of removal for networks of any size, in compiled code."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from alidade.network.graph_kernel import Int32s
from alidade.network.removal_kernel import effects


@njit(cache=True, nogil=True)
def adaptive_degrees(starts: Any, columns: Int32s) -> Int32s:
    """Again and again who has most links left, of equals who came last; in time proportional to the links."""
    n = len(starts) - 1
    degree = np.empty(n, np.int32)
    most = 0
    for vertex in range(n):
        degree[vertex] = starts[vertex + 1] - starts[vertex]
        most = max(most, degree[vertex])
    head = np.full(most + 1, -1, np.int32)
    following = np.full(n, -1, np.int32)
    before = np.full(n, -1, np.int32)
    for vertex in range(n):
        first = head[degree[vertex]]
        following[vertex] = first
        if first >= 0:
            before[first] = vertex
        head[degree[vertex]] = vertex
    gone = np.zeros(n, np.uint8)
    order = np.empty(n, np.int32)
    highest = most
    for place in range(n):
        while head[highest] < 0:
            highest -= 1
        vertex = head[highest]
        head[highest] = following[vertex]
        if following[vertex] >= 0:
            before[following[vertex]] = -1
        gone[vertex] = 1
        order[place] = vertex
        for at in range(starts[vertex], starts[vertex + 1]):
            other = columns[at]
            if gone[other]:
                continue
            if before[other] >= 0:
                following[before[other]] = following[other]
            else:
                head[degree[other]] = following[other]
            if following[other] >= 0:
                before[following[other]] = before[other]
            degree[other] -= 1
            first = head[degree[other]]
            following[other] = first
            before[other] = -1
            if first >= 0:
                before[first] = other
            head[degree[other]] = other
    return order


@njit(cache=True, nogil=True)
def adaptive_effects(starts: Any, columns: Int32s, by_largest: bool) -> Int32s:
    """Again and again whose removal leaves least, of equals who came first."""
    n = len(starts) - 1
    alive = np.ones(n, np.uint8)
    largest = np.zeros(n, np.int64)
    pairs = np.zeros(n, np.int64)
    order = np.empty(n, np.int32)
    for place in range(n):
        effects(starts, columns, alive, largest, pairs)
        best = -1
        for vertex in range(n):
            if not alive[vertex]:
                continue
            if best < 0:
                best = vertex
                continue
            one, other = largest[vertex] - largest[best], pairs[vertex] - pairs[best]
            if not by_largest:
                one, other = other, one
            if one < 0 or (one == 0 and other < 0):
                best = vertex
        alive[best] = 0
        order[place] = best
    return order
