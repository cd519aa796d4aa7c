"""Groups: planted ones are found again, whatever the density, and the result says how it was made."""

from __future__ import annotations

import sys

import networkx
import numpy as np
import pytest
from benchmarks.planted_groups import Plan, Planted, f1_per_group, many_links, plant

from alidade.model.errors import Invalid
from alidade.network import Graph, groups
from alidade.network.group_evidence import likeness


def graph_of(planted: Planted, weight: np.ndarray | None = None) -> Graph:
    return Graph.from_edges(planted.source, planted.target, weight)


def ring_of_cliques(count: int, size: int) -> Graph:
    made = networkx.ring_of_cliques(count, size)
    return Graph.from_edges([one for one, _ in made.edges], [other for _, other in made.edges])


@pytest.mark.parametrize(
    ("plan", "least"),
    [
        (Plan(), 0.93),
        (Plan(groups=10), 0.90),
        (Plan(groups=5, contacts=6), 0.90),
        (Plan(groups=150, contacts=6), 0.95),
        (Plan(contacts=4), 0.88),
        (Plan(contacts=10), 0.97),
        (Plan(density=(0.1, 0.8)), 0.90),
        (Plan(density=(0.6, 0.9)), 0.97),
        (Plan(contacts=6, uneven=True), 0.92),
        (Plan(groups=20, density=(0.15, 0.4)), 0.90),
    ],
)
def test_planted_groups_are_found_with_a_fifth_across_and_some_missing(plan: Plan, least: float) -> None:
    found = []
    for seed in (1, 2, 3):
        planted = plant(plan, seed)
        result = groups(graph_of(planted))
        found.append(f1_per_group(planted.members(), result.groups))
    assert np.mean(found) >= least, found


def test_strangers_around_the_groups_do_little_harm() -> None:
    planted = plant(Plan(contacts=8, noise=0.3), 4)
    assert f1_per_group(planted.members(), groups(graph_of(planted)).groups) >= 0.85


def test_weights_that_say_nothing_do_not_blur_the_groups() -> None:
    planted = plant(Plan(contacts=8), 5)
    weight = np.random.default_rng(5).pareto(1.5, len(planted.source)) + 1  # a few calls, or hundreds
    assert f1_per_group(planted.members(), groups(graph_of(planted, weight)).groups) >= 0.90


def test_small_groups_are_not_merged_in_a_large_network() -> None:
    ring = ring_of_cliques(100, 8)
    result = groups(ring)
    assert result.sizes == (8,) * 100
    assert not result.too_small
    assert not result.too_large
    assert max(groups(ring, "modularity", 1.0).sizes) > 8  # the known limit of modularity


def test_the_result_says_method_resolution_seed_sizes_and_quality() -> None:
    ring = ring_of_cliques(5, 6)
    result = groups(ring, resolution=0.1, seed=7)
    assert (result.method, result.resolution, result.seed) == ("cpm", 0.1, 7)
    assert result.scanned == ()
    assert result.too_small == (0, 1, 2, 3, 4)
    oracle = networkx.community.modularity(networkx.ring_of_cliques(5, 6), result.groups)
    assert result.quality == pytest.approx(oracle)
    chosen = groups(ring)
    assert chosen.chosen_on == 30
    assert chosen.resolution in [each.resolution for each in chosen.scanned]


def test_a_group_above_38_is_flagged() -> None:
    whole = networkx.complete_graph(50)
    result = groups(Graph.from_edges([one for one, _ in whole.edges], [other for _, other in whole.edges]))
    assert result.sizes == (50,)
    assert result.too_large == (0,)


@pytest.mark.parametrize("method", ["cpm", "modularity", "plm", "label_propagation"])
def test_every_method_separates_what_hardly_touches(method: str) -> None:
    ring = ring_of_cliques(4, 10)
    result = groups(ring, method)  # type: ignore[arg-type]
    assert result.sizes == (10, 10, 10, 10)
    assert result.method == method
    again = groups(ring, method)  # type: ignore[arg-type]
    assert np.array_equal(again.labels, result.labels)


def test_those_without_a_link_stand_alone() -> None:
    graph = Graph.from_edges(["a", "b"], ["b", "c"], vertices=["x"])
    result = groups(graph)
    assert result.alone == ("x",)
    assert sorted(map(sorted, result.groups)) == [["a", "b", "c"]]
    assert groups(Graph.from_edges([], [], vertices=["x"])).groups == ()


def test_what_cannot_be_taken_is_refused() -> None:
    ring = ring_of_cliques(3, 4)
    with pytest.raises(Invalid, match="no such method"):
        groups(ring, "infomap")  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="not above 0"):
        groups(ring, resolution=0.0)
    with pytest.raises(Invalid, match="has no resolution"):
        groups(ring, "label_propagation", 1.0)


def test_a_large_network_has_its_resolution_chosen_on_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["alidade.network.groups"]  # of the same name as the function that the package shows
    monkeypatch.setattr(module, "_WHOLE", 10_000)
    monkeypatch.setattr(module, "_SAMPLE", 1_500)
    source, target, truth = many_links(40_000, 1)
    graph = Graph.from_edges(source, target)
    assert graph.m == 40_000
    result = groups(graph)
    assert 1_500 <= result.chosen_on < graph.n
    assert likeness(result.labels, truth[np.array(graph.ids)]) >= 0.97


def test_likeness_is_one_for_the_same_and_low_for_chance() -> None:
    chance = np.random.default_rng(0)
    label = chance.integers(0, 5, 2_000).astype(np.int32)
    assert likeness(label, (4 - label).astype(np.int32)) == pytest.approx(1.0)
    assert likeness(label, chance.integers(0, 5, 2_000).astype(np.int32)) < 0.02
