"""Searching groups at one resolution: Leiden's method for two qualities, label propagation, and two of networkit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from alidade.network.graph import Graph
from alidade.network.graph_kernel import Floats, Int32s, Int64s
from alidade.network.groups_kernel import aggregate, move, refine, renumber, spread

_SPREADING: Final = 30  # rounds of label propagation; it settles in a handful or never
_TWICE: Final = 2_000_000  # entries up to which a second round is made: beyond, it costs seconds and changes little


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of an undirected graph: what stands beside each person, and how strongly."""

    starts: Int64s
    columns: Int32s
    strength: Floats

    @property
    def n(self) -> int:
        return len(self.starts) - 1

    @property
    def degree(self) -> Int64s:
        return np.diff(self.starts)


def rows_of_graph(graph: Graph) -> Rows:
    """The rows for the search. Weights are compressed (log(1 + weight / median)) and brought to a mean of 1.

    So one pair that talks a thousand times does not stand for a group, and a resolution means the same in every
    network, with weights or without.
    """
    adjacency = graph.undirected().adjacency
    weights: Floats = adjacency.data
    if len(weights) and (weights[0] != 1.0 or weights.min() != weights.max()):
        if weights.min() == weights.max():
            weights = np.ones_like(weights)
        else:
            weights = np.log1p(weights / np.median(weights))
            weights = weights / weights.mean()
    starts = np.asarray(adjacency.indptr, dtype=np.int64)
    return Rows(starts=starts, columns=np.asarray(adjacency.indices, dtype=np.int32), strength=weights)


def cpm(rows: Rows, resolution: float, seed: int) -> Int32s:
    """Groups by the constant Potts model: inside a group the density is above `resolution`, between groups below."""
    return _leiden(rows, np.ones(rows.n), resolution, seed)


def modularity(rows: Rows, resolution: float, seed: int) -> Int32s:
    """Groups by modularity with a resolution (1 is the usual one, which merges small groups in large networks)."""
    sums = np.concatenate(([0.0], np.cumsum(rows.strength)))
    strength = sums[rows.starts[1:]] - sums[rows.starts[:-1]]
    whole = max(float(strength.sum()), 1.0)
    return _leiden(rows, strength, resolution / whole, seed)


def label_propagation(rows: Rows, seed: int) -> Int32s:
    """Groups by label propagation: each takes the label most of his own links have. No resolution, no bound of size."""
    chance = np.random.default_rng(seed)
    label = np.arange(rows.n, dtype=np.int32)
    spread(rows.starts, rows.columns, rows.strength, label, chance.permutation(rows.n).astype(np.int32), _SPREADING)
    renumber(label)
    return label


def by_networkit(rows: Rows, method: str, resolution: float, seed: int) -> Int32s:
    """Groups by networkit's parallel Louvain ("plm") or parallel label propagation ("plp"), on one thread.

    On one thread, because on several the outcome would differ from run to run. The number of threads and the seed are
    of the whole process there; they are set here and the number of threads is put back.
    """
    import networkit  # only here: it takes longer to load than most networks to search

    threads = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    try:
        networkit.setSeed(seed, False)
        heads = np.repeat(np.arange(rows.n, dtype=np.uint64), rows.degree)
        once = heads < rows.columns
        pairs = (heads[once], rows.columns[once].astype(np.uint64))
        graph = networkit.GraphFromCoo((rows.strength[once], pairs), n=rows.n, weighted=True, directed=False)
        search = (
            networkit.community.PLM(graph, refine=True, gamma=resolution)
            if method == "plm"
            else networkit.community.PLP(graph)
        )
        search.run()
        label = np.array(search.getPartition().getVector(), dtype=np.int64)
    finally:
        networkit.setNumberOfThreads(threads)
    numbered = np.unique(label, return_inverse=True)[1].astype(np.int32)
    renumber(numbered)
    return numbered


#: Each method that has a resolution, and what it does with it.
BY_RESOLUTION: Final[dict[str, Callable[[Rows, float, int], Int32s]]] = {
    "cpm": cpm,
    "modularity": modularity,
    "plm": lambda rows, resolution, seed: by_networkit(rows, "plm", resolution, seed),
}
#: Each method that has none.
WITHOUT: Final[dict[str, Callable[[Rows, int], Int32s]]] = {
    "label_propagation": label_propagation,
    "plp": lambda rows, seed: by_networkit(rows, "plp", 1.0, seed),
}


def _leiden(rows: Rows, mass: Floats, resolution: float, seed: int) -> Int32s:
    """Local moves, refinement, aggregation, until nothing is gained; in small networks once more from there."""
    chance = np.random.default_rng(seed)
    found = np.arange(rows.n, dtype=np.int32)
    for _ in range(2 if len(rows.columns) <= _TWICE else 1):
        starts, columns, weights, masses = rows.starts, rows.columns, rows.strength, mass
        label = found.copy()
        above = np.arange(rows.n, dtype=np.int32)
        while True:
            n = len(masses)
            move(starts, columns, weights, masses, label, chance.permutation(n).astype(np.int32), resolution)
            groups = renumber(label)
            if groups == n:
                break
            order = chance.permutation(n).astype(np.int32)
            part = refine(starts, columns, weights, masses, label, order, resolution, chance.random(n))
            parts = renumber(part)
            if parts == n:
                part, parts = label.copy(), groups
            upper = np.empty(parts, dtype=np.int32)
            upper[part] = label
            starts, columns, weights, masses = aggregate(starts, columns, weights, masses, part, parts)
            above = part[above]
            label = upper
        found = label[above]
        renumber(found)
    return found
