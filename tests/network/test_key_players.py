"""Key players: proved optima of the reference, brute force on small networks, bounds, costs, sampled worlds."""

from __future__ import annotations

import time
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from public_networks import caviar, cocaine, montagna

from alidade.model.errors import Invalid
from alidade.network import Graph, KeyPlayers, components, key_players
from alidade.network.exact import Program


def of(oracle: nx.Graph) -> Graph:
    return Graph.from_edges(*np.array(oracle.edges()).T, vertices=list(oracle))


def checked(graph: Graph, found: KeyPlayers) -> KeyPlayers:
    """The people named really leave no component above the cap, and the bound is none above what was found."""
    left = graph.without(found.people)
    largest = components(left).largest if left.n else 0
    assert largest == found.largest_left <= found.cap
    assert found.lower_bound <= found.cost + 1e-9
    assert found.proved == (found.lower_bound >= found.cost - 1e-6 * max(1, found.cost))
    return found


@pytest.mark.parametrize(
    ("name", "cap", "least"),
    [
        ("caviar", 11, 8), ("phonecalls", 8, 7), ("meetings", 9, 14), ("ACERO", 2, 5), ("JAKE", 3, 6),
        ("JUANES", 5, 9), ("MAMBO", 3, 8),
    ],
)  # fmt: skip
def test_the_fewest_people_are_found_and_proved(shared_data: Path, name: str, cap: int, least: int) -> None:
    if name == "caviar":
        graph = caviar(shared_data)
    else:
        graph = montagna(shared_data, name) if name.islower() else cocaine(shared_data, name)
    found = checked(graph, key_players(graph, seconds=30))
    assert (found.cap, len(found.people), found.proved, found.lower_bound) == (cap, least, True, least)
    assert found.people == key_players(graph, seconds=30).people
    assert "proved" in str(found)


def least_cost(oracle: nx.Graph, cap: int, costs: list[float]) -> float:
    """By trying every set."""
    best, n = float("inf"), len(oracle)
    for chosen in range(1 << n):
        cost = sum(costs[at] for at in range(n) if chosen >> at & 1)
        if cost < best:
            rest = oracle.subgraph([at for at in range(n) if not chosen >> at & 1])
            if all(len(each) <= cap for each in nx.connected_components(rest)):
                best = cost
    return best


@pytest.mark.parametrize("case", range(24))
def test_small_networks_agree_with_trying_every_set(case: int) -> None:
    chance = np.random.default_rng(case)
    n = int(chance.integers(4, 10))
    oracle = nx.gnm_random_graph(n, int(chance.integers(n - 1, 3 * n)), seed=case)
    if not oracle.edges:
        pytest.skip("no link drawn")
    share = (0.3, 0.4, 0.6)[case % 3]
    costs = [1.0] * n if case % 2 else chance.integers(1, 6, n).astype(float).tolist()
    if case % 6 == 0:
        costs = chance.uniform(0.5, 3, n).tolist()
    cap = max(1, int(share * max(len(each) for each in nx.connected_components(oracle)) + 1e-9))
    graph = of(oracle)
    found = checked(graph, key_players(graph, share, costs=costs))
    assert found.proved
    assert found.cost == pytest.approx(least_cost(oracle, cap, costs))


def test_costs_by_id_turn_the_choice() -> None:
    star = Graph.from_edges(["hub"] * 4, ["a", "b", "c", "d"])
    assert key_players(star, 0.3).people == ("hub",)
    dear = key_players(star, 0.6, costs={"hub": 9, "a": 1, "b": 1, "c": 1, "d": 1})
    assert (set(dear.people) <= {"a", "b", "c", "d"}, len(dear.people), dear.cost, dear.proved) == (True, 2, 2, True)


def test_nobody_need_go_where_the_cap_holds_already() -> None:
    found = key_players(Graph.from_edges([1, 3], [2, 4]), 1.0)
    assert (found.people, found.proved, found.lower_bound, found.largest_left) == ((), True, 0, 2)


def test_components_above_the_cap_are_solved_each() -> None:
    paths = nx.disjoint_union(nx.path_graph(20), nx.path_graph(12))
    found = checked(of(paths), key_players(of(paths), 0.25))  # cap 5: of twenty in a row 3, of twelve 2
    assert (found.proved, len(found.people)) == (True, 5)


def test_a_large_network_gets_a_removal_with_its_bound_in_time() -> None:
    graph = of(nx.barabasi_albert_graph(3000, 2, seed=4))
    key_players(Graph.from_edges([1, 2], [2, 3]))
    begun = time.monotonic()
    found = checked(graph, key_players(graph, seconds=1.5))
    assert time.monotonic() - begun < 10  # far beyond what was asked for: only a clock that is not looked at fails
    assert 0 < found.lower_bound < found.cost
    assert not found.proved
    assert "at least" in str(found)


def test_sampled_worlds_say_how_stable_the_answer_is() -> None:
    barbell = of(nx.barbell_graph(6, 1))  # two tight groups, and 6 between them
    found = key_players(barbell, 0.5, probabilities=[0.95] * barbell.m, worlds=12, seconds=60)
    assert found.people == (6,)
    assert found.holds == pytest.approx(1.0, abs=0.5)
    assert found.stability[6] > 0.3
    assert set(found.stability.values()) <= {each / 12 for each in range(13)}
    again = key_players(barbell, 0.5, probabilities=[0.95] * barbell.m, worlds=12, seconds=60)
    assert again.stability == found.stability


def test_certain_links_give_one_world() -> None:
    line = Graph.from_edges([1, 2, 3, 4], [2, 3, 4, 5], [1.0, 1.0, 1.0, 1.0])
    found = key_players(line, 0.4, probabilities="weights", worlds=3)
    assert (found.holds, found.stability) == (1.0, dict.fromkeys(found.people, 1.0))


def test_wrong_questions_are_refused() -> None:
    graph = Graph.from_edges([1, 2], [2, 3])
    for wrong in (
        {"cap_share": 0}, {"cap_share": 1.5}, {"seconds": 0}, {"costs": [1, 1]}, {"costs": {1: 1}},
        {"costs": [1, 1, -1]}, {"costs": [1, 1, float("nan")]}, {"probabilities": [0.5]},
        {"probabilities": [0.5, 1.5]}, {"probabilities": "guesses"},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            key_players(graph, **wrong)  # type: ignore[arg-type]


def test_our_own_branches_prove_the_same(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Program, "_branch", lambda self, seconds: None)
    found = checked(montagna(shared_data, "meetings"), key_players(montagna(shared_data, "meetings"), seconds=60))
    assert (len(found.people), found.proved) == (14, True)
