"""Following: a thread begins from a hit without content, or from anything else that one holds but must ask about."""

from __future__ import annotations

from typing import Any, Final

from alidade.model.errors import NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.procedures import Definition
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.running import catalogue
from alidade.services.threads.view import Opening, StepOrder
from alidade.store.database import Transaction
from alidade.store.threads import quoted

PROCEDURE: Final = "hit_follow_up"


def follow_hit(node: Node, actor: Actor, hit: str, *, title: str = "") -> Opening:
    """The opening of a thread with the owner of a hit, ready to be completed: nothing is sent or kept.

    Only the reference of the hit goes to the owner, by which he alone finds his record. Raises NotFound for a hit that
    is not of one's own authority's checks.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_open")
        owner = quoted.owner_of_hit(tx, actor.viewer.authority, hit)
        if owner is None or owner == actor.viewer.authority:
            raise NotFound(
                "There is no hit with this reference.", remedy="Take the reference from the answer of a check."
            )
        definition = catalogue(tx).newest(PROCEDURE)
        opening = _opening(tx, actor, definition, owner, hit, title)
        log(tx, actor, "thread_open", objects=[hit], details={"step": "from a hit"})
    return opening


def _opening(tx: Transaction, actor: Actor, definition: Definition, owner: Any, hit: str, title: str) -> Opening:
    own_role = definition.opening.by[0]
    other = next(role.code for role in definition.roles if role.code != own_role and not role.optional)
    form = definition.form(definition.opening.form)
    field = None if form is None else next((each for each in form.fields if each.type == "check_hit"), None)
    values = {} if field is None else {field.code: (hit,) if field.many else hit}
    viewer = actor.viewer
    return Opening(
        procedure=definition.code,
        parties={owner: other},
        title=title or f"{definition.title.en} {hit[:8]}",
        case=actor.case or "",
        order=StepOrder(code="open", values=values, quotes=(hit,)),
        handling=Handling(owner=viewer.authority, purposes=(viewer.purpose,), classification="BPL", content="personal"),
        own_role=own_role,
    )
