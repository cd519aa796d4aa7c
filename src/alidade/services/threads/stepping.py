"""Stepping: an officer takes a step in a thread: sent at once, or kept until a second officer has looked at it."""

from __future__ import annotations

from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.approving import Written, approval_needed
from alidade.services.threads.finding import own_thread
from alidade.services.threads.own_drafts import drop_own
from alidade.services.threads.repeating import Repeat, answer_before, note_answer
from alidade.services.threads.running import Running, run
from alidade.services.threads.sending import keep_for_approval, send_step
from alidade.services.threads.view import Preview, Sent, StepOrder
from alidade.services.threads.wording import Asking, preview_of, require_ready
from alidade.store.database import Transaction
from alidade.store.threads import desks


def preview_step(node: Node, actor: Actor, thread: str, order: StepOrder, *, language: str = "en") -> Preview:
    """What would be sent to whom, and why not more, if the step were taken now; nothing is kept.

    Raises NotFound for a thread that is absent or not for this officer, Conflict where the thread does not allow it.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        running = run(tx, own_thread(node, tx, actor, thread)[0])
        prepared = asking_in(node, tx, actor, running, language=language).prepare(order)
        approval = approval_needed(
            tx, actor.viewer.authority, running.definition, order.code, four_eyes=prepared.four_eyes
        )
        found = preview_of(running.definition.code, prepared, approval)
        log(tx, actor, "thread_step", objects=[thread], results=len(found.recipients), details={"step": "preview"})
    return found


def take_step(
    node: Node, actor: Actor, thread: str, order: StepOrder, *, draft: str = "", repeat: Repeat | None = None
) -> Sent:
    """Take a step in a thread, or keep it for approval where a second officer must look first.

    The step is signed with the key of the authority, kept, takes its effect, and leaves for parties on other nodes,
    all or nothing. `draft` is the draft from which it was written, which goes. Raises NotFound, Conflict as
    `preview_step`, StepRefused with the preview where something is missing or must not be passed on. `repeat`: what
    was answered to the same before is answered again, and nothing is done; Conflict where something else was asked.
    """
    gone: list[str] = []
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        found = own_thread(node, tx, actor, thread)[0]
        before = answer_before(node, tx, actor, repeat)
        if before is not None:
            log(tx, actor, "thread_step", objects=[thread], details={"step": "answered again"})
            return before
        running = run(tx, found)
        prepared = asking_in(node, tx, actor, running).prepare(order)
        require_ready(prepared)
        authority = actor.viewer.authority
        if approval_needed(tx, authority, running.definition, order.code, four_eyes=prepared.four_eyes):
            waiting = keep_for_approval(
                node,
                tx,
                actor,
                Written(order=order),
                running=running,
                procedure=running.definition.code,
                classification=running.thread.classification,
                urgent=running.thread.urgent,
                draft=draft,
            )
            details = {"step": order.code, "state": "waits for approval"}
            log(tx, actor, "thread_step", objects=[thread, waiting], details=details)
            sent = Sent(thread=thread, state="waiting_for_approval", draft=waiting)
            return note_answer(node, tx, actor, repeat, sent)
        after, step = send_step(node, tx, actor, running, prepared, officer=str(actor.officer))
        take_if_free(tx, actor, after)
        log(
            tx,
            actor,
            "thread_step",
            objects=[thread, *prepared.words.records],
            results=len(prepared.recipients),
            details={"step": order.code, "files": str(len(prepared.files)), "state": after.course.state or ""},
        )
        if draft:
            gone = drop_own(node, tx, actor, draft)
        sent = note_answer(node, tx, actor, repeat, Sent(thread=thread, state="sent", step=step))
    node.store.keys.destroy_field_keys(gone)
    return sent


def asking_in(node: Node, tx: Transaction, actor: Actor, running: Running, *, language: str = "en") -> Asking:
    """The thread as a step of the officer's authority is prepared in it."""
    head = running.head
    parties = running.course.parties or running.thread.parties
    return Asking(
        node=node,
        tx=tx,
        actor=actor,
        definition=running.definition,
        course=running.course,
        role=parties.get(actor.viewer.authority, ""),
        parties={party: role for party, role in parties.items() if party != actor.viewer.authority},
        handling=None if head is None else head.handling,
        language=language,
    )


def take_if_free(tx: Transaction, actor: Actor, running: Running) -> None:
    """Whoever acts first in a thread that nobody has on his desk, has it from then on."""
    authority = actor.viewer.authority
    held = desks.assignments_of(tx, running.thread.number, authority)
    if not any(each.officer and each.ended_at is None for each in held):
        unit = held[-1].unit if held else ""
        officer = str(actor.officer)
        desks.assign(tx, running.thread.number, authority, officer=officer, unit=unit, how="taken", by=officer)
