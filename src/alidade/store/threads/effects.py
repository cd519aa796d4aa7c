"""Effects in the store: what a step brought about on this node, so that it is brought about once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.rights import raise_epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEffect:
    """What a step brought about: its kind, on whose behalf, what came of it; ids only."""

    step: int
    effect: str
    authority: str
    outcome: str
    objects: tuple[str, ...]
    done_at: datetime


def note_effect(
    tx: Transaction, step: int, effect: str, authority: AuthorityId, outcome: str, objects: Sequence[str]
) -> None:
    """Note what came of an effect."""
    models.ThreadEffect.objects.using(tx.alias).create(
        step_id=step, effect=effect, authority=authority, outcome=outcome, objects_of=list(objects), done_at=tx.now
    )


def effects_of(tx: Transaction, thread: int) -> list[KeptEffect]:
    """What the steps of a thread brought about here."""
    rows = models.ThreadEffect.objects.using(tx.alias).filter(step__thread_id=thread).order_by("id")
    return [
        KeptEffect(
            step=row.step_id,
            effect=row.effect,
            authority=row.authority,
            outcome=row.outcome,
            objects=tuple(row.objects_of),
            done_at=row.done_at,
        )
        for row in rows
    ]


def end_releases(tx: Transaction, owner: AuthorityId, releases: Sequence[str]) -> list[str]:
    """End releases that this owner has given; those that were in force."""
    rows = models.Release.objects.using(tx.alias).filter(id__in=list(releases), owner=owner, revoked=False)
    ended = sorted(rows.values_list("id", flat=True))
    if ended:
        rows.update(revoked=True)
        raise_epoch(tx)
    return ended
