"""The vocabulary at the command line."""

from __future__ import annotations

import pytest
from desk import Desk


def test_every_list_can_be_shown(prepared: Desk) -> None:
    names = prepared.ask("words")

    assert {"purposes", "legal_grounds", "subject_categories", "roles", "things"} <= set(names)
    for name in names:
        assert prepared.ask("words", name), name


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "Victim"), ("fr", "Victime"), ("es", "Víctima"), ("pt", "Vítima"), ("pt_BR", "Vítima")],
)
def test_words_are_shown_in_the_language_of_the_officer(prepared: Desk, language: str, word: str) -> None:
    assert word in prepared.run("--language", language, "words", "subject_categories").out


def test_what_is_unverified_says_so(prepared: Desk) -> None:
    assert "not verified" in prepared.run("words", "agreements").out
