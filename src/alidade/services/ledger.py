"""The ledger as people use it: verify it, carry its head elsewhere, read the entries of one's own authority."""

from __future__ import annotations

from alidade.ledger.entry import Entry, decode
from alidade.ledger.head import Head, from_json
from alidade.ledger.verify import Report, verify_log
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.store import trail


def verify_ledger(node: Node, remembered: Head | None = None) -> Report:
    """Recompute every leaf and root and verify every signature.

    Against the head that is kept apart with the keys, or against `remembered`, one that was carried elsewhere. Needs
    no right: it shows nothing but whether the ledger is whole.
    """
    store = node.store
    if remembered is None:
        kept = store.keys.remembered_head(trail.LEDGER)
        remembered = None if kept is None else from_json(kept)
    return verify_log(
        trail.stored_entries(store.alias, store.keys),
        trail.stored_heads(store.alias),
        store.keys.public_keys(trail.LEDGER),
        remembered,
    )


def newest_head(node: Node) -> Head | None:
    """The signed head to be carried elsewhere, as a witness of the ledger's length and content."""
    return trail.last_head(node.store.alias)


def entries_of_authority(node: Node, actor: Actor, *, newest: int = 50) -> list[Entry | None]:
    """The newest entries of one's own authority, newest first; None where the body was erased.

    Without their numbers in the ledger, which would tell how much others do.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_read")
        bodies = trail.entries_of(tx.alias, node.store.keys, actor.viewer.authority, newest)
        log(tx, actor, "ledger_read", results=len(bodies))
    return [None if body is None else decode(body) for body in bodies]
