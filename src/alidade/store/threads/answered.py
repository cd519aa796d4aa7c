"""Answered: what a program was told for an act that it may ask for again, because the answer was lost on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from alidade.store import models
from alidade.store.database import Transaction

KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What was asked (a keyed hash) and what was answered: references alone."""

    asked: str
    answer: dict[str, Any]


def answer_to(tx: Transaction, officer: str, key: str) -> KeptAnswer | None:
    """What an officer was answered within the last day under this key."""
    rows = models.AnsweredOnce.objects.using(tx.alias).filter(officer=officer, key=key, at__gt=tx.now - KEPT)
    row = rows.first()
    return None if row is None else KeptAnswer(asked=row.asked, answer=row.answer)


def keep_answer(tx: Transaction, officer: str, key: str, asked: str, answer: dict[str, Any]) -> None:
    """Keep an answer for a day, and forget those that are older."""
    rows = models.AnsweredOnce.objects.using(tx.alias)
    rows.filter(at__lte=tx.now - KEPT).delete()
    rows.create(officer=officer, key=key, asked=asked, answer=answer, at=tx.now)
