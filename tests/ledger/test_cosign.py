"""A witness takes only seals of a log that grows, and its alarms carry their evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.ledger.cosign import Witness, cosign, verify_cosignature
from alidade.ledger.head import Ed25519Signer, Head, HeadError, sign_head, verify_head
from alidade.model.merkle import consistency_proof, root_of

HASHES = [sha256(b"%d" % i).digest() for i in range(64)]
FORKED = [sha256(b"other").digest(), *HASHES[1:]]

MakeHead = Callable[..., Head]


@pytest.fixture(scope="session")
def make(signer: Ed25519Signer, noon: datetime) -> MakeHead:
    def make(size: int, minute: int, hashes: list[bytes] = HASHES, **fields: Any) -> Head:
        at = noon + timedelta(minutes=minute)
        given: dict[str, Any] = {"origin": "node-a", "signer": signer, "root": root_of(hashes[:size])}
        return sign_head(size=size, at=at, **(given | fields))

    return make


@pytest.fixture
def watching(make: MakeHead, keys: dict[str, bytes]) -> Witness:
    """A witness that has accepted five lines at minute 5."""
    verdict = Witness(origin="node-a").consider(make(5, 5), (), keys)
    assert verdict.ruling == "accepted"
    assert verdict.evidence is None
    return verdict.witness


def proof(old: int, new: int, hashes: list[bytes] = HASHES) -> tuple[bytes, ...]:
    return consistency_proof(hashes[:new], old)


def test_the_first_seal_is_remembered(watching: Witness, make: MakeHead) -> None:
    assert watching == Witness(origin="node-a", last=make(5, 5))


def test_the_first_seal_needs_no_proof_and_takes_none(make: MakeHead, keys: dict[str, bytes]) -> None:
    new = Witness(origin="node-a")
    assert new.consider(make(5, 5), (HASHES[0],), keys).ruling == "unproven"
    assert new.consider(make(0, 5), (), keys).ruling == "accepted"
    assert new.consider(make(0, 5, root=HASHES[0]), (), keys).ruling == "unproven"


def test_growth_with_proof_is_accepted(watching: Witness, make: MakeHead, keys: dict[str, bytes]) -> None:
    verdict = watching.consider(make(9, 6), proof(5, 9), keys)
    assert verdict.ruling == "accepted"
    assert verdict.witness.last == make(9, 6)
    assert watching.last == make(5, 5)


def test_growth_at_the_same_moment_is_accepted(watching: Witness, make: MakeHead, keys: dict[str, bytes]) -> None:
    assert watching.consider(make(9, 5), proof(5, 9), keys).ruling == "accepted"


def test_growth_without_proof_is_not(watching: Witness, make: MakeHead, keys: dict[str, bytes]) -> None:
    for wrong in ((), proof(4, 9), proof(5, 10), proof(5, 9)[:-1]):
        verdict = watching.consider(make(9, 6), wrong, keys)
        assert (verdict.ruling, verdict.witness, verdict.evidence) == ("unproven", watching, None)


def test_growth_from_another_past_is_not(watching: Witness, make: MakeHead, keys: dict[str, bytes]) -> None:
    verdict = watching.consider(make(9, 6, FORKED), proof(5, 9, FORKED), keys)
    assert (verdict.ruling, verdict.witness) == ("unproven", watching)


def test_standing_still_moves_the_time(watching: Witness, make: MakeHead, keys: dict[str, bytes]) -> None:
    verdict = watching.consider(make(5, 8), (), keys)
    assert verdict.ruling == "accepted"
    assert verdict.witness.last == make(5, 8)
    assert verdict.witness.consider(make(5, 8), (), keys).ruling == "accepted"
    assert verdict.witness.consider(make(5, 5), (), keys).ruling == "stale"


@pytest.mark.parametrize("minute", [4, 5, 6])
def test_two_roots_for_one_size_are_a_fork(
    watching: Witness, make: MakeHead, keys: dict[str, bytes], signer: Ed25519Signer, minute: int
) -> None:
    other = make(5, minute, FORKED)
    verdict = watching.consider(other, (), keys)
    assert (verdict.ruling, verdict.witness) == ("fork", watching)
    assert verdict.evidence == (make(5, 5), other)
    assert all(verify_head(each, signer.public_key) for each in verdict.evidence)


@pytest.mark.parametrize(("size", "minute"), [(3, 4), (3, 5)])
def test_late_mail_is_stale(watching: Witness, make: MakeHead, keys: dict[str, bytes], size: int, minute: int) -> None:
    verdict = watching.consider(make(size, minute), (), keys)
    assert (verdict.ruling, verdict.witness, verdict.evidence) == ("stale", watching, None)


@pytest.mark.parametrize(("size", "minute"), [(3, 6), (0, 6), (9, 4)])
def test_size_against_time_is_a_rollback(
    watching: Witness, make: MakeHead, keys: dict[str, bytes], size: int, minute: int
) -> None:
    head = make(size, minute)
    verdict = watching.consider(head, proof(5, size) if size > 5 else (), keys)
    assert (verdict.ruling, verdict.witness) == ("rollback", watching)
    assert verdict.evidence == (make(5, 5), head)


def test_another_log_is_foreign(watching: Witness, make: MakeHead, keys: dict[str, bytes]) -> None:
    verdict = watching.consider(make(9, 6, origin="node-b"), proof(5, 9), keys)
    assert (verdict.ruling, verdict.witness) == ("foreign", watching)


def test_unsigned_alarms_are_not_raised(
    watching: Witness, make: MakeHead, keys: dict[str, bytes], stranger: Ed25519Signer
) -> None:
    """Anybody could else accuse a log of a fork."""
    for head in (
        make(5, 6, FORKED, signer=stranger),
        replace(make(5, 6, FORKED), key_id="key-2"),
        replace(make(3, 6), signature=bytes(64)),
        replace(make(9, 6), size=10),
    ):
        verdict = watching.consider(head, proof(5, 9), keys)
        assert (verdict.ruling, verdict.witness, verdict.evidence) == ("unsigned", watching, None)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), max_size=8))
def test_an_honest_log_is_never_accused(steps: list[tuple[int, int]], make: MakeHead, keys: dict[str, bytes]) -> None:
    witness, size, minute = Witness(origin="node-a"), 0, 0
    for more, later in steps:
        old, size, minute = size, min(size + more, 64), minute + later
        verdict = witness.consider(make(size, minute), proof(old, size), keys)
        assert verdict.ruling == "accepted"
        witness = verdict.witness


@settings(derandomize=True, max_examples=200, deadline=None)
@given(old=st.integers(1, 40), more=st.integers(0, 20), later=st.integers(0, 3))
def test_another_past_is_never_accepted(
    old: int, more: int, later: int, make: MakeHead, keys: dict[str, bytes]
) -> None:
    witness = Witness(origin="node-a", last=make(old, 0))
    head = make(old + more, later, FORKED)
    verdict = witness.consider(head, proof(old, old + more, FORKED), keys)
    assert verdict.ruling == ("unproven" if more else "fork")
    assert verdict.witness == witness


class TestCosignature:
    def test_verifies(self, make: MakeHead, noon: datetime, stranger: Ed25519Signer) -> None:
        given = cosign(make(5, 5), witness="node-b", at=noon, signer=stranger)
        assert (given.witness, given.at, given.key_id) == ("node-b", noon, "key-9")
        assert verify_cosignature(given, make(5, 5), stranger.public_key)

    def test_covers_the_seal_and_its_own_fields(
        self, make: MakeHead, noon: datetime, signer: Ed25519Signer, stranger: Ed25519Signer
    ) -> None:
        head = make(5, 5)
        given = cosign(head, witness="node-b", at=noon, signer=stranger)
        key = stranger.public_key
        assert not verify_cosignature(given, head, signer.public_key)
        for other in (
            make(6, 5),
            make(5, 6),
            make(5, 5, FORKED),
            make(5, 5, origin="node-c"),
            make(5, 5, signer=stranger),
        ):
            assert not verify_cosignature(given, other, key)
        for changed in (
            replace(given, witness="node-c"),
            replace(given, at=noon + timedelta(microseconds=1)),
            replace(given, key_id="key-8"),
            replace(given, signature=bytes(64)),
        ):
            assert not verify_cosignature(changed, head, key)

    def test_is_no_seal_and_a_seal_is_none(self, make: MakeHead, noon: datetime, signer: Ed25519Signer) -> None:
        head = make(5, 5)
        given = cosign(head, witness="node-b", at=noon, signer=signer)
        assert not verify_head(replace(head, signature=given.signature), signer.public_key)
        assert not verify_cosignature(replace(given, signature=head.signature), head, signer.public_key)

    @pytest.mark.parametrize("witness", ["", "\ud800"])
    def test_a_witness_has_a_name(self, make: MakeHead, noon: datetime, signer: Ed25519Signer, witness: str) -> None:
        with pytest.raises(HeadError):
            cosign(make(5, 5), witness=witness, at=noon, signer=signer)

    def test_a_key_has_a_name(self, make: MakeHead, noon: datetime, signer: Ed25519Signer) -> None:
        for key_id in ("", "\ud800"):
            with pytest.raises(HeadError):
                cosign(make(5, 5), witness="node-b", at=noon, signer=replace(signer, key_id=key_id))

    def test_time_is_utc(self, make: MakeHead, noon: datetime, signer: Ed25519Signer) -> None:
        for at in (noon.replace(tzinfo=None), noon.astimezone(timezone(timedelta(hours=1)))):
            with pytest.raises(HeadError, match="UTC"):
                cosign(make(5, 5), witness="node-b", at=at, signer=signer)
