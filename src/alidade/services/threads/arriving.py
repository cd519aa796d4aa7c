"""Arriving: a step that another node has delivered and verified is kept here, in the transaction of the delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from alidade.ledger.entry import Entry
from alidade.model.errors import Invalid
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.procedures import SignedStep, step_id
from alidade.services.node import Node
from alidade.services.threads.leaving import is_hosted
from alidade.services.threads.running import Head, catalogue, run
from alidade.services.threads.writing import NODE, keep_step
from alidade.store import rights
from alidade.store.database import Transaction
from alidade.store.rights import epoch
from alidade.store.threads import attachments, kept, steps
from alidade.store.threads.kept import KeptThread
from alidade.store.threads.parked import park, parked_of, unpark


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What became of a step: kept, known already, or parked until the first step of its thread is here.

    `forked` means that its author has signed two different steps of one number; the one that came first stays.
    """

    outcome: Literal["kept", "duplicate", "parked", "forked"]
    thread: str
    awaiting: int = 0


def receive_step(
    node: Node,
    tx: Transaction,
    signed: SignedStep,
    *,
    handling: Handling | None = None,
    recipient: AuthorityId | None = None,
) -> Arrived:
    """Keep a step from another node; its signature was verified with the author's key by whoever calls.

    `handling` is the one that an opening names, where it came along. `recipient` is the authority of this node to
    which it was sent: it may be no party of the opening, but of a later step that has not arrived yet. Raises Invalid
    for a step of an authority of this node, or of nobody's business here; NotFound where its procedure is not known
    here.
    """
    step = signed.step
    if is_hosted(node, step.author):
        raise Invalid("A step of an authority of this node cannot come from elsewhere.", code="own_step")
    thread = kept.thread_with_reference(tx, step.thread)
    if thread is None:
        if step.opened is None or step.code != "open" or step.number != 1:
            park(tx, signed)
            return Arrived(outcome="parked", thread=step.thread)
        thread = _begin(node, tx, signed, handling, recipient)
    known = steps.digest_of_step(tx, thread.number, step.author, step.number)
    if known is not None:
        return Arrived(outcome="duplicate" if known == step_id(step) else "forked", thread=step.thread)
    _, running = keep_step(node, tx, run(tx, thread), signed)
    _log(tx, thread, signed)
    for waiting in parked_of(tx, step.thread):
        unpark(tx, waiting)
        receive_step(node, tx, waiting)
    return Arrived(outcome="kept", thread=step.thread, awaiting=len(running.course.missing))


def _begin(
    node: Node, tx: Transaction, signed: SignedStep, handling: Handling | None, recipient: AuthorityId | None
) -> KeptThread:
    step = signed.step
    opened = step.opened
    if opened is None:
        raise AssertionError
    meant = [*opened.parties, *([] if recipient is None else [recipient])]
    if not any(is_hosted(node, party) for party in meant):
        raise Invalid("No party to this thread works on this node.", code="not_for_us")
    definition = catalogue(tx).get(opened.procedure, opened.version)
    if handling is None and opened.handling is not None:
        found = rights.handling_by_digest(tx, opened.handling)
        handling = None if found is None else found[1].handling
    return kept.add_thread(
        tx,
        reference=step.thread,
        procedure=opened.procedure,
        version=opened.version,
        opener=step.author,
        parties=opened.parties,
        # Without its handling nobody can tell who may read it: only who may read everything does.
        classification=handling.classification if handling is not None else _highest(node),
        state=definition.opening.to_state,
        head=msgspec.json.encode(Head(title=opened.title, case=opened.case or "", handling=handling)),
    )


def _highest(node: Node) -> str:
    return max(node.vocabulary.classifications.values(), key=lambda each: each.rank).code


def _log(tx: Transaction, thread: KeptThread, signed: SignedStep) -> None:
    for desk in kept.desks_of(tx, thread.number):
        tx.log(
            Entry(
                act="thread_step",
                at=tx.now,
                authority=desk.authority,
                officer=NODE,
                objects=(thread.reference,),
                results=1,
                details=(("author", signed.step.author), ("step", signed.step.code), ("way", "arrived")),
                epoch=epoch(tx),
                decision="allowed",
            )
        )


def receive_piece(
    tx: Transaction, author: AuthorityId, thread: str, sha256: str, *, size: int, media: str, number: int, piece: bytes
) -> bool:
    """Keep a piece of a file that a step of another node names; whether the file is whole now.

    Its hash is checked before it is shown: see `attachments.check_arrived`. Raises Invalid where no step names it.
    """
    found = kept.thread_with_reference(tx, thread)
    if found is None:
        raise Invalid("No step here names this file.", code="file_not_named")
    file = attachments.with_hash(tx, found.number, author, sha256)
    if file is None:
        reference = attachments.begin(tx, author, NODE, name="", size=size, sha256=sha256)
        attachments.settle(tx, reference, "arriving", media=media, thread=found.number)
    else:
        reference = file.id
    return attachments.add_piece(tx, reference, number, piece) >= size
