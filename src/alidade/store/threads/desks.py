"""Desks in the store: an authority's threads sorted by what expires first, and who has which on his desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.models.threads import NEVER
from alidade.store.threads.kept import Desk, KeptThread, _kept, desk_of
from alidade.store.threads.party_view import as_party

Folder = Literal["mine", "unit", "unassigned", "urgent", "all", "awaited", "copies", "closed"]
_OPEN = ("todo", "awaited", "quiet")
MOST_COUNTED = 10_000  # threads that are over; one more stands for all beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Whose lists: the officer, those for whom he stands in, his unit, and the classifications he is cleared for."""

    authority: AuthorityId
    officers: tuple[str, ...]
    unit: str
    classifications: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thread of a list."""

    thread: KeptThread
    desk: Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many threads each list holds."""

    mine: int
    unit: int
    unassigned: int
    urgent: int
    todo: int
    awaited: int
    copies: int
    closed: int
    overdue: int
    today: int = 0


def page(
    tx: Transaction, looker: Looker, folder: Folder, *, size: int, after: tuple[datetime, int] | None = None
) -> list[Line]:
    """A page of a list: what expires first first, then by thread; `after` is where the page before ended.

    What is closed expires no more: there the newest thread comes first.
    """
    column = "awaited_at" if folder == "awaited" else "due_at"
    back = folder == "closed"
    order, beyond = ((f"-{column}", "-thread_id"), "lt") if back else ((column, "thread_id"), "gt")
    with as_party(tx, looker.authority):
        rows = _rows(tx, looker, folder)
        if after is not None:
            moment, thread = after
            further = Q(**{f"{column}__{beyond}": moment}) | Q(**{column: moment, f"thread_id__{beyond}": thread})
            rows = rows.filter(further)
        chosen = list(rows.order_by(*order)[:size])
        numbers = [row.thread_id for row in chosen]
        threads = {row.id: row for row in models.Thread.objects.using(tx.alias).filter(id__in=numbers)}
    return [Line(thread=_kept(tx, threads[row.thread_id]), desk=desk_of(row)) for row in chosen]


def place_of(line: Line, folder: Folder) -> tuple[datetime, int]:
    """Where a page ends that ends with this line."""
    moment = line.desk.awaited_at if folder == "awaited" else line.desk.due_at
    return (moment or NEVER, line.thread.number)


def _own(tx: Transaction, looker: Looker) -> QuerySet[models.ThreadParty]:
    rows = models.ThreadParty.objects.using(tx.alias).filter(authority=looker.authority)
    return rows.filter(classification__in=looker.classifications)


def _rows(tx: Transaction, looker: Looker, folder: Folder) -> QuerySet[models.ThreadParty]:
    rows = _own(tx, looker)
    match folder:
        case "mine":
            return rows.filter(officer__in=looker.officers, folder__in=_OPEN)
        case "unit":
            return rows.filter(unit=looker.unit, folder="todo")
        case "unassigned":
            return rows.filter(officer="", folder="todo")
        case "urgent":
            return rows.filter(urgent=True, folder="todo")
        case "all":
            return rows.filter(folder="todo")
        case "awaited":
            return rows.filter(folder="awaited")
        case "copies":
            return rows.filter(folder="quiet")
        case "closed":
            return rows.filter(folder="closed")


def counts(tx: Transaction, looker: Looker, tonight: datetime | None = None) -> Counts:
    """How many each list holds; `today` what is due before `tonight`."""
    todo = Q(folder="todo")
    with as_party(tx, looker.authority):
        # What is over outweighs all else by far: it is counted alone, and no further than anybody reads the number.
        closed = _rows(tx, looker, "closed")[: MOST_COUNTED + 1].count()
        found: dict[str, Any] = (
            _own(tx, looker)
            .filter(folder__in=_OPEN)
            .aggregate(
                mine=Count("folder", filter=Q(officer__in=looker.officers, folder__in=_OPEN)),
                unit=Count("folder", filter=todo & Q(unit=looker.unit)),
                unassigned=Count("folder", filter=todo & Q(officer="")),
                urgent=Count("folder", filter=todo & Q(urgent=True)),
                todo=Count("folder", filter=todo),
                awaited=Count("folder", filter=Q(folder="awaited")),
                copies=Count("folder", filter=Q(folder="quiet")),
                overdue=Count("folder", filter=todo & Q(due_at__lt=tx.now)),
                today=Count("folder", filter=todo & Q(due_at__gte=tx.now, due_at__lte=tonight or tx.now)),
            )
        )
    return Counts(closed=closed, **found)


def all_of(
    tx: Transaction, looker: Looker, *, procedure: str = "", other: str = "", start: int = 0, size: int = 500
) -> list[Line]:
    """The threads of an authority, newest first, of one procedure and with one other party where these are given."""
    with as_party(tx, looker.authority):
        rows = _own(tx, looker).select_related("thread")
        if procedure:
            rows = rows.filter(thread__procedure=procedure)
        found = list(rows.order_by("-thread_id")[start : start + size])
    return [
        Line(thread=_kept(tx, row.thread), desk=desk_of(row))
        for row in found
        if not other or other in row.thread.parties
    ]


def opened_between(
    tx: Transaction, authority: AuthorityId, procedure: str, since: datetime, before: datetime
) -> list[KeptThread]:
    """The threads of a procedure to which an authority is a party and that were opened in a period."""
    with as_party(tx, authority):
        rows = models.Thread.objects.using(tx.alias).filter(
            procedure=procedure, opened_at__gte=since, opened_at__lt=before
        )
        found = list(rows.order_by("id"))
    return [_kept(tx, row) for row in found]


def load_of(tx: Transaction, authority: AuthorityId) -> dict[str, tuple[int, int]]:
    """For each officer with open threads on his desk ("" for nobody): how many, and how many of them are overdue."""
    with as_party(tx, authority):
        rows = (
            models.ThreadParty.objects.using(tx.alias)
            .filter(authority=authority, folder="todo")
            .values("officer")
            .annotate(many=Count("id"), late=Count("id", filter=Q(due_at__lt=tx.now)))
        )
        return {row["officer"]: (row["many"], row["late"]) for row in rows}


# -- assignment ----


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAssignment:
    """Who had a thread on his desk, from when to when, and by whose word."""

    officer: str
    unit: str
    how: str
    by: str
    at: datetime
    ended_at: datetime | None


def assign(tx: Transaction, thread: int, authority: AuthorityId, *, officer: str, unit: str, how: str, by: str) -> None:
    """Put a thread on a desk; who had it before is noted."""
    rows = models.ThreadAssignment.objects.using(tx.alias)
    rows.filter(thread_id=thread, authority=authority, ended_at=None).update(ended_at=tx.now)
    rows.create(thread_id=thread, authority=authority, officer=officer, unit=unit, how=how, by=by, at=tx.now)
    models.ThreadParty.objects.using(tx.alias).filter(thread_id=thread, authority=authority).update(
        officer=officer, unit=unit
    )


def assignments_of(tx: Transaction, thread: int, authority: AuthorityId) -> list[KeptAssignment]:
    """The desks on which one's own authority had a thread, oldest first."""
    with as_party(tx, authority):
        rows = list(
            models.ThreadAssignment.objects.using(tx.alias).filter(thread_id=thread, authority=authority).order_by("id")
        )
    return [
        KeptAssignment(officer=row.officer, unit=row.unit, how=row.how, by=row.by, at=row.at, ended_at=row.ended_at)
        for row in rows
    ]


def held_by(tx: Transaction, authority: AuthorityId, officer: str, classifications: Collection[str]) -> list[int]:
    """The open threads on an officer's desk."""
    rows = models.ThreadParty.objects.using(tx.alias).filter(
        authority=authority, officer=officer, folder__in=_OPEN, classification__in=list(classifications)
    )
    return list(rows.order_by("thread_id").values_list("thread_id", flat=True))


def held_open(tx: Transaction, authority: AuthorityId, officer: str) -> int:
    """How many open threads an officer has on his desk, whatever their classification."""
    rows = models.ThreadParty.objects.using(tx.alias)
    return rows.filter(authority=authority, officer=officer, folder__in=_OPEN).count()


# -- how far officers have read ----


def note_read(tx: Transaction, thread: int, authority: AuthorityId, officer: str, row: int) -> None:
    """Note that an officer has read a thread up to a step."""
    models.ThreadReading.objects.using(tx.alias).update_or_create(
        thread_id=thread,
        officer=officer,
        defaults={"authority": authority, "read_to": row, "read_at": tx.now},
    )


def read_to(tx: Transaction, authority: AuthorityId, officer: str, threads: Iterable[int]) -> dict[int, int]:
    """Up to which step an officer has read each of these threads."""
    wanted: Sequence[int] = list(threads)
    rows = models.ThreadReading.objects.using(tx.alias).filter(authority=authority, officer=officer)
    return dict(rows.filter(thread_id__in=wanted).values_list("thread_id", "read_to"))


# -- what an authority has settled for its threads ----


def desk_rule(tx: Transaction, authority: AuthorityId) -> dict[str, Any]:
    """What an authority has settled; empty where it has settled nothing."""
    found = models.DeskRule.objects.using(tx.alias).filter(authority=authority).values_list("content", flat=True)
    return dict(found.first() or {})


def forget_officer(tx: Transaction, authority: AuthorityId, officer: str) -> None:
    """Take an officer who leaves out of what is settled: his address outside, and his place on the duty desk."""
    rule = desk_rule(tx, authority)
    addresses, on_duty = dict(rule.get("addresses") or {}), list(rule.get("duty_officers") or ())
    if officer in addresses or officer in on_duty:
        addresses.pop(officer, None)
        kept = [each for each in on_duty if each != officer]
        set_desk_rule(tx, authority, {**rule, "addresses": addresses, "duty_officers": kept})


def set_desk_rule(tx: Transaction, authority: AuthorityId, content: dict[str, Any]) -> None:
    """Put what an authority settles in place of what it had."""
    models.DeskRule.objects.using(tx.alias).update_or_create(authority=authority, defaults={"content": content})
