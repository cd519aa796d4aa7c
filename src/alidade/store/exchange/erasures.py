"""Erasures: what its owner had erased, and who owes an answer to that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alidade.exchange.rows import ErasureDuty, Tombstone
from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.exchange.base import Base

_BECAUSE = 200  # characters of the words of a peer that are kept


class Erasures(Base):
    """Tombstones and duties."""

    def tombstone(self, item: str) -> Tombstone | None:
        """Whether this item was erased by its owner."""
        key = "tombstones", self._own
        if key not in self._memo:
            self._memo[key] = self._rows(models.Tombstone).exists()
        if not self._memo[key]:
            return None
        row = self._rows(models.Tombstone).filter(item=item).first()
        return None if row is None else Tombstone(item=row.item, order=row.order, at=row.at)

    def put_tombstone(self, tombstone: Tombstone) -> None:
        """Remember an erasure for ever."""
        row = models.Tombstone(own=self._own, item=tombstone.item, order=tombstone.order, at=tombstone.at)
        self._put(row, "item")
        self._memo["tombstones", self._own] = True

    def duty(self, direction: str, order: str, peer: AuthorityId) -> ErasureDuty | None:
        """One duty to answer an erasure."""
        row = self._rows(models.ErasureDuty).filter(direction=direction, order=order, peer=peer).first()
        return None if row is None else _duty(row)

    def put_duty(self, duty: ErasureDuty) -> None:
        """Keep a duty to answer."""
        row = models.ErasureDuty(
            own=self._own,
            direction=duty.direction,
            order=duty.order,
            peer=duty.peer,
            message_id=duty.message_id,
            at=duty.at,
            due_at=duty.due_at,
            answer=duty.answer,
            because=duty.because[:_BECAUSE],
            answered_at=duty.answered_at,
        )
        self._put(row, "direction", "order", "peer")

    def open_duties(self, due_before: datetime) -> Sequence[ErasureDuty]:
        """Unanswered duties that are due, by (due_at, peer, order)."""
        rows = self._rows(models.ErasureDuty).filter(answer="", due_at__lte=due_before)
        return [_duty(row) for row in rows.order_by("due_at", "peer", "order")]

    def kept_elsewhere(self) -> Sequence[ErasureDuty]:
        """Orders of ours that were answered with a reason to keep, newest first. Beside the protocol: for people."""
        rows = self._rows(models.ErasureDuty).filter(direction="asked", answer="kept")
        return [_duty(row) for row in rows.order_by("-answered_at", "peer", "order")[:500]]


def _duty(row: models.ErasureDuty) -> ErasureDuty:
    return ErasureDuty(
        direction=row.direction,  # type: ignore[arg-type]
        order=row.order,
        peer=AuthorityId(row.peer),
        message_id=row.message_id,
        at=row.at,
        due_at=row.due_at,
        answer=row.answer,  # type: ignore[arg-type]
        because=row.because,
        answered_at=row.answered_at,
    )
