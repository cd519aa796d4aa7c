"""Numbers one error apart, and which numbers tolerate none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.matching.identifiers import Identifier, IdentifierKind, normalise
from alidade.matching.identifiers.near_identifiers import agreement, near_keys

SIGNS = st.text("ABO0I158SZ29", min_size=6, max_size=12)


def _document(text: str) -> Identifier:
    return normalise("document", text)


@pytest.mark.parametrize(
    ("kind", "left", "right", "expected"),
    [
        ("document", "AB 1234567", "ab-1234567", "equal"),
        ("document", "AB1234567", "AB1234867", "one_error"),
        ("document", "AB1234567", "AB123456", "one_error"),
        ("document", "AB1234567", "AB1235467", "one_error"),
        ("document", "AB1034567", "ABIO34S67", "one_error"),
        ("document", "AB1234567", "AB1299567", "different"),
        ("document", "12345", "12346", "different"),
        ("plate", "1234 BCD", "1234 BCF", "one_error"),
        ("mmsi", "273334410", "273334411", "one_error"),
        ("imo", "9074729", "9074728", "different"),
        ("phone", "+34911234567", "+34911234568", "different"),
        ("email", "anna@example.org", "anne@example.org", "different"),
        ("registration", "HE338201", "HE338207", "one_error"),
    ],
)
def test_how_two_numbers_agree(kind: IdentifierKind, left: str, right: str, expected: str) -> None:
    one, other = normalise(kind, left), normalise(kind, right)
    assert agreement(one, other) == agreement(other, one) == expected


def test_numbers_of_different_kinds_are_different() -> None:
    assert agreement(normalise("document", "1234567"), normalise("account", "1234567")) == "different"


def test_a_number_with_a_fitting_check_digit_has_its_own_key_only() -> None:
    assert near_keys(normalise("imo", "9074729")) == {"9074729"}
    assert len(near_keys(_document("AB1234567"))) > 9


@settings(max_examples=400, derandomize=True, deadline=None)
@given(left=SIGNS, right=SIGNS, place=st.integers(0, 11), sign=st.sampled_from("AB0158Z9"))
def test_numbers_that_agree_share_a_near_key(left: str, right: str, place: int, sign: str) -> None:
    slipped = left[:place] + sign + left[place + 1 :]
    for one, other in ((left, right), (left, slipped), (left, left[:place] + left[place + 1 :])):
        first, second = _document(one), _document(other)
        if agreement(first, second) != "different":
            assert near_keys(first) & near_keys(second)
