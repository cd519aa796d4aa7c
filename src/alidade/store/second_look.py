"""Second looks in the store: which checks were drawn, what was found, and what was written about it, sealed.

What is written is sealed with the key of the check's own question: an erasure of the question takes it along, from
backups too.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Count, Exists, OuterRef

from alidade.store import models
from alidade.store.database import Transaction

_BATCH = 400


class Remark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one officer wrote about a check that was looked at, and when (UTC, ISO 8601)."""

    by: str
    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A check that was drawn, and how far its second look has come; without its question."""

    reference: str
    check: str
    officer: str
    purpose: str
    legal_ground: str
    asked_at: datetime
    drawn_by: str
    drawn_at: datetime
    finding: str
    looked_by: str
    looked_at: datetime | None
    erased: bool


def population(tx: Transaction, authority: str, since: str, until: str, zone: str) -> list[tuple[str, str]]:
    """The checks (reference, officer) of a period, both days included, that were neither drawn nor erased."""
    where = ZoneInfo(zone)
    first = datetime.combine(Day.fromisoformat(since), time(), tzinfo=where)
    end = datetime.combine(Day.fromisoformat(until) + timedelta(days=1), time(), tzinfo=where)
    drawn = models.SecondLook.objects.using(tx.alias).filter(made_id=OuterRef("pk"))
    rows = models.Check.objects.using(tx.alias).filter(
        authority=authority, asked_at__gte=first, asked_at__lt=end, question__isnull=False
    )
    return list(rows.filter(~Exists(drawn)).order_by("reference").values_list("reference", "officer"))


def keep_draw(tx: Transaction, authority: str, officer: str, checks: Sequence[str]) -> None:
    """Keep that these checks were drawn; each can be drawn once."""
    for start in range(0, len(checks), _BATCH):
        part = checks[start : start + _BATCH]
        numbers = models.Check.objects.using(tx.alias).filter(authority=authority, reference__in=part)
        models.SecondLook.objects.using(tx.alias).bulk_create(
            [
                models.SecondLook(
                    reference=tx.new_id(), made_id=number, authority=authority, drawn_by=officer, drawn_at=tx.now
                )
                for number in numbers.order_by("reference").values_list("id", flat=True)
            ]
        )


def counts(tx: Transaction, authority: str) -> dict[str, int]:
    """How many second looks of an authority have come to which finding."""
    rows = models.SecondLook.objects.using(tx.alias).filter(authority=authority)
    return dict(rows.values_list("finding").annotate(Count("id")).order_by())


def drawn_checks(
    tx: Transaction, authority: str, start: int, size: int, *, finding: str | None = None, officer: str | None = None
) -> tuple[list[Drawn], int]:
    """The checks drawn, newest draw first, and how many; of one finding, or about one officer's checks, if asked."""
    rows = models.SecondLook.objects.using(tx.alias).filter(authority=authority).select_related("made")
    if finding is not None:
        rows = rows.filter(finding=finding)
    if officer is not None:
        rows = rows.filter(made__officer=officer)
    page = rows.order_by("-drawn_at", "made__officer", "reference")[start : start + size]
    return [_drawn(row) for row in page], rows.count()


def drawn_check(tx: Transaction, authority: str, reference: str) -> tuple[Drawn, tuple[Remark, ...]] | None:
    """One check that was drawn, with what was written about it; None where the authority has none such."""
    row = (
        models.SecondLook.objects.using(tx.alias)
        .filter(authority=authority, reference=reference)
        .select_related("made")
        .first()
    )
    return None if row is None else (_drawn(row), _remarks(tx, row))


def keep_finding(tx: Transaction, reference: str, finding: str, remark: Remark, *, looked: bool) -> None:
    """Note a finding, or an explanation, and add what was written. `looked`: it was the reviewer who wrote."""
    rows = models.SecondLook.objects.using(tx.alias).all()
    row = rows.select_related("made").get(reference=reference)
    remarks = (*_remarks(tx, row), remark)
    rows = rows.filter(id=row.id)
    rows.update(finding=finding)
    key = tx.store.keys.field_key(row.made.field_key)
    if key is not None:  # with the question, its key is gone: nothing can be written about it any more
        sealed = tx.store.keys.seal(msgspec.json.encode(remarks), key, f"second_look/{reference}")
        rows.update(note=b64encode(sealed).decode())
    if looked:
        rows.update(looked_by=remark.by, looked_at=tx.now)


def _remarks(tx: Transaction, row: models.SecondLook) -> tuple[Remark, ...]:
    if not row.note:
        return ()
    text = tx.store.keys.unseal(b64decode(row.note), row.made.field_key, f"second_look/{row.reference}")
    return () if text is None else msgspec.json.decode(text, type=tuple[Remark, ...])


def _drawn(row: models.SecondLook) -> Drawn:
    return Drawn(
        reference=row.reference,
        check=row.made.reference,
        officer=row.made.officer,
        purpose=row.made.purpose,
        legal_ground=row.made.legal_ground,
        asked_at=row.made.asked_at,
        drawn_by=row.drawn_by,
        drawn_at=row.drawn_at,
        finding=row.finding,
        looked_by=row.looked_by,
        looked_at=row.looked_at,
        erased=row.made.question is None,
    )
