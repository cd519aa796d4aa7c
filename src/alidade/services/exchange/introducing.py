"""Introducing: what an authority here learns of the peers that its node knows, and the keys kept as evidence."""

from __future__ import annotations

from collections.abc import Sequence

from alidade.exchange.manifest import Manifest, fingerprint
from alidade.model.ids import AuthorityId
from alidade.services.exchange.ends import end_of
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange, introductions
from alidade.store.exchange.introductions import KeptPeer


def introduce_known(node: Node, tx: Transaction, own: AuthorityId) -> None:
    """Let an authority that publishes its first manifest know the peers of its node."""
    kept = KeptExchange(tx, own)
    for each in introductions.peers(tx):
        if each.state == "active" and kept.peer(each.authority) is None:
            end_of(node, tx, own).introduce(_newest_chain(tx, each), fingerprint(each.root))


def note_keys(tx: Transaction, authority: AuthorityId, manifest: Manifest) -> None:
    """Keep the signing key of a manifest for ever: it is what makes the statements of its authority evidence."""
    directory.add_public_key(tx, authority, manifest.signing.id, manifest.signing.key)


def _newest_chain(tx: Transaction, found: KeptPeer) -> Sequence[bytes]:
    """All manifests of a peer that any authority of this node has taken."""
    chains = [[one.raw for one in KeptExchange(tx, own).manifests(found.authority)] for own in directory.hosted(tx)]
    return max([list(found.chain), *chains], key=len)
