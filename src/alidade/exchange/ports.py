"""What the exchange asks of the outside world: a store, private keys, and its own node's log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

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
from alidade.ledger.head import Head
from alidade.model.ids import AuthorityId
from alidade.model.ports import Signer


class ExchangeStore(Protocol):
    """Where the exchange of ONE authority of the node is kept; every call runs in the caller's open transaction.

    All rows are of this authority (its own id is no part of them); only the seals of peers' logs and own manifests
    may be shared inside a node. `put_*` inserts or replaces by primary key. Nothing here commits. Rows come back
    equal to what was put. Orders are part of the contract.
    """

    # peers and their keys ------------------------------------------------------------------------------------
    def peer(self, authority: AuthorityId) -> Peer | None:
        """What is known of this peer; asked often, so it must be one indexed read."""
        ...

    def peers(self) -> Sequence[Peer]:
        """All peers, by authority; the authority itself is among them, for its own keys."""
        ...

    def put_peer(self, peer: Peer) -> None:
        """Keep what is known of a peer."""
        ...

    def manifests(self, authority: AuthorityId) -> Sequence[KeptManifest]:
        """All manifests ever accepted of this authority (own ones too), by number."""
        ...

    def put_manifest(self, manifest: KeptManifest) -> None:
        """Keep a manifest for ever: old public keys are evidence."""
        ...

    # outbox --------------------------------------------------------------------------------------------------
    def take_sequence(self, recipient: AuthorityId, thread: str) -> int:
        """Count on: 1 for the first message of this thread to this recipient, then 2, 3 ..."""
        ...

    def put_body(self, sha256: str, body: bytes) -> None:
        """Keep one encrypted body, once for all recipients."""
        ...

    def body(self, sha256: str) -> bytes | None:
        """The encrypted body, or nothing when it was dropped."""
        ...

    def put_outbox(self, row: OutboxRow) -> None:
        """Keep a message on its way."""
        ...

    def outbox(self, recipient: AuthorityId, message_id: str) -> OutboxRow | None:
        """One message on its way."""
        ...

    def outbox_at(self, recipient: AuthorityId, thread: str, sequence: int) -> OutboxRow | None:
        """The newest message put at this place of a thread (a void takes the place of what it voids)."""
        ...

    def outbox_due(self, recipient: AuthorityId, now: datetime, limit: int) -> Sequence[OutboxRow]:
        """Queued rows with next_at <= now, by (priority, thread, sequence, posted_at), at most `limit`."""
        ...

    def recipients_due(self, now: datetime) -> Sequence[AuthorityId]:
        """Recipients with a queued row whose next_at <= now, by name."""
        ...

    def first_unsettled(self, recipient: AuthorityId, thread: str) -> int:
        """The lowest sequence of this thread still queued, 0 when none."""
        ...

    def outbox_holding(self, item: str) -> Sequence[OutboxRow]:
        """All rows of any state that name this item, by (recipient, message_id)."""
        ...

    def prune_outbox(self, settled_before: datetime) -> int:
        """Delete settled and voided rows older than this, then bodies that no row names; give the count of rows."""
        ...

    # inbox ---------------------------------------------------------------------------------------------------
    def inbox(self, sender: AuthorityId, message_id: str) -> InboxRow | None:
        """One message that came in."""
        ...

    def put_inbox(self, row: InboxRow) -> None:
        """Keep a message that came in."""
        ...

    def held_at(self, sender: AuthorityId, thread: str, sequence: int) -> InboxRow | None:
        """The row that waits or is parked at this place, if any."""
        ...

    def held(self, sender: AuthorityId) -> int:
        """How many rows of this sender wait or are parked."""
        ...

    def inbox_holding(self, item: str) -> Sequence[InboxRow]:
        """All rows that wait or are parked and name this item, by (sender, message_id)."""
        ...

    def parked(self) -> Sequence[InboxRow]:
        """All parked rows, by (received_at, sender, message_id)."""
        ...

    def receipts_due(self, limit: int) -> Sequence[InboxRow]:
        """Rows with receipt_due, by (sender, received_at, message_id), at most `limit`."""
        ...

    def cursor(self, sender: AuthorityId, thread: str) -> int:
        """The next sequence expected of this thread, 1 at first."""
        ...

    def put_cursor(self, sender: AuthorityId, thread: str, expected: int) -> None:
        """Move on to the next sequence expected."""
        ...

    def gaps(self, before: datetime) -> Sequence[Gap]:
        """Threads whose cursor stands before a held row, nothing held at the cursor, the oldest held since `before`."""
        ...

    def received_since(self, sender: AuthorityId, since: datetime) -> Sequence[InboxRow]:
        """Rows of this sender with received_at >= since, by (received_at, message_id)."""
        ...

    def prune_notes(self, received_before: datetime) -> int:
        """Delete older rows in state applied whose kind takes no receipt (`content.KINDS`); give their count."""
        ...

    # erasure -------------------------------------------------------------------------------------------------
    def tombstone(self, item: str) -> Tombstone | None:
        """Whether this item was erased by its owner."""
        ...

    def put_tombstone(self, tombstone: Tombstone) -> None:
        """Remember an erasure for ever."""
        ...

    def duty(self, direction: str, order: str, peer: AuthorityId) -> ErasureDuty | None:
        """One duty to answer an erasure."""
        ...

    def put_duty(self, duty: ErasureDuty) -> None:
        """Keep a duty to answer."""
        ...

    def open_duties(self, due_before: datetime) -> Sequence[ErasureDuty]:
        """Unanswered duties with due_at <= due_before, by (due_at, peer, order)."""
        ...

    # logs ----------------------------------------------------------------------------------------------------
    def peer_head(self, origin: str) -> PeerHead | None:
        """The last (largest) seal accepted of this log."""
        ...

    def put_peer_head(self, head: PeerHead) -> None:
        """Keep a seal; primary key (origin, size)."""
        ...

    def head_up_to(self, origin: str, size: int) -> PeerHead | None:
        """The largest kept seal of this log with at most `size` lines."""
        ...

    def cosigned(self, peer: AuthorityId, origin: str) -> Cosigned | None:
        """What this peer last knew of our log."""
        ...

    def put_cosigned(self, cosigned: Cosigned) -> None:
        """Keep what a peer knows of our log; primary key (peer, origin)."""
        ...

    def put_promise(self, promise: Promise) -> None:
        """Keep a promise that is to be proven."""
        ...

    def promises(self, direction: str, peer: AuthorityId, limit: int) -> Sequence[Promise]:
        """Open promises given to, or got from, this peer, by index, at most `limit`."""
        ...

    def drop_promise(self, promise: Promise) -> None:
        """Forget a promise that was proven."""
        ...


class Keyring(Protocol):
    """Holds the private keys of one authority."""

    @property
    def signer(self) -> Signer:
        """The signing key in use; its key_id stands in the newest own manifest."""
        ...

    def open_sealed(self, key_id: str, sealed: bytes, context: bytes) -> bytes:
        """Open what was sealed to this key (HPKE); Refused "key_gone" without the key, "not_for_us" when it fails."""
        ...


class OwnLog(Protocol):
    """The log of the node on which the authority lives, as far as peers may ask about it."""

    def head(self) -> Head | None:
        """The newest signed seal, or nothing while the log is empty."""
        ...

    def root(self, size: int) -> bytes:
        """The root over the first `size` lines; ValueError beyond the end."""
        ...

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The proof that the log of `new` lines begins with that of `old` lines (RFC 6962 section 2.1.2)."""
        ...

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The proof that line `index` is in the log of `size` lines (RFC 6962 section 2.1.1)."""
        ...
