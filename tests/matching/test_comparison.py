"""Two things compared by their properties: what speaks for and against, and the sum."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.matching.comparison import Comparison, Properties, compare
from alidade.matching.weights import WEIGHTS


def _share(comparison: Comparison, evidence: str) -> float | None:
    return next((part.contribution for part in comparison.parts if part.evidence == evidence), None)


def test_birth_date_moves_the_score_as_far_as_it_is_known() -> None:
    def score(left: str, right: str) -> float:
        return compare(
            {"name": ["Ivan Petrov"], "birthDate": [left]},
            {"name": ["Ivan Petrov"], "birthDate": [right]},
            "person",
        ).score

    equal, swapped = score("1964-03-04", "4 Mar 1964"), score("1964-03-04", "1964-04-03")
    year, contradicts = score("1964-03-04", "1964"), score("1964-03-04", "1971-01-01")
    unknown = compare({"name": ["Ivan Petrov"], "birthDate": ["1964"]}, {"name": ["Ivan Petrov"]}, "person").score
    assert equal > swapped > year > unknown > contradicts
    assert unknown == pytest.approx(WEIGHTS.name_share)


def test_unknown_is_no_difference() -> None:
    name = {"name": ["Ivan Petrov"]}
    full = {
        "name": ["Ivan Petrov"],
        "nationality": ["ru"],
        "gender": ["male"],
        "birthDate": ["1964"],
        "phone": ["x"],
    }
    assert {part.evidence for part in compare(name, full, "person").parts} == {"name"}


def test_an_equal_identifier_decides() -> None:
    left = {"name": ["Ivan Petrov"], "passportNumber": ["AB 123-4567"]}
    right = {"name": ["Iwan Petroff"], "idNumber": ["ab1234567"]}
    assert compare(left, right, "person").score >= WEIGHTS.thresholds["near_certain"]
    stranger = {"name": ["Zoltan Nagy"], "passportNumber": ["AB1234567"]}
    assert compare(left, stranger, "person").score >= WEIGHTS.thresholds["near_certain"] - 0.001


def test_a_number_with_a_wrong_check_digit_weighs_half() -> None:
    good = compare({"imoNumber": ["9074729"]}, {"imoNumber": ["IMO 9074729"]}, "vessel")
    bad = compare({"imoNumber": ["9074728"]}, {"imoNumber": ["IMO 9074728"]}, "vessel")
    assert bad.score == pytest.approx(good.score * WEIGHTS.identifiers.unchecked)


def test_two_right_imo_numbers_that_differ_speak_against() -> None:
    left = {"name": ["Snow Storm"], "imoNumber": ["9074729"]}
    same_name = {"name": ["Snow Storm"], "imoNumber": ["9187629"]}
    assert _share(compare(left, same_name, "vessel"), "imo") == WEIGHTS.identifiers.contradicts["imo"]
    mistyped = {"name": ["Snow Storm"], "imoNumber": ["9074728"]}
    assert _share(compare(left, mistyped, "vessel"), "imo") is None


def test_the_best_name_counts_and_a_weak_alias_counts_less() -> None:
    query = {"name": ["Carlos Romero"]}
    alias = compare(query, {"name": ["Juan Gomez"], "alias": ["Carlos Romero"]}, "person")
    weak = compare(query, {"name": ["Juan Gomez"], "weakAlias": ["Carlos Romero"]}, "person")
    assert alias.parts[0].right == "Carlos Romero"
    assert alias.score == pytest.approx(WEIGHTS.name_share)
    assert weak.score == pytest.approx(WEIGHTS.name_share * WEIGHTS.name_properties["weakAlias"])


def test_country_and_gender_are_signed() -> None:
    left = {"name": ["Ivan Petrov"], "nationality": ["ru"], "gender": ["male"]}
    same = compare(left, {"name": ["Ivan Petrov"], "country": ["RU"], "gender": ["M"]}, "person")
    other = compare(left, {"name": ["Ivan Petrov"], "country": ["bg"], "gender": ["female"]}, "person")
    assert (_share(same, "country") or 0) > 0 > (_share(other, "country") or 0)
    assert (_share(same, "gender") or 0) > 0 > (_share(other, "gender") or 0)


def test_weights_say_where_they_come_from() -> None:
    assert "uncalibrated" in WEIGHTS.source
    assert compare({}, {}, "person") == Comparison(score=0.0, parts=(), name=None, weights_version=WEIGHTS.version)


VALUES = {
    "name": ["Ivan Petrov", "Petroff Iwan", "Иван Петров", "Zoltan", ""],
    "alias": ["Vanya", "Ivan P."],
    "weakAlias": ["Zoltan", "Ivan"],
    "birthDate": ["1964", "1964-07-31", "circa 1965", "31 Jul 1964", "never"],
    "nationality": ["ru", "BG"],
    "country": ["ru", ""],
    "gender": ["male", "F", "?"],
    "phone": ["+34911234567", "911"],
    "imoNumber": ["9074729", "9187629", "9074728"],
    "passportNumber": ["AB1234567", "12", "\x00"],
}
PROPERTIES = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(values), max_size=3) for name, values in VALUES.items()}
)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(left=PROPERTIES, right=PROPERTIES)
def test_shares_add_up_and_sides_may_change_places(left: Properties, right: Properties) -> None:
    forward, backward = compare(left, right, "person"), compare(right, left, "person")
    assert 0.0 <= forward.score <= 1.0
    assert forward.score == pytest.approx(sum(part.contribution for part in forward.parts), abs=1e-12)
    assert forward.score == pytest.approx(backward.score, abs=1e-12)
