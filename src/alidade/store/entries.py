"""The ledger entries of one authority, by their own numbers: the position among them, which tells nothing of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from alidade.ledger.verify import StoredEntry
from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """What of an entry lies in clear, so that the store can search by it. Days are of UTC, both included."""

    acts: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


def count_entries(tx: Transaction, authority: str, clear: Clear) -> int:
    """How many entries the authority has that fit."""
    return _rows(tx, authority, clear).count()


def own_entries(tx: Transaction, authority: str, clear: Clear, first: int, end: int) -> list[StoredEntry]:
    """Those that fit from number `first` up to, not including, `end`, counted from 0 and from the oldest."""
    rows = _rows(tx, authority, clear).order_by("sequence")[max(first, 0) : max(end, 0)]
    return [_stored(tx, row) for row in rows]


def every_own_entry(tx: Transaction, authority: str, clear: Clear, below: int) -> Iterator[StoredEntry]:
    """All of them that the first `below` entries of the ledger hold, in order."""
    rows = _rows(tx, authority, clear).filter(sequence__lt=below).order_by("sequence")
    for row in rows.iterator(chunk_size=500):
        yield _stored(tx, row)


def _rows(tx: Transaction, authority: str, clear: Clear) -> QuerySet[models.LedgerEntry]:
    rows = models.LedgerEntry.objects.using(tx.alias).filter(authority=authority)
    if clear.acts:
        rows = rows.filter(act__in=clear.acts)
    # The moment is kept as text in UTC, whose order is that of time.
    if clear.since is not None:
        rows = rows.filter(at__gte=date.fromisoformat(clear.since).isoformat())
    if clear.until is not None:
        rows = rows.filter(at__lt=(date.fromisoformat(clear.until) + timedelta(days=1)).isoformat())
    return rows


def _stored(tx: Transaction, row: Any) -> StoredEntry:
    body = row.body
    if body is not None:
        body = tx.store.keys.unseal(bytes(body), row.field_key, f"ledger/{row.sequence}")
    return StoredEntry(
        sequence=row.sequence,
        leaf=bytes(row.leaf),
        # An entry whose key is gone is erased, whether or not its row knows it yet.
        salt=None if body is None or row.salt is None else bytes(row.salt),
        body=body,
        at=datetime.fromisoformat(row.at),
        act=row.act,
        authority=row.authority,
    )


def acts_of(tx: Transaction, authority: str) -> Sequence[str]:
    """The acts of which the authority has entries, in alphabetical order."""
    rows = models.LedgerEntry.objects.using(tx.alias).filter(authority=authority)
    return list(rows.order_by("act").values_list("act", flat=True).distinct())
