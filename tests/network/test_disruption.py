"""Curves of disruption: all 32 published ones of operation Montagna, row by row; ties; dismantling."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from public_networks import caviar, montagna

from alidade.model.errors import Invalid
from alidade.network import STRATEGIES, Curve, Graph, components, dismantle, disruption_curve
from alidade.network.disruption import Strategy, Ties, Weights

NETWORKS = {"meeting": "meetings", "phone_calls": "phonecalls"}
#: Strategy, the rule for ties that the published program had, and whether rounding noise decided among equals there.
COLUMNS: dict[str, tuple[Strategy, Ties, int | None]] = {
    "Betweenness": ("betweenness", "last_in", 9),
    "Katz": ("katz", "last_in", None),
    "Collective Influence": ("collective_influence", "largest_id", 9),
    "Degree": ("degree", "last_in", 9),
}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize(("weighted", "weights"), [("Unweighted", None), ("Weighted", "distance")])
@pytest.mark.parametrize("folder", NETWORKS)
@pytest.mark.parametrize(("mode", "block"), [("sequential", 1), ("block", 5)])
def test_published_curve_row_by_row(
    shared_data: Path, mode: str, block: int, folder: str, weighted: str, weights: Weights, column: str
) -> None:
    graph = montagna(shared_data, NETWORKS[folder])
    strategy, ties, digits = COLUMNS[column]
    curve = disruption_curve(graph, strategy, ties, block=block, weights=weights, digits=digits)
    assert curve.sizes[0] == {"meeting": 92, "phone_calls": 89}[folder]
    results = shared_data / "networks" / "montagna" / "disruption" / "results"
    with (results / mode / folder / f"df_{weighted}_5nrem.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) >= 19
    for row in rows:
        assert round(float(row[column]) * curve.sizes[0]) == curve.sizes[int(row["No"])]
        assert abs(float(row[column]) - curve.shares[int(row["No"])]) < 1e-12


def test_the_rule_for_ties_is_part_of_the_result(shared_data: Path) -> None:
    graph = montagna(shared_data, "meetings")
    last = disruption_curve(graph, "degree", "last_in")
    smallest = disruption_curve(graph, "degree", "smallest_id")
    assert max(abs(a - b) for a, b in zip(last.shares, smallest.shares, strict=True)) > 0.2
    assert (last.method.ties, smallest.method.ties) == ("last_in", "smallest_id")
    assert "ties last_in" in str(last.method)


def test_ties_by_hand() -> None:
    graph = Graph.from_edges([5, 9, 1, 7], [9, 1, 7, 5])  # a ring: all alike
    first = {ties: disruption_curve(graph, "degree", ties, steps=1).removed[0] for ties in (
        "last_in", "first_in", "largest_id", "smallest_id")}  # fmt: skip
    assert first == {"last_in": 7, "first_in": 5, "largest_id": 9, "smallest_id": 1}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_each_strategy_removes_everybody_once_and_measures_what_is_left(strategy: Strategy) -> None:
    oracle = nx.gnm_random_graph(40, 70, seed=8)
    graph = Graph.from_edges(*np.array(oracle.edges()).T, vertices=range(40))
    curve = disruption_curve(graph, strategy, seed=3)
    assert sorted(curve.removed) == list(range(40))
    measured = [len(max(nx.connected_components(oracle), key=len))]
    for person in curve.removed:
        oracle.remove_node(person)
        measured.append(max((len(each) for each in nx.connected_components(oracle)), default=0))
    assert list(curve.sizes) == measured
    assert curve.robustness == pytest.approx(sum(measured[1:]) / measured[0] / 40)
    assert curve.removed == disruption_curve(graph, strategy, seed=3).removed
    assert strategy in curve.method.name


def test_greedy_removal_takes_what_leaves_least() -> None:
    oracle = nx.gnm_random_graph(30, 38, seed=2)
    graph = Graph.from_edges(*np.array(oracle.edges()).T, vertices=range(30))

    def left(person: int) -> tuple[int, int]:
        rest = oracle.copy()
        rest.remove_node(person)
        sizes = [len(each) for each in nx.connected_components(rest)]
        return max(sizes), sum(size * (size - 1) // 2 for size in sizes)

    least = min(left(person) for person in oracle)
    assert left(disruption_curve(graph, "greedy_largest", steps=1).removed[0]) == least
    fewest = min(left(person)[::-1] for person in oracle)
    assert left(disruption_curve(graph, "greedy_pairs", steps=1).removed[0])[::-1] == fewest


@pytest.mark.parametrize(
    ("name", "best"), [("caviar", 0.0434), ("meetings", 0.0855), ("phonecalls", 0.0424)]
)  # the best row of the reference, which looks at the largest component alone
def test_dismantling_is_at_least_as_good_as_the_best_known_curve(shared_data: Path, name: str, best: float) -> None:
    graph = caviar(shared_data) if name == "caviar" else montagna(shared_data, name)
    curve = dismantle(graph.subgraph(components(graph).giant), seconds=8, courses=3)
    assert round(curve.robustness, 4) <= best
    assert curve.method.seed == 0
    assert curve.method.parameters["won"]


def test_dismantling_repeats_with_its_seed() -> None:
    graph = Graph.from_edges(*np.array(nx.gnm_random_graph(25, 40, seed=1).edges()).T)
    first, second = (dismantle(graph, seconds=60, seed=5, courses=1) for _ in range(2))
    assert first.removed == second.removed
    assert isinstance(first, Curve)


def test_wrong_words_are_refused() -> None:
    graph = Graph.from_edges([1], [2])
    for wrong in ({"strategy": "luck"}, {"ties": "any"}, {"weights": "heavy"}, {"block": 0}):
        with pytest.raises(Invalid):
            disruption_curve(graph, **wrong)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        dismantle(graph, seconds=0)
