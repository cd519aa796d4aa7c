"""Notes of one authority alone on a thread, and the news that something waits; the words of a note lie sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.threads.party_view import as_party


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNote:
    """An internal note."""

    id: str
    officer: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNews:
    """That something waits for an officer (empty: for the duty desk of the authority)."""

    row: int
    thread: int
    reference: str
    authority: AuthorityId
    officer: str
    kind: str
    urgent: bool
    at: datetime
    tries: int


def add_note(tx: Transaction, thread: int, authority: AuthorityId, officer: str, text: str) -> str:
    """Keep a note; its id."""
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    note = tx.new_id()
    models.ThreadNote.objects.using(tx.alias).create(
        id=note,
        thread_id=thread,
        authority=authority,
        officer=officer,
        content=tx.store.keys.seal(text.encode(), key, _place(note)),
        field_key=key_id,
        at=tx.now,
    )
    return note


def notes_of(tx: Transaction, thread: int, authority: AuthorityId) -> list[KeptNote]:
    """The notes of one's own authority on a thread, oldest first; those that were erased are left out."""
    with as_party(tx, authority):
        rows = list(
            models.ThreadNote.objects.using(tx.alias).filter(thread_id=thread, authority=authority).order_by("at", "id")
        )
    found = []
    for row in rows:
        plain = tx.store.keys.unseal(bytes(row.content), row.field_key, _place(row.id))
        if plain is not None:
            found.append(KeptNote(id=row.id, officer=row.officer, at=row.at, text=plain.decode()))
    return found


def add_news(tx: Transaction, thread: int, authority: AuthorityId, officer: str, kind: str, mark: str) -> bool:
    """Note that something waits; whether it was not known yet. `mark` says of what: it is told once."""
    _, made = models.ThreadNews.objects.using(tx.alias).get_or_create(
        thread_id=thread,
        authority=authority,
        kind=kind,
        mark=mark,
        defaults={"officer": officer, "at": tx.now},
    )
    return made


def unsent_news(tx: Transaction, most: int, tries: int) -> list[KeptNews]:
    """News that nobody was told of outside yet, oldest first; what failed so often is left."""
    rows = models.ThreadNews.objects.using(tx.alias).select_related("thread")
    rows = rows.filter(sent_at=None, seen=False, tries__lt=tries).order_by("id")[:most]
    return [
        KeptNews(
            row=row.id,
            thread=row.thread_id,
            reference=row.thread.reference,
            authority=AuthorityId(row.authority),
            officer=row.officer,
            kind=row.kind,
            urgent=row.thread.urgent,
            at=row.at,
            tries=row.tries,
        )
        for row in rows
    ]


def note_sent(tx: Transaction, rows: list[int]) -> None:
    """Note that these were told."""
    models.ThreadNews.objects.using(tx.alias).filter(id__in=rows).update(sent_at=tx.now)


def note_tried(tx: Transaction, rows: list[int]) -> None:
    """Note that telling these failed once more."""
    for row in models.ThreadNews.objects.using(tx.alias).filter(id__in=rows):
        row.tries += 1
        row.save(using=tx.alias, update_fields=["tries"])


def mark_seen(tx: Transaction, thread: int, authority: AuthorityId, officer: str) -> None:
    """Note that the news of a thread were seen by the officer whose they are, or at the duty desk."""
    models.ThreadNews.objects.using(tx.alias).filter(
        thread_id=thread, authority=authority, officer__in=("", officer), seen=False
    ).update(seen=True)


def unseen_news(tx: Transaction, authority: AuthorityId, officer: str) -> int:
    """How many news wait for an officer."""
    rows = models.ThreadNews.objects.using(tx.alias).filter(authority=authority, officer=officer, seen=False)
    return rows.count()


def _place(note: str) -> str:
    return f"thread_note/{note}"
