"""The calendar: every day that the register knows, what must be ready before, and a feed that other programs read."""

from __future__ import annotations

import datetime as dt

import pytest
from icalendar import Calendar

from alidade.model.errors import Invalid
from alidade.programme.agenda import Meeting, Preparation, check_meeting, happenings, icalendar_feed
from alidade.programme.register import Instrument, Measure
from alidade.programme.rounds import Evaluation, Question, Round

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
TITLE = {"en": "Meeting", "fr": "Réunion"}


def found() -> list:
    meeting = Meeting(
        title=TITLE,
        forum="COSI",
        starts=dt.date(2026, 12, 9),
        ends=dt.date(2026, 12, 10),
        place="Brussels",
        preparations=(
            Preparation(text={"en": "Slides"}, days_before=1),
            Preparation(text={"en": "Report; with, signs"}, days_before=14, owner="Presidency"),
            Preparation(text={"en": "Ready"}, days_before=20, done=True),
        ),
    )
    paper = Instrument(
        number="15571/25",
        kind="action_plan",
        title=TITLE,
        measures=(
            Measure(key="1", title=TITLE, deadline=dt.date(2026, 12, 1)),
            Measure(key="2", title=TITLE, deadline=dt.date(2026, 12, 2)),
            Measure(key="3", title=TITLE),
        ),
    )
    round_ = Round(
        title=TITLE,
        kind="mutual_evaluation",
        questions=(Question(key="1", text=TITLE),),
        opens=dt.date(2026, 1, 1),
        cut_off=dt.date(2026, 2, 1),
        evaluation=Evaluation(state="DNK", visit_from=dt.date(2026, 3, 1), visit_to=dt.date(2026, 3, 5)),
    )
    return happenings({"m": meeting}, {"p": paper}, {"r": round_}, [("p", "2")], "fr")


def test_everything_with_a_day_is_there_in_order() -> None:
    assert [(each.kind, each.starts.isoformat(), each.over) for each in found()] == [
        ("round_opens", "2026-01-01", False),
        ("cut_off", "2026-02-01", False),
        ("visit", "2026-03-01", False),
        ("deadline", "2026-12-01", False),
        ("deadline", "2026-12-02", True),
        ("meeting", "2026-12-09", False),
    ]
    assert found()[-1].title == "COSI: Réunion"
    assert [due.day.isoformat() for due in found()[-1].due] == ["2026-11-19", "2026-11-25", "2026-12-08"]


def test_the_feed_is_read_by_another_reader() -> None:
    feed = icalendar_feed(found(), "Follow-up", NOW, {"meeting": "Réunion"})
    events = Calendar.from_ical(feed).walk("VEVENT")
    assert len({str(event["uid"]) for event in events}) == len(events) == 6
    meeting = events[-1]
    assert str(meeting["summary"]) == "Réunion: COSI: Réunion"
    assert (meeting["dtstart"].dt, meeting["dtend"].dt) == (dt.date(2026, 12, 9), dt.date(2026, 12, 11))
    assert str(meeting["description"]) == "2026-11-25 Report; with, signs Presidency\n2026-12-08 Slides"
    alarmed = {str(event["uid"]) for event in events if event.walk("VALARM")}
    assert alarmed == {"r-cut_off-whole@alidade", "p-deadline-1@alidade"}
    assert all(len(line) <= 75 for line in feed.split(b"\r\n"))


def test_what_lies_long_back_is_left_out() -> None:
    assert len(Calendar.from_ical(icalendar_feed(found(), "x", NOW.replace(year=2028), {})).walk("VEVENT")) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Meeting(title={}, starts=NOW.date()), "no title"),
        (Meeting(title=TITLE, starts=NOW.date(), ends=dt.date(2026, 1, 1)), "ends before"),
        (Meeting(title=TITLE, starts=NOW.date(), preparations=(Preparation(text={}),)), "Preparation 1"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(wrong: Meeting, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        check_meeting(wrong)
