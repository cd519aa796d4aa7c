"""Sending: what an approved step and one that needs no approval have in common, from the rights to the ledger."""

from __future__ import annotations

from collections.abc import Iterable

from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import require_right
from alidade.services.node import Node
from alidade.services.threads.approving import Written, approvers, encode
from alidade.services.threads.notifying import tell
from alidade.services.threads.running import Running
from alidade.services.threads.wording import Prepared
from alidade.services.threads.writing import write_step
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import attachments, drafts
from alidade.store.threads.attachments import KeptAttachment


def send_step(
    node: Node,
    tx: Transaction,
    actor: Actor,
    running: Running,
    prepared: Prepared,
    *,
    officer: str,
    approved_by: str | None = None,
) -> tuple[Running, str]:
    """Sign, keep and post a step; the thread after it and the id of the step ("authority/number").

    `officer` wrote it, `actor` sends it: the same, or the second officer who approved it. The caller logs.
    """
    if prepared.releases:
        require_right(node, tx, actor, "release")
    author = actor.viewer.authority
    note_files(tx, prepared.files, running.thread.number)
    number = running.course.next_number(author)
    after, _ = write_step(
        node,
        tx,
        running,
        author,
        prepared.words,
        officer=officer,
        approved_by=approved_by,
        actor=actor,
        files=prepared.files,
    )
    return after, f"{author}/{number}"


def note_files(tx: Transaction, files: Iterable[KeptAttachment], thread: int) -> None:
    """The files belong to the thread from here on: all its parties may read them."""
    for file in files:
        attachments.settle(tx, file.id, "sent", thread=thread)


def keep_for_approval(
    node: Node,
    tx: Transaction,
    actor: Actor,
    written: Written,
    *,
    running: Running | None,
    procedure: str,
    classification: str,
    urgent: bool,
    draft: str = "",
) -> str:
    """Keep a step until a second officer has looked at it, and tell those who may; the id of the draft."""
    authority = actor.viewer.authority
    unit = directory.officer(tx, actor.officer).unit
    kept = drafts.keep_draft(
        tx,
        authority,
        str(actor.officer),
        draft=draft,
        thread=None if running is None else running.thread.number,
        unit=unit,
        procedure=procedure,
        code="open" if written.opening is not None else written.order.code,
        classification=classification,
        state="waiting",
        urgent=urgent,
        content=encode(written),
    )
    if running is not None:
        tell_approvers(node, tx, running, authority, unit, str(actor.officer), kept)
    return kept


def tell_approvers(
    node: Node, tx: Transaction, running: Running, authority: AuthorityId, unit: str, writer: str, draft: str
) -> None:
    """Tell each officer who may approve that a draft waits."""
    for person in approvers(node, tx, authority, unit=unit, but=writer):
        tell(tx, running, authority, "to_approve", f"{draft}/{person.id}", str(person.id))
