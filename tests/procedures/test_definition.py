"""A definition: finding its parts by code."""

from __future__ import annotations

import pytest

from alidade.clocks import load_clocks
from alidade.procedures import Definition, load_catalogue


def test_parts_are_found_by_code(small: Definition) -> None:
    assert small.state("asked").turn == "answerer"
    with pytest.raises(KeyError):
        small.state("limbo")
    role = small.role("asker")
    assert role is not None
    assert role.label.en == "Asker"
    assert small.role("copy") is None
    form = small.form_of_step("open")
    assert form is not None
    assert form.code == "ask"
    assert small.form_of_step("message") is None
    assert small.form_of_step("refuse") is None
    assert small.reasons_of("answer") is None
    assert [choice.code for choice in small.reasons_of("refuse") or ()] == ["busy", "secret"]


def test_own_deadlines_stand_beside_those_of_the_law() -> None:
    law = load_clocks()
    follow_up = load_catalogue().newest("hit_follow_up")
    every = follow_up.all_clocks(law)
    assert set(every) == {*law, "house_release", "house_release_urgent"}
    assert not every["house_release"].verified
    assert every["house_release"].source.article == "house rule"
