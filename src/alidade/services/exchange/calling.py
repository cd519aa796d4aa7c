"""Calling: a node is called when something is due for it, gets that, and what it has for us comes back with it.

A node that does not answer is tried again after a pause that doubles. Once it answers, all that waits is given at once.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alidade.exchange.verdict import Dispatch
from alidade.model.errors import Unreadable
from alidade.model.ids import AuthorityId
from alidade.services.exchange.applying import note_event
from alidade.services.exchange.certificates import client_context
from alidade.services.exchange.contacts import Contact, contacts
from alidade.services.exchange.ends import end_of
from alidade.services.exchange.frames import portion_of
from alidade.services.exchange.own_keys import destroy_old_keys, node_certificate
from alidade.services.exchange.receiving import acknowledge, receive
from alidade.services.exchange.sending import collect, hand_over
from alidade.services.exchange.transport_https import Line, Unreachable
from alidade.services.exchange.transport_relay import RelayLine
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.exchange import KeptExchange, introductions

_FIRST: Final = timedelta(seconds=1)
_LONGEST: Final = timedelta(seconds=30)
_TEND_EVERY: Final = timedelta(seconds=60)
_MOST_TURNS: Final = 1_000  # to and fro in one call
_LATEST: Final = 8  # manifests of ours that a relay is shown, each following the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What came of one round: nodes that answered and that did not, envelopes given and taken."""

    reached: int = 0
    unreached: int = 0
    given: int = 0
    taken: int = 0


class Caller:
    """Calls the nodes of our peers. Belongs to one thread, as its node does."""

    def __init__(self, node: Node, *, pull_every: timedelta = timedelta(seconds=30), patience: float = 20.0) -> None:
        self._node = node
        self._pull_every = pull_every
        self._patience = patience
        self._lines: dict[frozenset[str], Line] = {}
        self._pauses: dict[frozenset[str], tuple[int, datetime]] = {}
        self._pulled: dict[frozenset[str], datetime] = {}
        self._tended: datetime | None = None

    def round(self, *, at_once: bool = False) -> Called:
        """Tend what is to be tended, and call every node for which something is due; `at_once`: every node."""
        now = self._node.store.clock.now()
        self._tend(now)
        total = Called()
        for contact in contacts(self._node):
            if not contact.addresses or not contact.certificates:
                continue
            if at_once or self._is_due(contact, now):
                done = self._call(contact, now)
                total = Called(
                    reached=total.reached + done.reached,
                    unreached=total.unreached + done.unreached,
                    given=total.given + done.given,
                    taken=total.taken + done.taken,
                )
        return total

    def close(self) -> None:
        """End every connection."""
        for line in self._lines.values():
            line.close()
        self._lines.clear()

    def _is_due(self, contact: Contact, now: datetime) -> bool:
        failed = self._pauses.get(contact.pins)
        if failed is not None:
            return now >= failed[1]
        if now >= self._pulled.get(contact.pins, now) + self._pull_every or contact.pins not in self._pulled:
            return True
        with self._node.store.transaction() as tx:
            return any(peer in KeptExchange(tx, own).recipients_due(now) for own, peer in contact.pairs)

    def _call(self, contact: Contact, now: datetime) -> Called:
        """Give and take until neither has anything; a first, empty word makes the other side give all that waits."""
        pull = contact.pins in self._pauses
        given = taken = 0
        try:
            line = self._line(contact)
            if now >= self._pulled.get(contact.pins, now) + self._pull_every or contact.pins not in self._pulled:
                self._pulled[contact.pins] = now
                taken += 0 if contact.relay else self._take(line.exchange(()), line)
            seen: set[str] = set()
            for _ in range(_MOST_TURNS):
                portion = self._give(contact, pull=pull)
                frames = [each.envelope for each in portion]
                # What waits behind its pause is asked for until it comes round again.
                pull = pull and not seen.issuperset(each.message_id for each in portion)
                seen.update(each.message_id for each in portion)
                if not frames:
                    # A relay gives nothing with what it takes: it is asked, and what came may be to be answered.
                    came = self._drain(line) if contact.relay else 0
                    taken += came
                    if not came:
                        break
                    continue
                came = 0
                at = 0
                while at < len(frames):
                    size = portion_of(frames[at:])
                    came += self._take(line.exchange(frames[at : at + size]), line)
                    at += size
                given += len(frames)
                taken += came
            refused = line.refusals()
        except (Unreachable, Unreadable) as error:
            self._failed(contact, now, error.code)
            return Called(unreached=1, given=given, taken=taken)
        self._pauses.pop(contact.pins, None)
        self._note(contact, "")
        for peer, trouble in refused.items():
            self._note_peers([peer], trouble)
        return Called(reached=1, given=given, taken=taken)

    def _line(self, contact: Contact) -> Line:
        line = self._lines.get(contact.pins)
        if line is not None:
            return line
        error = Unreachable("The peer has no address.", code="address")
        for address in contact.addresses:
            line = self._to(contact, address)
            try:
                line.open()
            except Unreachable as met:
                error = met
                continue
            self._lines[contact.pins] = line
            return line
        raise error

    def _to(self, contact: Contact, address: str) -> Line:
        context = self._context(contact)
        if not contact.relay:
            return Line(address, context, contact.pins, patience=self._patience)
        with self._node.store.transaction() as tx:
            owns = sorted({own for own, _ in contact.pairs})
            chains = [KeptExchange(tx, own).manifests(own)[-_LATEST:] for own in owns]
        greeting = [one.raw for chain in chains for one in chain]
        return RelayLine(address, context, contact.pins, patience=self._patience, greeting=greeting)

    def _context(self, contact: Contact) -> ssl.SSLContext:
        key, seed = node_certificate(self._node)
        return client_context(seed, key.public, contact.certificates, self._node.store.randomness)

    def _give(self, contact: Contact, *, pull: bool) -> list[Dispatch]:
        given: list[Dispatch] = []
        for own, peer in contact.pairs:
            portion = collect(self._node, own, peer, pull=pull)
            given.extend(portion)
            # Should they be lost on the way, what they answered is sent again, and they with it.
            hand_over(self._node, own, peer, portion)
        return given

    def _take(self, frames: Sequence[bytes], line: Line) -> int:
        if frames:
            receive(self._node, frames)
            line.note_taken(frames)
        return len(frames)

    def _drain(self, line: Line) -> int:
        """Fetch from a relay until nothing is left there; the last call names what was taken before."""
        taken = 0
        for _ in range(_MOST_TURNS):
            came = self._take(line.exchange(()), line)
            if not came:
                break
            taken += came
        return taken

    def _failed(self, contact: Contact, now: datetime, trouble: str) -> None:
        line = self._lines.pop(contact.pins, None)
        if line is not None:
            line.close()
        times = self._pauses.get(contact.pins, (0, now))[0] + 1
        pause = min(_FIRST * 2 ** min(times - 1, 10), _LONGEST)
        self._pauses[contact.pins] = times, self._node.store.clock.now() + pause
        self._note(contact, trouble)

    def _note(self, contact: Contact, trouble: str) -> None:
        self._note_peers(contact.peers, trouble)

    def _note_peers(self, peers: Sequence[AuthorityId], trouble: str) -> None:
        with self._node.store.transaction() as tx:
            introductions.note_try(tx, peers, trouble)

    def _tend(self, now: datetime) -> None:
        if self._tended is not None and now < self._tended + _TEND_EVERY:
            return
        self._tended = now
        for own in owns(self._node):
            acknowledge(self._node, own)
            with self._node.store.transaction() as tx:
                end = end_of(self._node, tx, own)
                for recipient, message in KeptExchange(tx, own).unopenable():
                    end.withdraw(recipient, message)
                for event in end.tend():
                    note_event(self._node, tx, own, event)
            destroy_old_keys(self._node, own)


def owns(node: Node) -> list[AuthorityId]:
    """The authorities of this node that have published keys."""
    with node.store.transaction() as tx:
        return [own for own in sorted(directory.hosted(tx)) if KeptExchange(tx, own).peer(own) is not None]
