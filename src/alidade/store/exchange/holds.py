"""Holds: records of authorities elsewhere that must be kept here by law, and orders to erase that wait for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.exchange.base import portions


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A record that an authority of this node must keep, until when (the day on which it ends), and why (a code)."""

    own: AuthorityId
    record: str
    because: str
    officer: str
    at: datetime
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrder:
    """An order to erase that a person must answer. `targets`: ids of items of the owner, as the order names them."""

    order: str
    peer: AuthorityId
    owner: AuthorityId
    ground: str
    targets: tuple[str, ...]
    at: datetime


def hold(tx: Transaction, own: AuthorityId, record: str, because: str, officer: str, until: date) -> None:
    """Keep a record, or keep it for another reason or until another day."""
    models.ErasureHold.objects.using(tx.alias).update_or_create(
        own=own, record=record, defaults={"because": because, "officer": officer, "at": tx.now, "until": until}
    )


def end_hold(tx: Transaction, own: AuthorityId, record: str) -> bool:
    """Keep a record no longer than its owner wants; whether it was held."""
    return models.ErasureHold.objects.using(tx.alias).filter(own=own, record=record).delete()[0] > 0


def holds_of(tx: Transaction, own: AuthorityId) -> list[Hold]:
    """What an authority holds, what ends first first."""
    rows = models.ErasureHold.objects.using(tx.alias).filter(own=own).order_by("until", "record")
    return [_hold(row) for row in rows]


def held_among(tx: Transaction, records: Iterable[str]) -> list[Hold]:
    """The holds in force today on these records, of whichever authority of this node: all of them share the rows."""
    found: list[Hold] = []
    for part in portions(sorted(set(records))):
        rows = models.ErasureHold.objects.using(tx.alias).filter(record__in=part, until__gt=tx.now.date())
        found.extend(_hold(row) for row in rows.order_by("record", "own"))
    return found


def let_wait(tx: Transaction, own: AuthorityId, order: WaitingOrder) -> None:
    """Keep an order for a person to answer."""
    models.ErasureWaiting.objects.using(tx.alias).update_or_create(
        own=own,
        order=order.order,
        peer=order.peer,
        defaults={
            "owner": order.owner,
            "ground": order.ground[:200],
            "targets": list(order.targets),
            "at": order.at,
            "answer": "",
        },
    )


def waiting_orders(tx: Transaction, own: AuthorityId) -> list[WaitingOrder]:
    """The orders that wait for an answer, oldest first."""
    rows = models.ErasureWaiting.objects.using(tx.alias).filter(own=own, answer="").order_by("at", "id")
    return [
        WaitingOrder(
            order=row.order,
            peer=AuthorityId(row.peer),
            owner=AuthorityId(row.owner),
            ground=row.ground,
            targets=tuple(row.targets),
            at=row.at,
        )
        for row in rows
    ]


def note_answered(tx: Transaction, own: AuthorityId, orders: Sequence[WaitingOrder], answer: str, officer: str) -> None:
    """Note what a person has answered."""
    for each in orders:
        rows = models.ErasureWaiting.objects.using(tx.alias).filter(own=own, order=each.order, peer=each.peer)
        rows.update(answer=answer, officer=officer)


def _hold(row: models.ErasureHold) -> Hold:
    return Hold(
        own=AuthorityId(row.own),
        record=row.record,
        because=row.because,
        officer=row.officer,
        at=row.at,
        until=row.until,
    )
