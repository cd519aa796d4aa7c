"""Drafts of steps: what an officer has begun, what waits for a second officer, who approves it or gives it back."""

from __future__ import annotations

from alidade.model.errors import Conflict, Invalid, NotAllowed
from alidade.model.viewer import Actor
from alidade.procedures import Definition, in_language
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.approving import APPROVE, Written, decode, encode
from alidade.services.threads.finding import classifications_for, own_thread
from alidade.services.threads.notifying import tell
from alidade.services.threads.opening import begin, send_opening
from alidade.services.threads.own_drafts import no_draft, own_draft
from alidade.services.threads.running import catalogue, run
from alidade.services.threads.sending import send_step
from alidade.services.threads.stepping import asking_in
from alidade.services.threads.view import DraftView, Opening, Sent, StepOrder
from alidade.services.threads.wording import require_ready
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import drafts as store
from alidade.store.threads import kept
from alidade.store.threads.drafts import KeptStepDraft


def save_draft(
    node: Node,
    actor: Actor,
    order: StepOrder,
    *,
    thread: str = "",
    opening: Opening | None = None,
    draft: str = "",
) -> str:
    """Keep a step that is not ready to be sent, for its officer alone; the id of the draft.

    One of `thread` and `opening` is given. Raises NotFound for a thread or draft that is not the officer's to use.
    """
    if (not thread) == (opening is None):
        raise Invalid("A draft belongs to a thread, or to one that is to be opened.", code="draft")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_open" if opening is not None else "thread_step")
        if draft:
            own_draft(node, tx, actor, draft)
        number, procedure = None, "" if opening is None else opening.procedure
        classification = opening.handling.classification if opening is not None else ""
        if thread:
            found, _ = own_thread(node, tx, actor, thread)
            number, procedure, classification = found.number, found.procedure, found.classification
        if classification not in classifications_for(node, actor.viewer.clearance):
            raise Invalid("A draft cannot be classified above one's own clearance.", code="classification")
        saved = store.keep_draft(
            tx,
            actor.viewer.authority,
            str(actor.officer),
            draft=draft,
            thread=number,
            unit=directory.officer(tx, actor.officer).unit,
            procedure=procedure,
            code="open" if opening is not None else order.code,
            classification=classification,
            state="draft",
            urgent=False,
            content=encode(Written(order=order, opening=opening)),
        )
        act = "thread_open" if opening is not None else "thread_step"
        log(tx, actor, act, objects=[saved], details={"step": "draft"})
    return saved


def drafts_of(node: Node, actor: Actor, *, language: str = "en") -> tuple[DraftView, ...]:
    """One's own drafts, those that were returned first, and those of others that one may approve."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        found = visible_drafts(node, tx, actor, language=language)
        log(
            tx,
            actor,
            "thread_read",
            objects=[each.id for each in found],
            results=len(found),
            details={"list": "drafts"},
        )
    order = {"returned": 0, "waiting": 1, "draft": 2}
    return tuple(sorted(found, key=lambda each: (order[each.state], not each.urgent, each.saved_at, each.id)))


def visible_drafts(
    node: Node, tx: Transaction, actor: Actor, *, thread: int | None = None, language: str = "en"
) -> list[DraftView]:
    """The drafts that an officer sees: his own, and where he may approve, those that wait. The caller logs."""
    able = _may_approve(node, actor)
    kept_drafts = store.drafts_of(
        tx, actor.viewer.authority, classifications_for(node, actor.viewer.clearance), thread=thread
    )
    known = catalogue(tx)
    found = []
    for each in kept_drafts:
        own = each.officer == actor.officer
        if own or (able and each.state == "waiting"):
            definition = known.newest(each.procedure) if each.procedure in known.codes() else None
            found.append(_view(each, definition, own=own, able=able, language=language))
    return found


def approve_draft(node: Node, actor: Actor, draft: str) -> Sent:
    """Send a step that another officer of one's authority wrote, as the second who has looked at it.

    It is checked anew as the thread stands now, and with the rights of who approves. Raises NotFound for a draft that
    does not wait here, NotAllowed for one's own, StepRefused and Conflict as when it is sent.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, APPROVE)
        found = _waiting(node, tx, actor, draft)
        written = decode(found.content)
        if written.opening is not None:
            sent = _approve_opening(node, tx, actor, found, written.opening)
        else:
            sent = _approve_step(node, tx, actor, found, written.order)
        keys = store.drop_drafts(tx, [draft])
        log(tx, actor, APPROVE, objects=[draft, sent.thread], results=1, details={"decision": "approved"})
    node.store.keys.destroy_field_keys(keys)
    return sent


def return_draft(node: Node, actor: Actor, draft: str, remark: str) -> None:
    """Give a step back to its writer, with words why.

    Raises NotFound for a draft that does not wait here, NotAllowed for one's own, Invalid without words.
    """
    if not remark.strip():
        raise Invalid("Say in words why the draft is given back.", code="remark_missing")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, APPROVE)
        found = _waiting(node, tx, actor, draft)
        written = decode(found.content)
        store.keep_draft(
            tx,
            actor.viewer.authority,
            found.officer,
            draft=draft,
            thread=found.thread,
            unit=found.unit,
            procedure=found.procedure,
            code=found.code,
            classification=found.classification,
            state="returned",
            urgent=found.urgent,
            content=encode(Written(order=written.order, opening=written.opening, remark=remark.strip())),
            looked_by=str(actor.officer),
        )
        if found.thread is not None:
            running = run(tx, kept.thread_with_number(tx, found.thread))
            tell(tx, running, actor.viewer.authority, "returned", f"{draft}/{tx.now.isoformat()}", found.officer)
        log(tx, actor, APPROVE, objects=[draft], results=1, details={"decision": "returned"})


def discard_draft(node: Node, actor: Actor, draft: str) -> None:
    """Remove one's own draft, whether it waits or not. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        own_draft(node, tx, actor, draft)
        keys = store.drop_drafts(tx, [draft])
        log(tx, actor, "thread_step", objects=[draft], details={"step": "draft discarded"})
    node.store.keys.destroy_field_keys(keys)


def _waiting(node: Node, tx: Transaction, actor: Actor, draft: str) -> KeptStepDraft:
    found = store.draft_with_id(tx, actor.viewer.authority, draft, classifications_for(node, actor.viewer.clearance))
    if found is None or (found.state != "waiting" and found.officer != actor.officer):
        raise no_draft()
    if found.officer == actor.officer:
        raise NotAllowed(
            "Nobody approves a step that he has written himself.", remedy="Ask a second officer.", code="four_eyes"
        )
    return found


def _approve_opening(node: Node, tx: Transaction, actor: Actor, found: KeptStepDraft, opening: Opening) -> Sent:
    beginning = begin(node, tx, actor, opening)
    require_ready(beginning.prepared)
    return send_opening(node, tx, actor, beginning, officer=found.officer, approved_by=str(actor.officer))


def _approve_step(node: Node, tx: Transaction, actor: Actor, found: KeptStepDraft, order: StepOrder) -> Sent:
    if found.thread is None:
        raise Conflict("The thread of this draft is gone.", code="not_now")
    running = run(tx, kept.thread_with_number(tx, found.thread))
    asking = asking_in(node, tx, actor, running, language="en")
    prepared = asking.prepare(order)
    require_ready(prepared)
    after, step = send_step(node, tx, actor, running, prepared, officer=found.officer, approved_by=str(actor.officer))
    tell(tx, after, actor.viewer.authority, "approved", found.id, found.officer)
    return Sent(thread=running.thread.reference, state="sent", step=step)


def _may_approve(node: Node, actor: Actor) -> bool:
    role = node.vocabulary.roles.get(actor.role)
    return role is not None and APPROVE in role.acts


def _view(each: KeptStepDraft, definition: Definition | None, *, own: bool, able: bool, language: str) -> DraftView:
    written = decode(each.content)
    label = each.code
    if definition is not None:
        transition = definition.transition(each.code)
        verb = definition.opening.verb if each.code == "open" else None if transition is None else transition.verb
        label = in_language(verb, language) if verb is not None else each.code
    return DraftView(
        id=each.id,
        thread=each.reference,
        procedure=each.procedure,
        code=each.code,
        label=label,
        state=each.state,  # type: ignore[arg-type]  # written here only
        officer=each.officer,
        unit=each.unit,
        urgent=each.urgent,
        saved_at=each.saved_at,
        asked_at=each.asked_at,
        remark=written.remark,
        order=written.order,
        opening=written.opening,
        yours=own,
        may_approve=able and not own and each.state == "waiting",
    )
