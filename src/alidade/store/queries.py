"""Queries counted: how many checks an authority made, by officer, purpose, ground, time and answer.

Everything here is of the checks of one authority, and no question is read for it. What a question said lies sealed
beside it and is opened one at a time, by `question_of`, for whoever has stated why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate, TruncWeek

from alidade.ledger.entry import Entry, decode
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.erasing import entries_about_check

Kind = Literal["hit", "hit_without_content", "no_hit"]
Dimension = Literal["officer", "purpose", "legal_ground", "day", "week", "kind"]
_SATURDAY: Final = 6
_LATE_ONES: Final = Count("pk", filter=Q(late=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which checks are meant. Days are ISO, both included, in the time zone `zone` (IANA name).

    `outside` keeps those asked before the hour `opens`, from the hour `closes` on, or at a weekend.
    """

    since: str | None = None
    until: str | None = None
    officer: str | None = None
    purpose: str | None = None
    legal_ground: str | None = None
    kind: str | None = None
    outside: bool = False
    zone: str = "UTC"
    opens: int = 7
    closes: int = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One line of a table of counts: of how many checks each kind of answer came."""

    key: str
    checks: int
    hits: int
    without_content: int
    no_hit: int
    outside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCheck:
    """One check without its question."""

    reference: str
    officer: str
    purpose: str
    legal_ground: str
    asked_at: datetime
    kind: Kind
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCheck:
    """One check with the bytes of its question, None once erased, its answers and what was ruled on each."""

    number: int
    listed: ListedCheck
    question: bytes | None
    field_key: str
    answers: tuple[tuple[str, str | None], ...]


def count_by(
    tx: Transaction, authority: str, wanted: Wanted, by: Dimension, start: int, size: int
) -> tuple[list[Counted], int]:
    """The lines of a table from number `start`, most checks first (days and weeks in their order), and how many."""
    zone = ZoneInfo(wanted.zone)
    rows = _checks(tx, authority, wanted)
    if by == "day":
        rows = rows.annotate(key=TruncDate("asked_at", tzinfo=zone))
    elif by == "week":
        rows = rows.annotate(key=TruncWeek("asked_at", tzinfo=zone))
    grouped: Any = rows.values("key" if by in ("day", "week") else by).annotate(
        checks=Count("pk"),
        hits=_of("hit"),
        without_content=_of("hit_without_content"),
        no_hit=_of("no_hit"),
        late_ones=_LATE_ONES,
    )
    grouped = grouped.order_by("key") if by in ("day", "week") else grouped.order_by("-checks", by)
    name = "key" if by in ("day", "week") else by
    found = [_count(row, _key(row[name])) for row in grouped[start : start + size + 1]]
    # Each pass looks at every check of the period: none more than needed.
    whole = start == 0 and len(found) <= size
    return found[:size], len(found) if whole else grouped.count()


def count_all(tx: Transaction, authority: str, wanted: Wanted) -> Counted:
    """All of it in one line."""
    whole = _checks(tx, authority, wanted).aggregate(
        checks=Count("pk"),
        hits=_of("hit"),
        without_content=_of("hit_without_content"),
        no_hit=_of("no_hit"),
        late_ones=_LATE_ONES,
    )
    return _count(whole, "")


def list_checks(
    tx: Transaction, authority: str, wanted: Wanted, start: int, size: int
) -> tuple[list[ListedCheck], int]:
    """Checks without their questions, newest first, and how many there are."""
    rows = _checks(tx, authority, wanted).order_by("-asked_at", "-id")
    return [_listed(row) for row in rows.defer("question")[start : start + size]], rows.count()


def sealed_check(tx: Transaction, authority: str, reference: str) -> SealedCheck | None:
    """One check of the authority; None where it has none with this reference."""
    row = _checks(tx, authority, Wanted()).filter(reference=reference).first()
    if row is None:
        return None
    hits = models.CheckHit.objects.using(tx.alias).filter(made_id=row.id).order_by("id")
    answers = []
    for hit in hits:
        ruling = models.Verdict.objects.using(tx.alias).filter(hit_id=hit.id).order_by("-id").first()
        answers.append(("hit" if hit.content else "hit_without_content", None if ruling is None else ruling.ruling))
    return SealedCheck(
        number=row.id,
        listed=_listed(row),
        question=None if row.question is None else bytes(row.question),
        field_key=row.field_key,
        answers=tuple(answers),
    )


def question_of(tx: Transaction, check: SealedCheck) -> bytes | None:
    """What was asked, behind its salt; None once it was erased."""
    if check.question is None:
        return None
    return tx.store.keys.unseal(check.question, check.field_key, f"check/{check.listed.reference}")


def entry_of(tx: Transaction, reference: str) -> Entry | None:
    """The ledger entry of a check, with its grounds; None once its body was erased."""
    for sequence in entries_about_check(tx, reference):
        row = models.LedgerEntry.objects.using(tx.alias).get(sequence=sequence)
        body = tx.store.keys.unseal(bytes(row.body or b""), row.field_key, f"ledger/{sequence}")
        if body is not None:
            return decode(body)
    return None


def questions(tx: Transaction, authority: str, wanted: Wanted, most: int) -> Iterator[tuple[ListedCheck, bytes]]:
    """The newest `most` checks with what was asked, for the machine to compare; those erased are left out."""
    rows = _checks(tx, authority, wanted).filter(question__isnull=False).order_by("-asked_at", "-id")
    for row in rows[:most].iterator(chunk_size=500):
        asked = tx.store.keys.unseal(bytes(row.question or b""), row.field_key, f"check/{row.reference}")
        if asked is not None:
            yield _listed(row), asked


def _checks(tx: Transaction, authority: str, wanted: Wanted) -> QuerySet[Any]:
    hits = models.CheckHit.objects.using(tx.alias).filter(made_id=OuterRef("pk"))
    zone = ZoneInfo(wanted.zone)
    rows: QuerySet[Any] = models.Check.objects.using(tx.alias).filter(authority=authority)
    rows = rows.annotate(
        kind=Case(
            When(Exists(hits.filter(content=True)), then=Value("hit")),
            When(Exists(hits), then=Value("hit_without_content")),
            default=Value("no_hit"),
        ),
        gone=Case(When(question__isnull=True, then=Value(True)), default=Value(False)),
        hour=ExtractHour("asked_at", tzinfo=zone),
        weekday=ExtractIsoWeekDay("asked_at", tzinfo=zone),
    ).annotate(
        late=Case(
            When(Q(hour__lt=wanted.opens) | Q(hour__gte=wanted.closes) | Q(weekday__gte=_SATURDAY), then=Value(True)),
            default=Value(False),
        )
    )
    if wanted.since is not None:
        rows = rows.filter(asked_at__gte=_midnight(wanted.since, zone))
    if wanted.until is not None:
        rows = rows.filter(asked_at__lt=_midnight(wanted.until, zone, days=1))
    if wanted.officer is not None:
        rows = rows.filter(officer=wanted.officer)
    if wanted.purpose is not None:
        rows = rows.filter(purpose=wanted.purpose)
    if wanted.legal_ground is not None:
        rows = rows.filter(legal_ground=wanted.legal_ground)
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind)
    return rows.filter(late=True) if wanted.outside else rows


def _midnight(day: str, zone: ZoneInfo, *, days: int = 0) -> datetime:
    return datetime.combine(Day.fromisoformat(day) + timedelta(days=days), time(), tzinfo=zone)


def _of(kind: Kind) -> Count:
    return Count("pk", filter=Q(kind=kind))


def _count(row: dict[str, Any], key: str) -> Counted:
    return Counted(
        key=key,
        checks=row["checks"],
        hits=row["hits"],
        without_content=row["without_content"],
        no_hit=row["no_hit"],
        outside=row["late_ones"],
    )


def _key(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, Day) else str(value)


def _listed(row: Any) -> ListedCheck:
    return ListedCheck(
        reference=row.reference,
        officer=row.officer,
        purpose=row.purpose,
        legal_ground=row.legal_ground,
        asked_at=row.asked_at,
        kind=row.kind,
        erased=row.gone,
    )
