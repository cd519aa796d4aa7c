"""What a step may quote: checks and hits of one's own authority, and the record behind a hit for its owner."""

from __future__ import annotations

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction


def record_for_owner(tx: Transaction, owner: AuthorityId, hit: str) -> str | None:
    """The owner's own record that a hit met; None where there is no such hit, or it met another's."""
    rows = models.CheckHit.objects.using(tx.alias).filter(reference=hit, record__owner=owner)
    return rows.values_list("record__public_id", flat=True).first()


def is_own_check(tx: Transaction, authority: AuthorityId, reference: str) -> bool:
    """Whether this is the reference of a check of this authority."""
    return models.Check.objects.using(tx.alias).filter(reference=reference, authority=authority).exists()


def owner_of_hit(tx: Transaction, authority: AuthorityId, hit: str) -> AuthorityId | None:
    """Whose record a hit of this authority's checks met; None where there is no such hit."""
    rows = models.CheckHit.objects.using(tx.alias).filter(reference=hit, made__authority=authority)
    found = rows.values_list("record__owner", flat=True).first()
    return None if found is None else AuthorityId(found)
