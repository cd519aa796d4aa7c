"""What a refusal says in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from alidade.model.errors import Invalid
from alidade.web import told as told_module
from alidade.web.told import told, translated


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known = {"Nothing was done.": "Rien n’a été fait.", "Row {0} has no {1}.": "Il manque {1} à la ligne {0}."}
    monkeypatch.setattr(told_module, "_", lambda sentence: known.get(sentence, sentence))
    shapes = told_module._shapes
    monkeypatch.setattr(told_module, "_LISTING", told_module._LISTING)
    told_module._shapes.cache_clear()
    monkeypatch.setattr(told_module.json, "loads", lambda text: ["Row {0} has no {1}.", "Row {0}."])
    yield
    shapes.cache_clear()


def test_a_sentence_is_translated_also_where_something_is_filled_in(spoken: None) -> None:
    assert translated("Nothing was done.") == "Rien n’a été fait."
    assert translated("Row 7 has no {name}.") == "Il manque {name} à la ligne 7."
    assert translated("Row 7.") == "Row 7."  # recognised, not translated
    assert translated("Never heard.") == "Never heard."
    assert told(Invalid("Row 1 has no date.", remedy="Nothing was done.")) == (
        "Il manque date à la ligne 1.",
        "Rien n’a été fait.",
    )


def test_english_stays_english() -> None:
    sentence = "The purpose is not in the list of purposes."
    with translation.override("en"):
        assert translated(sentence) == sentence
