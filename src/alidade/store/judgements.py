"""Judgements in the store: kept sealed, confirmed, revoked with their reason, erased with a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from django.db.models import Max, Q

from alidade.model.errors import NotFound
from alidade.model.judgement import Judgement, Ruling
from alidade.store import models
from alidade.store.database import Store, Transaction
from alidade.store.judgement_content import JudgementContent, bound_to, judgement_content
from alidade.store.seen_rulings import note_rulings
from alidade.store.writing import record_number

__all__ = [
    "KeptJudgement",
    "OwnRules",
    "confirm_judgement",
    "forget_judgements",
    "keep_judgement",
    "keep_rules",
    "newest_statement",
    "own_judgement",
    "own_judgements",
    "replace_judgements",
    "revoke_judgement",
    "rules_of",
    "seal_earlier",
]

State = Literal["waiting", "in_force", "revoked"]
_BATCH = 400
_SHORTEST = 3  # a shorter value may be anybody's


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptJudgement:
    """A judgement of one's own authority, in whatever state, under the digest of its handling."""

    id: str
    left: str
    right: str
    ruling: Ruling
    reason: str
    evidence: tuple[str, ...]
    authority: str
    officer: str
    handling: str
    ruled_at: datetime
    state: State
    confirmed_by: str
    confirmed_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None
    revoked_because: str
    replaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRules:
    """How an authority judges. `accepts`: whose judgements join records for its viewers; None: all they may see."""

    four_eyes: bool = False
    accepts: tuple[str, ...] | None = None


def keep_judgement(
    tx: Transaction, judgement: Judgement, handling: int, *, evidence: Sequence[str] = (), waiting: bool = False
) -> None:
    """Keep a ruling between two records, what it says sealed with a key of its own."""
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    content = JudgementContent(reason=judgement.reason, evidence=tuple(evidence))
    models.Judgement.objects.using(tx.alias).create(
        id=judgement.id,
        left_id=record_number(judgement.left),
        right_id=record_number(judgement.right),
        ruling=judgement.ruling,
        content=tx.store.keys.seal(msgspec.json.encode(content), key, bound_to(judgement.id)),
        field_key=key_id,
        authority=judgement.authority,
        officer=judgement.officer,
        handling_id=handling,
        ruled_at=tx.now,
        statements_to=newest_statement(tx),
        waiting=waiting,
    )
    note_rulings(tx, [judgement.id])


def newest_statement(tx: Transaction) -> int:
    """The number of the newest statement: what is new to a judgement has a higher one."""
    return int(models.Statement.objects.using(tx.alias).aggregate(last=Max("id"))["last"] or 0)


def own_judgements(
    tx: Transaction, authority: str, state: State, *, by_pair: tuple[str, str] | None = None
) -> list[KeptJudgement]:
    """The judgements of an authority in a state, newest first; of one pair of records where it is given."""
    rows = models.Judgement.objects.using(tx.alias).filter(authority=authority, revoked=state == "revoked")
    if state != "revoked":
        rows = rows.filter(waiting=state == "waiting")
    if by_pair is not None:
        left, right = (record_number(record) for record in by_pair)
        rows = rows.filter(Q(left_id=left, right_id=right) | Q(left_id=right, right_id=left))
    return [_kept(tx, row) for row in rows.select_related("left", "right", "handling").order_by("-ruled_at", "id")]


def own_judgement(tx: Transaction, authority: str, judgement: str) -> KeptJudgement:
    """One judgement of an authority, in whatever state. Raises NotFound."""
    rows = models.Judgement.objects.using(tx.alias).filter(id=judgement, authority=authority)
    row = rows.select_related("left", "right", "handling").first()
    if row is None:
        raise NotFound("Your authority has no judgement with this reference.")
    return _kept(tx, row)


def _kept(tx: Transaction, row: models.Judgement) -> KeptJudgement:
    said = judgement_content(tx.store.keys, row.id, row.reason, row.content, row.field_key)
    return KeptJudgement(
        id=row.id,
        left=row.left.public_id,
        right=row.right.public_id,
        ruling=row.ruling,  # type: ignore[arg-type]  # nothing else is kept
        reason=said.reason,
        evidence=said.evidence,
        authority=row.authority,
        officer=row.officer,
        handling=row.handling.digest,
        ruled_at=row.ruled_at,
        state="revoked" if row.revoked else "waiting" if row.waiting else "in_force",
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        revoked_by=row.revoked_by,
        revoked_at=row.revoked_at,
        revoked_because=said.revoked_because,
        replaced_by=row.replaced_by,
    )


def confirm_judgement(tx: Transaction, authority: str, judgement: str, officer: str) -> None:
    """Put a judgement that waited into force. Raises NotFound."""
    rows = models.Judgement.objects.using(tx.alias).filter(
        id=judgement, authority=authority, waiting=True, revoked=False
    )
    if not rows.update(waiting=False, confirmed_by=officer, confirmed_at=tx.now):
        raise NotFound("Your authority has no judgement with this reference that waits.")
    note_rulings(tx, [judgement])


def revoke_judgement(tx: Transaction, authority: str, judgement: str, officer: str, because: str) -> None:
    """Take back a ruling of one's own authority, also one that waits; the records are apart again. Raises NotFound."""
    rows = models.Judgement.objects.using(tx.alias).filter(id=judgement, authority=authority, revoked=False)
    row = rows.first()
    if row is None:
        raise NotFound("Your authority has no judgement with this reference in force.")
    _revoke(tx, row, officer, because)


def replace_judgements(
    tx: Transaction, authority: str, judgements: Iterable[str], by: str, officer: str, because: str = ""
) -> None:
    """Take back earlier rulings of one's own authority because the same two records were ruled on anew."""
    rows = models.Judgement.objects.using(tx.alias).filter(id__in=list(judgements), authority=authority, revoked=False)
    for row in rows.exclude(id=by):
        row.replaced_by = by
        _revoke(tx, row, officer, because)


def _revoke(tx: Transaction, row: models.Judgement, officer: str, because: str) -> None:
    said = judgement_content(tx.store.keys, row.id, row.reason, row.content, row.field_key)
    _seal(tx, row, msgspec.structs.replace(said, revoked_because=because))
    row.revoked, row.revoked_by, row.revoked_at = True, officer, tx.now
    row.save(using=tx.alias)
    note_rulings(tx, [row.id])


def _seal(tx: Transaction, row: models.Judgement, said: JudgementContent) -> None:
    key = tx.store.keys.field_key(row.field_key) if row.field_key else None
    if key is None:
        ((row.field_key, key),) = tx.store.keys.new_field_keys(1)
    row.content = tx.store.keys.seal(msgspec.json.encode(said), key, bound_to(row.id))
    row.reason = ""


def forget_judgements(tx: Transaction, record: str | None, authority: str, values: Iterable[str]) -> list[str]:
    """Erase what judgements say with an erased record; the ids of the field keys to destroy.

    With a record, every judgement about it goes, whoever made it: it is revoked, and says nothing any more. In the
    others of `authority` what is said goes where it holds one of the erased values; the ruling stays.
    """
    gone: list[str] = []
    rows = models.Judgement.objects.using(tx.alias)
    if record is not None:
        number = record_number(record)
        gone += [_forgotten(tx, row, end=True) for row in rows.filter(Q(left_id=number) | Q(right_id=number))]
    wanted = [value.casefold() for value in values if len(value) >= _SHORTEST]
    if wanted:
        for row in rows.filter(authority=authority).exclude(content=None, reason=""):
            said = judgement_content(tx.store.keys, row.id, row.reason, row.content, row.field_key)
            text = f"{said.reason}\n{said.revoked_because}".casefold()
            if any(value in text for value in wanted):
                gone.append(_forgotten(tx, row, end=False))
    return [key for key in gone if key]


def _forgotten(tx: Transaction, row: models.Judgement, *, end: bool) -> str:
    key = row.field_key if row.content is not None else ""
    row.content, row.reason = None, ""
    if end and not row.revoked:
        row.revoked, row.revoked_at = True, tx.now
    row.save(using=tx.alias)
    note_rulings(tx, [row.id])
    return key


def seal_earlier(store: Store) -> None:
    """Seal what judgements say that were made before that was done."""
    with store.transaction() as tx:
        for row in models.Judgement.objects.using(tx.alias).filter(content=None).exclude(reason=""):
            _seal(tx, row, JudgementContent(reason=row.reason))
            row.save(using=tx.alias)


def rules_of(tx: Transaction, authority: str) -> OwnRules:
    """How an authority judges; without a word of its own: one officer, and everybody's judgements."""
    row = models.JudgingRule.objects.using(tx.alias).filter(authority=authority).first()
    if row is None:
        return OwnRules()
    return OwnRules(four_eyes=row.four_eyes, accepts=None if row.accepts is None else tuple(row.accepts))


def keep_rules(tx: Transaction, authority: str, rules: OwnRules) -> None:
    """Keep how an authority judges."""
    models.JudgingRule.objects.using(tx.alias).update_or_create(
        authority=authority,
        defaults={
            "four_eyes": rules.four_eyes,
            "accepts": None if rules.accepts is None else sorted(set(rules.accepts)),
        },
    )
