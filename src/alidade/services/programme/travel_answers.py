"""Answers that came by the exchange: each is put into the round as that of the authority that signed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from alidade.model.errors import AlidadeError, Conflict, Invalid
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import Step
from alidade.programme.round_files import read_answer_file
from alidade.programme.rounds import Answer, Round, amended
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept, default_handling
from alidade.services.programme.rounds import ANSWER, state_of
from alidade.services.programme.travel_threads import HOLDER, answers_in, asked_in, file_of, round_thread
from alidade.services.programme.travelling import LEG, Leg, legs_of, own_round
from alidade.services.threads.running import Running
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import reading
from alidade.store.workpieces import change_piece, keep_piece, reclassify_piece

__all__ = ["take_answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An answer that a step brought, and the day on which it came here."""

    step: Step
    answer: Answer
    day: dt.date


def take_answer(node: Node, actor: Actor, thread: str) -> str:
    """Put the answer that a thread brought into its round; the reference of the answer.

    It counts as that of the authority that was asked and has signed the step, for the State that the directory gives
    it. What may be published is seen by those who see the round, else by one's own authority alone. Every amendment is
    a version of its own with its reason; one whose file is wrong and that a later one has put right is left out.
    Raises NotFound, Conflict where nothing new has come or the file is not here yet, Unreadable for a file that is not
    as its format asks, Invalid for an authority that the round does not ask and for an amendment that cannot be taken
    any more; the round stays as it was.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        running = round_thread(node, tx, actor, thread, HOLDER)
        head = running.head
        held, _ = own_round(tx, actor, head.case if head is not None else "")
        sender = asked_in(running)
        if sender is None or sender not in held.body.asked:
            raise Invalid("The authority of this thread is not among those asked.", code="not_asked")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            leg = next((each for each in legs_of(view, actor.viewer.authority) if each.body.thread == thread), None)
            kept = None if leg is None else pieces.one(view, ANSWER, leg.body.answer, Answer)
        steps = _new(running, "" if leg is None else leg.body.taken)
        state = state_of(node, tx, sender)
        before = Answer(round=held.reference, state=state, parts=()) if kept is None else kept.body
        read = list(_readable(tx, running, steps, held, before))
        reference = "" if kept is None else kept.reference
        version = 0 if kept is None else kept.version
        for each in read:
            reference, version = _put(node, tx, actor, held, sender, each.answer, reference, version)
        done = Leg(thread=thread, round=held.reference, taken=_name(steps[-1]), answer=reference)
        own = default_handling(node, actor.viewer.authority, communities=())
        if leg is None:
            pieces.keep(node, tx, actor, LEG, str(sender), done, own)
        else:
            pieces.change(tx, actor, leg.reference, str(sender), done, leg.version, "taken")
        details = {"what": "answer taken", "from": str(sender), "left_out": str(len(steps) - len(read))}
        log(tx, actor, "round_manage", objects=[held.reference, reference, thread], results=len(read), details=details)
    return reference


def _new(running: Running, taken: str) -> list[Step]:
    """The steps with answers since the one that was taken last. Raises Conflict where there is none."""
    steps = answers_in(running)
    known = next((place for place, step in enumerate(steps, 1) if _name(step) == taken), 0)
    if not steps[known:]:
        raise Conflict("No answer that is not taken yet has come by this thread.", code="nothing_new")
    return steps[known:]


def _readable(
    tx: Transaction, running: Running, steps: list[Step], held: Kept[Round], before: Answer
) -> Iterable[_Read]:
    """What the steps brought, in their order; the last must be right, an earlier one that is wrong is left out."""
    for step in steps:
        row = running.row_of(step.author, step.number)
        if row is None:
            raise AssertionError
        day = row.stored_at.date()
        try:
            content = file_of(tx, running, step)
            given = read_answer_file(content, held.reference, held.body, state=before.state)
            answer = Answer(
                round=held.reference, state=before.state, parts=given.parts, contact=given.contact,
                translated=given.translated, publish=step.values.get("publish") is True, submitted=True,
                amended_because=str(step.values.get("because") or "")[:500],
            )  # fmt: skip
            amended(before, answer, held.body, day)
        except AlidadeError:
            if step is steps[-1]:
                raise
            continue
        before = answer
        yield _Read(step=step, answer=answer, day=day)


def _put(
    node: Node,
    tx: Transaction,
    actor: Actor,
    held: Kept[Round],
    sender: AuthorityId,
    answer: Answer,
    reference: str,
    version: int,
) -> tuple[str, int]:
    """Keep one version of an answer as the sender's own, under a handling of the authority that holds the round."""
    own, body, officer = actor.viewer.authority, msgspec.json.encode(answer), str(actor.officer)
    number = intern_all(node, tx, own, {"answer": _handling(node, own, held, answer)})["answer"].number
    if not reference:
        kept = keep_piece(
            tx, kind=ANSWER, authority=sender, officer=officer, title=answer.state, body=body, handling_number=number
        )
        return kept, 1
    reclassify_piece(tx, sender, reference, number)
    now = change_piece(
        tx, sender, reference, officer=officer, title=answer.state, body=body, version=version,
        reason=answer.amended_because,
    )  # fmt: skip
    return reference, now


def _handling(node: Node, own: AuthorityId, held: Kept[Round], answer: Answer) -> Handling:
    """As the round where it may be published, else for one's own authority alone; never less classified."""
    how = msgspec.structs.replace(
        default_handling(node, own, communities=()), classification=held.handling.classification
    )
    if not answer.publish:
        return how
    return msgspec.structs.replace(how, communities=held.handling.communities, released_to=held.handling.released_to)


def _name(step: Step) -> str:
    return f"{step.author}/{step.number}"
