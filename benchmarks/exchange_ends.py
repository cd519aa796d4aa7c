"""Ends of an exchange that are measured: an authority whose letters lie in memory, and one on a node of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

from django.db import connections

from alidade.exchange.content import Step, sign_item
from alidade.exchange.delivery import Exchange, Memory
from alidade.exchange.layout import moment_text
from alidade.exchange.manifest import LedgerEntry, Manifest, SealingEntry, SigningEntry, fingerprint, sign
from alidade.exchange.memory import MemoryKeyring, MemoryStore
from alidade.exchange.suites import SUITES
from alidade.exchange.verdict import Verdict
from alidade.ledger.entry import Entry
from alidade.ledger.head import Ed25519Signer
from alidade.model.directory import Authority, Officer
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.ports import Signer
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.authorities import found_node, party
from alidade.services.contribute import signing_key
from alidade.services.exchange.ends import end_of
from alidade.services.exchange.own_keys import new_root, publish
from alidade.services.exchange.peers import NewPeer, add_peer, confirm_peer
from alidade.services.exchange.receiving import receive
from alidade.services.exchange.sending import collect, hand_over
from alidade.services.machine import SystemClock, SystemRandomness
from alidade.services.node import Node
from alidade.store.database import Transaction
from alidade.store.rights import epoch
from alidade.vocabulary import load_vocabulary

_SUITE: Final = 1
_ROUNDS: Final = 20
_BODY: Final = 700  # bytes: about a message of two lines with its signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What may be done with an end until its transaction is committed."""

    exchange: Exchange
    signer: Signer
    note: Callable[[Verdict], None]  # leaves what the node itself leaves of a letter that was taken


class End(Protocol):
    """One authority's end of the exchange; `statements` is how many the database was given so far."""

    own: AuthorityId
    statements: int

    def turn(self) -> AbstractContextManager[Turn]:
        """One transaction."""


class MemoryEnd:
    """An authority whose letters lie in dictionaries: the protocol alone."""

    def __init__(self, own: str) -> None:
        self.own = AuthorityId(own)
        self.statements = 0
        self._clock, self._randomness = SystemClock(), SystemRandomness()
        self._store, self._memory = MemoryStore(), Memory()
        self._root, self._signer = _signer(f"{own}-root"), _signer(f"{own}-sign")
        self._keys = MemoryKeyring(self._signer, {})
        private = hashlib.sha256(f"{own}-open".encode()).digest()
        self._keys.add(f"{own}-open", _SUITE, private)
        self.raw = sign(self._manifest(SUITES[_SUITE].public_of(private)), root=self._root).raw
        self.fingerprint = fingerprint(self._root.public_key)
        self.meet([self.raw], self.fingerprint)

    def meet(self, manifests: Sequence[bytes], spoken: str) -> None:
        """Take another authority as a peer, or itself."""
        with self.turn() as turn:
            turn.exchange.introduce(manifests, spoken)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """There is nothing to commit."""
        exchange = Exchange(self.own, self._store, self._clock, self._randomness, self._keys, memory=self._memory)
        yield Turn(exchange=exchange, signer=self._signer, note=lambda verdict: None)

    def _manifest(self, public: bytes) -> Manifest:
        now = self._clock.now()
        log = _signer(f"{self.own}-log")
        return Manifest(
            version=1,
            authority=str(self.own),
            number=1,
            dated=moment_text(now),
            valid_until=moment_text(now + timedelta(days=400)),
            root=self._root.public_key,
            previous="",
            signed_by="",
            signing=SigningEntry(id=self._signer.key_id, key=self._signer.public_key),
            sealing=(
                SealingEntry(
                    id=f"{self.own}-open", suite=_SUITE, key=public, not_after=moment_text(now + timedelta(days=40))
                ),
            ),
            addresses=(),
            tls=(),
            ledger=LedgerEntry(origin=f"log/{self.own}", keys=(SigningEntry(id=log.key_id, key=log.public_key),)),
        )


class NodeEnd:
    """An authority on a node of its own, with its store on the disk, as it is in use."""

    def __init__(self, folder: Path, own: str, function: str, state: str) -> None:
        self.own = AuthorityId(own)
        self.statements = 0
        self._place, self._files = (function, state), folder
        self.node = Node.open(folder / own, vocabulary=load_vocabulary())
        told = Authority(party=party(self.node, own, function, state), name=own, contact="desk", invented=True)
        admins = [Officer(id=self._officer(name), authority=self.own, role="administrator") for name in ("a", "b")]
        case = Officer(id=self._officer("case"), authority=self.own, role="case_officer", clearance="RESTRICTED")
        found_node(self.node, told, admins[0], [admins[1], case])
        self.fingerprint = new_root(self.node, self.actor("a"), folder / f"{own}.root")
        self.manifest = folder / f"{own}.manifest"
        self.manifest.write_bytes(publish(self.node, self.actor("a"), folder / f"{own}.root").manifests)

    def actor(self, name: str = "case") -> Actor:
        """An officer at work."""
        return act_as(
            self.node, self._officer(name), purpose="18.2.a", case="c1", legal_ground="criminal_investigation"
        )

    def meet(self, other: NodeEnd) -> None:
        """Take the authority of another node as a peer, as two administrators do."""
        function, state = other._place
        new = NewPeer(name=str(other.own), function=function, state=state, contact="desk", invented=True)
        add_peer(self.node, self.actor("a"), other.manifest, other.fingerprint, new)
        confirm_peer(self.node, self.actor("b"), other.own, other.fingerprint)

    def know(self, other: MemoryEnd) -> None:
        """Take the keys of an authority that is only ever written to."""
        with self.turn() as turn:
            turn.exchange.introduce([other.raw], other.fingerprint)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """One transaction of the store, durable at its end."""
        store = self.node.store
        with connections[store.alias].execute_wrapper(self._counted), store.transaction() as tx:
            exchange = end_of(self.node, tx, self.own)
            signer = signing_key(self.node, self.own)
            yield Turn(exchange=exchange, signer=signer, note=lambda verdict: self._note(tx, exchange, verdict))

    def _note(self, tx: Transaction, exchange: Exchange, verdict: Verdict) -> None:
        """The entry of the ledger for each letter, whose line the receipt promises."""
        for delivery in verdict.apply:
            entry = Entry(
                act="exchange_receive",
                at=tx.now,
                authority=str(self.own),
                officer="node",
                objects=(delivery.message_id,),
                results=1,
                details=(("from", str(delivery.sender)), ("kind", delivery.kind)),
                epoch=epoch(tx),
                decision="allowed",
            )
            tx.log(entry, lambda at, leaf, d=delivery: exchange.promise(d.sender, d.message_id, at, leaf))

    def _counted(self, execute: Callable[..., object], *statement: object) -> object:
        self.statements += 1
        return execute(*statement)

    def _officer(self, name: str) -> OfficerId:
        return OfficerId(f"{self.own}/{name}")


def letter(turn: Turn, own: AuthorityId, thread: str, name: str) -> Step:
    """A letter with one signed item in it."""
    body = hashlib.sha256(name.encode()).hexdigest().encode() * (_BODY // 64)
    item = sign_item(kind="step", id=f"{thread}/{name}", owner=str(own), body=body, signer=turn.signer)
    return Step(items=(item,))


def settle(one: NodeEnd, other: NodeEnd) -> int:
    """Carry letters to and fro until nothing is left to carry; how many."""
    carried = 0
    for _ in range(_ROUNDS):
        moved = carry(one, other) + carry(other, one)
        carried += moved
        if not moved:
            break
    return carried


def carry(one: NodeEnd, other: NodeEnd) -> int:
    """Carry one portion; how many letters."""
    portion = collect(one.node, one.own, other.own)
    hand_over(one.node, one.own, other.own, portion)
    taken = receive(other.node, [each.envelope for each in portion])
    if taken.refused or taken.rulings["parked"]:
        raise AssertionError(f"letters were not taken: {dict(taken.refused)}, {dict(taken.rulings)}")
    return len(portion)


def _signer(key_id: str) -> Ed25519Signer:
    return Ed25519Signer(key_id=key_id, private_key=hashlib.sha256(key_id.encode()).digest())
