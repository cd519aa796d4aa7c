"""Queues: how much waits for whom, and since when; numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for one peer, and what of theirs waits here."""

    queued: int = 0
    oldest: datetime | None = None
    unreceipted: int = 0
    waiting: int = 0
    parked: int = 0
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A message that cannot be applied and holds up its thread; no content."""

    sender: AuthorityId
    message: str
    kind: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a peer countersigned of our ledger last: how many lines, when; and how far we know its own."""

    size: int = 0
    at: datetime | None = None


def queue_of(tx: Transaction, own: AuthorityId, peer: AuthorityId) -> Queue:
    """The queues between an authority of this node and a peer."""
    out = models.Outbox.objects.using(tx.alias).filter(own=own, recipient=peer, state="queued")
    counted = out.aggregate(number=Count("id"), oldest=Min("posted_at"))
    inbox = models.Inbox.objects.using(tx.alias).filter(own=own, sender=peer)
    return Queue(
        queued=counted["number"],
        oldest=counted["oldest"],
        unreceipted=out.filter(acknowledged=True, attempts__gt=0).count(),
        waiting=inbox.filter(state="waiting").count(),
        parked=inbox.filter(state="parked").count(),
        received_at=inbox.aggregate(last=Max("received_at"))["last"],
    )


def parked_of(tx: Transaction, own: AuthorityId) -> list[Parked]:
    """Every message that is parked, oldest first."""
    rows = models.Inbox.objects.using(tx.alias).filter(own=own, state="parked").order_by("received_at", "id")
    return [
        Parked(
            sender=AuthorityId(row.sender),
            message=row.message_id,
            kind=row.kind,
            reason=row.reason,
            since=row.received_at,
        )
        for row in rows
    ]


def has_queued(tx: Transaction, own: AuthorityId) -> bool:
    """Whether anything that takes a receipt is still on its way from this authority."""
    return models.Outbox.objects.using(tx.alias).filter(own=own, state="queued", acknowledged=True).exists()
