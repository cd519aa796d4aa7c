"""Sending: the next portion for a peer is sealed in one transaction, and given to a transport after its commit."""

from __future__ import annotations

from collections.abc import Sequence

from alidade.exchange.content import KINDS
from alidade.exchange.verdict import Dispatch
from alidade.model.ids import AuthorityId
from alidade.services.exchange.ends import end_of
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.exchange import KeptExchange
from alidade.store.exchange.starts import must_renew


def collect(node: Node, own: AuthorityId, peer: AuthorityId, *, pull: bool = False) -> tuple[Dispatch, ...]:
    """The next portion from an authority of this node for a peer; `pull` where the peer asks for it.

    Nothing after a restore until new keys were published: the peer might know of others that were forgotten here.
    """
    with node.store.transaction() as tx:
        if KeptExchange(tx, own).peer(own) is None or must_renew(tx, own):
            return ()  # it has published no keys yet, or none since
        return end_of(node, tx, own).due(peer, pull=pull)


def hand_over(node: Node, own: AuthorityId, peer: AuthorityId, portion: Sequence[Dispatch]) -> None:
    """Note that the transport gave a portion away: what needs no receipt is finished with."""
    done = [each.message_id for each in portion if not KINDS[each.kind].acknowledged]
    if done:
        with node.store.transaction() as tx:
            end_of(node, tx, own).handed_over(peer, done)


def waiting_for(node: Node) -> tuple[tuple[AuthorityId, AuthorityId], ...]:
    """Who of ours has something for whom, due now."""
    found: list[tuple[AuthorityId, AuthorityId]] = []
    with node.store.transaction() as tx:
        for own in sorted(directory.hosted(tx)):
            found.extend((own, peer) for peer in KeptExchange(tx, own).recipients_due(tx.now))
    return tuple(found)
