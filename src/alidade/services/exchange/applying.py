"""Applying: what came in and has its turn takes effect here, in the transaction in which it counts as taken.

Whatever cannot be applied raises, is undone, and is parked with a word for a person to look at; nothing is dropped.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

import msgspec

from alidade.exchange.content import (
    Chunk,
    Content,
    Contribution,
    Directory,
    Erasure,
    Release,
    Step,
    kind_of,
    read_order,
)
from alidade.exchange.manifest import parse
from alidade.exchange.verdict import Alarm, ChunksWanted, Delivery, Event, KeysChanged
from alidade.ledger.entry import Entry
from alidade.model.canonical import canonical_bytes
from alidade.model.errors import Invalid
from alidade.model.handling import handling_id
from alidade.model.ids import AuthorityId
from alidade.procedures import SignedStep, decode_step, verify_step
from alidade.services.exchange.arriving_records import keep_record, keep_release, trusted_keys
from alidade.services.exchange.ends import end_of
from alidade.services.exchange.holding import erase_ordered
from alidade.services.exchange.introducing import note_keys
from alidade.services.exchange.posting import SentEntry, SentStep
from alidade.services.node import Node
from alidade.services.threads.arriving import receive_piece, receive_step
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange, alarms
from alidade.store.exchange.holds import WaitingOrder, let_wait
from alidade.store.exchange.starts import plain_name
from alidade.store.rights import epoch

C = TypeVar("C", bound=msgspec.Struct)
S = TypeVar("S", bound=msgspec.Struct)
NODE: Final = "node"
_ACT: Final = "exchange_receive"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What one delivery came to: how much was kept, and whether keys of erased values are to be destroyed."""

    results: int
    erased: bool = False


def apply(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery) -> Applied:
    """Let one delivery take effect, and log it. Raises AlidadeError where it cannot."""
    work = _WORK.get(type(delivery.content))
    done = Applied(results=0) if work is None else work(node, tx, own, delivery)
    if work is not None:
        _log(node, tx, own, delivery, done.results)
    return done


def note_event(node: Node, tx: Transaction, own: AuthorityId, event: Event) -> None:
    """Keep what else happened: keys that changed, and what a person must look at."""
    if isinstance(event, Alarm):
        alarms.raise_alarm(tx, own, event.peer, event.kind, event.evidence)
    elif isinstance(event, KeysChanged):
        for kept in KeptExchange(tx, own).manifests(event.authority):
            manifest = parse(kept.raw).manifest
            if manifest.number == event.number:
                note_keys(tx, event.authority, manifest)
        if event.distrusted:
            alarms.raise_alarm(tx, own, event.authority, "key_distrusted", [name.encode() for name in event.quarantine])
    elif isinstance(event, ChunksWanted):
        alarms.raise_alarm(tx, own, event.peer, "pieces_missing", [event.attachment.encode()])


def _steps(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery) -> Applied:
    content = _of(delivery.content, Step)
    for item in content.items:
        if item.name in delivery.erased:
            continue
        sent = _read(item.body, SentStep)
        step = decode_step(sent.content)
        signed = SignedStep(step=step, key_id=sent.key_id, signature=sent.signature)
        key = trusted_keys(node, tx, own, delivery.sender).get(sent.key_id)
        if step.author != delivery.sender or key is None or not verify_step(signed, key):
            raise Invalid("A step is not signed by its author.", code="step_forged")
        if step.thread != plain_name(delivery.thread):
            raise Invalid("A step belongs to another thread.", code="step_elsewhere")
        handling = sent.handling
        if handling is not None and (step.opened is None or handling_id(handling) != step.opened.handling):
            raise Invalid("A step came with another handling than it names.", code="handling_contradicts")
        arrived = receive_step(node, tx, signed, handling=handling, recipient=own)
        if arrived.outcome == "forked":
            alarms.raise_alarm(tx, own, delivery.sender, "steps_contradict", [sent.content, sent.signature])
    return Applied(results=len(content.items))


def _records(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery) -> Applied:
    content = _of(delivery.content, Contribution)
    kept = [keep_record(node, tx, own, item) for item in content.items if item.name not in delivery.erased]
    return Applied(results=sum(kept))


def _releases(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery) -> Applied:
    content = _of(delivery.content, Release)
    for item in content.items:
        if item.name not in delivery.erased:
            keep_release(node, tx, own, item)
    return Applied(results=len(content.items))


def _erasures(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery) -> Applied:
    """Erase at once what its owner wants gone, and say so; what must be kept here by law waits for a person."""
    content = _of(delivery.content, Erasure)
    gone = 0
    for item in content.items:
        order = read_order(item)
        owner = AuthorityId(item.owner)
        statements, waits = erase_ordered(node, tx, owner, order.targets, order.ground)
        gone += statements
        if waits:
            waiting = WaitingOrder(
                order=item.name,
                peer=delivery.sender,
                owner=owner,
                ground=order.ground,
                targets=waits,
                at=delivery.received_at,
            )
            let_wait(tx, own, waiting)
        else:
            end_of(node, tx, own).answer_erasure(delivery.sender, item.name)
    return Applied(results=gone, erased=gone > 0)


def _entries(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery) -> Applied:
    for item in _of(delivery.content, Directory).items:
        entry = _read(item.body, SentEntry)
        known = directory.authorities(tx).get(delivery.sender)
        if item.owner != delivery.sender or known is None or delivery.sender in directory.hosted(tx):
            raise Invalid("An entry of the directory comes from whom it describes.", code="entry_forged")
        changed = dataclasses.replace(
            known,
            contact=entry.contact[:200] or known.contact,
            duty_line=entry.duty_line[:100],
            channel=entry.channel[:200],
            hours=entry.hours[:100],
            languages=tuple(each for each in entry.languages if each in node.vocabulary.codes("languages")),
            articles=tuple(each[:100] for each in entry.articles[:50]),
            last_confirmed=entry.confirmed_on[:10],
            confirmed_by=str(delivery.sender),
        )
        directory.set_entry(tx, changed)
    return Applied(results=1)


def _pieces(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery) -> Applied:
    chunk = _of(delivery.content, Chunk)
    receive_piece(
        tx,
        delivery.sender,
        plain_name(delivery.thread),
        chunk.attachment,
        size=chunk.size,
        media="",
        number=chunk.index,
        piece=delivery.blob,
    )
    return Applied(results=1)


def _log(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery, results: int) -> None:
    """The entry of what was received (LED Art. 25: disclosure); the receipt will promise this line to the sender."""
    end = end_of(node, tx, own)
    entry = Entry(
        act=_ACT,
        at=tx.now,
        authority=str(own),
        officer=NODE,
        objects=(delivery.message_id,),
        results=results,
        details=(("from", str(delivery.sender)), ("kind", kind_of(delivery.content))),
        epoch=epoch(tx),
        decision="allowed",
    )
    tx.log(entry, lambda index, leaf: end.promise(delivery.sender, delivery.message_id, index, leaf))


Work = Callable[[Node, Transaction, AuthorityId, Delivery], Applied]
_WORK: Final[Mapping[type, Work]] = MappingProxyType(
    {
        Step: _steps,
        Contribution: _records,
        Release: _releases,
        Erasure: _erasures,
        Directory: _entries,
        Chunk: _pieces,
    }
)


def _of(content: Content, kind: type[C]) -> C:
    if not isinstance(content, kind):
        raise AssertionError
    return content


def _read(body: bytes, kind: type[S]) -> S:
    try:
        read = msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid("What came in cannot be read.", code="item_unreadable") from error
    if canonical_bytes(read) != body:
        raise Invalid("What came in is not in its one form.", code="item_unreadable")
    return read
