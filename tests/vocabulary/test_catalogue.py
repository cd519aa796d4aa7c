"""The vocabulary as an object: asked by list, code and language; never changed; never shared."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import msgspec
import pytest

from alidade.vocabulary import UnknownCode, Vocabulary, VocabularyError, load_vocabulary


def test_terms_by_list_code_and_language(vocabulary: Vocabulary) -> None:
    assert vocabulary.label("handling", "H0", "fr") == "Lutte contre la criminalité uniquement"
    assert vocabulary.label("countries", "BE", "es") == "Bélgica"
    assert vocabulary.label("things", "Vessel", "fr") == "Navire"
    assert vocabulary.label("things", "Container", "pt-BR") == "Contêiner"


@pytest.mark.parametrize(
    ("list_name", "code", "language"),
    [
        ("handling", "H9", "en"),
        ("colours", "red", "en"),
        ("handling", "H0", "de"),
        ("../handling", "H0", "en"),
    ],
)
def test_what_is_not_there_is_refused(list_name: str, code: str, language: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(UnknownCode):
        vocabulary.label(list_name, code, language)


def test_an_unknown_category_of_persons_allows_nothing(vocabulary: Vocabulary) -> None:
    with pytest.raises(UnknownCode):
        vocabulary.allowed_fields("neighbour")


def test_errors_belong_to_one_family(vocabulary: Vocabulary) -> None:
    with pytest.raises(VocabularyError):
        vocabulary.codes("colours")
    with pytest.raises(LookupError):
        vocabulary.codes("colours")


def test_nothing_can_be_changed(vocabulary: Vocabulary) -> None:
    with pytest.raises(TypeError):
        vocabulary.codes("handling")["H4"] = vocabulary.codes("handling")["H0"]  # type: ignore[index]
    with pytest.raises(TypeError):
        vocabulary.things["Person"] = vocabulary.things["Thing"]  # type: ignore[index]
    with pytest.raises(TypeError):
        del vocabulary.properties_of("Person")["name"]  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        vocabulary.codes("handling")["H0"].verified = False  # type: ignore[misc]


def test_two_vocabularies_in_one_process_do_not_mix(copy: Path, vocabulary: Vocabulary) -> None:
    path = copy / "handling.json"
    content = json.loads(path.read_text())
    content["entries"][0]["label"]["en"] = "Changed"
    path.write_text(json.dumps(content))
    other = load_vocabulary(copy)
    assert other.label("handling", "H0", "en") == "Changed"
    assert vocabulary.label("handling", "H0", "en") != "Changed"


def test_a_file_is_read_once_and_only_when_asked_for(copy: Path) -> None:
    found = load_vocabulary(copy)
    assert found.codes("handling")
    (copy / "handling.json").unlink()
    assert found.codes("handling")
    (copy / "genders.json").unlink()
    with pytest.raises(VocabularyError):
        found.codes("genders")


def test_threads_see_the_same(vocabulary: Vocabulary) -> None:
    fresh = load_vocabulary(vocabulary.folder)
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(len(fresh.properties_of("Person")))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert seen == [len(vocabulary.properties_of("Person"))] * 8


def test_every_entry_survives_being_written_and_read(vocabulary: Vocabulary) -> None:
    for name in vocabulary.lists():
        for entry in vocabulary.codes(name).values():
            assert msgspec.json.decode(msgspec.json.encode(entry), type=type(entry)) == entry


def test_heads_are_given_for_things_too(vocabulary: Vocabulary) -> None:
    assert "MIT" in vocabulary.head("things").licence
    assert vocabulary.head("countries").name == "countries"


def test_licences_credit_those_whose_words_we_use(vocabulary: Vocabulary) -> None:
    text = (vocabulary.folder / "LICENCES.md").read_text()
    for credit in ("FollowTheMoney", "Journalism Development Network", "OpenSanctions", "UNICODE LICENSE V3"):
        assert credit in text
