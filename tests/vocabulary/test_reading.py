"""Damaged vocabulary files are refused with the file and the entry named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alidade.vocabulary import DamagedVocabulary, Vocabulary, VocabularyError, load_vocabulary


def edit(folder: Path, name: str, change: Callable[[Any], None]) -> None:
    path = folder / f"{name}.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False))


def refused(folder: Path, name: str = "handling") -> DamagedVocabulary:
    with pytest.raises(DamagedVocabulary) as caught:
        load_vocabulary(folder).codes(name)
    assert caught.value.file == f"{name}.json"
    assert caught.value.file in str(caught.value)
    return caught.value


def test_a_missing_file(copy: Path) -> None:
    (copy / "handling.json").unlink()
    assert refused(copy).entry is None


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file(part: float, copy: Path) -> None:
    path = copy / "handling.json"
    content = path.read_bytes().rstrip()
    path.write_bytes(content[: int(len(content) * part)])
    refused(copy)


@pytest.mark.parametrize("content", [b"\xff\xfe{}", b"null", b"[]", b"{}", b'"H0"', b"[" * 100_000])
def test_a_file_that_is_no_list(content: bytes, copy: Path) -> None:
    (copy / "handling.json").write_bytes(content)
    refused(copy)


def test_a_duplicate_code(copy: Path) -> None:
    edit(copy, "handling", lambda content: content["entries"].append(content["entries"][1]))
    error = refused(copy)
    assert error.entry == "entry 'H1'"
    assert "twice" in error.reason


def _change(field: str, value: object) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        content["entries"][2][field] = value

    return change


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "red"),
        ("verified", "yes"),
        ("valid_from", "2017-02-30"),
        ("valid_from", "01.05.2017"),
        ("valid_from", 20170501),
        ("source", ""),
        ("source", None),
        ("label", {"en": "a", "fr": "b", "es": "c"}),
        ("label", {"en": "a", "fr": "b", "es": "c", "pt": ""}),
        ("label", {"en": "a", "fr": "b", "es": "c", "pt": "d", "de": "e"}),
        ("label", "No onward passing"),
        ("always", "no"),
    ],
)
def test_a_wrong_field_names_its_entry(field: str, value: object, copy: Path) -> None:
    edit(copy, "handling", _change(field, value))
    error = refused(copy)
    assert error.entry == "entry 3 ('H2')"
    assert field in error.reason or "colour" in error.reason


def test_an_entry_without_code(copy: Path) -> None:
    edit(copy, "handling", lambda content: content["entries"][0].pop("code"))
    assert refused(copy).entry == "entry 1"


def test_an_entry_that_ends_before_it_begins(copy: Path) -> None:
    edit(copy, "handling", _change("valid_until", "2000-01-01"))
    assert refused(copy).entry == "entry 'H2'"


def test_an_entry_without_date(copy: Path) -> None:
    edit(copy, "handling", _change("valid_from", None))
    assert "valid_from" in refused(copy).reason


@pytest.mark.parametrize(
    ("status", "valid_from"),
    [("in_force", None), ("ended", None), ("signed", "2025-01-01"), ("in_talks", "2025-01-01")],
)
def test_an_agreement_whose_status_and_date_disagree(status: str, valid_from: str | None, copy: Path) -> None:
    def change(content: Any) -> None:
        content["entries"][0].update(status=status, valid_from=valid_from)

    edit(copy, "agreements", change)
    refused(copy, "agreements")


def test_a_file_under_a_wrong_name(copy: Path) -> None:
    (copy / "conditions.json").replace(copy / "handling.json")
    refused(copy)


def test_an_unknown_field_in_the_head(copy: Path) -> None:
    edit(copy, "handling", lambda content: content.update(colour="red"))
    assert "colour" in refused(copy).reason


def test_a_damaged_file_leaves_the_others_usable(copy: Path) -> None:
    (copy / "handling.json").write_text("{")
    vocabulary = load_vocabulary(copy)
    assert vocabulary.purposes
    with pytest.raises(DamagedVocabulary):
        vocabulary.load_all()


def test_a_circle_of_types_is_refused_and_not_walked(copy: Path) -> None:
    edit(copy, "things", lambda content: content["entries"][0].update(extends=["Person"]))
    vocabulary = load_vocabulary(copy)
    with pytest.raises(DamagedVocabulary, match=r"things\.json"):
        vocabulary.is_a("Person", "Thing")
    with pytest.raises(VocabularyError):
        vocabulary.properties_of("Person")


def test_a_type_that_stands_twice(copy: Path) -> None:
    edit(copy, "things", lambda content: content["entries"].append(content["entries"][4]))
    with pytest.raises(DamagedVocabulary, match="twice"):
        assert load_vocabulary(copy).things


def test_the_error_names_the_property_that_is_wrong(copy: Path, vocabulary: Vocabulary) -> None:
    person = list(vocabulary.things).index("Person")
    edit(copy, "things", lambda content: content["entries"][person]["properties"][0].update(kind="colour"))
    with pytest.raises(DamagedVocabulary) as caught:
        assert load_vocabulary(copy).things
    assert caught.value.entry == f"entry {person + 1} ('Person')"
    assert "properties" in caught.value.reason
