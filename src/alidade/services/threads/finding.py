"""Finding: a thread of one's own authority within one's own clearance. Absent and forbidden look alike."""

from __future__ import annotations

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.services.deputies import stands_in_for
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads.desks import Looker
from alidade.store.threads.kept import Desk, KeptThread, thread_of_party


def no_thread() -> NotFound:
    """The one sentence for a thread that is absent and for one that is not for this officer."""
    return NotFound("There is no thread with this reference that you may see.")


def classifications_for(node: Node, clearance: str) -> tuple[str, ...]:
    """The classifications up to which somebody with this clearance is cleared."""
    ranks = node.vocabulary.classifications
    own = ranks.get(clearance)
    return () if own is None else tuple(code for code, each in ranks.items() if each.rank <= own.rank)


def find_thread(node: Node, tx: Transaction, actor: Actor, reference: str) -> tuple[KeptThread, Desk] | None:
    """The thread and the desk of one's own authority in it; None where it is absent or not for this officer."""
    return thread_of_party(tx, actor.viewer.authority, reference, classifications_for(node, actor.viewer.clearance))


def own_thread(node: Node, tx: Transaction, actor: Actor, reference: str) -> tuple[KeptThread, Desk]:
    """The same. Raises NotFound."""
    found = find_thread(node, tx, actor, reference)
    if found is None:
        raise no_thread()
    return found


def looker(node: Node, tx: Transaction, actor: Actor) -> Looker:
    """Whose lists the officer looks at: his own, those for whom he stands in, and his unit's."""
    return Looker(
        authority=actor.viewer.authority,
        officers=(str(actor.officer), *stands_in_for(tx, actor)),
        unit=directory.officer(tx, actor.officer).unit,
        classifications=classifications_for(node, actor.viewer.clearance),
    )
