"""The tree of RFC 6962: published vectors, pymerkle as an independent oracle, and what must be refused."""

from __future__ import annotations

import random
from hashlib import sha256

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.model import merkle

# The eight reference leaves and results published with Certificate Transparency
# (google/certificate-transparency, merkletree tests; reused by implementations of RFC 6962).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf index from 0, tree size) -> path
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
# (old size, new size) -> path
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def plain_leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def salted(count: int) -> list[tuple[bytes, bytes]]:
    return [(sha256(b"salt%d" % i).digest()[:16], b"content %d" % i) for i in range(count)]


PAIRS = salted(300)
HASHES = [merkle.leaf_hash(salt, content) for salt, content in PAIRS]


@pytest.fixture(scope="module")
def oracle() -> pymerkle.InmemoryTree:
    return pymerkle.InmemoryTree.init_from_entries([salt + content for salt, content in PAIRS])


def flip(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    return bytes(changed)


class TestPublishedVectors:
    @pytest.mark.parametrize("size", range(9))
    def test_root(self, size: int) -> None:
        assert merkle.root_of([plain_leaf(data) for data in LEAVES[:size]]).hex() == ROOTS[size]

    @pytest.mark.parametrize(("index", "size"), INCLUSION)
    def test_inclusion(self, index: int, size: int) -> None:
        hashes = [plain_leaf(data) for data in LEAVES[:size]]
        proof = merkle.inclusion_proof(hashes, index)
        assert [each.hex() for each in proof] == INCLUSION[index, size]
        assert merkle.verify_inclusion(bytes.fromhex(ROOTS[size]), size, index, hashes[index], proof)

    @pytest.mark.parametrize(("old", "new"), CONSISTENCY)
    def test_consistency(self, old: int, new: int) -> None:
        proof = merkle.consistency_proof([plain_leaf(data) for data in LEAVES[:new]], old)
        assert [each.hex() for each in proof] == CONSISTENCY[old, new]
        roots = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
        assert merkle.verify_consistency(old, roots[0], new, roots[1], proof)


def rfc_subproof(old: int, start: int, end: int, whole: bool, tree: pymerkle.InmemoryTree) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2 word for word, with the hashes of pymerkle."""
    width = end - start
    if old == width:
        return [] if whole else [tree._get_root(start, end)]
    k = 1
    while 2 * k < width:
        k *= 2
    if old <= k:
        return [
            *rfc_subproof(old, start, start + k, whole, tree),
            tree._get_root(start + k, end),
        ]
    return [
        *rfc_subproof(old - k, start + k, end, False, tree),
        tree._get_root(start, start + k),
    ]


SMALL = range(71)
RANDOM = sorted(random.Random(6962).sample(range(71, 301), 12))


class TestAgainstPymerkle:
    @pytest.mark.parametrize("size", [*SMALL, *RANDOM])
    def test_root(self, size: int, oracle: pymerkle.InmemoryTree) -> None:
        expected = oracle.get_root(size) if size else sha256(b"").digest()
        assert merkle.root_of(HASHES[:size]) == expected

    @pytest.mark.parametrize("size", [*SMALL[1:], *RANDOM])
    def test_inclusion(self, size: int, oracle: pymerkle.InmemoryTree) -> None:
        root = merkle.root_of(HASHES[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(HASHES[:size], index)
            theirs = oracle.prove_inclusion(index + 1, size)
            assert theirs.path == [HASHES[index], *proof]
            assert merkle.verify_inclusion(root, size, index, HASHES[index], proof)

    @pytest.mark.parametrize("size", [*SMALL[1:], *RANDOM[::4]])
    def test_consistency(self, size: int, oracle: pymerkle.InmemoryTree) -> None:
        new_root = merkle.root_of(HASHES[:size])
        for old in range(1, size + 1):
            old_root = merkle.root_of(HASHES[:old])
            proof = merkle.consistency_proof(HASHES[:size], old)
            assert list(proof) == rfc_subproof(old, 0, size, True, oracle)
            assert merkle.verify_consistency(old, old_root, size, new_root, proof)
            pymerkle.verify_consistency(old_root, new_root, oracle.prove_consistency(old, size), old, size)


class TestRefusals:
    @pytest.mark.parametrize("length", [0, 15, 17, 32])
    def test_salt_has_sixteen_bytes(self, length: int) -> None:
        with pytest.raises(ValueError, match="16 bytes"):
            merkle.leaf_hash(bytes(length), b"content")

    def test_leaf_and_node_are_hashed_apart(self) -> None:
        left, right = HASHES[:2]
        assert merkle.leaf_hash(left[:16], left[16:] + right) != merkle.node_hash(left, right)

    @pytest.mark.parametrize(("left", "right"), [(31, 33), (33, 31), (0, 64)])
    def test_hashes_have_thirty_two_bytes(self, left: int, right: int) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            merkle.node_hash(bytes(left), bytes(right))
        with pytest.raises(ValueError, match="32 bytes"):
            merkle.root_of([bytes(left), bytes(right)])

    @pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
    def test_no_proof_of_a_leaf_that_is_not_there(self, index: int, size: int) -> None:
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_proof(HASHES[:size], index)
        assert not merkle.verify_inclusion(merkle.root_of(HASHES[:size]), size, index, HASHES[0], ())

    @pytest.mark.parametrize(("old", "new"), [(-1, 5), (6, 5), (2, 1), (4, 3)])
    def test_no_proof_of_shrinking(self, old: int, new: int) -> None:
        with pytest.raises(ValueError, match="no growth"):
            merkle.consistency_proof(HASHES[:new], old)
        new_root = merkle.root_of(HASHES[:new])
        assert not merkle.verify_consistency(old, new_root, new, new_root, ())

    def test_negative_sizes(self) -> None:
        assert not merkle.verify_consistency(-1, merkle.EMPTY_ROOT, 0, merkle.EMPTY_ROOT, ())

    def test_inclusion_proof_too_long_for_the_claimed_size(self) -> None:
        # Without a stop at the top, the second of two leaves would pass as the only one.
        root = merkle.root_of(HASHES[:2])
        assert not merkle.verify_inclusion(root, 1, 0, HASHES[1], HASHES[:1])

    def test_inclusion_proof_too_short_for_the_claimed_size(self) -> None:
        root = merkle.root_of(HASHES[:2])
        assert not merkle.verify_inclusion(root, 4, 0, HASHES[0], HASHES[1:2])

    def test_shifted_byte_boundary_in_an_inclusion_proof(self) -> None:
        joined = HASHES[0] + HASHES[1]
        root = merkle.root_of(HASHES[:2])
        assert merkle.verify_inclusion(root, 2, 0, joined[:32], [joined[32:]])
        assert not merkle.verify_inclusion(root, 2, 0, joined[:31], [joined[31:]])

    def test_shifted_byte_boundary_in_a_consistency_proof(self) -> None:
        joined = HASHES[0] + HASHES[1]
        root = merkle.root_of(HASHES[:2])
        assert merkle.verify_consistency(1, joined[:32], 2, root, [joined[32:]])
        assert not merkle.verify_consistency(1, joined[:31], 2, root, [joined[31:]])

    def test_empty_old_tree(self) -> None:
        root = merkle.root_of(HASHES[:3])
        assert merkle.consistency_proof(HASHES[:3], 0) == ()
        assert merkle.verify_consistency(0, merkle.EMPTY_ROOT, 3, root, ())
        assert merkle.verify_consistency(0, merkle.EMPTY_ROOT, 1, HASHES[0], ())
        assert merkle.verify_consistency(0, merkle.EMPTY_ROOT, 0, merkle.EMPTY_ROOT, ())
        assert not merkle.verify_consistency(0, merkle.EMPTY_ROOT, 0, root, ())
        assert not merkle.verify_consistency(0, root, 3, root, ())
        assert not merkle.verify_consistency(0, root, 0, root, ())
        assert not merkle.verify_consistency(0, merkle.EMPTY_ROOT, 3, root, (root,))

    def test_same_size(self) -> None:
        root, other = merkle.root_of(HASHES[:3]), merkle.root_of(HASHES[1:4])
        assert merkle.verify_consistency(3, root, 3, root, ())
        assert not merkle.verify_consistency(3, root, 3, other, ())
        assert not merkle.verify_consistency(3, root, 3, root, (root,))

    def test_missing_consistency_proof(self) -> None:
        root = merkle.root_of(HASHES[:3])
        assert not merkle.verify_consistency(3, root, 5, merkle.root_of(HASHES[:5]), ())
        # A power of two needs no first hash: the loop itself must notice that nothing follows.
        four = merkle.root_of(HASHES[:4])
        assert not merkle.verify_consistency(4, four, 5, four, ())

    def test_consistency_proof_too_long_for_the_claimed_size(self) -> None:
        # The true proof from 3 to 7 leaves, offered as one from 3 to 4.
        proof = merkle.consistency_proof(HASHES[:7], 3)
        old, new = merkle.root_of(HASHES[:3]), merkle.root_of(HASHES[:7])
        assert merkle.verify_consistency(3, old, 7, new, proof)
        assert not merkle.verify_consistency(3, old, 4, new, proof)

    def test_consistency_proof_continued_beyond_the_top(self) -> None:
        # Joining both trees under the same left neighbour keeps them consistent with each other, but the
        # roots then belong to other sizes.
        left = HASHES[9]
        proof = (*merkle.consistency_proof(HASHES[:4], 3), left)
        old = merkle.node_hash(left, merkle.root_of(HASHES[:3]))
        new = merkle.node_hash(left, merkle.root_of(HASHES[:4]))
        assert not merkle.verify_consistency(3, old, 4, new, proof)

    def test_each_root_of_a_consistency_proof_counts(self) -> None:
        proof = merkle.consistency_proof(HASHES[:7], 3)
        old, new = merkle.root_of(HASHES[:3]), merkle.root_of(HASHES[:7])
        assert not merkle.verify_consistency(3, new, 7, new, proof)
        assert not merkle.verify_consistency(3, old, 7, old, proof)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(data=st.data(), size=st.integers(1, 130), bit=st.integers(0, 255))
def test_one_changed_bit_breaks_an_inclusion_proof(data: st.DataObject, size: int, bit: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = HASHES[:size]
    root, proof = merkle.root_of(hashes), merkle.inclusion_proof(hashes, index)
    assert merkle.verify_inclusion(root, size, index, hashes[index], proof)
    assert not merkle.verify_inclusion(flip(root, bit), size, index, hashes[index], proof)
    assert not merkle.verify_inclusion(root, size, index, flip(hashes[index], bit), proof)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index)) if size > 1 else 1
    assert not merkle.verify_inclusion(root, size, other, hashes[index], proof)
    assert not merkle.verify_inclusion(root, size, index, hashes[index], (*proof, root))
    for at in range(len(proof)):
        changed = [*proof[:at], flip(proof[at], bit), *proof[at + 1 :]]
        assert not merkle.verify_inclusion(root, size, index, hashes[index], changed)
        shorter = [*proof[:at], *proof[at + 1 :]]
        assert not merkle.verify_inclusion(root, size, index, hashes[index], shorter)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(data=st.data(), new=st.integers(2, 130), bit=st.integers(0, 255))
def test_one_changed_bit_breaks_a_consistency_proof(data: st.DataObject, new: int, bit: int) -> None:
    old = data.draw(st.integers(1, new - 1))
    old_root, new_root = merkle.root_of(HASHES[:old]), merkle.root_of(HASHES[:new])
    proof = merkle.consistency_proof(HASHES[:new], old)
    assert merkle.verify_consistency(old, old_root, new, new_root, proof)
    assert not merkle.verify_consistency(old, flip(old_root, bit), new, new_root, proof)
    assert not merkle.verify_consistency(old, old_root, new, flip(new_root, bit), proof)
    assert not merkle.verify_consistency(old, old_root, new, new_root, (*proof, new_root))
    for at in range(len(proof)):
        changed = [*proof[:at], flip(proof[at], bit), *proof[at + 1 :]]
        assert not merkle.verify_consistency(old, old_root, new, new_root, changed)
        shorter = [*proof[:at], *proof[at + 1 :]]
        assert not merkle.verify_consistency(old, old_root, new, new_root, shorter)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(data=st.data(), new=st.integers(2, 70))
def test_a_tree_with_another_past_has_no_proof(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(1, new - 1))
    altered = data.draw(st.integers(0, old - 1))
    forked = [*HASHES[:altered], HASHES[299], *HASHES[altered + 1 : new]]
    proof = merkle.consistency_proof(forked, old)
    assert not merkle.verify_consistency(old, merkle.root_of(HASHES[:old]), new, merkle.root_of(forked), proof)
