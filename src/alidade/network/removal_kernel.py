"""What is left of a network after removals, in compiled code."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from alidade.network.graph_kernel import Floats, Int32s, Int64s
from alidade.network.paths_kernel import Flags


@njit(cache=True, nogil=True)
def largest_left(starts: Any, columns: Int32s, order: Int64s, largest: Int64s, parent: Int32s, size: Int32s) -> int:
    """Fill `largest` with the size of the largest component after 0, 1, ... removals in this order; their sum from one.

    People come back in reverse order and unite what they are linked to. `parent` and `size` are working space.
    """
    n = len(order)
    for vertex in range(n):
        parent[vertex] = -1
    most, total = 0, 0
    largest[n] = 0
    for at in range(n - 1, -1, -1):
        vertex = order[at]
        root = vertex
        parent[vertex] = vertex
        size[vertex] = 1
        for link in range(starts[vertex], starts[vertex + 1]):
            other = columns[link]
            if parent[other] < 0:
                continue
            while parent[other] != other:
                parent[other] = parent[parent[other]]
                other = parent[other]
            if other != root:
                if size[other] > size[root]:
                    other, root = root, other
                parent[other] = root
                size[root] += size[other]
        most = max(most, size[root])
        largest[at] = most
        if at > 0:
            total += most
    return total


@njit(cache=True, nogil=True)
def effects(starts: Any, columns: Int32s, alive: Flags, largest: Int64s, pairs: Int64s) -> None:
    """For everybody who is there: the largest component, and the connected pairs, that his removal would leave.

    One walk in depth (Hopcroft and Tarjan 1973): what hangs on a person falls off as a component of its own.
    """
    n = len(starts) - 1
    found = np.full(n, -1, np.int32)
    low = np.zeros(n, np.int32)
    parent = np.full(n, -1, np.int32)
    weight = np.zeros(n, np.int64)
    fallen = np.zeros(n, np.int64)
    piece = np.zeros(n, np.int64)
    squares = np.zeros(n, np.int64)
    component = np.full(n, -1, np.int32)
    sizes = np.zeros(n, np.int64)
    at = np.zeros(n, np.int64)
    stack = np.empty(n, np.int32)
    clock, count = 0, 0
    for root in range(n):
        if not alive[root] or found[root] >= 0:
            continue
        stack[0] = root
        height = 1
        found[root] = low[root] = clock
        clock += 1
        weight[root] = 1
        at[root] = starts[root]
        component[root] = count
        while height > 0:
            vertex = stack[height - 1]
            if at[vertex] < starts[vertex + 1]:
                other = columns[at[vertex]]
                at[vertex] += 1
                if not alive[other]:
                    continue
                if found[other] < 0:
                    found[other] = low[other] = clock
                    clock += 1
                    parent[other] = vertex
                    weight[other] = 1
                    at[other] = starts[other]
                    component[other] = count
                    stack[height] = other
                    height += 1
                elif other != parent[vertex]:
                    low[vertex] = min(low[vertex], found[other])
                continue
            height -= 1
            above = parent[vertex]
            if above >= 0:
                weight[above] += weight[vertex]
                low[above] = min(low[above], low[vertex])
                if low[vertex] >= found[above]:
                    fallen[above] += weight[vertex]
                    piece[above] = max(piece[above], weight[vertex])
                    squares[above] += weight[vertex] * (weight[vertex] - 1)
        sizes[count] = weight[root]
        count += 1
    first, second, total = 0, 0, 0
    for each in range(count):
        total += sizes[each] * (sizes[each] - 1)
        if sizes[each] > first:
            first, second = sizes[each], first
        elif sizes[each] > second:
            second = sizes[each]
    for vertex in range(n):
        if not alive[vertex]:
            continue
        whole = sizes[component[vertex]]
        rest = whole - 1 - fallen[vertex]
        others = second if whole == first else first
        largest[vertex] = max(others, max(rest, piece[vertex]))
        pairs[vertex] = (total - whole * (whole - 1) + squares[vertex] + rest * (rest - 1)) // 2


@njit(cache=True, nogil=True)
def anneal(
    starts: Any, columns: Int32s, order: Int64s, rounds: int, warm: float, seed: int, reach: int
) -> tuple[Int64s, int]:
    """Improve an order of removal by moves and exchanges, after simulated annealing; the best order and its sum.

    `warm` is the rise in the sum that is accepted at first with probability 1 / e; it falls to a fiftieth of a percent.
    `reach` is how many places at the front are worth moving.
    """
    np.random.seed(seed)
    n = len(order)
    largest = np.empty(n + 1, np.int64)
    parent = np.empty(n, np.int32)
    size = np.empty(n, np.int32)
    current = order.copy()
    best = order.copy()
    value = largest_left(starts, columns, current, largest, parent, size)
    best_value = value
    trial = order.copy()
    cooling = 0.002 ** (1.0 / max(rounds, 1))
    for _ in range(rounds):
        front = np.random.randint(reach)
        place = np.random.randint(n) if np.random.random() < 0.5 else np.random.randint(reach)
        if front == place:
            warm *= cooling
            continue
        low, high = min(front, place), max(front, place)
        if np.random.random() < 0.5:
            trial[low], trial[high] = current[high], current[low]
        elif np.random.random() < 0.5:
            trial[low] = current[high]
            for at in range(low, high):
                trial[at + 1] = current[at]
        else:
            trial[high] = current[low]
            for at in range(low, high):
                trial[at] = current[at + 1]
        reached = largest_left(starts, columns, trial, largest, parent, size)
        if reached <= value or np.random.random() < np.exp((value - reached) / warm):
            value = reached
            current[low : high + 1] = trial[low : high + 1]
            if value < best_value:
                best_value = value
                best[:] = current
        else:
            trial[low : high + 1] = current[low : high + 1]
        warm *= cooling
    return best, best_value


@njit(cache=True, nogil=True)
def efficiency(starts: Any, columns: Int32s, alive: Flags) -> float:
    """The sum of 1 / distance over ordered pairs of those who are there (Latora and Marchiori 2001), not normalised."""
    n = len(starts) - 1
    distance = np.full(n, -1, np.int32)
    queue = np.empty(n, np.int32)
    total = 0.0
    for source in range(n):
        if not alive[source]:
            continue
        queue[0] = source
        distance[source] = 0
        begin, end = 0, 1
        while begin < end:
            vertex = queue[begin]
            begin += 1
            for at in range(starts[vertex], starts[vertex + 1]):
                other = columns[at]
                if alive[other] and distance[other] < 0:
                    distance[other] = distance[vertex] + 1
                    queue[end] = other
                    end += 1
                    total += 1.0 / distance[other]
        for at in range(end):
            distance[queue[at]] = -1
    return total


def shares_of(largest: Int64s) -> Floats:
    """The sizes as shares of the first."""
    return np.asarray(largest / max(int(largest[0]), 1), dtype=np.float64)
