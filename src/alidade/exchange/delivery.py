"""The exchange of one authority: post, send, take in, acknowledge; nothing lost, nothing twice, in order per thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from alidade.exchange.admission import Admission
from alidade.exchange.content import Content, ErasureAnswer, ManifestWord, Receipt, Receipts
from alidade.exchange.context import Desk, Memory
from alidade.exchange.envelope import read_header
from alidade.exchange.limits import PROTOCOL
from alidade.exchange.manifest import parse as parse_manifest
from alidade.exchange.notes import MANIFESTS_AT_ONCE, Notes
from alidade.exchange.ports import ExchangeStore, Keyring, OwnLog
from alidade.exchange.reasons import Refused
from alidade.exchange.receipt import read_receipt, sign_receipt
from alidade.exchange.receiving import Incoming, Progress
from alidade.exchange.rows import InboxRow, Promise
from alidade.exchange.sending import Outgoing
from alidade.exchange.tending import Tending
from alidade.exchange.verdict import Alarm, Dispatch, Event, Overdue, Verdict
from alidade.exchange.witness import Watch
from alidade.model.canonical import canonical_bytes
from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId
from alidade.model.ports import Clock, Randomness

__all__ = ["Exchange", "Memory"]


class Exchange:
    """One authority's end of the exchange, over a store that is inside an open transaction.

    Cheap to make: one per transaction. Every method that writes does so only through `store`; the caller commits.
    The authority itself must have been introduced with its own manifests before anything else.
    """

    __slots__ = ("_admission", "_desk", "_incoming", "_outgoing", "_tending")

    def __init__(
        self,
        authority: AuthorityId,
        store: ExchangeStore,
        clock: Clock,
        randomness: Randomness,
        keys: Keyring,
        *,
        memory: Memory,
        log: OwnLog | None = None,
    ) -> None:
        desk = Desk(authority, store, clock, randomness, keys, memory, log)
        watch = Watch(desk)
        self._desk = desk
        self._outgoing = Outgoing(desk, watch)
        self._admission = Admission(desk)
        self._incoming = Incoming(desk, Notes(desk, self._outgoing, watch, self._admission))
        self._tending = Tending(desk, self._outgoing, watch)

    # sending -------------------------------------------------------------------------------------------------
    def post(
        self, recipients: Sequence[AuthorityId], content: Content, *, thread: str = "", blob: bytes = b""
    ) -> Mapping[AuthorityId, str]:
        """Put a content into the outbox, inside the business transaction; gives the message id per recipient.

        Never needs the network, nor the recipient's keys. `sent_at` and `head` are set here. Refused when content
        or place is not allowed: then nothing was written.
        """
        return self._outgoing.post(recipients, content, thread=thread, blob=blob)

    def due(self, recipient: AuthorityId | None = None, *, pull: bool = False) -> tuple[Dispatch, ...]:
        """Seal what is to be sent now, for all peers or one; commit, then hand over to the transport.

        `pull`: the peer asked for it, so back-off does not count. Nothing for a peer that is paused, unknown, or
        without a valid key; nothing but the exchange's own notes for one whose last word is too old.
        """
        return self._outgoing.due(recipient, pull=pull)

    def handed_over(self, recipient: AuthorityId, message_ids: Sequence[str]) -> None:
        """The transport gave these to the peer or its relay: what needs no receipt is finished with."""
        self._outgoing.handed_over(recipient, message_ids)

    def withdraw(self, recipient: AuthorityId, message_id: str) -> bool:
        """Send a void in place of a message that has no receipt yet, or is parked; False when it is too late."""
        return self._outgoing.withdraw(recipient, message_id)

    # receiving -----------------------------------------------------------------------------------------------
    def accept(self, raw: bytes, *, poisoned: Mapping[str, str] | None = None) -> Verdict:
        """Rule on one envelope; the caller applies `Verdict.apply` in the same transaction, then commits.

        When applying fails: roll back, begin anew and call again with `poisoned` = {message id: reason}.
        Never raises on what a peer sent.
        """
        try:
            return self._incoming.accept(raw, poisoned or {})
        except Refused as refused:
            return self._refusal(raw, refused)

    def _refusal(self, raw: bytes, refused: Refused) -> Verdict:
        try:
            header = read_header(raw, self._desk.memory.suites)
        except Refused:
            return Verdict(ruling="refused", reason=refused.reason)
        sender = AuthorityId(header.sender)
        events: tuple[Event, ...] = ()
        if refused.reason == "manifest_conflict":
            events = (Alarm(kind="manifests_contradict", peer=sender, origin="", evidence=refused.evidence),)
        return Verdict(
            ruling="refused", reason=refused.reason, sender=sender, message_id=header.message_id, events=events
        )

    def acknowledge(self, limit: int = 1000) -> int:
        """Sign and post the receipts due, in a transaction of its own after those of `accept` were committed.

        Gives their number; call again while it equals `limit`.
        """
        due: dict[AuthorityId, list[Receipt]] = {}
        rows = self._desk.store.receipts_due(limit)
        for row in rows:
            due.setdefault(row.sender, []).append(self._receipt(row))
        most = PROTOCOL.receipts_per_content
        for sender, receipts in due.items():
            for start in range(0, len(receipts), most):
                self._outgoing.post([sender], Receipts(receipts=tuple(receipts[start : start + most])))
        return len(rows)

    def _receipt(self, row: InboxRow) -> Receipt:
        desk = self._desk
        if row.receipt and self._still_counts(read_receipt(row.receipt)):
            desk.store.put_inbox(replace(row, receipt_due=False))
            return read_receipt(row.receipt)
        origin = desk.book(desk.own).origin
        receipt = sign_receipt(row, own=desk.own, at=desk.now(), origin=origin, signer=desk.keys.signer)
        desk.store.put_inbox(replace(row, receipt_due=False, receipt=canonical_bytes(receipt)))
        if row.entry_index >= 0 and not row.receipt:
            desk.store.put_promise(
                Promise(
                    direction="given",
                    peer=row.sender,
                    message_id=row.message_id,
                    origin=origin,
                    index=row.entry_index,
                    leaf=row.entry_leaf,
                    at=desk.now(),
                )
            )
        return receipt

    def _still_counts(self, receipt: Receipt) -> bool:
        """Not when we revoked the key that signed it: nobody would take it, and the message would be sent for ever."""
        key = self._desk.book(self._desk.own).signing.get(receipt.key_id)
        return key is not None and not key.distrusted

    def promise(self, sender: AuthorityId, message_id: str, index: int, leaf: bytes) -> None:
        """Say which line of the own log records this message, before the commit: the receipt will promise it."""
        row = self._held(sender, message_id)
        self._desk.store.put_inbox(replace(row, entry_index=index, entry_leaf=leaf))

    def retry(self, sender: AuthorityId, message_id: str, *, poisoned: Mapping[str, str] | None = None) -> Verdict:
        """Try a parked message again, and what waits behind it; to be applied as after `accept`."""
        row = self._held(sender, message_id)
        if row.state != "parked":
            raise NotFound("There is no such parked message.")
        try:
            return self._incoming.retry(row, poisoned or {})
        except Refused as refused:
            return Verdict(ruling="parked", reason=refused.reason, sender=sender, message_id=message_id, kind=row.kind)

    def skip(self, sender: AuthorityId, message_id: str, *, poisoned: Mapping[str, str] | None = None) -> Verdict:
        """Give up a parked message by a person's decision, so that its thread goes on; to be applied as well.

        What waited behind it may fail in its turn: then again with `poisoned`, as after `accept`.
        """
        row = self._held(sender, message_id)
        if row.state != "parked":
            raise NotFound("There is no such parked message.")
        progress = Progress(poisoned or {})
        self._incoming.give_up(row, "skipped", progress)
        return progress.verdict(self._held(sender, message_id))

    def _held(self, sender: AuthorityId, message_id: str) -> InboxRow:
        row = self._desk.store.inbox(sender, message_id)
        if row is None:
            raise NotFound("There is no such message.")
        return row

    # erasure -------------------------------------------------------------------------------------------------
    def answer_erasure(self, peer: AuthorityId, order: str, *, because: str = "") -> str:
        """Answer an order ("owner/id") to erase: done, or kept `because`; gives the message id."""
        duty = self._desk.store.duty("owed", order, peer)
        if duty is None:
            raise NotFound("There is no such order to erase.")
        answer = ErasureAnswer(order=order, answer="kept" if because else "done", because=because)
        posted = self._outgoing.post([peer], answer)
        self._desk.store.put_duty(replace(duty, answer=answer.answer, because=because, answered_at=self._desk.now()))
        return posted[peer]

    def overdue(self) -> tuple[Overdue, ...]:
        """Orders to erase whose answer is late, theirs and ours, oldest first."""
        return tuple(
            Overdue(direction=duty.direction, peer=duty.peer, order=duty.order, due_at=duty.due_at)
            for duty in self._desk.store.open_duties(self._desk.now())
        )

    # keys ----------------------------------------------------------------------------------------------------
    def introduce(self, manifests: Sequence[bytes], fingerprint: str) -> tuple[Event, ...]:
        """Take the manifests of a new peer (or our own, at start): a person compared the root key's fingerprint.

        Also the way back after a signing key was lost. Refused when chain or fingerprint are wrong.
        """
        return self._admission.introduce(manifests, fingerprint)

    def admit_manifest(self, raw: bytes) -> tuple[Event, ...]:
        """Take the next manifest of a known peer, however it came; Refused when it does not follow."""
        signed = parse_manifest(raw, self._desk.memory.suites)
        authority = AuthorityId(signed.manifest.authority)
        return self._admission.admit(self._admission.follow([signed], self._desk.book(authority)), authority)

    def publish(self, raw: bytes) -> None:
        """Take our own next manifest and tell all peers; they confirm by receipt. Refused when it does not follow."""
        if AuthorityId(parse_manifest(raw, self._desk.memory.suites).manifest.authority) != self._desk.own:
            raise Refused("wrong_authority")
        self.admit_manifest(raw)
        peers = [peer.authority for peer in self._desk.store.peers() if peer.authority != self._desk.own]
        if peers:
            self._outgoing.post(peers, ManifestWord(manifests=self._latest_manifests()))

    def _latest_manifests(self) -> tuple[bytes, ...]:
        """Those before the newest go with it: who was cut off during two changes of keys could believe neither alone,
        since all we send is signed with the newest key. As many as a content holds, and half of what a body may."""
        left, chosen = PROTOCOL.body_bytes // 2, list[bytes]()
        for kept in reversed(self._desk.store.manifests(self._desk.own)[-MANIFESTS_AT_ONCE:]):
            left -= len(kept.raw)
            if left < 0 and chosen:
                break
            chosen.append(kept.raw)
        return tuple(reversed(chosen))

    def pause(self, authority: AuthorityId, reason: str) -> None:
        """Send nothing to a peer for a person's reason; an empty reason ends it."""
        peer = self._desk.store.peer(authority)
        if peer is None:
            raise NotFound("There is no such peer.")
        self._desk.store.put_peer(replace(peer, paused=reason))

    # housekeeping --------------------------------------------------------------------------------------------
    def tend(self) -> tuple[Event, ...]:
        """Once a minute or so: re-request gaps, send seals and "no change" notes, raise alarms, prune."""
        return self._tending.tend()
