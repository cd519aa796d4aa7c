"""Graphs from links: order, sums, ids of any kind, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from alidade.model.errors import Invalid
from alidade.network import Graph, components, pagerank


def test_order_is_that_of_first_appearance_and_parallel_links_are_summed() -> None:
    graph = Graph.from_edges([7, 3, 7, 3, 5], [3, 9, 3, 7, 5], [1, 2, 3, 4, 9])
    assert graph.ids == (7, 3, 9, 5)
    assert (graph.n, graph.m) == (4, 2)
    assert graph.adjacency.toarray().tolist() == [[0, 8, 0, 0], [8, 0, 2, 0], [0, 2, 0, 0], [0, 0, 0, 0]]
    assert graph.index[9] == 2
    assert graph.neighbours(3) == (7, 9)


def test_directions_are_kept_where_they_are_wished() -> None:
    graph = Graph.from_edges(["a", "b", "a"], ["b", "a", "c"], directed=True)
    assert graph.m == 3
    assert graph.adjacency.toarray().tolist() == [[0, 1, 1], [1, 0, 0], [0, 0, 0]]
    assert graph.undirected().adjacency.toarray().tolist() == [[0, 2, 1], [2, 0, 0], [1, 0, 0]]


def test_the_last_of_parallel_links_counts_where_asked() -> None:
    graph = Graph.from_edges([1, 2, 1], [2, 1, 3], [5, 6, 1], parallel="last")
    assert graph.adjacency.toarray().tolist() == [[0, 6, 1], [6, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize("spread", [1, 10**12])
def test_numbers_texts_and_mixed_ids_give_the_same_graph(spread: int) -> None:
    chance = np.random.default_rng(4)
    source, target = chance.integers(-40, 40, 300) * spread, chance.integers(-40, 40, 300) * spread
    weight = chance.integers(1, 5, 300)
    graph = Graph.from_edges(source, target, weight)
    texts = Graph.from_edges([f"p{each}" for each in source], [f"p{each}" for each in target], weight.tolist())
    mixed = Graph.from_edges([(each,) for each in source.tolist()], [(each,) for each in target.tolist()], weight)
    assert [f"p{each}" for each in graph.ids] == list(texts.ids)
    assert [(each,) for each in graph.ids] == list(mixed.ids)
    assert all(type(each) is int for each in graph.ids)
    for other in (texts, mixed):
        assert (graph.adjacency != other.adjacency).nnz == 0


def test_isolated_vertices_come_first_and_stay() -> None:
    graph = Graph.from_edges([1, 2], [2, 4], vertices=[9, 4])
    assert graph.ids == (9, 4, 1, 2)
    assert graph.neighbours(9) == ()
    assert components(graph).count == 2


def test_parts_keep_order_and_weights() -> None:
    graph = Graph.from_edges([1, 1, 2, 3], [2, 3, 3, 4], [1, 2, 3, 4])
    assert graph.without([2]).ids == (1, 3, 4)
    assert graph.without([2]).adjacency.toarray().tolist() == [[0, 2, 0], [2, 0, 4], [0, 4, 0]]
    assert graph.subgraph([4, 3]).ids == (3, 4)
    heads, tails, weights = graph.links()
    assert list(zip(heads.tolist(), tails.tolist(), weights.tolist(), strict=True)) == [
        (0, 1, 1), (0, 2, 2), (1, 2, 3), (2, 3, 4),
    ]  # fmt: skip


def test_a_link_of_weight_nought_is_none() -> None:
    graph = Graph.from_edges([1, 1], [2, 3], [0, 1])
    assert (graph.n, graph.m) == (3, 1)


@pytest.mark.parametrize(
    ("source", "target", "weight"),
    [
        ([1, 2], [2], None), ([1], [2], [-1.0]), ([1], [2], [float("nan")]), ([1], [2], [float("inf")]),
        ([1], [2], [1.0, 2.0]), ([1], [2], ["many"]), ([], [], None), ([None], [1], None), ([[1]], [2], None),
        ("ab", "cd", None), (3, 4, None),
    ],
)  # fmt: skip
def test_what_is_no_network_is_refused_in_a_sentence(source: object, target: object, weight: object) -> None:
    with pytest.raises(Invalid) as refused:
        Graph.from_edges(source, target, weight)  # type: ignore[arg-type]
    assert refused.value.message.endswith(".")


def test_nothing_is_measured_on_nothing() -> None:
    nothing = Graph.from_edges([1], [2]).without([1, 2])
    with pytest.raises(Invalid):
        pagerank(nothing)
    with pytest.raises(Invalid):
        Graph.from_edges([1], [2]).without([3])
