"""Posting: what is for an authority of another node goes into the outbox, in the transaction of the act itself.

Nothing has left before that transaction commits, and whatever commits is sent until its recipient has receipted it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from alidade.exchange.content import (
    Chunk,
    Contribution,
    Directory,
    Erasure,
    ErasureOrder,
    Item,
    Release,
    Step,
    sign_item,
)
from alidade.exchange.layout import moment_text
from alidade.exchange.limits import PROTOCOL
from alidade.model.canonical import canonical_bytes
from alidade.model.errors import Conflict
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.policy.actions import Action
from alidade.policy.release import ends_on
from alidade.procedures import SignedStep, step_bytes
from alidade.services.exchange.ends import end_of
from alidade.services.exchange.given_records import given_release, portions_of
from alidade.services.node import Node
from alidade.services.signing import signing_key
from alidade.store import rights, writing
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange, disclosures, erasing
from alidade.store.exchange.starts import stream_name
from alidade.store.threads import attachments
from alidade.store.threads.attachments import KeptAttachment
from alidade.store.threads.kept import KeptThread

_ORDER_BATCH: Final = PROTOCOL.erasure_targets


class SentStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step as it travels: its bytes and signature, and with the first one the handling that it names."""

    version: int = 1
    content: bytes
    key_id: str
    signature: bytes
    handling: Handling | None = None


class SentEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an authority says that it is reached."""

    version: int = 1
    contact: str
    duty_line: str
    channel: str
    hours: str
    languages: tuple[str, ...]
    articles: tuple[str, ...]
    confirmed_on: str


def is_peer(tx: Transaction, own: AuthorityId, other: AuthorityId) -> bool:
    """Whether an authority of this node has an exchange with another one."""
    return KeptExchange(tx, own).peer(other) is not None


def post_step(
    node: Node,
    tx: Transaction,
    *,
    thread: KeptThread,
    step: SignedStep,
    recipient: AuthorityId,
    attachments: Sequence[KeptAttachment],
) -> None:
    """Post a step of a thread to a party on another node, with the files that it names.

    Raises Conflict where that authority has not been introduced to the author's exchange.
    """
    own = step.step.author
    if not is_peer(tx, own, recipient):
        raise Conflict(
            f"{recipient} works on another node, with which your authority has no exchange yet.",
            remedy="Ask your administrator: alidade peer add.",
            code="no_peer",
        )
    opened = step.step.opened
    sent = SentStep(
        content=step_bytes(step.step),
        key_id=step.key_id,
        signature=step.signature,
        handling=_handling_of(thread) if opened is not None and opened.handling else None,
    )
    item = _item(node, own, "step", f"{thread.reference}/{step.step.number}", canonical_bytes(sent))
    end = end_of(node, tx, own)
    stream = stream_name(tx, thread.reference)
    end.post([recipient], Step(sent_at=moment_text(tx.now), items=(item,)), thread=stream)
    for file in attachments:
        for chunk, blob in _pieces(tx, file):
            end.post([recipient], chunk, thread=stream, blob=blob)


def send_released(
    node: Node,
    tx: Transaction,
    owner: AuthorityId,
    grantee: AuthorityId,
    record: str,
    releases: Sequence[str],
    action: Action,
) -> None:
    """What leaves when an owner releases a record to an authority of another node; nothing for one of this node.

    A release to read takes the statements along, each with the proof that its owner gave it. Any other reaches only
    who holds the record already.
    """
    if not is_peer(tx, owner, grantee):
        return
    if action == "read":
        send_record(node, tx, owner, grantee, record)
    elif grantee not in disclosures.disclosed_to(tx, owner, record):
        return
    items = [_item(node, owner, "release", each, given_release(tx, each)) for each in releases]
    if items:
        content = Release(sent_at=moment_text(tx.now), items=tuple(items))
        end_of(node, tx, owner).post([grantee], content, thread=_stream(tx, record))


def send_record(node: Node, tx: Transaction, owner: AuthorityId, peer: AuthorityId, record: str) -> int:
    """Post what is new of an own record for a peer since it was last given, and what no longer holds; how much."""
    state = writing.own_record(tx, owner, record)
    if state is None:
        return 0
    given = disclosures.statements_given(tx, owner, peer, record)
    kept = writing.statements_of(tx, state.number)
    released = _released_to(tx, owner, peer)
    new = [
        one
        for one in kept
        if one.statement.id not in given and one.statement.value and one.statement.handling in released
    ]
    retired = sorted(given - {str(one.statement.id) for one in kept})
    if not new and not retired:
        return 0
    end = end_of(node, tx, owner)
    for body in portions_of(tx, record, state.thing, new, retired):
        name = f"record/{record}/{hashlib.sha256(body).hexdigest()[:32]}"
        item = _item(node, owner, "contribution", name, body)
        end.post([peer], Contribution(sent_at=moment_text(tx.now), items=(item,)), thread=_stream(tx, record))
    disclosures.note_disclosed(tx, owner, peer, record, (str(one.statement.id) for one in new))
    return len(new) + len(retired)


def send_corrections(node: Node, tx: Transaction, owner: AuthorityId, records: Sequence[str]) -> int:
    """Post what has changed in own records to every peer that was given them; to how many."""
    told = 0
    for record in disclosures.disclosed_among(tx, owner, records):
        for peer in disclosures.disclosed_to(tx, owner, record):
            told += send_record(node, tx, owner, peer, record) > 0
    return told


def send_erasure(
    node: Node, tx: Transaction, owner: AuthorityId, record: str, statements: Sequence[str], ground: str, *, whole: bool
) -> list[str]:
    """Tell every peer that was given a record to erase it, and forget what is still on its way.

    The field keys of what was on its way, to be destroyed with those of the record.
    """
    peers = disclosures.disclosed_to(tx, owner, record)
    if not peers:
        return []
    kept = KeptExchange(tx, owner)
    targets = [f"statement/{record}/{each}" for each in statements]
    kept.settle_items()
    holding = sorted(erasing.items_of_record(tx, owner, record))
    keys = [key for item in holding for key in kept.field_keys_holding(item)]
    named = [*([f"record/{record}"] if whole else []), *targets]
    # Where only a part is erased, what was on its way with that part in it goes too; the rest is sent again.
    named += [item.partition("/")[2] for item in holding]
    end = end_of(node, tx, owner)
    for start in range(0, len(named), _ORDER_BATCH):
        order = ErasureOrder(targets=tuple(named[start : start + _ORDER_BATCH]), ground=ground, at=moment_text(tx.now))
        item = _item(node, owner, "erasure", f"erasure/{record}/{tx.new_id()}", canonical_bytes(order))
        end.post(peers, Erasure(sent_at=moment_text(tx.now), items=(item,)))
    if holding and not whole:
        for peer in peers:
            disclosures.forget_disclosed(tx, owner, peer, record, statements)
            send_record(node, tx, owner, peer, record)
    return keys


def send_entry(node: Node, tx: Transaction, own: AuthorityId, entry: SentEntry) -> int:
    """Post how an authority is reached to all its peers; to how many."""
    peers = [peer.authority for peer in KeptExchange(tx, own).peers() if peer.authority != own]
    if peers:
        item = _item(node, own, "directory", f"entry/{tx.new_id()}", canonical_bytes(entry))
        word = Directory(sent_at=moment_text(tx.now), items=(item,))
        end_of(node, tx, own).post(peers, word, thread=stream_name(tx, "directory"))
    return len(peers)


def _released_to(tx: Transaction, owner: AuthorityId, peer: AuthorityId) -> set[str]:
    """The handlings that the peer may read by a release of their owner that is in force."""
    day = tx.now.date()
    return {
        str(release.handling)
        for release in rights.releases_for(tx, peer)
        if release.owner == owner and release.action == "read" and ((ends := ends_on(release)) is None or day < ends)
    }


def _item(node: Node, own: AuthorityId, kind: str, name: str, body: bytes) -> Item:
    return sign_item(kind=kind, id=name, owner=str(own), body=body, signer=signing_key(node, own))


def _stream(tx: Transaction, record: str) -> str:
    """What is said of one record arrives in order; of different records, in any."""
    return stream_name(tx, f"record/{record}")


def _handling_of(thread: KeptThread) -> Handling | None:
    if thread.head is None:
        return None
    return msgspec.json.decode(thread.head, type=_HeadOfThread).handling


class _HeadOfThread(msgspec.Struct, frozen=True, kw_only=True):
    handling: Handling | None = None


def _pieces(tx: Transaction, file: KeptAttachment) -> Iterator[tuple[Chunk, bytes]]:
    """A file in the pieces of the protocol, whatever the pieces in which it came."""
    most = PROTOCOL.chunk_bytes
    count = max(1, -(-file.size // most))
    held, index = b"", 0
    for piece in attachments.pieces(tx, file.id):
        held += piece
        while len(held) >= most:
            yield _chunk(tx, file, index, count, held[:most])
            held, index = held[most:], index + 1
    if held:
        yield _chunk(tx, file, index, count, held)


def _chunk(tx: Transaction, file: KeptAttachment, index: int, count: int, blob: bytes) -> tuple[Chunk, bytes]:
    chunk = Chunk(
        sent_at=moment_text(tx.now),
        attachment=file.sha256,
        index=index,
        count=count,
        size=file.size,
        sha256=hashlib.sha256(blob).hexdigest(),
    )
    return chunk, blob
