"""Party view: inside the block the tables of threads hold, for this connection, the rows of one party and no others."""

from __future__ import annotations

from contextlib import AbstractContextManager

from alidade.store.database import Transaction


def as_party(tx: Transaction, authority: str) -> AbstractContextManager[None]:
    """Read what one authority may see of threads. Nothing can be written inside the block."""
    tx.read = True
    return tx.store.guard.as_party(authority)
