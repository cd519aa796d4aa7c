"""What every removal must satisfy, found against a fractional removal, in compiled code.

Take somebody as root and a tree of links from him. If he stays, all of the tree that is still tied to him counts at
most `cap`; a removed member cuts off at most the members below him. So the removed weigh together at least as much as
the tree is larger than `cap`, each counted with those below him. The tree of shortest paths, where a removed share is
length, breaks this most; if it does not, nothing of this kind does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from alidade.network.graph_kernel import Floats, Int32s, Int64s


@njit(cache=True, nogil=True)
def rooted_tree(
    starts: Any, columns: Int32s, removed: Floats, root: int, cap: int, noise: Floats, weight: Int64s
) -> tuple[int, float]:
    """Fill `weight` with the number that each counts in the cut of this root; what is required, and what it lacks."""
    n = len(starts) - 1
    length = np.full(n, np.inf)
    parent = np.full(n, -1, np.int32)
    done = np.zeros(n, np.uint8)
    order = np.empty(n, np.int32)
    weight[:] = 0
    length[root] = removed[root]
    settled = 0
    heap = [(removed[root] + noise[root], np.int32(root))]
    rank = np.full(n, np.inf)
    rank[root] = removed[root] + noise[root]
    while len(heap) > 0:
        nearest = _pop(heap)
        vertex = nearest[1]
        if done[vertex]:
            continue
        done[vertex] = 1
        order[settled] = vertex
        settled += 1
        for at in range(starts[vertex], starts[vertex + 1]):
            other = columns[at]
            if done[other]:
                continue
            reached = length[vertex] + removed[other]
            ranked = rank[vertex] + removed[other] + noise[other]
            if reached < 1.0 - 1e-7 and ranked < rank[other]:
                length[other] = reached
                rank[other] = ranked
                parent[other] = vertex
                _push(heap, (ranked, np.int32(other)))
    required = settled - cap
    if required <= 0:
        return 0, 0.0
    for at in range(settled - 1, -1, -1):
        vertex = order[at]
        weight[vertex] += 1
        if parent[vertex] >= 0:
            weight[parent[vertex]] += weight[vertex]
    lacking = float(required)
    for at in range(settled):
        vertex = order[at]
        weight[vertex] = min(weight[vertex], required)
        lacking -= weight[vertex] * removed[vertex]
    return required, lacking


@njit(cache=True, nogil=True)
def _push(heap: Any, entry: Any) -> None:
    heap.append(entry)
    at = len(heap) - 1
    while at > 0:
        parent = (at - 1) >> 1
        if heap[parent][0] <= entry[0]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = entry


@njit(cache=True, nogil=True)
def _pop(heap: Any) -> Any:
    first = heap[0]
    entry = heap.pop()
    size = len(heap)
    if size > 0:
        at = 0
        while True:
            child = 2 * at + 1
            if child >= size:
                break
            if child + 1 < size and heap[child + 1][0] < heap[child][0]:
                child += 1
            if heap[child][0] >= entry[0]:
                break
            heap[at] = heap[child]
            at = child
        heap[at] = entry
    return first


@njit(cache=True, nogil=True)
def tree_cuts(
    starts: Any, columns: Int32s, removed: Floats, roots: Any, cap: int, noise: Floats, enough: float, most: int
) -> tuple[Int64s, Int64s, Floats]:
    """The cuts of these roots that are broken by more than `enough`: weights (cuts, n), required, lacking."""
    n = len(starts) - 1
    weights = np.zeros((most, n), np.int64)
    required = np.zeros(most, np.int64)
    lacking = np.zeros(most, np.float64)
    found = 0
    for at in range(len(roots)):
        if found == most:
            break
        needs, lacks = rooted_tree(starts, columns, removed, roots[at], cap, noise, weights[found])
        if lacks > enough * needs:
            required[found] = needs
            lacking[found] = lacks / needs
            found += 1
    return weights[:found], required[:found], lacking[:found]


@njit(cache=True, nogil=True)
def fill(
    starts: Any, columns: Int32s, order: Any, cap: int, parent: Int32s, size: Int32s, removed: Any, roots: Int32s
) -> None:
    """Let people stay, one after another, where no component then is above `cap`; the others are removed (1).

    `parent`, `size` and `roots` are working space.
    """
    n = len(starts) - 1
    for vertex in range(n):
        parent[vertex] = -1
        removed[vertex] = 1
    for each in range(len(order)):
        vertex = order[each]
        total, count = 1, 0
        for at in range(starts[vertex], starts[vertex + 1]):
            other = columns[at]
            if parent[other] < 0:
                continue
            while parent[other] != other:
                parent[other] = parent[parent[other]]
                other = parent[other]
            if size[other] > 0:
                total += size[other]
                if total > cap:
                    break
                roots[count] = other
                count += 1
                size[other] = -size[other]  # counted already
        for at in range(count):
            size[roots[at]] = -size[roots[at]]
        if total > cap:
            continue
        removed[vertex] = 0
        parent[vertex] = vertex
        size[vertex] = total
        for at in range(count):
            parent[roots[at]] = vertex


@njit(cache=True, nogil=True)
def exchange(
    starts: Any, columns: Int32s, cost: Floats, removed: Any, cap: int, rounds: int, warm: float, seed: int
) -> float:
    """Look for a cheaper removal: some come back first, the others as before, who no longer fits goes.

    `removed` is changed to the best that was found.
    Returns what it costs. Slightly dearer ones are accepted on the way (`warm`: by how much, with 1 / e).
    """
    np.random.seed(seed)
    n = len(starts) - 1
    parent = np.empty(n, np.int32)
    size = np.empty(n, np.int32)
    roots = np.empty(n, np.int32)
    trial = np.empty(n, np.uint8)
    current = removed.copy()
    order = np.empty(n, np.int32)
    value = 0.0
    for vertex in range(n):
        value += cost[vertex] * current[vertex]
    best = value
    for _ in range(rounds):
        out = 0
        for vertex in range(n):
            out += current[vertex]
        if out == 0:
            break
        back = 1 + np.random.randint(min(3, out))
        front, behind = 0, n
        chosen = np.random.randint(out)
        step = 1 + np.random.randint(out)
        seen = 0
        for vertex in range(n):
            if current[vertex]:
                lies = (seen - chosen) % out
                if lies % step == 0 and lies // step < back and front < back:
                    order[front] = vertex
                    front += 1
                else:
                    behind -= 1
                    order[behind] = vertex
                seen += 1
        filled = front
        for vertex in range(n):
            if not current[vertex]:
                order[filled] = vertex
                filled += 1
        for at in range(front, filled):
            other = front + np.random.randint(filled - front)
            order[at], order[other] = order[other], order[at]
        for at in range(behind, n):
            other = behind + np.random.randint(n - behind)
            order[at], order[other] = order[other], order[at]
        fill(starts, columns, order, cap, parent, size, trial, roots)
        reached = 0.0
        for vertex in range(n):
            reached += cost[vertex] * trial[vertex]
        if reached <= value or np.random.random() < np.exp((value - reached) / warm):
            value = reached
            current[:] = trial
            if value < best - 1e-9:
                best = value
                removed[:] = current
    return best
