"""Hidden links: which pairs are probably in touch although nothing says so, and how far such a list can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from alidade.model.errors import Invalid
from alidade.network.calibration import falling, learn
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Floats, Int32s, Int64s
from alidade.network.link_scores import (
    Attributes,
    Pairs,
    features,
    pairs_of,
    ranked_by_structure,
    shared_attributes,
    simple,
)  # fmt: skip

#: The share of right ones among as many candidates as were hidden, below which no list is given.
LEAST_PRECISION: Final = 0.10
_HIDDEN_SHARE: Final = 0.1
#: So many known links at least, for some of them to be hidden and looked for.
FEWEST_LINKS: Final = 20
_MOST_ROWS: Final = 30_000_000  # pairs times repeats
_BLENDED: Final = "structure_and_attributes"
_PLAIN: Final = "resource_allocation"
_DEPTH: Final = 10  # the list is calibrated for so many times as many places as links were hidden
_CLIQUISH: Final = 0.35
_CLIQUE_DEGREE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A pair without a known link. `probability` is calibrated on this network; `because` names what both share."""

    source: Any
    target: Any
    score: float
    probability: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenLinks:
    """Candidates, the most probable first, with the network's own measured precision; no candidates when refused.

    `precision` is the mean share of right ones among the first |hidden| when a tenth of the known links was hidden,
    `deviation` its standard deviation over the repeats, `measured` the same for every score that was tried, `base`
    that of plain resource allocation on the same hidden links.
    """

    candidates: tuple[Candidate, ...]
    refused: bool
    reason: str
    warnings: tuple[str, ...]
    method: str
    precision: float
    deviation: float
    base: float
    measured: Mapping[str, float]
    hidden: int
    repeats: int
    seed: int


def hidden_links(
    graph: Graph,
    attributes: Attributes | None = None,
    *,
    most: int = 100,
    repeats: int = 30,
    seed: int = 0,
    co_attendance: bool | None = None,
) -> HiddenLinks:
    """Which pairs are probably linked without a known link, or a refusal when this network does not allow to say.

    A tenth of the known links is hidden, at random, `repeats` times; every pair without a link is ranked; precision is
    the share of hidden ones among as many first places. Scores by structure compete (resource allocation is the base;
    another one must be clearly better), and with `attributes` (kind -> id -> values, such as phone, address, company,
    presence) a blend that is learned on one half of the pairs and measured on the other. Below .10 nothing is listed.
    `co_attendance` says whether links mean "was at the same meeting"; without it, it is guessed from the form.
    The precision is a lower bound: a link that exists and nobody knows counts as wrong. The probabilities are corrected
    for that, and hold where about a tenth of the links is unknown. Raises Invalid for fewer than 20 links.
    """
    required(graph)
    links = simple(graph)
    if len(links.indices) // 2 < FEWEST_LINKS:
        raise Invalid("A network of fewer than 20 links cannot be measured.", remedy="Look at it as a whole instead.")
    if most < 1 or repeats < 2:
        raise Invalid(
            "There is nothing to list or to repeat.", remedy="Ask for one or more links, two or more repeats."
        )
    shared = shared_attributes(graph, attributes or {})
    measured = _measure(links, shared, repeats, seed)
    scores = {name: float(np.mean(each)) for name, each in measured.precision.items()}
    method = _chosen(measured.precision)
    precision = scores[method]
    warnings = _warnings(links, co_attendance)
    refused = precision < LEAST_PRECISION
    reason = (
        f"Of as many candidates as links were hidden only {precision:.0%} were right, less than "
        f"{LEAST_PRECISION:.0%}: in this network a list would mislead."
        if refused
        else ""
    )
    candidates = () if refused else _listed(graph, pairs_of(links, shared), measured, method, shared, most)
    return HiddenLinks(
        candidates=candidates, refused=refused, reason=reason, warnings=warnings, method=method, precision=precision,
        deviation=float(np.std(measured.precision[method])), base=scores["plain"], measured=scores,
        hidden=measured.hidden, repeats=len(measured.precision[method]), seed=seed,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """Precision of each score in each repeat, and the evidence the blend was learned from.

    `places` counts the hits by how many misses stood before them. As many links are taken to be unknown as are hidden:
    the unknown ones are among the misses, so hits for each miss are the share of unknown links at that place of the
    list that has no hits in it.
    """

    precision: dict[str, list[float]]
    places: dict[str, Floats]
    hidden: int
    turns: int
    evidence: NDArray[np.float64] | None
    hit: NDArray[np.bool_] | None


def _measure(links: csr_array, shared: Mapping[str, csr_array], repeats: int, seed: int) -> _Measured:
    """Hide, rank and count, `repeats` times."""
    n = links.shape[0]
    heads = np.repeat(np.arange(n), np.diff(links.indptr))
    once = heads < links.indices
    low, high = heads[once].astype(np.int64), links.indices[once].astype(np.int64)
    hidden = max(round(_HIDDEN_SHARE * len(low)), 1)
    depth = hidden * _DEPTH
    precision: dict[str, list[float]] = {}
    places: dict[str, Floats] = {}
    turns: list[tuple[Pairs, NDArray[np.bool_]]] = []
    done = 0
    for turn in range(repeats):
        chance = np.random.default_rng((seed, turn))
        out = np.zeros(len(low), dtype=np.bool_)
        out[chance.permutation(len(low))[:hidden]] = True
        pairs = pairs_of(_rows(low[~out], high[~out], n), shared)
        hit = np.isin(pairs.low * n + pairs.high, low[out] * n + high[out])
        scores = {"plain": pairs.scores[_PLAIN], **ranked_by_structure(pairs)}
        for name, score in scores.items():
            _count(name, score, hit, hidden, depth, chance, precision, places)
        if shared:
            turns.append((pairs, hit))
        done += 1
        if done >= 2 and done * len(pairs) > _MOST_ROWS:
            break
    evidence = hits = None
    if shared:
        evidence, hits = _blend(turns, tuple(shared), n, hidden, depth, seed, precision, places)
    return _Measured(precision=precision, places=places, hidden=hidden, turns=done, evidence=evidence, hit=hits)


def _blend(
    turns: list[tuple[Pairs, NDArray[np.bool_]]],
    kinds: tuple[str, ...],
    n: int,
    hidden: int,
    depth: int,
    seed: int,
    precision: dict[str, list[float]],
    places: dict[str, Floats],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Learn the blend on one half of all pairs, rank the other half, and the reverse; count as for the other scores."""
    learned = turns[: max(3, min(len(turns), 200_000 // max(len(turns[0][0]), 1)))]
    evidence = np.concatenate([features(pairs, kinds) for pairs, _ in learned])
    hits = np.concatenate([hit for _, hit in learned])
    half = np.concatenate([_half(pairs, n) for pairs, _ in learned])
    blends = [learn(evidence[half != side], hits[half != side]) for side in (0, 1)]
    for turn, (pairs, hit) in enumerate(turns):
        rows, side = features(pairs, kinds), _half(pairs, n)
        score = np.where(side == 0, blends[0].score(rows), blends[1].score(rows))
        _count(_BLENDED, score, hit, hidden, depth, np.random.default_rng((seed, turn, 1)), precision, places)
    return evidence, hits


def _half(pairs: Pairs, n: int) -> Int64s:
    """Which half a pair belongs to: always the same one, as if drawn."""
    mixed = (pairs.low * n + pairs.high).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(63)).astype(np.int64)


def _count(
    name: str,
    score: Floats,
    hit: NDArray[np.bool_],
    hidden: int,
    depth: int,
    chance: np.random.Generator,
    precision: dict[str, list[float]],
    places: dict[str, Floats],
) -> None:
    order = _first(score, depth + hidden, chance)
    right = hit[order]
    precision.setdefault(name, []).append(float(right[:hidden].sum() / hidden))
    before = np.cumsum(~right)[right]  # how many misses stand before each hit
    np.add.at(places.setdefault(name, np.zeros(depth)), before[before < depth], 1.0)


def _first(score: Floats, many: int, chance: np.random.Generator) -> Int64s:
    """The first places, ties in an order drawn by chance."""
    near = np.arange(len(score))
    if many < len(score):
        near = np.flatnonzero(score >= np.partition(score, len(score) - many)[len(score) - many])
    order: Int64s = near[np.lexsort((chance.random(len(near)), -score[near]))][:many].astype(np.int64)
    return order


def _chosen(precision: Mapping[str, list[float]]) -> str:
    """Resource allocation, unless another score is better by more than the error of the difference."""
    base = np.array(precision[_PLAIN])
    best, highest = _PLAIN, 0.0
    for name, each in precision.items():
        if name in (_PLAIN, "plain"):
            continue
        gain = np.array(each) - base
        sure = float(gain.mean() - gain.std() / np.sqrt(len(gain)))
        if sure > 0 and float(gain.mean()) > highest:
            best, highest = name, float(gain.mean())
    return best


def _listed(
    graph: Graph, pairs: Pairs, measured: _Measured, method: str, shared: Mapping[str, csr_array], most: int
) -> tuple[Candidate, ...]:
    if method == _BLENDED and measured.evidence is not None and measured.hit is not None:
        score = learn(measured.evidence, measured.hit).score(features(pairs, tuple(shared)))
    else:
        score = ranked_by_structure(pairs)[method]
    order = np.lexsort((pairs.high, pairs.low, -score))[:most]
    turns = float(measured.turns)
    # One repeat is added in which nothing was right: no place is certain.
    share = measured.places[method] / (turns + 1)
    worth = np.minimum(falling(share, np.full(len(share), turns)), 0.99)
    found = []
    for place, at in enumerate(order.tolist()):
        probability = float(worth[place]) if place < len(worth) else float(worth[-1])
        because = tuple(kind for kind in shared if pairs.scores[f"shared {kind}"][at] > 0)
        if pairs.scores[_PLAIN][at] > 0:
            because = ("common contacts", *because)
        found.append(
            Candidate(
                source=graph.ids[int(pairs.low[at])],
                target=graph.ids[int(pairs.high[at])],
                score=float(score[at]),
                probability=probability,
                because=because,
            )
        )
    return tuple(found)


def _rows(low: Int64s, high: Int64s, n: int) -> csr_array:
    ones = np.ones(2 * len(low))
    heads: Int32s | Int64s = np.concatenate([low, high])
    rows = csr_array((ones, (heads, np.concatenate([high, low]))), shape=(n, n))
    rows.sort_indices()
    return rows


def _warnings(links: csr_array, co_attendance: bool | None) -> tuple[str, ...]:
    """What to know before trusting the figure: links of co-attendance make cliques, which are easy to complete."""
    degree = np.diff(links.indptr)
    triangles = np.asarray((links @ links).multiply(links).sum(axis=1)).ravel()
    possible = degree * (degree - 1.0)
    many = degree >= _CLIQUE_DEGREE
    closed = float((triangles[many] >= possible[many]).mean()) if many.any() else 0.0
    if co_attendance or (co_attendance is None and closed >= _CLIQUISH):
        said = "Links are said to be co-attendance" if co_attendance else f"{closed:.0%} of those with three or more "
        text = said if co_attendance else f"{said}contacts know only people who all know each other"
        return (
            f"{text}: meetings make cliques, and a link hidden inside a clique is easy to find. The precision measured "
            "then says little of contacts that nobody has seen.",
        )
    return ()
