"""Graph: people or things and the links between them, as sparse rows, in the order in which they came."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from alidade.model.errors import Invalid
from alidade.network.graph_kernel import Floats, Int32s, Int64s, rows_of
from alidade.network.numbering import Labels, numbered_pairs

Vertex: TypeAlias = Hashable
Ends: TypeAlias = "Sequence[Vertex] | NDArray[Any] | Iterable[Vertex]"


class Graph:
    """People or things and the links between them; it does not change after it was made.

    Vertices stand in the order of first appearance (the source of a link before its target), which decides ties.
    `adjacency` is a scipy CSR array, n x n, of the summed weights, rows sorted by column; of an undirected graph it is
    symmetric. `ids` and `index` lead from position to id and back.
    """

    __slots__ = ("_ids", "_index", "_labels", "adjacency", "directed")

    adjacency: csr_array
    directed: bool
    _labels: Labels
    _ids: tuple[Any, ...] | None
    _index: Mapping[Any, int] | None

    def __init__(self, *, labels: Labels, adjacency: csr_array, directed: bool) -> None:
        self._labels = labels
        self.adjacency = adjacency
        self.directed = directed
        self._ids = None
        self._index = None

    @classmethod
    def from_edges(
        cls,
        source: Ends,
        target: Ends,
        weight: Sequence[float] | NDArray[Any] | None = None,
        directed: bool = False,
        *,
        vertices: Ends | None = None,
        parallel: Literal["sum", "last"] = "sum",
    ) -> Graph:
        """The graph of these links: two sequences of ids of one length, and the weight of each link (1 without).

        Parallel links are summed, in an undirected graph those of either direction; with `parallel="last"` the last of
        them counts. A link from a thing to itself is dropped, and so is one whose weight is 0; the thing stays.
        `vertices` names things that may have no link; they come first, in the order given. Ids are whole numbers,
        texts, or anything hashable. Raises Invalid where lengths differ, a weight is negative, infinite or no number,
        an end is missing, or where there is nothing at all.
        """
        labels, heads, tails = numbered_pairs(source, target, vertices)
        weights = _weights(weight, len(heads))
        if not len(labels):
            raise Invalid("A network without any person or link cannot be measured.", remedy="Give at least one link.")
        if len(weights):
            there = weights > 0
            if not there.all():
                heads, tails, weights = heads[there], tails[there], weights[there]
        if not len(heads):
            weights = weights[:0]
        starts, columns, values = rows_of(heads, tails, weights, len(labels), not directed, parallel == "last")
        return cls(labels=labels, adjacency=_sparse(starts, columns, values), directed=directed)

    @property
    def ids(self) -> tuple[Any, ...]:
        """The id of each vertex, by position."""
        if self._ids is None:
            labels = self._labels
            self._ids = tuple(labels.tolist() if isinstance(labels, np.ndarray) else labels)
        return self._ids

    @property
    def index(self) -> Mapping[Any, int]:
        """The position of each id."""
        if self._index is None:
            self._index = MappingProxyType({each: at for at, each in enumerate(self.ids)})
        return self._index

    @property
    def n(self) -> int:
        """How many vertices."""
        return len(self._labels)

    @property
    def m(self) -> int:
        """How many links; of an undirected graph each counts once."""
        entries = len(self.adjacency.indices)
        return entries if self.directed else entries // 2

    def __len__(self) -> int:
        return self.n

    def __contains__(self, vertex: object) -> bool:
        return vertex in self.index

    def __repr__(self) -> str:
        kind = "directed" if self.directed else "undirected"
        return f"<Graph of {self.n} vertices and {self.m} links, {kind}>"

    def position(self, vertex: Vertex) -> int:
        """Where this vertex stands. Raises Invalid when it is not in the graph."""
        try:
            return self.index[vertex]
        except (KeyError, TypeError):
            raise Invalid("One of those named is not in the network.", remedy="Name only ids of the graph.") from None

    def positions(self, vertices: Iterable[Vertex]) -> Int64s:
        """Where these vertices stand, in the order given."""
        return np.array([self.position(each) for each in vertices], dtype=np.int64)

    def neighbours(self, vertex: Vertex) -> tuple[Any, ...]:
        """The ids that this vertex has a link to, by position."""
        rows, at = self.adjacency, self.position(vertex)
        return tuple(self.ids[each] for each in rows.indices[rows.indptr[at] : rows.indptr[at + 1]])

    def links(self) -> tuple[Int32s, Int32s, Floats]:
        """Source, target, weight of every link, by position; of an undirected graph each link once, smaller first."""
        rows = self.adjacency
        heads = np.repeat(np.arange(self.n, dtype=np.int32), np.diff(rows.indptr))
        tails: Int32s = rows.indices
        if self.directed:
            return heads, tails, rows.data
        once = heads < tails
        return heads[once], tails[once], rows.data[once]

    def undirected(self) -> Graph:
        """The same vertices with every link in both directions, weights of the two directions summed."""
        if not self.directed:
            return self
        rows = (self.adjacency + self.adjacency.T).tocsr()
        rows.sort_indices()
        return Graph(labels=self._labels, adjacency=_sparse(rows.indptr, rows.indices, rows.data), directed=False)

    def subgraph(self, vertices: Iterable[Vertex]) -> Graph:
        """Only these vertices and the links among them, in the order of this graph."""
        chosen = np.zeros(self.n, dtype=np.bool_)
        chosen[self.positions(vertices)] = True
        return self.part(chosen)

    def without(self, people: Iterable[Vertex]) -> Graph:
        """The graph after these were taken out, with all their links."""
        chosen = np.ones(self.n, dtype=np.bool_)
        chosen[self.positions(people)] = False
        return self.part(chosen)

    def part(self, chosen: NDArray[np.bool_]) -> Graph:
        """The vertices for which `chosen` (by position) holds, with the links among them."""
        rows = self.adjacency
        heads = np.repeat(np.arange(self.n, dtype=np.int32), np.diff(rows.indptr))
        kept = chosen[heads] & chosen[rows.indices]
        position = (np.cumsum(chosen) - 1).astype(np.int32)
        size = int(chosen.sum())
        starts = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(position[heads[kept]], minlength=size), out=starts[1:])
        labels = self._labels
        part: Labels = labels[chosen] if isinstance(labels, np.ndarray) else _chosen(labels, chosen)
        adjacency = _sparse(starts, position[rows.indices[kept]], rows.data[kept])
        return Graph(labels=part, adjacency=adjacency, directed=self.directed)


def required(graph: Graph) -> Graph:
    """The graph itself; raises Invalid when it is empty, since nothing can be measured on it."""
    if graph.n == 0:
        raise Invalid("A network without any person or link cannot be measured.", remedy="Give at least one link.")
    return graph


def _chosen(labels: tuple[Any, ...], chosen: NDArray[np.bool_]) -> tuple[Any, ...]:
    return tuple(each for each, kept in zip(labels, chosen.tolist(), strict=True) if kept)


def _sparse(starts: Int64s, columns: Int32s, values: Floats) -> csr_array:
    size = len(starts) - 1
    narrow = np.int32 if len(columns) < 2**31 - 1 else np.int64
    rows = csr_array((values, columns.astype(narrow, copy=False), starts.astype(narrow)), shape=(size, size))
    rows.has_sorted_indices = True
    rows.has_canonical_format = True
    return rows


def _weights(weight: Sequence[float] | NDArray[Any] | None, count: int) -> Floats:
    if weight is None:
        return np.empty(0, dtype=np.float64)
    try:
        given = weight if hasattr(weight, "__len__") else list(weight)
        weights = np.ascontiguousarray(np.asarray(given, dtype=np.float64))
    except (TypeError, ValueError):
        raise Invalid("A weight is not a number.", remedy="Give one number for each link.") from None
    if weights.shape != (count,):
        raise Invalid("There are not as many weights as links.", remedy="Give one weight for each link.")
    if count and not np.isfinite(weights).all():
        raise Invalid("A weight is not a finite number.", remedy="Leave the link out, or give its weight.")
    if count and weights.min() < 0:
        raise Invalid("A weight is negative.", remedy="The weight of a link is how strong it is: 0 or more.")
    return weights
