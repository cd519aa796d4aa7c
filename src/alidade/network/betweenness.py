"""Betweenness: what share of the shortest paths between others leads through a person."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from alidade.model.errors import Invalid
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Floats
from alidade.network.paths_kernel import betweenness_by_length, betweenness_by_links
from alidade.network.scores import Method, Scores, plain

#: "strength": a strong link is short (1 / weight). "distance": a strong link is long, as in some published work.
PathWeights = Literal["strength", "distance"] | None

_CONFIDENCE = 0.95


def betweenness(
    graph: Graph,
    samples: int | None = None,
    seed: int | None = None,
    weights: PathWeights = None,
    normalised: bool = True,
) -> Scores:
    """The share of shortest paths between two others that leads through each (Freeman 1977; exact after Brandes 2001).

    With `samples` only the paths from so many vertices, drawn without repetition by `seed`, are followed and scaled up
    (Brandes and Pich 2007). `method` then has `error`: with 95 % certainty no normalised score is farther off than this
    (Hoeffding, over all vertices at once). `weights="strength"` takes 1 / weight as the length of a link. "distance"
    takes the weight itself: contacts then push people apart. It exists to reproduce published curves, not for use.
    """
    rows = required(graph).adjacency
    if samples is not None and samples < 1:
        raise Invalid("The number of samples must be at least 1.", remedy="Leave it out for the exact measure.")
    exact = samples is None or samples >= graph.n
    sources = np.arange(graph.n) if exact else np.random.default_rng(seed).permutation(graph.n)[:samples]
    scale = _scale(graph, normalised) * graph.n / len(sources)
    found = np.zeros(graph.n)
    alive = np.ones(graph.n, np.uint8)
    lengths = link_lengths(rows.data, weights)
    if lengths is None:
        betweenness_by_links(rows.indptr, rows.indices, alive, sources, scale, found)
    else:
        betweenness_by_length(rows.indptr, rows.indices, lengths, alive, sources, scale, found)
    error = None if exact else _error(graph.n, len(sources))
    parameters = plain(
        samples=None if exact else samples,
        weights=weights,
        normalised=normalised,
        error=error,
        confidence=None if exact else _CONFIDENCE,
    )
    name = "betweenness" if exact else "betweenness, sampled"
    method = Method(name=name, parameters=parameters, seed=None if exact else seed, source="Brandes 2001")
    return Scores(graph, found, method)


def link_lengths(strengths: Floats, weights: PathWeights) -> Floats | None:
    """The length of each link for shortest paths; None where links are counted. Raises Invalid for an unknown word."""
    if weights is None:
        return None
    if weights == "strength":
        return np.asarray(1.0 / strengths)
    if weights == "distance":
        return strengths
    raise Invalid("These weights of links are unknown.", remedy='Give None, "strength" or "distance".')


def _scale(graph: Graph, normalised: bool) -> float:
    if normalised:
        return 1.0 / ((graph.n - 1) * (graph.n - 2)) if graph.n > 2 else 1.0
    return 1.0 if graph.directed else 0.5


def _error(n: int, samples: int) -> float:
    """One source adds to a normalised score a share between 0 and n / (n - 1): Hoeffding's bound over n scores."""
    return math.sqrt(math.log(2 * n / (1 - _CONFIDENCE)) / (2 * samples)) * n / (n - 1)
