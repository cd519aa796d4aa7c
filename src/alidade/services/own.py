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
    """A record of one's own authority with every statement it ever had that the officer is cleared for.

    Raises NotFound where there is none, where it is another's, and where nothing of it is within the clearance.
    """
    state = writing.own_record(tx, actor.viewer.authority, record)
    if state is not None:
        kept = writing.statements_of(tx, state.number, current_only=False)
        cleared = cleared_for(tx, actor, {str(one.statement.handling) for one in kept})
        within = [one for one in kept if one.statement.handling in cleared]
        if within:
            return state, within
    raise NotFound("Your authority has no record with this reference.")


def cleared_for(tx: Transaction, actor: Actor, digests: Iterable[str]) -> set[str]:
    """Those of one's own authority's handlings under which the officer may correct."""
    world = directory.world(tx)
    found = {digest: rights.handling_by_digest(tx, digest) for digest in digests}
    return {
        digest
        for digest, known in found.items()
        if known is not None and permitted("correct", actor.viewer, known[1], tx.now, world)
    }
