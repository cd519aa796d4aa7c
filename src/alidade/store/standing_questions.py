"""Standing questions in the store: whose they are, until when, how far the tables went when they were asked last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.rights import epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStandingQuestion:
    """A standing question as it stands. `grounds` is None where its key is gone."""

    number: int
    reference: str
    piece: str
    authority: str
    officer: str
    grounds: bytes | None
    made_at: datetime
    until: str
    ended_at: datetime | None
    asked_at: datetime | None
    asked_with: str


def keep_standing_question(
    tx: Transaction, *, piece: str, authority: str, officer: str, grounds: bytes, until: str
) -> str:
    """Let a kept question be asked again until a day; the reference of that."""
    reference, ((key_id, key),) = tx.new_id(), tx.store.keys.new_field_keys(1)
    models.StandingQuestion.objects.using(tx.alias).create(
        reference=reference, piece=piece, authority=authority, officer=officer,
        grounds=tx.store.keys.seal(grounds, key, f"standing-question/{reference}"), field_key=key_id, made_at=tx.now,
        until=until,
    )  # fmt: skip
    return reference


def standing_questions_of(tx: Transaction, officer: str) -> list[KeptStandingQuestion]:
    """The officer's own, newest first."""
    rows = models.StandingQuestion.objects.using(tx.alias).filter(officer=officer)
    return [_opened(tx, row) for row in rows.order_by("-id")]


def standing_question_with(tx: Transaction, officer: str, reference: str) -> KeptStandingQuestion | None:
    """The officer's own with this reference; None for another's and for none."""
    row = models.StandingQuestion.objects.using(tx.alias).filter(officer=officer, reference=reference).first()
    return None if row is None else _opened(tx, row)


def due_questions(tx: Transaction, before: datetime) -> list[KeptStandingQuestion]:
    """Those in force today that were not asked since a moment, and since when the tables or the rights changed."""
    rows = models.StandingQuestion.objects.using(tx.alias).filter(
        ended_at__isnull=True, until__gte=tx.now.date().isoformat()
    )
    mark = tables_now(tx)
    due = (
        row for row in rows.order_by("id") if row.asked_with != mark and (not row.asked_at or row.asked_at <= before)
    )
    return [_opened(tx, row) for row in due]


def tables_now(tx: Transaction) -> str:
    """How far the tables and the rights go: unchanged, a question has the answer that it had."""
    newest = models.Statement.objects.using(tx.alias).aggregate(newest=Max("id"))["newest"]
    entry = models.Judgement.objects.using(tx.alias).aggregate(newest=Max("ruled_at"))["newest"]
    ended = models.Judgement.objects.using(tx.alias).aggregate(newest=Max("revoked_at"))["newest"]
    times = [0 if each is None else int(each.timestamp()) for each in (entry, ended)]
    return f"{epoch(tx)}/{newest or 0}/{times[0]}/{times[1]}"[:64]


def note_question_asked(tx: Transaction, number: int) -> None:
    """Note when it was last asked."""
    models.StandingQuestion.objects.using(tx.alias).filter(id=number).update(asked_at=tx.now, asked_with=tables_now(tx))


def end_standing_question(tx: Transaction, number: int) -> None:
    """End it: it is not asked again."""
    models.StandingQuestion.objects.using(tx.alias).filter(id=number).update(ended_at=tx.now)


def told_things(tx: Transaction, number: int) -> dict[str, bool]:
    """The records of which its officer was told, in the order of telling, and whether he has seen it."""
    rows = models.StandingAnswer.objects.using(tx.alias).filter(standing_id=number)
    return dict(rows.order_by("id").values_list("record", "seen"))


def tell_things(tx: Transaction, number: int, records: Sequence[str], *, seen: bool) -> None:
    """Note that its officer is told of these."""
    models.StandingAnswer.objects.using(tx.alias).bulk_create(
        [models.StandingAnswer(standing_id=number, record=each, told_at=tx.now, seen=seen) for each in records]
    )


def count_news(tx: Transaction, officer: str) -> int:
    """How many things the officer's standing questions have told of that he has not looked at."""
    return models.StandingAnswer.objects.using(tx.alias).filter(standing__officer=officer, seen=False).count()


def mark_things_seen(tx: Transaction, number: int) -> None:
    """Note that what was told has been shown."""
    models.StandingAnswer.objects.using(tx.alias).filter(standing_id=number, seen=False).update(seen=True)


def _opened(tx: Transaction, row: models.StandingQuestion) -> KeptStandingQuestion:
    place = f"standing-question/{row.reference}"
    return KeptStandingQuestion(
        number=row.id, reference=row.reference, piece=row.piece, authority=row.authority, officer=row.officer,
        grounds=tx.store.keys.unseal(bytes(row.grounds), row.field_key, place), made_at=row.made_at, until=row.until,
        ended_at=row.ended_at, asked_at=row.asked_at, asked_with=row.asked_with,
    )  # fmt: skip
