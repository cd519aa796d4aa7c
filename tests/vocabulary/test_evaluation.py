"""Grades of every scheme read in 4x4, and never better than they were given."""

from __future__ import annotations

from itertools import product

import pytest

from alidade.vocabulary import ConvertedEvaluation, UnknownCode, Vocabulary

SCHEMES = {
    "4x4": ("ABCX", "1234", ""),
    "5x5x5": ("ABCDE", "12345", "12345"),
    "3x5x2": ("123", "ABCDE", "PC"),
    "admiralty": ("ABCDEF", "123456", ""),
}


def test_these_schemes_are_known(vocabulary: Vocabulary) -> None:
    assert set(vocabulary.evaluation_schemes) == set(SCHEMES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_combination_reads_in_4x4(scheme: str, vocabulary: Vocabulary) -> None:
    sources, informations, handlings = SCHEMES[scheme]
    for source, information, handling in product(sources, informations, ["", *handlings]):
        found = vocabulary.convert_evaluation(scheme, source + information + handling)
        assert found.source in vocabulary.codes("evaluation_source")
        assert found.information in vocabulary.codes("evaluation_information")
        assert found.exact or found.note


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_worse_grade_never_reads_better(scheme: str, vocabulary: Vocabulary) -> None:
    """Grades stand best first, apart from "cannot be assessed"; conversion must keep that order."""
    for axis in ("source", "information"):
        grades = vocabulary.evaluation_schemes[scheme].grades_of(axis)
        converted = [str(each.to) for grade, each in sorted(grades.items()) if each.to != "X"]
        assert converted == sorted(converted)


def test_4x4_is_itself(vocabulary: Vocabulary) -> None:
    for source, information in product("ABCX", "1234"):
        assert vocabulary.convert_evaluation("4x4", source + information) == ConvertedEvaluation(
            source=source, information=information, exact=True, note=None
        )


@pytest.mark.parametrize(
    ("scheme", "value", "source", "information", "exact"),
    [
        ("5x5x5", "B2", "B", "2", True),
        ("5x5x5", "E41", "X", "4", False),
        ("5x5x5", "D51", "C", "4", False),
        ("3x5x2", "2B P", "X", "3", True),
        ("3x5x2", "1AC", "B", "2", False),
        ("admiralty", "A1", "A", "1", False),
        ("admiralty", "F6", "X", "4", True),
        ("admiralty", "E5", "C", "4", False),
        ("4x4", " b-2 ", "B", "2", True),
        ("4x4", "x/4", "X", "4", True),
    ],
)
def test_known_readings(
    scheme: str, value: str, source: str, information: str, exact: bool, vocabulary: Vocabulary
) -> None:
    found = vocabulary.convert_evaluation(scheme, value)
    assert (found.source, found.information, found.exact) == (source, information, exact)


def test_handling_grades_are_said_to_be_lost(vocabulary: Vocabulary) -> None:
    assert vocabulary.convert_evaluation("5x5x5", "B2").note is None
    assert "Handling grade" in str(vocabulary.convert_evaluation("5x5x5", "B21").note)


def test_suspected_false_says_so(vocabulary: Vocabulary) -> None:
    assert "false" in str(vocabulary.convert_evaluation("5x5x5", "A5").note)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "value", ["", "A", "1", "2A2A2", "Z9", "A0", "11", "AA", "B2\n", "\u04101", "B\uff12", "A1' OR 1"]
)
def test_anything_else_is_refused(scheme: str, value: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(UnknownCode):
        vocabulary.convert_evaluation(scheme, value)


def test_an_unknown_scheme_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(UnknownCode):
        vocabulary.convert_evaluation("6x6", "A1")
