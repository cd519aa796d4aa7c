from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alidade.clocks import WorkCalendar
from alidade.clocks.calendar_file import FILE, YearList, calendar_file, read_calendars
from alidade.clocks.calendars import WEEKENDS, _easter
from alidade.model.errors import Invalid
from alidade.vocabulary import DamagedVocabulary, load_vocabulary

DAYS = st.dates(date(2015, 1, 1), date(2034, 12, 31))
EASTERS = [
    "1954-04-18",
    "2014-04-20",
    "2016-03-27",
    "2019-04-21",
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2038-04-25",
]
CODES = st.sampled_from(["ES", "CO", "DE", "AE", "EU", "ECB", "EUROPOL", "ES-CT", "CN"])


@pytest.mark.parametrize(
    ("code", "day", "working"),
    [
        ("ES", date(2026, 12, 8), False),  # Immaculate Conception
        ("ES", date(2026, 12, 7), True),
        ("ES", date(2026, 9, 11), True),  # a day of Catalonia alone
        ("ES-CT", date(2026, 9, 11), False),
        ("es-ct", date(2026, 9, 11), False),
        ("CO", date(2027, 1, 11), False),  # Epiphany, moved to Monday
        ("CO", date(2027, 1, 6), True),
        ("FR", date(2026, 7, 14), False),
        ("BE", date(2026, 7, 14), True),
        ("BE", date(2026, 7, 21), False),
        ("NL", date(2026, 4, 27), False),
        ("DE", date(2026, 10, 3), False),
        ("DE", date(2026, 1, 6), True),
        ("DE-BY", date(2026, 1, 6), False),
        ("AE", date(2026, 11, 21), False),  # a Saturday
        ("SA", date(2026, 11, 20), False),  # a Friday, which is the weekend there
        ("SA", date(2026, 11, 22), True),  # a Sunday, which is not
        ("EU", date(2026, 5, 15), False),  # Friday after Ascension
        ("EU", date(2026, 12, 28), False),
        ("EU", date(2026, 1, 2), False),
        ("ECB", date(2026, 5, 15), True),
        ("ECB", date(2026, 12, 28), True),
        ("ECB", date(2026, 12, 25), False),
        ("EUROPOL", date(2026, 5, 14), False),
        ("MAOC-N", date(2026, 4, 25), False),
        ("AMERIPOL", date(2027, 1, 11), False),
        ("INTERPOL", date(2026, 7, 14), False),
    ],
)
def test_days_off(code: str, day: date, working: bool) -> None:
    assert WorkCalendar.of(code).is_working(day) is working


def test_a_moved_working_saturday_counts_where_the_state_works_on_it() -> None:
    assert WorkCalendar.of("CN").is_working(date(2025, 2, 8))
    assert not WorkCalendar.of("ES").is_working(date(2025, 2, 8))


@pytest.mark.parametrize("code", ["", "XX", "E", "ESP", "ES-XX", "EUROPE", "ES-", "12", "EU-XX"])
def test_what_has_no_calendar_is_refused(code: str) -> None:
    if code == "ES-":
        assert WorkCalendar.of(code).key == "ES"
        return
    with pytest.raises(Invalid, match="No calendar"):
        WorkCalendar.of(code)


def test_every_state_and_body_of_the_vocabulary_has_a_calendar() -> None:
    words = load_vocabulary()
    for code in [*words.codes("countries"), *words.codes("bodies")]:
        WorkCalendar.of(code)


def test_the_published_list_of_the_institutions_for_2014() -> None:
    institutions = WorkCalendar.of("EU")
    off = [
        day
        for day in (date(2014, 1, 1) + timedelta(days=each) for each in range(365))
        if day.weekday() < 5 and not institutions.is_working(day)
    ]
    assert len(off) == 18  # the total that the decision itself states
    assert institutions.verified_in(2014)
    assert not institutions.verified_in(2017)
    assert not institutions.verified_in(2031)
    assert not WorkCalendar.of("EUROPOL").verified_in(2014)
    assert WorkCalendar.of("ES").verified_in(2027)
    assert not WorkCalendar.of("ES").verified_in(2031)
    assert not WorkCalendar.of("BA").verified_in(2026)  # days by the moon, estimated
    assert WorkCalendar.of("ECB").verified_in(2027)
    assert not WorkCalendar.of("ECB").verified_in(2031)


def test_years_of_which_the_library_knows_nothing_have_weekends_alone_and_say_so() -> None:
    for code in ("BA", "ES", "SA", "EU", "ECB"):
        week = WorkCalendar.of(code)
        assert week.count(date(1899, 12, 31), date(1900, 12, 31)) > 200
        assert week.count(date(9989, 12, 31), date(9990, 12, 31)) > 200
    short = [code for code in load_vocabulary().codes("countries") if not WorkCalendar.of(code).verified_in(1900)]
    assert short
    week = WorkCalendar.of(short[0])
    assert week.count(date(1899, 12, 31), date(1900, 12, 31)) in (260, 261)


@pytest.mark.parametrize("listed", calendar_file().lists[0].years, ids=lambda each: str(each.year))
def test_the_pattern_gives_the_working_days_of_every_year_whose_list_is_known(listed: YearList) -> None:
    year = listed.year
    pattern = calendar_file().lists[0].pattern
    days = {_easter(year) + timedelta(days=each) for each in pattern.easter}
    days |= {date.fromisoformat(f"{year}-{each}") for each in pattern.fixed}
    assert {day for day in days if day.weekday() < 5} == {day for day in listed.days if day.weekday() < 5}


@pytest.mark.parametrize("easter", EASTERS)
def test_easter(easter: str) -> None:
    assert _easter(int(easter[:4])) == date.fromisoformat(easter)


def test_weekends_alone_know_no_holiday() -> None:
    assert WEEKENDS.is_working(date(2026, 12, 25))
    assert not WEEKENDS.is_working(date(2026, 12, 26))


@given(code=CODES, day=DAYS, count=st.integers(1, 60))
def test_the_nth_working_day_is_one_and_has_n_behind_it(code: str, day: date, count: int) -> None:
    week = WorkCalendar.of(code)
    found = week.add(day, count)
    assert week.is_working(found)
    assert week.count(day, found) == count
    back = week.add(day, -count)
    assert week.is_working(back)
    assert back < day < found
    assert week.add(day, 0) == day


@given(code=CODES, day=DAYS)
def test_the_next_working_day_skips_only_days_off(code: str, day: date) -> None:
    week = WorkCalendar.of(code)
    found = week.on_or_after(day)
    assert week.is_working(found)
    assert week.count(day - timedelta(days=1), found) == 1


@given(first=DAYS, second=DAYS, third=DAYS)
def test_working_days_between_days_add_up(first: date, second: date, third: date) -> None:
    first, second, third = sorted((first, second, third))
    week = WorkCalendar.of("ES")
    assert week.count(first, third) == week.count(first, second) + week.count(second, third)
    assert week.count(third, first) == 0


def test_a_damaged_file_says_what_is_wrong() -> None:
    whole = msgspec.json.decode(FILE.read_bytes())
    whole["lists"][0]["years"][0]["days"].append("2015-01-01")
    with pytest.raises(DamagedVocabulary, match="year 2014: holds a day of another year"):
        read_calendars(msgspec.json.encode(whole))
    with pytest.raises(DamagedVocabulary, match=r"calendars\.json"):
        read_calendars(b'{"name": "calendars"}')
    whole["lists"][0]["pattern"]["fixed"] = ["13-01"]
    with pytest.raises(DamagedVocabulary, match="pattern"):
        read_calendars(msgspec.json.encode(whole))
