"""Travelling: a round goes to authorities on other nodes as a thread each, and their answers come back by it.

The authority that holds the round sends it and takes the answers; the one that is asked takes the round, answers it on
the same page as any other, and sends its answer. Who asks and who answers is who signed the step, never what a file
says. Nothing is half taken: a file that is wrong leaves everything as it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Final

import msgspec

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.programme.register import Instrument, Record
from alidade.programme.round_files import answer_file, read_round_file, round_file
from alidade.programme.rounds import KeptAnswer, Round
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept, default_handling
from alidade.services.programme.register import INSTRUMENT
from alidade.services.programme.rounds import ROUND, answers_of, state_of
from alidade.services.programme.travel_threads import (
    ANSWERS,
    ASKED,
    HOLDER,
    PROCEDURE,
    answers_in,
    asked_in,
    file_of,
    open_one,
    put_file,
    round_thread,
    round_threads,
    step_in,
    step_with,
    waits_for_approval,
)
from alidade.services.threads.approving import approval_needed
from alidade.services.threads.leaving import is_hosted
from alidade.services.threads.running import Running
from alidade.services.threads.view import Opening, Sent, StepOrder
from alidade.services.threads.zones import zone_of
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading
from alidade.store.threads import drafts
from alidade.store.workpieces import keep_piece

__all__ = ["LEG", "Leg", "answer_to_send", "leg_of", "legs_of", "own_answer", "own_round", "send_answer"]
__all__ += ["send_round", "take_round", "thread_of_round"]

LEG: Final = "round_leg"
_DAY: Final = dt.timedelta(days=1)


class Leg(Record, frozen=True, kw_only=True):
    """What a node keeps of a thread of a round, for its own authority alone.

    `round` is the round here. Where it is held, `taken` is the last step ("author/number") whose answer was taken and
    `answer` the piece that it went into; where it is asked, both are empty.
    """

    thread: str
    round: str
    taken: str = ""
    answer: str = ""


def send_round(node: Node, actor: Actor, reference: str) -> tuple[Sent, ...]:
    """Send a round of one's own to every authority asked that works on another node and has not got it yet.

    A thread of the procedure `questionnaire_round` each, so that none learns of the others; all or none leave. The act
    `round_manage` covers it. Raises Conflict where there is nobody to send it to, where the round is closed, or where
    an authority has not been introduced to this node; NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        held, paper = own_round(tx, actor, reference)
        if held.body.closed_on is not None:
            raise Conflict("This round is closed already.", code="round_closed")
        gone = {asked_in(each) for each in round_threads(node, tx, actor, HOLDER) if thread_of_round(each, reference)}
        gone |= waits_for_approval(node, tx, actor, reference)
        away = [AuthorityId(each) for each in held.body.asked if not is_hosted(node, AuthorityId(each))]
        wanted = [each for each in away if each not in gone]
        if not wanted:
            raise Conflict("Nobody who is asked on another node still has to get this round.", code="nobody_left")
        sent = tuple(_send(node, tx, actor, held, paper, each) for each in wanted)
        threads = [each.thread for each in sent if each.thread]
        log(tx, actor, "round_manage", objects=[reference, *threads], results=len(sent), details={"what": "sent"})
    return sent


def _send(node: Node, tx: Transaction, actor: Actor, held: Kept[Round], paper: str, authority: AuthorityId) -> Sent:
    content = round_file(held.reference, held.body, paper)
    zone = zone_of(directory.authority(tx, authority))
    # The end of the day where the one who answers is: midnight is the beginning of the next.
    end = dt.datetime.combine(held.body.cut_off + _DAY, dt.time(), zone).astimezone(dt.UTC)
    values = {"answer_until": end.strftime("%Y-%m-%dT%H:%M:%SZ"), "questions": len(held.body.questions)}
    opening = Opening(
        procedure=PROCEDURE,
        parties={authority: ASKED},
        title=next(text for text in held.body.title.values() if text.strip())[:200],
        order=StepOrder(code="open", values=values, attachments=(put_file(tx, actor, content, "questions.json"),)),
        handling=msgspec.structs.replace(held.handling, communities=(), released_to=()),
        case=held.reference,
    )
    return open_one(node, tx, actor, opening)


def take_round(node: Node, actor: Actor, thread: str) -> str:
    """Make of a thread that has come the round to be answered here; its reference.

    It is kept as of the authority that asks, with its own keys, for one's own authority alone, and answered by
    `rounds.answer_round`; the other is told that it is being answered. Raises NotFound for a thread that is none,
    Conflict where it was taken already or its file has not arrived, Unreadable for a file that is not as its format
    asks.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        running = round_thread(node, tx, actor, thread, ASKED)
        own, opener = actor.viewer.authority, running.thread.opener
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            if any(leg.body.thread == thread for leg in legs_of(view, own)):
                raise Conflict("This round was taken already.", remedy="Find it among the rounds.", code="taken")
        opened = step_with(running, "open")
        if opened is None or running.course.final:
            raise Conflict("These questions were withdrawn, or are closed.", code="closed")
        asked = read_round_file(file_of(tx, running, opened))
        if opened.opened is None or opened.opened.case != asked.reference:
            raise Invalid("The file is of another round than its thread.", code="other_round")
        round_ = Round(
            title=asked.title, questions=asked.questions, asked=(own,), states=(state_of(node, tx, own),),
            opens=asked.opens, cut_off=asked.cut_off, languages=asked.languages,
        )  # fmt: skip
        how = msgspec.structs.replace(
            default_handling(node, own, communities=()), classification=running.thread.classification
        )
        title = next(text for text in asked.title.values() if text.strip())[:200]
        reference = keep_piece(
            tx, kind=ROUND, authority=opener, officer=str(actor.officer), title=title,
            body=msgspec.json.encode(round_),
            handling_number=intern_all(node, tx, own, {"round": how})["round"].number,
        )  # fmt: skip
        pieces.keep(node, tx, actor, LEG, title, Leg(thread=thread, round=reference), how)
        _acknowledge(node, tx, actor, running)
        log(tx, actor, "round_answer", objects=[thread, reference], details={"what": "taken", "from": opener})
    return reference


def _acknowledge(node: Node, tx: Transaction, actor: Actor, running: Running) -> None:
    allowed = {each.code for each in running.course.allowed(ASKED)}
    definition, own = running.definition, actor.viewer.authority
    if "acknowledge" in allowed and not approval_needed(tx, own, definition, "acknowledge", four_eyes=False):
        step_in(node, tx, actor, running, "acknowledge", {})


def send_answer(node: Node, actor: Actor, reference: str) -> Sent:
    """Send the answer of one's authority to a round that came by the exchange back to the authority that asked.

    `reference` is that of the round here. The first is an answer, later ones amend it. Raises NotFound where the round
    did not come by the exchange; Conflict where nothing is submitted, nothing is new, or the thread does not allow it;
    Invalid for an amendment after the cut-off without its reason.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            leg = leg_of(view, actor.viewer.authority, reference)
            answer = own_answer(view, actor.viewer.authority, reference)
        running = round_thread(node, tx, actor, leg.body.thread, ASKED)
        if answer is None or not answer.answer.submitted:
            raise Conflict("Your authority has not submitted its answer here.", remedy="Submit it, then send it.")
        known = (running.thread.classification,)
        written = drafts.drafts_of(tx, actor.viewer.authority, known, thread=running.thread.number)
        if any(each.code in ANSWERS and each.state == "waiting" for each in written):
            raise Conflict("An answer waits for a second officer already.", code="waits")
        content = answer_to_send(tx, running, answer)
        if content is None:
            raise Conflict("This answer was sent already.", remedy="Change it and submit it again.", code="sent")
        code = "amend" if answers_in(running) else "answer"
        said = answer.answer
        values: dict[str, str | bool | int] = {"publish": said.publish, "answered": len(said.parts)}
        if said.amended_because.strip():
            values["because"] = said.amended_because.strip()
        file = put_file(tx, actor, content, "answer.json")
        _, sent = step_in(node, tx, actor, running, code, values, (file,))
        details = {"what": code, "version": str(answer.version), "state": sent.state}
        log(tx, actor, "round_answer", objects=[reference, leg.body.thread], results=1, details=details)
    return sent


def answer_to_send(tx: Transaction, running: Running, answer: KeptAnswer) -> bytes | None:
    """The file of an answer for the round as it was asked; None where the same was sent last.

    Raises Invalid where the answer does not fit the questions as they were asked, or an amendment lacks its reason.
    """
    opened = step_with(running, "open")
    if opened is None:
        raise NotFound("There is no thread with this reference that you may see.")
    asked = read_round_file(file_of(tx, running, opened))
    said, before = answer.answer, answers_in(running)
    content = answer_file(asked, said)
    if before:
        last = before[-1]
        same = {each.sha256 for each in last.attachments} == {hashlib.sha256(content).hexdigest()}
        if same and last.values.get("publish") is said.publish:
            return None
        if tx.now.date() > asked.cut_off and not said.amended_because.strip():
            raise Invalid(
                "The cut-off is over: an amendment needs its reason.",
                remedy="Say why the answer changes.",
                code="amendment_without_reason",
            )
    return content


def legs_of(view: ReaderView, authority: AuthorityId) -> list[Kept[Leg]]:
    """What one's own authority keeps of threads of rounds."""
    return [kept for kept in pieces.every(view, LEG, Leg) if kept.authority == authority]


def leg_of(view: ReaderView, authority: AuthorityId, round_: str) -> Kept[Leg]:
    pieces.one(view, ROUND, round_, Round)
    found = (kept for kept in legs_of(view, authority) if kept.body.round == round_ and not kept.body.taken)
    leg = next(found, None)
    if leg is None:
        raise NotFound("There is nothing with this reference that you may see.")
    return leg


def own_answer(view: ReaderView, authority: AuthorityId, round_: str) -> KeptAnswer | None:
    return next((kept for kept in answers_of(view, round_) if kept.authority == authority), None)


def own_round(tx: Transaction, actor: Actor, reference: str) -> tuple[Kept[Round], str]:
    """A round that one's own authority holds, and the number of its paper."""
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        held = pieces.one(view, ROUND, reference, Round)
        if held.authority != actor.viewer.authority:
            raise NotFound("There is nothing with this reference that you may see.")
        known = view.piece(held.body.instrument) if held.body.instrument else None
        if known is None or known.kind != INSTRUMENT:
            return held, ""
        return held, pieces.one(view, INSTRUMENT, held.body.instrument, Instrument).body.number


def thread_of_round(running: Running, round_: str) -> bool:
    """Whether a thread carries this round and was not withdrawn: what was withdrawn may be sent again."""
    head = running.head
    return head is not None and head.case == round_ and running.course.state != "withdrawn"
