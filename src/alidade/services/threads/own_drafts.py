"""Own drafts: the draft that is its officer's to change, send or drop."""

from __future__ import annotations

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.threads.finding import classifications_for
from alidade.store.database import Transaction
from alidade.store.threads import drafts as store
from alidade.store.threads.drafts import KeptStepDraft


def own_draft(node: Node, tx: Transaction, actor: Actor, draft: str) -> KeptStepDraft:
    """One's own draft. Raises NotFound for another's and for none."""
    found = store.draft_with_id(tx, actor.viewer.authority, draft, classifications_for(node, actor.viewer.clearance))
    if found is None or found.officer != actor.officer:
        raise no_draft()
    return found


def drop_own(node: Node, tx: Transaction, actor: Actor, draft: str) -> list[str]:
    """Remove one's own draft inside a transaction; the field keys to destroy after the commit."""
    own_draft(node, tx, actor, draft)
    return store.drop_drafts(tx, [draft])


def no_draft() -> NotFound:
    """The one sentence for a draft that is absent and for one that is not for this officer."""
    return NotFound("There is no draft with this reference that waits for you.")
