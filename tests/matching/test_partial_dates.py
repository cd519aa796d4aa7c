"""Dates in the forms in which files carry them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.matching.partial_dates import PartialDate, agreement, parse_date

D = PartialDate


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1964", D(year=1964)),
        ("1964-07", D(year=1964, month=7)),
        ("1964-07-31", D(year=1964, month=7, day=31)),
        ("1964-07-31T00:00:00", D(year=1964, month=7, day=31)),
        ("1964-00-00", D(year=1964)),
        ("31 Jul 1964", D(year=1964, month=7, day=31)),
        ("Jul 1964", D(year=1964, month=7)),
        ("July 31, 1964", D(year=1964, month=7, day=31)),
        ("31 de julio de 1964", D(year=1964, month=7, day=31)),
        ("31 août 1964", D(year=1964, month=8, day=31)),
        ("31.07.1964", D(year=1964, month=7, day=31)),
        ("07/31/1964", D(year=1964, month=7, day=31)),
        ("03/04/1964", D(year=1964, month=4, day=3)),
        ("circa 1965", D(year=1965, about=True)),
        ("1964 to 1966", D(year=1964, until_year=1966)),
        ("1964-1966", D(year=1964, until_year=1966)),
        ("circa 1964 to 1966", D(year=1964, until_year=1966, about=True)),
    ],
)
def test_usual_forms_are_read(text: str, date: PartialDate) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize("text", ["", "unknown", "31 Feb 1964", "0000", "64", "1966 to 1964", "99/99/1964", "Foo 1964"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("1964-07-31", "31 Jul 1964", "equal"),
        ("1964-03-04", "1964-04-03", "swapped"),
        ("1964-07", "1964-07-31", "month"),
        ("1964", "1964-07-31", "year"),
        ("circa 1965", "1966-01-01", "near"),
        ("1964 to 1966", "1965-05-05", "near"),
        ("circa 1965", "1965-05-05", "year"),
        ("1964", "1965", "contradicts"),
        ("1964-07", "1964-08-01", "contradicts"),
        ("1964 to 1966", "1970", "contradicts"),
    ],
)
def test_agreement(left: str, right: str, expected: str) -> None:
    first, second = parse_date(left), parse_date(right)
    assert first is not None
    assert second is not None
    assert agreement(first, second) == agreement(second, first) == expected


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.one_of(st.text(max_size=200), st.text("0123456789 -/.Julcirato", max_size=30)))
def test_any_text_is_a_date_or_none(text: str) -> None:
    date = parse_date(text)
    assert date is None or (1000 <= date.year <= 2999 and agreement(date, date) in ("equal", "month", "year"))
