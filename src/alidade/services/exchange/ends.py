"""Ends: the exchange of one authority of this node, over the open transaction, with its keys and the node's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from alidade.exchange.context import Memory
from alidade.exchange.delivery import Exchange
from alidade.exchange.reasons import Refused
from alidade.exchange.suites import SUITES, Suite
from alidade.ledger.head import Head, sign_head
from alidade.model.ids import AuthorityId
from alidade.model.ports import Signer
from alidade.services.node import Node
from alidade.services.signing import signing_key
from alidade.store import trail
from alidade.store.database import Store, Transaction
from alidade.store.exchange import KeptExchange

ACT: Final = "exchange_manage"
TLS_HOLDER: Final = "node"
TLS: Final = "tls"


class AuthorityKeys:
    """The private keys of one authority, from the key store."""

    def __init__(self, node: Node, own: AuthorityId) -> None:
        self._node = node
        self._own = own
        self._signer: Signer | None = None
        self._opening: dict[str, tuple[Suite, Any]] = {}

    @property
    def signer(self) -> Signer:
        """The signing key in use; read once, since this lasts for one transaction."""
        if self._signer is None:
            self._signer = signing_key(self._node, self._own)
        return self._signer

    def open_sealed(self, key_id: str, sealed: bytes, context: bytes) -> bytes:
        """Open what was sealed to this key; Refused "key_gone" once it was destroyed."""
        if key_id not in self._opening:
            self._opening[key_id] = self._private(key_id)
        suite, private = self._opening[key_id]
        return suite.open(sealed, private, context)

    def _private(self, key_id: str) -> tuple[Suite, Any]:
        keys = self._node.store.keys
        found = next((key for key in keys.exchange_keys(str(self._own)) if key.key_id == key_id), None)
        private = keys.exchange_private(key_id) if found is not None else None
        if found is None or private is None:
            raise Refused("key_gone")
        suite = SUITES[int(found.kind)]
        return suite, suite.load_private(private)


class NodeLedger:
    """The ledger of this node as its peers see it: under a name of its own, since all ledgers call themselves alike."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked = False
        self._head: Head | None = None

    def head(self) -> Head | None:
        """The newest head, signed under the name that manifests give; the same for the whole transaction, since its
        own lines are added at its end."""
        if not self._looked:
            newest = trail.last_head(self._store.alias)
            self._looked = True
            if newest is not None:
                self._head = sign_head(
                    origin=origin_of(self._store),
                    size=newest.size,
                    root=newest.root,
                    at=newest.at,
                    signer=self._store.ledger_key,
                )
        return self._head

    def root(self, size: int) -> bytes:
        """The root over the first `size` lines; ValueError beyond the end."""
        newest = trail.last_head(self._store.alias)
        if newest is None or size > newest.size:
            raise ValueError("the ledger is not that long")
        return trail.tree_of(self._store.alias, newest.size).root(size)

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The proof that the ledger of `new` lines begins with that of `old` lines."""
        return trail.tree_of(self._store.alias, new).consistency_proof(old)

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The proof that a line is in the ledger of `size` lines."""
        return trail.tree_of(self._store.alias, size).inclusion_proof(index)


def origin_of(store: Store) -> str:
    """The name of this node's ledger among all ledgers: that of its first key, which no restored backup changes."""
    return f"alidade-ledger/{next(iter(store.keys.public_keys(trail.LEDGER)))}"


def end_of(node: Node, tx: Transaction, own: AuthorityId) -> Exchange:
    """The exchange of an authority of this node, within the transaction: one, which has read its keys once."""
    found: Exchange | None = tx.memo.get(("exchange", own))
    if found is None:
        found = tx.memo["exchange", own] = Exchange(
            own,
            KeptExchange(tx, own),
            node.store.clock,
            node.store.randomness,
            AuthorityKeys(node, own),
            memory=memory_of(node, own),
            log=NodeLedger(node.store),
        )
    return found


def memory_of(node: Node, own: AuthorityId) -> Memory:
    """What the exchange of an authority remembers in this process."""
    found = node.store.exchange_memory.get(own)
    if found is None:
        found = node.store.exchange_memory[own] = Memory()
    return found
