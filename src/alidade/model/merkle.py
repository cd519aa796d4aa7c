"""Seal a list of things under one number, and prove that one of them is in it without showing the others.

The tree of RFC 6962 section 2.1 (same as RFC 9162 section 2.1) over SHA-256: leaves are hashed with a
0x00 prefix, inner nodes with 0x01, and an odd node moves up unchanged. Before each content stands a
16-byte random salt, so that a leaf whose salt and content were erased cannot be guessed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, TypeAlias

HASH_BYTES: Final = 32
SALT_BYTES: Final = 16
EMPTY_ROOT: Final = sha256(b"").digest()

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"

Span: TypeAlias = tuple[int, int]
"""Leaves from the first index up to, not including, the second."""


def leaf_hash(salt: bytes, content: bytes) -> bytes:
    """Seal one thing, with random bytes so that nobody can guess it back from the seal.

    SHA-256(0x00 || salt || content); the salt has exactly 16 bytes, else ValueError (a salt of any
    length could be confused with the beginning of the content).
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(_LEAF + salt + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Seal two seals together: SHA-256(0x01 || left || right), both of 32 bytes, else ValueError."""
    _require_hashes((left, right))
    return sha256(_NODE + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Give the one number that seals a whole list.

    `leaf_hashes`: 32 bytes each, in order, else ValueError. An empty list gives SHA-256 of nothing.
    RFC 6962 section 2.1.
    """
    _require_hashes(leaf_hashes)
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    while len(level) > 1:
        above = [sha256(_NODE + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def inclusion_spans(index: int, size: int) -> tuple[Span, ...]:
    """Say which parts of a list must be given to prove that one thing is in it.

    The spans whose roots make the proof of leaf `index` in a tree of `size` leaves, from the leaf up.
    ValueError unless 0 <= index < size. RFC 6962 section 2.1.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return tuple(reversed(spans))


def consistency_spans(old_size: int, new_size: int) -> tuple[Span, ...]:
    """Say which parts of a list must be given to prove that it only grew.

    The spans whose roots make the proof from `old_size` to `new_size` leaves; none when the sizes are
    equal or the old tree is empty. ValueError unless 0 <= old_size <= new_size. RFC 6962 section 2.1.2.
    """
    if not 0 <= old_size <= new_size:
        raise ValueError(f"no growth from {old_size} to {new_size} leaves")
    if old_size == 0:
        return ()
    spans: list[Span] = []
    start, end = 0, new_size
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:  # otherwise the span is the whole old tree, whose root the verifier has
        spans.append((start, end))
    return tuple(reversed(spans))


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Prove that one thing is in a list, without showing the others.

    The hashes of 32 bytes that lead from leaf `index` to the root, lowest first. ValueError when there is
    no such leaf. RFC 6962 section 2.1.1.
    """
    return tuple(root_of(leaf_hashes[a:b]) for a, b in inclusion_spans(index, len(leaf_hashes)))


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Prove that a list only grew: its first `old_size` things are still what they were.

    ValueError unless 0 <= old_size <= number of leaves. RFC 6962 section 2.1.2.
    """
    return tuple(root_of(leaf_hashes[a:b]) for a, b in consistency_spans(old_size, len(leaf_hashes)))


def verify_inclusion(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that this thing stands at this place of the sealed list.

    True only for a proof of exactly the needed length; any malformed input gives False, never an error.
    RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes((leaf, *proof)):
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = sha256(_NODE + sibling + node).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = sha256(_NODE + node + sibling).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that a sealed list only grew since it was last seen.

    An empty old tree is the beginning of every tree and takes the empty proof. Any malformed input gives
    False, never an error. RFC 9162 section 2.1.4.2.
    """
    if not 0 <= old_size <= new_size or not _are_hashes((old_root, new_root, *proof)):
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT and (new_size > 0 or new_root == EMPTY_ROOT)
    if old_size == new_size:
        return not proof and old_root == new_root
    path = proof if old_size & (old_size - 1) else (old_root, *proof)
    if not path:
        return False
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_node = new_node = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_node = sha256(_NODE + sibling + old_node).digest()
            new_node = sha256(_NODE + sibling + new_node).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_node = sha256(_NODE + new_node + sibling).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and old_node == old_root and new_node == new_root


def _split(width: int) -> int:
    """The largest power of two below `width` (RFC 6962: k < n <= 2k)."""
    return 1 << ((width - 1).bit_length() - 1)


def _are_hashes(values: Sequence[bytes]) -> bool:
    # 31 bytes beside 33 would hash like 32 beside 32: every length is checked, not only the sum.
    return all(len(value) == HASH_BYTES for value in values)


def _require_hashes(values: Sequence[bytes]) -> None:
    if not _are_hashes(values):
        raise ValueError(f"every hash in the tree has {HASH_BYTES} bytes")
