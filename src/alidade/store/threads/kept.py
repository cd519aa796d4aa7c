"""Threads and their desks: the rows that all parties share, and what each authority here has made of its part."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.models.threads import NEVER
from alidade.store.threads.party_view import as_party


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptThread:
    """A thread as all its parties know it. `head` is the opened title, case and handling; None once erased."""

    number: int
    reference: str
    procedure: str
    version: int
    opener: AuthorityId
    parties: Mapping[AuthorityId, str]
    classification: str
    urgent: bool
    state: str
    final: bool
    head: bytes | None
    opened_at: datetime
    moved_at: datetime
    closed_at: datetime | None
    frame_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one authority of this node has of a thread: whose work it is there, and what expires first."""

    authority: AuthorityId
    role: str
    folder: str
    turn: bool
    due_at: datetime | None
    awaited_at: datetime | None
    officer: str
    unit: str


def add_thread(
    tx: Transaction,
    *,
    reference: str,
    procedure: str,
    version: int,
    opener: AuthorityId,
    parties: Mapping[AuthorityId, str],
    classification: str,
    state: str,
    head: bytes,
) -> KeptThread:
    """Keep a new thread, its head sealed under a key of its own."""
    (head_id, head_key), (frame_id, _) = tx.store.keys.new_field_keys(2)
    row = models.Thread.objects.using(tx.alias).create(
        reference=reference,
        procedure=procedure,
        version=version,
        opener=opener,
        parties=dict(parties),
        classification=classification,
        state=state,
        head=tx.store.keys.seal(head, head_key, _place(reference)),
        field_key=head_id,
        frame_key=frame_id,
        opened_at=tx.now,
        moved_at=tx.now,
    )
    return _kept(tx, row)


def thread_with_reference(tx: Transaction, reference: str) -> KeptThread | None:
    """The thread with this reference, whoever its parties are: for the node's own work, never for an answer."""
    row = models.Thread.objects.using(tx.alias).filter(reference=reference).first()
    return None if row is None else _kept(tx, row)


def thread_with_number(tx: Transaction, number: int) -> KeptThread:
    """The thread of a row that is at hand: for the node's own work."""
    return _kept(tx, models.Thread.objects.using(tx.alias).get(id=number))


def threads_with_numbers(tx: Transaction, numbers: Collection[int]) -> dict[int, KeptThread]:
    """The threads of rows that are at hand, in one look: for the node's own work."""
    return {row.id: _kept(tx, row) for row in models.Thread.objects.using(tx.alias).filter(id__in=list(numbers))}


def thread_of_party(
    tx: Transaction, authority: AuthorityId, reference: str, classifications: Collection[str]
) -> tuple[KeptThread, Desk] | None:
    """A thread to which this authority is a party, within these classifications; None for another and for none."""
    with as_party(tx, authority):
        desk = (
            models.ThreadParty.objects.using(tx.alias)
            .select_related("thread")
            .filter(thread__reference=reference, authority=authority, classification__in=list(classifications))
            .first()
        )
    return None if desk is None else (_kept(tx, desk.thread), desk_of(desk))


def set_course(
    tx: Transaction,
    number: int,
    *,
    state: str,
    final: bool,
    urgent: bool,
    parties: Mapping[AuthorityId, str],
) -> None:
    """Put where a thread stands in place of where it stood."""
    rows = models.Thread.objects.using(tx.alias).filter(id=number)
    closed = Coalesce(F("closed_at"), Value(tx.now)) if final else None
    rows.update(state=state, final=final, urgent=urgent, parties=dict(parties), moved_at=tx.now, closed_at=closed)


def add_desk(
    tx: Transaction, number: int, authority: AuthorityId, role: str, classification: str, *, unit: str = ""
) -> bool:
    """Give an authority of this node its desk in a thread; whether it had none yet."""
    _, made = models.ThreadParty.objects.using(tx.alias).get_or_create(
        thread_id=number,
        authority=authority,
        defaults={"role": role, "classification": classification, "unit": unit},
    )
    return made


def set_desk(
    tx: Transaction,
    number: int,
    authority: AuthorityId,
    *,
    folder: str,
    urgent: bool,
    turn: bool,
    due_at: datetime | None,
    awaited_at: datetime | None,
) -> None:
    """Put what lists are sorted by in place of what it was."""
    models.ThreadParty.objects.using(tx.alias).filter(thread_id=number, authority=authority).update(
        folder=folder, urgent=urgent, turn=turn, due_at=due_at or NEVER, awaited_at=awaited_at or NEVER
    )


def desks_of(tx: Transaction, number: int) -> list[Desk]:
    """The desks of the authorities of this node in a thread: for the node's own work."""
    rows = models.ThreadParty.objects.using(tx.alias).filter(thread_id=number).order_by("authority")
    return [desk_of(row) for row in rows]


def desk_of(row: models.ThreadParty) -> Desk:
    """The desk of a row."""
    return Desk(
        authority=AuthorityId(row.authority),
        role=row.role,
        folder=row.folder,
        turn=row.turn,
        due_at=moment(row.due_at),
        awaited_at=moment(row.awaited_at),
        officer=row.officer,
        unit=row.unit,
    )


def moment(kept: datetime) -> datetime | None:
    """A moment as lists keep it: what never comes is none."""
    return None if kept.year >= NEVER.year else kept


def _place(reference: str) -> str:
    return f"thread/{reference}"


def head_of(tx: Transaction, row: models.Thread) -> bytes | None:
    """The title, case and handling of a thread; None once they were erased."""
    if row.head is None:
        return None
    return tx.store.keys.unseal(bytes(row.head), row.field_key, _place(row.reference))


def _kept(tx: Transaction, row: models.Thread) -> KeptThread:
    return KeptThread(
        number=row.id,
        reference=row.reference,
        procedure=row.procedure,
        version=row.version,
        opener=AuthorityId(row.opener),
        parties={AuthorityId(key): role for key, role in row.parties.items()},
        classification=row.classification,
        urgent=row.urgent,
        state=row.state,
        final=row.final,
        head=head_of(tx, row),
        opened_at=row.opened_at,
        moved_at=row.moved_at,
        closed_at=row.closed_at,
        frame_key=row.frame_key,
    )
