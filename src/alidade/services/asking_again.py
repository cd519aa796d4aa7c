"""Asking again: a standing check is asked with the rights that its officer has at that moment, and told of once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as, log, require_right
from alidade.services.check import grounds_as_shown, keep_answer, meet, question_of
from alidade.services.earlier_checks import EarlierRun, ask_earlier_again
from alidade.services.finding import Question
from alidade.services.kept_questions import SealedQuestion, may_ask_again
from alidade.services.node import Node
from alidade.store import standing as store
from alidade.store.standing import KeptStanding

_EVERY = timedelta(hours=1)  # the node asks no standing check more often


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of a run of the node: asked again, not asked (their officers may no longer), newly met.

    `earlier` is the same of earlier checks without a hit.
    """

    asked: int
    not_asked: int
    met: int
    earlier: EarlierRun = field(default_factory=EarlierRun)


def run_due(node: Node, *, every: timedelta = _EVERY) -> Run:
    """Ask again every standing check in force that was not asked for a while; for the worker of the node.

    After a change of the index of names or of what it rests on (`Names.version`), each is asked at once: what was a
    "no hit" may be a hit now.

    Each is asked as by its officer, with his rights of this moment; where he has none left, it is not asked.
    """
    with node.store.transaction() as tx:
        due = store.in_force(tx, asked_before=tx.now - every)
    met = [ask_again(node, kept, by="node") for kept in due]
    found = [each for each in met if each is not None]
    earlier = ask_earlier_again(node)
    return Run(asked=len(found), not_asked=len(met) - len(found), met=sum(found), earlier=earlier)


def standing_question(kept: KeptStanding) -> Question | None:
    """What a standing check asks; None once it was erased."""
    sealed = unsealed(kept)
    return None if sealed is None else question_of(sealed.salted)


def unsealed(kept: KeptStanding) -> SealedQuestion | None:
    """What lies sealed in a standing check; None once it was erased."""
    return None if kept.content is None else msgspec.json.decode(kept.content, type=SealedQuestion)


def ask_again(node: Node, kept: KeptStanding, *, by: str) -> int | None:
    """How many records it newly met; None where it is not asked because its officer may not, or it has ended."""
    sealed = unsealed(kept)
    if sealed is None:
        return None
    try:
        actor = act_as(
            node,
            OfficerId(kept.officer),
            purpose=kept.purpose,
            case=kept.case,
            legal_ground=kept.legal_ground,
            justification=sealed.justification,
        )
        if not may_ask_again(node, actor.role):
            return None
        return _ask(node, actor, kept, question_of(sealed.salted), by)
    except (NotAllowed, NotFound, Invalid):  # a code that is no longer in the lists, a right lost in between
        return None


def _ask(node: Node, actor: Actor, kept: KeptStanding, question: Question, by: str) -> int | None:
    details = {"standing": kept.reference, "asked_by": by}
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        require_right(node, tx, actor, "check")
        now = store.standing_with_reference(tx, kept.authority, kept.reference)
        if now is None or now.ended_at is not None or now.officer != kept.officer:
            return None
        met = meet(node, tx, actor, question).without(store.told_of(tx, kept.number))
        if met.count:
            shown = grounds_as_shown(node, actor, "en")
            answer = keep_answer(node, tx, actor, question, met, {**shown, **details})
            store.tell(tx, kept.number, answer.check, seen=False)
        else:
            log(tx, actor, "standing_check", results=0, commitment=kept.commitment, details=details)
        store.note_asked(tx, kept.number)
    return met.count
