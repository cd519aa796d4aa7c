from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alidade.clocks import Length, WorkCalendar, due, last_day
from alidade.clocks.counting import Term, before
from alidade.clocks.wall_clock import local
from alidade.model.errors import Invalid

MADRID, BOGOTA, BRUSSELS = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Bogota"), ZoneInfo("Europe/Brussels")
ES = WorkCalendar.of("ES")
REGULATION = "regulation_1182_71"

ZONES = st.sampled_from([MADRID, BOGOTA, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu")])
FIRST, LAST = datetime.fromisoformat("2015-01-01"), datetime.fromisoformat("2033-01-01")
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
WHOLE = st.builds(Length, unit=st.sampled_from(["calendar_days", "weeks", "months", "years"]), count=st.integers(1, 8))


def length(text: str) -> Length:
    count, unit = text.split()
    units = {"min": "minutes", "h": "hours", "d": "calendar_days", "w": "weeks", "m": "months", "y": "years"}
    return Length(unit=units.get(unit, "working_days"), count=int(count))  # type: ignore[arg-type]


def at(text: str, zone: ZoneInfo = MADRID) -> datetime:
    """A moment as the wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("8 h", "2026-11-02T14:23", "2026-11-02T22:23"),
        ("8 h", "2026-03-28T21:00", "2026-03-29T06:00"),  # clocks go forward: eight hours elapsed
        ("8 h", "2026-10-24T21:00", "2026-10-25T04:00"),  # clocks go back
        ("90 min", "2026-12-31T23:30", "2027-01-01T01:00"),
        ("3 d", "2026-12-30T23:30", "2027-01-02T23:30"),
        ("7 d", "2026-03-24T14:20", "2026-03-31T14:20"),  # 167 hours
        ("7 d", "2026-10-20T14:20", "2026-10-27T14:20"),  # 169 hours
        ("1 d", "2026-03-28T02:30", "2026-03-29T03:00"),  # the time is skipped: when clocks go forward
        ("2 w", "2028-02-20T09:00", "2028-03-05T09:00"),
        ("1 m", "2026-01-31T10:00", "2026-02-28T10:00"),
        ("6 m", "2027-08-31T10:00", "2028-02-29T10:00"),
        ("3 y", "2028-02-29T10:00", "2031-02-28T10:00"),
        ("4 y", "2028-02-29T10:00", "2032-02-29T10:00"),
        ("1 y", "2028-02-29T10:00", "2029-02-28T10:00"),
    ],
)
def test_exact_counting_in_madrid(text: str, start: str, end: str) -> None:
    assert due(length(text), at(start), zone=MADRID) == at(end)


def test_a_time_that_comes_twice_ends_the_second_time() -> None:
    assert due(length("1 d"), at("2026-10-24T02:30"), zone=MADRID) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_in_bogota_seven_days_are_always_168_hours() -> None:
    for start in ("2026-03-24T14:20", "2026-10-20T14:20", "2026-12-28T14:20"):
        begun = at(start, BOGOTA)
        assert due(length("7 d"), begun, zone=BOGOTA) - begun == timedelta(hours=168)


def test_days_are_those_of_the_authority_that_owes() -> None:
    start = datetime(2026, 3, 24, 12, tzinfo=UTC)
    assert due(length("7 d"), start, zone=MADRID) == datetime(2026, 3, 31, 11, tzinfo=UTC)
    assert due(length("7 d"), start, zone=BOGOTA) == datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("7 d", "2026-11-02T10:00", "2026-11-09"),
        ("7 d", "2026-11-02T00:00", "2026-11-09"),
        ("7 d", "2026-11-02T23:59", "2026-11-09"),
        ("1 d", "2026-11-20T10:00", "2026-11-23"),  # Saturday: Monday
        ("2 d", "2026-11-20T10:00", "2026-11-24"),  # Art. 3(5): Monday is only one working day
        ("3 d", "2026-12-03T10:00", "2026-12-07"),  # Sunday 6: Monday; Friday and Monday are two
        ("5 d", "2026-12-03T10:00", "2026-12-09"),  # Tuesday 8 is a holiday in Spain
        ("1 w", "2026-12-01T10:00", "2026-12-09"),
        ("1 m", "2026-01-31T10:00", "2026-03-02"),  # 28 February is a Saturday
        ("1 m", "2028-01-31T10:00", "2028-02-29"),
        ("1 y", "2028-02-29T10:00", "2029-02-28"),
        ("1 y", "2025-11-21T10:00", "2026-11-23"),
        ("30 d", "2026-12-07T10:00", "2027-01-07"),  # 6 January is a holiday in Spain
        ("45 d", "2026-11-22T10:00", "2027-01-07"),
    ],
)
def test_whole_days_by_regulation_1182_71_in_spain(text: str, start: str, last: str) -> None:
    end = due(length(text), at(start), zone=MADRID, calendar=ES, counting=REGULATION)
    assert last_day(end, MADRID) == date.fromisoformat(last)
    assert local(end, MADRID).time().isoformat() == "00:00:00"


def test_without_a_calendar_an_end_is_moved_off_a_weekend_but_not_off_a_holiday() -> None:
    end = due(length("30 d"), at("2026-12-07T10:00"), zone=MADRID, counting=REGULATION)
    assert last_day(end, MADRID) == date(2027, 1, 6)
    end = due(length("1 d"), at("2026-11-20T10:00"), zone=MADRID, counting=REGULATION)
    assert last_day(end, MADRID) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("start", "zone", "end"),
    [
        ("2026-11-21T14:23", MADRID, "2026-11-21T23:00"),  # a Saturday: hours are never moved
        ("2026-11-21T14:00", MADRID, "2026-11-21T23:00"),
        ("2026-11-21T14:23", ZoneInfo("Asia/Kathmandu"), "2026-11-21T23:00"),
        ("2026-03-28T21:10", MADRID, "2026-03-29T07:00"),
    ],
)
def test_the_hour_of_the_event_is_not_counted(start: str, zone: ZoneInfo, end: str) -> None:
    assert due(length("8 h"), at(start, zone), zone=zone, counting=REGULATION) == at(end, zone)
    assert due(length("60 min"), at(start, zone), zone=zone, counting=REGULATION) - at(start, zone) == timedelta(
        hours=1
    )


@pytest.mark.parametrize(
    ("code", "zone", "last"),
    [
        ("ES", MADRID, "2027-01-11"),  # without 25 December, 1 and 6 January
        ("FR", MADRID, "2027-01-08"),
        ("ECB", BRUSSELS, "2027-01-08"),
        ("EU", BRUSSELS, "2027-01-15"),  # without 24 to 31 December and 1 January
        ("CO", BOGOTA, "2027-01-08"),
        ("DE-BY", BRUSSELS, "2027-01-11"),  # Epiphany in Bavaria only
        ("DE", BRUSSELS, "2027-01-08"),
    ],
)
@pytest.mark.parametrize("counting", ["exact", REGULATION])
def test_fifteen_working_days_over_the_turn_of_the_year(code: str, zone: ZoneInfo, last: str, counting: str) -> None:
    end = due(
        length("15 wd"),
        at("2026-12-16T09:00", zone),
        zone=zone,
        calendar=WorkCalendar.of(code),
        counting=counting,  # type: ignore[arg-type]
    )
    assert last_day(end, zone) == date.fromisoformat(last)


def test_fifteen_working_days_of_the_state_of_destination_and_of_the_exporter_differ() -> None:
    start = at("2026-05-01T09:00", BOGOTA)
    colombia = due(length("15 wd"), start, zone=BOGOTA, calendar=WorkCalendar.of("CO"))
    spain = due(length("15 wd"), start, zone=MADRID, calendar=ES)
    assert last_day(colombia, BOGOTA) == date(2026, 5, 25)  # 18 May: Ascension, moved to Monday
    assert last_day(spain, MADRID) == date(2026, 5, 22)


def test_working_days_need_a_calendar() -> None:
    with pytest.raises(Invalid, match="needs the calendar"):
        due(length("15 wd"), at("2026-12-16T09:00"), zone=MADRID)


def test_a_length_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Invalid, match="beyond the years"):
        due(length("9000 y"), at("2026-12-16T09:00"), zone=MADRID)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("4 h", "2027-01-10T20:00"),
        ("2 d", "2027-01-09T00:00"),
        ("4 m", "2026-09-11T00:00"),
        ("1 w", "2027-01-04T00:00"),
        ("1 wd", "2027-01-08T00:00"),
        ("3 wd", "2027-01-05T00:00"),  # 6 January is a holiday
    ],
)
def test_warnings_are_counted_backwards(text: str, moment: str) -> None:
    assert before(length(text), at("2027-01-11T00:00"), zone=MADRID, calendar=ES) == at(moment)


def test_warnings_in_working_days_without_a_calendar_know_weekends() -> None:
    assert before(length("3 wd"), at("2027-01-11T00:00"), zone=MADRID) == at("2027-01-06T00:00")


def term(text: str, start: str, counting: str = "exact") -> Term:
    return Term.of(length(text), at(start), zone=MADRID, calendar=ES, counting=counting)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "counting", "more", "end"),
    [
        ("8 h", "exact", "2 h", "2026-11-20T20:00"),
        ("8 h", "exact", "1 d", "2026-11-21T18:00"),
        ("8 h", "exact", "1 wd", "2026-11-24T00:00"),
        ("30 d", REGULATION, "30 d", "2027-01-20T00:00"),
        ("1 d", REGULATION, "12 h", "2026-11-24T12:00"),
        ("15 wd", REGULATION, "5 wd", "2026-12-22T00:00"),
        ("18 m", "exact", "18 m", "2029-11-20T10:00"),
    ],
)
def test_extensions_are_added_to_the_end(first: str, counting: str, more: str, end: str) -> None:
    assert term(first, "2026-11-20T10:00", counting).extended(length(more)).moment() == at(end)


@pytest.mark.parametrize(
    ("text", "counting", "since", "until", "end"),
    [
        ("8 h", "exact", "2026-11-20T11:00", "2026-11-20T12:30", "2026-11-20T19:30"),
        ("8 h", "exact", "2026-11-20T11:00", "2026-11-23T11:00", "2026-11-23T18:00"),
        ("7 d", "exact", "2026-11-21T11:00", "2026-11-23T12:00", "2026-11-29T11:00"),
        ("7 d", REGULATION, "2026-11-23T11:00", "2026-11-23T18:00", "2026-11-28T00:00"),
        ("7 d", REGULATION, "2026-11-23T11:00", "2026-11-24T09:00", "2026-12-01T00:00"),  # Saturday: Monday
        ("7 d", REGULATION, "2026-11-23T11:00", "2026-11-26T09:00", "2026-12-01T00:00"),  # Monday itself
        ("1 d", REGULATION, "2026-11-22T11:00", "2026-11-24T09:00", "2026-11-26T00:00"),  # after the last day was moved
        ("3 wd", REGULATION, "2026-11-24T11:00", "2026-11-26T09:00", "2026-11-28T00:00"),
        ("3 wd", REGULATION, "2026-11-24T11:00", "2026-11-28T09:00", "2026-12-01T00:00"),  # over Friday, to a Saturday
        ("3 wd", REGULATION, "2026-11-25T11:00", "2026-11-28T09:00", "2026-12-01T00:00"),  # on the last day
        ("3 wd", REGULATION, "2026-11-21T11:00", "2026-11-22T09:00", "2026-11-26T00:00"),  # a weekend
    ],
)
def test_time_that_stood_still_is_added(text: str, counting: str, since: str, until: str, end: str) -> None:
    assert term(text, "2026-11-20T10:00", counting).suspended(at(since), at(until)).moment() == at(end)


def test_days_suspended_while_clocks_go_forward_are_days_on_the_wall() -> None:
    running = term("7 d", "2026-03-26T10:00").suspended(at("2026-03-28T12:00"), at("2026-03-30T12:00"))
    assert running.moment() == at("2026-04-04T10:00")


def test_a_suspension_within_the_hour_that_comes_twice_never_shortens() -> None:
    running = term("7 d", "2026-10-20T10:00")
    since, until = datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert running.suspended(since, until) == running


@given(start=MOMENTS, zone=ZONES, count=st.integers(1, 2000))
def test_hours_are_elapsed_hours_everywhere(start: datetime, zone: ZoneInfo, count: int) -> None:
    assert due(Length(unit="hours", count=count), start, zone=zone) - start == timedelta(hours=count)


@given(start=MOMENTS, zone=ZONES, span=WHOLE)
def test_whole_days_end_at_midnight_of_a_working_day_and_never_before_exact_counting(
    start: datetime, zone: ZoneInfo, span: Length
) -> None:
    end = due(span, start, zone=zone, calendar=ES, counting=REGULATION)
    assert ES.is_working(last_day(end, zone))
    assert end >= due(span, start, zone=zone)
    if span != Length(unit="calendar_days", count=1):
        assert ES.count(local(start, zone).date(), last_day(end, zone)) >= 2


@given(start=MOMENTS, zone=ZONES, span=WHOLE, later=st.integers(1, 40 * 24))
def test_who_gets_it_later_owes_it_no_earlier(start: datetime, zone: ZoneInfo, span: Length, later: int) -> None:
    second = start + timedelta(hours=later)
    if local(second, zone) >= local(start, zone):  # not within an hour that comes twice
        for counting in ("exact", REGULATION):
            first_end = due(span, start, zone=zone, calendar=ES, counting=counting)  # type: ignore[arg-type]
            second_end = due(span, second, zone=zone, calendar=ES, counting=counting)  # type: ignore[arg-type]
            assert first_end <= second_end


@given(start=MOMENTS, zone=ZONES, count=st.integers(1, 80))
def test_working_days_are_counted_from_the_day_after(start: datetime, zone: ZoneInfo, count: int) -> None:
    end = due(Length(unit="working_days", count=count), start, zone=zone, calendar=ES)
    last = last_day(end, zone)
    assert ES.is_working(last)
    assert ES.count(local(start, zone).date(), last) == count


@given(
    start=MOMENTS,
    span=st.one_of(WHOLE, st.builds(Length, unit=st.sampled_from(["hours", "working_days"]), count=st.integers(1, 40))),
    counting=st.sampled_from(["exact", REGULATION]),
    steps=st.lists(st.integers(0, 400), min_size=3, max_size=3),
)
def test_a_suspension_never_shortens_and_grows_with_its_length(
    start: datetime, span: Length, counting: str, steps: list[int]
) -> None:
    running = Term.of(span, start, zone=MADRID, calendar=ES, counting=counting)  # type: ignore[arg-type]
    since = min(start + timedelta(hours=steps[0]), running.moment() - timedelta(minutes=1))
    middle = since + timedelta(hours=steps[1])
    until = middle + timedelta(hours=steps[2])
    none, half, whole = running.moment(), running.suspended(since, middle), running.suspended(since, until)
    assert none <= half.moment() <= whole.moment()
    assert whole.moment() >= until
