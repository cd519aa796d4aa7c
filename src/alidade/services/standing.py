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
from alidade.services.asking_again import ask_again, run_due, standing_question, unsealed
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
from alidade.services.earlier_checks import ask_earlier_again
from alidade.services.finding import Question
from alidade.services.kept_questions import SealedQuestion, forget_earlier
from alidade.services.node import Node
from alidade.store import checks, directory, earlier
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
    "forget_earlier_checks",
    "keep_check_standing",
    "keep_standing_check",
    "look_at_standing",
    "run_due",
    "standing_checks",
]

MOST_LISTED = 10_000
State = Literal["in_force", "ended", "expired", "erased", "told"]
StandingKind = Literal["standing", "earlier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCheck:
    """A question that is kept, with its grounds; `question` is None once it was erased.

    Of kind "earlier" is one that a check without a hit left behind: it ends by itself, and once it has told of a hit
    (`told`) its question is forgotten here.
    """

    reference: str
    kind: StandingKind
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
    """What came of a look: how many standing checks were asked again, and what is told, newest first.

    `earlier` is the number of one's earlier checks without a hit that were asked again with them.
    """

    asked: int
    told: tuple[News, ...]
    earlier: int = 0


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
        known = store.standing_with_reference(tx, actor.viewer.authority, check)
        if known is not None and known.origin == "no_hit" and known.content is not None:
            earlier.drop(tx, [known.number])  # it goes on as a standing check
            known = None
        if made.question is None or len(store.checks_of(tx, check)) > 1 or known is not None:
            raise Conflict("This check is kept already, or its question was erased.", remedy="Ask it anew.")
        return _shown(tx, _keep(node, tx, actor, check, question_of(made.question), until), [])


def _keep(node: Node, tx: Transaction, actor: Actor, check: str, question: Question, until: str) -> KeptStanding:
    salted, commitment = seal_question(node, question)
    content = msgspec.json.encode(SealedQuestion(salted=salted, justification=actor.justification or ""))
    bucket = forget_earlier(tx, actor, question)
    kept = store.keep_standing(tx, actor, check, content, commitment, until, bucket=bucket.number)
    store.tell(tx, kept.number, check, seen=True)
    details = {"standing": check, "change": "begun", "until": until}
    log(tx, actor, "standing_check", objects=[check], commitment=commitment, details=details)
    return kept


def standing_checks(node: Node, actor: Actor) -> list[StandingCheck]:
    """One's own standing checks, newest first, and those of officers for whom one stands in; earlier checks too."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        mine = _mine(node, tx, actor)
        told = store.told_hits(tx, [kept.number for kept in mine], unseen_only=False)
        log(tx, actor, "standing_check", objects=[kept.reference for kept in mine], results=len(mine))
        return [_shown(tx, kept, told) for kept in mine]


def end_standing_check(node: Node, actor: Actor, reference: str) -> None:
    """End one's own standing check: it is not asked again; what it told stays. Raises NotFound, Conflict.

    An earlier check is forgotten here at once; the check that it was remains one's own.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        kept = store.standing_with_reference(tx, actor.viewer.authority, reference)
        if kept is None or kept.officer != actor.officer:
            raise NotFound("You have no standing check with this reference.")
        if kept.ended_at is not None:
            raise Conflict("This standing check has ended already.", code="ended")
        if kept.origin == "no_hit":
            earlier.drop(tx, [kept.number])
        else:
            store.end_standing(tx, kept.number)
        log(tx, actor, "standing_check", objects=[reference], details={"standing": reference, "change": "ended"})


def forget_earlier_checks(node: Node, actor: Actor) -> int:
    """End all one's earlier checks without a hit at once: none is asked again; how many there were."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        kept = earlier.earlier_in_force(tx, officer=actor.officer, most=MOST_LISTED)
        earlier.drop(tx, [one.number for one in kept])
        objects = [one.reference for one in kept]
        log(tx, actor, "standing_check", objects=objects, results=len(kept), details={"change": "ended"})
    return len(kept)


def look_at_standing(node: Node, actor: Actor, *, unseen_only: bool = True) -> Look:
    """Ask one's own standing checks again and show what they newly met, each record once.

    Of officers for whom one stands in, what was told is shown as well, and stays new for them.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        due = store.in_force(tx, officer=actor.officer)
    asked = [ask_again(node, kept, by="officer") for kept in due]
    passed = ask_earlier_again(node, officer=actor.officer, by="officer")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "standing_check")
        mine = _mine(node, tx, actor)
        told = store.told_hits(tx, [kept.number for kept in mine], unseen_only=unseen_only)
        news = _news(tx, actor, told, _questions(tx, actor, mine, told))
        own = {kept.reference for kept in mine if kept.officer == actor.officer}
        store.mark_told_seen(tx, [each.hit for each in told if each.standing in own])
        objects = [each.record if each.statements else each.hit for each in news]
        log(tx, actor, "standing_check", objects=objects, results=len(news), details={"view": "told"})
    return Look(asked=sum(1 for each in asked if each is not None), told=news, earlier=passed.asked)


def _mine(node: Node, tx: Transaction, actor: Actor) -> list[KeptStanding]:
    """One's own, and of officers for whom one stands in those that were asked within one's own clearance."""
    officers = (actor.officer, *stands_in_for(tx, actor))
    return [
        kept
        for kept in store.standing_of(tx, officers)
        if kept.officer == actor.officer or within_clearance(node, kept.clearance, actor.viewer.clearance)
    ]


def _questions(
    tx: Transaction, actor: Actor, mine: list[KeptStanding], told: list[ToldHit]
) -> dict[str, Question | None]:
    """What each of them asks; where it was forgotten once it had told, what the check asked by which it told."""
    found = {kept.reference: standing_question(kept) for kept in mine}
    forgotten = {kept.reference for kept in mine if kept.origin == "no_hit" and kept.content is None}
    for each in told:
        if each.standing in forgotten and found[each.standing] is None:
            made = checks.made_check(tx, actor.viewer.authority, each.check)
            if made is not None and made.question is not None:
                found[each.standing] = question_of(made.question)
    return found


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
    if kept.origin == "no_hit" and mine:
        state = "told"
    elif sealed is None:
        state = "erased"
    elif kept.ended_at is not None:
        state = "ended"
    elif kept.until < tx.now.date().isoformat():
        state = "expired"
    return StandingCheck(
        reference=kept.reference,
        kind="earlier" if kept.origin == "no_hit" else "standing",
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
