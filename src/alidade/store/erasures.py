"""Erasures that were done: the acts, by ids alone; and what a further one would reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneErasure:
    """One act of erasing. `complete` once the keys of what was sealed, here and in backups, are destroyed."""

    id: str
    officer: str
    reason: str
    erased_at: datetime
    statements: int
    records: tuple[str, ...]
    checks: tuple[str, ...]
    keys: int
    complete: bool


def erasures_of(tx: Transaction, authority: str, start: int, size: int) -> tuple[list[DoneErasure], int]:
    """The erasures of an authority, newest first, and how many."""
    rows = models.Erasure.objects.using(tx.alias).filter(authority=authority)
    found = [
        DoneErasure(
            id=row.id,
            officer=row.officer,
            reason=row.reason,
            erased_at=row.erased_at,
            statements=len(row.statements),
            records=tuple(row.records),
            checks=tuple(row.checks),
            keys=len(row.field_keys),
            complete=row.keys_destroyed,
        )
        for row in rows.order_by("-erased_at", "id")[start : start + size]
    ]
    return found, rows.count()


def askers_of(tx: Transaction, owner: str, record: int) -> int:
    """How many other authorities were told of a record in answer to a check."""
    hits = models.CheckHit.objects.using(tx.alias).filter(record_id=record, record__owner=owner)
    return hits.exclude(made__authority=owner).values("made__authority").distinct().count()
