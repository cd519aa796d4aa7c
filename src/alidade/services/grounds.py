"""Grounds: an officer states purpose, case, legal ground and justification before he reads anything personal."""

from __future__ import annotations

from alidade.model.errors import Invalid
from alidade.model.ids import OfficerId
from alidade.services.acting import act_as, log, require_right
from alidade.services.node import Node


def state_grounds(
    node: Node, officer: OfficerId, *, purpose: str, case: str, legal_ground: str, justification: str
) -> None:
    """Note in the ledger for what an officer works from here on (Directive (EU) 2016/680, Art. 25).

    Raises Invalid where one of the four is empty or not in its list, NotAllowed for a role that reads nothing
    personal.
    """
    if not case.strip() or not justification.strip():
        raise Invalid("Before anything personal can be read, state purpose and case.", code="grounds_missing")
    actor = act_as(
        node, officer, purpose=purpose, case=case, legal_ground=legal_ground, justification=justification
    )
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "grounds_set")
        log(tx, actor, "grounds_set")
