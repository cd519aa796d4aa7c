"""Noting: notes of one's own authority on a thread, which no other party ever sees."""

from __future__ import annotations

from typing import Final

from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.finding import own_thread
from alidade.store.threads import notes

LONGEST: Final = 20_000  # characters


def add_note(node: Node, actor: Actor, thread: str, text: str) -> str:
    """Keep a note on a thread for one's own authority alone; its id. Raises NotFound, Invalid without words."""
    if not text.strip() or len(text) > LONGEST:
        raise Invalid(f"A note needs words, at most {LONGEST} characters.", code="note")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        found, _ = own_thread(node, tx, actor, thread)
        note = notes.add_note(tx, found.number, actor.viewer.authority, str(actor.officer), text.strip())
        log(tx, actor, "thread_step", objects=[thread, note], details={"step": "internal note"})
    return note
