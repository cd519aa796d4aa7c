"""Contacts: the nodes of our peers: where each is called, by which certificate it is known, who works there.

Peers that are reached by a relay are called there, at the address and by the certificate that a person here entered.
"""

from __future__ import annotations

from dataclasses import dataclass

from alidade.exchange.manifest import Manifest
from alidade.model.ids import AuthorityId
from alidade.services.exchange.certificates import fingerprint
from alidade.services.exchange.ends import memory_of
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange, introductions


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One node: its addresses in the order in which they are tried, its certificates (DER), and who talks to whom."""

    addresses: tuple[str, ...]
    certificates: tuple[bytes, ...]
    pairs: tuple[tuple[AuthorityId, AuthorityId], ...]
    relay: bool = False

    @property
    def pins(self) -> frozenset[str]:
        """The fingerprints of its certificates."""
        return frozenset(fingerprint(each) for each in self.certificates)

    @property
    def peers(self) -> list[AuthorityId]:
        """The authorities of that node."""
        return sorted({peer for _, peer in self.pairs})


def contacts(node: Node, *, by_relay: bool = True) -> tuple[Contact, ...]:
    """The nodes of all peers as their newest manifests give them; those that cannot be called have no address.

    `by_relay`: in the place of peers that are reached by a relay stands the relay. Not for answering: a relay that
    called here would be taken for none of them.
    """
    found: dict[tuple[bool, tuple[str, ...], tuple[bytes, ...]], list[tuple[AuthorityId, AuthorityId]]] = {}
    with node.store.transaction() as tx:
        relays = introductions.relays(tx) if by_relay else {}
        for own in sorted(directory.hosted(tx)):
            for peer, manifest in manifests_of_peers(node, tx, own):
                relay = relays.get(peer)
                if relay is None:
                    place = False, manifest.addresses, manifest.certificates
                else:
                    place = True, (relay.address,), (relay.certificate,)
                found.setdefault(place, []).append((own, peer))
    return tuple(
        Contact(addresses=addresses, certificates=certificates, pairs=tuple(pairs), relay=relay)
        for (relay, addresses, certificates), pairs in found.items()
    )


def manifests_of_peers(node: Node, tx: Transaction, own: AuthorityId) -> list[tuple[AuthorityId, Manifest]]:
    """The newest manifest of each peer of an authority that has published keys itself."""
    kept = KeptExchange(tx, own)
    peers = kept.peers()
    if own not in {peer.authority for peer in peers}:
        return []
    memory = memory_of(node, own)
    return [
        (peer.authority, memory.book(kept, peer.authority, peer.number).newest.manifest)
        for peer in peers
        if peer.authority != own
    ]
