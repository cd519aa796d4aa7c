"""What the exchange remembers: one small immutable row per message, peer, seal, promise and duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from alidade.model.ids import AuthorityId

OutboxState: TypeAlias = Literal["queued", "settled", "voided"]
InboxState: TypeAlias = Literal["applied", "waiting", "parked", "void"]
Disposition: TypeAlias = Literal["accepted", "parked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What is known of another authority: its newest manifest and when it last gave word.

    `root` is pinned when a person introduces the peer; `last_word_at` is when its keys were last confirmed
    (manifest or "no change" note), by its own signed time, never later than ours. `paused` is a person's reason
    to send nothing.
    """

    authority: AuthorityId
    root: bytes
    number: int
    last_word_at: datetime
    paused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptManifest:
    """One key manifest as received, byte by byte, and when we first saw it (own clock)."""

    authority: AuthorityId
    number: int
    raw: bytes
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message on its way to one recipient; primary key (recipient, message_id).

    `slip` (holds the content key: to be sealed at rest) and the body, kept once per `body_sha256` for all
    recipients, are what it is sealed from; `front` is the sealed part made for `sealing_key`, `digests` are the
    SHA-256 (hex) of every envelope ever made of it. `sequence` 0: without order. `priority`: lower goes first.
    `items` names what is inside ("owner/id"). `receipt` is the recipient's signed receipt as received.
    """

    message_id: str
    recipient: AuthorityId
    kind: str
    thread: str
    sequence: int
    priority: int
    acknowledged: bool
    posted_at: datetime
    next_at: datetime
    bucket: int
    body_sha256: str
    slip: bytes
    items: tuple[str, ...] = ()
    attempts: int = 0
    state: OutboxState = "queued"
    sealing_key: str = ""
    signing_key: str = ""
    front: bytes = b""
    digests: tuple[str, ...] = ()
    settled_at: datetime | None = None
    receipt: bytes = b""
    disposition: Disposition | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A message that came in; primary key (sender, message_id).

    `raw` is the sealed envelope, kept only while the message waits or is parked. `digest`: SHA-256 (hex) of the
    envelope. `receipt_due`: a receipt is to be sent (again). `receipt`: the one signed, always the same bytes.
    `entry_*`: the line of our log promised in the receipt, -1 when none.
    """

    sender: AuthorityId
    message_id: str
    kind: str
    thread: str
    sequence: int
    digest: str
    received_at: datetime
    state: InboxState
    reason: str = ""
    raw: bytes = b""
    items: tuple[str, ...] = ()
    receipt_due: bool = False
    receipt: bytes = b""
    entry_index: int = -1
    entry_leaf: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """The owner had this item ("owner/id") erased: should it arrive later, it is not taken."""

    item: str
    order: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureDuty:
    """Somebody was told to erase and owes an answer; primary key (direction, order, peer).

    "asked": we told `peer`. "owed": `peer` told us. `answer`: "" while open, "done", or "kept" with `because`.
    """

    direction: Literal["asked", "owed"]
    order: str
    peer: AuthorityId
    message_id: str
    at: datetime
    due_at: datetime
    answer: Literal["", "done", "kept"] = ""
    because: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerHead:
    """A seal of a peer's log that we accepted; all are kept, the largest is the last. Primary key (origin, size).

    `origin` is "authority/name of the log": a peer that names another's log as its own spoils nothing.
    """

    origin: str
    size: int
    root: bytes
    at: datetime
    signature: bytes
    key_id: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """The largest size of our own log that this peer knows, and its countersignature (b"" when only asked for)."""

    peer: AuthorityId
    origin: str
    size: int
    at: datetime
    signature: bytes
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A line of a log promised in a receipt and not proven yet; primary key (direction, peer, message_id).

    "given": we promised to `peer`. "got": `peer` promised us.
    """

    direction: Literal["given", "got"]
    peer: AuthorityId
    message_id: str
    origin: str
    index: int
    leaf: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Messages of a thread that are missing: the next one expected, and the first that waits behind the hole."""

    sender: AuthorityId
    thread: str
    expected: int
    first_waiting: int
    since: datetime
