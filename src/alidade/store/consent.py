"""Proposals in the store: what waits for the consent of others, and who has said what to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from alidade.model.errors import Conflict, Invalid
from alidade.model.handling import decode_handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.store import models
from alidade.store.database import Transaction

ProposalKind = Literal["authority", "membership", "agreement"]
ProposalState = Literal["open", "in_force", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one authority said to a proposal, by which of its administrators."""

    authority: AuthorityId
    officer: OfficerId
    given: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProposal:
    """A proposal as it was made, with everything said to it, in the order of the authorities."""

    reference: str
    kind: ProposalKind
    content: Mapping[str, Any]
    authority: AuthorityId
    officer: OfficerId
    at: datetime
    state: ProposalState
    decided_at: datetime | None
    said: tuple[Said, ...]


def hold_rights(tx: Transaction) -> None:
    """Let no other transaction change a right until this one ends, so that nobody joins while it is decided."""
    models.PolicyEpoch.objects.using(tx.alias).select_for_update().filter(id=1).first()


def add_proposal(tx: Transaction, actor: Actor, kind: ProposalKind, content: Mapping[str, Any]) -> str:
    """Keep a proposal, its proposer's authority consenting to it; its reference.

    Raises Conflict where the same is proposed and open already.
    """
    for row in models.Proposal.objects.using(tx.alias).filter(state="open", kind=kind):
        if row.content == content:
            raise Conflict(
                "The same is proposed already and waits for consent.",
                remedy="See: alidade authority proposals.",
                code="proposed_already",
            )
    row = models.Proposal.objects.using(tx.alias).create(
        id=tx.new_id(),
        kind=kind,
        content=dict(content),
        authority=actor.viewer.authority,
        officer=actor.officer,
        proposed_at=tx.now,
    )
    keep_word(tx, actor, row.id, given=True)
    return row.id


def keep_word(tx: Transaction, actor: Actor, reference: str, *, given: bool, reason: str = "") -> None:
    """Keep what the actor's authority says to a proposal, in place of what it may have said before."""
    models.Consent.objects.using(tx.alias).update_or_create(
        proposal_id=reference,
        authority=actor.viewer.authority,
        defaults={"officer": actor.officer, "given": given, "reason": reason, "said_at": tx.now},
    )


def close_proposal(tx: Transaction, reference: str, state: ProposalState) -> None:
    """End a proposal that is open, for good."""
    models.Proposal.objects.using(tx.alias).filter(id=reference, state="open").update(state=state, decided_at=tx.now)


def proposal(tx: Transaction, reference: str) -> KeptProposal | None:
    """One proposal."""
    row = models.Proposal.objects.using(tx.alias).filter(id=reference).first()
    return None if row is None else _kept(row)


def proposals(tx: Transaction, *, open_only: bool = False) -> list[KeptProposal]:
    """The proposals, newest first."""
    rows = models.Proposal.objects.using(tx.alias).prefetch_related("consent_set").order_by("-proposed_at", "-id")
    return [_kept(row) for row in (rows.filter(state="open") if open_only else rows)]


def owners_addressing(tx: Transaction, communities: Collection[str]) -> Mapping[str, frozenset[AuthorityId]]:
    """Whose handlings name each of these communities: what they gave under them would be opened to a new member."""
    found: dict[str, set[AuthorityId]] = {community: set() for community in communities}
    if found:
        rows = models.Handling.objects.using(tx.alias).values_list("owner", "content")
        for owner, content in rows.iterator(chunk_size=2000):
            for community in _communities(bytes(content)) & found.keys():
                found[community].add(AuthorityId(owner))
    return {community: frozenset(owners) for community, owners in found.items()}


def _communities(content: bytes) -> frozenset[str]:
    try:
        return frozenset(decode_handling(content).communities)
    except Invalid:
        return frozenset()  # what cannot be read permits nothing, whoever joins


def _kept(row: models.Proposal) -> KeptProposal:
    said = sorted(row.consent_set.all(), key=lambda each: each.authority)
    return KeptProposal(
        reference=row.id,
        kind=row.kind,  # type: ignore[arg-type]  # written here only
        content=row.content,
        authority=AuthorityId(row.authority),
        officer=OfficerId(row.officer),
        at=row.proposed_at,
        state=row.state,  # type: ignore[arg-type]  # written here only
        decided_at=row.decided_at,
        said=tuple(
            Said(
                authority=AuthorityId(each.authority),
                officer=OfficerId(each.officer),
                given=each.given,
                reason=each.reason,
                at=each.said_at,
            )
            for each in said
        ),
    )
