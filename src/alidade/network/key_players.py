"""Key players: the fewest people whose removal leaves no large component, with what is proved about it."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from alidade.model.errors import Invalid
from alidade.network.components import components
from alidade.network.exact import Program, Removed, Solved, components_above, prepare
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Floats
from alidade.network.paths_kernel import component_labels
from alidade.network.removal_bounds import disjoint_bound
from alidade.network.removal_portfolio import first_removal
from alidade.network.scores import Method, plain

EXACT_UP_TO = 300  # people of a component for which the integer program is given all of the time
_PROGRAM_UP_TO = 1_500  # above, the linear program alone would take longer than most have
_MARGIN = 0.15  # seconds kept for what comes after the program


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlayers:
    """Who must go so that no component is above the cap, and what is known about it.

    `proved` says that nobody finds a cheaper set; else the best lies between `lower_bound` and `cost`. Without costs
    both count people. `largest_left` is the largest component afterwards. With sampled worlds, `holds` is the share of
    worlds in which these people suffice, and `stability` says for each person how often he was among those found.
    """

    people: tuple[Any, ...]
    proved: bool
    lower_bound: float
    cost: float
    cap: int
    largest_left: int
    method: Method
    holds: float | None = None
    stability: Mapping[Any, float] = field(default_factory=dict)

    def __str__(self) -> str:
        known = "proved" if self.proved else f"at least {self.lower_bound:g}"
        return f"{len(self.people)} people ({known}) leave no component above {self.cap}"


def key_players(
    graph: Graph,
    cap_share: float = 0.1,
    seconds: float = 10,
    *,
    costs: Mapping[Any, float] | Sequence[float] | None = None,
    probabilities: Sequence[float] | NDArray[Any] | str | None = None,
    worlds: int = 20,
    seed: int = 0,
) -> KeyPlayers:
    """The fewest people whose removal leaves no component above floor(cap_share * size of the largest component).

    A cap below one person is taken as one. Up to 300 people the answer comes from an integer program and is mostly
    proved; above, from a portfolio of searches; a lower bound is always given. `costs` gives each person (by id, or in
    the order of the graph) a cost above 0, and the cheapest set is sought. `probabilities` of the links (in the order
    of `graph.links()`, or "weights" where these are the probabilities) samples `worlds` of the network, for the
    stability of the answer. Directions do not count. Takes at most about `seconds` (the first call after installation
    compiles first); the same seed gives the same answer wherever time did not run out. Raises Invalid for an empty
    network, a share outside 0..1, costs that are not above 0.
    """
    if not 0 < cap_share <= 1:
        raise Invalid("The share must be above 0 and at most 1.", remedy="The usual share is 0.1.")
    if not seconds > 0:
        raise Invalid("The time must be above 0 seconds.", remedy="The usual time is 10 seconds.")
    whole = required(graph).undirected()
    cost = _costs(whole, costs)
    chances = None if probabilities is None else _probabilities(whole, probabilities)
    cap = cap_of(components(whole).largest, cap_share)
    _compile()
    deadline = time.monotonic() + seconds
    span = seconds if chances is None else seconds / 2
    solved = _solve(whole, cost, cap, deadline - seconds + span, seed)
    chosen = np.flatnonzero(solved.removed)
    holds: float | None = None
    stability: Mapping[Any, float] = {}
    if chances is not None:
        holds, stability = _stability(whole, chances, cost, cap_share, solved.removed, worlds, deadline, seed)
    parameters = plain(
        cap_share=cap_share, seconds=seconds, costs=costs is not None, cuts=solved.cuts,
        worlds=None if chances is None else worlds,
    )  # fmt: skip
    name = "integer program with rooted tree cuts" if solved.cuts or solved.proved else "portfolio of searches"
    return KeyPlayers(
        people=tuple(whole.ids[at] for at in chosen),
        proved=solved.proved,
        lower_bound=int(solved.bound) if costs is None else solved.bound,
        cost=len(chosen) if costs is None else solved.cost,
        cap=cap,
        largest_left=_largest(whole.adjacency, solved.removed),
        method=Method(name=name, parameters=parameters, ties="search order", seed=seed),
        holds=holds,
        stability=stability,
    )


def cap_of(largest: int, share: float) -> int:
    """The largest component that may be left: the share of the largest now, rounded down, at least one person."""
    return max(1, math.floor(share * largest + 1e-9))


@functools.cache
def _compile() -> None:
    """Solve something tiny: what is compiled once for each installation is so not taken from the time asked for."""
    rows = csr_array(np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]]))
    _solve_part(rows, np.ones(3), 1, time.monotonic() + 3600, 0)
    prepare(rows)


def _solve(graph: Graph, cost: Floats, cap: int, deadline: float, seed: int) -> Solved:
    """Each component above the cap for itself; costs and bounds add up."""
    rows = graph.adjacency
    labels, count = component_labels(rows.indptr, rows.indices, np.ones(graph.n, np.uint8))
    parts = components_above(labels, count, cap)
    removed = np.zeros(graph.n, np.uint8)
    total, bound, cuts = 0.0, 0.0, 0
    for number, members in enumerate(parts):
        left = (deadline - time.monotonic()) / (len(parts) - number) if len(members) > 20 else deadline
        until = min(deadline, time.monotonic() + left)
        part = rows if len(members) == graph.n else rows[members][:, members].tocsr()
        solved = _solve_part(part, cost[members], cap, until, seed)
        removed[members] = solved.removed
        total, bound, cuts = total + solved.cost, bound + solved.bound, cuts + solved.cuts
    return Solved(removed=removed, cost=total, bound=bound, cuts=cuts)


def _solve_part(part: csr_array, cost: Floats, cap: int, deadline: float, seed: int) -> Solved:
    def left() -> float:
        return deadline - _MARGIN - time.monotonic()

    start: Removed = first_removal(part, cost, cap, left, seed)
    at_least = disjoint_bound(part, cost, cap)
    program = Program(part, cost, cap, start, left, seed)
    program.bound = at_least
    if len(cost) <= _PROGRAM_UP_TO:
        return program.solve()
    return program.search()


def _stability(
    graph: Graph, chances: Floats, cost: Floats, share: float, chosen: Removed, worlds: int, deadline: float, seed: int
) -> tuple[float, dict[Any, float]]:
    """In how many sampled worlds these people suffice, and how often each person is found in a world of its own."""
    heads, tails, _ = graph.links()
    chance = np.random.default_rng(seed)
    often = np.zeros(graph.n)
    suffices, done = 0, 0
    for number in range(worlds):
        there = chance.random(len(chances)) < chances
        world = Graph.from_edges(heads[there], tails[there], vertices=np.arange(graph.n))
        cap = cap_of(components(world).largest, share)
        suffices += _largest(world.adjacency, chosen) <= cap
        span = (deadline - time.monotonic()) / (worlds - number)
        often += _solve(world, cost, cap, time.monotonic() + max(span, 0.0), seed).removed
        done += 1
        if time.monotonic() > deadline:
            break
    named = np.flatnonzero((often > 0) | (chosen > 0))
    order = named[np.argsort(-often[named], kind="stable")]
    return suffices / done, {graph.ids[at]: float(often[at] / done) for at in order}


def _largest(rows: csr_array, removed: Removed) -> int:
    labels, count = component_labels(rows.indptr, rows.indices, (1 - removed).astype(np.uint8))
    return int(np.bincount(labels[labels >= 0], minlength=1).max()) if count else 0


def _costs(graph: Graph, costs: Mapping[Any, float] | Sequence[float] | None) -> Floats:
    if costs is None:
        return np.ones(graph.n)
    try:
        named = [costs[each] for each in graph.ids] if isinstance(costs, Mapping) else list(costs)
        cost = np.array(named, dtype=np.float64)
    except (KeyError, TypeError, ValueError):
        raise Invalid("A person has no cost.", remedy="Give a number above 0 for everybody.") from None
    if cost.shape != (graph.n,):
        raise Invalid("There are not as many costs as people.", remedy="Give one cost for everybody.")
    if not (np.isfinite(cost) & (cost > 0)).all():
        raise Invalid("A cost is not a finite number above 0.", remedy="Give a number above 0 for everybody.")
    return cost


def _probabilities(graph: Graph, given: Sequence[float] | NDArray[Any] | str) -> Floats:
    if isinstance(given, str) and given != "weights":
        raise Invalid("These probabilities are unknown.", remedy='Give a list, or "weights".')
    chances = graph.links()[2] if isinstance(given, str) else np.asarray(given, dtype=np.float64)
    if chances.shape != (graph.m,):
        raise Invalid("There are not as many probabilities as links.", remedy="Give one for each of graph.links().")
    if not ((chances >= 0) & (chances <= 1)).all():
        raise Invalid("A probability is not between 0 and 1.", remedy="Give the probability that the link exists.")
    return np.asarray(chances, dtype=np.float64)
