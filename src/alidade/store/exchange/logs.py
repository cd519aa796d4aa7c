"""Logs: the seals of other nodes' ledgers, what peers know of ours, and promises that are to be proven."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections

from alidade.exchange.rows import Cosigned, PeerHead, Promise
from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.exchange.base import Base


class Logs(Base):
    """Heads, countersignatures and promises."""

    def peer_head(self, origin: str) -> PeerHead | None:
        """The largest seal accepted of this ledger."""
        return _head(self._rows(models.PeerHead).filter(origin=origin).order_by("-size").first())

    def put_peer_head(self, head: PeerHead) -> None:
        """Keep a seal."""
        row = models.PeerHead(
            own=self._own,
            origin=head.origin,
            size=head.size,
            root=head.root,
            at=head.at,
            signature=head.signature,
            key_id=head.key_id,
            seen_at=head.seen_at,
        )
        self._put(row, "origin", "size")

    def head_up_to(self, origin: str, size: int) -> PeerHead | None:
        """The largest kept seal of this ledger with at most `size` lines."""
        return _head(self._rows(models.PeerHead).filter(origin=origin, size__lte=size).order_by("-size").first())

    def cosigned(self, peer: AuthorityId, origin: str) -> Cosigned | None:
        """What this peer last knew of our ledger; asked for every letter, so it is looked up once."""
        key = "cosigned", self._own, peer, origin
        if key not in self._memo:
            self._memo[key] = self._cosigned(peer, origin)
        known: Cosigned | None = self._memo[key]
        return known

    def _cosigned(self, peer: AuthorityId, origin: str) -> Cosigned | None:
        row = self._rows(models.Cosignature).filter(peer=peer, origin=origin).first()
        if row is None:
            return None
        return Cosigned(
            peer=AuthorityId(row.peer),
            origin=row.origin,
            size=row.size,
            at=row.at,
            signature=bytes(row.signature),
            key_id=row.key_id,
        )

    def put_cosigned(self, cosigned: Cosigned) -> None:
        """Keep what a peer knows of our ledger."""
        row = models.Cosignature(
            own=self._own,
            peer=cosigned.peer,
            origin=cosigned.origin,
            size=cosigned.size,
            at=cosigned.at,
            signature=cosigned.signature,
            key_id=cosigned.key_id,
        )
        self._put(row, "peer", "origin")
        self._memo["cosigned", self._own, cosigned.peer, cosigned.origin] = cosigned

    def put_promise(self, promise: Promise) -> None:
        """Keep a promise that is to be proven."""
        self._put_later(
            models.Promise,
            ("direction", "peer", "message_id"),
            direction=promise.direction,
            peer=promise.peer,
            message_id=promise.message_id,
            origin=promise.origin,
            index=promise.index,
            leaf=promise.leaf,
            at=promise.at,
        )

    def promises(self, direction: str, peer: AuthorityId, limit: int) -> Sequence[Promise]:
        """Open promises given to, or got from, this peer, by index, at most `limit`."""
        rows = self._rows(models.Promise).filter(direction=direction, peer=peer).order_by("index", "message_id")
        return [
            Promise(
                direction=row.direction,  # type: ignore[arg-type]
                peer=AuthorityId(row.peer),
                message_id=row.message_id,
                origin=row.origin,
                index=row.index,
                leaf=bytes(row.leaf),
                at=row.at,
            )
            for row in rows[:limit]
        ]

    def drop_promise(self, promise: Promise) -> None:
        """Forget a promise that was proven."""
        self._settle(models.Promise)
        with connections[self._tx.alias].cursor() as cursor:
            cursor.execute(
                "delete from promise where own = %s and direction = %s and peer = %s and message_id = %s",
                [self._own, promise.direction, promise.peer, promise.message_id],
            )


def _head(row: models.PeerHead | None) -> PeerHead | None:
    if row is None:
        return None
    return PeerHead(
        origin=row.origin,
        size=row.size,
        root=bytes(row.root),
        at=row.at,
        signature=bytes(row.signature),
        key_id=row.key_id,
        seen_at=row.seen_at,
    )
