"""Dismantling: the order of removal that leaves least of the network over the whole way, by a portfolio of searches.

On small networks no single rule is best: greedy removal wins on star-like ones, separators and betweenness on those
made of tight groups. So all are tried, and the best curves are improved by annealing.
"""

from __future__ import annotations

import time

import numpy as np

from alidade.model.errors import Invalid
from alidade.network.disruption import Curve, Strategy, Ties, curve_of, disruption_curve
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Int64s
from alidade.network.order_kernel import adaptive_degrees
from alidade.network.removal_kernel import anneal
from alidade.network.scores import Method, plain

_PORTFOLIO: tuple[tuple[Strategy, Ties], ...] = (
    ("greedy_largest", "first_in"),
    ("greedy_largest", "last_in"),
    ("greedy_pairs", "first_in"),
    ("pagerank", "first_in"),
    ("spectral", "first_in"),
    ("betweenness", "first_in"),
    ("betweenness", "last_in"),
)
_EFFORT = 60_000_000  # people and links looked at in one course of annealing
_COURSES = 12
_SLOW = 3_000  # people above which only what takes time in proportion to the links is tried


def dismantle(graph: Graph, seconds: float = 10, *, seed: int = 0, courses: int = _COURSES) -> Curve:
    """The order of removal with the lowest robustness that a portfolio with annealing finds.

    Robustness is the mean, over all removals, of the share of the first largest component that is left. Directions do
    not count. The same seed gives the same order wherever time did not run out; `method` names what won. Annealing
    exchanges and moves people in the order (`courses` times, from the best three orders in turn).
    """
    if not seconds > 0 or courses < 0:
        raise Invalid("The time must be above 0 seconds and the courses not below 0.", remedy="Usual: 10 and 12.")
    whole, deadline = required(graph).undirected(), time.monotonic() + seconds
    found = _portfolio(whole, deadline)
    winner, order = found[0][1], found[0][2]
    best = found[0][0]
    for course in range(courses if whole.n > 2 else 0):
        started = found[course % min(3, len(found))]
        value, improved = _annealed(whole, started[2], seed + course, deadline, gentle=course % 2 == 1)
        if value < best:
            best, winner, order = value, f"{started[1]}, annealed", improved
        if time.monotonic() > deadline:
            break
    method = Method(
        name="dismantling by portfolio and annealing",
        parameters=plain(won=winner, courses=courses, seconds=seconds),
        ties="first_in and last_in tried",
        seed=seed,
        source="Ren et al. 2019; Kirkpatrick et al. 1983",
    )
    return curve_of(whole, order, method)


def _portfolio(graph: Graph, deadline: float) -> list[tuple[float, str, Int64s]]:
    """Sum of the largest components, name and order of each strategy, the best first."""
    rows = graph.adjacency
    simple = np.asarray(adaptive_degrees(rows.indptr, rows.indices), dtype=np.int64)
    found = [(_total(graph, simple), "degree", simple)]
    for strategy, ties in _PORTFOLIO if graph.n <= _SLOW else ():
        if time.monotonic() > deadline - 0.1:
            break
        curve = disruption_curve(graph, strategy, ties)
        order = graph.positions(curve.removed)
        found.append((_total(graph, order), f"{strategy} {ties}", order))
    return sorted(found, key=lambda each: each[0])


def _total(graph: Graph, order: Int64s) -> float:
    return curve_of(graph, order, Method(name="")).robustness


def _annealed(graph: Graph, order: Int64s, seed: int, deadline: float, gentle: bool) -> tuple[float, Int64s]:
    """One course of annealing, in stretches that keep the time; each cools further and starts from the last."""
    rows = graph.adjacency
    looks = graph.n + len(rows.indices)
    rounds = max(1_000, _EFFORT // looks)
    reach = max(2, min(graph.n, int(0.4 * graph.n) + 2))
    stretches = max(1, rounds * looks // 40_000_000)
    size = curve_of(graph, order, Method(name="")).sizes[0]
    warm = (0.02 if gentle else 0.1) * size
    for stretch in range(stretches):
        order, _ = anneal(
            rows.indptr, rows.indices, order, rounds // stretches, warm / 4**stretch, seed * 64 + stretch, reach
        )
        if time.monotonic() > deadline:
            break
    return _total(graph, order), np.asarray(order, dtype=np.int64)
