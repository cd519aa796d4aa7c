"""One simulated node: takes envelopes in, applies what they bring, acknowledges after the commit, sends, crashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from alidade.exchange.delivery import Exchange
from alidade.exchange.rows import InboxRow
from alidade.exchange.verdict import Dispatch, Verdict
from alidade.simulation.federation.applying import CannotApply, apply
from alidade.simulation.federation.log import NodeLog
from alidade.simulation.federation.party import Party
from alidade.simulation.federation.plan import SECOND
from alidade.simulation.federation.standins import NamedSigner

if TYPE_CHECKING:
    from alidade.simulation.federation.world import World


class Crashed(Exception):
    """The process ended here; what was not committed is gone."""


class Work:
    """A transaction that is open: the exchange in it, and what is told after it was committed."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.after: list[Callable[[], None]] = []


class Node:
    """A process with its log and its authorities."""

    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self.world = world
        self.parties: dict[str, Party] = {}
        self.log = NodeLog(f"{name}.example/log", NamedSigner(f"{name}-log"), lambda: world.now_at(name))
        self.up = True
        self.pumping = False
        self.armed: tuple[str, int] | None = None  # where the next crash is to be, after how many transactions
        self.down_for = 0

    # transactions --------------------------------------------------------------------------------------------
    @contextmanager
    def transaction(self, party: Party) -> Iterator[Work]:
        """Everything inside is committed at its end, or nothing."""
        image = party.disk.image()
        work = Work(self._exchange(party))
        try:
            yield work
            self.fuse("before")
        except BaseException:
            party.disk.back(image)
            self.log.drop()
            self.world.truth.forget()
            raise
        self.commit(party, image)
        self.world.truth.committed(party)
        for tell in work.after:
            tell()
        self.fuse("after")

    def commit(self, party: Party, image: object) -> None:
        """Make it last."""
        self.log.keep()

    def _exchange(self, party: Party) -> Exchange:
        world = self.world
        return world.parts.exchange(
            party.id, party.disk.store, world.clocks[self.name], world.chance, party.keys,
            memory=party.memory, log=self.log,
        )  # fmt: skip

    def fuse(self, point: str) -> None:
        """End the process here, where the plan says so: while taking in, before a commit, after one."""
        if self.armed is None or self.armed[0] != point:
            return
        left = self.armed[1]
        if left == 0:
            self.armed = None
            raise Crashed
        self.armed = point, left - 1

    def fall(self) -> None:
        """Lose everything that was not committed, and stand up again after a while."""
        self.up = self.pumping = False
        for party in self.parties.values():
            party.memory = party.crypto.memory()
        self.world.truth.restarted(self)
        self.world.say("down", self.name)
        self.world.later(self.down_for, "rise", self.name)

    # work ----------------------------------------------------------------------------------------------------
    def receive(self, recipient: str, raw: bytes) -> None:
        """Take one envelope in; where something in it cannot be applied, again with that set aside."""
        party, aside = self.parties[recipient], dict[str, str]()
        while True:
            try:
                self.take_in(party, raw, aside)
            except CannotApply as failed:
                aside[failed.message_id] = failed.reason
            else:
                break
        self.stir()

    def take_in(self, party: Party, raw: bytes, aside: Mapping[str, str]) -> None:
        """Rule on an envelope and apply what follows, in one transaction."""
        with self.transaction(party) as work:
            verdict = work.exchange.accept(raw, poisoned=aside)
            self.finish(party, work, verdict)
            work.after.append(lambda: self.world.truth.ruled(party, raw, verdict))
            self.fuse("taking")

    def decide(self, party: Party, parked: InboxRow) -> None:
        """A person gives up what was set aside; nonsense may wait behind it, to be set aside in turn."""
        self.world.truth.skipped.add(parked.message_id)
        aside: dict[str, str] = {}
        while True:
            try:
                with self.transaction(party) as work:
                    verdict = work.exchange.skip(parked.sender, parked.message_id, poisoned=aside)
                    self.finish(party, work, verdict)
                return
            except CannotApply as failed:
                aside[failed.message_id] = failed.reason

    def finish(self, party: Party, work: Work, verdict: Verdict) -> None:
        """Apply in order, and promise a line of the log for each."""
        for delivery in verdict.apply:
            apply(self.world, party, work.exchange, delivery)
            row = self.log.write(f"{delivery.sender}/{delivery.message_id}")
            work.exchange.promise(delivery.sender, delivery.message_id, *row)

    def stir(self) -> None:
        """Something changed: acknowledge and send in a moment."""
        if self.up and not self.pumping:
            self.pumping = True
            self.world.later(self.world.fate.between(2 * SECOND, 40 * SECOND), "pump", self.name)

    def pump(self) -> None:
        """Sign what receipts are due, then send what is due."""
        self.pumping = False
        for party in self.parties.values():
            if party.disk.store.receipts_due(1):
                with self.transaction(party) as work:
                    work.exchange.acknowledge()
            if party.disk.store.recipients_due(self.world.now_at(self.name)):
                with self.transaction(party) as work:
                    due = work.exchange.due()
                    work.after.append(lambda party=party, due=due: self.world.truth.sent(party, due))  # type: ignore[misc]
                self.hand_over(party, due)

    def hand_over(self, party: Party, due: tuple[Dispatch, ...]) -> None:
        """Give envelopes to the transport, and note what it took."""
        taken: dict[str, list[str]] = {}
        for dispatch in due:
            if self.world.network.send(party, dispatch):
                taken.setdefault(dispatch.recipient, []).append(dispatch.message_id)
        if taken:
            with self.transaction(party) as work:
                for recipient, ids in sorted(taken.items()):
                    work.exchange.handed_over(self.world.parties[recipient].id, ids)

    def tend(self) -> None:
        """Housekeeping; then send, and fetch where nobody can bring."""
        self.log.seal()
        for party in self.parties.values():
            with self.transaction(party) as work:
                events = work.exchange.tend()
                work.after.append(lambda party=party, events=events: self.world.truth.told(party, events))  # type: ignore[misc]
        if self.name in self.world.plan.closed:
            self.fetch()
        self.stir()

    def fetch(self) -> None:
        """A node that nobody can reach asks each peer for its letters."""
        for peer in self.world.parties.values():
            if peer.node == self.name or not self.world.network.joined(self.name, peer.node):
                continue
            other = self.world.nodes[peer.node]
            for party in self.parties.values():
                if other.up:
                    self.world.guard(other, lambda o=other, p=peer, m=party: o.give(p, m))  # type: ignore[misc]

    def give(self, party: Party, to: Party) -> None:
        """Answer a peer that fetches its letters."""
        with self.transaction(party) as work:
            due = work.exchange.due(to.id, pull=True)
            work.after.append(lambda: self.world.truth.sent(party, due, pulled=True))
        taken = [each.message_id for each in due if self.world.network.pulled(party, each)]
        if taken:
            with self.transaction(party) as work:
                work.exchange.handed_over(to.id, taken)
