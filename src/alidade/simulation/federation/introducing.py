"""The beginning of a federation: everybody compared fingerprints with everybody else, once, before the start."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from alidade.exchange.delivery import Exchange
from alidade.exchange.memory import MemoryKeyring, MemoryStore
from alidade.simulation.federation.chance import Chance
from alidade.simulation.federation.party import Crypto, Party
from alidade.simulation.federation.plan import START


class _Before:
    def now(self) -> datetime:
        return START - timedelta(days=1)


def introduce(hosts: tuple[tuple[str, str], ...], crypto: Crypto) -> dict[str, Any]:
    """The rows of each authority's store. Authorities of one node are no peers: they need no envelopes."""
    parties = [Party(name, node, crypto, MemoryStore(), MemoryKeyring) for name, node in hosts]
    for one in parties:
        exchange = Exchange(
            one.id, one.disk.store, _Before(), Chance("introducing"), one.keys, memory=one.memory, log=None
        )
        for other in parties:
            if other is one or other.node != one.node:
                exchange.introduce([other.papers[0].raw], other.fingerprint)
    return {party.id: party.disk.store.copy() for party in parties}
