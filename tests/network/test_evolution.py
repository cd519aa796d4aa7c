"""Evolution: each thing that can become of a group, and the phases of CAVIAR."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from public_networks import caviar

from alidade.model.errors import Invalid
from alidade.network import Cell, Evolution, Graph, evolution, next_links
from alidade.network.evolution import Change

A, B, C = set("abcdefgh"), set("klmnopqr"), set("stuvwxyz")


def only(found: Evolution) -> Change:
    assert len(found.changes) == 1, found.changes
    return found.changes[0]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ([A], [A], "continue"),
        ([A], [A | set("12345")], "grow"),
        ([A], [set("abcd")], "shrink"),
        ([A], [set("abcd"), set("efgh")], "split"),
        ([A, B], [A | B], "merge"),
        ([A], [], "dissolve"),
        ([], [A], "born"),
    ],
)
def test_what_becomes_of_a_group(before: list[set[Any]], after: list[set[Any]], kind: str) -> None:
    found = only(evolution([before, after]))
    assert found.kind == kind
    assert found.period == 1
    assert len(found.before) == len(before)
    assert len(found.after) == len(after)


def test_a_group_succeeds_one_that_dissolved_within_memory() -> None:
    later = set("ab") | set("345")
    found = evolution([[A, C], [C], [later, C]])
    assert sorted(each.kind for each in found.changes) == ["continue", "continue", "dissolve", "succeed"]
    succession = found.of("succeed")[0]
    assert succession.before == (Cell(period=0, group=0),)
    assert succession.shared == ("a", "b")
    assert found.lines[Cell(period=2, group=0)] == found.lines[Cell(period=0, group=0)]
    forgotten = evolution([[A, C], [C], [C], [C], [later, C]], memory=1)
    assert forgotten.of("succeed") == ()
    assert len(forgotten.of("born")) == 1


def test_roles_filled_alike_and_one_person_make_a_successor_and_neither_alone_does() -> None:
    roles = dict(
        zip("abcdefgh", ["leads", "pays", "drives", "drives", "drives", "keeps", "keeps", "keeps"], strict=True)
    )
    roles |= dict(zip("1234567", ["pays", "drives", "drives", "drives", "keeps", "keeps", "keeps"], strict=True))
    later = set("a1234567")
    assert evolution([[A], [C], [later, C]], roles=roles).of("succeed")
    assert not evolution([[A], [C], [later, C]]).of("succeed")
    strangers = later - {"a"}
    assert not evolution([[A], [C], [strangers, C]], roles=roles).of("succeed")


def test_a_line_of_descent_goes_with_the_larger_part() -> None:
    found = evolution([[A], [set("abcde"), set("fgh")]])
    line = found.lines[Cell(period=0, group=0)]
    assert found.lines[Cell(period=1, group=0)] == line
    assert found.lines[Cell(period=1, group=1)] != line


def test_planted_split_and_merger_are_found_in_graphs() -> None:
    def cliques(*members: str) -> Graph:
        made = nx.compose_all([nx.complete_graph(each) for each in members])
        return Graph.from_edges([one for one, _ in made.edges], [other for _, other in made.edges])

    found = evolution([cliques("abcdefghij", "klmn", "opqr"), cliques("abcde", "fghij", "klmnopqr")])
    assert {each.kind for each in found.changes} == {"split", "merge"}
    assert found.method == "modularity"
    assert found.resolutions == (1.0, 1.0)
    assert found.stayed == (1.0,)


def test_caviar_turns_over_as_published(shared_data: Path) -> None:
    phases = [caviar(shared_data, f"phase{number}") for number in range(1, 12)]
    found = evolution(phases)
    assert min(found.stayed) == pytest.approx(0.33, abs=0.005)
    assert max(found.stayed) == pytest.approx(0.61, abs=0.005)
    assert len(found.agreement) == 10
    assert {each.kind for each in found.changes} >= {"split", "merge", "dissolve", "born"}
    for change in found.changes:
        old = {person for cell in change.before for person in found.members[cell.period][cell.group]}
        new = {person for cell in change.after for person in found.members[cell.period][cell.group]}
        assert set(change.shared) == old & new
    grouped = {(cell.period, cell.group) for change in found.changes for cell in change.after}
    expected = {(period, at) for period in range(1, 11) for at in range(len(found.members[period]))}
    assert grouped == expected  # every group of every later phase has a history


def test_next_links_of_caviar_as_published(shared_data: Path) -> None:
    phases = [caviar(shared_data, f"phase{number}") for number in range(1, 12)]
    found = next_links(phases)
    assert found.periods == 9
    assert found.measured == pytest.approx(0.938, abs=0.0006)
    assert found.measured_new == pytest.approx(0.815, abs=0.0006)
    assert found.links[0].score >= found.links[-1].score
    whole = {frozenset(pair) for phase in phases for pair in _links(phase)}
    for each in found.links:
        assert each.new == (frozenset((each.source, each.target)) not in whole)


def test_two_periods_are_too_few_to_measure_and_one_is_refused() -> None:
    two = [Graph.from_edges(["a", "b"], ["b", "c"]), Graph.from_edges(["b", "c"], ["c", "d"])]
    found = next_links(two)
    assert (found.measured, found.periods) == (None, 0)
    assert found.links
    with pytest.raises(Invalid, match="nothing can be foreseen"):
        next_links(two[:1])
    with pytest.raises(Invalid, match="shows no change"):
        evolution(two[:1])
    with pytest.raises(Invalid, match="half-life"):
        next_links(two, half_life=0)


def _links(graph: Graph) -> list[tuple[Any, Any]]:
    heads, tails, _ = graph.links()
    return [(graph.ids[one], graph.ids[other]) for one, other in zip(heads.tolist(), tails.tolist(), strict=True)]
