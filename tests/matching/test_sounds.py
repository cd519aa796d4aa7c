"""The consonant skeleton: which spellings of a name share it, and which names do not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.matching.sounds import skeleton

WORD = st.text("abcdefghijklmnopqrstuvwxyz", max_size=24)


@pytest.mark.parametrize(
    "spellings",
    [
        ("akhmed", "ahmed", "achmed", "akhmet"),
        ("mikhail", "mihail"),
        ("khalid", "halid", "khaled"),
        ("milosevic", "milosevich"),
        ("sergej", "sergey", "sergei"),
        ("nikolaj", "nikolay"),
        ("christian", "cristian", "kristian"),
        ("alaoui", "alawi"),
        ("ouattara", "wattara"),
        ("tschaikowski", "chaykovsky"),
        ("hoxha", "hodja"),
        ("kovacs", "kovach"),
        ("kowalecki", "kovaletski"),
        ("mohammed", "muhamad", "mahomet"),
    ],
)
def test_spellings_of_one_name_share_their_skeleton(spellings: tuple[str, ...]) -> None:
    assert len({skeleton(word) for word in spellings}) == 1


@pytest.mark.parametrize(
    ("left", "right"), [("usama", "sama"), ("eric", "erich"), ("peter", "dieter"), ("ali", "eli b")]
)
def test_other_names_do_not(left: str, right: str) -> None:
    assert skeleton(left) != skeleton(right)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(word=WORD)
def test_a_skeleton_is_short_and_of_few_classes(word: str) -> None:
    classes = skeleton(word)
    assert set(classes) <= set("ahptksflrn")
    assert len(classes) <= len(word) + word.count("x")
