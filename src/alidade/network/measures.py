"""Measures: how a person stands in a network. Conventions are those of networkx, so published tables can be compared.

Each takes a graph and gives Scores. Where `weights` is None, links count alike; "strength" takes
the weights as they are.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import eigsh, spsolve

from alidade.model.errors import Invalid
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Floats
from alidade.network.paths_kernel import cores, distance_sums
from alidade.network.scores import Method, Scores, plain

Strength = Literal["strength"] | None

_DENSE = 400  # up to this many the whole spectrum is computed, which has no start vector and no chance in it
_ROUNDS = 1_000


def rows_of(graph: Graph, weights: Any) -> csr_array:
    """The adjacency with the weights asked for; raises Invalid for an unknown word."""
    rows = required(graph).adjacency
    if weights == "strength":
        return rows
    if weights is not None:
        raise Invalid("Weights of links are taken as strength or not at all.", remedy='Give None or "strength".')
    return csr_array((np.ones(len(rows.data)), rows.indices, rows.indptr), shape=rows.shape)


def degree(graph: Graph, weights: Strength = None, normalised: bool = True) -> Scores:
    """How many others each is linked to, as a share of all others; in and out together in a directed graph."""
    rows = rows_of(graph, weights)
    found = np.asarray(rows.sum(axis=1), dtype=np.float64)
    if graph.directed:
        found = found + np.asarray(rows.sum(axis=0), dtype=np.float64)
    if normalised:
        found = found / (graph.n - 1) if graph.n > 1 else np.ones(graph.n)
    return Scores(graph, found, Method(name="degree", parameters=plain(weights=weights, normalised=normalised)))


def pagerank(graph: Graph, damping: float = 0.85, weights: Strength = "strength", tolerance: float = 1e-10) -> Scores:
    """The share of time a walker spends at each vertex who follows links and now and then starts anew anywhere.

    Brin and Page 1998. `tolerance` is the sum of changes over all vertices at which the rounds end. Sums to 1.
    """
    if not 0 <= damping < 1:
        raise Invalid("Damping must be at least 0 and below 1.", remedy="The usual value is 0.85.")
    rows = required(graph).adjacency
    outgoing = np.asarray(rows_of(graph, weights).sum(axis=1), dtype=np.float64)
    idle = outgoing == 0
    share = np.divide(damping, outgoing, out=np.zeros(graph.n), where=~idle)
    moves = (rows if weights == "strength" or (rows.data == 1).all() else rows_of(graph, weights)).T
    moves = moves.tocsr() if graph.directed else csr_array((moves.data, moves.indices, moves.indptr), shape=rows.shape)
    found = np.full(graph.n, 1.0 / graph.n)
    change, rounds = np.inf, 0
    while change >= tolerance and rounds < _ROUNDS:
        following = moves @ (found * share)
        following += (1.0 - damping + damping * found[idle].sum()) / graph.n
        change = float(np.abs(following - found).sum())
        found, rounds = following, rounds + 1
    parameters = plain(damping=damping, weights=weights, tolerance=tolerance, rounds=rounds)
    return Scores(
        graph, found / found.sum(), Method(name="PageRank", parameters=parameters, source="Brin and Page 1998")
    )


def core_numbers(graph: Graph) -> Scores:
    """The largest k for which each belongs to a part in which all have at least k links within the part."""
    rows = required(graph).undirected().adjacency
    method = Method(name="core number", source="Batagelj and Zaversnik 2003")
    return Scores(graph, cores(rows.indptr, rows.indices), method)


def katz(graph: Graph, alpha: float | None = 0.1, beta: float = 1.0, weights: Strength = None) -> Scores:
    """How many walks lead to each, a longer walk counting less by `alpha` for each step. Of length 1 (euclidean).

    Katz 1953. Above 1 / (largest eigenvalue) the sum over walks does not exist: the equations are still solved, as in
    the published work, and `method` says that it is beyond the limit. `alpha=None` takes half of the limit.
    """
    rows = rows_of(graph, weights)
    limit = 1.0 / max(_radius(rows, graph.directed), 1e-12)
    used = limit / 2 if alpha is None else alpha
    if graph.n <= _DENSE:
        found = np.linalg.solve(np.eye(graph.n) - used * rows.toarray().T, np.full(graph.n, beta))
    else:
        found = spsolve((eye_array(graph.n) - used * rows.T).tocsc(), np.full(graph.n, beta))
    found = found / (np.sign(found.sum()) * np.linalg.norm(found))
    parameters = plain(alpha=used, beta=beta, weights=weights, beyond_limit=used >= limit)
    return Scores(graph, found, Method(name="Katz", parameters=parameters, source="Katz 1953"))


def eigenvector(graph: Graph, weights: Strength = None, tolerance: float = 1e-6) -> Scores:
    """How well each is linked to those who are well linked themselves. Of length 1; in-links if directed.

    Bonacich 1972. Rounds of A + I from an even start end when the changes sum to less than `tolerance` for each vertex;
    the usual 1e-6 is that of published tables, whose last digit depends on it.
    """
    rows = rows_of(graph, weights)
    found, rounds = _leading(rows, graph.directed, tolerance)
    parameters = plain(weights=weights, tolerance=tolerance, rounds=rounds)
    return Scores(graph, found, Method(name="eigenvector", parameters=parameters, source="Bonacich 1972"))


def closeness(graph: Graph) -> Scores:
    """How near each is to all that can reach it: their share, divided by the mean distance (Wasserman and Faust)."""
    rows = required(graph).adjacency
    inward = rows.T.tocsr() if graph.directed else rows
    sums, reached, inverse = (np.zeros(graph.n) for _ in range(3))
    distance_sums(inward.indptr, inward.indices, sums, reached, inverse)
    found = np.divide((reached - 1) ** 2, sums, out=np.zeros(graph.n), where=sums > 0) / max(graph.n - 1, 1)
    return Scores(graph, found, Method(name="closeness", source="Wasserman and Faust 1994"))


def collective_influence(graph: Graph, radius: int = 2, weights: Strength = None) -> Scores:
    """Own degree less one, times the sum of degrees less one of those exactly `radius` links away.

    Morone and Makse 2015. With weights only radius 1 is defined.
    """
    if radius < 1 or (weights is not None and radius != 1):
        raise Invalid("This radius is not defined.", remedy="Take 1 or more; with weights only 1.")
    rows = rows_of(graph.undirected(), weights)
    less = np.asarray(rows.sum(axis=1), dtype=np.float64) - 1
    links = rows_of(graph.undirected(), None)
    found = less * (_exactly(links, radius) @ less)
    method = Method(
        name="collective influence", parameters=plain(radius=radius, weights=weights), source="Morone and Makse 2015"
    )
    return Scores(graph, found, method)


def constraint(graph: Graph, weights: Strength = "strength") -> Scores:
    """How far a person's contacts lead back to the same people: low where he bridges groups. Burt 1992.

    Nobody can say it of those without a link: they have no number (NaN).
    """
    both = _mutual(graph, weights)
    total = np.asarray(both.sum(axis=1), dtype=np.float64)
    share = both.multiply(np.divide(1.0, total, out=np.zeros(graph.n), where=total > 0)[:, None]).tocsr()
    spent = (share + share @ share).multiply(both > 0).tocsr()
    found = np.asarray(spent.multiply(spent).sum(axis=1), dtype=np.float64)
    found[total == 0] = np.nan
    return Scores(graph, found, Method(name="constraint", parameters=plain(weights=weights), source="Burt 1992"))


def effective_size(graph: Graph) -> Scores:
    """How many of a person's contacts he does not reach through another contact anyway. Burt 1992, links alike.

    Nobody can say it of those without a link: they have no number (NaN).
    """
    rows = rows_of(graph.undirected(), None)
    links = np.diff(rows.indptr).astype(np.float64)
    among = np.asarray((rows @ rows).multiply(rows).sum(axis=1), dtype=np.float64)
    found = np.full(graph.n, np.nan)
    there = links > 0
    found[there] = links[there] - among[there] / links[there]
    return Scores(graph, found, Method(name="effective size", source="Burt 1992; Borgatti 1997"))


def _mutual(graph: Graph, weights: Strength) -> csr_array:
    rows = rows_of(graph, weights)
    return (rows + rows.T).tocsr()


def _exactly(links: csr_array, radius: int) -> csr_array:
    """Who is exactly `radius` links from whom."""
    within = reached = (links > 0).astype(np.float64)
    seen = (within + eye_array(links.shape[0])).tocsr()
    for _ in range(radius - 1):
        reached = ((reached @ links) > 0).astype(np.float64)
        reached = (reached - reached.multiply(seen > 0)).tocsr()
        reached.eliminate_zeros()
        seen = (seen + reached).tocsr()
    return csr_array(reached)


def _radius(rows: csr_array, directed: bool) -> float:
    if rows.shape[0] <= _DENSE:
        dense = rows.toarray()
        return float(np.abs(np.linalg.eigvals(dense) if directed else np.linalg.eigvalsh(dense)).max())
    if directed:
        return float(np.linalg.norm(rows.T @ _leading(rows, directed, 1e-12)[0]))
    return float(abs(eigsh(rows, k=1, which="LM", v0=np.ones(rows.shape[0]), return_eigenvectors=False)[0]))


def _leading(rows: csr_array, directed: bool, tolerance: float) -> tuple[Floats, int]:
    inward = rows.T.tocsr() if directed else rows
    found: Floats = np.full(rows.shape[0], 1.0 / rows.shape[0])
    for done in range(1, _ROUNDS + 1):
        following = inward @ found + found
        following /= np.linalg.norm(following)
        change = float(np.abs(following - found).sum())
        found = following
        if change < tolerance * len(found):
            return found, done
    return found, _ROUNDS
