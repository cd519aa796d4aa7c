"""Requests of programs that were carried out: known again by the key that the program gave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError

from alidade.model.errors import Conflict
from alidade.store import models
from alidade.store.database import Transaction

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """What was asked under a key (as a digest), and the reference of what came of it."""

    content: str
    reference: str


def carried_out(tx: Transaction, digest: str) -> CarriedOut | None:
    """What was carried out under this key within the last day; older keys are forgotten."""
    rows = models.KeptRequest.objects.using(tx.alias)
    rows.filter(made_at__lte=tx.now - KEPT_FOR).delete()
    row = rows.filter(digest=digest).first()
    return None if row is None else CarriedOut(content=row.content, reference=row.reference)


def keep_request(tx: Transaction, digest: str, done: CarriedOut) -> None:
    """Keep what was carried out, in its own transaction. Raises Conflict where another has done so meanwhile."""
    try:
        models.KeptRequest.objects.using(tx.alias).create(
            digest=digest, content=done.content, reference=done.reference, made_at=tx.now
        )
    except IntegrityError as error:
        raise Conflict(
            "A request with this key is being carried out.", remedy="Send it again in a moment.", code="key_in_use"
        ) from error


def finish_request(tx: Transaction, digest: str, reference: str) -> None:
    """Set down what came of a request whose key was set down before it was carried out."""
    models.KeptRequest.objects.using(tx.alias).filter(digest=digest).update(reference=reference)


def forget_request(tx: Transaction, digest: str) -> None:
    """Free the key of a request that was refused."""
    models.KeptRequest.objects.using(tx.alias).filter(digest=digest).delete()
