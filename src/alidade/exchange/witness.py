"""Watching each other's logs: seals ride on messages, are proven to have only grown, and are countersigned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

from alidade.exchange.content import CosignatureWord, HeadNote, Proof
from alidade.exchange.context import Desk
from alidade.exchange.layout import moment_text, read_moment
from alidade.exchange.limits import PROTOCOL
from alidade.exchange.peers import KeyBook
from alidade.exchange.reasons import Reason, Refused
from alidade.exchange.rows import Cosigned, PeerHead, Promise
from alidade.exchange.verdict import Alarm, AlarmKind
from alidade.ledger.cosign import Cosignature, Witness, cosign, verify_cosignature
from alidade.ledger.head import Head, to_json
from alidade.model.ids import AuthorityId
from alidade.model.merkle import verify_inclusion

#: What a seal led to: why it was not taken (empty when it was), alarms, and the countersignature to send back.
Finding: TypeAlias = tuple[Reason | None, tuple[Alarm, ...], CosignatureWord | None]


class Watch:
    """Shows our log to peers, and watches theirs."""

    __slots__ = ("_desk",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # our log -------------------------------------------------------------------------------------------------
    def note_for(self, peer: AuthorityId) -> HeadNote | None:
        """Our seal with proof for this peer, when it is time to show one: grown and some minutes, or some hours."""
        desk, log = self._desk, self._desk.log
        head = None if log is None else log.head()
        if log is None or head is None:
            return None
        cosigned = desk.store.cosigned(peer, head.origin)
        known = 0 if cosigned is None or cosigned.size > head.size else cosigned.size
        grown = cosigned is None or cosigned.size != head.size
        limits = desk.limits
        pause = timedelta(minutes=limits.head_every_minutes) if grown else timedelta(hours=limits.no_change_every_hours)
        if not desk.memory.say(desk.now(), pause, "head", peer):
            return None
        promised = desk.store.promises("given", peer, PROTOCOL.proofs_per_head)
        return HeadNote(
            origin=head.origin,
            size=head.size,
            root=head.root,
            at=moment_text(head.at),
            signature=head.signature,
            key_id=head.key_id,
            from_size=known,
            consistency=tuple(log.consistency(known, head.size)) if known else (),
            proofs=tuple(
                Proof(index=each.index, leaf=each.leaf, path=tuple(log.inclusion(each.index, head.size)))
                for each in promised
                if each.index < head.size
            ),
        )

    def told(self, peer: AuthorityId, origin: str, size: int) -> None:
        """A peer says up to which size it knows our log: start the next proof there, at once."""
        desk, log = self._desk, self._desk.log
        head = None if log is None else log.head()
        if head is None or head.origin != origin or size > head.size:
            raise Refused("head_foreign")
        desk.store.put_cosigned(Cosigned(peer=peer, origin=origin, size=size, at=desk.now(), signature=b"", key_id=""))
        desk.memory.unsay("head", peer)

    def countersigned(self, word: CosignatureWord, peer: AuthorityId, book: KeyBook) -> None:
        """Keep a peer's countersignature under a seal of ours; Refused "cosignature_forged" when it is none."""
        log = self._desk.log
        head = None if log is None else log.head()
        if log is None or head is None or head.origin != word.origin or word.size > head.size:
            raise Refused("cosignature_forged")
        key = book.evidence_key(word.key_id)
        at = read_moment(word.at, "cosignature")
        signed = Head(
            origin=word.origin,
            size=word.size,
            root=word.root,
            at=read_moment(word.head_at, "cosignature"),
            signature=b"",
            key_id=word.head_key_id,
        )
        cosignature = Cosignature(witness=peer, at=at, signature=word.signature, key_id=word.key_id)
        if word.root != log.root(word.size) or not verify_cosignature(cosignature, signed, key.raw):
            raise Refused("cosignature_forged")
        self._keep(word, peer, at)

    def _keep(self, word: CosignatureWord, peer: AuthorityId, at: datetime) -> None:
        store = self._desk.store
        known = store.cosigned(peer, word.origin)
        if known is None or known.size <= word.size:
            store.put_cosigned(
                Cosigned(
                    peer=peer, origin=word.origin, size=word.size, at=at, signature=word.signature, key_id=word.key_id
                )
            )
        proven = set(word.proven)
        for promise in store.promises("given", peer, PROTOCOL.proofs_per_head):
            if promise.index in proven:
                store.drop_promise(promise)

    # their logs ----------------------------------------------------------------------------------------------
    def consider(self, note: HeadNote, peer: AuthorityId, book: KeyBook) -> Finding:
        """Rule on a peer's seal, keep it, and countersign it; the rule is that of `ledger.cosign.Witness`."""
        if note.origin != book.origin:
            return "head_foreign", (), None
        head = Head(
            origin=note.origin,
            size=note.size,
            root=note.root,
            at=read_moment(note.at, "head"),
            signature=note.signature,
            key_id=note.key_id,
        )
        last = self._last(peer, note.origin)
        verdict = Witness(origin=note.origin, last=last).consider(head, note.consistency, book.log_keys)
        match verdict.ruling:
            case "unsigned":
                return "head_unsigned", (), None
            case "fork" | "rollback":
                evidence = tuple(to_json(each) for each in verdict.evidence or ())
                kind: AlarmKind = "log_forked" if verdict.ruling == "fork" else "log_rolled_back"
                return None, (Alarm(kind=kind, peer=peer, origin=note.origin, evidence=evidence),), None
            case "unproven":
                return "head_unproven", (), None
            case "accepted":
                return self._accepted(note, head, peer)
        return None, (), None

    def size_known(self, peer: AuthorityId, origin: str) -> int:
        """Up to which size we know this peer's log."""
        last = self._desk.store.peer_head(place(peer, origin))
        return 0 if last is None else last.size

    def _last(self, peer: AuthorityId, origin: str) -> Head | None:
        row = self._desk.store.peer_head(place(peer, origin))
        if row is None:
            return None
        return Head(origin=origin, size=row.size, root=row.root, at=row.at, signature=row.signature, key_id=row.key_id)

    def _accepted(self, note: HeadNote, head: Head, peer: AuthorityId) -> Finding:
        desk, now = self._desk, self._desk.now()
        last = self._last(peer, head.origin)
        first = last if last is not None and last.size == head.size else head  # of seals alike the oldest says most
        desk.store.put_peer_head(
            PeerHead(
                origin=place(peer, head.origin),
                size=first.size,
                root=first.root,
                at=first.at,
                signature=first.signature,
                key_id=first.key_id,
                seen_at=now,
            )
        )
        proven, alarms = self._redeem(note, head, peer)
        signed = cosign(head, witness=desk.own, at=now, signer=desk.keys.signer)
        word = CosignatureWord(
            origin=head.origin,
            size=head.size,
            root=head.root,
            head_at=note.at,
            head_key_id=head.key_id,
            at=moment_text(now),
            key_id=signed.key_id,
            signature=signed.signature,
            proven=proven,
        )
        return None, alarms, word

    def _redeem(self, note: HeadNote, head: Head, peer: AuthorityId) -> tuple[tuple[int, ...], tuple[Alarm, ...]]:
        """Check the promised lines that come with a seal: those proven are done, those that cannot be are an alarm."""
        proofs = {proof.index: proof for proof in note.proofs}
        proven: list[int] = []
        broken: list[Promise] = []
        for promise in self._desk.store.promises("got", peer, 10 * PROTOCOL.proofs_per_head):
            proof = proofs.get(promise.index)
            if proof is None:
                if head.size <= promise.index and head.at > promise.at:
                    broken.append(promise)
                continue
            if proof.leaf == promise.leaf and verify_inclusion(
                head.root, head.size, proof.index, proof.leaf, proof.path
            ):
                self._desk.store.drop_promise(promise)
                proven.append(promise.index)
            else:
                broken.append(promise)
        return tuple(proven), tuple(self._broken(promise, to_json(head)) for promise in broken)

    def overdue_promises(self, peer: AuthorityId) -> tuple[Alarm, ...]:
        """Lines that were promised in a receipt long ago and still are not proven."""
        before = self._desk.now() - timedelta(days=self._desk.limits.promise_due_days)
        promises = self._desk.store.promises("got", peer, 10 * PROTOCOL.proofs_per_head)
        return tuple(self._broken(promise) for promise in promises if promise.at < before)

    def _broken(self, promise: Promise, *evidence: bytes) -> Alarm:
        row = self._desk.store.outbox(promise.peer, promise.message_id)
        receipt = (row.receipt,) if row is not None else ()
        return Alarm(kind="promise_broken", peer=promise.peer, origin=promise.origin, evidence=(*receipt, *evidence))

    def silent(self, peer: AuthorityId, book: KeyBook) -> tuple[Alarm, ...]:
        """No seal of this peer's log for days."""
        last = self._desk.store.peer_head(place(peer, book.origin))
        since = book.known_since if last is None else last.seen_at
        if self._desk.now() <= since + timedelta(days=self._desk.limits.head_silent_after_days):
            return ()
        return (Alarm(kind="log_silent", peer=peer, origin=book.origin),)


def place(peer: AuthorityId, origin: str) -> str:
    """Under which name a peer's log is kept: a peer that names another's log as its own spoils nothing."""
    return f"{peer}/{origin}"
