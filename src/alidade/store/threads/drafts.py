"""Drafts of steps in the store: what is being written, what waits for approval, what was returned. Sealed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStepDraft:
    """A draft as it lies: `content` is what its officer wrote, with the remark of who returned it."""

    id: str
    thread: int | None
    reference: str
    officer: str
    unit: str
    procedure: str
    code: str
    classification: str
    state: str
    urgent: bool
    content: bytes
    saved_at: datetime
    asked_at: datetime | None
    looked_by: str


def keep_draft(
    tx: Transaction,
    authority: AuthorityId,
    officer: str,
    *,
    draft: str,
    thread: int | None,
    unit: str,
    procedure: str,
    code: str,
    classification: str,
    state: str,
    urgent: bool,
    content: bytes,
    looked_by: str = "",
) -> str:
    """Keep a draft, in place of the one with this id; its id."""
    draft_id = draft or tx.new_id()
    models.ThreadDraft.objects.using(tx.alias).filter(id=draft_id, authority=authority).delete()
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    models.ThreadDraft.objects.using(tx.alias).create(
        id=draft_id,
        thread_id=thread,
        authority=authority,
        officer=officer,
        unit=unit,
        procedure=procedure,
        code=code,
        classification=classification,
        state=state,
        urgent=urgent,
        content=tx.store.keys.seal(content, key, _place(draft_id)),
        field_key=key_id,
        saved_at=tx.now,
        asked_at=tx.now if state == "waiting" else None,
        looked_by=looked_by,
    )
    return draft_id


def draft_with_id(
    tx: Transaction, authority: AuthorityId, draft: str, classifications: Collection[str]
) -> KeptStepDraft | None:
    """A draft of this authority; None for another's and for none."""
    rows = models.ThreadDraft.objects.using(tx.alias).select_related("thread")
    row = rows.filter(id=draft, authority=authority, classification__in=list(classifications)).first()
    return None if row is None else _opened(tx, row)


def drafts_of(
    tx: Transaction, authority: AuthorityId, classifications: Collection[str], *, thread: int | None = None
) -> list[KeptStepDraft]:
    """The drafts of an authority, oldest first; of one thread where it is given."""
    rows = models.ThreadDraft.objects.using(tx.alias).select_related("thread")
    rows = rows.filter(authority=authority, classification__in=list(classifications))
    if thread is not None:
        rows = rows.filter(thread_id=thread)
    found = (_opened(tx, row) for row in rows.order_by("saved_at", "id"))
    return [draft for draft in found if draft is not None]


def drop_drafts(tx: Transaction, drafts: Sequence[str]) -> list[str]:
    """Delete drafts; the field keys that sealed them."""
    rows = models.ThreadDraft.objects.using(tx.alias).filter(id__in=list(drafts))
    keys = list(rows.values_list("field_key", flat=True))
    rows.delete()
    return keys


def give_drafts(tx: Transaction, authority: AuthorityId, officer: str, colleague: str) -> int:
    """Hand the drafts of one officer to another; how many."""
    rows = models.ThreadDraft.objects.using(tx.alias).filter(authority=authority, officer=officer)
    return rows.update(officer=colleague)


def _place(draft: str) -> str:
    return f"thread_draft/{draft}"


def _opened(tx: Transaction, row: models.ThreadDraft) -> KeptStepDraft | None:
    content = tx.store.keys.unseal(bytes(row.content), row.field_key, _place(row.id))
    if content is None:
        return None
    return KeptStepDraft(
        id=row.id,
        thread=row.thread_id,
        reference="" if row.thread is None else row.thread.reference,
        officer=row.officer,
        unit=row.unit,
        procedure=row.procedure,
        code=row.code,
        classification=row.classification,
        state=row.state,
        urgent=row.urgent,
        content=content,
        saved_at=row.saved_at,
        asked_at=row.asked_at,
        looked_by=row.looked_by,
    )
