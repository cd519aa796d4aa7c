"""Measures: a dossier's network as this viewer sees it, measured; nothing that he may not see has any part in it."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.dossier_reading import KIND, LAYERS, OpenDossier, absent, opened
from alidade.services.picture.measured_network import Measured, measure
from alidade.services.picture.seeing import SeenThing, around
from alidade.store import directory
from alidade.store.reading import reading

_MOST = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredDossier:
    """A dossier, what was measured of its network, and the things of the members by their id."""

    dossier: OpenDossier
    measured: Measured
    things: dict[str, SeenThing]
    cut: bool


def measure_dossier(node: Node, actor: Actor, piece: str) -> MeasuredDossier:
    """Measure the network of a dossier's members, without those of whom a person ruled that they do not belong to it.

    Links are ties that this viewer may see. Raises NotFound where the dossier is absent, or not for him.
    """
    found: OpenDossier | None = None
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "network_measure")
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            seen = view.piece(piece)
            if seen is not None and seen.kind == KIND:
                found = opened(node, actor, view, seen)
                inside = [each.thing for each in found.members if each.member.standing != "rejected"]
                picture = around(view, node.vocabulary, [each.id for each in inside], depth=1, most=_MOST)
        things = {each.id: each for each in inside} if found is not None else {}
        objects = sorted({record for each in things.values() for record in each.records})
        log(tx, actor, "network_measure", objects=[piece, *objects], results=len(things))
    if found is None:
        raise absent()
    measured = measure(sorted(things), picture.ties)
    return MeasuredDossier(dossier=found, measured=measured, things=things, cut=picture.cut)
