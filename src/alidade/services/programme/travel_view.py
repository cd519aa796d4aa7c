"""View of travelling: how far a round has come at each authority on another node, and what has come from others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from alidade.model.errors import Conflict, Invalid
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import Course, in_language
from alidade.programme.rounds import KeptAnswer, Round
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept
from alidade.services.programme.rounds import ROUND
from alidade.services.programme.travel_threads import (
    ASKED,
    HOLDER,
    answers_in,
    asked_in,
    due_of,
    round_thread,
    round_threads,
    waits_for_approval,
)
from alidade.services.programme.travelling import Leg, answer_to_send, legs_of, own_answer, own_round, thread_of_round
from alidade.services.threads.finding import own_thread
from alidade.services.threads.leaving import is_hosted
from alidade.services.threads.running import Running
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import reading
from alidade.store.workpieces import versions_of

__all__ = ["Arrived", "Journey", "Ours", "Travel", "arrived", "thread_of", "travel", "travels"]

Stage = Literal["to_send", "to_approve", "sent", "received", "answered", "taken", "ended"]
"""How far a round has come: still to be sent, waiting for a second officer, sent, received there, answered, taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One version of an answer that was taken: on which day, and why it changed."""

    version: int
    taken_at: dt.datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A round on its way to one authority of another node. `state` is that of the thread, in words."""

    authority: AuthorityId
    name: str
    stage: Stage
    thread: str = ""
    state: str = ""
    due_on: dt.date | None = None
    overdue: bool = False
    new_answer: bool = False
    open: bool = False
    versions: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A round that came from another node: of whom, by which thread, and what is to be done with our answer.

    `answer`: none (nothing submitted), unsent, sent, unfit (it does not fit the questions as they were asked, or lacks
    its reason; `why` says what).
    """

    thread: str
    asked_by: str
    state: str
    open: bool
    due_on: dt.date | None
    overdue: bool
    answer: Literal["none", "unsent", "sent", "unfit"]
    why: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """What a round has to do with other nodes: where it was sent, or whence it came; neither for a round of this node.

    `holds`: one's own authority holds it. `to_send`: how many asked on other nodes have not got it; `to_remind`: how
    many have not answered; `to_end`: with how many the exchange of a closed round still has to be ended.
    """

    kept: Kept[Round]
    holds: bool
    journeys: Sequence[Journey]
    to_send: int
    to_remind: int
    to_end: int
    ours: Ours | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Questions that came from another node. `round` is the round here once they were taken, else empty."""

    thread: str
    title: str
    asked_by: str
    questions: int
    state: str
    open: bool
    due_on: dt.date | None
    overdue: bool
    round: str


def travel(node: Node, actor: Actor, reference: str, *, language: str = "en") -> Travel:
    """How far a round has come at those asked on other nodes, or what became of one that came. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        own = actor.viewer.authority
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, ROUND, reference, Round)
            legs = [leg.body for leg in legs_of(view, own) if leg.body.round == reference]
            answer = own_answer(view, own, reference)
            seen = {leg.answer for leg in legs if leg.answer and view.piece(leg.answer) is not None}
        holds = kept.authority == own
        journeys = _journeys(node, tx, actor, kept, legs, seen, language) if holds else []
        came = next((leg for leg in legs if not holds), None)
        ours = None if came is None else _ours(node, tx, actor, came, answer, language)
        log(tx, actor, "programme_read", objects=[reference], results=len(journeys), details={"view": "travel"})
    closed = kept.body.closed_on is not None
    return Travel(
        kept=kept,
        holds=holds,
        journeys=journeys,
        to_send=0 if closed else sum(each.stage == "to_send" for each in journeys),
        to_remind=0 if closed else sum(each.open and each.stage in ("sent", "received") for each in journeys),
        to_end=sum(each.open for each in journeys) if closed else 0,
        ours=ours,
    )


def travels(node: Node, kept: Kept[Round]) -> bool:
    """Whether a round that is at hand came from another node, or asks an authority that works on one."""
    return any(not is_hosted(node, AuthorityId(each)) for each in (kept.authority, *kept.body.asked))


def arrived(node: Node, actor: Actor, *, language: str = "en") -> list[Arrived]:
    """The questions that came from other nodes, those that are not taken first, then what is due first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            taken = {leg.body.thread: leg.body.round for leg in legs_of(view, actor.viewer.authority)}
        found = [_arrived(tx, each, taken, language) for each in round_threads(node, tx, actor, ASKED)]
        log(tx, actor, "programme_read", objects=[each.thread for each in found], results=len(found))
    return sorted(found, key=lambda each: (not each.open, bool(each.round), each.due_on or dt.date.max))


def thread_of(node: Node, actor: Actor, thread: str, *, language: str = "en") -> tuple[Arrived | None, str]:
    """A thread of a round from either side: what came by it, or else the round of ours that it carries.

    Raises NotFound where it is none of ours.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            taken = {leg.body.thread: leg.body.round for leg in legs_of(view, actor.viewer.authority)}
        came: Arrived | None = None
        ours = ""
        _, desk = own_thread(node, tx, actor, thread)
        if desk.role == ASKED:
            came = _arrived(tx, round_thread(node, tx, actor, thread, ASKED), taken, language)
        else:
            head = round_thread(node, tx, actor, thread, HOLDER).head
            # Somebody may have opened the thread by hand, with any case of his own.
            ours = own_round(tx, actor, "" if head is None else head.case)[0].reference
        log(tx, actor, "programme_read", objects=[thread], results=1, details={"view": "travel"})
    return came, ours


def _arrived(tx: Transaction, running: Running, taken: dict[str, str], language: str) -> Arrived:
    head, due, course = running.head, due_of(tx, running), running.course
    count = course.facts.get("questions")
    return Arrived(
        thread=running.thread.reference,
        title="" if head is None else head.title,
        asked_by=_name(tx, running.thread.opener),
        questions=count if isinstance(count, int) else 0,
        state=_state(course, language),
        open=not course.final,
        due_on=due.day,
        overdue=due.overdue and not course.final,
        round=taken.get(running.thread.reference, ""),
    )


def _journeys(
    node: Node, tx: Transaction, actor: Actor, kept: Kept[Round], legs: list[Leg], seen: set[str], language: str
) -> list[Journey]:
    threads: dict[AuthorityId, Running] = {}
    for running in round_threads(node, tx, actor, HOLDER):
        party = asked_in(running)
        if party is not None and thread_of_round(running, kept.reference):
            threads.setdefault(party, running)
    waiting = waits_for_approval(node, tx, actor, kept.reference)
    by_thread = {leg.thread: leg for leg in legs}
    found = []
    for code in kept.body.asked:
        party = AuthorityId(code)
        if is_hosted(node, party):
            continue
        running_there = threads.get(party)
        if running_there is None:
            stage: Stage = "to_approve" if party in waiting else "to_send"
            found.append(Journey(authority=party, name=_name(tx, party), stage=stage))
            continue
        leg = by_thread.get(running_there.thread.reference)
        found.append(_journey(tx, party, running_there, leg, seen, language))
    return found


def _journey(
    tx: Transaction, party: AuthorityId, running: Running, leg: Leg | None, seen: set[str], language: str
) -> Journey:
    course, due, answers = running.course, due_of(tx, running), answers_in(running)
    last = f"{answers[-1].author}/{answers[-1].number}" if answers else ""
    taken = "" if leg is None else leg.taken
    received = any(p.step.author == party and p.status == "effective" for p in course.steps)
    stage: Stage = "received" if received else "sent"
    if answers:
        stage = "taken" if taken == last else "answered"
    elif course.final:
        stage = "ended"
    versions: tuple[Amendment, ...] = ()
    if leg is not None and leg.answer in seen:
        kept = versions_of(tx, str(party), leg.answer)
        versions = tuple(
            Amendment(version=each.version, taken_at=each.saved_at, because=each.reason) for each in reversed(kept)
        )
    return Journey(
        authority=party,
        name=_name(tx, party),
        stage=stage,
        thread=running.thread.reference,
        state=_state(course, language),
        due_on=due.day,
        overdue=due.overdue and not answers and not course.final,
        new_answer=bool(answers) and taken != last,
        open=not course.final,
        versions=versions,
    )


def _ours(node: Node, tx: Transaction, actor: Actor, leg: Leg, answer: KeptAnswer | None, language: str) -> Ours:
    running = round_thread(node, tx, actor, leg.thread, ASKED)
    due, course = due_of(tx, running), running.course
    sent: Literal["none", "unsent", "sent", "unfit"] = "none"
    why = remedy = ""
    if answer is not None and answer.answer.submitted:
        try:
            sent = "sent" if answer_to_send(tx, running, answer) is None else "unsent"
        except (Invalid, Conflict) as error:
            sent, why, remedy = "unfit", error.message, error.remedy
    return Ours(
        thread=leg.thread,
        asked_by=_name(tx, running.thread.opener),
        state=_state(course, language),
        open=not course.final,
        due_on=due.day,
        overdue=due.overdue and not course.final,
        answer=sent,
        why=why,
        remedy=remedy,
    )


def _state(course: Course, language: str) -> str:
    return "" if course.state is None else in_language(course.definition.state(course.state).label, language)


def _name(tx: Transaction, authority: AuthorityId) -> str:
    known = directory.authorities(tx).get(authority)
    return str(authority) if known is None else known.name
