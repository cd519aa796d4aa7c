"""Guess: headers in four languages, and values that speak for themselves."""

from __future__ import annotations

import pytest

from alidade.formats.guess import Guess, guess_mapping
from alidade.formats.mapping import Column, check_mapping
from alidade.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def targets(guess: Guess) -> dict[str, str]:
    return {each.column: each.property for each in guess.mapping.columns}


def column(guess: Guess, name: str) -> Column:
    return next(each for each in guess.mapping.columns if each.column == name)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ["Ref", "First Name", "Surname", "DOB", "Nationality", "Passport No.", "Mobile"],
            ["@key", "firstName", "lastName", "birthDate", "nationality", "passportNumber", "phone"],
        ),
        (
            ["N° dossier", "Prénom", "NOM", "Né le", "Nationalité", "N° passeport", "Téléphone"],
            ["", "firstName", "lastName", "birthDate", "nationality", "passportNumber", "phone"],
        ),
        (
            [
                "Expediente",
                "Nombres",
                "Apellidos",
                "Fecha de nacimiento",
                "Nacionalidad",
                "Pasaporte",
                "Celular",
            ],
            ["@key", "firstName", "lastName", "birthDate", "nationality", "passportNumber", "phone"],
        ),
        (
            [
                "Processo",
                "Nome próprio",
                "Apelido",
                "Data de nascimento",
                "Nacionalidade",
                "Passaporte",
                "Telemóvel",
            ],
            ["@key", "firstName", "lastName", "birthDate", "nationality", "passportNumber", "phone"],
        ),
    ],
)
def test_headers_of_four_languages(vocabulary: Vocabulary, header: list[str], expected: list[str]) -> None:
    guess = guess_mapping(header, [], vocabulary)
    assert guess.mapping.thing == "Person"
    found = targets(guess) | dict.fromkeys(guess.mapping.keys, "@key")
    for name, target in zip(header, expected, strict=True):
        if target:
            assert found.get(name) == target, name
            assert guess.confidence[name] > 0.4
    check_mapping(guess.mapping, header, vocabulary)


@pytest.mark.parametrize(
    ("header", "thing"),
    [
        (["Vessel name", "IMO", "Flag"], "Vessel"),
        (["Plaque", "Marque", "Modèle", "Couleur"], "Vehicle"),
        (["Razón social", "NIT", "Dirección"], "Company"),
        (["Container no", "Seal"], "Container"),
        (["IBAN", "Bank"], "BankAccount"),
        (["Name", "Remarks"], "LegalEntity"),
    ],
)
def test_type_of_thing(vocabulary: Vocabulary, header: list[str], thing: str) -> None:
    assert guess_mapping(header, [], vocabulary).mapping.thing == thing


def test_values_speak_where_the_header_does_not(vocabulary: Vocabulary) -> None:
    rows = [
        ("Anna", "anna@example.org", "+31 6 12345678", "blue"),
        ("Bob", "bob@example.org", "+32 470 12 34 56", "green"),
    ]
    guess = guess_mapping(["first name", "zz", "yy", "xx"], rows, vocabulary)
    assert targets(guess) == {"first name": "firstName", "zz": "email", "yy": "phone"}
    assert guess.unmapped == ("xx",)


@pytest.mark.parametrize(
    ("values", "thing", "target"),
    [
        (["NL91 ABNA 0417 1643 00", "GB29 NWBK 6016 1331 9268 19"], "BankAccount", "iban"),
        (["9074729", "9187629"], "Vessel", "imoNumber"),
        (["CSQU3054383", "MSKU6011672"], "Container", "containerNumber"),
        (["1M8GDM9AXKP042788", "1HGCM82633A004352"], "Vehicle", "vin"),
    ],
)
def test_numbers_with_a_check_digit_are_known(
    vocabulary: Vocabulary, values: list[str], thing: str, target: str
) -> None:
    guess = guess_mapping(["zz"], [(value,) for value in values], vocabulary)
    assert guess.mapping.thing == thing
    assert targets(guess) == {"zz": target}


@pytest.mark.parametrize(
    ("dates", "order", "sure"),
    [
        (["31/12/1990", "01/02/1991"], "day_first", True),
        (["12/31/1990", "01/02/1991"], "month_first", True),
        (["03/04/1990", "01/02/1991"], "day_first", False),
        (["1990-12-31"], "day_first", True),
    ],
)
def test_order_of_dates(vocabulary: Vocabulary, dates: list[str], order: str, sure: bool) -> None:
    guess = guess_mapping(["name", "date of birth"], [("x", date) for date in dates], vocabulary)
    assert column(guess, "date of birth").order == order
    assert (guess.confidence["date of birth"] > 0.8) is sure


def test_letters_for_gender(vocabulary: Vocabulary) -> None:
    english = guess_mapping(["first name", "sex"], [("A", "F"), ("B", "M")], vocabulary)
    assert column(english, "sex").values["M"] == "male"
    spanish = guess_mapping(["nombres", "sexo"], [("A", "H"), ("B", "M")], vocabulary)
    assert column(spanish, "sexo").values["M"] == "female"


def test_several_values_in_a_cell(vocabulary: Vocabulary) -> None:
    rows = [("A", "a@example.org; b@example.org"), ("B", "c@example.org")]
    assert column(guess_mapping(["name", "email"], rows, vocabulary), "email").separator == ";"


def test_a_column_of_types(vocabulary: Vocabulary) -> None:
    rows = [("Person", "Anna"), ("Vessel", "Boat")]
    guess = guess_mapping(["type", "name"], rows, vocabulary)
    assert (guess.mapping.thing, guess.mapping.thing_column) == ("", "type")


def test_a_column_whose_values_contradict_its_name_is_left_out(vocabulary: Vocabulary) -> None:
    guess = guess_mapping(["first name", "date of birth note"], [("A", "see file"), ("B", "none")], vocabulary)
    assert "date of birth note" in guess.unmapped


def test_phones_take_the_country_of_the_row(vocabulary: Vocabulary) -> None:
    guess = guess_mapping(["name", "phone", "country"], [], vocabulary)
    assert column(guess, "phone").country_column == "country"
