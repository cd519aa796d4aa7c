"""Evaluation: none is never better than X4, and a grade of another scheme keeps its own wording."""

from __future__ import annotations

import pytest

from alidade.model.errors import Invalid
from alidade.model.evaluation import NOT_GIVEN, Evaluation, read_evaluation
from alidade.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.mark.parametrize("text", [None, "", "  \t"])
@pytest.mark.parametrize("scheme", ["4x4", "5x5x5", "3x5x2", "admiralty"])
def test_none_at_all_is_x4_and_says_so(vocabulary: Vocabulary, text: str | None, scheme: str) -> None:
    found = read_evaluation(text, vocabulary, scheme=scheme)
    assert found == NOT_GIVEN
    assert (found.code, found.given) == ("X4", False)


def test_x4_that_was_given_differs_from_none(vocabulary: Vocabulary) -> None:
    given = read_evaluation("X4", vocabulary)
    assert given.code == NOT_GIVEN.code
    assert given.given
    assert given != NOT_GIVEN


@pytest.mark.parametrize(
    ("scheme", "text", "code"),
    [("4x4", " B2 ", "B2"), ("5x5x5", "B21", "B2"), ("3x5x2", "1A", "B2"), ("admiralty", "B2", "B3")],
)
def test_another_scheme_is_converted_and_the_original_kept(
    vocabulary: Vocabulary, scheme: str, text: str, code: str
) -> None:
    found = read_evaluation(text, vocabulary, scheme=scheme)
    assert found == Evaluation(code[0], code[1], True, scheme, text.strip())
    assert found.code == code


@pytest.mark.parametrize(("scheme", "text"), [("4x4", "Z9"), ("4x4", "B"), ("5x5x5", "B9"), ("gossip", "B2")])
def test_what_is_no_grade_is_refused_without_being_repeated(vocabulary: Vocabulary, scheme: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_evaluation(text, vocabulary, scheme=scheme)
    assert refused.value.code == "evaluation_unknown"
    assert text not in str(refused.value).replace("B2, or leave", "").replace("Give source", "")
