"""Reviews in the store: which records stand under a handling whose day of review or expiry comes near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderHandling:
    """A record that says something under a handling now."""

    record: str
    thing: str
    source_list: str
    source_key: str
    handling: int


def records_under(tx: Transaction, handlings: Sequence[int]) -> list[UnderHandling]:
    """The records with a current statement under one of these handlings, in the order of their random ids."""
    found: list[UnderHandling] = []
    for handling in handlings:
        rows = models.Record.objects.using(tx.alias).filter(
            statement__handling_id=handling, statement__current=True, state="active"
        )
        found.extend(
            UnderHandling(
                record=row.public_id,
                thing=row.thing,
                source_list=row.source_list,
                source_key=row.source_key,
                handling=handling,
            )
            for row in rows.distinct().order_by("id")
        )
    return found
