"""Measures agree with an independent library on random graphs, and with the published tables on CAVIAR."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from public_networks import caviar

from alidade.network import (
    Graph,
    betweenness,
    closeness,
    collective_influence,
    components,
    constraint,
    core_numbers,
    degree,
    effective_size,
    eigenvector,
    katz,
    pagerank,
)  # fmt: skip

#: n, links, directed links, then degree, betweenness, eigenvector of person 1 and degree, betweenness of 3 and 12.
PHASES = {
    1: (15, 18, 26, "0.857143 0.906593 0.626451 0.142857 0.000000"),
    2: (24, 28, 35, "0.826087 0.942688 0.673912 0.130435 0.001976 0.043478 0.000000"),
    3: (33, 56, 68, "0.843750 0.829503 0.593879 0.281250 0.095497 0.062500 0.000000"),
    4: (33, 48, 65, "0.718750 0.839310 0.610379 0.218750 0.090438 0.031250 0.000000"),
    5: (32, 39, 50, "0.709677 0.883871 0.640199 0.161290 0.044086 0.258065 0.269892"),
    6: (27, 47, 68, "0.692308 0.542564 0.496656 0.538462 0.227179 0.384615 0.382051"),
    7: (36, 49, 63, "0.685714 0.589356 0.601987 0.285714 0.073389 0.142857 0.016807"),
    8: (42, 58, 75, "0.487805 0.553659 0.544131 0.317073 0.314634 0.243902 0.356707"),
    9: (34, 44, 60, "0.303030 0.249053 0.458958 0.333333 0.576231 0.242424 0.357323"),
    10: (42, 50, 68, "0.317073 0.342683 0.508022 0.024390 0.000000 0.170732 0.030488"),
    11: (41, 50, 72, "0.175000 0.526282 0.255729 0.025000 0.000000 0.300000 0.429915"),
}
MEANS = {
    "degree": "1 0.601485 3 0.223505 12 0.170893 85 0.118010 76 0.112235 83 0.095836",
    "betweenness": "1 0.655051 12 0.167562 3 0.129403 76 0.083791 87 0.061327 41 0.050369",
    "eigenvector": "1 0.546391 3 0.298095 85 0.190612 76 0.165877 83 0.153522 8 0.152394",
}


@pytest.mark.parametrize("phase", PHASES)
def test_every_printed_value_of_each_phase_of_caviar(shared_data: Path, phase: int) -> None:
    n, links, directed, printed = PHASES[phase]
    graph = caviar(shared_data, f"phase{phase}")
    assert (graph.n, graph.m, caviar(shared_data, f"phase{phase}", directed=True).m) == (n, links, directed)
    degrees, between = degree(graph), betweenness(graph)
    found = [degrees["1"], between["1"], eigenvector(graph)["1"], degrees["3"], between["3"]]
    if "12" in graph:
        found += [degrees["12"], between["12"]]
    assert " ".join(f"{each:.6f}" for each in found) == printed


def test_means_over_the_phases_of_caviar(shared_data: Path) -> None:
    graphs = [caviar(shared_data, f"phase{phase}") for phase in PHASES]
    assert len({each for graph in graphs for each in graph.ids}) == 107
    for name, measure in (("degree", degree), ("betweenness", betweenness), ("eigenvector", eigenvector)):
        scores = [measure(graph) for graph in graphs]
        words = MEANS[name].split()
        for person, printed in zip(words[::2], words[1::2], strict=True):
            mean = sum(each.get(person, 0.0) for each in scores) / len(scores)
            assert f"{mean:.6f}" == printed


def test_leaders_of_the_whole_of_caviar(shared_data: Path) -> None:
    graph = caviar(shared_data)
    links = degree(graph, normalised=False).top(5)
    assert links == (("1", 60.0), ("12", 28.0), ("3", 27.0), ("87", 16.0), ("76", 15.0))
    between = [(person, round(score, 3)) for person, score in betweenness(graph).top(5)]
    assert between == [("1", 0.637), ("12", 0.292), ("87", 0.119), ("76", 0.115), ("3", 0.105)]


def pairs(count: int) -> list[tuple[int, Graph, Any]]:
    """Random graphs, half of them directed, and the same ones of the other library."""
    chance = np.random.default_rng(11)
    found = []
    for case in range(count):
        n, m = int(chance.integers(2, 30)), int(chance.integers(2, 70))
        source, target, weight = chance.integers(0, n, m), chance.integers(0, n, m), chance.integers(1, 6, m)
        directed = case % 2 == 1
        oracle = nx.DiGraph() if directed else nx.Graph()
        oracle.add_nodes_from(range(n))
        for one, other, each in zip(source.tolist(), target.tolist(), weight.tolist(), strict=True):
            if one != other:
                before = oracle[one][other]["weight"] if oracle.has_edge(one, other) else 0
                oracle.add_edge(one, other, weight=before + each)
        for _, _, attributes in oracle.edges(data=True):
            attributes["length"] = Fraction(1, attributes["weight"])
        found.append((n, Graph.from_edges(source, target, weight, directed, vertices=range(n)), oracle))
    return found


def same(scores: Any, expected: dict[int, float], tolerance: float = 1e-9) -> None:
    assert dict(scores).keys() == expected.keys()
    there = [expected[each] for each in scores]
    np.testing.assert_allclose(np.asarray(scores, dtype=float), there, atol=tolerance, rtol=0)


def test_measures_of_random_graphs_are_those_of_an_independent_library() -> None:
    for _, graph, oracle in pairs(24):
        same(degree(graph), nx.degree_centrality(oracle))
        for weights, key in (("strength", "weight"), (None, None)):
            exact = {"tol": 1e-13, "max_iter": 5000}
            same(pagerank(graph, weights=weights, tolerance=1e-13), nx.pagerank(oracle, weight=key, **exact), 1e-8)
            same(katz(graph, weights=weights), nx.katz_centrality_numpy(oracle, weight=key))
        same(betweenness(graph), nx.betweenness_centrality(oracle))
        same(betweenness(graph, normalised=False), nx.betweenness_centrality(oracle, normalized=False))
        same(betweenness(graph, weights="strength"), nx.betweenness_centrality(oracle, weight="length"))
        same(betweenness(graph, weights="distance"), nx.betweenness_centrality(oracle, weight="weight"))
        same(closeness(graph), nx.closeness_centrality(oracle))
        same(core_numbers(graph), nx.core_number(oracle.to_undirected()))
        same(constraint(graph), nx.constraint(oracle, weight="weight"))
        if not graph.directed:
            same(effective_size(graph), nx.effective_size(oracle))


def test_components_are_those_of_an_independent_library() -> None:
    for _, graph, oracle in pairs(24):
        find = nx.weakly_connected_components if graph.directed else nx.connected_components
        expected = {frozenset(each) for each in find(oracle)}
        found = components(graph)
        assert set(found) == expected
        assert len(found.giant) == found.largest == max(len(each) for each in expected)
        assert sorted(found.sizes.tolist(), reverse=True) == found.sizes.tolist()


def test_collective_influence_by_hand() -> None:
    graph = Graph.from_edges([0, 1, 2, 3, 1], [1, 2, 3, 4, 5])  # a path 0-1-2-3-4, and 5 at 1
    assert collective_influence(graph, 1).array.tolist() == [0, 2, 3, 1, 0, 0]
    assert dict(collective_influence(graph, 2)) == {0: 0, 1: 2, 2: 0, 3: 2, 4: 0, 5: 0}


def test_sampled_betweenness_is_within_its_stated_error_and_repeats(shared_data: Path) -> None:
    graph = caviar(shared_data)
    exact, sampled = betweenness(graph), betweenness(graph, samples=60, seed=3)
    assert np.abs(exact.array - sampled.array).max() <= sampled.method.parameters["error"]
    assert (betweenness(graph, samples=60, seed=3).array == sampled.array).all()
    assert sampled.method.seed == 3
    assert betweenness(graph, samples=110).method.name == "betweenness"
    np.testing.assert_allclose(betweenness(graph, samples=1000).array, exact.array)


def test_katz_says_when_it_is_beyond_its_limit(shared_data: Path) -> None:
    graph = caviar(shared_data)
    assert katz(graph, 0.3).method.parameters["beyond_limit"]
    assert not katz(graph, None).method.parameters["beyond_limit"]


def test_larger_graphs_take_the_sparse_way() -> None:
    oracle = nx.barabasi_albert_graph(700, 2, seed=1)
    graph = Graph.from_edges(*np.array(oracle.edges()).T, vertices=range(700))
    same(katz(graph, 0.02), nx.katz_centrality_numpy(oracle, 0.02))
    same(eigenvector(graph, tolerance=1e-12), nx.eigenvector_centrality(oracle, 5000, 1e-12), 1e-7)
