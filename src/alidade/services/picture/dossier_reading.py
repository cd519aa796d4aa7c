"""Dossier reading: a dossier as one viewer sees it, without anything that stands on what he may not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log
from alidade.services.node import Node
from alidade.services.picture.dossier_state import Dossier, Member, decode_dossier
from alidade.services.picture.seeing import SeenThing, thing_of
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, SeenPiece, reading
from alidade.store.rights import Layer

KIND: Final = "dossier"
PRODUCT: Final = "product"
LAYERS: Final[tuple[Layer, ...]] = ("read", "merge")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDossier:
    """A dossier in a list. `ours`: one's own authority keeps it, and may change it. `members`: those one sees."""

    piece: str
    name: str
    state: str
    rounds: tuple[str, ...]
    members: int
    authority: str
    officer: str
    version: int
    made_at: str
    changed_at: str
    handling: Handling
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMember:
    """A member with the thing that its record is of, as this viewer sees it."""

    member: Member
    thing: SeenThing


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDossier:
    """A dossier as this viewer sees it. `linked`: names of the dossiers and products that it refers to."""

    kept: KeptDossier
    dossier: Dossier
    members: tuple[SeenMember, ...]
    linked: Mapping[str, str]


def seen_of(view: ReaderView, piece: SeenPiece, body: bytes | None = None) -> Dossier:
    """What a dossier (or this former body of it) says, without what stands on records or pieces that are not seen."""
    return decode_dossier(piece.body if body is None else body).within(
        lambda record: bool(view.record(record)), lambda other: view.piece(other) is not None
    )


def opened(node: Node, actor: Actor, view: ReaderView, piece: SeenPiece, body: bytes | None = None) -> OpenDossier:
    """A dossier with the things of its members and the names of what it refers to."""
    dossier = seen_of(view, piece, body)
    members = []
    for member in dossier.members:
        thing = thing_of(view, node.vocabulary, member.record)
        if thing is not None:
            members.append(SeenMember(member=member, thing=thing))
    named = [*(other for event in dossier.life for other in event.others), *(each.product for each in dossier.products)]
    linked = {each: found.title for each in named if (found := view.piece(each)) is not None}
    return OpenDossier(
        kept=kept_of(actor, piece, dossier), dossier=dossier, members=tuple(members), linked=linked
    )  # fmt: skip


def kept_of(actor: Actor, piece: SeenPiece, dossier: Dossier) -> KeptDossier:
    """The line of a dossier in a list."""
    return KeptDossier(
        piece=piece.piece, name=piece.title, state=dossier.state, rounds=dossier.rounds,
        members=len(dossier.belonging), authority=piece.authority, officer=piece.officer, version=piece.version,
        made_at=piece.made_at, changed_at=piece.changed_at, handling=piece.handling,
        ours=piece.authority == actor.viewer.authority,
    )  # fmt: skip


def log_reading(tx: Transaction, actor: Actor, piece: str, found: OpenDossier | None, view: str = "dossier") -> None:
    """Leave the entry of a reading: the dossier and every record whose thing was shown."""
    members = found.members if found else ()
    records = sorted({record for each in members for record in each.thing.records})
    log(tx, actor, "picture_read", objects=[piece, *records], results=len(records), details={"view": view})


def own_dossier(tx: Transaction, actor: Actor, piece: str) -> SeenPiece:
    """A dossier of one's own authority that this officer may open. Raises NotFound."""
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        found = view.piece(piece)
    if found is None or found.kind != KIND or found.authority != actor.viewer.authority:
        raise absent()
    return found


def absent() -> NotFound:
    """What is answered for a dossier that is not there and for one that is not for the viewer."""
    return NotFound("There is no dossier with this reference that you may open.")


def require_category(handling: Handling) -> None:
    """Raises Invalid where others are to open what tells of persons, and nobody has said of which kind they are."""
    reaches = bool(handling.communities or handling.released_to)
    if reaches and handling.content == "personal" and handling.subject_category is None:
        raise Invalid(
            "A dossier that others are to open must say what kind of persons it tells of.",
            remedy="State the category, or that it holds no personal data.",
            code="category_missing",
        )
