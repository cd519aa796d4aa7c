"""Contribution: signed as a whole, each statement provable alone, and no change goes unnoticed."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from alidade.model.contribution import (
    Contribution,
    StatementProof,
    prove_statement,
    sign_contribution,
    verify_contribution,
    verify_statement,
)
from alidade.model.evaluation import NOT_GIVEN, Evaluation
from alidade.model.ids import AuthorityId, ContributionId, HandlingId, RecordId, StatementId
from alidade.model.statement import Statement, statement_leaf


class Key:
    """A signing key of a test."""

    def __init__(self, seed: int) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.key_id = f"key-{seed}"
        self.public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


OWNER = Key(1)
STATEMENTS = [
    Statement(
        id=StatementId(f"{number:032x}"),
        record=RecordId("a" * 32),
        thing="Person",
        property="name",
        value=f"Name {number}",
        evaluation=Evaluation("B", "2", True, "4x4", "B2"),
        handling=HandlingId("f" * 64),
        salt=bytes([number]) * 16,
        original=f"NAME {number}",
    )
    for number in range(7)
]
LEAVES = [statement_leaf(statement) for statement in STATEMENTS]


def _given(**changes: Any) -> Contribution:
    fields: dict[str, Any] = {
        "contribution": ContributionId("c" * 32),
        "owner": AuthorityId("nl-politie"),
        "given_at": "2026-06-16T09:00:00+00:00",
        "title": "seven",
        "leaves": LEAVES,
        "signer": OWNER,
    }
    return sign_contribution(**fields | changes)


def test_signature_holds_and_breaks_with_any_field() -> None:
    head = _given()
    assert verify_contribution(head, OWNER.public)
    assert not verify_contribution(head, Key(2).public)
    assert not verify_contribution(head, b"short")
    for name, value in {
        "id": "d" * 32,
        "owner": "de-bka",
        "given_at": "2026-06-17T09:00:00+00:00",
        "title": "eight",
        "size": 8,
        "root": "0" * 64,
        "signature": b"\0" * 64,
    }.items():
        changed = dataclasses.replace(head, **{name: value})  # type: ignore[arg-type]
        assert not verify_contribution(changed, OWNER.public), name
        assert (changed.content_hash != head.content_hash) == (name != "signature")


@pytest.mark.parametrize("index", range(7))
def test_each_statement_is_proved_alone(index: int) -> None:
    proof = prove_statement(_given(), LEAVES, index)
    for other, statement in enumerate(STATEMENTS):
        assert verify_statement(statement, proof, OWNER.public) == (other == index)
    # The proof is hashes only: nothing of the other statements can be read in it.
    assert not any(s.value.encode() in part for s in STATEMENTS for part in proof.path)
    assert len(proof.path) <= 3


@pytest.mark.parametrize(
    "change",
    [
        {"value": "Name X"},
        {"original": None},
        {"property": "alias"},
        {"thing": "Company"},
        {"record": RecordId("b" * 32)},
        {"id": StatementId("e" * 32)},
        {"handling": HandlingId("0" * 64)},
        {"evaluation": Evaluation("A", "1", True, "4x4", "B2")},
        {"evaluation": NOT_GIVEN},
        {"language": "nl"},
        {"valid_from": "2020"},
        {"valid_to": "2021"},
        {"supersedes": StatementId("1" * 32)},
        {"salt": b"\xff" * 16},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_breaks_the_proof(change: dict[str, Any]) -> None:
    proof = prove_statement(_given(), LEAVES, 3)
    assert verify_statement(STATEMENTS[3], proof, OWNER.public)
    assert not verify_statement(dataclasses.replace(STATEMENTS[3], **change), proof, OWNER.public)


def test_a_proof_fits_its_own_contribution_only() -> None:
    proof = prove_statement(_given(), LEAVES, 3)
    other = _given(leaves=LEAVES[:5])
    assert not verify_statement(STATEMENTS[3], dataclasses.replace(proof, contribution=other), OWNER.public)
    assert not verify_statement(STATEMENTS[3], dataclasses.replace(proof, index=2), OWNER.public)
    assert not verify_statement(STATEMENTS[3], dataclasses.replace(proof, path=proof.path[:-1]), OWNER.public)
    with pytest.raises(ValueError, match="no leaf"):
        prove_statement(_given(), LEAVES, 7)


def test_a_contribution_of_one() -> None:
    head = _given(leaves=LEAVES[:1])
    assert verify_statement(STATEMENTS[0], StatementProof(contribution=head, index=0, path=()), OWNER.public)
