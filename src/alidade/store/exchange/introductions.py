"""Introductions: which authorities of other nodes people of this node have entered, and who said yes to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

import msgspec

from alidade.model.directory import Authority
from alidade.model.ids import AuthorityId, OfficerId
from alidade.store import models
from alidade.store.database import Transaction

PeerState = Literal["proposed", "active", "ended"]


class Yes(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody compared the fingerprint and said yes, for his authority."""

    authority: AuthorityId
    officer: OfficerId
    at: datetime


class Relay(msgspec.Struct, frozen=True, kw_only=True):
    """Where peers are reached that cannot be called themselves: "host:port", and the relay's certificate (DER)."""

    address: str
    certificate: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPeer:
    """A peer as it was entered: its root, its manifests then, and who said yes."""

    authority: AuthorityId
    root: bytes
    state: PeerState
    chain: tuple[bytes, ...]
    entry: Authority
    said: tuple[Yes, ...]
    tried_at: datetime | None
    reached_at: datetime | None
    trouble: str
    relay: Relay | None = None


def peer(tx: Transaction, authority: AuthorityId) -> KeptPeer | None:
    """One peer, whatever its state."""
    row = models.Peer.objects.using(tx.alias).filter(authority=authority).first()
    return None if row is None else _kept(row)


def peers(tx: Transaction) -> list[KeptPeer]:
    """Every peer, by code."""
    return [_kept(row) for row in models.Peer.objects.using(tx.alias).order_by("authority")]


def propose(
    tx: Transaction, authority: AuthorityId, root: bytes, chain: Sequence[bytes], entry: Authority, first: Yes
) -> KeptPeer:
    """Enter a peer that others have yet to confirm."""
    row, _ = models.Peer.objects.using(tx.alias).update_or_create(
        authority=authority,
        defaults={
            "root": root,
            "state": "proposed",
            "manifest": msgspec.msgpack.encode(list(chain)),
            "entry": msgspec.to_builtins(entry),
            "said": [msgspec.to_builtins(first)],
            "proposed_at": tx.now,
        },
    )
    return _kept(row)


def say(tx: Transaction, found: KeptPeer, word: Yes) -> KeptPeer:
    """Note one more yes."""
    said = [msgspec.to_builtins(each) for each in (*found.said, word)]
    models.Peer.objects.using(tx.alias).filter(authority=found.authority).update(said=said)
    return _again(tx, found)


def activate(tx: Transaction, found: KeptPeer) -> KeptPeer:
    """Bring a peer into force."""
    models.Peer.objects.using(tx.alias).filter(authority=found.authority).update(state="active")
    return _again(tx, found)


def set_relay(tx: Transaction, found: KeptPeer, relay: Relay | None) -> KeptPeer:
    """Reach a peer by a relay, or by its own addresses again."""
    models.Peer.objects.using(tx.alias).filter(authority=found.authority).update(
        relay={} if relay is None else msgspec.to_builtins(relay), trouble=""
    )
    return _again(tx, found)


def relays(tx: Transaction) -> dict[AuthorityId, Relay]:
    """The relay of every peer that is reached by one."""
    rows = models.Peer.objects.using(tx.alias).exclude(relay={}).values_list("authority", "relay")
    return {AuthorityId(authority): msgspec.convert(relay, Relay) for authority, relay in rows}


def note_try(tx: Transaction, authorities: Sequence[AuthorityId], trouble: str) -> None:
    """Note that a node was called, and whether it answered: `trouble` is a code word, empty when it did."""
    rows = models.Peer.objects.using(tx.alias).filter(authority__in=list(authorities))
    if trouble:
        rows.update(tried_at=tx.now, trouble=trouble)
    else:
        rows.update(tried_at=tx.now, reached_at=tx.now, trouble="")


def _again(tx: Transaction, found: KeptPeer) -> KeptPeer:
    return _kept(models.Peer.objects.using(tx.alias).get(authority=found.authority))


def _kept(row: models.Peer) -> KeptPeer:
    return KeptPeer(
        authority=AuthorityId(row.authority),
        root=bytes(row.root),
        state=cast(PeerState, row.state),
        chain=tuple(msgspec.msgpack.decode(bytes(row.manifest), type=list[bytes])),
        entry=msgspec.convert(row.entry, Authority),
        said=tuple(msgspec.convert(each, Yes) for each in row.said),
        tried_at=row.tried_at,
        reached_at=row.reached_at,
        trouble=row.trouble,
        relay=msgspec.convert(row.relay, Relay) if row.relay else None,
    )
