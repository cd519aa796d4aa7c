"""Feedback in the store: what became of what an authority gave, from its own contributions, notices and releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Q

from alidade.ledger.entry import decode
from alidade.policy.terms import Terms
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.rights import terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAtOnce:
    """A contribution of one's own: its head, and the import that it belongs to (empty where it was given by hand)."""

    number: int
    contribution: str
    title: str
    given_at: datetime
    officer: str
    state: str
    state_reason: str
    run: str
    source_list: str
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """One time that a check of others met a record of this contribution, and what its authority ruled last."""

    contribution: str
    record: str
    thing: str
    source_key: str
    asker: str
    purpose: str
    asked_at: datetime
    silent: bool
    content: bool
    ruling: str | None
    reason: str | None
    ruled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedTo:
    """A release of a handling under which something of the contribution stands."""

    release: str
    grantee: str
    action: str
    purposes: tuple[str, ...]
    given_at: datetime
    until: str | None
    revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """An export of another authority that held records of one's own."""

    authority: str
    at: datetime
    purpose: str
    records: tuple[str, ...]


def handlings_of_owner(tx: Transaction, owner: str) -> list[tuple[int, Terms]]:
    """Every handling that an authority has given under, with its number."""
    rows = models.Handling.objects.using(tx.alias).filter(owner=owner).order_by("id")
    return [(row.id, terms_of(row)) for row in rows]


def given_by(tx: Transaction, owner: str, *, newest: int, contribution: str | None = None) -> list[GivenAtOnce]:
    """The contributions of an authority, newest first; only the one named where one is."""
    rows = models.Contribution.objects.using(tx.alias).filter(owner=owner).select_related("run")
    if contribution is not None:
        rows = rows.filter(public_id=contribution)
    return [
        GivenAtOnce(
            number=row.id,
            contribution=row.public_id,
            title=row.title,
            given_at=_moment(row.given_at),
            officer=row.officer,
            state=row.state,
            state_reason=row.state_reason,
            run="" if row.run is None else row.run.id,
            source_list="" if row.run is None else row.run.source_list,
            file_name="" if row.run is None else row.run.file_name,
        )
        for row in rows.order_by("-id")[:newest]
    ]


def _moment(text: str) -> datetime:
    """A moment as the signed head of a contribution has it; UTC where it names no zone."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


def records_in(tx: Transaction, contribution: int, handlings: Set[int]) -> int:
    """How many records a contribution says something of under these handlings."""
    rows = models.Statement.objects.using(tx.alias).filter(contribution_id=contribution, handling_id__in=handlings)
    return int(rows.aggregate(count=Count("record_id", distinct=True))["count"])


def whole_within(tx: Transaction, contribution: int, handlings: Set[int]) -> bool:
    """Whether all of a contribution stands under these handlings."""
    rows = models.Statement.objects.using(tx.alias).filter(contribution_id=contribution)
    return not rows.exclude(handling_id__in=handlings).exists()


def met_of(tx: Transaction, owner: str, given: Sequence[GivenAtOnce], handlings: Set[int]) -> Iterator[Met]:
    """Every notice on a record of these contributions since it was given, with the last ruling on it."""
    notices = models.Notice.objects.using(tx.alias).filter(owner=owner)
    noticed: dict[int, list[models.Notice]] = {}
    for notice in notices.select_related("made", "record").order_by("-made_id", "record_id"):
        noticed.setdefault(notice.record_id, []).append(notice)
    if not noticed:
        return
    hits = {(hit.made_id, hit.record_id): hit for hit in _hits_on(tx, list(noticed))}
    rulings = _last_rulings(tx, [hit.id for hit in hits.values()])
    for one in given:
        statements = models.Statement.objects.using(tx.alias).filter(
            contribution_id=one.number, handling_id__in=handlings
        )
        for record in statements.values_list("record_id", flat=True).distinct().order_by("record_id"):
            for notice in noticed.get(record, ()):
                if notice.made.asked_at >= one.given_at:
                    hit = hits.get((notice.made_id, record))
                    yield _met(one.contribution, notice, hit, rulings.get(hit.id) if hit is not None else None)


def _met(contribution: str, notice: models.Notice, hit: models.CheckHit | None, ruling: models.Verdict | None) -> Met:
    return Met(
        contribution=contribution,
        record=notice.record.public_id,
        thing=notice.record.thing,
        source_key=notice.record.source_key,
        asker=notice.made.authority,
        purpose=notice.made.purpose,
        asked_at=notice.made.asked_at,
        silent=notice.silent,
        content=hit is not None and hit.content,
        ruling=None if ruling is None else ruling.ruling,
        reason=None if ruling is None else ruling.reason,
        ruled_at=None if ruling is None else ruling.ruled_at,
    )


def _hits_on(tx: Transaction, records: Sequence[int]) -> Iterator[models.CheckHit]:
    for start in range(0, len(records), 400):
        yield from models.CheckHit.objects.using(tx.alias).filter(record_id__in=records[start : start + 400])


def _last_rulings(tx: Transaction, hits: Sequence[int]) -> dict[int, models.Verdict]:
    found: dict[int, models.Verdict] = {}
    for start in range(0, len(hits), 400):
        rows = models.Verdict.objects.using(tx.alias).filter(hit_id__in=hits[start : start + 400])
        found.update({row.hit_id: row for row in rows.order_by("id")})
    return found


def releases_of(tx: Transaction, contribution: int, handlings: Set[int]) -> list[ReleasedTo]:
    """The releases that widen what stands in a contribution under these handlings, oldest first."""
    statements = models.Statement.objects.using(tx.alias).filter(
        contribution_id=contribution, handling_id__in=handlings
    )
    used = statements.values_list("handling_id", flat=True).distinct()
    rows = models.Release.objects.using(tx.alias).filter(handling_id__in=list(used))
    return [
        ReleasedTo(
            release=row.id,
            grantee=row.grantee,
            action=row.action,
            purposes=tuple(row.purposes),
            given_at=row.given_at,
            until=row.until,
            revoked=row.revoked,
        )
        for row in rows.order_by("given_at", "id")
    ]


def record_ids(tx: Transaction, contribution: int, handlings: Set[int]) -> set[str]:
    """The public ids of the records of a contribution under these handlings."""
    rows = models.Statement.objects.using(tx.alias).filter(contribution_id=contribution, handling_id__in=handlings)
    return set(rows.values_list("record__public_id", flat=True).distinct())


def taken_out(tx: Transaction, owner: str, since: datetime) -> Iterator[TakenOut]:
    """The exports of other authorities since a moment, from the ledger, oldest first."""
    rows = models.LedgerEntry.objects.using(tx.alias).filter(act="export", body__isnull=False)
    rows = rows.exclude(authority=owner).filter(at__gte=since.isoformat())
    for row in rows.order_by("sequence").iterator(chunk_size=500):
        body = tx.store.keys.unseal(bytes(row.body or b""), row.field_key, f"ledger/{row.sequence}")
        entry = None if body is None else decode(body)
        if entry is not None and entry.decision == "allowed" and entry.results:
            yield TakenOut(
                authority=entry.authority, at=entry.at, purpose=entry.purpose or "", records=tuple(entry.objects)
            )


def last_look(tx: Transaction, authority: str, act: str) -> datetime | None:
    """When an authority did this last, by the heads of its ledger entries."""
    rows = models.LedgerEntry.objects.using(tx.alias).filter(authority=authority, act=act)
    found = rows.order_by("-sequence").values_list("at", flat=True).first()
    return None if found is None else datetime.fromisoformat(found)


def news_since(tx: Transaction, owner: str, since: datetime | None, handlings: Set[int]) -> int:
    """How many times others have met or ruled on what an authority gave, since a moment."""
    notices = models.Notice.objects.using(tx.alias).filter(owner=owner)
    cleared = Q(record__statement__handling_id__in=handlings)
    rulings = models.Verdict.objects.using(tx.alias).filter(hit__record__owner=owner).exclude(authority=owner)
    rulings = rulings.filter(hit__record__statement__handling_id__in=handlings)
    notices = notices.filter(cleared)
    if since is not None:
        notices, rulings = notices.filter(made__asked_at__gt=since), rulings.filter(ruled_at__gt=since)
    return notices.distinct().count() + rulings.distinct().count()
