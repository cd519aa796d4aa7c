"""Cast: the authorities and officers of every world, and what of the library may be kept at hand between reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from filling import fill
from palette import Palette, Profile
from worlds import Family, Part

from alidade.model.directory import Authority, Officer
from alidade.model.errors import Damaged
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor, Viewer
from alidade.policy.world import World
from alidade.services import acting, authorities
from alidade.services.node import Node
from alidade.store import directory, reading, rights
from alidade.store.database import Store, Transaction

Fill = Callable[[Transaction, Palette, Family, Part], None]


def bring_people(node: Node) -> tuple[tuple[Profile, ...], tuple[Actor, ...]]:
    """The authorities and officers of every world: the viewer's, one that shares, one that hides, one far away."""
    with node.store.transaction() as tx:
        for code, function, state in (
            ("nl-politie", "police", "NL"),
            ("de-bka", "police", "DE"),
            ("fr-dcpj", "police", "FR"),
            ("ve-cicpc", "police", "VE"),
        ):
            party = authorities.party(node, code, function, state)
            groups = ("all", "narco") if state in ("NL", "DE") else ("all",)
            directory.add_authority(tx, Authority(party=party, name=code, contact="desk@" + code, communities=groups))
        for name, clearance, cases in (
            ("nl-politie/v", "BPL", ()),
            ("nl-politie/w", "RESTRICTED", ("OP-1",)),
            ("de-bka/x", "BPL", ()),
        ):
            directory.add_officer(
                tx,
                Officer(
                    id=OfficerId(name),
                    authority=AuthorityId(name.split("/")[0]),
                    role="case_officer",
                    clearance=clearance,
                    cases=cases,
                ),
            )

    def act(officer: str, purpose: str) -> Actor:
        return acting.act_as(
            node,
            OfficerId(officer),
            purpose=purpose,
            case="OP-1",
            legal_ground="criminal_investigation",
            justification="A test of the platform",
        )

    profiles = tuple(
        Profile(name=f"{officer} {purpose}", actor=act(officer, purpose))
        for officer in ("nl-politie/v", "nl-politie/w")
        for purpose in ("18.2.a", "18.2.c")
    )
    return profiles, (act("de-bka/x", "18.2.a"),)


def keep_at_hand(node: Node, monkeypatch: Any) -> Fill:
    """Spare the reads what hangs on no content: the directory, and the ledger, of which the viewer obtains nothing.

    The sets of handlings are compiled by the library for every world, once for each viewer class.
    """
    with node.store.transaction() as tx:
        world = directory.world(tx)
        everybody = directory.authorities(tx)
        people = {person.id: person for person in directory.officers(tx)}
    compile_class = rights.viewer_class
    known: dict[tuple[Viewer, str], int] = {}

    def viewer_class(tx: Transaction, viewer: Viewer, action: Any, world: World) -> int:
        key = (viewer, action)
        if key not in known:
            known[key] = compile_class(tx, viewer, action, world)
        return known[key]

    def filled(tx: Transaction, palette: Palette, family: Family, side: Part) -> None:
        known.clear()
        fill(tx, palette, family, side)

    @contextmanager
    def short(store: Store) -> Iterator[Transaction]:
        work = Transaction(store)
        with transaction.atomic(using=store.alias):
            yield work
            if work.read and not work.trail.logged:
                raise Damaged("A read left no entry in the ledger.", code="unlogged_read")

    monkeypatch.setattr(Store, "transaction", short)
    monkeypatch.setattr(directory, "world", lambda tx: world)
    monkeypatch.setattr(directory, "authorities", lambda tx: dict(everybody))
    monkeypatch.setattr(directory, "authority", lambda tx, authority: everybody[authority])
    monkeypatch.setattr(directory, "officer", lambda tx, officer: people[officer])
    monkeypatch.setattr(acting, "epoch", lambda tx: 1)
    monkeypatch.setattr(reading, "viewer_class", viewer_class)
    monkeypatch.setattr(rights, "releases_for", lambda tx, grantee: [])  # nobody is given any here
    return filled
