"""Writing: a step gets its number, is signed with the key of its authority, kept, and takes its effect, as one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alidade.model.errors import Conflict
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import (
    AttachmentRef,
    Opened,
    SignedStep,
    Step,
    Value,
    moment_text,
    sign_step,
    step_bytes,
    step_id,
)
from alidade.services.node import Node
from alidade.services.signing import signing_key
from alidade.services.threads.effects import carry_out
from alidade.services.threads.frames import frame_of
from alidade.services.threads.leaving import is_hosted, post_to_remote
from alidade.services.threads.notifying import NODE_OFFICER, tell_arrived, tell_step
from alidade.services.threads.running import Running, as_refreshed, refresh, run, step_of
from alidade.store.database import Transaction
from alidade.store.threads import attachments, steps
from alidade.store.threads.attachments import KeptAttachment
from alidade.store.threads.kept import KeptThread

NODE = NODE_OFFICER  # of what the node itself writes: receipts
_REF_TAG = b"alidade officer v1\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a step says, checked and ready to be signed."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    reason: str | None = None
    note: str = ""
    language: str = "en"
    attachments: tuple[AttachmentRef, ...] = ()
    records: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    opened: Opened | None = None


def officer_reference(node: Node, authority: AuthorityId, officer: str) -> str:
    """The name under which an officer appears in steps: his own authority can tell whose it is, nobody else."""
    if officer == NODE:
        return NODE
    # A signature of Ed25519 is the same each time and cannot be made without the key: nobody can try names against it.
    signed = signing_key(node, authority).sign(_REF_TAG + officer.encode())
    return hashlib.sha256(signed).hexdigest()[:32]


def write_step(
    node: Node,
    tx: Transaction,
    running: Running,
    author: AuthorityId,
    words: Words,
    *,
    officer: str,
    approved_by: str | None = None,
    actor: Actor | None = None,
    files: Sequence[KeptAttachment] = (),
) -> tuple[Running, int]:
    """Sign and keep one step of an authority of this node; the thread after it and the row of the step.

    `actor` is the officer by whose act it is sent, for effects that need his rights. The caller logs.
    """
    step = Step(
        thread=running.thread.reference,
        author=author,
        number=running.course.next_number(author),
        seen=dict(running.course.seen_by(author)),
        code=words.code,
        at=moment_text(tx.now),
        officer=officer_reference(node, author, officer),
        approved_by=None if approved_by is None else officer_reference(node, author, approved_by),
        values=dict(words.values),
        reason=words.reason,
        note=words.note,
        language=words.language,
        attachments=words.attachments,
        contributions=words.records,
        quotes=words.quotes,
        opened=words.opened,
    )
    signed = sign_step(step, signing_key(node, author))
    row, after = keep_step(node, tx, running, signed, actor=actor)
    post_to_remote(node, tx, after.thread, signed, after.course.parties, files)
    return after, row


def keep_step(
    node: Node, tx: Transaction, running: Running, signed: SignedStep, *, actor: Actor | None = None
) -> tuple[int, Running]:
    """Keep a step that its author's authority has signed, and let it take its effect here.

    Raises Conflict where the author has another step of this number.
    """
    step = signed.step
    thread = running.thread
    if steps.digest_of_step(tx, thread.number, step.author, step.number) is not None:
        raise Conflict("The author has another step of this number.", code="step_number_taken")
    row = steps.add_step(
        tx,
        thread,
        author=step.author,
        number=step.number,
        code=step.code,
        digest=step_id(step),
        key_id=signed.key_id,
        signature=signed.signature,
        content=step_bytes(step),
        frame=frame_of(running.definition, step),
    )
    after = _settle(node, tx, thread, actor)
    _bring_in(node, tx, after, known=thread.parties, but=row)
    tell_step(tx, after, step)
    return row, after


def _settle(node: Node, tx: Transaction, thread: KeptThread, actor: Actor | None) -> Running:
    """Bring the rows up to date, carry out what is due, and let new parties of this node confirm the receipt."""
    running = run(tx, thread)
    fresh = refresh(node, tx, running)
    running = as_refreshed(tx, running)
    carry_out(node, tx, running, actor)
    for party in fresh:
        if party != running.course.opener:
            tell_arrived(tx, running, party)
            running, _ = write_step(node, tx, running, party, Words(code="received"), officer=NODE)
    return running


def _bring_in(node: Node, tx: Transaction, running: Running, *, known: Mapping[AuthorityId, str], but: int) -> None:
    """Send a party on another node that has joined since what the authorities of this node had written before."""
    fresh = {
        party: role
        for party, role in running.course.parties.items()
        if party not in known and not is_hosted(node, party)
    }
    for each in running.steps if fresh else ():
        step = step_of(each)
        if each.row == but or each.content is None or step is None or not is_hosted(node, each.author):
            continue
        signed = SignedStep(step=step, key_id=each.key_id, signature=each.signature)
        files = [
            file
            for ref in step.attachments
            if (file := attachments.with_hash(tx, running.thread.number, each.author, ref.sha256)) is not None
        ]
        post_to_remote(node, tx, running.thread, signed, fresh, files)
