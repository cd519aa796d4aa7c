"""Disruption: what is left of the largest component while people are taken out, the most central first.

A curve without a stated rule for ties is no result: on the networks of operation Montagna the rule alone moves it by up
to a third. So the rule is part of the question and of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from alidade.model.errors import Invalid
from alidade.network.betweenness import betweenness
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Floats, Int64s
from alidade.network.measures import collective_influence, degree, katz, pagerank
from alidade.network.removal_kernel import effects, largest_left
from alidade.network.scores import Method, plain
from alidade.network.separators import separating_order

Strategy: TypeAlias = Literal[
    "degree", "betweenness", "katz", "collective_influence", "pagerank", "greedy_largest", "greedy_pairs", "spectral",
    "random",
]  # fmt: skip
Ties: TypeAlias = Literal["last_in", "first_in", "largest_id", "smallest_id"]
Weights: TypeAlias = Literal["strength", "distance"] | None

STRATEGIES: tuple[Strategy, ...] = (
    "degree", "betweenness", "katz", "collective_influence", "pagerank", "greedy_largest", "greedy_pairs", "spectral",
    "random",
)  # fmt: skip
TIES: tuple[Ties, ...] = ("last_in", "first_in", "largest_id", "smallest_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What is left of a network after each removal.

    `removed` are the people in order; `sizes[k]` is the largest component after k removals, `shares[k]` the same as a
    share of `sizes[0]`. A curve ends when nobody is left, or after the steps asked for.
    """

    removed: tuple[Any, ...]
    sizes: tuple[int, ...]
    shares: tuple[float, ...]
    robustness: float
    method: Method

    def needed(self, share: float = 0.1) -> int | None:
        """How many removals until no component is above this share (rounded down) of the first; None if never here."""
        cap = int(share * self.sizes[0] + 1e-9)
        return next((step for step, size in enumerate(self.sizes) if size <= cap), None)

    def people(self, share: float = 0.1) -> tuple[Any, ...]:
        """Who these are, in order of removal."""
        needed = self.needed(share)
        return self.removed if needed is None else self.removed[:needed]


def disruption_curve(
    graph: Graph,
    strategy: Strategy = "degree",
    ties: Ties = "last_in",
    *,
    block: int = 1,
    weights: Weights = None,
    adaptive: bool = True,
    seed: int = 0,
    steps: int | None = None,
    alpha: float = 0.1,
    radius: int = 1,
    digits: int | None = 9,
) -> Curve:
    """Take out the most central people, `block` at a time, and measure what is left of the largest component.

    After each block the scores are computed anew on what is left (unless `adaptive` is False). Of equal scores `ties`
    decides: "last_in" takes who came into the graph last, "largest_id" the largest id, and so on. Robustness is the
    mean share over all removals. `weights="strength"` weighs links (paths: 1 / weight long); "distance" makes strong
    links long, as published curves do: for their reproduction only, not for use. `radius` is that of collective
    influence, `alpha` that of Katz. Scores are equal when they agree in `digits` digits of the highest; None compares
    them as computed, so that rounding noise decides among equals, as it did in published work. Directions do not count.
    Source of the protocol: Cavallaro et al., PLOS ONE 15(8) e0236476.
    """
    _checked(strategy, ties, weights, block)
    whole = required(graph).undirected()
    scored = _scoring(strategy, weights, alpha, radius)
    rank = _tie_rank(whole, ties)
    if strategy == "random":
        order = np.random.default_rng(seed).permutation(whole.n)
    elif strategy == "spectral":
        order = separating_order(whole)
    else:
        order = _ranked_order(whole, scored, rank, block if adaptive else whole.n, steps, digits)
    parameters = plain(
        block=block, weights=weights, adaptive=adaptive, digits=digits,
        alpha=alpha if strategy == "katz" else None, radius=radius if strategy == "collective_influence" else None,
    )  # fmt: skip
    method = Method(
        name=f"disruption by {strategy}",
        parameters=parameters,
        ties="" if strategy in ("random", "spectral") else ties,
        seed=seed if strategy == "random" else None,
        source="Cavallaro et al. 2020",
    )
    return curve_of(whole, order, method, steps)


def curve_of(graph: Graph, order: Sequence[int] | Int64s, method: Method, steps: int | None = None) -> Curve:
    """The curve of an order of removal (positions); those not named are taken to follow in the order of the graph."""
    rows, named = graph.adjacency, np.asarray(order, dtype=np.int64)
    rest = np.setdiff1d(np.arange(graph.n), named)
    full = np.concatenate([named, rest])
    largest = np.empty(graph.n + 1, dtype=np.int64)
    space = np.empty(graph.n, np.int32), np.empty(graph.n, np.int32)
    total = largest_left(rows.indptr, rows.indices, full, largest, *space)
    until = len(named) if steps is None else min(steps, len(named))
    start = int(largest[0])
    return Curve(
        removed=tuple(graph.ids[at] for at in named[:until]),
        sizes=tuple(largest[: until + 1].tolist()),
        shares=tuple((largest[: until + 1] / start).tolist()),
        robustness=total / start / graph.n,
        method=method,
    )


def _checked(strategy: str, ties: str, weights: str | None, block: int) -> None:
    if strategy not in STRATEGIES:
        raise Invalid("This strategy is unknown.", remedy=f"Choose one of: {', '.join(STRATEGIES)}.")
    if ties not in TIES:
        raise Invalid("This rule for ties is unknown.", remedy=f"Choose one of: {', '.join(TIES)}.")
    if weights not in (None, "strength", "distance"):
        raise Invalid("These weights of links are unknown.", remedy='Give None, "strength" or "distance".')
    if block < 1:
        raise Invalid("At least one person must be taken out at a time.", remedy="Give a block of 1 or more.")


def _scoring(strategy: Strategy, weights: Weights, alpha: float, radius: int) -> Callable[[Graph], Floats]:
    strength: Literal["strength"] | None = None if weights is None else "strength"
    table: dict[str, Callable[[Graph], Any]] = {
        "degree": lambda graph: degree(graph, strength, normalised=False).array,
        "betweenness": lambda graph: betweenness(graph, weights=weights).array,
        "katz": lambda graph: katz(graph, alpha, weights=strength).array,
        "collective_influence": lambda graph: collective_influence(graph, radius, strength).array,
        "pagerank": lambda graph: pagerank(graph, weights=strength, tolerance=1e-12).array,
        "greedy_largest": lambda graph: _effect(graph, True),
        "greedy_pairs": lambda graph: _effect(graph, False),
    }
    return table.get(strategy, lambda graph: np.zeros(graph.n))


def _effect(graph: Graph, by_largest: bool) -> Floats:
    """How good the removal of each is: the least that is left, by largest component and pairs, or by pairs first."""
    rows = graph.adjacency
    largest, pairs = np.zeros(graph.n, np.int64), np.zeros(graph.n, np.int64)
    effects(rows.indptr, rows.indices, np.ones(graph.n, np.uint8), largest, pairs)
    keys = (pairs, largest) if by_largest else (largest, pairs)
    order = np.lexsort(keys)
    changed = np.ones(graph.n, dtype=np.bool_)
    changed[1:] = (np.diff(largest[order]) != 0) | (np.diff(pairs[order]) != 0)
    found = np.empty(graph.n)
    found[order] = -np.cumsum(changed, dtype=np.float64)
    return found


def _tie_rank(graph: Graph, ties: Ties) -> Int64s:
    """A number for each vertex; of equal scores the larger goes first."""
    rank = np.arange(graph.n, dtype=np.int64)
    if ties in ("largest_id", "smallest_id"):
        ids = graph.ids
        try:
            order = sorted(range(graph.n), key=lambda at: ids[at])
        except TypeError:  # ids of several kinds: within each kind by value, the kinds by name
            order = sorted(range(graph.n), key=lambda at: (type(ids[at]).__name__, str(ids[at])))
        rank[np.array(order)] = np.arange(graph.n)
    return -rank if ties in ("first_in", "smallest_id") else rank


def _ranked_order(
    graph: Graph, scored: Callable[[Graph], Floats], rank: Int64s, block: int, steps: int | None, digits: int | None
) -> Int64s:
    left = np.arange(graph.n)
    order: list[int] = []
    alive: NDArray[np.bool_] = np.ones(graph.n, dtype=np.bool_)
    until = graph.n if steps is None else min(steps, graph.n)
    while len(order) < until:
        part = graph.part(alive)
        chosen = np.lexsort((-rank[left], -_comparable(scored(part), digits)))[:block]
        order.extend(left[chosen].tolist())
        alive[left[chosen]] = False
        left = np.flatnonzero(alive)
    return np.array(order, dtype=np.int64)


def _comparable(scores: Floats, digits: int | None) -> Floats:
    most = float(np.abs(scores).max(initial=0.0))
    return scores if digits is None or not most else np.round(scores / most, digits)
