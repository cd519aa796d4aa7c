"""Mutual evaluations at work: begun from a questionnaire, planned, moved stage by stage, and seen by whoever may.

The authority that holds the questionnaire holds the evaluation and alone moves it. What is decided is seen by those who
see the questionnaire; the draft report by the team, and by the State visited once it is a draft; the comments of that
State by the holder and the team.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.programme.evaluation_pieces import Course, Expert, check_course
from alidade.programme.evaluation_stages import StageCode
from alidade.programme.evaluations import NextDue, move, next_due
from alidade.programme.register import Texts
from alidade.programme.rounds import Round
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.evaluation_seen import (
    EVALUATION,
    Evaluated,
    Surroundings,
    audience_of_draft,
    evaluation_title,
    seen_of,
    state_of,
    to_change,
)
from alidade.services.programme.pieces import Kept
from alidade.services.programme.rounds import ROUND
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading
from alidade.store.workpieces import withdraw_piece

__all__ = ["BeginOrder", "EvaluationLine", "Plan", "PlannedVisit", "begin_evaluations", "change_plan", "evaluations"]
__all__ += ["move_evaluation", "read_evaluation", "take_back_evaluation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """A State of the round, and the days on which it will be visited as far as they are set."""

    state: str
    visit_from: dt.date | None = None
    visit_to: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginOrder:
    """Which States are evaluated from a questionnaire (reference of the round), and under which title."""

    round: str
    title: Texts
    visits: Sequence[PlannedVisit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the holder sets ahead: the visit, the team, and the days for draft, comments and adoption."""

    visit_from: dt.date | None = None
    visit_to: dt.date | None = None
    experts: Sequence[Expert] = ()
    observers: Sequence[str] = ()
    draft_by: dt.date | None = None
    comments_by: dt.date | None = None
    adoption_by: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationLine:
    """An evaluation in the list, with what is due next for what the viewer may see."""

    kept: Kept[Course]
    due: NextDue | None
    own: bool


def begin_evaluations(node: Node, actor: Actor, order: BeginOrder) -> list[str]:
    """Begin the evaluation of each State named, from a questionnaire that one's authority holds; their references.

    Raises NotFound for a questionnaire of another, Invalid for a State that it does not ask or that is one's own,
    Conflict where one of the States is being evaluated in this round already.
    """
    if not order.visits:
        raise Invalid("No State is named.", remedy="Choose at least one that the questionnaire asks.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            asked = pieces.one(view, ROUND, order.round, Round)
            begun = {each.body.state for each in _courses(view) if each.body.round == order.round}
        if asked.authority != actor.viewer.authority:
            raise NotFound("There is nothing with this reference that you may see.")
        states = {each: state_of(node, tx, AuthorityId(each)) for each in asked.body.asked}
        own = state_of(node, tx, actor.viewer.authority)
        found = []
        for visit in order.visits:
            if visit.state == own:
                raise Invalid("An authority does not hold the evaluation of its own State.", remedy="Ask another.")
            if visit.state in begun:
                raise Conflict(f"{visit.state} is being evaluated in this round already.", code="evaluation_begun")
            found.append(_course(order, visit, asked.body, [each for each, of in states.items() if of == visit.state]))
            begun.add(visit.state)
        kept = [_keep(node, tx, actor, course, asked.handling) for course in found]
        log(tx, actor, "round_manage", objects=[order.round, *kept], results=len(kept), details={"what": "evaluation"})
    return kept


def evaluations(node: Node, actor: Actor) -> list[EvaluationLine]:
    """Every evaluation that the viewer may read: what is late first, then by the day on which something is due."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        today = tx.now.date()
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            found = _courses(view)
            facts = Surroundings(view)
        log(tx, actor, "programme_read", objects=[kept.reference for kept in found], results=len(found))
    lines = [
        EvaluationLine(
            kept=kept,
            due=next_due(kept.body, facts.of(kept), today),
            own=kept.authority == actor.viewer.authority,
        )
        for kept in found
    ]
    return sorted(lines, key=_urgency)


def read_evaluation(node: Node, actor: Actor, reference: str) -> Evaluated:
    """One evaluation with everything of it that the viewer may see. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            seen = seen_of(view, reference, actor, tx.now.date())
        beside = [] if seen.draft is None else [seen.draft.reference]
        shown = [reference, *beside, *(each.reference for each in seen.comments)]
        log(tx, actor, "programme_read", objects=shown, results=len(seen.kept.body.recommendations))
    return seen


def change_plan(node: Node, actor: Actor, reference: str, plan: Plan, version: int, reason: str = "") -> int:
    """Set the visit, the team and the days ahead; the new version. The draft follows the team.

    Raises Invalid for an expert of the State visited and for days that cannot be, Conflict where `version` is not the
    newest or the report is adopted, NotFound for an evaluation of another.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        seen = to_change(tx, actor, reference, "plan")
        course = msgspec.structs.replace(
            seen.kept.body,
            visit_from=plan.visit_from,
            visit_to=plan.visit_to,
            experts=tuple(_expert(node, tx, each) for each in plan.experts),
            observers=tuple(dict.fromkeys(plan.observers)),
            draft_by=plan.draft_by,
            comments_by=plan.comments_by,
            adoption_by=plan.adoption_by,
        )
        check_course(course)
        number = pieces.change(tx, actor, reference, evaluation_title(course), course, version, reason)
        _show_draft(node, tx, actor, seen, course)
        log(tx, actor, "round_manage", objects=[reference], details={"what": "plan", "version": str(number)})
    return number


def move_evaluation(node: Node, actor: Actor, reference: str, to: StageCode, version: int, reason: str) -> int:
    """Take an evaluation that one's authority holds to its next stage, or one back; the new version.

    Adoption and follow-up have acts of their own. Raises Invalid naming what must be there first, Conflict where
    `version` is not the newest, NotFound for an evaluation of another (the State visited never moves it).
    """
    if to in ("adopted", "follow_up"):
        raise Invalid("This stage is reached by adopting the report, or by opening the follow-up.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        seen = to_change(tx, actor, reference)
        course = move(seen.kept.body, to, seen.facts, tx.now.date(), reason)
        number = pieces.change(tx, actor, reference, evaluation_title(course), course, version, reason)
        _show_draft(node, tx, actor, seen, course)
        log(tx, actor, "round_manage", objects=[reference], details={"what": f"evaluation: {to}"})
    return number


def take_back_evaluation(node: Node, actor: Actor, reference: str) -> None:
    """Take back an evaluation that was begun by mistake. Raises NotFound, and Conflict once it has gone further."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        seen = to_change(tx, actor, reference, "withdraw")
        withdraw_piece(tx, actor.viewer.authority, seen.kept.reference)
        log(tx, actor, "round_manage", objects=[reference], details={"what": "evaluation taken back"})


def _courses(view: ReaderView) -> list[Kept[Course]]:
    return pieces.every(view, EVALUATION, Course)


def _course(order: BeginOrder, visit: PlannedVisit, asked: Round, authorities: Sequence[str]) -> Course:
    if not authorities:
        raise Invalid(f"The questionnaire does not ask {visit.state}.", remedy="Choose a State that it asks.")
    course = Course(
        title=order.title,
        state=visit.state,
        round=order.round,
        asked=tuple(authorities),
        answers_by=asked.cut_off,
        visit_from=visit.visit_from,
        visit_to=visit.visit_to,
    )
    check_course(course)
    return course


def _keep(node: Node, tx: Transaction, actor: Actor, course: Course, how: Handling) -> str:
    return pieces.keep(node, tx, actor, EVALUATION, evaluation_title(course), course, how)


def _expert(node: Node, tx: Transaction, expert: Expert) -> Expert:
    if not expert.authority:
        return expert
    state = state_of(node, tx, AuthorityId(expert.authority))
    if not state:
        raise Invalid("An expert comes from a State.", remedy="Name bodies of the Union as observers.")
    return msgspec.structs.replace(expert, state=state)


def _show_draft(node: Node, tx: Transaction, actor: Actor, seen: Evaluated, course: Course) -> None:
    if seen.draft is not None:
        how = audience_of_draft(node, actor.viewer.authority, course, seen.kept.handling)
        pieces.put_under(node, tx, actor, seen.draft.reference, how)


def _urgency(line: EvaluationLine) -> tuple[bool, bool, dt.date, str]:
    due = line.due
    if due is None:
        return True, True, dt.date.max, line.kept.body.state
    return False, not due.late, due.day or dt.date.max, line.kept.body.state
