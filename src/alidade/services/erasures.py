"""Erasures: what was erased, why, when and by whom; and, before one is done, what it will do.

Erasing itself is in `correcting`. To restrict instead of erasing (Directive (EU) 2016/680 Art. 16(3)) is not part of
this version: what must be kept as evidence is not to be erased, and whoever holds it says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.services.queries import ListedCheck, Wanted, own_check, require_sensible
from alidade.store import erasures as kept
from alidade.store import writing
from alidade.store.erasures import DoneErasure

__all__ = ["DoneErasure", "ErasurePage", "QuestionPlan", "RecordPlan", "erasures", "plan_of_question", "plan_of_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasurePage:
    """A page of erasures and how many there are."""

    erasures: tuple[DoneErasure, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan:
    """What erasing a record, or one property of it, will do.

    properties  how many values of each property will be gone
    whole       whether nothing is left of the record then
    told        how many other authorities were told of it: they keep what they noted, and are to be informed
    reject_files  files of rejected rows that will be searched for it
    """

    record: str
    thing: str
    state: str
    properties: tuple[tuple[str, int], ...]
    statements: int
    whole: bool
    told: int
    reject_files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPlan:
    """What erasing a question will do: the check without its question, and whether the question is still there."""

    check: ListedCheck
    there: bool


def erasures(node: Node, actor: Actor, *, start: int = 0, size: int = 50) -> ErasurePage:
    """The erasures of one's own authority, newest first: ids, reason, when, by whom, whether the keys are gone."""
    require_sensible(Wanted(), start, size)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "erase")
        found, total = kept.erasures_of(tx, actor.viewer.authority, start, size)
        log(tx, actor, "erase", objects=[one.id for one in found], results=len(found), details={"view": "list"})
    return ErasurePage(erasures=tuple(found), total=total)


def plan_of_record(node: Node, actor: Actor, record: str, *, only_property: str | None = None) -> RecordPlan:
    """What erasing one's own record, or one property of it, will do; nothing is changed. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "erase")
        state, statements = own_record(tx, actor, record)
        values = [one.statement for one in statements if one.statement.value]
        gone = [one for one in values if only_property in (None, one.property)]
        if not gone:
            raise NotFound("Your authority has no record with this reference.")
        plan = RecordPlan(
            record=record,
            thing=state.thing,
            state=state.state,
            properties=tuple(sorted(Counter(one.property for one in gone).items())),
            statements=len(gone),
            whole=only_property is None or len(gone) == len(values),
            told=kept.askers_of(tx, actor.viewer.authority, state.number),
            reject_files=len(writing.reject_files_of(tx, actor.viewer.authority)),
        )
        log(tx, actor, "erase", objects=[record], results=len(gone), details={"view": "plan"})
    return plan


def plan_of_question(node: Node, actor: Actor, check: str) -> QuestionPlan:
    """What erasing the question of a check of one's own authority will do; it is not read. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "erase")
        found = own_check(tx, actor, check)
        log(tx, actor, "erase", objects=[check], results=1, details={"view": "plan"})
    return QuestionPlan(check=found.listed, there=found.question is not None)
