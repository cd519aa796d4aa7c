"""Dossiers of networks in the two runs: made of what is seen and what is not, opened, measured; rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worlds import public_id

from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.picture.dossier_state import Dossier, Member
from alidade.services.picture.dossiers import add_member, list_dossiers, make_dossier, open_dossier
from alidade.services.picture.measures import measure_dossier
from alidade.services.picture.nominations import list_matchings

Read = tuple[str, Callable[[Node, Actor], object]]


def dossier_reads(seen: Sequence[str], unseen: Sequence[str]) -> list[Read]:
    """Every read of a dossier."""
    shown = tuple(public_id(label) for label in seen[:3])
    reads: list[Read] = [
        ("dossiers", _listed),
        ("rounds", lambda node, actor: [each.title for each in list_matchings(node, actor)]),
        ("dossier of what is seen", lambda node, actor: _opened(node, actor, shown)),
    ]
    others = {label: public_id(label) for label in (*unseen[:1], "absent")}
    reads += [
        (f"member {label}", lambda node, actor, record=record: _added(node, actor, record))
        for label, record in others.items()
    ]
    return reads


def _listed(node: Node, actor: Actor) -> object:
    return [[each.name, each.members, each.version] for each in list_dossiers(node, actor)]


def _opened(node: Node, actor: Actor, records: Sequence[str]) -> object:
    members = tuple(Member(record=each) for each in records)
    piece = make_dossier(node, actor, Dossier(names=("Ring",), members=members))
    found = open_dossier(node, actor, piece)
    measured = measure_dossier(node, actor, piece).measured
    said = [[each.member.record, each.thing.id, each.thing.caption] for each in found.members]
    return [said, measured.members, measured.links, measured.components, repr(measured.roles)]


def _added(node: Node, actor: Actor, record: str) -> object:
    piece = make_dossier(node, actor, Dossier(names=("Ring",)))
    return add_member(node, actor, piece, Member(record=record))
