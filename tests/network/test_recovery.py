"""Recovery: orphans find others by the stated rule, and the same seed gives the same course."""

from __future__ import annotations

from pathlib import Path

import pytest
from public_networks import caviar

from alidade.model.errors import Invalid
from alidade.network import Graph, disruption_curve, disruption_with_recovery

STAR = Graph.from_edges(["hub"] * 5, ["a", "b", "c", "d", "e"])


def test_without_recovery_the_course_is_the_curve(shared_data: Path) -> None:
    graph = caviar(shared_data)
    curve = disruption_curve(graph, "degree", steps=8)
    course = disruption_with_recovery(graph, curve.removed, "none")
    assert course.largest.mean == pytest.approx(curve.shares)
    assert course.largest.low == course.largest.mean == course.largest.high
    assert (course.runs, course.new_links) == (1, 0)


@pytest.mark.parametrize("mechanism", ["random", "distance", "degree"])
def test_recovery_leaves_more_and_repeats(shared_data: Path, mechanism: str) -> None:
    graph = caviar(shared_data)
    removed = disruption_curve(graph, "degree", steps=5).removed
    bare = disruption_with_recovery(graph, removed, "none")
    found = disruption_with_recovery(graph, removed, mechanism, seed=4, runs=20)  # type: ignore[arg-type]
    assert found == disruption_with_recovery(graph, removed, mechanism, seed=4, runs=20)  # type: ignore[arg-type]
    assert found != disruption_with_recovery(graph, removed, mechanism, seed=5, runs=20)  # type: ignore[arg-type]
    assert found.efficiency.mean[0] == found.largest.mean[0] == 1
    for step in range(1, 6):
        assert found.efficiency.mean[step] > bare.efficiency.mean[step]
        assert found.efficiency.low[step] <= found.efficiency.mean[step] <= found.efficiency.high[step]
    assert (found.method.parameters["mechanism"], found.method.seed) == (mechanism, 4)


def test_contacts_of_a_hub_knew_each_other_through_him() -> None:
    found = disruption_with_recovery(STAR, ["hub"], "distance", seed=1, runs=30)
    assert found.largest.mean[1] > 2 / 6  # five orphans, each two links from the others
    assert found.new_links == 5


def test_by_degree_nobody_without_contacts_is_met() -> None:
    assert disruption_with_recovery(STAR, ["hub"], "degree", runs=3).new_links == 0


def test_no_chance_no_recovery() -> None:
    found = disruption_with_recovery(STAR, ["hub"], "random", chance=0.0, runs=3)
    assert found.largest.mean[1] == pytest.approx(1 / 6)


def test_everybody_may_go() -> None:
    found = disruption_with_recovery(STAR, STAR.ids, "random", runs=2)
    assert (found.efficiency.mean[-1], found.largest.mean[-1]) == (0, 0)


def test_wrong_questions_are_refused() -> None:
    for removals, options in (
        (["hub", "hub"], {}), (["nobody"], {}), (["hub"], {"mechanism": "luck"}), (["hub"], {"runs": 0}),
        (["hub"], {"chance": 2.0}),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            disruption_with_recovery(STAR, removals, **options)  # type: ignore[arg-type]
