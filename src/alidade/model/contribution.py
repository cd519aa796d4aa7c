"""Contribution: what an authority gives at once. Signed over the root of its statements; each is provable alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.ids import AuthorityId, ContributionId
from alidade.model.merkle import inclusion_proof, root_of, verify_inclusion
from alidade.model.ports import Signer
from alidade.model.statement import Statement, statement_leaf

VERSION = 1
_TAG = b"alidade contribution v1\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """The signed head of a set of statements.

    `root` is the RFC 6962 root (hex) over the salted leaves in order; `content_hash` the SHA-256 of the canonical
    head, which names the contribution by its content.
    """

    id: ContributionId
    owner: AuthorityId
    given_at: str  # ISO 8601, UTC
    title: str
    size: int
    root: str
    key_id: str
    signature: bytes

    @property
    def content_hash(self) -> str:
        """SHA-256 of what is signed, 64 hex digits."""
        return sha256_hex(_signed_bytes(self.id, self.owner, self.given_at, self.title, self.size, self.root))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementProof:
    """What a third party needs to be sure that the owner gave this one statement, without seeing the others."""

    contribution: Contribution
    index: int
    path: tuple[bytes, ...]


def _signed_bytes(
    contribution: ContributionId, owner: AuthorityId, given_at: str, title: str, size: int, root: str
) -> bytes:
    return _TAG + canonical_bytes(
        {
            "version": VERSION,
            "id": contribution,
            "owner": owner,
            "given_at": given_at,
            "title": title,
            "size": size,
            "root": root,
        }
    )


def sign_contribution(
    *,
    contribution: ContributionId,
    owner: AuthorityId,
    given_at: str,
    title: str,
    leaves: Sequence[bytes],
    signer: Signer,
) -> Contribution:
    """The contribution over these statement leaves, signed by its owner."""
    root = root_of(leaves).hex()
    message = _signed_bytes(contribution, owner, given_at, title, len(leaves), root)
    return Contribution(
        id=contribution,
        owner=owner,
        given_at=given_at,
        title=title,
        size=len(leaves),
        root=root,
        key_id=signer.key_id,
        signature=signer.sign(message),
    )


def verify_contribution(contribution: Contribution, public_key: bytes) -> bool:
    """Whether the owner's key (32 bytes, Ed25519) signed this head."""
    message = _signed_bytes(
        contribution.id,
        contribution.owner,
        contribution.given_at,
        contribution.title,
        contribution.size,
        contribution.root,
    )
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(contribution.signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def prove_statement(contribution: Contribution, leaves: Sequence[bytes], index: int) -> StatementProof:
    """The proof that the leaf at `index` belongs to the contribution."""
    return StatementProof(contribution=contribution, index=index, path=inclusion_proof(leaves, index))


def verify_statement(statement: Statement, proof: StatementProof, public_key: bytes) -> bool:
    """Whether the owner gave exactly this statement: signature over the head, and the path from leaf to root."""
    return verify_contribution(proof.contribution, public_key) and verify_inclusion(
        bytes.fromhex(proof.contribution.root),
        proof.contribution.size,
        proof.index,
        statement_leaf(statement),
        proof.path,
    )
