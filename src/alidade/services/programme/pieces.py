"""Pieces of the programme: each is kept under a handling of its own, and read by whoever may see that handling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from alidade.model.errors import Damaged, NotFound
from alidade.model.handling import EVERYBODY, Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, SeenPiece
from alidade.store.workpieces import change_piece, keep_piece, reclassify_piece

Body = TypeVar("Body", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[Body]):
    """One piece as its viewer reads it: what it says, who keeps it, in which version, under what handling."""

    reference: str
    authority: str
    officer: str
    version: int
    made_at: dt.datetime
    changed_at: dt.datetime
    handling: Handling
    body: Body


def default_handling(node: Node, owner: AuthorityId, communities: Iterable[str] = (EVERYBODY,)) -> Handling:
    """What policy work is given under unless its officer says otherwise: no personal content, any purpose."""
    purposes = tuple(sorted(node.vocabulary.purposes))
    return Handling(owner=owner, content="strategic", purposes=purposes, communities=tuple(sorted(communities)))


def keep(node: Node, tx: Transaction, actor: Actor, kind: str, title: str, body: msgspec.Struct, how: Handling) -> str:
    """Keep a new piece of one's own authority; its reference. Raises NotAllowed for a handling of another owner."""
    interned = intern_all(node, tx, actor.viewer.authority, {"piece": how})["piece"]
    return keep_piece(
        tx,
        kind=kind,
        authority=actor.viewer.authority,
        officer=str(actor.officer),
        title=title,
        body=msgspec.json.encode(body),
        handling_number=interned.number,
    )


def change(tx: Transaction, actor: Actor, piece: str, title: str, body: msgspec.Struct, version: int, why: str) -> int:
    """Leave a piece of one's own authority in a new version. Raises NotFound, and Conflict where it has changed."""
    return change_piece(
        tx,
        actor.viewer.authority,
        piece,
        officer=str(actor.officer),
        title=title,
        body=msgspec.json.encode(body),
        version=version,
        reason=why,
    )


def put_under(node: Node, tx: Transaction, actor: Actor, piece: str, how: Handling) -> None:
    """Put a piece of one's own authority under another handling of its own. Raises NotFound."""
    interned = intern_all(node, tx, actor.viewer.authority, {"piece": how})["piece"]
    reclassify_piece(tx, actor.viewer.authority, piece, interned.number)


def every(view: ReaderView, kind: str, body: type[Body]) -> list[Kept[Body]]:
    """Every piece of a kind that the viewer may read, the one changed last first."""
    return [_read(piece, body) for piece in view.pieces(kind)]


def one(view: ReaderView, kind: str, reference: str, body: type[Body]) -> Kept[Body]:
    """One piece. Raises NotFound where it is absent, of another kind, or not for this viewer."""
    piece = view.piece(reference)
    if piece is None or piece.kind != kind:
        raise NotFound("There is nothing with this reference that you may see.")
    return _read(piece, body)


def _read(piece: SeenPiece, body: type[Body]) -> Kept[Body]:
    try:
        said = msgspec.json.decode(piece.body, type=body)
    except msgspec.DecodeError as broken:
        raise Damaged("A piece of the programme in the store cannot be read.") from broken
    return Kept(
        reference=piece.piece,
        authority=piece.authority,
        officer=piece.officer,
        version=piece.version,
        made_at=_moment(piece.made_at),
        changed_at=_moment(piece.changed_at),
        handling=piece.handling,
        body=said,
    )


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
