"""Separators: few people between two halves of a component, found by its slowest vibration (spectral)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.sparse.linalg import eigsh

from alidade.network.graph import Graph
from alidade.network.graph_kernel import Int32s, Int64s
from alidade.network.paths_kernel import component_labels
from alidade.network.removal_kernel import effects

_DENSE = 600


def separating_order(graph: Graph) -> Int64s:
    """Positions in order of removal: again and again the separator of the largest component, the rest by position.

    After Ren, Gleinig, Helbing and Antulov-Fantulin (PNAS 2019): a link costs what the degrees of its ends cost; the
    component is cut in two by the second eigenvector, and the fewest people who cover the links across are removed
    (by matching, which proves that fewer do not), each time the one that leaves least.
    """
    rows, alive = graph.adjacency, np.ones(graph.n, np.uint8)
    order: list[int] = []
    while True:
        labels, count = component_labels(rows.indptr, rows.indices, alive)
        sizes = np.bincount(labels[labels >= 0], minlength=max(count, 1))
        if count == 0 or sizes.max() == 1:
            break
        members = np.flatnonzero(labels == int(sizes.argmax()))
        cover = members[separator(rows[members][:, members].tocsr())]
        order.extend(_by_effect(rows, alive, cover))
    order.extend(np.flatnonzero(alive).tolist())
    return np.array(order, dtype=np.int64)


def separator(part: csr_array) -> Int64s:
    """The fewest members of a connected component whose removal cuts it along its second eigenvector."""
    size = part.shape[0]
    if size == 2:
        return np.array([0], dtype=np.int64)
    heads = np.repeat(np.arange(size), np.diff(part.indptr))
    tails: Int32s = part.indices
    links = np.diff(part.indptr).astype(np.float64)
    cost = csr_array((links[heads] + links[tails] - 1, (heads, tails)), shape=part.shape)
    side = _second(cost) > 0
    if side.all() or not side.any():
        side = np.arange(size) < size // 2
    across = side[heads] & ~side[tails]
    crossing = csr_array((np.ones(int(across.sum())), (heads[across], tails[across])), shape=part.shape)
    return _cover(crossing, side)


def _second(cost: csr_array) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    total = np.asarray(cost.sum(axis=1), dtype=np.float64)
    size = len(total)
    if size <= _DENSE:
        vectors = np.linalg.eigh(np.diag(total) - cost.toarray())[1]
        return _signed(vectors[:, 1])
    shift = 2 * float(total.max())
    turned = diags_array(shift - total) + cost
    start = np.cos(np.arange(size) * 2.399963)  # spread evenly, the same at every run
    values, vectors = eigsh(turned.tocsr(), k=2, which="LA", v0=start, tol=1e-4, maxiter=20 * size)
    return _signed(vectors[:, int(np.argmin(values))])


def _signed(
    vector: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The same vector with the sign that makes its largest entry positive."""
    return vector if vector[np.abs(vector).argmax()] > 0 else -vector


def _cover(crossing: csr_array, side: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Int64s:
    """The fewest vertices that touch every crossing link, by König's theorem."""
    matched = maximum_bipartite_matching(crossing, perm_type="column")  # for each row its column, or -1
    partner = np.full(len(side), -1)
    for row, column in enumerate(matched.tolist()):
        if column >= 0:
            partner[column] = row
    reached = np.zeros(len(side), dtype=np.bool_)
    waiting = [row for row in np.flatnonzero(side).tolist() if matched[row] < 0]
    reached[waiting] = True
    while waiting:
        row = waiting.pop()
        for column in crossing.indices[crossing.indptr[row] : crossing.indptr[row + 1]].tolist():
            if not reached[column]:
                reached[column] = True
                following = int(partner[column])
                if following >= 0 and not reached[following]:
                    reached[following] = True
                    waiting.append(following)
    touched = np.diff(crossing.indptr) > 0
    return np.flatnonzero((side & ~reached & touched) | (~side & reached))


def _by_effect(rows: csr_array, alive: np.ndarray[tuple[int], np.dtype[np.uint8]], cover: Int64s) -> list[int]:
    order = []
    left = cover.tolist()
    largest, pairs = np.zeros(len(alive), np.int64), np.zeros(len(alive), np.int64)
    while left:
        effects(rows.indptr, rows.indices, alive, largest, pairs)
        best = min(left, key=lambda at: (largest[at], pairs[at], at))
        left.remove(best)
        alive[best] = 0
        order.append(best)
    return order
