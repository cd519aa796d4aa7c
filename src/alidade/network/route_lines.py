"""Betweenness of legs: how many shortest ways between two places lead over each leg (Brandes 2008, edges)."""

from __future__ import annotations

from collections import deque
from typing import Any

from alidade.network.graph import Graph


def leg_betweenness(graph: Graph) -> dict[tuple[Any, Any], float]:
    """For each leg of a directed graph the share of all ordered pairs of places whose shortest way leads over it."""
    rows, ids = graph.adjacency, graph.ids
    starts, columns = rows.indptr.tolist(), rows.indices.tolist()
    counted: dict[tuple[int, int], float] = {}
    for begin in range(graph.n):
        ways = {begin: 1.0}
        distance = {begin: 0}
        before: dict[int, list[int]] = {begin: []}
        order: list[int] = []
        queue = deque([begin])
        while queue:
            at = queue.popleft()
            order.append(at)
            for place in columns[starts[at] : starts[at + 1]]:
                if place not in distance:
                    distance[place] = distance[at] + 1
                    ways[place] = 0.0
                    before[place] = []
                    queue.append(place)
                if distance[place] == distance[at] + 1:
                    ways[place] += ways[at]
                    before[place].append(at)
        passed = dict.fromkeys(order, 0.0)
        for at in reversed(order):
            for last in before[at]:
                share = ways[last] / ways[at] * (1 + passed[at])
                counted[last, at] = counted.get((last, at), 0.0) + share
                passed[last] += share
    pairs = max(graph.n * (graph.n - 1), 1)
    return {(ids[one], ids[two]): value / pairs for (one, two), value in counted.items()}
