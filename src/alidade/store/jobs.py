"""Jobs in the store: long work that waits, runs and ends; its order and its result lie sealed with a key of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alidade.store import models
from alidade.store.database import Transaction

OPEN = ("waiting", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptJob:
    """A job as it stands: `order` is None once it has ended, `result` until then."""

    id: str
    authority: str
    officer: str
    kind: str
    state: str
    cancel: bool
    done: int
    total: int | None
    order: bytes | None
    result: bytes | None
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def add_job(tx: Transaction, *, authority: str, officer: str, kind: str, order: bytes, total: int | None) -> str:
    """Put work into the queue; its id."""
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    job = tx.new_id()
    models.Job.objects.using(tx.alias).create(
        id=job,
        authority=authority,
        officer=officer,
        kind=kind,
        order=tx.store.keys.seal(order, key, f"job/{job}/order"),
        field_key=key_id,
        total=total,
        made_at=tx.now,
    )
    return job


def job_of(tx: Transaction, authority: str, officer: str, job: str) -> KeptJob | None:
    """The officer's own job with this id; None for another's and for none."""
    row = models.Job.objects.using(tx.alias).filter(id=job, authority=authority, officer=officer).first()
    return None if row is None else _opened(tx, row)


def jobs_of(tx: Transaction, authority: str, officer: str) -> list[KeptJob]:
    """The officer's own jobs, newest first."""
    rows = models.Job.objects.using(tx.alias).filter(authority=authority, officer=officer)
    return [_opened(tx, row) for row in rows.order_by("-made_at", "id")]


def jobs_of_kind(tx: Transaction, kind: str) -> list[KeptJob]:
    """Every job of a kind, of whomever: for an erasure that must look into them."""
    return [_opened(tx, row) for row in models.Job.objects.using(tx.alias).filter(kind=kind).order_by("id")]


def open_jobs(tx: Transaction, authority: str | None = None) -> list[KeptJob]:
    """What waits or runs, in the order in which it was asked for."""
    rows = models.Job.objects.using(tx.alias).filter(state__in=OPEN)
    if authority is not None:
        rows = rows.filter(authority=authority)
    return [_opened(tx, row) for row in rows.order_by("made_at", "id")]


def take_next(tx: Transaction) -> KeptJob | None:
    """Take the oldest waiting job of an authority for which nothing runs, and mark it as running."""
    # All open jobs are locked, so that two workers cannot take two jobs of one authority (no effect on SQLite,
    # where every transaction is alone anyway).
    rows = list(models.Job.objects.using(tx.alias).select_for_update().filter(state__in=OPEN).order_by("made_at", "id"))
    busy = {row.authority for row in rows if row.state == "running"}
    for row in rows:
        if row.state == "waiting" and row.authority not in busy:
            row.state, row.started_at, row.heartbeat_at = "running", tx.now, tx.now
            row.save(using=tx.alias)
            return _opened(tx, row)
    return None


def beat(tx: Transaction, job: str, done: int) -> bool:
    """Note that a job is alive and how far it is; whether it shall stop."""
    rows = models.Job.objects.using(tx.alias).filter(id=job, state="running")
    rows.update(done=done, heartbeat_at=tx.now)
    return bool(rows.values_list("cancel", flat=True).first())


def ask_to_stop(tx: Transaction, job: str) -> None:
    """Ask for the end of a job: at once where it waits, after the portion at hand where it runs."""
    models.Job.objects.using(tx.alias).filter(id=job, state="running").update(cancel=True)
    models.Job.objects.using(tx.alias).filter(id=job, state="waiting").update(
        state="cancelled", cancel=True, order=None, ended_at=tx.now
    )


def end_job(tx: Transaction, job: str, state: str, result: bytes) -> None:
    """Note the end of a job and what came of it; its order is forgotten."""
    row = models.Job.objects.using(tx.alias).get(id=job)
    key = tx.store.keys.field_key(row.field_key)
    row.state, row.order, row.ended_at = state, None, tx.now
    row.result = None if key is None else tx.store.keys.seal(result, key, f"job/{job}/result")
    row.save(using=tx.alias)


def put_back(tx: Transaction, job: str, order: bytes) -> None:
    """Let a job wait again, with a new order: its worker died over it, or an erasure changed what it needs."""
    row = models.Job.objects.using(tx.alias).get(id=job)
    key = tx.store.keys.field_key(row.field_key)
    if key is None:
        return
    row.state, row.heartbeat_at = "waiting", None
    row.order = tx.store.keys.seal(order, key, f"job/{job}/order")
    row.save(using=tx.alias)


def silent_jobs(tx: Transaction, before: datetime) -> list[KeptJob]:
    """Jobs that are said to run but of which nothing was heard since a moment."""
    rows = models.Job.objects.using(tx.alias).filter(state="running", heartbeat_at__lt=before)
    return [_opened(tx, row) for row in rows.order_by("made_at", "id")]


def ended_before(tx: Transaction, before: datetime) -> list[str]:
    """Jobs that ended before a moment."""
    rows = models.Job.objects.using(tx.alias).filter(ended_at__lt=before).exclude(state__in=OPEN)
    return list(rows.order_by("id").values_list("id", flat=True))


def drop_jobs(tx: Transaction, jobs: list[str]) -> list[str]:
    """Delete ended jobs with their results; the ids of their field keys, to be destroyed after the commit."""
    rows = models.Job.objects.using(tx.alias).filter(id__in=jobs).exclude(state__in=OPEN)
    keys = list(rows.values_list("field_key", flat=True))
    rows.delete()
    return keys


def _opened(tx: Transaction, row: models.Job) -> KeptJob:
    keys = tx.store.keys
    order, result = row.order, row.result
    return KeptJob(
        id=row.id,
        authority=row.authority,
        officer=row.officer,
        kind=row.kind,
        state=row.state,
        cancel=row.cancel,
        done=row.done,
        total=row.total,
        order=None if order is None else keys.unseal(bytes(order), row.field_key, f"job/{row.id}/order"),
        result=None if result is None else keys.unseal(bytes(result), row.field_key, f"job/{row.id}/result"),
        made_at=row.made_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
