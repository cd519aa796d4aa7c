"""The exchange's own notes between two nodes: receipts, gaps, seals, keys, answers to erasure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from alidade.exchange.admission import Admission
from alidade.exchange.content import (
    ChunkRequest,
    Content,
    CosignatureWord,
    ErasureAnswer,
    GapRequest,
    HeadNote,
    HeadRequest,
    HeadWord,
    ManifestRequest,
    ManifestWord,
    NoChange,
    Receipt,
    Receipts,
)
from alidade.exchange.context import Desk
from alidade.exchange.layout import read_moment
from alidade.exchange.manifest import parse
from alidade.exchange.peers import KeyBook
from alidade.exchange.reasons import Reason, Refused
from alidade.exchange.receipt import read_receipt, verify_receipt
from alidade.exchange.rows import OutboxRow, Promise
from alidade.exchange.sending import Outgoing
from alidade.exchange.verdict import Alarm, Answered, ChunksWanted, Event, Settled
from alidade.exchange.witness import Watch
from alidade.model.canonical import canonical_bytes
from alidade.model.ids import AuthorityId

MANIFESTS_AT_ONCE: Final = 16


class Notes:
    """Acts on what peers' exchanges tell ours. Every note is checked whole before anything is written."""

    __slots__ = ("_desk", "_outgoing", "_watch", "admission")

    def __init__(self, desk: Desk, outgoing: Outgoing, watch: Watch, admission: Admission) -> None:
        self._desk = desk
        self._outgoing = outgoing
        self._watch = watch
        self.admission = admission

    def take(self, content: Content, peer: AuthorityId, book: KeyBook, sent_at: datetime) -> Sequence[Event]:
        """Act on one note; Refused, with nothing written, when it does not hold."""
        match content:
            case Receipts():
                return self._receipts(content, peer, book)
            case ErasureAnswer():
                return self._answer(content, peer)
            case GapRequest():
                return self._gap(content, peer, sent_at)
            case ChunkRequest():
                return (ChunksWanted(peer=peer, attachment=content.attachment, missing=content.missing),)
            case CosignatureWord():
                self._watch.countersigned(content, peer, book)
            case HeadRequest():
                self._watch.told(peer, content.origin, content.size)
                self._outgoing.post([peer], HeadWord())
            case _:
                return self._keys(content, peer, book, sent_at)
        return ()

    def _keys(self, content: Content, peer: AuthorityId, book: KeyBook, sent_at: datetime) -> Sequence[Event]:
        match content:
            case ManifestWord():
                return self._manifests(content, peer, book, sent_at)
            case ManifestRequest():
                self._send_manifests(content, peer)
            case NoChange():
                if not self.admission.confirm(peer, content.number, content.digest, sent_at, book):
                    self._outgoing.post([peer], ManifestRequest(known=book.newest.manifest.number))
            case _:
                pass  # a heartbeat without a seal, from a node whose log is empty
        return ()

    def seal(self, note: HeadNote, peer: AuthorityId, book: KeyBook) -> tuple[Reason | None, Sequence[Event]]:
        """Look at a seal that rode on a content: countersign it, ask for a better proof, or raise an alarm."""
        reason, alarms, word = self._watch.consider(note, peer, book)
        if reason == "head_unproven":
            self._ask_for_proof(note, peer)
        if word is not None:
            self._outgoing.post([peer], word)
        return reason, alarms

    def _ask_for_proof(self, note: HeadNote, peer: AuthorityId) -> None:
        """Ask once in a while only: a log whose past was changed has no proof, and would be asked for ever."""
        known = self._watch.size_known(peer, note.origin)
        pause = timedelta(minutes=self._desk.limits.head_every_minutes)
        if self._desk.memory.say(self._desk.now(), pause, "head request", peer, note.origin, str(known)):
            self._outgoing.post([peer], HeadRequest(origin=note.origin, size=known))

    # receipts ------------------------------------------------------------------------------------------------
    def _receipts(self, content: Receipts, peer: AuthorityId, book: KeyBook) -> Sequence[Event]:
        held: list[tuple[Receipt, OutboxRow, datetime]] = []
        for receipt in content.receipts:
            at = read_moment(receipt.at, "receipt")
            key = book.evidence_key(receipt.key_id)
            if (receipt.sender, receipt.recipient) != (self._desk.own, peer) or not verify_receipt(receipt, key.raw):
                raise Refused("receipt_forged")
            row = self._desk.store.outbox(peer, receipt.message_id)
            if row is None or row.state == "voided":
                continue  # forgotten after its time, or withdrawn meanwhile
            if receipt.digest not in row.digests:
                raise Refused("receipt_wrong_digest")
            if row.state != "settled" or row.receipt != canonical_bytes(receipt):
                held.append((receipt, row, at))
        return [self._settle(receipt, row, at) for receipt, row, at in held]

    def _settle(self, receipt: Receipt, row: OutboxRow, at: datetime) -> Settled:
        store, now = self._desk.store, self._desk.now()
        store.put_outbox(
            replace(
                row,
                state="settled",
                settled_at=now,
                receipt=canonical_bytes(receipt),
                disposition=receipt.disposition,
                reason=receipt.reason,
            )
        )
        if receipt.entry_index >= 0 and not row.receipt:
            store.put_promise(
                Promise(
                    direction="got",
                    peer=row.recipient,
                    message_id=row.message_id,
                    origin=receipt.origin,
                    index=receipt.entry_index,
                    leaf=bytes.fromhex(receipt.entry_leaf),
                    at=at,
                )
            )
        return Settled(
            recipient=row.recipient,
            message_id=row.message_id,
            kind=row.kind,
            thread=row.thread,
            sequence=row.sequence,
            disposition=receipt.disposition,
            reason=receipt.reason,
            at=at,
        )

    # erasure -------------------------------------------------------------------------------------------------
    def _answer(self, content: ErasureAnswer, peer: AuthorityId) -> Sequence[Event]:
        duty = self._desk.store.duty("asked", content.order, peer)
        if duty is None:
            raise Refused("bad_order")
        self._desk.store.put_duty(
            replace(duty, answer=content.answer, because=content.because, answered_at=self._desk.now())
        )
        return (Answered(peer=peer, order=content.order, answer=content.answer, because=content.because),)

    def forget(self, erased: set[str]) -> None:
        """An owner had items erased: what we were about to pass on of them is not passed on."""
        self._outgoing.forget(erased)

    # keys ----------------------------------------------------------------------------------------------------
    def _manifests(self, content: ManifestWord, peer: AuthorityId, book: KeyBook, sent_at: datetime) -> Sequence[Event]:
        chain = [parse(raw, self._desk.memory.suites) for raw in content.manifests]
        events = self.admission.admit(self.admission.follow(chain, book), peer)
        book = self._desk.book(peer)
        if chain[-1].raw == book.newest.raw:
            self.admission.confirm(peer, book.newest.manifest.number, book.newest.digest, sent_at, book)
        return events

    def _send_manifests(self, content: ManifestRequest, peer: AuthorityId) -> None:
        kept = [each.raw for each in self._desk.store.manifests(self._desk.own) if each.number > content.known]
        if kept:
            self._outgoing.post([peer], ManifestWord(manifests=tuple(kept[:MANIFESTS_AT_ONCE])))

    # order ---------------------------------------------------------------------------------------------------
    def _gap(self, content: GapRequest, peer: AuthorityId, sent_at: datetime) -> Sequence[Event]:
        alarms: list[Event] = []
        last = min(content.last, content.first + self._desk.limits.gap_span - 1)
        for sequence in range(content.first, last + 1):
            row = self._desk.store.outbox_at(peer, content.thread, sequence)
            if row is None:
                continue
            if row.disposition == "accepted" and sent_at > read_moment(read_receipt(row.receipt).at, "receipt"):
                # It confirmed this one, and later misses it: its store went back.
                alarms.append(Alarm(kind="receipt_contradicts", peer=peer, origin="", evidence=(row.receipt,)))
            self._outgoing.resend(row)
        return alarms
