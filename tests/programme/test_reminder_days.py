"""Days on which a round reminds, and how far a delegation has come."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from alidade.programme.delegation import Delegation, Moved, Share, history, stage
from alidade.programme.reminding import Reminder, due_today, reminder_days
from alidade.programme.rounds import Question, Round

REFERENCE = "5f0c2a9be17d4438a6d0f1c27be94a13"
ROUND = Round(
    title={"en": "Follow-up"},
    questions=(Question(key="1", text={"en": "?"}),),
    opens=dt.date(2026, 6, 16),
    cut_off=dt.date(2026, 7, 1),
    reminders=(0, 20, 3, 14),
)
NOW = dt.datetime(2026, 6, 20, tzinfo=dt.UTC)


def told(days: int | None, authority: str = "a") -> Reminder:
    return Reminder(round=REFERENCE, authority=authority, on=dt.date(2026, 6, 20), days=days)


def test_no_day_lies_before_the_opening() -> None:
    assert reminder_days(ROUND) == [dt.date(2026, 6, 17), dt.date(2026, 6, 28), dt.date(2026, 7, 1)]
    assert reminder_days(msgspec.structs.replace(ROUND, reminders=())) == []


@pytest.mark.parametrize(
    ("day", "known", "due"),
    [
        (16, [], None),
        (17, [], 14),
        (20, [told(14)], None),
        (20, [told(14, "b")], 14),
        (20, [told(None)], 14),
        (28, [told(14)], 3),
        (29, [], 3),
        (30, [told(3)], None),
    ],
)
def test_each_is_told_once_for_each_day(day: int, known: list[Reminder], due: int | None) -> None:
    assert due_today(ROUND, "a", known, dt.date(2026, 6, day)) == due


def test_after_the_cut_off_and_the_end_nobody_is_told() -> None:
    assert due_today(ROUND, "a", [], dt.date(2026, 7, 1)) == 0
    assert due_today(ROUND, "a", [], dt.date(2026, 7, 2)) is None
    closed = msgspec.structs.replace(ROUND, closed_on=dt.date(2026, 6, 25))
    assert due_today(closed, "a", [], dt.date(2026, 6, 28)) is None


def test_a_return_counts_until_the_share_changes() -> None:
    asked = Delegation(round=REFERENCE, to="b", questions=("1",), history=(Moved(at=NOW, what="asked"),))
    share = Share(delegation=REFERENCE, round=REFERENCE)
    whole = msgspec.structs.replace(share, handed_in=True, history=(Moved(at=NOW, what="handed_in", version=1),))
    back = msgspec.structs.replace(asked, history=(*asked.history, Moved(at=NOW, what="returned", version=1)))
    assert (stage(asked, None), stage(asked, share, 1), stage(asked, whole, 1)) == ("asked", "begun", "handed_in")
    assert (stage(back, whole, 1), stage(back, share, 2), stage(back, whole, 2)) == ("returned", "begun", "handed_in")
    assert [step.what for step in history(back, whole)] == ["asked", "handed_in", "returned"]
