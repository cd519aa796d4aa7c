"""Own: what one's own authority has given, as far as the officer's clearance goes. Above it, it is absent."""

from __future__ import annotations

from collections.abc import Iterable

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.policy.decision import permitted
from alidade.store import directory, rights, writing
from alidade.store.database import Transaction
from alidade.store.writing import KeptStatement, RecordState


def own_record(tx: Transaction, actor: Actor, record: str) -> tuple[RecordState, list[KeptStatement]]:
    """A record of one's own authority with every statement it ever had.

    Raises NotFound where there is none, where it is another's, and where it is above the officer's clearance.
    """
    state = writing.own_record(tx, actor.viewer.authority, record)
    kept = [] if state is None else writing.statements_of(tx, state.number, current_only=False)
    if state is None or not may_correct(tx, actor, {str(one.statement.handling) for one in kept}):
        raise NotFound("Your authority has no record with this reference.")
    return state, kept


def may_correct(tx: Transaction, actor: Actor, digests: Iterable[str]) -> bool:
    """Whether the officer may correct what stands under every one of these handlings."""
    world = directory.world(tx)
    for digest in digests:
        found = rights.handling_by_digest(tx, digest)
        if found is None or not permitted("correct", actor.viewer, found[1], tx.now, world):
            return False
    return True
