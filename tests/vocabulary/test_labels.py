"""Every word stands in four languages, and a language never borrows from its neighbour."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from alidade.vocabulary import LANGUAGES, Label, UnknownCode, Vocabulary, load_vocabulary

FROM_CLDR = {"countries", "languages"}
FOREIGN = {"en": "ãõçñ¿", "fr": "ãõñ¿íúóá", "es": "ãõçêâ", "pt": "ñ¿ùœ", "pt_BR": "ñ¿ùœ"}


def labels_in(found: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every label anywhere in decoded JSON, with the path to it."""
    if isinstance(found, dict):
        path = f"{path}/{found.get('code') or found.get('name') or found.get('grade') or ''}"
        if "en" in found:
            yield path, found
        for key, value in found.items():
            yield from labels_in(value, f"{path}.{key}")
    elif isinstance(found, list):
        for value in found:
            yield from labels_in(value, path)


def every_file() -> list[str]:
    return sorted(path.stem for path in load_vocabulary().folder.glob("*.json"))


@pytest.mark.parametrize("name", every_file())
def test_every_label_is_complete_and_tidy(name: str, vocabulary: Vocabulary) -> None:
    found = list(labels_in(json.loads((vocabulary.folder / f"{name}.json").read_text())))
    assert found
    for path, label in found:
        assert set(label) - {"pt_BR"} == set(LANGUAGES), path
        for language, text in label.items():
            assert text, path
            assert text == text.strip(), (path, language)
            assert "  " not in text, (path, language)
            assert not set("\n\t|") & set(text), (path, language)
        if "pt_BR" in label:
            assert label["pt_BR"] != label["pt"], f"{path}: pt_BR given without difference"


@pytest.mark.parametrize("name", [each for each in every_file() if each not in FROM_CLDR | {"agreements"}])
def test_no_language_carries_letters_of_its_neighbour(name: str, vocabulary: Vocabulary) -> None:
    for path, label in labels_in(json.loads((vocabulary.folder / f"{name}.json").read_text())):
        for language, text in label.items():
            if len(text) > 3:
                assert not set(FOREIGN[language]) & set(text.casefold()), (path, language, text)
            assert "'" not in text, (path, language, "straight apostrophe")


def test_a_label_answers_in_the_language_asked_for() -> None:
    label = Label(en="container", fr="conteneur", es="contenedor", pt="contentor", pt_BR="contêiner")
    assert [label.in_(each) for each in ("en", "fr", "es", "pt")] == [
        "container",
        "conteneur",
        "contenedor",
        "contentor",
    ]
    assert {label.in_(each) for each in ("pt_BR", "pt-BR", "pt-br", "PT_br")} == {"contêiner"}
    assert label.in_("pt-PT") == "contentor"
    assert label.in_("en-GB") == "container"
    assert label.in_("fr_BE") == "conteneur"


def test_brazil_reads_the_common_form_where_nothing_differs() -> None:
    assert Label(en="port", fr="port", es="puerto", pt="porto").in_("pt-BR") == "porto"


@pytest.mark.parametrize("language", ["de", "", "english", "ptbr", "-"])
def test_an_unknown_language_is_refused(language: str) -> None:
    with pytest.raises(UnknownCode):
        Label(en="a", fr="b", es="c", pt="d").in_(language)
