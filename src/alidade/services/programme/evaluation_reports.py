"""The report of a mutual evaluation at work: drafted by the team, commented by the State, adopted, followed up.

On adoption the recommendations become a paper of the register, so that what is said of them, and verified by others, is
said with the same tools; the follow-up is a round whose questions are the recommendations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.programme.evaluation_pieces import (
    Comments,
    Course,
    DraftReport,
    FollowUp,
    check_adoption,
    check_comments,
    check_draft,
    checked,
)
from alidade.programme.evaluations import as_evaluation, earlier_round, follow_up_questions, instrument_of, move
from alidade.programme.register import DocumentRef, Instrument, Texts, check_instrument
from alidade.programme.rounds import Round, check_round
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.evaluation_seen import (
    COMMENTS,
    DRAFT,
    Evaluated,
    audience_of_draft,
    evaluation_title,
    require_stage,
    seen_of,
    state_of,
    to_change,
)
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import INSTRUMENT
from alidade.services.programme.rounds import ROUND
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import reading

__all__ = ["Adoption", "FollowUpOrder", "adopt_report", "comment_on_draft", "keep_draft", "open_follow_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """On which day the report was adopted, by whom, as which document."""

    day: dt.date
    document: DocumentRef
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpOrder:
    """Who is asked what became of the recommendations, from when to when.

    `to`: those that went to the State visited (then its authorities are asked where nobody is named), or those that
    went to other States.
    """

    title: Texts
    opens: dt.date
    cut_off: dt.date
    to: Literal["visited", "others"] = "visited"
    asked: Sequence[str] = ()


def keep_draft(node: Node, actor: Actor, draft: DraftReport, version: int, reason: str = "") -> tuple[str, int]:
    """Keep the draft report of an evaluation that one's authority holds; its reference and version.

    `version` is that of the draft so far, 0 for the first. The team sees it; the State visited from the stage "draft".
    Raises Invalid naming the recommendation that cannot be, Conflict, NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        seen = to_change(tx, actor, draft.evaluation, "draft")
        course = seen.kept.body
        check_draft(draft, course)
        title = evaluation_title(course)
        if seen.draft is None:
            if version:
                raise NotFound("There is nothing with this reference that you may see.")
            how = audience_of_draft(node, actor.viewer.authority, course, seen.kept.handling)
            reference, number = pieces.keep(node, tx, actor, DRAFT, title, draft, how), 1
        else:
            reference = seen.draft.reference
            number = pieces.change(tx, actor, reference, title, draft, version, reason)
        details = {"what": "draft report", "version": str(number)}
        objects = [draft.evaluation, reference]
        log(tx, actor, "round_manage", objects=objects, results=len(draft.recommendations), details=details)
    return reference, number


def comment_on_draft(node: Node, actor: Actor, comments: Comments, version: int = 0) -> tuple[str, int]:
    """Say in the name of the State visited what it thinks of the draft; the reference and version.

    Holder and team see it. `version` is that of one's own comments so far, 0 for the first. Raises NotFound for an
    authority that is not asked or cannot see the draft, Invalid, Conflict once the report is adopted.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            seen = seen_of(view, comments.evaluation, actor, tx.now.date())
        if not seen.of_state or seen.draft is None:
            raise NotFound("There is nothing with this reference that you may see.")
        require_stage(seen.kept.body, "comment")
        check_comments(comments, seen.kept.body, seen.draft.body)
        before = next((each for each in seen.comments if each.authority == actor.viewer.authority), None)
        if before is None:
            if version:
                raise NotFound("There is nothing with this reference that you may see.")
            readers = {AuthorityId(each) for each in (seen.kept.authority, *seen.kept.body.team)}
            how = msgspec.structs.replace(
                default_handling(node, actor.viewer.authority, communities=()),
                released_to=tuple(sorted(readers - {actor.viewer.authority})),
                classification=seen.kept.handling.classification,
            )
            title = evaluation_title(seen.kept.body)
            reference, number = pieces.keep(node, tx, actor, COMMENTS, title, comments, how), 1
        else:
            reference = before.reference
            title = evaluation_title(seen.kept.body)
            number = pieces.change(tx, actor, reference, title, comments, version, "")
        log(tx, actor, "round_answer", objects=[comments.evaluation, reference], details={"what": "comments"})
    return reference, number


def adopt_report(node: Node, actor: Actor, reference: str, adoption: Adoption, version: int, reason: str) -> str:
    """Adopt the draft as the report: it is for all who see the evaluation; the reference of its paper in the register.

    From then on nothing in it changes. Raises Invalid where something must be there first or the day cannot be,
    Conflict where one's authority keeps a paper of this number or `version` is not the newest, NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        require_right(node, tx, actor, "programme_write")
        seen = to_change(tx, actor, reference)
        today = tx.now.date()
        moved = move(seen.kept.body, "adopted", seen.facts, today, reason)
        check_adoption(moved, adoption.day, adoption.document, today)
        draft = seen.facts.draft or DraftReport(evaluation=reference)
        course = msgspec.structs.replace(
            moved,
            adopted_on=adoption.day,
            report=msgspec.structs.replace(adoption.document, date=adoption.day),
            findings=draft.findings,
            good_practices=draft.good_practices,
            recommendations=draft.recommendations,
        )
        titles = _paper_title(node, course)
        paper = checked(msgspec.structs.replace(instrument_of(course, titles), body=adoption.body.strip()))
        check_instrument(paper)
        _new_number(tx, actor, paper)
        kept = pieces.keep(node, tx, actor, INSTRUMENT, f"{paper.number} {course.state}", paper, seen.kept.handling)
        course = checked(msgspec.structs.replace(course, instrument=kept))
        pieces.change(tx, actor, reference, evaluation_title(course), course, version, reason)
        details = {"what": "evaluation: adopted"}
        log(tx, actor, "round_manage", objects=[reference, kept], results=len(paper.measures), details=details)
        log(tx, actor, "programme_write", objects=[kept], results=len(paper.measures), details={"what": "paper"})
    return kept


def open_follow_up(node: Node, actor: Actor, reference: str, order: FollowUpOrder, version: int, reason: str) -> str:
    """Ask what became of the recommendations: a round with one question for each; its reference.

    The one to the State visited takes the evaluation to its follow-up. Raises Invalid where no recommendation went to
    them or they are asked already, Conflict, NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        seen = to_change(tx, actor, reference, "follow_up")
        course = seen.kept.body
        if any(each.to == order.to for each in course.follow_ups):
            raise Conflict("They have been asked already.", remedy="Change that round.", code="follow_up_open")
        round_ = _follow_up(node, tx, seen, order)
        check_round(checked(round_))
        title = next(text for text in round_.title.values() if text.strip())[:200]
        kept = pieces.keep(node, tx, actor, ROUND, title, round_, seen.kept.handling)
        course = msgspec.structs.replace(course, follow_ups=(*course.follow_ups, FollowUp(round=kept, to=order.to)))
        if course.stage == "adopted" and order.to == "visited":
            course = move(course, "follow_up", seen.facts, tx.now.date(), reason)
        pieces.change(tx, actor, reference, evaluation_title(course), checked(course), version, reason)
        details = {"what": "follow-up opened"}
        log(tx, actor, "round_manage", objects=[reference, kept], results=len(round_.states), details=details)
    return kept


def _follow_up(node: Node, tx: Transaction, seen: Evaluated, order: FollowUpOrder) -> Round:
    course = seen.kept.body
    questions = follow_up_questions(course, order.to)
    if not questions:
        raise Invalid("No recommendation went to them.", remedy="Ask those to whom there are recommendations.")
    asked = tuple(order.asked) or (course.asked if order.to == "visited" else ())
    states = tuple(dict.fromkeys(state_of(node, tx, AuthorityId(each)) for each in asked))
    if not asked or (course.state in states) != (order.to == "visited") or "" in states:
        raise Invalid("Those asked are not those to whom it was recommended.", remedy="Choose authorities of those.")
    before = () if seen.questionnaire is None else seen.questionnaire.body.questions
    return Round(
        title=order.title,
        kind="mutual_evaluation",
        instrument=course.instrument,
        questions=questions,
        asked=asked,
        states=states,
        opens=order.opens,
        cut_off=order.cut_off,
        languages=tuple(order.title) or ("en",),
        previous=earlier_round(course, before) if seen.questionnaire is not None else "",
        evaluation=as_evaluation(course),
    )


def _paper_title(node: Node, course: Course) -> Texts:
    country = next((each for each in node.vocabulary.countries.values() if each.alpha3 == course.state), None)
    return {
        tag: f"{text}: {course.state if country is None else country.label.in_(tag)}"
        for tag, text in course.title.items()
        if text.strip()
    }


def _new_number(tx: Transaction, actor: Actor, paper: Instrument) -> None:
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        known = pieces.every(view, INSTRUMENT, Instrument)
    if any(each.authority == actor.viewer.authority and each.body.number == paper.number for each in known):
        raise Conflict(
            f"Your authority keeps a paper {paper.number} already.",
            remedy="Open it and change it there.",
            code="paper_kept_already",
        )
