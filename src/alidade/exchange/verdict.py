"""What the exchange says to what came in: the ruling, what to apply in which order, and what else happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from alidade.exchange.content import Content
from alidade.exchange.rows import Disposition
from alidade.model.ids import AuthorityId

Ruling: TypeAlias = Literal["accepted", "duplicate", "waiting", "parked", "refused"]
AlarmKind: TypeAlias = Literal[
    "log_forked", "log_rolled_back", "log_silent", "promise_broken", "manifests_contradict", "receipt_contradicts"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One content to be applied now, in the open transaction, in the order given.

    `erased`: names of items ("owner/id") that their owner had erased before; they must not be stored. `blob`: the
    piece of a file that comes with a chunk, otherwise empty.
    """

    sender: AuthorityId
    message_id: str
    kind: str
    thread: str
    sequence: int
    content: Content
    blob: bytes
    sent_at: datetime
    received_at: datetime
    erased: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A recipient confirmed, by signed receipt, that our message is committed in its store."""

    recipient: AuthorityId
    message_id: str
    kind: str
    thread: str
    sequence: int
    disposition: Disposition
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A peer answered our order to erase."""

    peer: AuthorityId
    order: str
    answer: Literal["done", "kept"]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that an honest peer does not do; a person must look. `evidence` proves it to third parties."""

    kind: AlarmKind
    peer: AuthorityId
    origin: str
    evidence: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysChanged:
    """A peer published new keys. With `distrusted` key names, `quarantine` lists what to set aside.

    `quarantine`: message ids from that peer that came after the last seal up to the size it names.
    """

    authority: AuthorityId
    number: int
    distrusted: tuple[str, ...] = ()
    quarantine: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunksWanted:
    """A peer says which pieces of an attachment it still misses."""

    peer: AuthorityId
    attachment: str
    missing: tuple[int, ...]


Event: TypeAlias = Settled | Answered | Alarm | KeysChanged | ChunksWanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one envelope. `sender` and `message_id` are as claimed when the ruling is `refused`.

    `accepted`: taken; `apply` holds it and whatever waited behind it. `duplicate`: known, the same receipt goes out
    again. `waiting`: taken, but something before it is missing. `parked`: authentic but it cannot be applied; later
    ones of its thread wait. `refused`: not taken, nothing kept, no receipt; to be logged with `reason`.
    `parked` names messages set aside while applying, with reasons.
    """

    ruling: Ruling
    reason: str = ""
    sender: AuthorityId | None = None
    message_id: str = ""
    kind: str = ""
    apply: tuple[Delivery, ...] = ()
    events: tuple[Event, ...] = ()
    parked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One sealed envelope to hand to the transport, after commit."""

    recipient: AuthorityId
    message_id: str
    kind: str
    envelope: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """An order to erase that nobody answered in time. `direction`: "asked" (they owe us) or "owed" (we owe)."""

    direction: Literal["asked", "owed"]
    peer: AuthorityId
    order: str
    due_at: datetime
