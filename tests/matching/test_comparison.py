"""Two things compared by their properties: what speaks for and against, and the sum."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.matching.comparison import Comparison, Properties, compare, compare_hit
from alidade.matching.thresholds import USES, threshold_for
from alidade.matching.weights import WEIGHTS

MATCH = 0.7  # the convention of the field: from here on two things are taken for one
PAIRS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "thing_pairs.json").read_text("utf-8"))[
    "pairs"
]


def _share(comparison: Comparison, evidence: str) -> float | None:
    return next((part.contribution for part in comparison.parts if part.evidence == evidence), None)


def _f1(half: str) -> float:
    hits = [
        (compare(pair["left"], pair["right"]).score >= MATCH, pair["match"]) for pair in PAIRS if pair["half"] == half
    ]
    true = sum(said and match for said, match in hits)
    return 2 * true / (2 * true + sum(said != match for said, match in hits))


@pytest.mark.parametrize("half", ["tuning", "held_back"])
def test_labelled_pairs_are_told_apart_at_the_threshold(half: str) -> None:
    assert sum(pair["half"] == half for pair in PAIRS) >= 120
    assert _f1(half) >= 0.95


def test_birth_date_moves_the_score_as_far_as_it_is_known() -> None:
    def score(left: str, right: str) -> float:
        return compare(
            {"name": ["Ivan Petrov"], "birthDate": [left]},
            {"name": ["Ivan Petrov"], "birthDate": [right]},
            "person",
        ).score

    equal, swapped = score("1964-03-04", "4 Mar 1964"), score("1964-03-04", "1964-04-03")
    year, slip = score("1964-03-04", "1964"), score("1964-03-04", "1964-03-05")
    contradicts = score("1964-03-04", "1974-03-04")
    unknown = compare({"name": ["Ivan Petrov"], "birthDate": ["1964"]}, {"name": ["Ivan Petrov"]}, "person").score
    assert equal > year > swapped > unknown > slip > MATCH > contradicts
    assert unknown == pytest.approx(WEIGHTS.name_of_pair.equal, abs=1e-6)


def test_unknown_is_no_difference() -> None:
    name = {"name": ["Ivan Petrov"]}
    full = {
        "name": ["Ivan Petrov"],
        "nationality": ["ru"],
        "gender": ["male"],
        "birthDate": ["1964"],
        "phone": ["x"],
        "address": "Nowhere 1",
        "unheardOf": ["of"],
    }
    assert {part.evidence for part in compare(name, full, "person").parts} == {"name"}


def test_an_equal_identifier_decides() -> None:
    left = {"name": ["Ivan Petrov"], "passportNumber": ["AB 123-4567"]}
    right = {"name": ["Iwan Petroff"], "idNumber": ["ab1234567"]}
    assert compare(left, right, "person").score >= 0.94
    stranger = {"name": ["Zoltan Nagy"], "passportNumber": ["AB1234567"]}
    assert compare(left, stranger, "person").score >= 0.75


def test_one_error_in_a_number_without_check_digit_is_worth_less_than_none() -> None:
    left = {"name": ["Ivan Petrov"], "passportNumber": ["AB1234567"]}
    near = compare(left, {"name": ["Zoltan Nagy"], "passportNumber": ["AB1234561"]}, "person")
    equal = compare(left, {"name": ["Zoltan Nagy"], "passportNumber": ["AB1234567"]}, "person")
    assert [part.rule for part in near.parts if part.evidence == "document"] == ["one error"]
    assert 0 < near.score < MATCH < equal.score
    beside = compare(left, {"name": ["Ivan Petrov"], "passportNumber": ["AB1234561"]}, "person")
    assert (_share(beside, "document") or 0) > 0


def test_a_number_with_a_wrong_check_digit_weighs_half() -> None:
    good = compare({"imoNumber": ["9074729"]}, {"imoNumber": ["IMO 9074729"]}, "vessel")
    bad = compare({"imoNumber": ["9074728"]}, {"imoNumber": ["IMO 9074728"]}, "vessel")
    assert bad.score == pytest.approx(good.score * WEIGHTS.identifiers.unchecked, abs=1e-5)


def test_two_right_imo_numbers_that_differ_speak_against() -> None:
    left = {"name": ["Snow Storm"], "imoNumber": ["9074729"]}
    same_name = {"name": ["Snow Storm"], "imoNumber": ["9187629"]}
    against = WEIGHTS.identifiers.contradicts["imoNumber"]
    assert _share(compare(left, same_name, "vessel"), "imo") == pytest.approx(against, abs=1e-5)
    mistyped = {"name": ["Snow Storm"], "imoNumber": ["9074728"]}
    assert _share(compare(left, mistyped, "vessel"), "imo") is None


def test_companies_of_one_name_and_country_with_other_registration_numbers_are_two() -> None:
    left = {
        "schema": "Company",
        "name": "Borealtek Shipping Ltd",
        "jurisdiction": "cy",
        "registrationNumber": "HE338201",
    }
    found = compare(left, {**left, "registrationNumber": "HE102933"})
    assert found.score < MATCH - 0.02
    assert [(part.rule, part.contribution < 0) for part in found.parts if part.evidence == "registration"] == [
        ("different", True)
    ]
    assert compare(left, left).score > MATCH


def test_a_hit_is_judged_on_the_scale_of_a_search() -> None:
    question, by_chance = {"name": "Jan Vermeulen"}, {"name": "Jan Willem Vermeulen"}
    slip = compare_hit(question, {"name": "Jan Vermeuten"}, "person")
    assert slip.name is not None
    assert slip.best is not None
    assert slip.name.score == slip.best.agreement
    assert compare(question, by_chance, "person").best != compare_hit(question, by_chance, "person").best
    equal = compare_hit(question, question, "person")
    assert equal.score == pytest.approx(WEIGHTS.name_of_hit.equal, abs=1e-6)
    assert equal.score >= threshold_for("must_be_sure").threshold


@pytest.mark.parametrize(
    ("question", "record", "uses"),
    [
        ({"name": "Jan Vermeulen"}, {"name": "Vermeulen, Jan"}, USES),
        ({"name": "Jan Vermeulen"}, {"name": "Piet Hein"}, ()),
        # One word is no sure name of a person, equal as it may be; of one among several words less still.
        ({"name": "Suharto"}, {"name": "Suharto"}, ("usual", "must_not_miss")),
        ({"name": "Vermeulen"}, {"name": "Jan Vermeulen"}, ("must_not_miss",)),
        # Written as one word, it is all of the name.
        ({"name": "Annamaria Rossi"}, {"name": "Annamariarossi"}, USES),
        # A birth date decides what names leave open.
        ({"name": "Jan Vermeulen", "birthDate": "1970-02-01"}, {"name": "Jan Vermeulen", "birthDate": "1985-06-30"},
         ("must_not_miss",)),
        ({"name": "Jan Vermeulen", "birthDate": "1970-02-01"}, {"name": "Jan Vermeulen", "birthDate": "1970"}, USES),
    ],
)  # fmt: skip
def test_each_use_shows_what_it_is_for(question: Properties, record: Properties, uses: tuple[str, ...]) -> None:
    score = compare_hit(question, record, "person").score
    assert {use for use in USES if score >= threshold_for(use).threshold} == set(uses), score


def test_the_best_name_counts_and_a_weak_alias_counts_less() -> None:
    query = {"name": ["Carlos Romero"]}
    alias = compare(query, {"name": ["Juan Gomez"], "alias": ["Carlos Romero"]}, "person")
    weak = compare(query, {"name": ["Juan Gomez"], "weakAlias": ["Carlos Romero"]}, "person")
    assert alias.parts[0].right == "Carlos Romero"
    assert alias.name is not None
    assert alias.name.score == 1.0
    assert alias.score == pytest.approx(WEIGHTS.name_of_pair.equal, abs=1e-6)
    assert weak.score == pytest.approx(WEIGHTS.name_of_pair.equal * WEIGHTS.name_properties["weakAlias"], abs=1e-6)


def test_country_and_gender_are_signed() -> None:
    left = {"name": ["Ivan Petrov"], "nationality": ["ru"], "gender": ["male"]}
    same = compare(left, {"name": ["Ivan Petrov"], "country": ["RU"], "gender": ["M"]}, "person")
    other = compare(left, {"name": ["Ivan Petrov"], "country": ["bg"], "gender": ["female"]}, "person")
    assert (_share(same, "country") or 0) > 0 > (_share(other, "country") or 0)
    assert (_share(same, "gender") or 0) > 0 > (_share(other, "gender") or 0)


def test_a_text_is_a_list_of_one_and_the_schema_says_how_names_are_read() -> None:
    left = {"schema": "Company", "name": "Brelkona Metals Limited", "jurisdiction": "gb"}
    right = {"schema": ["LegalEntity"], "name": ["Brelkona Metals Ltd"], "jurisdiction": ["GB"]}
    assert compare(left, right) == compare(left, right, "organisation")
    assert compare(left, right).score > MATCH


@pytest.mark.parametrize("schema", ["Vessel", "Company", "Airplane"])
def test_things_of_incompatible_schemata_never_match(schema: str) -> None:
    person = {"schema": "Person", "name": "Maria Celestina", "passportNumber": "AB1234567"}
    found = compare(person, {**person, "schema": schema})
    assert found.score == 0.0
    assert [part.evidence for part in found.parts] == ["schema"]


def test_weights_say_where_they_come_from() -> None:
    assert "invented" in WEIGHTS.source
    assert compare({}, {}, "person") == Comparison(score=0.0, parts=(), weights_version=WEIGHTS.version)


VALUES = {
    "schema": ["Person", "LegalEntity", "Vessel", "Thing"],
    "name": ["Ivan Petrov", "Petroff Iwan", "Иван Петров", "Zoltan", "", "Corp"],
    "alias": ["Vanya", "Ivan P."],
    "weakAlias": ["Zoltan", "Ivan"],
    "firstName": ["Ivan", "Olga"],
    "birthDate": ["1964", "1964-07-31", "1965-07-31", "circa 1965", "31 Jul 1964", "never"],
    "incorporationDate": ["1999", "1999-01-02", "2004-01-02"],
    "nationality": ["ru", "BG"],
    "country": ["ru", ""],
    "gender": ["male", "F", "?"],
    "phone": ["+34911234567", "911"],
    "imoNumber": ["9074729", "9187629", "9074728"],
    "passportNumber": ["AB1234567", "AB1234561", "12", "\x00"],
    "address": ["Calle Mayor 3, Madrid", "C. Mayor 3", "Calle Mayor 4", "--"],
    "fatherName": ["Petr", "Stepan"],
    "odd": ["anything"],
}
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(st.sampled_from(texts), st.lists(st.sampled_from(texts), max_size=3))
        for name, texts in VALUES.items()
    },
)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(left=PROPERTIES, right=PROPERTIES)
def test_shares_add_up_and_sides_may_change_places(left: Properties, right: Properties) -> None:
    forward, backward = compare(left, right), compare(right, left)
    assert 0.0 <= forward.score <= 1.0
    assert forward.score == sum(part.contribution for part in forward.parts)
    assert forward.score == backward.score
    assert compare(left, right) == forward


@settings(max_examples=150, derandomize=True, deadline=None)
@given(left=PROPERTIES, right=PROPERTIES, name=st.sampled_from(sorted(VALUES)))
def test_what_only_one_side_has_never_counts_against(left: Properties, right: Properties, name: str) -> None:
    both = {key for key in left if key in right}
    evidence = {part.evidence for part in compare(left, right).parts if part.contribution < 0}
    if name in ("gender", "address", "fatherName", "incorporationDate") and name not in both:
        assert name not in evidence
