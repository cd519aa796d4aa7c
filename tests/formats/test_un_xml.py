"""The United Nations list in XML, on an invented one after its schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from alidade.formats.table import TEXT_COLUMN
from alidade.formats.un_xml import read_un
from alidade.model.draft import Claim, Draft, Place, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary, load_vocabulary

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def items(vocabulary: Vocabulary) -> list[Draft | Problem]:
    return list(read_un(FIXTURES / "un_consolidated.xml", vocabulary))


def drafts(items: list[Draft | Problem]) -> dict[str, Draft]:
    return {item.key: item for item in items if isinstance(item, Draft)}


def problems(items: list[Draft | Problem]) -> list[Problem]:
    return [item for item in items if isinstance(item, Problem)]


def said(draft: Draft) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for claim in draft.claims:
        found.setdefault(claim.property, []).append(claim.value)
    return found


def claim(draft: Draft, name: str, value: str) -> Claim:
    return next(each for each in draft.claims if (each.property, each.value) == (name, value))


def test_every_entry_has_its_key_and_type(items: list[Draft | Problem]) -> None:
    found = drafts(items)
    assert len(found) == 12
    assert [draft.thing for draft in found.values()] == ["Person"] * 7 + ["Organization"] * 5
    assert found["7000001"].place == Place(file="un_consolidated.xml", row=5)


def test_every_element_of_a_person_becomes_a_claim(items: list[Draft | Problem]) -> None:
    person = drafts(items)["7000001"]
    found = said(person)
    notes = found.pop("notes")
    assert found == {
        "name": ["TESTO MADEUP OF NOWHERE FOURTH"],
        "firstName": ["TESTO"],
        "alias": ["тесто мадеуп", "Testo Aliaso"],
        "weakAlias": ["Teo"],
        "topics": ["sanction"],
        "program": ["Invented"],
        "systemReference": ["TSi.001"],
        "createdAt": ["2012-12-31"],
        "modifiedAt": ["2014-06-30", "2020-07-13"],
        "gender": ["male"],
        "title": ["Doctor"],
        "position": ["Head of Nothing", "Adviser on Nothing"],
        "nationality": ["YE"],
        "birthDate": ["1971-01-09", "~1972", "1973/1975"],
        "birthPlace": ["Nil, Nilland, Yemen"],
        "birthCountry": ["YE"],
        "address": ["1 Made Street, Sana'a, Province, 0001, Yemen"],
        "country": ["YE"],
        "passportNumber": ["T000001"],
        "idNumber": ["010122"],
    }
    assert set(notes) == {
        "Submitted by: Member State T",
        "An invented comment; with a semicolon.",
        "Date of birth: by his account",
        "Place of birth: village",
        "Alias Teo: born 1970, born in Nil, born in Yemen, note forged papers",
        "Address: previous",
        "Passport T000001 (Aden, Yemen) issued 1999-05-06: stolen",
        "SOMETHING_NEW/DEEPER: an unknown fact",
        "SOMETHING_NEW/DEEPER/kind: odd",
    }


def test_the_original_is_kept_where_it_differs(items: list[Draft | Problem]) -> None:
    person = drafts(items)["7000001"]
    assert claim(person, "nationality", "YE").original == "Yemen"
    assert claim(person, "gender", "male").original == "Male"
    assert claim(person, "birthDate", "~1972").original == "1972"
    paper = claim(person, "passportNumber", "T000001")
    assert paper.original == "Passport T000001 (Aden, Yemen) issued 1999-05-06"
    assert paper.valid_from == "1999-05-06"
    assert claim(person, "idNumber", "010122").original == "National Identification Number, old form 0101-22"


def test_every_element_of_a_body_becomes_a_claim(items: list[Draft | Problem]) -> None:
    assert said(drafts(items)["7100001"]) == {
        "name": ["INVENTED BODY 1"],
        "alias": ["기관 1", "IB 1"],
        "previousName": ["Old Body 1"],
        "topics": ["sanction"],
        "program": ["Invented"],
        "createdAt": ["2016-01-01"],
        "modifiedAt": ["2019-01-01"],
        "address": ["Pyongyang, Democratic People's Republic of Korea"],
        "country": ["KP"],
        "notes": ["UN reference: TSe.001", "Submitted on: 2016-01-01", "Invented body 1."],
    }


def test_every_text_of_an_entry_is_found_again(items: list[Draft | Problem]) -> None:
    """Nothing is lost: each text of the source is in a claim, an original, a validity or the XML that is kept."""
    person = drafts(items)["7000001"]
    whole = " ".join(f"{each.value} {each.original} {each.valid_from}" for each in person.claims)
    for text in ("Sana'a", "Province", "0001", "Aden", "forged papers", "old form", "Nilland", "odd", "FOURTH"):
        assert text in whole
    ((_, raw),) = person.raw
    assert "<VERSIONNUM>1</VERSIONNUM>" in raw[TEXT_COLUMN]


def test_what_is_not_known_is_told_with_its_line(items: list[Draft | Problem]) -> None:
    found = [(each.code, each.field, each.place.row, each.fatal) for each in problems(items)]
    assert found == [
        ("element_unknown", "SOMETHING_NEW/DEEPER", 38, False),
        ("element_unknown", "SOMETHING_NEW/DEEPER/kind", 38, False),
    ]


def read(tmp_path: Path, vocabulary: Vocabulary, inner: str) -> list[Draft | Problem]:
    path = tmp_path / "un.xml"
    path.write_text(f"<CONSOLIDATED_LIST><INDIVIDUALS>\n{inner}\n</INDIVIDUALS></CONSOLIDATED_LIST>", encoding="utf-8")
    return list(read_un(path, vocabulary))


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<INDIVIDUAL><FIRST_NAME>A</FIRST_NAME></INDIVIDUAL>", "key"),
        ("<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME/></INDIVIDUAL>", "name_missing"),
        ("<PLANET><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME></PLANET>", "thing_unknown"),
        ("<INDIVIDUAL><DATAID>2</DATAID><FIRST_NAME>A</FIRST_NAME></INDIVIDUAL>", "key_twice"),
    ],
)
def test_an_entry_that_cannot_be_taken_is_named(inner: str, code: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    good = "<INDIVIDUAL><DATAID>2</DATAID><FIRST_NAME>Given</FIRST_NAME></INDIVIDUAL>\n"
    found = read(tmp_path, vocabulary, good + inner)
    assert list(drafts(found)) == ["2"]
    (problem,) = problems(found)
    assert (problem.code, problem.fatal, problem.place.row) == (code, True, 3)
    assert problem.raw[TEXT_COLUMN] == inner


def test_values_that_are_none_are_kept_and_named(tmp_path: Path, vocabulary: Vocabulary) -> None:
    inner = """<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME>
    <NATIONALITY><VALUE>Neverland</VALUE></NATIONALITY>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1980</FROM_YEAR><TO_YEAR>1970</TO_YEAR>
    </INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_DATE_OF_BIRTH><DATE>unknown</DATE></INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_PLACE_OF_BIRTH><COUNTRY>na</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NOTE>none seen</NOTE></INDIVIDUAL_DOCUMENT>
    stray</INDIVIDUAL>"""
    found = read(tmp_path, vocabulary, inner)
    notes = said(drafts(found)["1"])["notes"]
    for text in ("NATIONALITY: Neverland", "Date of birth: 1980 to 1970", "Date of birth: unknown", "stray"):
        assert text in notes
    assert "Passport: none seen" in notes
    assert [each.code for each in problems(found)] == ["country", "date", "date"]
    assert all(each.raw for each in problems(found))


def test_a_cut_list_says_so_last(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "un.xml"
    whole = (FIXTURES / "un_consolidated.xml").read_bytes()
    path.write_bytes(whole[: whole.index(b"7000005")])
    found = list(read_un(path, vocabulary))
    assert list(drafts(found)) == ["7000001", "7000002", "7000003", "7000004"]
    last = found[-1]
    assert isinstance(last, Problem)
    assert (last.code, last.fatal) == ("xml_cut_off", True)
    assert last.place.row == whole[: whole.index(b"7000005")].count(b"\n") + 1


def test_another_list_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(Unreadable) as caught:
        read_un(FIXTURES / "eu_fsf.xml", vocabulary)
    assert caught.value.code == "wrong_list"
