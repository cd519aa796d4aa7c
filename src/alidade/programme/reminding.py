"""Reminders: on which days before the cut-off those who have not answered are told, each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta

from alidade.programme.register import Record
from alidade.programme.rounds import Round

__all__ = ["Reminder", "due_today", "reminder_days"]

Outside = Literal["waiting", "sent", "nowhere", "elsewhere"]


class Reminder(Record, frozen=True, kw_only=True):
    """That an authority was told that a round waits for its answer.

    `days` is the day of the round, counted before the cut-off, for which it was made; None: somebody pressed. `outside`
    tells whether word went out of the application: waiting, sent, nowhere (no address is settled), or elsewhere (no
    officer of the authority is on this node, so that nobody was told here).
    """

    round: Annotated[str, Meta(min_length=32, max_length=32)]
    authority: Annotated[str, Meta(min_length=1, max_length=64)]
    on: dt.date
    days: int | None = None
    outside: Outside = "waiting"
    tries: int = 0


def reminder_days(round_: Round) -> list[dt.date]:
    """The days on which a round reminds, in order; none before the day after it opened."""
    days = {round_.cut_off - dt.timedelta(days=days) for days in round_.reminders if days >= 0}
    return sorted(day for day in days if day > round_.opens)


def due_today(round_: Round, authority: str, known: Iterable[Reminder], today: dt.date) -> int | None:
    """How many days before the cut-off the reminder lies that an authority is to have now; None where none is due.

    Of several days that went by while nobody looked, the last one alone; after the cut-off and the end none.
    """
    if round_.closed_on is not None or today > round_.cut_off:
        return None
    reached = [day for day in reminder_days(round_) if day <= today]
    if not reached:
        return None
    days = (round_.cut_off - reached[-1]).days
    told = [each.days for each in known if each.authority == authority and each.days is not None]
    return None if any(each <= days for each in told) else days
