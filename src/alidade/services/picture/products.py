"""Products: what is written from a dossier, in two parts; above the tear-line stands what a wider audience reads.

The part above is a piece under a handling of its own. The part below stays in the dossier and goes to those who may
open that: nothing in the part above says whether there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from alidade.model.errors import Damaged, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.picture.dossier_reading import KIND, PRODUCT, own_dossier, require_category
from alidade.services.picture.dossier_state import Issued, Text, decode_dossier, encode_dossier
from alidade.store import directory, workpieces
from alidade.store.reading import ReaderView, SeenPiece, reading

_LONGEST_TITLE: Final = 120


class Above(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part above the tear-line, and its day."""

    text: Text
    issued_on: Annotated[str, Meta(max_length=10)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """The part below the tear-line, with the dossier in which it stands."""

    dossier: str
    name: str
    text: str
    handling: Handling


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as this viewer reads it; `below` is None for whoever may not open the dossier."""

    piece: str
    title: str
    authority: str
    issued_on: str
    above: str
    handling: Handling
    below: Below | None
    ours: bool


def issue_product(
    node: Node, actor: Actor, dossier: str, *, title: str, above: str, below: str, handling: Handling, version: int
) -> str:  # fmt: skip
    """Issue a product from a dossier of one's own authority; its reference.

    `above` goes to whoever may see `handling`, `below` to whoever may open the dossier. Raises NotFound, Invalid
    without title or text above, Conflict where the dossier was changed since `version`.
    """
    if not title.strip() or len(title) > _LONGEST_TITLE or not above.strip():
        raise Invalid("A product needs a title and a text above the tear-line.", code="product_empty")
    require_category(handling)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        kept = own_dossier(tx, actor, dossier)
        today = tx.now.date().isoformat()
        interned = intern_all(node, tx, actor.viewer.authority, {PRODUCT: handling})[PRODUCT]
        piece = workpieces.keep_piece(
            tx, kind=PRODUCT, authority=actor.viewer.authority, officer=actor.officer, title=title.strip(),
            body=msgspec.json.encode(Above(text=above.strip(), issued_on=today)), handling_number=interned.number,
        )  # fmt: skip
        whole = decode_dossier(kept.body)
        said = replace(whole, products=(*whole.products, Issued(product=piece, below=below.strip(), issued_on=today)))
        workpieces.change_piece(
            tx, actor.viewer.authority, dossier, officer=actor.officer, title=said.name, body=encode_dossier(said),
            version=version, mentions=said.records(),
        )  # fmt: skip
        log(tx, actor, "dossier_manage", objects=[dossier, piece], details={"change": "product"})
    return piece


def list_products(node: Node, actor: Actor) -> tuple[Product, ...]:
    """The products whose part above the tear-line this viewer may read, the newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            found = tuple(_read(actor, view, piece) for piece in view.pieces(PRODUCT))
        log(tx, actor, "picture_read", objects=[each.piece for each in found], results=len(found),
            details={"view": "products"})  # fmt: skip
    return found


def read_product(node: Node, actor: Actor, piece: str) -> Product:
    """One product, as far as this viewer may read it. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            seen = view.piece(piece)
            found = _read(actor, view, seen) if seen is not None and seen.kind == PRODUCT else None
        below = [found.below.dossier] if found is not None and found.below is not None else []
        log(tx, actor, "picture_read", objects=[piece, *below], results=len(below), details={"view": "product"})
    if found is None:
        raise NotFound("There is no product with this reference that you may read.")
    return found


def withdraw_product(node: Node, actor: Actor, piece: str) -> None:
    """Take a product of one's own authority away from everybody, both parts. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            seen = view.piece(piece)
        known = seen is not None and seen.kind == PRODUCT
        workpieces.withdraw_piece(tx, actor.viewer.authority, piece if known else "")
        log(tx, actor, "dossier_manage", objects=[piece], details={"change": "product withdrawn"})


def _read(actor: Actor, view: ReaderView, piece: SeenPiece) -> Product:
    try:
        above = msgspec.json.decode(piece.body, type=Above)
    except msgspec.ValidationError:
        above = Above(text="", issued_on="")  # what was erased from it took its text
    except msgspec.DecodeError as broken:
        raise Damaged("A product in the store cannot be read.") from broken
    below = None
    for each in view.pieces(KIND):
        issued = next((one for one in decode_dossier(each.body).products if one.product == piece.piece), None)
        if issued is not None and each.authority == piece.authority:
            below = Below(dossier=each.piece, name=each.title, text=issued.below, handling=each.handling)
    return Product(
        piece=piece.piece, title=piece.title, authority=piece.authority, issued_on=above.issued_on, above=above.text,
        handling=piece.handling, below=below, ours=piece.authority == actor.viewer.authority,
    )  # fmt: skip
