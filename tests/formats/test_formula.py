"""Formulas: found, made harmless, restored."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.formats.formula import is_formula, neutralise, restore


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|x", "-2+cmd", "\tx", "\r=1", "\uff1d1"])
def test_formulas_are_found_and_neutralised(text: str) -> None:
    assert is_formula(text)
    assert neutralise(text).startswith("'")


@pytest.mark.parametrize("text", ["+31 6 1234", "-5", "-0- ", "-", "Anna", "", "'quoted'", "(+31)"])
def test_harmless_cells_are_no_formulas(text: str) -> None:
    assert not is_formula(text)


@given(st.text(alphabet="'=+-@\t\r\nab\uff1d", max_size=6))
@settings(derandomize=True, max_examples=400)
def test_restoring_gives_back_the_text(text: str) -> None:
    assert restore(neutralise(text)) == text
    assert neutralise(text)[:1] not in set("=+-@\t\r\n\uff1d")
