"""The way by hand: envelopes as files in a folder that somebody carries, the same bytes as on the wire."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from alidade.exchange.folder import file_name, folder_of, letters, unfinished_name
from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.exchange.ends import ACT
from alidade.services.exchange.frames import LARGEST_FRAME
from alidade.services.exchange.receiving import Received, receive
from alidade.services.exchange.sending import collect, hand_over
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.exchange import KeptExchange

_AT_ONCE: Final = 100
_MOST_TURNS: Final = 10_000


def export_to(node: Node, actor: Actor, folder: Path, peers: Sequence[AuthorityId]) -> int:
    """Write all that waits for these peers, whatever was tried before; how many envelopes.

    What takes a receipt stays in the outbox until that comes back. Raises NotFound for who is no peer.
    """
    own = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        kept = KeptExchange(tx, own)
        for peer in peers:
            if kept.peer(peer) is None:
                raise NotFound("There is no peer with this code.", remedy="See: alidade peer list.")
        log(tx, actor, ACT, objects=peers, details={"change": "none, envelopes exported"})
    written = 0
    for peer in peers:
        place = folder / folder_of(peer)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        order = max((each.order for each in letters(os.listdir(place))), default=0)
        seen: set[str] = set()
        for _ in range(_MOST_TURNS):
            portion = collect(node, own, peer, pull=True)
            new = [each for each in portion if each.message_id not in seen]
            if not new:
                break
            for number, each in enumerate(new, start=order + len(seen) + 1):
                write_envelope(place, each.envelope, number)
            seen.update(each.message_id for each in new)
            hand_over(node, own, peer, new)
        written += len(seen)
    return written


def import_from(node: Node, actor: Actor, folder: Path) -> Received:
    """Take every envelope that a folder holds for an authority of this node; what was taken is deleted there.

    Raises NotFound where there is no such folder. What is refused stays.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        here = sorted(directory.hosted(tx))
        log(tx, actor, ACT, details={"change": "none, envelopes imported"})
    if not folder.is_dir():
        raise NotFound("There is no such folder.")
    total = Received()
    for own in here:
        place = folder / folder_of(own)
        names = [each.name for each in letters(os.listdir(place))] if place.is_dir() else []
        for start in range(0, len(names), _AT_ONCE):
            part = {name: _bytes_of(place / name) for name in names[start : start + _AT_ONCE]}
            done = receive(node, list(part.values()))
            if not done.refused:
                for name in part:
                    (place / name).unlink(missing_ok=True)
            total.rulings.update(done.rulings)
            total.refused.update(done.refused)
            total.senders.update(done.senders)
    return total


def write_envelope(place: Path, envelope: bytes, order: int) -> Path:
    """Write one envelope: whole or not at all."""
    name = file_name(envelope, order)
    partial = place / unfinished_name(name)
    with partial.open("wb") as file:
        file.write(envelope)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, place / name)
    return place / name


def _bytes_of(path: Path) -> bytes:
    """The file as it is, cut where it is longer than any envelope; what is no plain file is empty, hence refused."""
    if path.is_symlink() or not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(LARGEST_FRAME + 1)
