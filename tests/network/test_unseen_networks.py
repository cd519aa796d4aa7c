"""Unseen networks: every shape of network, drawn or published, against plain oracles and another library."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Hashable
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest

from alidade.model.errors import Invalid
from alidade.network import (
    STRATEGIES,
    TIES,
    Graph,
    betweenness,
    components,
    core_numbers,
    disruption_curve,
    groups,
    hidden_links,
    key_players,
    pagerank,
)
from alidade.network.disruption import Strategy, Ties
from alidade.network.link_scores import pairs_of, simple

Edges = list[tuple[Hashable, Hashable, float]]

_SCORED: tuple[Strategy, ...] = (
    "degree", "betweenness", "katz", "collective_influence", "pagerank", "greedy_largest", "greedy_pairs",
)  # fmt: skip


def _tree(size: int, chance: random.Random) -> Edges:
    return [(at, chance.randrange(at), 1.0) for at in range(1, size)]


def _star(size: int, chance: random.Random) -> Edges:
    return [("hub", f"p{at}", 1.0 + chance.randrange(3)) for at in range(1, size)]


def _cliques(size: int, chance: random.Random) -> Edges:
    """Cells of four to seven, each with one bridge to the cell before."""
    edges: Edges = []
    start = 0
    while start < size:
        cell = range(start, min(start + chance.randint(4, 7), size))
        edges += [(f"c{a:03}", f"c{b:03}", 1.0) for a, b in itertools.combinations(cell, 2)]
        if start:
            edges.append((f"c{start:03}", f"c{chance.randrange(start):03}", 1.0))
        start = cell.stop
    return edges


def _bipartite(size: int, chance: random.Random) -> Edges:
    left = max(size // 3, 1)
    return [(f"a{chance.randrange(left)}", f"b{chance.randrange(size - left)}", 1.0) for _ in range(2 * size)]


def _apart(size: int, chance: random.Random) -> Edges:
    """Several parts without a link between them."""
    third = max(size // 3, 2)
    parts = [_tree(third, chance), [(at, (at + 1) % third, 1.0) for at in range(third)], _star(third, chance)]
    return [((number, a), (number, b), w) for number, part in enumerate(parts) for a, b, w in part]


def _messy(size: int, chance: random.Random) -> Edges:
    """Weights, links of both directions, links named twice, and links of people to themselves."""
    edges: Edges = [
        (chance.randrange(size), chance.randrange(size), chance.choice((0.5, 1.0, 2.5, 7.0))) for _ in range(2 * size)
    ]
    return [*edges, *((b, a, w) for a, b, w in edges[:5]), (0, 0, 3.0)]


_SHAPES: dict[str, Callable[[int, random.Random], Edges]] = {
    "tree": _tree, "star": _star, "cliques with bridges": _cliques, "bipartite": _bipartite, "apart": _apart,
    "messy": _messy,
}  # fmt: skip


def _named(name: str) -> Edges:
    """Networks that were published, as another library has them."""
    made: Any = {
        "Zachary's karate club": nx.karate_club_graph,
        "Florentine families": nx.florentine_families_graph,
        "Southern women": nx.davis_southern_women_graph,
        "Les Misérables": nx.les_miserables_graph,
        "Krackhardt's kite": nx.krackhardt_kite_graph,
        "Petersen": nx.petersen_graph,
    }[name]()
    return [(a, b, float(w)) for a, b, w in made.edges(data="weight", default=1.0)]


_PUBLISHED = (
    "Zachary's karate club", "Florentine families", "Southern women", "Les Misérables", "Krackhardt's kite", "Petersen",
)  # fmt: skip


def _all(sizes: tuple[int, ...], *, published: bool = True) -> list[Any]:
    drawn = [
        pytest.param(shape(size, random.Random(f"{name} {size}")), id=f"{name} of {size}")
        for name, shape in _SHAPES.items()
        for size in sizes
    ]
    return drawn + [pytest.param(_named(name), id=name) for name in _PUBLISHED if published]


def _graph(edges: Edges, *, directed: bool = False) -> Graph:
    return Graph.from_edges(*map(list, zip(*edges, strict=True)), directed=directed)  # type: ignore[arg-type]


def _other(edges: Edges, *, directed: bool = False) -> Any:
    """The same network in the other library: parallel links summed, links to oneself dropped, order of appearance."""
    made: Any = nx.DiGraph() if directed else nx.Graph()
    for a, b, weight in edges:
        made.add_nodes_from((a, b))
        if a != b:
            before = made[a][b]["weight"] if made.has_edge(a, b) else 0.0
            made.add_edge(a, b, weight=before + weight)
    return made


def _largest(other: Any) -> int:
    return max(map(len, nx.connected_components(other)), default=0)


# -- measures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("edges", _all((2, 3, 17, 120)))
def test_measures_are_those_of_another_library(edges: Edges, directed: bool) -> None:
    graph, other = _graph(edges, directed=directed), _other(edges, directed=directed)
    ids = list(graph.ids)
    assert ids == list(other)
    assert graph.m == other.number_of_edges()
    expected = nx.pagerank(other, weight="weight", tol=1e-13, max_iter=1_000)
    assert pagerank(graph, tolerance=1e-13).array == pytest.approx([expected[each] for each in ids], abs=1e-9)
    for weights in (None, "strength"):
        for *_, each in other.edges(data=True):
            each["length"] = 1 / Fraction(each["weight"])  # exact: rounding must not decide between equal paths
        expected = nx.betweenness_centrality(other, weight=weights and "length")
        found = betweenness(graph, weights=weights)  # type: ignore[arg-type]
        assert found.array == pytest.approx([expected[each] for each in ids], abs=1e-9)
    both = other.to_undirected()
    expected = nx.core_number(both)
    assert list(core_numbers(graph).array) == [expected[each] for each in ids]
    parts = {frozenset(each) for each in nx.connected_components(both)}
    labels: dict[int, set[Hashable]] = {}
    found_parts = components(graph)
    for each, label in zip(ids, found_parts.labels, strict=True):
        labels.setdefault(int(label), set()).add(each)
    assert {frozenset(each) for each in labels.values()} == parts
    assert found_parts.largest == max(map(len, parts))


def test_the_karate_club_has_its_published_values() -> None:
    graph = _graph([(a, b, 1.0) for a, b, _ in _named("Zachary's karate club")])
    assert (graph.n, graph.m) == (34, 78)
    found = betweenness(graph)
    assert [each for each, _ in found.top(3)] == [0, 33, 32]
    assert found[0] == pytest.approx(0.437635, abs=1e-6)
    assert max(core_numbers(graph).array) == 4


# -- disruption --------------------------------------------------------------------------------------------------------


def _scores(other: Any, strategy: str) -> dict[Hashable, float]:
    people = list(other)
    if strategy == "degree":
        return {each: float(other.degree(each)) for each in people}
    if strategy == "betweenness":
        return dict(nx.betweenness_centrality(other))
    if strategy == "katz":
        # Plain, because the other library refuses or flips what lies beyond the limit of the sum over walks.
        found = np.linalg.solve(np.eye(len(people)) - 0.1 * nx.to_numpy_array(other, weight=None), np.ones(len(people)))
        found = found / (np.sign(found.sum()) * np.linalg.norm(found))
        return dict(zip(people, found.tolist(), strict=True))
    if strategy == "collective_influence":
        less = {each: other.degree(each) - 1 for each in people}
        return {each: less[each] * sum(less[near] for near in other[each]) for each in people}
    if strategy == "pagerank":
        return dict(nx.pagerank(other, weight=None, tol=1e-13, max_iter=2_000)) if people else {}
    left = {}
    for each in people:
        rest = other.copy()
        rest.remove_node(each)
        sizes = [len(part) for part in nx.connected_components(rest)]
        pair = (max(sizes, default=0), sum(size * (size - 1) // 2 for size in sizes))
        left[each] = pair if strategy == "greedy_largest" else pair[::-1]
    ranked = sorted(set(left.values()))
    return {each: -1.0 - ranked.index(left[each]) for each in people}


def _plain_curve(edges: Edges, strategy: Strategy, ties: Ties) -> tuple[list[Hashable], list[int]]:
    """One after another, as it is told in the words of the function, without a thought to speed."""
    other = _other([(a, b, 1.0) for a, b, _ in edges])
    people = list(other)
    try:
        by_id = sorted(people)
    except TypeError:
        by_id = sorted(people, key=lambda each: (type(each).__name__, str(each)))
    first = {each: at for at, each in enumerate(people if ties in ("first_in", "last_in") else by_id)}
    sign = -1 if ties in ("first_in", "smallest_id") else 1
    removed, sizes = [], [_largest(other)]
    while other:
        scores = _scores(other, strategy)
        most = max(map(abs, scores.values())) or 1.0
        gone = max(other, key=lambda each: (round(scores[each] / most, 9), sign * first[each]))
        removed.append(gone)
        other.remove_node(gone)
        sizes.append(_largest(other))
    return removed, sizes


@pytest.mark.parametrize("strategy", _SCORED)
@pytest.mark.parametrize("edges", _all((2, 13), published=False))
def test_curves_are_those_of_plain_removal(edges: Edges, strategy: Strategy) -> None:
    graph = _graph(edges)
    for ties in TIES:
        removed, sizes = _plain_curve(edges, strategy, ties)
        found = disruption_curve(graph, strategy, ties)
        assert list(found.sizes) == sizes, ties
        assert list(found.removed) == removed, ties


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("strategy", ["degree", "betweenness", "collective_influence"])
@pytest.mark.parametrize("name", ["Zachary's karate club", "Florentine families"])
def test_published_networks_too(name: str, strategy: Strategy, ties: Ties) -> None:
    edges = _named(name)
    found = disruption_curve(_graph(edges), strategy, ties)
    assert (list(found.removed), list(found.sizes)) == _plain_curve(edges, strategy, ties)


@pytest.mark.parametrize("edges", _all((60,)))
def test_every_curve_measures_what_is_left_and_repeats(edges: Edges) -> None:
    graph, other = _graph(edges), _other(edges)
    for strategy in STRATEGIES:
        found = disruption_curve(graph, strategy, seed=3)
        assert found == disruption_curve(_graph(edges), strategy, seed=3)
        assert sorted(map(str, found.removed)) == sorted(map(str, graph.ids))
        for step in (0, 1, len(found.removed) // 2, len(found.removed)):
            rest = other.subgraph(set(other) - set(found.removed[:step]))
            assert found.sizes[step] == _largest(rest)
        assert list(found.sizes) == sorted(found.sizes, reverse=True)


# -- key players -------------------------------------------------------------------------------------------------------


def _fewest(other: Any, cap: int, cost: dict[Hashable, float]) -> float:
    """The cheapest removal, by trying every set."""
    people = list(other)
    best = math.inf
    for count in range(len(people) + 1):
        for chosen in itertools.combinations(people, count):
            price = sum(cost[each] for each in chosen)
            if price < best and _largest(other.subgraph(set(people) - set(chosen))) <= cap:
                best = price
    return best


@pytest.mark.parametrize("share", [0.1, 0.34, 0.5])
@pytest.mark.parametrize("edges", _all((2, 6, 10), published=False))
def test_small_networks_have_the_proved_optimum(edges: Edges, share: float) -> None:
    graph, other = _graph(edges), _other(edges)
    found = key_players(graph, share, seconds=5)
    chance = random.Random(7)
    alike = dict.fromkeys(other, 1.0)
    assert found.proved
    assert found.cost == found.lower_bound == len(found.people) == _fewest(other, found.cap, alike)
    costs = {each: float(chance.randint(1, 4)) for each in other}
    dear = key_players(graph, share, seconds=5, costs=costs)
    assert dear.proved
    assert dear.cost == pytest.approx(_fewest(other, found.cap, costs))
    assert dear.cost == pytest.approx(sum(costs[each] for each in dear.people))


@pytest.mark.parametrize("edges", _all((45, 300)))
def test_larger_networks_have_consistent_bounds(edges: Edges) -> None:
    graph, other = _graph(edges), _other(edges)
    found = key_players(graph, seconds=2)
    rest = other.subgraph(set(other) - set(found.people))
    assert found.cap == max(1, int(_largest(other) * 0.1 + 1e-9))
    assert _largest(rest) == found.largest_left <= found.cap
    assert found.lower_bound <= found.cost == len(set(found.people))
    assert found.proved == (found.lower_bound == found.cost)
    for strategy in ("degree", "betweenness", "greedy_pairs"):
        # Taking somebody out of a small part is never needed: those who do it can be no better.
        needed = disruption_curve(graph, strategy).needed()
        assert needed is not None
        assert found.cost <= needed
    if found.proved:
        again = key_players(_graph(edges), seconds=2)
        assert again.people == found.people or not again.proved  # where time runs out the answer may be another


# -- hidden links ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edges", _all((40,)))
def test_scores_of_pairs_are_the_plain_formulas(edges: Edges) -> None:
    graph, other = _graph(edges), _other(edges)
    pairs = pairs_of(simple(graph), {})
    free = {(a, b) for a, b in itertools.combinations(other, 2) if not other.has_edge(a, b)}
    found = [(graph.ids[low], graph.ids[high]) for low, high in zip(pairs.low, pairs.high, strict=True)]
    assert set(found) == free
    for at, (a, b) in enumerate(found):
        common = list(nx.common_neighbors(other, a, b))
        assert pairs.scores["resource_allocation"][at] == pytest.approx(sum(1 / other.degree(z) for z in common))
        assert pairs.scores["preferential_attachment"][at] == other.degree(a) * other.degree(b)
        three = sum(
            1 / math.sqrt(other.degree(u) * other.degree(v)) for u in other[a] for v in other[b] if other.has_edge(u, v)
        )
        assert pairs.scores["paths_of_three"][at] == pytest.approx(three)


@pytest.mark.parametrize("name", ["Zachary's karate club", "Les Misérables"])
def test_hidden_links_and_groups_repeat_and_name_no_known_link(name: str) -> None:
    edges = _named(name)
    graph, other = _graph(edges), _other(edges)
    found = hidden_links(graph, repeats=4, seed=5)
    assert found == hidden_links(_graph(edges), repeats=4, seed=5)
    assert found.refused == (found.precision < 0.1)
    assert not any(other.has_edge(each.source, each.target) for each in found.candidates)
    assert all(0 <= each.probability <= 1 for each in found.candidates)
    split = groups(graph, seed=2)
    assert split.labels.tolist() == groups(_graph(edges), seed=2).labels.tolist()


# -- what is given -----------------------------------------------------------------------------------------------------


def test_one_person_two_people_and_people_without_links() -> None:
    one = Graph.from_edges([], [], vertices=["a"])
    loop = Graph.from_edges(["a"], ["a"])
    for graph in (one, loop):
        assert (graph.n, graph.m) == (1, 0)
        assert pagerank(graph)["a"] == 1.0
        assert betweenness(graph)["a"] == 0.0
        assert core_numbers(graph)["a"] == 0
        found = key_players(graph)
        assert (found.people, found.proved, found.lower_bound, found.cap) == ((), True, 0, 1)
        for strategy in STRATEGIES:
            assert disruption_curve(graph, strategy).sizes == (1, 0)
        with pytest.raises(Invalid):
            hidden_links(graph)
    lonely = Graph.from_edges(["a"], ["b"], vertices=["z", "y"])
    assert lonely.ids == ("z", "y", "a", "b")
    assert key_players(lonely).cost == 1
    for strategy in STRATEGIES:
        assert disruption_curve(lonely, strategy).sizes[0] == 2
        assert disruption_curve(lonely, strategy).sizes[-1] == 0


def test_texts_numbers_and_pairs_are_ids_and_stay_what_they_are() -> None:
    for ids in (("10", "9", "8"), (10, 9, 8), ((1, "a"), (1, "b"), (2, "a")), ("10", 9, (8,))):
        graph = Graph.from_edges([ids[0], ids[1]], [ids[1], ids[2]])
        assert graph.ids == ids
        assert key_players(graph, 0.5).people == (ids[1],)
        assert disruption_curve(graph, "degree").removed[0] == ids[1]


@pytest.mark.parametrize(
    "given",
    [
        {"source": [], "target": []},
        {"source": ["a"], "target": []},
        {"source": ["a"], "target": [None]},
        {"source": ["a"], "target": [float("nan")]},
        {"source": ["a"], "target": ["b"], "weight": [-1]},
        {"source": ["a"], "target": ["b"], "weight": [float("inf")]},
        {"source": ["a"], "target": ["b"], "weight": [float("nan")]},
        {"source": ["a"], "target": ["b"], "weight": ["heavy"]},
        {"source": ["a"], "target": ["b"], "weight": [1, 2]},
        {"source": [["a"]], "target": [["b"]]},
        {"source": "ab", "target": "bc"},
        {"source": 1, "target": 2},
        {"source": None, "target": None},
    ],
)
def test_what_is_no_network_is_refused_with_a_sentence(given: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        Graph.from_edges(**given)
    assert str(refused.value).strip()
    assert refused.value.remedy
