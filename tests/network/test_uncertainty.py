"""Uncertainty: the table of grades, worlds drawn from it, and names that stay."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from alidade.model.errors import Invalid
from alidade.network import Graph, calibrated, degree, grade_table, sample_worlds, stability


def test_the_weaker_grade_decides_and_nothing_unassessed_is_better() -> None:
    table = grade_table()
    assert [table.probability(each) for each in ("A1", "B2", "C3", "X4")] == [0.95, 0.80, 0.50, 0.20]
    assert table.probability("b1") == table.probability("A2") == 0.80
    assert table.probability("X1") == table.probability("A4") == table.probability("AX") == 0.20
    for source, information in itertools.product("ABC", "123"):
        here = table.probability(source + information)
        assert here >= table.probability(chr(ord(source) + 1) + information)
        assert here >= table.probability(source + str(int(information) + 1))
    assert len(table.probabilities) == 25
    assert not table.verified
    assert table.date
    assert "no authority has published" in table.source
    with pytest.raises(Invalid, match="no such grade"):
        table.probability("E1")


def test_own_closed_cases_correct_the_table() -> None:
    table = calibrated([("A1", False)] * 30 + [("A1", True)] * 10, source="closed cases", date="2026-01-01")
    assert table.probability("A1") == pytest.approx((0.95 * 10 + 10) / 50)
    assert table.probability("B2") == 0.80
    assert (table.source, table.date) == ("closed cases", "2026-01-01")
    with pytest.raises(Invalid):
        calibrated([("Z9", True)], source="", date="")


def test_each_link_is_in_as_many_worlds_as_its_probability_says() -> None:
    graph = Graph.from_edges(["a", "a", "b"], ["b", "c", "c"], [0.9, 0.5, 0.1], vertices=["z"])
    worlds = sample_worlds(graph, worlds=2_000, seed=1)
    counted: dict[tuple[str, str], int] = {}
    for world in worlds:
        assert world.ids == graph.ids
        heads, tails, _ = world.links()
        for one, other in zip(heads.tolist(), tails.tolist(), strict=True):
            ends = (world.ids[one], world.ids[other])
            counted[ends] = counted.get(ends, 0) + 1
    shares = {ends: count / len(worlds) for ends, count in counted.items()}
    assert shares == pytest.approx({("a", "b"): 0.9, ("a", "c"): 0.5, ("b", "c"): 0.1}, abs=0.035)


def test_probabilities_come_beside_or_by_pair_and_the_seed_decides() -> None:
    graph = Graph.from_edges(["a", "b"], ["b", "c"], [7, 3])
    by_pair = sample_worlds(graph, {("c", "b"): 0.0}, 5)
    assert [world.m for world in by_pair] == [1] * 5
    assert [float(world.adjacency.data.max()) for world in by_pair] == [7.0] * 5
    first, again, other = (
        [world.m for world in sample_worlds(graph, [0.5, 0.5], 40, seed)] for seed in (1, 1, 2)
    )  # fmt: skip
    assert first == again != other
    with pytest.raises(Invalid, match="between 0 and 1"):
        sample_worlds(graph)
    with pytest.raises(Invalid, match="as many probabilities"):
        sample_worlds(graph, [0.5])
    with pytest.raises(Invalid, match="no world"):
        sample_worlds(graph, [0.5, 0.5], 0)


def test_names_that_rest_on_doubtful_links_are_less_steady() -> None:
    sure = [("hub", f"s{number}", 0.95) for number in range(8)]
    doubtful = [("rumour", f"r{number}", 0.5) for number in range(12)]
    ends = sure + doubtful
    graph = Graph.from_edges([e[0] for e in ends], [e[1] for e in ends], [e[2] for e in ends])
    found = stability(
        sample_worlds(graph, worlds=200, seed=3), lambda world: [degree(world).top(1)[0][0]], method="highest degree"
    )
    assert found.shares["hub"] > found.shares["rumour"] > 0
    assert sum(found.shares.values()) == pytest.approx(1.0)
    assert found.at_least(0.5) == ("hub",)
    assert (found.worlds, found.seed, found.method) == (200, 3, "highest degree")
    whole = stability(sample_worlds(graph, np.ones(graph.m), 3), lambda world: ["rumour"])
    assert dict(whole.shares) == {"rumour": 1.0}
