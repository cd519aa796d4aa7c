"""Dossier keeping: who may open a dossier, its versions and what differs between them, withdrawn and brought back."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.errors import NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.picture.dossier_reading import (
    KIND,
    LAYERS,
    OpenDossier,
    absent,
    log_reading,
    opened,
    own_dossier,
    require_category,
)
from alidade.services.picture.dossier_state import Difference, decode_dossier, difference, encode_dossier
from alidade.services.picture.seeing import SeenThing
from alidade.store import directory, workpieces
from alidade.store.reading import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierVersion:
    """One version of a dossier of one's own authority."""

    version: int
    officer: str
    saved_at: str
    name: str
    reason: str
    newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two versions and what differs between them, as this officer sees it; `things` by the record of the member."""

    earlier: OpenDossier
    later: OpenDossier
    earlier_version: int
    later_version: int
    difference: Difference
    things: dict[str, SeenThing]


def dossier_versions(node: Node, actor: Actor, piece: str) -> tuple[DossierVersion, ...]:
    """The versions of a dossier of one's own authority, newest first. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        own_dossier(tx, actor, piece)
        kept = workpieces.versions_of(tx, actor.viewer.authority, piece)
        log(tx, actor, "dossier_manage", objects=[piece], results=len(kept), details={"view": "versions"})
    newest = max((each.version for each in kept), default=0)
    return tuple(
        DossierVersion(
            version=each.version, officer=each.officer, saved_at=each.saved_at.isoformat(), name=each.title,
            reason=each.reason, newest=each.version == newest,
        )
        for each in kept
    )  # fmt: skip


def compare_versions(node: Node, actor: Actor, piece: str, earlier: int, later: int) -> Compared:
    """What stayed, left and came between two versions of a dossier of one's own authority. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        kept = own_dossier(tx, actor, piece)
        bodies = {each.version: each.body for each in workpieces.versions_of(tx, actor.viewer.authority, piece)}
        if earlier not in bodies or later not in bodies:
            raise NotFound("This dossier has no such version.")
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            first = opened(node, actor, view, kept, bodies[earlier])
            second = opened(node, actor, view, kept, bodies[later])
        for found in (first, second):
            log_reading(tx, actor, piece, found, "versions compared")
    things = {each.member.record: each.thing for found in (first, second) for each in found.members}
    return Compared(
        earlier=first, later=second, earlier_version=earlier, later_version=later,
        difference=difference(first.dossier, second.dossier), things=things,
    )  # fmt: skip


def restore_dossier(node: Node, actor: Actor, piece: str, version: int, *, newest: int, reason: str = "") -> int:
    """Make an earlier version of a dossier of one's own authority the newest again; nothing in between is lost.

    Raises NotFound where there is no such version, Conflict where `newest` is no longer the newest.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        own_dossier(tx, actor, piece)
        kept = {each.version: each for each in workpieces.versions_of(tx, actor.viewer.authority, piece)}
        if version not in kept:
            raise NotFound("This dossier has no such version.")
        body = decode_dossier(kept[version].body)
        number = workpieces.change_piece(
            tx, actor.viewer.authority, piece, officer=actor.officer, title=body.name, body=encode_dossier(body),
            version=newest, mentions=body.records(), reason=reason[:300],
        )  # fmt: skip
        log(tx, actor, "dossier_manage", objects=[piece], details={"version": str(number), "restored": str(version)})
    return number


def share_dossier(node: Node, actor: Actor, piece: str, handling: Handling) -> None:
    """Put a dossier of one's own authority under another handling: others may open it, or no longer.

    Each of them sees only members whose records he may see. Raises NotFound, Invalid without a category of persons.
    """
    require_category(handling)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        own_dossier(tx, actor, piece)
        interned = intern_all(node, tx, actor.viewer.authority, {KIND: handling})[KIND]
        workpieces.reclassify_piece(tx, actor.viewer.authority, piece, interned.number)
        log(tx, actor, "dossier_manage", objects=[piece], details={"change": "handling"})


def withdraw_dossier(node: Node, actor: Actor, piece: str) -> None:
    """Take a dossier of one's own authority away from everybody; `bring_back_dossier` undoes it. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        own_dossier(tx, actor, piece)
        workpieces.withdraw_piece(tx, actor.viewer.authority, piece)
        log(tx, actor, "dossier_manage", objects=[piece], details={"change": "withdrawn"})


def bring_back_dossier(node: Node, actor: Actor, piece: str) -> None:
    """Bring a withdrawn dossier of one's own authority back. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        try:
            workpieces.restore_piece(tx, actor.viewer.authority, piece)
        except NotFound:
            raise absent() from None
        own_dossier(tx, actor, piece)
        log(tx, actor, "dossier_manage", objects=[piece], details={"change": "brought back"})
