"""Shortest paths through everybody, in compiled code: betweenness after Brandes (2001), distances, cores, components.

`alive` (uint8 by vertex) says who is still there, so that people can be removed without building a graph anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alidade.network.graph_kernel import Floats, Int32s

Flags = NDArray[np.uint8]

_SAME = 1e-11  # two lengths that differ by less of themselves are one: sums of fractions in different orders


@njit(cache=True, nogil=True)
def betweenness_by_links(starts: Any, columns: Int32s, alive: Flags, sources: Any, scale: float, found: Floats) -> None:
    """Add to `found` the share of shortest paths (in links) from each source that leads through each vertex."""
    n = len(starts) - 1
    distance = np.full(n, -1, np.int32)
    paths = np.zeros(n, np.float64)
    share = np.zeros(n, np.float64)
    queue = np.empty(n, np.int32)
    for each in range(len(sources)):
        source = sources[each]
        if not alive[source]:
            continue
        queue[0] = source
        distance[source] = 0
        paths[source] = 1.0
        begin, end = 0, 1
        while begin < end:
            vertex = queue[begin]
            begin += 1
            for at in range(starts[vertex], starts[vertex + 1]):
                other = columns[at]
                if not alive[other]:
                    continue
                if distance[other] < 0:
                    distance[other] = distance[vertex] + 1
                    queue[end] = other
                    end += 1
                if distance[other] == distance[vertex] + 1:
                    paths[other] += paths[vertex]
        for place in range(end - 1, -1, -1):
            vertex = queue[place]
            gain = 0.0
            for at in range(starts[vertex], starts[vertex + 1]):
                other = columns[at]
                if alive[other] and distance[other] == distance[vertex] + 1:
                    gain += paths[vertex] / paths[other] * (1.0 + share[other])
            share[vertex] = gain
            if vertex != source:
                found[vertex] += gain * scale
        for place in range(end):
            vertex = queue[place]
            distance[vertex] = -1
            paths[vertex] = 0.0
            share[vertex] = 0.0


@njit(cache=True, nogil=True)
def _sift_up(heap: Int32s, place: Int32s, length: Floats, at: int) -> None:
    vertex = heap[at]
    while at > 0:
        parent = (at - 1) >> 1
        if length[heap[parent]] <= length[vertex]:
            break
        heap[at] = heap[parent]
        place[heap[at]] = at
        at = parent
    heap[at] = vertex
    place[vertex] = at


@njit(cache=True, nogil=True)
def _sift_down(heap: Int32s, place: Int32s, length: Floats, size: int) -> None:
    at = 0
    vertex = heap[0]
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and length[heap[child + 1]] < length[heap[child]]:
            child += 1
        if length[heap[child]] >= length[vertex]:
            break
        heap[at] = heap[child]
        place[heap[at]] = at
        at = child
    heap[at] = vertex
    place[vertex] = at


@njit(cache=True, nogil=True)
def betweenness_by_length(
    starts: Any, columns: Int32s, lengths: Floats, alive: Flags, sources: Any, scale: float, found: Floats
) -> None:
    """The same, where each link has a length above 0."""
    n = len(starts) - 1
    length = np.full(n, np.inf)
    paths = np.zeros(n, np.float64)
    share = np.zeros(n, np.float64)
    heap = np.empty(n, np.int32)
    place = np.full(n, -1, np.int32)
    order = np.empty(n, np.int32)
    done = np.zeros(n, np.uint8)
    for each in range(len(sources)):
        source = sources[each]
        if not alive[source]:
            continue
        length[source] = 0.0
        paths[source] = 1.0
        heap[0] = source
        place[source] = 0
        size, settled = 1, 0
        while size > 0:
            vertex = heap[0]
            size -= 1
            if size > 0:
                heap[0] = heap[size]
                place[heap[0]] = 0
                _sift_down(heap, place, length, size)
            done[vertex] = 1
            order[settled] = vertex
            settled += 1
            for at in range(starts[vertex], starts[vertex + 1]):
                other = columns[at]
                if not alive[other] or done[other]:
                    continue
                reached = length[vertex] + lengths[at]
                if reached < length[other] * (1.0 - _SAME) or length[other] == np.inf:
                    if place[other] < 0:
                        place[other] = size
                        heap[size] = other
                        size += 1
                    length[other] = reached
                    paths[other] = paths[vertex]
                    _sift_up(heap, place, length, place[other])
                elif reached <= length[other] * (1.0 + _SAME):
                    paths[other] += paths[vertex]
        for back in range(settled - 1, -1, -1):
            vertex = order[back]
            gain = 0.0
            for at in range(starts[vertex], starts[vertex + 1]):
                other = columns[at]
                if alive[other] and abs(length[vertex] + lengths[at] - length[other]) <= _SAME * length[other]:
                    gain += paths[vertex] / paths[other] * (1.0 + share[other])
            share[vertex] = gain
            if vertex != source:
                found[vertex] += gain * scale
        for back in range(settled):
            vertex = order[back]
            length[vertex] = np.inf
            paths[vertex] = 0.0
            share[vertex] = 0.0
            place[vertex] = -1
            done[vertex] = 0


@njit(cache=True, nogil=True)
def distance_sums(starts: Any, columns: Int32s, sums: Floats, reached: Floats, inverse: Floats) -> None:
    """For each vertex the sum of distances to those it reaches, how many these are, and the sum of 1 / distance."""
    n = len(starts) - 1
    distance = np.full(n, -1, np.int32)
    queue = np.empty(n, np.int32)
    for source in range(n):
        queue[0] = source
        distance[source] = 0
        begin, end = 0, 1
        while begin < end:
            vertex = queue[begin]
            begin += 1
            for at in range(starts[vertex], starts[vertex + 1]):
                other = columns[at]
                if distance[other] < 0:
                    distance[other] = distance[vertex] + 1
                    queue[end] = other
                    end += 1
                    sums[source] += distance[other]
                    inverse[source] += 1.0 / distance[other]
        reached[source] = end
        for at in range(end):
            distance[queue[at]] = -1


@njit(cache=True, nogil=True)
def cores(starts: Any, columns: Int32s) -> Int32s:
    """The core number of each vertex of a symmetric graph, after Batagelj and Zaversnik (2003)."""
    n = len(starts) - 1
    degree = np.empty(n, np.int32)
    most = 0
    for vertex in range(n):
        degree[vertex] = starts[vertex + 1] - starts[vertex]
        most = max(most, degree[vertex])
    bins = np.zeros(most + 2, np.int64)
    for vertex in range(n):
        bins[degree[vertex] + 1] += 1
    for each in range(most + 1):
        bins[each + 1] += bins[each]
    place = np.empty(n, np.int32)
    order = np.empty(n, np.int32)
    free = bins.copy()
    for vertex in range(n):
        place[vertex] = free[degree[vertex]]
        order[place[vertex]] = vertex
        free[degree[vertex]] += 1
    for at in range(n):
        vertex = order[at]
        for link in range(starts[vertex], starts[vertex + 1]):
            other = columns[link]
            if degree[other] > degree[vertex]:
                held, first = place[other], bins[degree[other]]
                swapped = order[first]
                if other != swapped:
                    order[held], order[first] = swapped, other
                    place[other], place[swapped] = first, held
                bins[degree[other]] += 1
                degree[other] -= 1
    return degree


@njit(cache=True, nogil=True)
def component_labels(starts: Any, columns: Int32s, alive: Flags) -> tuple[Int32s, int]:
    """The component of each vertex, numbered by first member, and how many there are; -1 for who is not there.

    Directions do not count: links are united, not followed.
    """
    n = len(starts) - 1
    parent = np.empty(n, np.int32)
    for vertex in range(n):
        parent[vertex] = vertex
    for vertex in range(n):
        if not alive[vertex]:
            continue
        for at in range(starts[vertex], starts[vertex + 1]):
            if not alive[columns[at]]:
                continue
            one, other = vertex, columns[at]
            while parent[one] != one:
                parent[one] = parent[parent[one]]
                one = parent[one]
            while parent[other] != other:
                parent[other] = parent[parent[other]]
                other = parent[other]
            if one < other:
                parent[other] = one
            elif other < one:
                parent[one] = other
    labels = np.full(n, -1, np.int32)
    count = 0
    for vertex in range(n):
        if not alive[vertex]:
            continue
        root = vertex
        while parent[root] != root:
            root = parent[root]
        if root == vertex:
            labels[vertex] = count
            count += 1
        else:
            labels[vertex] = labels[root]
    return labels, count
