"""Grow the sealed log by one line at a time, and prove what is in it with a few reads.

Only roots of complete subtrees are stored: the node at (level, index) seals the 2**level leaves from
index * 2**level. They never change once written, so the table behind them is append-only as well.
"""

from __future__ import annotations

from typing import Protocol

from alidade.model.merkle import EMPTY_ROOT, HASH_BYTES, consistency_spans, inclusion_spans, node_hash


class NodeStore(Protocol):
    """Where the nodes of the tree are kept."""

    def get(self, level: int, index: int) -> bytes:
        """Give the 32 bytes stored at this place; KeyError when there are none."""
        ...

    def put(self, level: int, index: int, value: bytes) -> None:
        """Keep these 32 bytes; every place is written once."""
        ...


class MemoryNodes:
    """Nodes kept in memory, for tests, notebooks and verification."""

    __slots__ = ("_nodes",)

    def __init__(self) -> None:
        self._nodes: dict[tuple[int, int], bytes] = {}

    def get(self, level: int, index: int) -> bytes:
        """Give the 32 bytes stored at this place; KeyError when there are none."""
        return self._nodes[level, index]

    def put(self, level: int, index: int, value: bytes) -> None:
        """Keep these 32 bytes; ValueError when the place holds something else already."""
        if self._nodes.setdefault((level, index), value) != value:
            raise ValueError(f"node {index} of level {level} is written already")


class Tree:
    """The sealed log: takes new lines at its end, gives its seal and proofs for any earlier size.

    `size` is the number of leaves already in `nodes`. The object counts on from there, so after a
    transaction was rolled back it must be thrown away and made anew.
    """

    __slots__ = ("_nodes", "_size")

    def __init__(self, nodes: NodeStore, size: int = 0) -> None:
        if size < 0:
            raise ValueError("a tree cannot have fewer than no leaves")
        self._nodes = nodes
        self._size = size

    @property
    def size(self) -> int:
        """How many lines are in the log."""
        return self._size

    def append(self, leaf: bytes) -> int:
        """Add one line (its leaf hash of 32 bytes, else ValueError) and give its index, counted from 0."""
        if len(leaf) != HASH_BYTES:
            raise ValueError(f"a leaf hash has {HASH_BYTES} bytes, not {len(leaf)}")
        place = self._size
        level, index, node = 0, place, leaf
        self._nodes.put(0, index, node)
        while index & 1:
            node = node_hash(self._nodes.get(level, index - 1), node)
            level, index = level + 1, index >> 1
            self._nodes.put(level, index, node)
        self._size = place + 1
        return place

    def root(self, size: int | None = None) -> bytes:
        """Give the seal over the first `size` lines (all when left out); ValueError beyond the end."""
        return self._seal(0, self._bounded(size))

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Prove that line `index` is in the log of `size` lines.

        At most about 2 log2(size) reads. ValueError when there is no such line or size.
        RFC 6962 section 2.1.1.
        """
        return tuple(self._seal(a, b) for a, b in inclusion_spans(index, self._bounded(size)))

    def consistency_proof(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Prove that the log of `new` lines begins with the log of `old` lines.

        At most about 2 log2(new) reads. ValueError when there are no such sizes. RFC 6962 section 2.1.2.
        """
        return tuple(self._seal(a, b) for a, b in consistency_spans(old, self._bounded(new)))

    def _bounded(self, size: int | None) -> int:
        if size is None:
            return self._size
        if not 0 <= size <= self._size:
            raise ValueError(f"the log has {self._size} lines, not {size}")
        return size

    def _seal(self, start: int, end: int) -> bytes:
        # Spans of RFC 6962 start at a multiple of a power of two no smaller than their width, so taking
        # the largest complete subtree from the left always lands on a stored node.
        parts: list[bytes] = []
        while start < end:
            level = (end - start).bit_length() - 1
            parts.append(self._nodes.get(level, start >> level))
            start += 1 << level
        return _fold(parts)


class Frontier:
    """The shortest note from which a log's seal can be carried on: one hash per 1-bit of its size."""

    __slots__ = ("_parts", "_size")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    @property
    def size(self) -> int:
        """How many lines were added."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one line (its leaf hash of 32 bytes, else ValueError)."""
        if len(leaf) != HASH_BYTES:
            raise ValueError(f"a leaf hash has {HASH_BYTES} bytes, not {len(leaf)}")
        node, carry = leaf, self._size
        while carry & 1:
            node = node_hash(self._parts.pop(), node)
            carry >>= 1
        self._parts.append(node)
        self._size += 1

    def root(self) -> bytes:
        """Give the seal over all lines added so far."""
        return _fold(self._parts)


def _fold(parts: list[bytes]) -> bytes:
    """Join complete subtrees, largest first, into one root, as RFC 6962 does at the right edge."""
    if not parts:
        return EMPTY_ROOT
    node = parts[-1]
    for part in reversed(parts[:-1]):
        node = node_hash(part, node)
    return node
