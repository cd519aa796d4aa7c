"""Alarms: what an honest peer does not do, kept with its evidence until a person has looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAlarm:
    """One alarm: about whom, of what kind, since when; `evidence` proves it to third parties."""

    number: int
    peer: AuthorityId
    kind: str
    at: datetime
    seen: bool
    evidence: tuple[bytes, ...]


def raise_alarm(tx: Transaction, own: AuthorityId, peer: AuthorityId, kind: str, evidence: Sequence[bytes]) -> None:
    """Keep an alarm; the same one that nobody has looked at yet is not kept twice."""
    packed = msgspec.msgpack.encode(list(evidence))
    rows = models.WitnessAlarm.objects.using(tx.alias)
    open_ones = rows.filter(own=own, peer=peer, kind=kind, seen=False)
    if not any(bytes(row.evidence) == packed for row in open_ones[:50]):
        rows.create(own=own, peer=peer, kind=kind, evidence=packed, at=tx.now)


def alarms_of(tx: Transaction, own: AuthorityId, *, open_only: bool = True) -> list[KeptAlarm]:
    """The alarms of an authority, oldest first."""
    rows = models.WitnessAlarm.objects.using(tx.alias).filter(own=own).order_by("id")
    if open_only:
        rows = rows.filter(seen=False)
    return [
        KeptAlarm(
            number=row.id,
            peer=AuthorityId(row.peer),
            kind=row.kind,
            at=row.at,
            seen=row.seen,
            evidence=tuple(msgspec.msgpack.decode(bytes(row.evidence), type=list[bytes])),
        )
        for row in rows
    ]


def note_seen(tx: Transaction, own: AuthorityId, number: int) -> bool:
    """Note that a person has looked at an alarm; False where there is none such."""
    return models.WitnessAlarm.objects.using(tx.alias).filter(own=own, id=number).update(seen=True) > 0
