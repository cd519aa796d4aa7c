"""Approving: when a second officer must look at a step first, and the drafts in which steps wait for that."""

from __future__ import annotations

from typing import Final

import msgspec

from alidade.model.directory import Officer
from alidade.model.ids import AuthorityId
from alidade.procedures import Definition
from alidade.services.node import Node
from alidade.services.threads.view import Opening, StepOrder
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import desks

APPROVE: Final = "thread_approve"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in a draft: the step, the opening it belongs to if any, and the remark of who returned it."""

    order: StepOrder
    opening: Opening | None = None
    remark: str = ""


def encode(written: Written) -> bytes:
    """As it is sealed."""
    return msgspec.json.encode(written)


def decode(content: bytes) -> Written:
    """As it was sealed."""
    return msgspec.json.decode(content, type=Written)


def approval_needed(
    tx: Transaction, authority: AuthorityId, definition: Definition, code: str, *, four_eyes: bool
) -> str:
    """Why a step must be approved first: the procedure asks for it, or the authority's own rule; empty where neither.

    The rule names procedures ("*" for all), or single steps as "procedure:step". Messages and reminders are not asked.
    """
    if four_eyes:
        return "four_eyes"
    if code in ("message", "remind", "reassure"):
        return ""
    rule = desks.desk_rule(tx, authority).get("approval", [])
    named = {"*", definition.code, f"{definition.code}:{code}"}
    return "unit_rule" if isinstance(rule, list) and named & set(rule) else ""


def approvers(node: Node, tx: Transaction, authority: AuthorityId, *, unit: str, but: str) -> list[Officer]:
    """Who may approve: officers with access whose role lists it, of the unit where it has one, never the writer."""
    able = [
        person
        for person in directory.officers(tx, authority)
        if person.active
        and person.id != but
        and (role := node.vocabulary.roles.get(person.role)) is not None
        and APPROVE in role.acts
    ]
    of_unit = [person for person in able if unit and person.unit == unit]
    return of_unit or able
