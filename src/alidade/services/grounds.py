"""Grounds: an officer states purpose, case, legal ground and justification before he reads anything personal."""

from __future__ import annotations

from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node


def state_grounds(node: Node, actor: Actor) -> None:
    """Note in the ledger for what an officer works from here on (Directive (EU) 2016/680, Art. 25).

    Raises Invalid where legal ground, case or justification is not stated, NotAllowed for a role that reads nothing
    personal.
    """
    if not all(stated and stated.strip() for stated in (actor.legal_ground, actor.case, actor.justification)):
        raise Invalid("Before anything personal can be read, state purpose and case.", code="grounds_missing")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "grounds_set")
        log(tx, actor, "grounds_set")
