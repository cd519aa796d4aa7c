"""Worker: the exchange of a node that is served goes on beside its pages, as soon as it has keys and a peer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alidade.model.errors import Damaged, Invalid
from alidade.services.exchange.running import Place, run
from alidade.services.node import Node, database_setting
from alidade.store import directory
from alidade.store.exchange import KeptExchange

_LOOK: Final = 15.0  # seconds between two looks whether there is anybody to exchange with
_AGAIN: Final = 30.0  # seconds after which it is tried again, where it ended by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where other nodes reach this one; without an address it only calls."""

    address: str | None = None
    port: int = 0


def listening_at(text: str) -> Listening:
    """Read "address:port"; empty where it does not listen. Raises Invalid for what is none."""
    if not text:
        return Listening()
    address, colon, port = text.rpartition(":")
    if not colon or not address or not port.isdigit() or not 0 < int(port) < 65536:
        raise Invalid("Where the exchange listens is written address:port.", remedy="For example: 0.0.0.0:8443.")
    return Listening(address=address.strip("[]"), port=int(port))


def has_exchange(node: Node) -> bool:
    """Whether an authority of this node has published keys and has a peer to exchange with."""
    with node.store.transaction() as tx:
        for own in directory.hosted(tx):
            known = {peer.authority for peer in KeptExchange(tx, own).peers()}
            if own in known and len(known) > 1:
                return True
    return False


def exchange_beside(
    folder: Path,
    listening: Listening,
    stop: threading.Event,
    *,
    failed: Callable[[BaseException], None],
    look: float = _LOOK,
    again: float = _AGAIN,
) -> None:
    """Exchange with other nodes until told to stop, once there is anybody; what ends it is told, and it begins anew.

    Opens nodes of its own. Ends for good where the store has stopped, since nothing may be written over that.
    """
    while not stop.is_set():
        try:
            if _is_wanted(folder):
                place = Place(
                    folder=folder, database=database_setting(), address=listening.address, port=listening.port
                )
                run(place, stop)
            else:
                stop.wait(look)
        except Damaged as error:
            failed(error)
            return
        except Exception as error:  # the next round begins with nodes opened anew
            failed(error)
            stop.wait(again)


def _is_wanted(folder: Path) -> bool:
    node = Node.open(folder, database=database_setting())
    try:
        return has_exchange(node)
    finally:
        node.close()
