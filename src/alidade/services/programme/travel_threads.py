"""Threads of rounds: how a round finds its threads, puts a file into a step of one, and gets a file out of one."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from alidade.clocks import ClockState, last_day
from alidade.model.errors import Conflict, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import Step, Value
from alidade.programme.round_files import LARGEST_FILE
from alidade.services.node import Node
from alidade.services.threads.approving import Written, approval_needed, decode
from alidade.services.threads.finding import classifications_for, no_thread, own_thread
from alidade.services.threads.limits import limits
from alidade.services.threads.opening import begin, send_opening
from alidade.services.threads.running import Running, clock_states, run
from alidade.services.threads.sending import keep_for_approval, send_step
from alidade.services.threads.stepping import asking_in, take_if_free
from alidade.services.threads.view import Opening, Sent, StepOrder
from alidade.services.threads.wording import require_ready
from alidade.services.threads.zones import zone_of
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import attachments, drafts
from alidade.store.threads.by_procedure import threads_of_procedure

PROCEDURE: Final = "questionnaire_round"
HOLDER, ASKED = "holder", "asked"
ANSWERS: Final = ("answer", "amend")
MOST: Final = 500  # threads that one look goes through
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Until which day the answer is awaited where the authority asked is, and how the clock stands."""

    day: dt.date | None
    overdue: bool


def round_thread(node: Node, tx: Transaction, actor: Actor, thread: str, role: str) -> Running:
    """A thread of this procedure in which one's own authority has the role. Raises NotFound for any other."""
    kept, desk = own_thread(node, tx, actor, thread)
    if kept.procedure != PROCEDURE or desk.role != role:
        raise no_thread()
    return run(tx, kept)


def round_threads(node: Node, tx: Transaction, actor: Actor, role: str) -> Iterator[Running]:
    """Every thread of this procedure in which one's own authority has the role, the newest first."""
    own, cleared = actor.viewer.authority, classifications_for(node, actor.viewer.clearance)
    for kept in threads_of_procedure(tx, own, PROCEDURE, role, cleared, MOST):
        yield run(tx, kept)


def waits_for_approval(node: Node, tx: Transaction, actor: Actor, round_: str) -> set[AuthorityId]:
    """The authorities to whom questions of this round wait to be sent until a second officer has looked."""
    cleared = classifications_for(node, actor.viewer.clearance)
    written = [
        decode(each.content)
        for each in drafts.drafts_of(tx, actor.viewer.authority, cleared)
        if each.procedure == PROCEDURE and each.code == "open" and each.state == "waiting"
    ]
    openings = [each.opening for each in written if each.opening is not None and each.opening.case == round_]
    return {party for opening in openings for party in opening.parties}


def asked_in(running: Running) -> AuthorityId | None:
    """The authority that was asked: by the signed first step, never by a file."""
    found = running.course.holders(ASKED)
    return found[0] if len(found) == 1 else None


def step_with(running: Running, code: str) -> Step | None:
    """The last effective step of a code."""
    found = (p.step for p in reversed(running.course.steps) if p.status == "effective" and p.step.code == code)
    return next(found, None)


def answers_in(running: Running) -> list[Step]:
    """The effective steps that brought an answer of the authority asked, in their order."""
    party = asked_in(running)
    steps = [placed.step for placed in running.course.steps if placed.status == "effective"]
    return [step for step in steps if step.code in ANSWERS and step.author == party]


def due_of(tx: Transaction, running: Running) -> Due:
    """When the answer is due, and whether that is over without one."""
    for clock, state in clock_states(tx, running.course, tx.now):
        return Due(day=_day(tx, clock.owed_by, state), overdue=state.phase in ("missed", "silence"))
    return Due(day=None, overdue=False)


def _day(tx: Transaction, owed_by: AuthorityId, state: ClockState) -> dt.date | None:
    zone = zone_of(directory.authorities(tx).get(owed_by))
    return None if state.due_at is None else last_day(state.due_at, zone)


def file_of(tx: Transaction, running: Running, step: Step) -> bytes:
    """The one file of a step. Raises Conflict where it has not arrived, Invalid where there is not exactly one."""
    files = [each for each in step.attachments if each.media == _JSON]
    if len(files) != 1 or len(step.attachments) != 1 or files[0].size > LARGEST_FILE:
        raise Conflict(
            "The step did not bring the one file that the round travels in.",
            remedy="Ask for it to be sent from the page of the round.",
            code="no_file",
        )
    kept = attachments.with_hash(tx, running.thread.number, step.author, files[0].sha256)
    if kept is None or kept.state != "sent" or kept.size > LARGEST_FILE:
        raise Conflict(
            "The file of this step has not arrived yet, or was refused.",
            remedy="Wait some minutes; if it does not come, ask for it again.",
            code="file_awaited",
        )
    content = b"".join(attachments.pieces(tx, kept.id))
    if hashlib.sha256(content).hexdigest() != files[0].sha256:
        raise NotFound("The file of this step was erased.")
    return content


def put_file(tx: Transaction, actor: Actor, content: bytes, name: str) -> str:
    """Keep a file that this node wrote itself, ready to go with a step; its reference."""
    reference = attachments.begin(
        tx,
        actor.viewer.authority,
        str(actor.officer),
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    length = limits().piece.bytes
    for number in range(-(-len(content) // length)):
        attachments.add_piece(tx, reference, number, content[number * length : (number + 1) * length])
    attachments.settle(tx, reference, "checked", media=_JSON)
    return reference


def open_one(node: Node, tx: Transaction, actor: Actor, opening: Opening) -> Sent:
    """Open a thread, or keep it for approval where the unit has ruled so. Raises StepRefused as `open_thread`."""
    beginning = begin(node, tx, actor, opening)
    require_ready(beginning.prepared)
    if not beginning.approval:
        return send_opening(node, tx, actor, beginning, officer=str(actor.officer))
    waiting = keep_for_approval(
        node,
        tx,
        actor,
        Written(order=beginning.opening.order, opening=opening),
        running=None,
        procedure=PROCEDURE,
        classification=beginning.handling.classification,
        urgent=False,
    )
    return Sent(thread="", state="waiting_for_approval", draft=waiting)


def step_in(
    node: Node,
    tx: Transaction,
    actor: Actor,
    running: Running,
    code: str,
    values: Mapping[str, Value],
    files: tuple[str, ...] = (),
    reason: str = "",
) -> tuple[Running, Sent]:
    """Take a step in a thread, or keep it for approval. Raises Conflict where the thread does not allow it now."""
    order = StepOrder(code=code, values=values, attachments=files, reason=reason)
    prepared = asking_in(node, tx, actor, running).prepare(order)
    require_ready(prepared)
    own, thread = actor.viewer.authority, running.thread.reference
    if approval_needed(tx, own, running.definition, code, four_eyes=prepared.four_eyes):
        waiting = keep_for_approval(
            node,
            tx,
            actor,
            Written(order=order),
            running=running,
            procedure=PROCEDURE,
            classification=running.thread.classification,
            urgent=False,
        )
        return running, Sent(thread=thread, state="waiting_for_approval", draft=waiting)
    after, step = send_step(node, tx, actor, running, prepared, officer=str(actor.officer))
    take_if_free(tx, actor, after)
    return after, Sent(thread=thread, state="sent", step=step)
