"""Checks in the store: the sealed question, what it met, rulings on it, and notices to owners."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId
from alidade.model.judgement import Verdict
from alidade.model.viewer import Actor, Viewer
from alidade.policy.world import World
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.writing import record_number


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeHit:
    """One hit of a check under the reference by which people speak of it."""

    reference: str
    check_reference: str
    asker: str
    record: str
    owner: str
    content: bool
    officer: str = ""
    asked_at: datetime | None = None
    clearance: str = ""  # under which the check was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCheck:
    """A check of one's own authority as it was asked; `question` is unsealed, with its salt, or None once erased."""

    number: int
    reference: str
    officer: str
    clearance: str
    purpose: str
    asked_at: datetime
    question: bytes | None
    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNotice:
    """What an owner is told: who asked, when, about which of his records."""

    reference: str
    record: str
    source_list: str
    source_key: str
    thing: str
    asker: str
    asker_contact: str
    check: str
    purpose: str
    asked_at: datetime
    silent: bool
    verdict: str | None
    verdict_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCheck:
    """A check as it was asked, for those who must match it again."""

    number: int
    reference: str
    viewer: Viewer
    question: bytes


def keep_check(tx: Transaction, actor: Actor, reference: str, question: bytes, commitment: str) -> int:
    """Keep a question, sealed with a key of its own; its number."""
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    viewer = actor.viewer
    row = models.Check.objects.using(tx.alias).create(
        reference=reference,
        authority=viewer.authority,
        officer=actor.officer,
        clearance=viewer.clearance,
        communities=list(viewer.communities),
        cases=list(viewer.cases),
        purpose=viewer.purpose,
        legal_ground=actor.legal_ground or "",
        asked_at=tx.now,
        question=tx.store.keys.seal(question, key, f"check/{reference}"),
        field_key=key_id,
        commitment=commitment,
    )
    return row.id


def keep_hits(tx: Transaction, check: int, asker: str, hits: Iterable[tuple[str, int, str, bool]]) -> None:
    """Keep the hits (reference, record number, owner, content) and tell every owner but the asker himself."""
    found = list(hits)
    models.CheckHit.objects.using(tx.alias).bulk_create(
        [
            models.CheckHit(reference=reference, made_id=check, record_id=record, content=content)
            for reference, record, _, content in found
        ]
    )
    models.Notice.objects.using(tx.alias).bulk_create(
        [
            models.Notice(reference=tx.new_id(), owner=owner, made_id=check, record_id=record, silent=False)
            for _, record, owner, _ in found
            if owner != asker
        ]
    )


def own_hit(tx: Transaction, authority: str, reference: str) -> MadeHit:
    """A hit of one's own authority's checks. Raises NotFound for any other reference."""
    row = (
        models.CheckHit.objects.using(tx.alias)
        .filter(reference=reference, made__authority=authority)
        .select_related("made", "record")
        .first()
    )
    if row is None:
        raise NotFound("There is no hit with this reference.", remedy="Take the reference from the answer of a check.")
    return _made_hit(row)


def is_own_hit(tx: Transaction, authority: str, reference: str) -> bool:
    """Whether this is the reference of a hit of this authority's checks."""
    rows = models.CheckHit.objects.using(tx.alias)
    return rows.filter(reference=reference, made__authority=authority).exists()


def _made_hit(row: models.CheckHit) -> MadeHit:
    return MadeHit(
        reference=row.reference,
        check_reference=row.made.reference,
        asker=row.made.authority,
        record=row.record.public_id if row.content else "",
        owner=row.record.owner,
        content=row.content,
        officer=row.made.officer,
        asked_at=row.made.asked_at,
        clearance=row.made.clearance,
    )


def made_check(tx: Transaction, authority: str, reference: str) -> MadeCheck | None:
    """A check of this authority with its question; None where there is none or it is another's."""
    row = models.Check.objects.using(tx.alias).filter(reference=reference, authority=authority).first()
    if row is None:
        return None
    question = None
    if row.question is not None:
        question = tx.store.keys.unseal(bytes(row.question), row.field_key, f"check/{row.reference}")
    return MadeCheck(
        number=row.id,
        reference=row.reference,
        officer=row.officer,
        clearance=row.clearance,
        purpose=row.purpose,
        asked_at=row.asked_at,
        question=question,
        commitment=row.commitment,
    )


def checks_by(tx: Transaction, officer: str, newest: int) -> list[tuple[MadeCheck, int, int]]:
    """The newest checks of an officer, each with how many hits it has and on how many somebody has ruled."""
    rows = models.Check.objects.using(tx.alias).filter(officer=officer).order_by("-id")
    counted = rows.annotate(
        hits=Count("checkhit", distinct=True),
        ruled=Count("checkhit", distinct=True, filter=Q(checkhit__verdict__isnull=False)),
    )
    found = []
    for row in counted[:newest]:
        made = made_check(tx, row.authority, row.reference)
        if made is not None:
            found.append((made, row.hits, row.ruled))
    return found


def hits_of_check(tx: Transaction, check: int) -> list[MadeHit]:
    """The hits of a check, in the order of their random references."""
    rows = models.CheckHit.objects.using(tx.alias).filter(made_id=check).select_related("made", "record")
    return [_made_hit(row) for row in rows.order_by("reference")]


def record_of_hit(tx: Transaction, reference: str) -> str:
    """The public id of the record that a hit met, for the library's own comparison; not to be shown as it is."""
    rows = models.CheckHit.objects.using(tx.alias).filter(reference=reference)
    return rows.values_list("record__public_id", flat=True).get()


def verdicts_of_hit(tx: Transaction, reference: str) -> list[tuple[str, str, str, str, datetime]]:
    """Every ruling on one hit, oldest first: (ruling, reason, note, officer, when)."""
    rows = models.Verdict.objects.using(tx.alias).filter(hit__reference=reference)
    return list(rows.order_by("id").values_list("ruling", "reason", "note", "officer", "ruled_at"))


def keep_verdict(tx: Transaction, reference: str, verdict: Verdict) -> None:
    """Keep a ruling on a hit; it supersedes earlier ones and does not remove them."""
    hit = models.CheckHit.objects.using(tx.alias).get(reference=reference)
    models.Verdict.objects.using(tx.alias).create(
        hit=hit,
        ruling=verdict.ruling,
        reason=verdict.reason,
        note=verdict.note,
        authority=verdict.authority,
        officer=verdict.officer,
        ruled_at=tx.now,
    )


def verdicts_on(tx: Transaction, authority: str, record: str) -> list[tuple[str, str, datetime]]:
    """What one's own authority ruled on hits of a record: (ruling, reason, when), oldest first."""
    rows = models.Verdict.objects.using(tx.alias).filter(
        authority=authority, hit__record_id=record_number(record), hit__record__public_id=record
    )
    return list(rows.order_by("id").values_list("ruling", "reason", "ruled_at"))


def hits_on(tx: Transaction, authority: str, records: Collection[str], most: int) -> list[MadeHit]:
    """The hits of one's own authority's checks on these records, newest first."""
    rows = (
        models.CheckHit.objects.using(tx.alias)
        .filter(made__authority=authority, record_id__in=[record_number(record) for record in records])
        .select_related("made", "record")
        .order_by("-id")
    )
    return [_made_hit(row) for row in rows[:most]]


def waiting_hits(tx: Transaction, authority: str) -> list[MadeHit]:
    """Hits of one's own authority on which nobody has ruled yet."""
    rows = (
        models.CheckHit.objects.using(tx.alias)
        .filter(made__authority=authority, verdict__isnull=True)
        .select_related("made", "record")
        .order_by("id")
    )
    return [_made_hit(row) for row in rows]


def checks_to_match(tx: Transaction, owner: AuthorityId, world: World) -> list[PastCheck]:
    """The checks of others that this owner has not yet been told of where they met what he gave in silence."""
    row = models.Authority.objects.using(tx.alias).get(id=owner)
    found: list[PastCheck] = []
    rows = models.Check.objects.using(tx.alias).filter(id__gt=row.silent_checked_to, question__isnull=False)
    for check in rows.exclude(authority=owner).order_by("id"):
        party = world.parties.get(AuthorityId(check.authority))
        question = tx.store.keys.unseal(bytes(check.question or b""), check.field_key, f"check/{check.reference}")
        if party is None or question is None:
            continue
        found.append(
            PastCheck(
                number=check.id,
                reference=check.reference,
                question=question,
                viewer=Viewer(
                    party=party,
                    clearance=check.clearance,
                    purpose=check.purpose,
                    communities=tuple(check.communities),
                    cases=tuple(check.cases),
                ),
            )
        )
    newest = models.Check.objects.using(tx.alias).order_by("-id").values_list("id", flat=True).first() or 0
    models.Authority.objects.using(tx.alias).filter(id=owner).update(silent_checked_to=newest)
    return found


def keep_silent_notices(tx: Transaction, owner: str, met: Iterable[tuple[int, int]]) -> None:
    """Keep notices (check number, record number) that the asker will never hear of."""
    for check, record in met:
        models.Notice.objects.using(tx.alias).get_or_create(
            made_id=check,
            record_id=record,
            defaults={"reference": tx.new_id(), "owner": owner, "silent": True},
        )


def notices_of(
    tx: Transaction, owner: str, *, unseen_only: bool, records: Collection[str] | None = None
) -> list[OpenNotice]:
    """The notices of an owner, of these records or of all, newest first, with the asker's last ruling."""
    rows = models.Notice.objects.using(tx.alias).filter(owner=owner).select_related("made", "record")
    if unseen_only:
        rows = rows.filter(seen=False)
    if records is not None:
        rows = rows.filter(record_id__in=[record_number(record) for record in records])
    contacts = dict(models.Authority.objects.using(tx.alias).values_list("id", "contact"))
    found = []
    for row in rows.order_by("-made_id", "record_id"):
        verdict = (
            models.Verdict.objects.using(tx.alias)
            .filter(hit__made_id=row.made_id, hit__record_id=row.record_id)
            .order_by("-id")
            .first()
        )
        found.append(
            OpenNotice(
                reference=row.reference,
                record=row.record.public_id,
                source_list=row.record.source_list,
                source_key=row.record.source_key,
                thing=row.record.thing,
                asker=row.made.authority,
                asker_contact=contacts.get(row.made.authority, ""),
                check=row.made.reference,
                purpose=row.made.purpose,
                asked_at=row.made.asked_at,
                silent=row.silent,
                verdict=None if verdict is None else verdict.ruling,
                verdict_reason=None if verdict is None else verdict.reason,
            )
        )
    return found


def mark_seen(tx: Transaction, references: Sequence[str]) -> None:
    """Note that these notices were shown."""
    for start in range(0, len(references), 400):
        part = references[start : start + 400]
        models.Notice.objects.using(tx.alias).filter(reference__in=part).update(seen=True)


def check_with_reference(tx: Transaction, authority: str, reference: str) -> models.Check:
    """A check of one's own authority. Raises NotFound."""
    row = models.Check.objects.using(tx.alias).filter(reference=reference, authority=authority).first()
    if row is None:
        raise NotFound("Your authority has made no check with this reference.")
    return row
