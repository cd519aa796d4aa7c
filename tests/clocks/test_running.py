from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alidade.clocks import ClockEvent, ClockState, Length, WorkCalendar, load_clocks, rounds_of, state_of
from alidade.clocks.definitions import ClockDefinition
from alidade.model.errors import Invalid

MADRID, BOGOTA = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Bogota")
ES = WorkCalendar.of("ES")
CLOCKS = load_clocks()
POLICE = CLOCKS["police_request_other"]
URGENT = CLOCKS["police_request_urgent_direct"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


def event(kind: str, moment: str, **more: Any) -> ClockEvent:
    if "until" in more:
        more["until"] = at(more["until"])
    return ClockEvent(kind=kind, at=at(moment), **more)  # type: ignore[arg-type]


def state(definition: ClockDefinition | str, now: str, *events: ClockEvent) -> ClockState:
    definition = CLOCKS[definition] if isinstance(definition, str) else definition
    return state_of(definition, events, at(now), zone=MADRID, calendar=ES)


START = event("start", "2026-11-02T10:00")
DUE = at("2026-11-09T10:00")


def test_before_its_start_a_clock_owes_nothing() -> None:
    found = state(POLICE, "2026-11-01T10:00", START)
    assert (found.phase, found.due_at, found.left, found.met, found.open) == ("not_started", None, None, None, False)
    stray = event("stop", "2026-10-30T10:00")
    assert state(POLICE, "2026-11-01T10:00", stray).ignored == (stray,)
    assert state(POLICE, "2026-11-02T10:00", stray, START).ignored == (stray,)


def test_a_running_clock_says_what_is_left_and_when_it_warns() -> None:
    found = state(POLICE, "2026-11-02T11:00", START)
    assert (found.phase, found.due_at, found.met, found.open) == ("running", DUE, None, True)
    assert found.left == timedelta(days=6, hours=23)
    assert found.taken == timedelta(hours=1)
    assert [each.at for each in found.reminders] == [at("2026-11-07T10:00"), at("2026-11-08T10:00")]
    assert not found.warned
    assert found.changes_at == at("2026-11-07T10:00")
    assert found.code == "police_request_other"
    warned = state(POLICE, "2026-11-08T10:00", START)
    assert warned.warned
    assert [each.raised for each in warned.reminders] == [True, True]
    assert warned.changes_at == DUE


@pytest.mark.parametrize(
    ("stop", "phase", "met"),
    [
        ("2026-11-02T10:00", "met", True),
        ("2026-11-09T10:00", "met", True),
        ("2026-11-09T10:01", "late", False),
    ],
)
def test_an_answer_at_the_last_moment_is_in_time_and_after_it_late(stop: str, phase: str, met: bool) -> None:
    found = state(POLICE, "2026-12-01T10:00", START, event("stop", stop))
    assert (found.phase, found.met, found.ended_at, found.left) == (phase, met, at(stop), None)
    assert found.taken == at(stop) - START.at
    assert (found.open, found.warned, found.changes_at) == (False, False, None)


def test_what_nobody_answers_is_missed() -> None:
    assert state(POLICE, "2026-11-09T10:00", START).phase == "running"
    found = state(POLICE, "2026-11-09T10:01", START)
    assert (found.phase, found.met, found.open, found.warned) == ("missed", False, True, False)
    assert found.left == -timedelta(minutes=1)
    assert found.changes_at is None


def test_silence_has_the_meaning_that_the_law_gives_it() -> None:
    sent = event("start", "2026-12-16T09:00")
    found = state("pre_export_reply", "2027-01-12T00:01", sent)
    assert found.phase == "silence"
    assert found.definition.if_missed.label.en == "The export may be authorised"
    assert found.due_at == at("2027-01-12T00:00")
    assert state("pre_export_reply", "2027-01-11T23:59", sent).phase == "running"
    assert state("pre_export_reply", "2027-01-13T00:00", sent, event("stop", "2027-01-12T10:00")).phase == "late"


def test_clarification_suspends_and_the_time_is_added() -> None:
    events = (START, event("suspend", "2026-11-04T10:00"), event("resume", "2026-11-06T16:00"))
    standing = state(POLICE, "2026-11-05T10:00", *events)
    assert (standing.phase, standing.due_at) == ("suspended", at("2026-11-10T10:00"))
    assert (standing.left, standing.changes_at, standing.warned) == (timedelta(days=5), None, False)
    assert state(POLICE, "2026-11-06T10:00", *events).left == timedelta(days=5)
    again = state(POLICE, "2026-11-07T10:00", *events)
    assert (again.phase, again.due_at) == ("running", at("2026-11-11T16:00"))
    assert (again.suspensions, again.suspended_for) == (1, timedelta(days=2, hours=6))
    assert again.taken == timedelta(days=2, hours=18)


def test_several_suspensions_add_up() -> None:
    events = (
        event("start", "2026-11-02T10:00"),
        event("suspend", "2026-11-02T11:00"),
        event("resume", "2026-11-02T13:00"),
        event("suspend", "2026-11-02T15:00"),
        event("suspend", "2026-11-02T15:30"),
        event("resume", "2026-11-03T15:00"),
        event("resume", "2026-11-03T15:30"),
    )
    found = state(URGENT, "2026-11-03T16:00", *events)
    assert found.due_at == at("2026-11-03T20:00")
    assert (found.suspensions, found.suspended_for) == (2, timedelta(hours=26))
    assert found.ignored == (events[4], events[6])


def test_a_clock_that_is_already_late_cannot_be_suspended() -> None:
    late = event("suspend", "2026-11-09T10:00")
    found = state(POLICE, "2026-11-20T10:00", START, late, event("resume", "2026-11-15T10:00"))
    assert (found.phase, found.due_at, found.suspensions) == ("missed", DUE, 0)
    assert found.ignored[0] == late


def test_an_answer_while_suspended_ends_the_clock_in_time() -> None:
    found = state(
        POLICE, "2026-12-01T10:00", START, event("suspend", "2026-11-04T10:00"), event("stop", "2026-11-24T10:00")
    )
    assert (found.phase, found.suspended_for, found.taken) == ("met", timedelta(days=20), timedelta(days=2))


def test_working_days_are_suspended_in_working_days() -> None:
    definition = msgspec.structs.replace(CLOCKS["export_authorisation_decision"], suspendable=True)
    events = (
        event("start", "2026-12-16T09:00"),
        event("suspend", "2026-12-23T09:00"),
        event("resume", "2026-12-28T09:00"),  # Thursday 24 and Monday 28; Friday is Christmas
    )
    assert state(definition, "2027-01-04T09:00", *events).due_at == at("2027-01-14T00:00")


def test_what_the_law_does_not_allow_has_no_effect() -> None:
    start = event("start", "2026-11-02T10:00")
    events = (
        event("suspend", "2026-11-02T11:00"),
        event("overrun", "2026-11-02T12:00", length=Length(unit="hours", count=5), reason="court"),
        event("extend", "2026-11-02T12:00", length=Length(unit="hours", count=5)),
    )
    found = state("sis_located_child", "2026-11-02T13:00", start, *events)
    assert found.ignored == events
    assert found.due_at == at("2026-11-02T22:00")


def overrun(moment: str, **more: Any) -> ClockEvent:
    return event("overrun", moment, **({"reason": "judicial authorisation", "until": "2026-11-20T12:00"} | more))


def test_an_overrun_announced_in_time_is_open_until_the_day_announced() -> None:
    events = (START, overrun("2026-11-08T10:00"))
    found = state(POLICE, "2026-11-08T11:00", *events)
    assert (found.phase, found.due_at, found.expected_at) == ("overrun_announced", DUE, at("2026-11-20T12:00"))
    assert found.overrun
    assert found.warned
    assert state(POLICE, "2026-11-10T11:00", *events).phase == "overrun_announced"
    assert state(POLICE, "2026-11-10T11:00", *events).changes_at == at("2026-11-20T12:00")
    assert state(POLICE, "2026-11-20T12:01", *events).phase == "missed"
    answered = state(POLICE, "2026-12-01T10:00", *events, event("stop", "2026-11-19T10:00"))
    assert (answered.phase, answered.met, answered.overrun) == ("met", True, True)
    assert state(POLICE, "2026-12-01T10:00", *events, event("stop", "2026-11-21T10:00")).phase == "late"


def test_an_overrun_can_be_announced_again_while_it_lasts() -> None:
    more = overrun("2026-11-19T10:00", until="2026-11-27T12:00")
    found = state(POLICE, "2026-11-21T10:00", START, overrun("2026-11-08T10:00"), more)
    assert (found.phase, found.expected_at) == ("overrun_announced", at("2026-11-27T12:00"))


def test_an_overrun_by_length_is_added_to_the_end() -> None:
    notice = overrun("2026-11-08T10:00", until="2026-11-08T10:00")
    notice = ClockEvent(kind="overrun", at=notice.at, length=Length(unit="calendar_days", count=3), reason="court")
    assert state(POLICE, "2026-11-08T10:00", START, notice).expected_at == at("2026-11-12T10:00")


@pytest.mark.parametrize(
    "notice",
    [
        overrun("2026-11-09T10:01"),  # after the time was over
        overrun("2026-11-08T10:00", reason=" "),
        overrun("2026-11-08T10:00", until="2026-11-09T10:00"),  # no longer than the law gives anyway
        event("overrun", "2026-11-08T10:00", reason="court"),  # says no length
    ],
)
def test_an_overrun_without_reason_length_or_in_time_cures_nothing(notice: ClockEvent) -> None:
    found = state(POLICE, "2026-11-10T10:00", START, notice)
    assert (found.phase, found.overrun, found.ignored) == ("missed", False, (notice,))


def test_a_hidden_alert_is_renewed_before_it_is_visible_again() -> None:
    start = event("start", "2026-11-02T10:00")
    renewed = event("extend", "2026-11-04T09:00", length=Length(unit="hours", count=48))
    found = state("sis_hidden_arrest_alert", "2026-11-04T12:00", start, renewed)
    assert (found.phase, found.due_at, found.extensions) == ("running", at("2026-11-06T10:00"), 1)
    too_late = event("extend", "2026-11-04T10:01", length=Length(unit="hours", count=48))
    found = state("sis_hidden_arrest_alert", "2026-11-04T12:00", start, too_late)
    assert (found.phase, found.definition.if_missed.kind, found.ignored) == ("missed", "lapse", (too_late,))


def test_extensions_reach_no_further_than_the_law_lets_them() -> None:
    start = event("start", "2026-01-31T10:00")
    more = Length(unit="months", count=12)
    found = state(
        "europol_category_check",
        "2028-11-01T10:00",
        start,
        event("extend", "2027-06-01T10:00", length=more),
        event("extend", "2028-06-01T10:00", length=more),
        event("extend", "2028-07-01T10:00", length=more),
    )
    assert (found.due_at, found.extensions, len(found.ignored)) == (at("2029-01-31T10:00"), 2, 1)


@pytest.mark.parametrize("more", [{}, {"until": "2026-11-30T10:00"}, {"until": "2026-12-03T00:00"}])
def test_an_extension_that_adds_nothing_has_no_effect(more: dict[str, str]) -> None:
    start = event("start", "2026-11-02T10:00")
    found = state("eio_recognition", "2026-11-10T10:00", start, event("extend", "2026-11-03T10:00", **more))
    assert (found.extensions, len(found.ignored)) == (0, 1)


def test_an_extension_while_suspended_keeps_both() -> None:
    events = (
        event("start", "2026-11-02T10:00", until="2026-11-20T10:00"),
        event("suspend", "2026-11-03T10:00"),
        event("extend", "2026-11-04T10:00", length=Length(unit="weeks", count=1)),
        event("resume", "2026-11-05T10:00"),
    )
    found = state("agreed_reply", "2026-11-06T10:00", *events)
    assert found.due_at == at("2026-11-29T10:00")
    assert found.suspended_for == timedelta(days=2)
    assert found.taken == timedelta(days=2)


def test_the_parties_set_the_end_only_where_the_law_gives_none() -> None:
    day = event("start", "2026-11-02T10:00", until="2026-11-05T10:00")
    assert state("agreed_reply", "2026-11-03T10:00", day).due_at == at("2026-11-05T10:00")
    assert state(POLICE, "2026-11-03T10:00", day).due_at == DUE
    length = event("start", "2026-11-02T10:00", length=Length(unit="weeks", count=1))
    assert state("agreed_reply", "2026-11-03T10:00", length).due_at == DUE
    past = event("start", "2026-11-02T10:00", until="2026-11-01T10:00")
    assert state("agreed_reply", "2026-11-03T10:00", past).due_at == at("2026-12-02T10:00")


def test_an_alert_about_to_be_deleted_is_warned_of_four_months_ahead() -> None:
    start = event("start", "2023-03-31T10:00")
    assert not state("sis_review_judicial_unknown", "2025-11-30T09:59", start).warned
    assert state("sis_review_judicial_unknown", "2025-11-30T10:00", start).warned


def test_each_review_begins_the_next_round() -> None:
    events = (event("start", "2020-02-29T10:00"), event("start", "2023-02-27T10:00"))
    rounds = rounds_of(CLOCKS["europol_storage_review"], events, at("2026-02-26T10:00"), zone=MADRID)
    assert [each.phase for each in rounds] == ["met", "running"]
    assert rounds[0].due_at == at("2023-02-28T10:00")
    assert (rounds[1].round, rounds[1].due_at) == (2, at("2026-02-27T10:00"))


def test_other_clocks_start_again_only_after_they_have_ended() -> None:
    again = event("start", "2026-11-03T10:00")
    found = state(POLICE, "2026-11-04T10:00", START, again)
    assert (found.round, found.due_at, found.ignored) == (1, DUE, (again,))
    stop = event("stop", "2026-11-02T12:00")
    twice = event("stop", "2026-11-02T13:00")
    found = state(POLICE, "2026-11-04T10:00", START, stop, twice, again)
    assert (found.round, found.due_at, found.ignored) == (2, at("2026-11-10T10:00"), ())


def test_a_day_that_the_law_names_runs_without_a_start() -> None:
    strategy = CLOCKS["asset_recovery_strategy"]
    found = state(strategy, "2026-11-22T10:00")
    assert (found.phase, found.due_at, found.started_at) == ("running", at("2027-05-25T00:00"), None)
    assert found.taken is None
    assert state(strategy, "2027-05-25T00:01").phase == "missed"
    adopted = event("start", "2027-03-01T10:00")
    first, second = rounds_of(strategy, [adopted], at("2027-06-01T10:00"), zone=MADRID)
    assert (first.phase, second.phase) == ("met", "running")
    assert second.due_at == at("2032-03-01T10:00")


def test_a_clock_that_is_set_back_gains_nothing() -> None:
    stop = event("stop", "2026-11-09T09:00")
    reminded = event("suspend", "2026-11-09T11:00")
    found = state(POLICE, "2026-11-10T10:00", START, reminded, stop)
    assert (found.phase, found.ended_at) == ("late", reminded.at)


def test_moments_need_a_time_zone() -> None:
    with pytest.raises(Invalid, match="no time zone"):
        ClockEvent(kind="start", at=datetime.fromisoformat("2026-11-02T10:00"))
    with pytest.raises(Invalid, match="no time zone"):
        ClockEvent(kind="extend", at=DUE, until=datetime.fromisoformat("2026-11-02T10:00"))


def test_the_zone_of_the_one_who_owes_decides() -> None:
    events = [ClockEvent(kind="start", at=datetime(2026, 3, 24, 12, tzinfo=UTC))]
    now = datetime(2026, 3, 25, tzinfo=UTC)
    assert state_of(POLICE, events, now, zone=MADRID).due_at == datetime(2026, 3, 31, 11, tzinfo=UTC)
    assert state_of(POLICE, events, now, zone=BOGOTA).due_at == datetime(2026, 3, 31, 12, tzinfo=UTC)


FAR = [Length(unit=unit, count=10_000) for unit in ("years", "months", "working_days")]  # type: ignore[arg-type]


@pytest.mark.parametrize("length", FAR)
@pytest.mark.parametrize("kind", ["extend", "overrun"])
@pytest.mark.parametrize("code", ["agreed_reply", "police_request_other", "export_authorisation_validity"])
def test_lengths_beyond_counting_have_no_effect_and_break_nothing(code: str, kind: str, length: Length) -> None:
    definition = msgspec.structs.replace(CLOCKS[code], extendable=True, may_overrun=True)
    far = ClockEvent(kind=kind, at=START.at, length=length, reason="court")  # type: ignore[arg-type]
    found = state(definition, "2026-11-03T10:00", START, far)
    assert found.phase == ("overrun_announced" if kind == "overrun" and not found.ignored else "running")
    assert bool(found.ignored) == (length.unit == "years")


@pytest.mark.parametrize("year", [1, 1899, 3000, 9999])
def test_moments_far_off_have_no_effect_and_break_nothing(year: int) -> None:
    far = datetime(year, 1, 1, tzinfo=ZoneInfo("Pacific/Kiritimati"))
    events = [ClockEvent(kind="start", at=far), START, ClockEvent(kind="stop", at=far)]
    events += [ClockEvent(kind="extend", at=START.at, until=far), ClockEvent(kind="start", at=START.at, until=far)]
    found = state("agreed_reply", "2026-11-03T10:00", *events)
    assert found.phase == "running"
    assert found.due_at == at("2026-12-02T10:00")
    assert len(found.ignored) == (4 if year < 2000 else 2)


def test_an_agreed_end_that_cannot_be_counted_leaves_the_usual_one() -> None:
    for more in ({"length": FAR[0]}, {"length": Length(unit="years", count=2000)}, {"until": "3000-01-01T10:00"}):
        start = event("start", "2026-11-02T10:00", **more)
        assert state("agreed_reply", "2026-11-03T10:00", start).due_at == at("2026-12-02T10:00")


HOURS = st.integers(0, 24 * 40)
LENGTHS = st.builds(
    Length,
    unit=st.sampled_from(["minutes", "hours", "calendar_days", "weeks", "months", "working_days", "years"]),
    count=st.integers(1, 20),
)
BEGIN = datetime(2026, 1, 15, 9, tzinfo=UTC)


@st.composite
def histories(draw: st.DrawFn) -> list[ClockEvent]:
    kinds = st.sampled_from(["start", "suspend", "resume", "extend", "overrun", "stop"])
    moments = sorted(draw(st.lists(HOURS, min_size=1, max_size=8)))
    return [
        ClockEvent(
            kind="start" if not number else draw(kinds),
            at=BEGIN + timedelta(hours=hours),
            length=draw(st.none() | LENGTHS),
            until=draw(st.none() | HOURS.map(lambda each: BEGIN + timedelta(hours=each))),
            reason=draw(st.sampled_from(["", "court"])),
        )
        for number, hours in enumerate(moments)
    ]


#: Every clock with everything allowed, so that every event can have its effect.
FREE = [
    msgspec.structs.replace(each, suspendable=True, extendable=True, may_overrun=True)
    for each in CLOCKS.values()
    if each.first_due_on is None
]


@given(definition=st.sampled_from([*FREE, *CLOCKS.values()]), events=histories(), now=HOURS)
def test_whatever_happens_the_state_is_whole(definition: ClockDefinition, events: list[ClockEvent], now: int) -> None:
    moment = BEGIN + timedelta(hours=now)
    rounds = rounds_of(definition, events, moment, zone=MADRID, calendar=ES)
    for each in rounds:
        assert (each.ended_at is not None) == (each.phase in ("met", "late"))
        assert each.met is {"met": True, "late": False, "missed": False, "silence": False}.get(each.phase)
        assert (each.phase == "not_started") == (each.due_at is None)
        assert each.open == (each.phase not in ("not_started", "met", "late"))
        if each.due_at is not None:
            assert each.left == (each.due_at - moment if each.ended_at is None else None)
            assert each.changes_at is None or each.changes_at >= moment
        if each.started_at is not None and each.taken is not None:
            assert each.taken >= timedelta(0)
            assert each.taken + each.suspended_for == (each.ended_at or moment) - each.started_at
    assert all(each.ended_at is not None for each in rounds[:-1])
    happened = [each for each in events if each.at <= moment]
    assert rounds == rounds_of(definition, happened, moment, zone=MADRID, calendar=ES)


@given(definition=st.sampled_from(FREE), begun=HOURS, gap=HOURS, stood=HOURS)
def test_standing_still_never_makes_anything_late(
    definition: ClockDefinition, begun: int, gap: int, stood: int
) -> None:
    start = BEGIN + timedelta(hours=begun)
    since, until = start + timedelta(hours=gap), start + timedelta(hours=gap + stood)
    events = [
        ClockEvent(kind="start", at=start),
        ClockEvent(kind="suspend", at=since),
        ClockEvent(kind="resume", at=until),
    ]
    plain = state_of(definition, events[:1], until, zone=MADRID, calendar=ES)
    found = state_of(definition, events, until, zone=MADRID, calendar=ES)
    assert plain.due_at is not None
    assert found.due_at is not None
    if found.suspensions and definition.at_most is None:
        assert found.due_at >= plain.due_at
        assert found.phase in ("running", "suspended")
        if definition.unit in ("hours", "minutes"):
            assert found.due_at - plain.due_at == until - since
    else:
        assert found.due_at >= plain.due_at or not found.suspensions


@given(definition=st.sampled_from(FREE), first=HOURS, second=HOURS, third=HOURS)
def test_two_suspensions_end_to_end_are_one_but_for_weekends(
    definition: ClockDefinition, first: int, second: int, third: int
) -> None:
    moments = [BEGIN + timedelta(hours=each) for each in (first, first + second, first + second + third)]
    start = ClockEvent(kind="start", at=BEGIN)
    whole = [start, ClockEvent(kind="suspend", at=moments[0]), ClockEvent(kind="resume", at=moments[2])]
    parts = [
        *whole[:2],
        ClockEvent(kind="resume", at=moments[1]),
        ClockEvent(kind="suspend", at=moments[1]),
        whole[2],
    ]
    one = state_of(definition, whole, moments[2], zone=MADRID, calendar=ES)
    two = state_of(definition, parts, moments[2], zone=MADRID, calendar=ES)
    assert one.suspended_for == two.suspended_for
    assert one.due_at is not None
    assert two.due_at is not None
    assert timedelta(0) <= two.due_at - one.due_at <= timedelta(days=7)


def test_the_dates_of_the_property_tests_cross_both_changes_of_the_clock() -> None:
    assert BEGIN.date() < date(2026, 3, 29) < (BEGIN + timedelta(hours=2 * 24 * 40)).date()
