"""The growing tree gives what the plain one gives, with few reads."""

from __future__ import annotations

from hashlib import sha256

import pytest

from alidade.ledger.tree import Frontier, MemoryNodes, Tree
from alidade.model import merkle

HASHES = [sha256(b"%d" % i).digest() for i in range(300)]
SIZES = [*range(71), 127, 128, 129, 255, 299, 300]


class CountingNodes(MemoryNodes):
    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def get(self, level: int, index: int) -> bytes:
        self.reads += 1
        return super().get(level, index)


@pytest.fixture(scope="module")
def nodes() -> CountingNodes:
    nodes = CountingNodes()
    tree = Tree(nodes)
    assert [tree.append(leaf) for leaf in HASHES] == list(range(300))
    return nodes


@pytest.fixture
def tree(nodes: CountingNodes) -> Tree:
    return Tree(nodes, 300)


@pytest.mark.parametrize("size", SIZES)
def test_root_of_every_size(tree: Tree, size: int) -> None:
    assert tree.root(size) == merkle.root_of(HASHES[:size])


def test_root_while_growing() -> None:
    tree, frontier = Tree(MemoryNodes()), Frontier()
    assert tree.root() == frontier.root() == merkle.EMPTY_ROOT
    for count, leaf in enumerate(HASHES[:140], start=1):
        tree.append(leaf)
        frontier.append(leaf)
        assert tree.size == frontier.size == count
        assert tree.root() == frontier.root() == merkle.root_of(HASHES[:count])


@pytest.mark.parametrize("size", SIZES[1:])
def test_inclusion_proof_of_every_leaf(tree: Tree, size: int) -> None:
    for index in range(size):
        assert tree.inclusion_proof(index, size) == merkle.inclusion_proof(HASHES[:size], index)


@pytest.mark.parametrize("size", SIZES)
def test_consistency_proof_from_every_size(tree: Tree, size: int) -> None:
    for old in range(size + 1):
        assert tree.consistency_proof(old, size) == merkle.consistency_proof(HASHES[:size], old)


def test_newest_size_when_none_is_given(tree: Tree) -> None:
    assert tree.root() == tree.root(300)
    assert tree.inclusion_proof(7) == tree.inclusion_proof(7, 300)
    assert tree.consistency_proof(7) == tree.consistency_proof(7, 300)


def test_reads_grow_with_the_logarithm(tree: Tree, nodes: CountingNodes) -> None:
    for size in SIZES[1:]:
        limit = 2 * size.bit_length()
        for index in range(size):
            nodes.reads = 0
            tree.inclusion_proof(index, size)
            assert nodes.reads <= limit
            nodes.reads = 0
            tree.consistency_proof(index, size)
            assert nodes.reads <= limit
        nodes.reads = 0
        tree.root(size)
        assert nodes.reads == size.bit_count()


def test_only_complete_subtrees_are_stored(nodes: CountingNodes) -> None:
    for level in range(9):
        for index in range(300 >> level):
            span = HASHES[index << level : (index + 1) << level]
            assert nodes.get(level, index) == merkle.root_of(span)
        with pytest.raises(KeyError):
            nodes.get(level, 300 >> level)


def test_carries_on_from_a_stored_size() -> None:
    nodes = MemoryNodes()
    for count in range(40):
        assert Tree(nodes, count).append(HASHES[count]) == count
    assert Tree(nodes, 40).root() == merkle.root_of(HASHES[:40])


@pytest.mark.parametrize("size", [-1, 301])
def test_no_size_beyond_the_log(tree: Tree, size: int) -> None:
    for ask in (
        lambda: tree.root(size),
        lambda: tree.inclusion_proof(0, size),
        lambda: tree.consistency_proof(0, size),
    ):
        with pytest.raises(ValueError, match="the log has 300 lines"):
            ask()


def test_no_negative_size() -> None:
    with pytest.raises(ValueError, match="fewer than no leaves"):
        Tree(MemoryNodes(), -1)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_leaf_has_thirty_two_bytes(length: int) -> None:
    tree, frontier = Tree(MemoryNodes()), Frontier()
    with pytest.raises(ValueError, match="32 bytes"):
        tree.append(bytes(length))
    with pytest.raises(ValueError, match="32 bytes"):
        frontier.append(bytes(length))
    assert tree.size == frontier.size == 0


def test_a_node_is_written_once() -> None:
    nodes = MemoryNodes()
    Tree(nodes).append(HASHES[0])
    Tree(nodes).append(HASHES[0])  # the same again, as after a repeated transaction
    with pytest.raises(ValueError, match="written already"):
        Tree(nodes).append(HASHES[1])
    assert nodes.get(0, 0) == HASHES[0]
