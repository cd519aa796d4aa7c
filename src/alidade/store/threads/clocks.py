"""Clocks of threads in the store: as they stood when last looked at, and when to look again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.models.threads import NEVER
from alidade.store.threads.party_view import as_party


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """One clock of one thread: which of the procedure, which of the law, who owes it, and how it stands.

    `look_at`: when its phase, or whether somebody is to be warned, can next change without anybody's doing.
    `paused_*`: who took which step, and when, that holds it up or announced that it will be late.
    """

    use: str
    clock: str
    owed_by: AuthorityId
    phase: str
    open: bool
    due_at: datetime | None
    ended_at: datetime | None
    met: bool | None
    look_at: datetime | None
    paused_by: str = ""
    paused_step: str = ""
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedClock:
    """An open clock that another party owes, with the thread it runs in."""

    thread: int
    reference: str
    clock: ClockRow


def put_clocks(tx: Transaction, thread: int, clocks: Iterable[ClockRow]) -> None:
    """Put the clocks of a thread in place of those kept. What stands as it did is not written."""
    rows = models.ThreadClock.objects.using(tx.alias)
    wanted = {(each.use, each.owed_by): each for each in clocks}
    fresh = dict(wanted)
    for row in rows.filter(thread_id=thread):
        each = fresh.pop((row.use, AuthorityId(row.owed_by)), None)
        if each is None:
            row.delete(using=tx.alias)
        elif _clock(row) != each:
            for name, value in _columns(each).items():
                setattr(row, name, value)
            row.save(using=tx.alias)
    if fresh:
        rows.bulk_create(
            models.ThreadClock(thread_id=thread, use=use, owed_by=owed_by, **_columns(each))
            for (use, owed_by), each in fresh.items()
        )


def _columns(each: ClockRow) -> dict[str, Any]:
    return {
        "clock": each.clock,
        "phase": each.phase,
        "open": each.open,
        "due_at": each.due_at,
        "ended_at": each.ended_at,
        "met": each.met,
        "look_at": each.look_at or NEVER,
        "paused_by": each.paused_by,
        "paused_step": each.paused_step,
        "paused_at": each.paused_at,
    }


def clocks_of(tx: Transaction, thread: int) -> list[ClockRow]:
    """The clocks of a thread, what expires first first."""
    rows = models.ThreadClock.objects.using(tx.alias).filter(thread_id=thread)
    return sorted((_clock(row) for row in rows), key=lambda each: (each.due_at or NEVER, each.use, each.owed_by))


def clocks_of_threads(tx: Transaction, threads: Collection[int]) -> dict[int, list[ClockRow]]:
    """The clocks of several threads, in one look."""
    found: dict[int, list[ClockRow]] = {}
    for row in models.ThreadClock.objects.using(tx.alias).filter(thread_id__in=list(threads)).order_by("id"):
        found.setdefault(row.thread_id, []).append(_clock(row))
    return found


def threads_to_look_at(tx: Transaction, most: int) -> list[int]:
    """The threads of which a clock may have changed its phase by now, earliest first."""
    rows = models.ThreadClock.objects.using(tx.alias).filter(look_at__lte=tx.now).order_by("look_at")
    return list(dict.fromkeys(rows.values_list("thread_id", flat=True)[: most * 4]))[:most]


def awaited_by(tx: Transaction, authority: AuthorityId, classifications: Collection[str], most: int) -> list[OwedClock]:
    """What others owe in the threads of this authority, what expires first first."""
    with as_party(tx, authority):
        rows = (
            models.ThreadClock.objects.using(tx.alias)
            .select_related("thread")
            .filter(open=True, thread__final=False, thread__classification__in=list(classifications))
            .exclude(owed_by=authority)
            .order_by("due_at", "id")[:most]
        )
        return [
            OwedClock(thread=row.thread_id, reference=row.thread.reference, clock=_clock(row)) for row in list(rows)
        ]


def _clock(row: models.ThreadClock) -> ClockRow:
    return ClockRow(
        use=row.use,
        clock=row.clock,
        owed_by=AuthorityId(row.owed_by),
        phase=row.phase,
        open=row.open,
        due_at=row.due_at,
        ended_at=row.ended_at,
        met=row.met,
        look_at=None if row.look_at.year >= NEVER.year else row.look_at,
        paused_by=row.paused_by,
        paused_step=row.paused_step,
        paused_at=row.paused_at,
    )
