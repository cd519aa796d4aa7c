"""Frozen reports, one at a time: read again as it was frozen, and compared with another, fact by fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alidade.model.viewer import Actor
from alidade.programme.report.content import Content
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept
from alidade.services.programme.reports import REPORT, Frozen
from alidade.store import directory
from alidade.store.reading import reading

__all__ = ["FactChange", "changed_facts", "read_report", "report_differences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact that two reports tell otherwise: its key, and its words in each; empty where one does not tell it."""

    key: str
    before: str
    now: str


def changed_facts(earlier: Content, later: Content) -> list[FactChange]:
    """Where the facts of two reports differ, in the order of the later one; what is gone comes last."""
    before = {fact.key: fact.text for fact in earlier.facts}
    now = {fact.key: fact.text for fact in later.facts}
    keys: Sequence[str] = [*now, *(key for key in before if key not in now)]
    found = (FactChange(key=key, before=before.get(key, ""), now=now.get(key, "")) for key in keys)
    return [change for change in found if change.before != change.now]


def read_report(node: Node, actor: Actor, reference: str) -> Kept[Frozen]:
    """One frozen report with everything that it tells. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, REPORT, reference, Frozen)
        log(tx, actor, "programme_read", objects=[reference], results=1)
    return kept


def report_differences(node: Node, actor: Actor, reference: str, earlier: str) -> list[FactChange]:
    """What a frozen report tells otherwise than an earlier one. Raises NotFound where either may not be seen."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            later = pieces.one(view, REPORT, reference, Frozen)
            before = pieces.one(view, REPORT, earlier, Frozen)
        found = changed_facts(before.body.content, later.body.content)
        log(tx, actor, "programme_read", objects=[reference, earlier], results=len(found))
    return found
