"""Starts: that the exchange began anew from a backup, whose counters are those of an earlier day.

What was posted after the backup is forgotten here and known to its recipients. Were the old streams counted on, their
places would be taken twice: so everything is posted in streams of a new name, which begin at 1.
"""

from __future__ import annotations

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction


def begin_anew(tx: Transaction) -> bool:
    """Note that the store was restored from a backup; False where nothing was ever exchanged."""
    if not models.PeerManifest.objects.using(tx.alias).exists():
        return False
    number = int(tx.new_id()[:7], 16)
    models.ExchangeStart.objects.using(tx.alias).create(number=number, at=tx.now)
    tx.memo.pop("exchange start", None)
    return True


def stream_name(tx: Transaction, name: str) -> str:
    """Under which name a stream of messages goes out: its own, or one of its own since the last backup."""
    start = _newest(tx)
    return name if start is None else f"{name}:{start.number:x}"


def plain_name(stream: str) -> str:
    """The name of a stream without the mark of a new beginning."""
    return stream.partition(":")[0]


def must_renew(tx: Transaction, own: AuthorityId) -> bool:
    """Whether an authority has published no new keys since the store was restored."""
    start = _newest(tx)
    return start is not None and own not in start.renewed


def note_renewed(tx: Transaction, own: AuthorityId) -> None:
    """Note that an authority has published new keys."""
    start = _newest(tx)
    if start is not None and own not in start.renewed:
        start.renewed = [*start.renewed, str(own)]
        start.save(using=tx.alias, update_fields=["renewed"])


def _newest(tx: Transaction) -> models.ExchangeStart | None:
    key = "exchange start"
    if key not in tx.memo:
        tx.memo[key] = models.ExchangeStart.objects.using(tx.alias).order_by("-id").first()
    found: models.ExchangeStart | None = tx.memo[key]
    return found
