"""A store and keys that live in memory: for tests, rehearsals and notebooks. Nothing here is durable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from alidade.exchange.content import KINDS
from alidade.exchange.reasons import Refused
from alidade.exchange.rows import (
    Cosigned,
    ErasureDuty,
    Gap,
    InboxRow,
    KeptManifest,
    OutboxRow,
    Peer,
    PeerHead,
    Promise,
    Tombstone,
)
from alidade.exchange.suites import SUITES, Suite
from alidade.model.ids import AuthorityId
from alidade.model.ports import Signer

_HELD = ("waiting", "parked")


class MemoryKeyring:
    """Private keys held in memory: the signing key, and key id to (suite, private bytes) for opening."""

    __slots__ = ("_private", "_suites", "signer")

    def __init__(
        self, signer: Signer, sealing: Mapping[str, tuple[int, bytes]], suites: Mapping[int, Suite] = SUITES
    ) -> None:
        self.signer = signer
        self._suites = suites
        self._private: dict[str, tuple[Suite, Any]] = {}
        for key_id, (number, raw) in sealing.items():
            self.add(key_id, number, raw)

    def add(self, key_id: str, suite: int, private: bytes) -> None:
        """Take one more private key."""
        self._private[key_id] = self._suites[suite], self._suites[suite].load_private(private)

    def destroy(self, key_id: str) -> None:
        """Forget a private key: what was sealed to it stays shut."""
        self._private.pop(key_id, None)

    def open_sealed(self, key_id: str, sealed: bytes, context: bytes) -> bytes:
        """Open what was sealed to this key; Refused "key_gone" without the key, "not_for_us" when it fails."""
        kept = self._private.get(key_id)
        if kept is None:
            raise Refused("key_gone")
        suite, private = kept
        return suite.open(sealed, private, context)


class MemoryStore:
    """An `ExchangeStore` of dictionaries. `copy()` before and `restore()` after make a rollback."""

    __slots__ = (
        "_bodies", "_cosigned", "_cursors", "_duties", "_heads", "_held", "_inbox", "_manifests", "_outbox", "_peers",
        "_places", "_promises", "_queued", "_receipts_due", "_sequences", "_tombstones",
    )  # fmt: skip

    def __init__(self) -> None:
        self._peers: dict[str, Peer] = {}
        self._manifests: dict[tuple[str, int], KeptManifest] = {}
        self._sequences: dict[tuple[str, str], int] = {}
        self._bodies: dict[str, bytes] = {}
        self._outbox: dict[tuple[str, str], OutboxRow] = {}
        self._queued: dict[tuple[str, str], OutboxRow] = {}
        self._places: dict[tuple[str, str, int], str] = {}
        self._inbox: dict[tuple[str, str], InboxRow] = {}
        self._held: dict[tuple[str, str], InboxRow] = {}
        self._receipts_due: dict[tuple[str, str], InboxRow] = {}
        self._cursors: dict[tuple[str, str], int] = {}
        self._tombstones: dict[str, Tombstone] = {}
        self._duties: dict[tuple[str, str, str], ErasureDuty] = {}
        self._heads: dict[tuple[str, int], PeerHead] = {}
        self._cosigned: dict[tuple[str, str], Cosigned] = {}
        self._promises: dict[tuple[str, str, str], Promise] = {}

    def copy(self) -> dict[str, dict[Any, Any]]:
        """All that is kept now; rows are immutable, so this is cheap and complete."""
        return {name: copy(getattr(self, name)) for name in self.__slots__}

    def restore(self, kept: Mapping[str, dict[Any, Any]]) -> None:
        """Go back to what `copy` gave."""
        for name, rows in kept.items():
            setattr(self, name, copy(rows))

    # peers
    def peer(self, authority: AuthorityId) -> Peer | None:
        return self._peers.get(authority)

    def peers(self) -> Sequence[Peer]:
        return [self._peers[name] for name in sorted(self._peers)]

    def put_peer(self, peer: Peer) -> None:
        self._peers[peer.authority] = peer

    def manifests(self, authority: AuthorityId) -> Sequence[KeptManifest]:
        return sorted((m for m in self._manifests.values() if m.authority == authority), key=lambda m: m.number)

    def put_manifest(self, manifest: KeptManifest) -> None:
        self._manifests[manifest.authority, manifest.number] = manifest

    # outbox
    def take_sequence(self, recipient: AuthorityId, thread: str) -> int:
        self._sequences[recipient, thread] = self._sequences.get((recipient, thread), 0) + 1
        return self._sequences[recipient, thread]

    def put_body(self, sha256: str, body: bytes) -> None:
        self._bodies[sha256] = body

    def body(self, sha256: str) -> bytes | None:
        return self._bodies.get(sha256)

    def put_outbox(self, row: OutboxRow) -> None:
        key = row.recipient, row.message_id
        if key not in self._outbox and row.sequence:
            self._places[row.recipient, row.thread, row.sequence] = row.message_id
        self._outbox[key] = row
        if row.state == "queued":
            self._queued[key] = row
        else:
            self._queued.pop(key, None)

    def outbox(self, recipient: AuthorityId, message_id: str) -> OutboxRow | None:
        return self._outbox.get((recipient, message_id))

    def outbox_at(self, recipient: AuthorityId, thread: str, sequence: int) -> OutboxRow | None:
        message_id = self._places.get((recipient, thread, sequence))
        return None if message_id is None else self._outbox.get((recipient, message_id))

    def outbox_due(self, recipient: AuthorityId, now: datetime, limit: int) -> Sequence[OutboxRow]:
        due = [row for row in self._queued.values() if row.recipient == recipient and row.next_at <= now]
        return sorted(due, key=lambda r: (r.priority, r.thread, r.sequence, r.posted_at))[:limit]

    def recipients_due(self, now: datetime) -> Sequence[AuthorityId]:
        return sorted({row.recipient for row in self._queued.values() if row.next_at <= now})

    def first_unsettled(self, recipient: AuthorityId, thread: str) -> int:
        queued = (
            row.sequence
            for row in self._queued.values()
            if (row.recipient, row.thread) == (recipient, thread) and row.sequence
        )
        return min(queued, default=0)

    def outbox_holding(self, item: str) -> Sequence[OutboxRow]:
        return [self._outbox[key] for key in sorted(self._outbox) if item in self._outbox[key].items]

    def prune_outbox(self, settled_before: datetime) -> int:
        old = [
            key
            for key, row in self._outbox.items()
            if row.state != "queued" and row.settled_at is not None and row.settled_at < settled_before
        ]
        for key in old:
            del self._outbox[key]
        used = {row.body_sha256 for row in self._outbox.values()}
        self._bodies = {sha256: body for sha256, body in self._bodies.items() if sha256 in used}
        return len(old)

    # inbox
    def inbox(self, sender: AuthorityId, message_id: str) -> InboxRow | None:
        return self._inbox.get((sender, message_id))

    def put_inbox(self, row: InboxRow) -> None:
        key = row.sender, row.message_id
        self._inbox[key] = row
        for kept, belongs in ((self._held, row.state in _HELD), (self._receipts_due, row.receipt_due)):
            if belongs:
                kept[key] = row
            else:
                kept.pop(key, None)

    def held_at(self, sender: AuthorityId, thread: str, sequence: int) -> InboxRow | None:
        place = sender, thread, sequence
        return next((r for r in self._held.values() if (r.sender, r.thread, r.sequence) == place), None)

    def held(self, sender: AuthorityId) -> int:
        return sum(row.sender == sender for row in self._held.values())

    def inbox_holding(self, item: str) -> Sequence[InboxRow]:
        return [self._held[key] for key in sorted(self._held) if item in self._held[key].items]

    def parked(self) -> Sequence[InboxRow]:
        rows = (row for row in self._held.values() if row.state == "parked")
        return sorted(rows, key=lambda r: (r.received_at, r.sender, r.message_id))

    def receipts_due(self, limit: int) -> Sequence[InboxRow]:
        rows: Iterable[InboxRow] = self._receipts_due.values()
        return sorted(rows, key=lambda r: (r.sender, r.received_at, r.message_id))[:limit]

    def cursor(self, sender: AuthorityId, thread: str) -> int:
        return self._cursors.get((sender, thread), 1)

    def put_cursor(self, sender: AuthorityId, thread: str, expected: int) -> None:
        self._cursors[sender, thread] = expected

    def gaps(self, before: datetime) -> Sequence[Gap]:
        threads: dict[tuple[AuthorityId, str], list[InboxRow]] = {}
        for row in self._held.values():
            if row.sequence:
                threads.setdefault((row.sender, row.thread), []).append(row)
        found = []
        for (sender, thread), rows in sorted(threads.items()):
            first, since = min(row.sequence for row in rows), min(row.received_at for row in rows)
            expected = self.cursor(sender, thread)
            if first > expected and since <= before:
                found.append(Gap(sender=sender, thread=thread, expected=expected, first_waiting=first, since=since))
        return found

    def received_since(self, sender: AuthorityId, since: datetime) -> Sequence[InboxRow]:
        rows = (row for row in self._inbox.values() if row.sender == sender and row.received_at >= since)
        return sorted(rows, key=lambda r: (r.received_at, r.message_id))

    def prune_notes(self, received_before: datetime) -> int:
        old = [
            key
            for key, row in self._inbox.items()
            if row.state == "applied"
            and row.received_at < received_before
            and row.kind in KINDS
            and not KINDS[row.kind].acknowledged
        ]
        for key in old:
            del self._inbox[key]
        return len(old)

    # erasure
    def tombstone(self, item: str) -> Tombstone | None:
        return self._tombstones.get(item)

    def put_tombstone(self, tombstone: Tombstone) -> None:
        self._tombstones[tombstone.item] = tombstone

    def duty(self, direction: str, order: str, peer: AuthorityId) -> ErasureDuty | None:
        return self._duties.get((direction, order, peer))

    def put_duty(self, duty: ErasureDuty) -> None:
        self._duties[duty.direction, duty.order, duty.peer] = duty

    def open_duties(self, due_before: datetime) -> Sequence[ErasureDuty]:
        rows = (duty for duty in self._duties.values() if not duty.answer and duty.due_at <= due_before)
        return sorted(rows, key=lambda d: (d.due_at, d.peer, d.order))

    # logs
    def peer_head(self, origin: str) -> PeerHead | None:
        return max((h for h in self._heads.values() if h.origin == origin), key=lambda h: h.size, default=None)

    def put_peer_head(self, head: PeerHead) -> None:
        self._heads[head.origin, head.size] = head

    def head_up_to(self, origin: str, size: int) -> PeerHead | None:
        rows = (h for h in self._heads.values() if h.origin == origin and h.size <= size)
        return max(rows, key=lambda h: h.size, default=None)

    def cosigned(self, peer: AuthorityId, origin: str) -> Cosigned | None:
        return self._cosigned.get((peer, origin))

    def put_cosigned(self, cosigned: Cosigned) -> None:
        self._cosigned[cosigned.peer, cosigned.origin] = cosigned

    def put_promise(self, promise: Promise) -> None:
        self._promises[promise.direction, promise.peer, promise.message_id] = promise

    def promises(self, direction: str, peer: AuthorityId, limit: int) -> Sequence[Promise]:
        rows = (p for p in self._promises.values() if (p.direction, p.peer) == (direction, peer))
        return sorted(rows, key=lambda p: p.index)[:limit]

    def drop_promise(self, promise: Promise) -> None:
        self._promises.pop((promise.direction, promise.peer, promise.message_id), None)
