"""Legal forms, titles, particles and trade words: what they are written like, and that they lead to nothing alone."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alidade.matching
from alidade.matching.folding import fold
from alidade.matching.generic_words import (
    GENERIC_WORDS_VERSION,
    Thing,
    canonical_words,
    single_words,
    starts_of_phrases,
    telling,
    word_kind,
    words_of_organisations,
)

#: Measured 0.82 of the 2,515 entries; what is missing occurs in registers, hardly in names.
ABBREVIATIONS_FLOOR = 0.80


def _words(name: str, thing: Thing) -> list[str]:
    return canonical_words(fold(name), thing)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("OAO Gazprom", "Open Joint Stock Company Gazprom"),
        ("Siemens Aktiengesellschaft", "SIEMENS AG"),
        ("ООО Альфа", "OOO Alfa"),
        ("Grupo Bimbo S.A.B. de C.V.", "Grupo Bimbo SAB de CV"),
        ("Koç Holding A.Ş.", "KOC HOLDING AS"),
        ("Acme Limited Şirketi", "Acme Ltd. Şti."),
        ("Nowak Sp. z o.o.", "Nowak spółka z ograniczoną odpowiedzialnością"),
        ("Perez S. de R.L. de C.V.", "Perez SRL"),
        ("Novak, s.r.o.", "Novak společnost s ručením omezeným"),
        ("Horvat d.o.o.", "Horvat društvo s ograničenom odgovornošću"),
        ("Fortis N.V.", "Fortis Naamloze Vennootschap"),
        ("A.B.C. Company", "ABC Co"),
        ("A.B.C. S.A.", "ABC S.A."),
    ],
)
def test_ways_to_write_a_legal_form_are_one(left: str, right: str) -> None:
    assert _words(left, "organisation") == _words(right, "organisation")


@pytest.mark.parametrize(
    "name",
    [
        "CORP", "General Trading & Shipping Co. (L.L.C.)", "Comercializadora Internacional S.A.", "Holding Group Ltd",
        "Import Export GmbH", "Sanayi ve Ticaret Limited Şirketi", "Construtora e Distribuidora Ltda",
        "Mezhdunarodnaya Torgovaya Kompaniya OOO", "Petroleum Services Company", "Société Générale de Transport SARL",
        "Przedsiębiorstwo Handlowe Sp. z o.o.", "Impresa Generale Costruzioni SpA", "Handelsmaatschappij B.V.",
    ],
)  # fmt: skip
def test_generic_words_tell_nothing(name: str) -> None:
    assert telling(_words(name, "organisation"), "organisation") == []


@pytest.mark.parametrize(
    ("word", "thing", "kind"),
    [
        ("gmbh", "organisation", "legal_form"),
        ("gmbh", "person", "word"),
        ("shipping", "organisation", "common"),
        ("bin", "person", "particle"),
        ("sheikh", "person", "title"),
        ("mv", "vessel", "title"),
        ("gazprom", "organisation", "word"),
        ("7", "vessel", "number"),
        ("a", "person", "initial"),
        ("li", "person", "short"),
    ],
)
def test_kinds_of_words(word: str, thing: Thing, kind: str) -> None:
    assert word_kind(word, thing, 2) == kind


def test_markers_of_descent_are_one_and_stay_with_persons() -> None:
    assert _words("Ali ibn Umar", "person") == _words("Ali ben Umar", "person")
    assert _words("Heydar Alirza ogly", "person")[-1] == _words("Heydar Alirza oğlu", "person")[-1]
    assert _words("Shaykh Omar", "person")[0] == "sheikh"
    assert _words("ABC AS", "organisation") == ["abc", "as"]


def test_every_spelling_leads_to_a_word_that_is_known() -> None:
    things: tuple[Thing, ...] = ("person", "organisation", "vessel", "other")
    for thing in things:
        for word, other in single_words(thing).items():
            assert word_kind(other, thing, 2) in {"legal_form", "common", "title", "particle"}, (word, other)
    assert len(words_of_organisations()) > 2_500
    assert {"the", "of", "de", "al", "el", "la"}.isdisjoint(starts_of_phrases())


def test_the_table_says_where_it_comes_from() -> None:
    path = Path(alidade.matching.__file__).parent / "data" / "generic_words.json"
    head = msgspec.json.decode(path.read_bytes())
    assert head["version"] == GENERIC_WORDS_VERSION
    assert "rigour" in head["source"]
    assert "MIT" in head["licence"]
    assert head["verified"] is False


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["s", "a", "de", "cv", "gmbh", "co", "kg", "sp", "z", "o", "alfa", "x9"]), max_size=9
    ),
    thing=st.sampled_from(["person", "organisation", "vessel", "other"]),
)
def test_short_forms_are_short_forms_of_themselves(words: list[str], thing: Thing) -> None:
    found = canonical_words(" ".join(words), thing)
    assert all(found)
    assert len(found) <= len(words) + 1


def test_abbreviations_of_the_list_of_legal_forms_are_known(shared_data: Path) -> None:
    path = shared_data / "organisation_types" / "elf-codes-1.4.1.csv"
    if not path.is_file():
        pytest.skip("list of legal forms not in the public test data")
    known = entries = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["ELF Status ACTV/INAC"] != "ACTV":
                continue
            for text in row["Abbreviations Local language"].split(";"):
                if re.search("[A-Za-z]", text):
                    words = _words(f"acme {text}", "organisation")[1:]
                    known += bool(words) and telling(words, "organisation") == []
                    entries += 1
    assert entries > 2_000
    assert known / entries >= ABBREVIATIONS_FLOOR
