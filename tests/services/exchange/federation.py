"""Nodes that exchange in these tests: one authority each, keys and peers made as people would, a wire in memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pytest
from personas import CASE, Dice, Office, SetClock, words

from alidade.model.directory import Authority, Officer
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.authorities import found_node, party
from alidade.services.exchange.ends import end_of
from alidade.services.exchange.own_keys import new_root, publish
from alidade.services.exchange.peers import NewPeer, add_peer, confirm_peer
from alidade.services.exchange.receiving import Received, receive
from alidade.services.exchange.sending import collect, hand_over
from alidade.services.node import Node
from databases import copy_node

NL, DE, FR = (AuthorityId(code) for code in ("nl-politie", "de-bka", "fr-douane"))
STATES = {NL: ("police", "NL"), DE: ("police", "DE"), FR: ("customs", "FR")}
OFFICERS = {"admin2": "administrator", "case_officer": "case_officer", "liaison_officer": "liaison_officer"}
ROUNDS = 12


@dataclass
class Place:
    """One node with its authority and what a test does there."""

    own: AuthorityId
    office: Office
    folder: Path
    fingerprint: str = ""

    @property
    def node(self) -> Node:
        return self.office.node

    def admin(self, name: str = "admin") -> Actor:
        return act_as(self.node, OfficerId(f"{self.own}/{name}"), purpose="18.2.a")

    @property
    def root(self) -> Path:
        return self.folder.parent / f"{self.own}.root"

    @property
    def published(self) -> Path:
        return self.folder.parent / f"{self.own}.manifest"

    def write_manifest(self, addresses: Sequence[str] = ()) -> None:
        self.published.write_bytes(publish(self.node, self.admin(), self.root, addresses).manifests)

    def meet(self, other: Place) -> None:
        """Take another one as a peer, two people comparing the fingerprint."""
        function, state = STATES[other.own]
        new = NewPeer(
            name=f"Authority {other.own}", function=function, state=state, contact=f"desk@{other.own}.example"
        )
        add_peer(self.node, self.admin(), other.published, other.fingerprint, new)
        confirm_peer(self.node, self.admin("admin2"), other.own, other.fingerprint)

    def outgoing(self, to: AuthorityId) -> list[bytes]:
        """What is to be sent to an authority now, handed over to the wire."""
        portion = collect(self.node, self.own, to)
        hand_over(self.node, self.own, to, portion)
        return [each.envelope for each in portion]

    def take(self, envelopes: Sequence[bytes]) -> Received:
        return receive(self.node, envelopes)

    def tend(self) -> None:
        with self.node.store.transaction() as tx:
            end_of(self.node, tx, self.own).tend()


def make_place(folder: Path, own: AuthorityId, clock: SetClock, seed: str) -> Place:
    """A node with one authority, two administrators and officers."""
    node = Node.open(folder / str(own), clock=clock, randomness=Dice(f"{seed}{own}"), vocabulary=words())
    function, state = STATES[own]
    authority = Authority(
        party=party(node, own, function, state), name=f"Authority {own}", contact=f"desk@{own}.example", invented=True
    )
    admin = Officer(id=OfficerId(f"{own}/admin"), authority=own, role="administrator")
    others = [
        Officer(
            id=OfficerId(f"{own}/{name}"),
            authority=own,
            role=role,
            cases=() if role == "administrator" else (CASE,),
        )
        for name, role in OFFICERS.items()
    ]
    found_node(node, authority, admin, others)
    place = Place(own=own, office=Office(node, clock), folder=folder / str(own))
    place.fingerprint = new_root(node, place.admin(), place.root)
    place.write_manifest()
    return place


TEMPLATE = (NL, DE, FR)


def template(factory: pytest.TempPathFactory) -> Path:
    """The folder of three nodes that know each other, made once in a test session."""
    folder = factory.getbasetemp() / "three_nodes"
    if not folder.exists():
        making = factory.getbasetemp() / "three_nodes.making"
        clock = SetClock()
        places = [make_place(making, code, clock, "template") for code in TEMPLATE]
        introduce(places)
        for each in places:
            each.node.close()
        folder.mkdir()
        for path in sorted(making.iterdir()):
            if path.is_dir():
                copy_node(path, folder / path.name)
            else:
                (folder / path.name).write_bytes(path.read_bytes())
                (folder / path.name).chmod(0o600)
    return folder


def opened(source: Path, folder: Path, codes: Sequence[AuthorityId], clock: SetClock, seed: str) -> list[Place]:
    """Copies of some of the three nodes, open."""
    places = []
    for code in codes:
        copy_node(source / code, folder / code)
        (folder / f"{code}.root").write_bytes((source / f"{code}.root").read_bytes())
        node = Node.open(folder / code, clock=clock, randomness=Dice(f"{seed}{code}"), vocabulary=words())
        places.append(Place(own=code, office=Office(node, clock), folder=folder / code))
    return places


def introduce(places: Sequence[Place]) -> None:
    """Everybody meets everybody."""
    for one in places:
        for other in places:
            if one is not other:
                one.meet(other)


Wire = Callable[[AuthorityId, AuthorityId, list[bytes]], list[bytes]]


def settle(places: Sequence[Place], wire: Wire = lambda a, b, frames: frames, rounds: int = ROUNDS) -> int:
    """Carry envelopes to and fro until nothing is left to carry; how many were carried."""
    carried = 0
    for _ in range(rounds):
        moved = 0
        for one in places:
            for other in places:
                if one is not other:
                    frames = wire(one.own, other.own, one.outgoing(other.own))
                    moved += len(frames)
                    if frames:
                        other.take(frames)
        carried += moved
        if not moved:
            return carried
        for one in places:
            one.office.clock.move(seconds=0)
    return carried
