"""Components: the parts of a network between which no link leads, directions left aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Int32s, Int64s
from alidade.network.paths_kernel import component_labels
from alidade.network.scores import Method


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Components:
    """The components of a graph, the largest first, of equals the one whose first member came first.

    `labels` has the number of the component of each vertex by position, `sizes` how many each has. Iterating gives the
    members of each as a frozenset of ids.
    """

    graph: Graph
    labels: Int32s
    sizes: Int64s
    method: Method

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def count(self) -> int:
        """How many components."""
        return len(self.sizes)

    @property
    def largest(self) -> int:
        """How many members the largest component has."""
        return int(self.sizes[0])

    @property
    def giant(self) -> frozenset[Any]:
        """The members of the largest component."""
        return self.members(0)

    def members(self, number: int) -> frozenset[Any]:
        """The members of the component of this number."""
        ids = self.graph.ids
        return frozenset(ids[at] for at in np.flatnonzero(self.labels == number))

    def __iter__(self) -> Iterator[frozenset[Any]]:
        ids, order = self.graph.ids, np.argsort(self.labels, kind="stable")
        begin = 0
        for size in self.sizes.tolist():
            yield frozenset(ids[at] for at in order[begin : begin + size])
            begin += size


def components(graph: Graph) -> Components:
    """Find the parts of a network between which no link leads. In a directed graph direction does not count."""
    rows = required(graph).adjacency
    found, count = component_labels(rows.indptr, rows.indices, np.ones(graph.n, np.uint8))
    sizes = np.bincount(found, minlength=count)
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty(count, dtype=np.int32)
    rank[order] = np.arange(count, dtype=np.int32)
    method = Method(name="connected components by union of links")
    return Components(graph=graph, labels=rank[found], sizes=sizes[order], method=method)
