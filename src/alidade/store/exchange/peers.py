"""Peers: what one authority's exchange knows of the others, and every manifest it ever accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alidade.exchange.rows import KeptManifest, Peer
from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.exchange.base import Base


class Peers(Base):
    """Peers and their manifests."""

    def peer(self, authority: AuthorityId) -> Peer | None:
        """What is known of this peer."""
        key = "peer", self._own, authority
        if key not in self._memo:
            rows = self._found(models.ExchangePeer, ("authority",), authority)
            self._memo[key] = _peer(rows[0]) if rows else None
        found: Peer | None = self._memo[key]
        return found

    def peers(self) -> Sequence[Peer]:
        """All peers, by authority."""
        return [_peer(row) for row in self._rows(models.ExchangePeer).order_by("authority")]

    def put_peer(self, peer: Peer) -> None:
        """Keep what is known of a peer."""
        row = models.ExchangePeer(
            own=self._own,
            authority=peer.authority,
            root=peer.root,
            number=peer.number,
            last_word_at=peer.last_word_at,
            paused=peer.paused,
        )
        self._put(row, "authority")
        self._memo["peer", self._own, peer.authority] = peer

    def manifests(self, authority: AuthorityId) -> Sequence[KeptManifest]:
        """All manifests ever accepted of this authority, by number."""
        rows = self._rows(models.PeerManifest).filter(authority=authority).order_by("number")
        return [
            KeptManifest(
                authority=AuthorityId(row.authority), number=row.number, raw=bytes(row.raw), seen_at=row.seen_at
            )
            for row in rows
        ]

    def put_manifest(self, manifest: KeptManifest) -> None:
        """Keep a manifest for ever."""
        row = models.PeerManifest(
            own=self._own,
            authority=manifest.authority,
            number=manifest.number,
            raw=manifest.raw,
            seen_at=manifest.seen_at,
        )
        self._put(row, "authority", "number")


def _peer(row: Any) -> Peer:
    return Peer(
        authority=AuthorityId(row.authority),
        root=bytes(row.root),
        number=row.number,
        last_word_at=row.last_word_at,
        paused=row.paused,
    )
