"""Standing checks in the store: the sealed question, until when it is asked, and what was told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q

from alidade.ledger.entry import decode
from alidade.model.viewer import Actor
from alidade.store import erasing, models
from alidade.store.checks import check_with_reference
from alidade.store.database import Transaction

Origin = Literal["standing", "no_hit"]
"""Kept until a day by its officer, or for a while because the check met nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How far the tables went when a question was asked last, and a digest of the handlings that were visible."""

    to: str
    rights: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStanding:
    """A standing check as it was kept. `content` is the sealed question with its justification; None once erased.

    The reference is that of the check with which it began.
    """

    number: int
    reference: str
    authority: str
    officer: str
    purpose: str
    case: str
    legal_ground: str
    content: bytes | None
    made_at: datetime
    until: str
    ended_at: datetime | None
    asked_at: datetime | None
    commitment: str
    check: int  # the number of the check with which it began
    clearance: str  # of the officer who asked first
    origin: Origin = "standing"
    asked_with: str = ""  # the version of the index by which it was asked last
    compared: Compared | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldHit:
    """One record of which the officer of a standing check was told."""

    standing: str
    hit: str
    check: str
    record: str
    owner: str
    content: bool
    told_at: datetime
    seen: bool


def keep_standing(
    tx: Transaction,
    actor: Actor,
    reference: str,
    content: bytes,
    commitment: str,
    until: str,
    *,
    origin: Origin = "standing",
    bucket: int | None = None,
    compared: Compared | None = None,
) -> KeptStanding:
    """Keep a standing check, its question sealed under a field key of its own.

    `bucket` is that of `services.kept_questions.bucket_of`.
    """
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    row = models.StandingCheck.objects.using(tx.alias).create(
        reference=reference,
        authority=actor.viewer.authority,
        officer=actor.officer,
        purpose=actor.viewer.purpose,
        case=actor.case or "",
        legal_ground=actor.legal_ground or "",
        question=tx.store.keys.seal(content, key, _place(reference)),
        field_key=key_id,
        commitment=commitment,
        made_at=tx.now,
        until=until,
        asked_at=tx.now,
        asked_with=tx.store.names.version,
        origin=origin,
        bucket=bucket,
        compared_to="" if compared is None else compared.to,
        compared_rights="" if compared is None else compared.rights,
    )
    return kept_of(tx, [row])[0]


def standing_with_reference(tx: Transaction, authority: str, reference: str) -> KeptStanding | None:
    """The standing check of this authority with this reference; None where there is none or it is another's."""
    row = models.StandingCheck.objects.using(tx.alias).filter(reference=reference, authority=authority).first()
    return None if row is None else kept_of(tx, [row])[0]


def standing_of(tx: Transaction, officers: Iterable[str]) -> list[KeptStanding]:
    """The standing checks of these officers, ended ones included, newest first."""
    rows = models.StandingCheck.objects.using(tx.alias).filter(officer__in=list(officers))
    return kept_of(tx, list(rows.order_by("-id")))


def numbers_of(tx: Transaction, officers: Iterable[str]) -> list[int]:
    """The numbers of the standing checks of these officers and of their earlier checks, ended ones included."""
    rows = models.StandingCheck.objects.using(tx.alias).filter(officer__in=list(officers))
    return list(rows.order_by("-id").values_list("id", flat=True))


def in_force(
    tx: Transaction, *, officer: str | None = None, not_of: str | None = None, asked_before: datetime | None = None
) -> list[KeptStanding]:
    """The standing checks that are to be asked today: of one officer, of all authorities but one, or those that were
    not asked since a moment or were asked by another version of the index of names.

    Earlier checks without a hit are not among them: see `store.earlier`.
    """
    rows = models.StandingCheck.objects.using(tx.alias).filter(
        origin="standing", ended_at__isnull=True, question__isnull=False, until__gte=tx.now.date().isoformat()
    )
    if officer is not None:
        rows = rows.filter(officer=officer)
    if not_of is not None:
        rows = rows.exclude(authority=not_of)
    if asked_before is not None:
        rows = rows.filter(
            Q(asked_at__isnull=True) | Q(asked_at__lte=asked_before) | ~Q(asked_with=tx.store.names.version)
        )
    return kept_of(tx, list(rows.order_by("id")))


def end_standing(tx: Transaction, number: int) -> None:
    """End it: it is not asked again."""
    models.StandingCheck.objects.using(tx.alias).filter(id=number).update(ended_at=tx.now)


def note_asked(tx: Transaction, number: int) -> None:
    """Note when it was last asked."""
    models.StandingCheck.objects.using(tx.alias).filter(id=number).update(
        asked_at=tx.now, asked_with=tx.store.names.version
    )


def told_of(tx: Transaction, number: int) -> set[tuple[int, bool]]:
    """Of which records its officer was told, as (record number, with content)."""
    rows = models.StandingTold.objects.using(tx.alias).filter(standing_id=number)
    return set(rows.values_list("record_id", "content"))


def tell(tx: Transaction, number: int, check: str, *, seen: bool) -> None:
    """Note that its officer is told of every hit of this check."""
    hits = models.CheckHit.objects.using(tx.alias).filter(made__reference=check)
    models.StandingTold.objects.using(tx.alias).bulk_create(
        [
            models.StandingTold(standing_id=number, record_id=hit.record_id, content=hit.content, hit=hit, seen=seen)
            for hit in hits.order_by("id")
        ]
    )


def told_hits(tx: Transaction, numbers: Sequence[int], *, unseen_only: bool) -> list[ToldHit]:
    """What was told of these standing checks, newest first."""
    rows = models.StandingTold.objects.using(tx.alias).filter(standing_id__in=list(numbers))
    if unseen_only:
        rows = rows.filter(seen=False)
    rows = rows.select_related("standing", "record", "hit__made").order_by("-hit__made_id", "hit__reference")
    found = [
        ToldHit(
            standing=row.standing.reference,
            hit=row.hit.reference,
            check=row.hit.made.reference,
            record=row.record.public_id if row.content else "",
            owner=row.record.owner,
            content=row.content,
            told_at=row.hit.made.asked_at,
            seen=row.seen,
        )
        for row in rows
    ]
    # Within one asking: by what is shown, and where that is alike by the random reference.
    made = {check: number for number, check in enumerate(dict.fromkeys(each.check for each in found))}
    return sorted(found, key=lambda each: (made[each.check], not each.content, each.record, each.owner, each.hit))


def mark_told_seen(tx: Transaction, hits: Sequence[str]) -> None:
    """Note that these hits of standing checks were shown."""
    for start in range(0, len(hits), 400):
        part = hits[start : start + 400]
        models.StandingTold.objects.using(tx.alias).filter(hit__reference__in=part).update(seen=True)


def give_to(tx: Transaction, officer: str, colleague: str) -> int:
    """Hand the standing checks that one officer has in force to another, his earlier checks with them; how many.

    The earlier ones are not counted.
    """
    rows = models.StandingCheck.objects.using(tx.alias).filter(
        officer=officer, ended_at__isnull=True, question__isnull=False, until__gte=tx.now.date().isoformat()
    )
    rows.filter(origin="no_hit").update(officer=colleague, bucket=None)  # the bucket was that of the giver
    return rows.filter(origin="standing").update(officer=colleague)


def standing_to_which(tx: Transaction, check: str) -> str | None:
    """The reference of the standing check that a check began, or by which it was made."""
    rows = models.StandingCheck.objects.using(tx.alias)
    row = rows.filter(reference=check).first() or rows.filter(standingtold__hit__made__reference=check).first()
    return None if row is None else row.reference


def checks_of(tx: Transaction, check: str) -> list[str]:
    """The references of every check that asked the question of this one: those of one standing check belong together.

    An erasure of one of them must reach them all.
    """
    began = standing_to_which(tx, check)
    if began is None:
        return [check]
    told = models.StandingTold.objects.using(tx.alias).filter(standing__reference=began)
    return sorted({check, began, *told.values_list("hit__made__reference", flat=True)})


def erase_question(tx: Transaction, authority: str, check: str) -> tuple[list[str], list[str]]:
    """Remove the question of a check of this authority wherever it stands: in the check, in the standing check that
    it belongs to and in the others that this one made, and in the bodies of their ledger entries.

    The references of the checks, and the ids of the field keys to be destroyed. Raises NotFound.
    """
    references = checks_of(tx, check_with_reference(tx, authority, check).reference)
    keys: list[str | None] = []
    for reference in references:
        keys.append(erasing.erase_check(tx, check_with_reference(tx, authority, reference)))
        entries = [*erasing.entries_about_check(tx, reference), *_entries_about(tx, authority, reference)]
        keys.extend(erasing.erase_entry_body(tx, sequence) for sequence in entries)
        row = models.StandingCheck.objects.using(tx.alias).filter(reference=reference).first()
        if row is not None:
            rows = models.StandingCheck.objects.using(tx.alias).filter(id=row.id)
            rows.update(question=None, bucket=None, ended_at=row.ended_at or tx.now)
            keys.append(row.field_key)
    return references, [key for key in keys if key is not None]


def grounds_of_check(tx: Transaction, check: str) -> tuple[str, str, str]:
    """Legal ground, case and justification of a check, from its ledger entry; empty once that was erased."""
    for sequence in erasing.entries_about_check(tx, check):
        row = models.LedgerEntry.objects.using(tx.alias).get(sequence=sequence)
        body = tx.store.keys.unseal(bytes(row.body or b""), row.field_key, f"ledger/{row.sequence}")
        if body is not None:
            entry = decode(body)
            return (entry.legal_ground or "", entry.case or "", entry.justification or "")
    return ("", "", "")


def _entries_about(tx: Transaction, authority: str, standing: str) -> list[int]:
    """The ledger entries of a standing check that was asked and met nothing new."""
    rows = models.LedgerEntry.objects.using(tx.alias).filter(
        authority=authority, act="standing_check", body__isnull=False
    )
    found = []
    for row in rows.iterator(chunk_size=500):
        body = tx.store.keys.unseal(bytes(row.body or b""), row.field_key, f"ledger/{row.sequence}")
        if body is not None and ("standing", standing) in decode(body).details:
            found.append(row.sequence)
    return found


def _place(reference: str) -> str:
    return f"standing/{reference}"


def kept_of(tx: Transaction, rows: Sequence[models.StandingCheck]) -> list[KeptStanding]:
    """Rows as they were kept, their questions unsealed."""
    began: dict[str, models.Check] = {}
    for start in range(0, len(rows), 400):
        references = [row.reference for row in rows[start : start + 400]]
        found = models.Check.objects.using(tx.alias).filter(reference__in=references)
        began.update((check.reference, check) for check in found.only("id", "reference", "clearance"))
    return [_kept(tx, row, began[row.reference]) for row in rows]


def _kept(tx: Transaction, row: models.StandingCheck, began: models.Check) -> KeptStanding:
    content = None
    if row.question is not None:
        content = tx.store.keys.unseal(bytes(row.question), row.field_key, _place(row.reference))
    return KeptStanding(
        number=row.id,
        reference=row.reference,
        authority=row.authority,
        officer=row.officer,
        purpose=row.purpose,
        case=row.case,
        legal_ground=row.legal_ground,
        content=content,
        made_at=row.made_at,
        until=row.until,
        ended_at=row.ended_at,
        asked_at=row.asked_at,
        commitment=row.commitment,
        check=began.id,
        clearance=began.clearance,
        origin=row.origin,  # type: ignore[arg-type]  # one of the two that are written
        asked_with=row.asked_with,
        compared=Compared(to=row.compared_to, rights=row.compared_rights) if row.compared_to else None,
    )
