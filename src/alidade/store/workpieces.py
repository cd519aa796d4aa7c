"""Workpieces: what somebody made of the picture, in versions, sealed, under a handling that says who may open it.

Whoever may see the handling may open the piece; what it names he sees only where he may see that, too. An erasure
reaches every version: what names the erased record, or holds one of its values, goes from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec

from alidade.model.errors import Conflict, Damaged, NotFound
from alidade.store import models
from alidade.store.database import Transaction

_SHORTEST: Final = 3  # a shorter value may be anybody's
_Row: TypeAlias = models.Workpiece | models.WorkpieceVersion


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What lies sealed: the title, the JSON body, and why this version was made."""

    title: str
    body: msgspec.Raw
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceVersion:
    """One version of a piece, and who left it so."""

    version: int
    officer: str
    saved_at: datetime
    title: str
    body: bytes
    reason: str


def bound_to(piece: str, version: int) -> str:
    """What the seal of a version is bound to."""
    return f"workpiece/{piece}/{version}"


def opened(content: bytes) -> Written:
    """What was sealed. Raises Damaged where it is nothing that this program wrote."""
    try:
        return msgspec.json.decode(content, type=Written)
    except msgspec.DecodeError as broken:
        raise Damaged("A piece of work in the store cannot be read.") from broken


def keep_piece(
    tx: Transaction,
    *,
    kind: str,
    authority: str,
    officer: str,
    title: str,
    body: bytes,
    handling_number: int,
    mentions: Sequence[str] = (),
    reason: str = "",
) -> str:
    """Keep a new piece under an interned handling; its public id. `mentions`: the records that its body names."""
    piece, ((key_id, key),) = tx.new_id(), tx.store.keys.new_field_keys(1)
    sealed = tx.store.keys.seal(_plain(title, body, reason), key, bound_to(piece, 1))
    row = models.Workpiece.objects.using(tx.alias).create(
        public_id=piece,
        kind=kind,
        authority=authority,
        officer=officer,
        handling_id=handling_number,
        version=1,
        content=sealed,
        field_key=key_id,
        mentions=sorted(set(mentions)),
        made_at=tx.now,
        changed_at=tx.now,
    )
    _keep_version(tx, row)
    return piece


def change_piece(
    tx: Transaction,
    authority: str,
    piece: str,
    *,
    officer: str,
    title: str,
    body: bytes,
    version: int,
    mentions: Sequence[str] = (),
    reason: str = "",
) -> int:
    """Leave a piece of one's own authority in a new version; its number.

    Raises NotFound for a piece of another or none, Conflict where `version` is no longer the newest.
    """
    row = _own(tx, authority, piece)
    if row.version != version:
        raise Conflict(
            "Somebody has changed this in the meantime.",
            code="changed_meanwhile",
            remedy="Open the newest version and make your change there.",
        )
    key = tx.store.keys.field_key(row.field_key)
    if key is None:
        raise Damaged("The key of this piece of work is gone.")
    row.version += 1
    row.officer = officer
    row.content = tx.store.keys.seal(_plain(title, body, reason), key, bound_to(piece, row.version))
    row.mentions = sorted({*row.mentions, *mentions})
    row.changed_at = tx.now
    row.save(using=tx.alias)
    _keep_version(tx, row)
    return row.version


def reclassify_piece(tx: Transaction, authority: str, piece: str, handling_number: int) -> None:
    """Put a piece of one's own authority under another handling: others may open it, or no longer. Raises NotFound."""
    row = _own(tx, authority, piece)
    row.handling_id = handling_number
    row.changed_at = tx.now
    row.save(using=tx.alias)


def authorities_with(tx: Transaction, kind: str) -> list[str]:
    """The authorities that keep a piece of a kind; for the clocks of this node, and nothing of what is in it."""
    rows = models.Workpiece.objects.using(tx.alias).filter(kind=kind, withdrawn=False)
    return sorted(rows.values_list("authority", flat=True).distinct())


def withdraw_piece(tx: Transaction, authority: str, piece: str) -> None:
    """Take a piece of one's own authority away from everybody; `restore_piece` brings it back. Raises NotFound."""
    row = _own(tx, authority, piece)
    row.withdrawn = True
    row.changed_at = tx.now
    row.save(using=tx.alias)


def restore_piece(tx: Transaction, authority: str, piece: str) -> None:
    """Bring a withdrawn piece of one's own authority back. Raises NotFound."""
    rows = models.Workpiece.objects.using(tx.alias).filter(public_id=piece, authority=authority, withdrawn=True)
    if not rows.update(withdrawn=False, changed_at=tx.now):
        raise NotFound("Your authority has withdrawn no piece of work with this reference.")


def versions_of(tx: Transaction, authority: str, piece: str) -> list[PieceVersion]:
    """Every version of a piece of one's own authority, newest first. Raises NotFound."""
    row = _own(tx, authority, piece)
    found: list[PieceVersion] = []
    kept = models.WorkpieceVersion.objects.using(tx.alias).filter(piece_id=row.id).order_by("-version")
    for each in kept:
        plain = tx.store.keys.unseal(bytes(each.content), each.field_key, bound_to(piece, each.version))
        if plain is not None:
            written = opened(plain)
            found.append(
                PieceVersion(
                    version=each.version, officer=each.officer, saved_at=each.saved_at, title=written.title,
                    body=bytes(written.body), reason=written.reason,
                )
            )  # fmt: skip
    return found


def forget_in_pieces(tx: Transaction, record: str | None, authority: str, values: Iterable[str]) -> list[str]:
    """Take an erased record out of every version of every piece; the ids of the field keys to destroy.

    Without a record only erased values go. Every object of a body that names the record goes, whoever made the
    piece. In pieces of the owner's authority every object goes too that holds one of the erased values, and a title
    that holds one.
    """
    wanted = [value.casefold() for value in values if len(value) >= _SHORTEST]
    gone: list[str] = []
    for row in models.Workpiece.objects.using(tx.alias).order_by("id"):
        own = wanted if row.authority == authority else []
        if record in row.mentions or own:
            gone += _rewritten(tx, row, record, own)
    return gone


def _rewritten(tx: Transaction, row: models.Workpiece, record: str | None, values: Sequence[str]) -> list[str]:
    def erased(text: str) -> bool:
        folded = text.casefold()
        return text == record or any(value in folded for value in values)

    rows: list[_Row] = [row, *models.WorkpieceVersion.objects.using(tx.alias).filter(piece_id=row.id)]
    plain = [_unsealed(tx, row.public_id, each) for each in rows]
    cleaned = [None if each is None else _cleaned(each, erased) for each in plain]
    if plain == cleaned and record not in row.mentions:
        return []
    old = sorted({each.field_key for each in rows})
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    for each, content in zip(rows, cleaned, strict=True):
        if content is not None:
            each.content = tx.store.keys.seal(content, key, bound_to(row.public_id, each.version))
            each.field_key = key_id
        if each is row:
            row.mentions = [other for other in row.mentions if other != record]
        each.save(using=tx.alias)
    return old


def _cleaned(content: bytes, erased: Callable[[str], bool]) -> bytes:
    written = opened(content)
    body = _without(msgspec.json.decode(written.body), erased)
    title = "" if erased(written.title) else written.title
    reason = "" if erased(written.reason) else written.reason
    return _plain(title, msgspec.json.encode({} if body is _GONE else body), reason)


_GONE: Final = object()


def _without(part: Any, erased: Callable[[str], bool]) -> Any:
    """The part without what is erased: the innermost object that holds it goes whole, and a text in a list."""
    if isinstance(part, str):
        return _GONE if erased(part) else part
    if isinstance(part, list):
        return [each for each in (_without(one, erased) for one in part) if each is not _GONE]
    if isinstance(part, dict):
        inner = {}
        for name, value in part.items():
            if erased(name):
                continue
            cleaned = _without(value, erased)
            if cleaned is _GONE:
                if isinstance(value, str):
                    return _GONE
                continue
            inner[name] = cleaned
        return inner
    return part


def _unsealed(tx: Transaction, piece: str, row: _Row) -> bytes | None:
    return tx.store.keys.unseal(bytes(row.content), row.field_key, bound_to(piece, row.version))


def _plain(title: str, body: bytes, reason: str) -> bytes:
    return msgspec.json.encode(Written(title=title, body=msgspec.Raw(body), reason=reason))


def _own(tx: Transaction, authority: str, piece: str) -> models.Workpiece:
    rows = models.Workpiece.objects.using(tx.alias)
    found = rows.filter(public_id=piece, authority=authority, withdrawn=False).first()
    if found is None:
        raise NotFound("Your authority has no piece of work with this reference.")
    return found


def _keep_version(tx: Transaction, row: models.Workpiece) -> None:
    models.WorkpieceVersion.objects.using(tx.alias).create(
        piece_id=row.id, version=row.version, officer=row.officer, content=row.content, field_key=row.field_key,
        saved_at=tx.now,
    )  # fmt: skip
