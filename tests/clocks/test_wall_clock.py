from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alidade.clocks.wall_clock import end_of_day, local, shifted_date, shifted_wall, utc
from alidade.model.errors import Invalid

MADRID, BOGOTA = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Bogota")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Madrid", "America/Bogota", "America/Sao_Paulo", "Australia/Lord_Howe",
                                 "Asia/Kathmandu", "America/Havana", "UTC")]
)  # fmt: skip
FIRST, LAST = datetime.fromisoformat("2010-01-01"), datetime.fromisoformat("2035-01-01")
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def test_a_skipped_time_is_the_moment_at_which_clocks_go_forward() -> None:
    assert utc(datetime.fromisoformat("2026-03-29T02:30"), MADRID) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert utc(datetime.fromisoformat("2026-03-29T02:00"), MADRID) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert utc(datetime.fromisoformat("2026-03-29T01:59"), MADRID) == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert utc(datetime.fromisoformat("2026-03-29T03:00"), MADRID) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_second_unless_the_first_is_asked_for() -> None:
    wall = datetime.fromisoformat("2026-10-25T02:30")
    assert utc(wall, MADRID) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert utc(wall, MADRID, twice="first") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_days_end_at_midnight_even_where_midnight_is_skipped_or_comes_twice() -> None:
    assert end_of_day(date(2026, 3, 29), MADRID) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 28), MADRID) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 28), BOGOTA) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert end_of_day(date(2018, 11, 3), ZoneInfo("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert end_of_day(date(2026, 10, 31), ZoneInfo("America/Havana")) == datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2027, 1, 15), -4, date(2026, 9, 15)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2100, 1, 31), 1, date(2100, 2, 28)),
    ],
)
def test_months_end_on_the_same_date_or_on_the_last_of_the_month(day: date, months: int, expected: date) -> None:
    assert shifted_date(day, months=months) == expected


@pytest.mark.parametrize("how", [{"months": 12 * 9000}, {"days": 9_999_999}, {"months": 12 * 7970}])
def test_years_beyond_counting_are_refused(how: dict[str, int]) -> None:
    with pytest.raises(Invalid, match="beyond the years"):
        shifted_date(date(2026, 1, 1), **how)


@given(moment=MOMENTS, zone=ZONES, days=st.integers(-400, 400))
def test_the_wall_shows_the_same_time_of_day_wherever_that_time_exists(
    moment: datetime, zone: ZoneInfo, days: int
) -> None:
    shifted = shifted_wall(moment, zone, days=days)
    wanted = local(moment, zone) + timedelta(days=days)
    shown = local(shifted, zone)
    if shown != wanted:  # skipped: the first moment after the gap, when clocks just went forward
        assert shown > wanted
        assert shown - wanted <= timedelta(hours=1)
        just_before = shifted - timedelta(seconds=1)
        assert just_before.astimezone(zone).utcoffset() != shifted.astimezone(zone).utcoffset()


@given(moment=MOMENTS, zone=ZONES)
def test_local_and_back_is_the_same_moment_or_its_twin(moment: datetime, zone: ZoneInfo) -> None:
    wall = local(moment, zone)
    assert moment in (utc(wall, zone), utc(wall, zone, twice="first"))


@given(day=st.dates(date(2010, 1, 1), date(2035, 1, 1)), zone=ZONES)
def test_the_last_hour_of_a_day_is_over_when_the_next_day_begins(day: date, zone: ZoneInfo) -> None:
    end = end_of_day(day, zone)
    assert local(end, zone).date() == day + timedelta(days=1)
    assert local(end - timedelta(microseconds=1), zone).date() == day
