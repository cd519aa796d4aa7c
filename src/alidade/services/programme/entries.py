"""Entries set right: what one's own authority said of a measure is left in a new version, with its reason."""

from __future__ import annotations

import msgspec

from alidade.model.viewer import Actor
from alidade.programme.register import Entry, Instrument, check_entry
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.register import ENTRY, INSTRUMENT
from alidade.store import directory
from alidade.store.reading import reading

__all__ = ["correct_entry"]


def correct_entry(node: Node, actor: Actor, reference: str, entry: Entry, version: int, reason: str = "") -> int:
    """Say it otherwise; the entry's new version. It stays with its paper and measure, and every version is kept.

    What others ruled on the earlier words counts no longer. Raises NotFound for an entry of another authority or none,
    Invalid for an entry that cannot be, Conflict where `version` is not the newest.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            before = pieces.one(view, ENTRY, reference, Entry).body
            paper = pieces.one(view, INSTRUMENT, before.instrument, Instrument).body
        corrected = msgspec.structs.replace(entry, instrument=before.instrument, measure=before.measure)
        check_entry(corrected, paper)
        title = f"{paper.number} {corrected.measure}"
        number = pieces.change(tx, actor, reference, title, corrected, version, reason)
        details = {"what": "corrected", "version": str(number)}
        log(tx, actor, "programme_write", objects=[reference, before.instrument], details=details)
    return number
