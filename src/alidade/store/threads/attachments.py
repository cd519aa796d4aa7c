"""Attachments in the store: sealed pieces that may come one by one, after a break as well, until the file is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.threads.party_view import as_party


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAttachment:
    """A file on its way into a thread, or in it. `name` is None once erased."""

    id: str
    thread: int | None
    authority: AuthorityId
    officer: str
    state: str
    size: int
    received: int
    sha256: str
    media: str
    name: str | None
    begun_at: datetime


def begin(tx: Transaction, authority: AuthorityId, officer: str, *, name: str, size: int, sha256: str) -> str:
    """Await a file; its reference."""
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    attachment = tx.new_id()
    models.ThreadAttachment.objects.using(tx.alias).create(
        id=attachment,
        authority=authority,
        officer=officer,
        size=size,
        sha256=sha256,
        label=tx.store.keys.seal(name.encode(), key, _place(attachment)),
        field_key=key_id,
        begun_at=tx.now,
    )
    return attachment


def own(tx: Transaction, authority: AuthorityId, attachment: str) -> KeptAttachment | None:
    """An attachment of one's own authority; None for another's and for none."""
    row = models.ThreadAttachment.objects.using(tx.alias).filter(id=attachment, authority=authority).first()
    return None if row is None else _kept(tx, row)


def with_id(tx: Transaction, attachment: str) -> KeptAttachment | None:
    """A file whoever it is of: for the node's own work, never for an answer."""
    row = models.ThreadAttachment.objects.using(tx.alias).filter(id=attachment).first()
    return None if row is None else _kept(tx, row)


def of_thread(tx: Transaction, authority: AuthorityId, thread: int) -> list[KeptAttachment]:
    """The files of a thread that a party may see."""
    with as_party(tx, authority):
        rows = list(models.ThreadAttachment.objects.using(tx.alias).filter(thread_id=thread).order_by("begun_at", "id"))
    return [_kept(tx, row) for row in rows]


def with_hash(tx: Transaction, thread: int, authority: AuthorityId, sha256: str) -> KeptAttachment | None:
    """The file with this hash that this authority put into a thread."""
    rows = models.ThreadAttachment.objects.using(tx.alias)
    row = rows.filter(thread_id=thread, authority=authority, sha256=sha256).exclude(state="coming").first()
    return None if row is None else _kept(tx, row)


def add_piece(tx: Transaction, attachment: str, number: int, piece: bytes) -> int:
    """Keep a piece, sealed; how much of the file has arrived. A piece that is here already is left as it is."""
    row = models.ThreadAttachment.objects.using(tx.alias).get(id=attachment)
    rows = models.ThreadChunk.objects.using(tx.alias)
    key = tx.store.keys.field_key(row.field_key)
    if key is None or rows.filter(attachment_id=attachment, number=number).exists():
        return row.received
    rows.create(
        attachment_id=attachment,
        number=number,
        content=tx.store.keys.seal(piece, key, f"{_place(attachment)}/{number}"),
        field_key=row.field_key,
    )
    row.received += len(piece)
    row.save(using=tx.alias, update_fields=["received"])
    return row.received


def pieces_here(tx: Transaction, attachment: str) -> set[int]:
    """The numbers of the pieces that have arrived."""
    rows = models.ThreadChunk.objects.using(tx.alias).filter(attachment_id=attachment)
    return set(rows.values_list("number", flat=True))


def pieces(tx: Transaction, attachment: str) -> Iterator[bytes]:
    """The content of a file, piece by piece in order. The caller has seen to it that it may be read."""
    row = models.ThreadAttachment.objects.using(tx.alias).get(id=attachment)
    for number in sorted(pieces_here(tx, attachment)):
        chunk = models.ThreadChunk.objects.using(tx.alias).get(attachment_id=attachment, number=number)
        plain = tx.store.keys.unseal(bytes(chunk.content), row.field_key, f"{_place(attachment)}/{number}")
        if plain is None:
            return
        yield plain


def settle(tx: Transaction, attachment: str, state: str, *, media: str = "", thread: int | None = None) -> None:
    """Note what a file is, and that it was checked or sent."""
    rows = models.ThreadAttachment.objects.using(tx.alias).filter(id=attachment)
    rows.update(state=state)
    if media:
        rows.update(media=media)
    if thread is not None:
        rows.update(thread_id=thread)


def drop(tx: Transaction, attachments: Sequence[str]) -> list[str]:
    """Delete files that were not sent; the field keys that sealed them."""
    rows = models.ThreadAttachment.objects.using(tx.alias).filter(id__in=list(attachments))
    rows = rows.exclude(state__in=("sent", "erased"))
    keys = list(rows.values_list("field_key", flat=True))
    rows.delete()
    return keys


def outlived(tx: Transaction, before: datetime) -> list[str]:
    """Files that were begun before a moment and never sent."""
    rows = models.ThreadAttachment.objects.using(tx.alias).filter(begun_at__lt=before, state__in=("coming", "checked"))
    return list(rows.order_by("id").values_list("id", flat=True))


def arrived_whole(tx: Transaction) -> list[str]:
    """Files from other nodes whose last piece is here and which nobody has looked at yet."""
    rows = models.ThreadAttachment.objects.using(tx.alias).filter(state="arriving", received__gte=F("size"))
    return list(rows.order_by("id").values_list("id", flat=True))


def unsent_bytes(tx: Transaction, authority: AuthorityId) -> int:
    """How much of an authority's room is taken by files that were not sent."""
    rows = models.ThreadAttachment.objects.using(tx.alias).filter(authority=authority, state__in=("coming", "checked"))
    return sum(rows.values_list("size", flat=True))


def _place(attachment: str) -> str:
    return f"thread_attachment/{attachment}"


def _kept(tx: Transaction, row: models.ThreadAttachment) -> KeptAttachment:
    name = None if row.label is None else tx.store.keys.unseal(bytes(row.label), row.field_key, _place(row.id))
    return KeptAttachment(
        id=row.id,
        thread=row.thread_id,
        authority=AuthorityId(row.authority),
        officer=row.officer,
        state=row.state,
        size=row.size,
        received=row.received,
        sha256=row.sha256,
        media=row.media,
        name=None if name is None else name.decode(),
        begun_at=row.begun_at,
    )
