"""Standing checks: a question is asked again until a day, and its officer is told of each record that it newly meets.

It is asked with the rights that its officer has at that moment, by his own look or by the node between two looks: both
come to the same. What is newly met is kept as a check like any other: owners get their notices, hits their references.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from alidade.model.errors import Conflict, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.asking_again import SealedQuestion, ask_again, run_due, standing_question, unsealed
from alidade.services.check import (
    Answer,
    grounds_as_shown,
    keep_answer,
    last_verdict,
    meet,
    question_of,
    seal_question,
)
from alidade.services.deputies import stands_in_for, within_clearance
from alidade.services.desk_terms import desk_terms, last_day
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.store import checks, directory
from alidade.store import standing as store
from alidade.store.database import Transaction
from alidade.store.reading import SeenStatement, reading
from alidade.store.standing import KeptStanding, ToldHit

__all__ = [
    "Begun",
    "Look",
    "News",
    "StandingCheck",
    "end_standing_check",
    "keep_check_standing",
    "keep_standing_check",
    "look_at_standing",
    "run_due",
    "standing_checks",
]

State = Literal["in_force", "ended", "expired", "erased"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCheck:
    """A question that is kept, with its grounds; `question` is None once it was erased."""

    reference: str
    officer: str
    question: Question | None
    purpose: str
    case: str
    legal_ground: str
    justification: str
    made_at: datetime
    until: str
    asked_at: datetime | None
    ended_at: datetime | None
    state: State
    told: int
    unseen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A standing check that begins, and what its question met at once."""

    standing: StandingCheck
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A record newly met: as a hit with its reference, read under the rights of whoever looks, as he looks.

    `statements` are empty for a hit without content, and where the content is no longer for him.
    """

    standing: str
    question: Question | None
    hit: str
    check: str
    told_at: datetime
    content: bool
    record: str
    owner: str
    owner_name: str
    contact: str
    statements: tuple[SeenStatement, ...]
    verdict: str | None
    new: bool  # told now for the first time


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of a look: how many standing checks were asked again, and what is told, newest first."""

    asked: int
    told: tuple[News, ...]


def keep_standing_check(node: Node, actor: Actor, question: Question, until: str, *, language: str = "en") -> Begun:
    """Ask a question now and keep it until a day: it is asked again, and each record newly met is told once.

    Needs the grounds of a check, and a last day (YYYY-MM-DD) within the term of `data/desk_terms.json`. Raises Invalid.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        require_right(node, tx, actor, "check")
        shown = grounds_as_shown(node, actor, language)
        last_day(until, tx.now, desk_terms().standing_check_days, "a standing check")
        answer = keep_answer(node, tx, actor, question, meet(node, tx, actor, question), shown)
        kept = _keep(node, tx, actor, answer.check, question, until)
        begun = _shown(tx, kept, [])
    return Begun(standing=begun, answer=answer)


def keep_check_standing(node: Node, actor: Actor, check: str, until: str, *, language: str = "en") -> StandingCheck:
    """Keep the question of a check that one has just made, under the grounds in force.

    Raises NotFound unless the check is one's own, Conflict where it is kept already or its question was erased.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        require_right(node, tx, actor, "check")
        grounds_as_shown(node, actor, language)
        last_day(until, tx.now, desk_terms().standing_check_days, "a standing check")
        made = checks.made_check(tx, actor.viewer.authority, check)
        if made is None or made.officer != actor.officer:
            raise NotFound("You have made no check with this reference.")
        if made.question is None or len(store.checks_of(tx, check)) > 1 or _known(tx, actor, check):
            raise Conflict("This check is kept already, or its question was erased.", remedy="Ask it anew.")
        return _shown(tx, _keep(node, tx, actor, check, question_of(made.question), until), [])


def _known(tx: Transaction, actor: Actor, check: str) -> bool:
    return store.standing_with_reference(tx, actor.viewer.authority, check) is not None


def _keep(node: Node, tx: Transaction, actor: Actor, check: str, question: Question, until: str) -> KeptStanding:
    salted, commitment = seal_question(node, question)
    content = msgspec.json.encode(SealedQuestion(salted=salted, justification=actor.justification or ""))
    kept = store.keep_standing(tx, actor, check, content, commitment, until)
    store.tell(tx, kept.number, check, seen=True)
    details = {"standing": check, "change": "begun", "until": until}
    log(tx, actor, "standing_check", objects=[check], commitment=commitment, details=details)
    return kept


def standing_checks(node: Node, actor: Actor) -> list[StandingCheck]:
    """One's own standing checks, newest first, and those of officers for whom one stands in."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        mine = _mine(node, tx, actor)
        told = store.told_hits(tx, [kept.number for kept in mine], unseen_only=False)
        log(tx, actor, "standing_check", objects=[kept.reference for kept in mine], results=len(mine))
        return [_shown(tx, kept, told) for kept in mine]


def end_standing_check(node: Node, actor: Actor, reference: str) -> None:
    """End one's own standing check: it is not asked again; what it told stays. Raises NotFound, Conflict."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        kept = store.standing_with_reference(tx, actor.viewer.authority, reference)
        if kept is None or kept.officer != actor.officer:
            raise NotFound("You have no standing check with this reference.")
        if kept.ended_at is not None:
            raise Conflict("This standing check has ended already.", code="ended")
        store.end_standing(tx, kept.number)
        log(tx, actor, "standing_check", objects=[reference], details={"standing": reference, "change": "ended"})


def look_at_standing(node: Node, actor: Actor, *, unseen_only: bool = True) -> Look:
    """Ask one's own standing checks again and show what they newly met, each record once.

    Of officers for whom one stands in, what was told is shown as well, and stays new for them.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        due = store.in_force(tx, officer=actor.officer)
    asked = [ask_again(node, kept, by="officer") for kept in due]
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        mine = _mine(node, tx, actor)
        told = store.told_hits(tx, [kept.number for kept in mine], unseen_only=unseen_only)
        news = _news(tx, actor, told, {kept.reference: standing_question(kept) for kept in mine})
        own = {kept.reference for kept in mine if kept.officer == actor.officer}
        store.mark_told_seen(tx, [each.hit for each in told if each.standing in own])
        objects = [each.record if each.statements else each.hit for each in news]
        log(tx, actor, "standing_check", objects=objects, results=len(news), details={"view": "told"})
    return Look(asked=sum(1 for each in asked if each is not None), told=news)


def _mine(node: Node, tx: Transaction, actor: Actor) -> list[KeptStanding]:
    """One's own, and of officers for whom one stands in those that were asked within one's own clearance."""
    officers = (actor.officer, *stands_in_for(tx, actor))
    return [
        kept
        for kept in store.standing_of(tx, officers)
        if kept.officer == actor.officer or within_clearance(node, kept.clearance, actor.viewer.clearance)
    ]


def _news(
    tx: Transaction, actor: Actor, told: list[ToldHit], questions: Mapping[str, Question | None]
) -> tuple[News, ...]:
    names = directory.authorities(tx)
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        contents: Mapping[str, tuple[SeenStatement, ...]] = {
            record: tuple(view.record(record)) for record in dict.fromkeys(each.record for each in told) if record
        }
    found = []
    for each in told:
        owner = names[AuthorityId(each.owner)]
        statements = contents.get(each.record, ())
        found.append(
            News(
                standing=each.standing,
                question=questions.get(each.standing),
                hit=each.hit,
                check=each.check,
                told_at=each.told_at,
                content=each.content,
                record=each.record,
                owner=each.owner,
                owner_name=owner.name,
                contact=owner.contact,
                statements=statements,
                verdict=last_verdict(tx, actor, each.record) if each.record else None,
                new=not each.seen,
            )
        )
    return tuple(found)


def _shown(tx: Transaction, kept: KeptStanding, told: list[ToldHit]) -> StandingCheck:
    sealed = unsealed(kept)
    mine = [each for each in told if each.standing == kept.reference]
    state: State = "in_force"
    if sealed is None:
        state = "erased"
    elif kept.ended_at is not None:
        state = "ended"
    elif kept.until < tx.now.date().isoformat():
        state = "expired"
    return StandingCheck(
        reference=kept.reference,
        officer=kept.officer,
        question=None if sealed is None else question_of(sealed.salted),
        purpose=kept.purpose,
        case=kept.case,
        legal_ground=kept.legal_ground,
        justification="" if sealed is None else sealed.justification,
        made_at=kept.made_at,
        until=kept.until,
        asked_at=kept.asked_at,
        ended_at=kept.ended_at,
        state=state,
        told=len(mine),
        unseen=sum(1 for each in mine if not each.seen),
    )
