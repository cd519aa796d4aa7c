"""Answering: what is done when another node calls: its envelopes are taken, and it gets what waits for it."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from alidade.services.exchange.certificates import server_context, trust
from alidade.services.exchange.contacts import Contact, contacts
from alidade.services.exchange.frames import MOST_FRAMES, portion_of
from alidade.services.exchange.own_keys import node_certificate
from alidade.services.exchange.receiving import receive
from alidade.services.exchange.sending import collect, hand_over
from alidade.services.node import Node

_LOOK_AGAIN: Final = timedelta(seconds=2)


class Answerer:
    """Answers for one node. Belongs to one thread, as its node does."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._known: dict[str, list[Contact]] = {}
        self._looked: datetime | None = None
        self._trusted: set[bytes] = set()
        self.context = self._context()

    def known(self, fingerprint: str) -> bool:
        """Whether a peer's manifest carries the certificate at this moment."""
        self._look()
        return fingerprint in self._known

    def handle(self, fingerprint: str, frames: Sequence[bytes]) -> list[bytes]:
        """Take the envelopes, and give what waits for the callers; all of it where they ask without giving."""
        if frames:
            receive(self._node, frames)
        answer: list[bytes] = []
        for contact in self._known.get(fingerprint, ()):
            for own, peer in contact.pairs:
                if len(answer) >= MOST_FRAMES // 2:
                    return answer
                portion = collect(self._node, own, peer, pull=not frames)
                fitting = portion_of([*answer, *(each.envelope for each in portion)]) - len(answer)
                hand_over(self._node, own, peer, portion[:fitting])
                answer.extend(each.envelope for each in portion[:fitting])
        return answer

    def refresh(self) -> None:
        """Look whether there are new peers, or new certificates."""
        self._looked = None
        self._look()

    def _look(self) -> None:
        now = self._node.store.clock.now()
        if self._looked is not None and now < self._looked + _LOOK_AGAIN:
            return
        self._looked = now
        known: dict[str, list[Contact]] = {}
        certificates: set[bytes] = set()
        for contact in contacts(self._node, by_relay=False):
            certificates.update(contact.certificates)
            for pin in contact.pins:
                known.setdefault(pin, []).append(contact)
        self._known = known
        trust(self.context, certificates - self._trusted)
        self._trusted |= certificates

    def _context(self) -> ssl.SSLContext:
        key, seed = node_certificate(self._node)
        # Itself, since a list of nobody would be no list; it calls nobody here.
        return server_context(seed, key.public, [key.public], self._node.store.randomness)
