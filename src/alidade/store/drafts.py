"""Drafts in the store: sealed, each with a key of its own, for the officer who began them and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """A draft as its officer left it."""

    id: str
    kind: str
    content: bytes
    saved_at: datetime


def keep_draft(tx: Transaction, authority: str, officer: str, kind: str, content: bytes, draft: str = "") -> str:
    """Keep a draft, over the officer's own earlier one with this id; its id."""
    rows = models.Draft.objects.using(tx.alias)
    draft_id = draft or tx.new_id()
    earlier = rows.filter(id=draft_id, authority=authority, officer=officer, kind=kind).first()
    if earlier is not None:
        key = tx.store.keys.field_key(earlier.field_key)
        if key is not None:
            earlier.content = tx.store.keys.seal(content, key, f"draft/{draft_id}")
            earlier.saved_at = tx.now
            earlier.save(using=tx.alias)
            return draft_id
        earlier.delete(using=tx.alias)
    ((key_id, fresh),) = tx.store.keys.new_field_keys(1)
    rows.create(
        id=draft_id,
        authority=authority,
        officer=officer,
        kind=kind,
        content=tx.store.keys.seal(content, fresh, f"draft/{draft_id}"),
        field_key=key_id,
        saved_at=tx.now,
    )
    return draft_id


def draft_of(tx: Transaction, authority: str, officer: str, kind: str, draft: str) -> KeptDraft | None:
    """The officer's own draft with this id; None for another's and for none."""
    row = models.Draft.objects.using(tx.alias).filter(id=draft, authority=authority, officer=officer, kind=kind).first()
    return None if row is None else _opened(tx, row)


def drafts_of(tx: Transaction, authority: str, officer: str, kind: str) -> list[KeptDraft]:
    """The officer's own drafts of a kind, newest first."""
    rows = models.Draft.objects.using(tx.alias).filter(authority=authority, officer=officer, kind=kind)
    found = (_opened(tx, row) for row in rows.order_by("-saved_at", "id"))
    return [draft for draft in found if draft is not None]


def _opened(tx: Transaction, row: models.Draft) -> KeptDraft | None:
    content = tx.store.keys.unseal(bytes(row.content), row.field_key, f"draft/{row.id}")
    if content is None:
        return None
    return KeptDraft(id=row.id, kind=row.kind, content=content, saved_at=row.saved_at)


def drop_drafts(tx: Transaction, drafts: list[str]) -> list[str]:
    """Delete drafts; the ids of the field keys that sealed them, to be destroyed after the commit."""
    rows = models.Draft.objects.using(tx.alias).filter(id__in=drafts)
    keys = list(rows.values_list("field_key", flat=True))
    rows.delete()
    return keys


def every_draft(tx: Transaction, authority: str) -> Iterator[tuple[str, str, bytes]]:
    """Id, kind and content of every draft of an authority, for an erasure that must look into them."""
    for row in models.Draft.objects.using(tx.alias).filter(authority=authority).order_by("id"):
        opened = _opened(tx, row)
        if opened is not None:
            yield row.id, row.kind, opened.content


def outlived(tx: Transaction, before: datetime, kind: str | None = None) -> list[tuple[str, str]]:
    """Id and kind of drafts that nobody touched since a moment."""
    rows = models.Draft.objects.using(tx.alias).filter(saved_at__lt=before)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return list(rows.order_by("id").values_list("id", "kind"))


def drafts_of_leavers(tx: Transaction) -> list[tuple[str, str]]:
    """Id and kind of drafts whose officers no longer have access."""
    active = models.Officer.objects.using(tx.alias).filter(active=True).values("id")
    rows = models.Draft.objects.using(tx.alias).exclude(officer__in=active)
    return list(rows.order_by("id").values_list("id", "kind"))
