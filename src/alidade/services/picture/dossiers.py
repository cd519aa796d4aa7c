"""Dossiers: a network as its authority keeps it, in versions, read by others as far as its handling and theirs go.

A member whose record a reader may not see is absent for him: not shown, not counted, not compared, not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from alidade.model.errors import NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.picture.dossier_reading import (
    KIND,
    LAYERS,
    KeptDossier,
    OpenDossier,
    absent,
    kept_of,
    log_reading,
    opened,
    own_dossier,
    require_category,
    seen_of,
)
from alidade.services.picture.dossier_revising import checked, require_seen, revised, stamped
from alidade.services.picture.dossier_state import Dossier, LifeEvent, Member, Standing, encode_dossier
from alidade.store import directory, workpieces
from alidade.store.reading import reading

__all__ = ["add_member", "list_dossiers", "make_dossier", "open_dossier", "remove_member", "revise_dossier"]
__all__ += ["rule_on_member"]


def list_dossiers(node: Node, actor: Actor) -> tuple[KeptDossier, ...]:
    """The dossiers that this viewer may open, the one changed last first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            found = tuple(kept_of(actor, piece, seen_of(view, piece)) for piece in view.pieces(KIND))
        log(tx, actor, "picture_read", objects=[each.piece for each in found], results=len(found),
            details={"view": "dossiers"})  # fmt: skip
    return found


def open_dossier(node: Node, actor: Actor, piece: str) -> OpenDossier:
    """A dossier as this viewer sees it. Raises NotFound where it is absent, or not for him."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            seen = view.piece(piece)
            found = opened(node, actor, view, seen) if seen is not None and seen.kind == KIND else None
        log_reading(tx, actor, piece, found)
    if found is None:
        raise absent()
    return found


def make_dossier(node: Node, actor: Actor, dossier: Dossier, handling: Handling | None = None) -> str:
    """Keep a new dossier of one's own authority; its reference.

    Without a handling one's own authority alone opens it, for the purpose in force. A network without any event is
    proposed today. Raises Invalid for codes in no list, NotFound for a member whose record the officer does not see.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        today = tx.now.date().isoformat()
        begun = dossier if dossier.life else replace(dossier, life=(LifeEvent(kind="proposed", day=today),))
        begun = replace(begun, products=(), members=stamped(begun, None, actor, today))
        checked(node, begun)
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            require_seen(view, begun, frozenset())
        stated = handling or Handling(owner=actor.viewer.authority, purposes=(actor.viewer.purpose,))
        require_category(stated)
        interned = intern_all(node, tx, actor.viewer.authority, {KIND: stated})[KIND]
        piece = workpieces.keep_piece(
            tx, kind=KIND, authority=actor.viewer.authority, officer=actor.officer, title=begun.name,
            body=encode_dossier(begun), handling_number=interned.number, mentions=begun.records(),
        )  # fmt: skip
        log(tx, actor, "dossier_manage", objects=[piece, *begun.records()], details={"change": "made"})
    return piece


def revise_dossier(node: Node, actor: Actor, piece: str, dossier: Dossier, *, version: int, reason: str = "") -> int:
    """Leave a dossier of one's own authority in a new version; its number.

    What this officer does not see of the former version stays as it was, and so do the products. A ruling on a member
    gets his name and the day. Raises NotFound, Invalid, Conflict where somebody has changed it since `version`.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        number = revised(node, tx, actor, piece, dossier, version, reason)
        log(tx, actor, "dossier_manage", objects=[piece, *dossier.records()], details={"version": str(number)})
    return number


def add_member(node: Node, actor: Actor, piece: str, member: Member, *, version: int | None = None) -> int:
    """Add a member to a dossier of one's own authority, or say something else of one; the new version.

    Without a `version` the newest is changed. Raises NotFound where dossier or record are absent or not for him.
    """
    return _changed(node, actor, piece, version, lambda now: now.with_member(member), "member")


def remove_member(node: Node, actor: Actor, piece: str, record: str, *, version: int | None = None) -> int:
    """Take a member out of a dossier of one's own authority; earlier versions still have it. Raises NotFound."""
    return _changed(node, actor, piece, version, lambda now: now.without_member(record), "member removed")


def rule_on_member(
    node: Node,
    actor: Actor,
    piece: str,
    record: str,
    standing: Standing,
    *,
    role: str | None = None,
    evidence: Sequence[str] = (),
    version: int | None = None,
) -> int:
    """Rule on a member of a dossier of one's own authority: it belongs to it ("confirmed"), or not ("rejected").

    "candidate" takes a ruling back. `role`: a code of the roles, None: as it was. Raises NotFound, Invalid.
    """

    def ruled(now: Dossier) -> Dossier:
        member = now.member(record)
        if member is None:
            raise NotFound("This dossier has no member with this reference that you may see.")
        return now.with_member(
            replace(
                member, standing=standing, role=member.role if role is None else role,
                evidence=tuple(dict.fromkeys((*member.evidence, *evidence)))[:20],
            )
        )  # fmt: skip

    return _changed(node, actor, piece, version, ruled, standing)


def _changed(
    node: Node, actor: Actor, piece: str, version: int | None, change: Callable[[Dossier], Dossier], why: str
) -> int:
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        kept = own_dossier(tx, actor, piece)
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            now = seen_of(view, kept)
        wanted = change(now)
        number = revised(node, tx, actor, piece, wanted, kept.version if version is None else version, "")
        log(tx, actor, "dossier_manage", objects=[piece, *wanted.records()],
            details={"version": str(number), "change": why})  # fmt: skip
    return number
