"""Steps in the store: each signed, its words sealed under a key of its own, its frame under the thread's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.threads.kept import KeptThread


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStep:
    """A step as it was kept. `content` are its canonical bytes, None once erased; `frame` what stays then."""

    row: int
    author: AuthorityId
    number: int
    code: str
    stored_at: datetime
    digest: str
    key_id: str
    signature: bytes
    content: bytes | None
    frame: bytes | None
    standing: str


def add_step(
    tx: Transaction,
    thread: KeptThread,
    *,
    author: AuthorityId,
    number: int,
    code: str,
    digest: str,
    key_id: str,
    signature: bytes,
    content: bytes,
    frame: bytes,
) -> int:
    """Keep a step; its row. The caller has seen to it that the author has no other step of this number."""
    ((field_key, key),) = tx.store.keys.new_field_keys(1)
    frame_key = tx.store.keys.field_key(thread.frame_key)
    place = _place(thread.reference, author, number)
    row = models.ThreadStep.objects.using(tx.alias).create(
        thread_id=thread.number,
        author=author,
        number=number,
        code=code,
        stored_at=tx.now,
        digest=digest,
        key_id=key_id,
        signature=signature,
        content=tx.store.keys.seal(content, key, place),
        frame=None if frame_key is None else tx.store.keys.seal(frame, frame_key, f"frame/{place}"),
        field_key=field_key,
    )
    return row.id


def steps_of(tx: Transaction, thread: KeptThread) -> list[KeptStep]:
    """Every step of a thread, in the order in which they came here. The caller has found the thread for its party."""
    rows = models.ThreadStep.objects.using(tx.alias).filter(thread_id=thread.number).order_by("id")
    return [_kept(tx, thread, row) for row in rows]


def digest_of_step(tx: Transaction, thread: int, author: str, number: int) -> str | None:
    """The digest under which a step is kept; None where it is not here."""
    rows = models.ThreadStep.objects.using(tx.alias).filter(thread_id=thread, author=author, number=number)
    return rows.values_list("digest", flat=True).first()


def set_standings(tx: Transaction, standings: Mapping[int, str]) -> None:
    """Note which steps took effect, by row."""
    for standing in sorted(set(standings.values())):
        rows = [row for row, found in standings.items() if found == standing]
        models.ThreadStep.objects.using(tx.alias).filter(id__in=rows).exclude(standing=standing).update(
            standing=standing
        )


def newest_steps(tx: Transaction, threads: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Row and author of the steps of these threads that somebody wrote (no receipts), oldest first."""
    found: dict[int, list[tuple[int, str]]] = {}
    rows = models.ThreadStep.objects.using(tx.alias).filter(thread_id__in=list(threads))
    rows = rows.exclude(code__in=("received", "read")).order_by("id")
    for thread, row, author in rows.values_list("thread_id", "id", "author"):
        found.setdefault(thread, []).append((row, author))
    return found


def _place(reference: str, author: str, number: int) -> str:
    return f"thread_step/{reference}/{author}/{number}"


def _kept(tx: Transaction, thread: KeptThread, row: models.ThreadStep) -> KeptStep:
    place = _place(thread.reference, row.author, row.number)
    keys = tx.store.keys
    content = None if row.content is None else keys.unseal(bytes(row.content), row.field_key, place)
    frame = None
    if content is None and row.frame is not None:
        frame = keys.unseal(bytes(row.frame), thread.frame_key, f"frame/{place}")
    return KeptStep(
        row=row.id,
        author=AuthorityId(row.author),
        number=row.number,
        code=row.code,
        stored_at=row.stored_at,
        digest=row.digest,
        key_id=row.key_id,
        signature=bytes(row.signature),
        content=content,
        frame=frame,
        standing=row.standing,
    )
