"""The European Union's list in XML, on an invented one after its schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from alidade.formats.eu_xml import read_eu_xml
from alidade.formats.table import TEXT_COLUMN
from alidade.model.draft import Claim, Draft, Place, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary, load_vocabulary

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def items(vocabulary: Vocabulary) -> list[Draft | Problem]:
    return list(read_eu_xml(FIXTURES / "eu_fsf.xml", vocabulary))


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
    assert (found["80001"].thing, found["80002"].thing) == ("Person", "Organization")
    assert found["80001"].place == Place(file="eu_fsf.xml", row=4)
    assert problems(items) == []


def test_every_attribute_of_a_person_becomes_a_claim(items: list[Draft | Problem]) -> None:
    found = said(drafts(items)["80001"])
    notes = found.pop("notes")
    assert found == {
        "name": ["Erika M Beispiel"],
        "alias": ["Ерика Байшпил"],
        "firstName": ["Erika"],
        "middleName": ["M"],
        "lastName": ["Beispiel"],
        "gender": ["female"],
        "title": ["Dr"],
        "position": ["Invented minister"],
        "topics": ["sanction"],
        "systemReference": ["EU.9001.1", "TSi.001"],
        "createdAt": ["2012-12-31"],
        "program": ["TST"],
        "sourceUrl": ["eur-lex.europa.eu/invented"],
        "citizenship": ["BY"],
        "birthDate": ["1961-03-14", "~1962/1964"],
        "birthPlace": ["Village, Gomel, BELARUS"],
        "birthCountry": ["BY"],
        "country": ["BY"],
        "address": ["7, 1 Test Street, P, Minsk, 220000, R, BELARUS"],
        "passportNumber": ["MP1234567"],
    }
    paper = "National passport MP1234567 (BELARUS) issued 2001-02-03 valid to 2011-02-03"
    assert set(notes) == {
        "in an invented annex",
        "(Invented remark)",
        "Regulation: amendment 2024/9999 (OJ L0), commission, published 2024-01-17, in force 2024-01-18",
        "Regulation: amendment 2024/9999 (OJ L0), published 2024-01-17",
        "Address at the time of listing: 7, 1 Test Street, P, Minsk, 220000, R, BELARUS",
        f"{paper}: diplomatic, known to be false, issued by Ministry of Tests, in the name of Erika B",
    }


def test_original_language_and_validity_are_kept(items: list[Draft | Problem]) -> None:
    person = drafts(items)["80001"]
    assert claim(person, "name", "Erika M Beispiel").language == "de"
    assert claim(person, "alias", "Ерика Байшпил").language == "bg"
    assert claim(person, "citizenship", "BY").original == "BY BELARUS"
    assert claim(person, "gender", "female").original == "F"
    paper = claim(person, "passportNumber", "MP1234567")
    assert (paper.valid_from, paper.valid_to) == ("2001-02-03", "2011-02-03")
    assert paper.original == "National passport MP1234567 (BELARUS) issued 2001-02-03 valid to 2011-02-03"


def test_a_body_has_its_numbers(items: list[Draft | Problem]) -> None:
    found = said(drafts(items)["80002"])
    assert found["registrationNumber"] == ["1027700000001"]
    assert found["taxNumber"] == ["0000000000"]
    assert found["country"] == ["RU"]
    assert "EU reference: EU.9002.2" in found["notes"]


def read(tmp_path: Path, vocabulary: Vocabulary, inner: str) -> list[Draft | Problem]:
    path = tmp_path / "eu.xml"
    path.write_text(f'<export xmlns="http://eu.europa.ec/fpi/fsd/export">\n{inner}\n</export>', encoding="utf-8")
    return list(read_eu_xml(path, vocabulary))


def entry(inner: str, attributes: str = 'logicalId="1"', subject: str = 'code="person" classificationCode="P"') -> str:
    return f"<sanctionEntity {attributes}><subjectType {subject}/>{inner}</sanctionEntity>"


def test_the_first_strong_name_is_the_name(tmp_path: Path, vocabulary: Vocabulary) -> None:
    names = """<nameAlias wholeName="Weak One" strong="false"/><nameAlias wholeName="Strong One" strong="true"/>
    <nameAlias wholeName="Strong Two" strong="true"/><nameAlias firstName="Only" lastName="Parts" strong="true"/>"""
    found = said(drafts(read(tmp_path, vocabulary, entry(names)))["1"])
    assert found["name"] == ["Strong One"]
    assert found["alias"] == ["Strong Two", "Only Parts"]
    assert found["weakAlias"] == ["Weak One"]


def test_what_is_not_known_is_kept_and_told_of_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    inner = """<nameAlias wholeName="A B" strong="true" shoeSize="44"><mood>odd</mood></nameAlias>
    <address city="C" countryIso2Code="FR"><contactInfo key="EMAIL" value="a@b.example"/>
    <contactInfo key="PIGEON" value="grey"/></address>
    <identification identificationTypeCode="librarycard" number="77"/><hobby>chess</hobby>
    <additionalInformation key="k" value="v"/>"""
    found = read(tmp_path, vocabulary, entry(inner) + "\n" + entry(inner, 'logicalId="2"') + "<head/>")
    for draft in drafts(found).values():
        values = said(draft)
        assert {"nameAlias/shoeSize: 44", "nameAlias/mood: odd", "hobby: chess", "PIGEON: grey", "k: v"} <= set(
            values["notes"]
        )
        assert values["email"] == ["a@b.example"]
        assert values["idNumber"] == ["77"]
    assert [(each.code, each.field, each.fatal) for each in problems(found)] == [
        ("paper_unknown", "identification", False),
        ("element_unknown", "nameAlias/shoeSize", False),
        ("element_unknown", "nameAlias/mood", False),
        ("element_unknown", "hobby", False),
        ("element_unknown", "head", False),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (entry('<nameAlias wholeName="A"/>', ""), "key"),
        (entry('<nameAlias wholeName="A"/>', 'logicalId="5"', 'code="planet"'), "thing_unknown"),
        (entry('<nameAlias wholeName=" "/>', 'logicalId="5"'), "name_missing"),
        (entry("", 'logicalId="5"'), "name_missing"),
        (entry('<nameAlias wholeName="A"/>', 'logicalId="9"'), "key_twice"),
    ],
)
def test_an_entry_that_cannot_be_taken_is_named(text: str, code: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    good = entry('<nameAlias wholeName="B"/>', 'logicalId="9"')
    found = read(tmp_path, vocabulary, f"{good}\n{text}")
    assert list(drafts(found)) == ["9"]
    (problem,) = problems(found)
    assert (problem.code, problem.fatal, problem.place) == (code, True, Place(file="eu.xml", row=3))
    assert problem.raw[TEXT_COLUMN].startswith("<sanctionEntity")


def test_dates_and_countries_that_are_none_are_kept(tmp_path: Path, vocabulary: Vocabulary) -> None:
    inner = """<nameAlias wholeName="A B"/><birthdate year="1970" calendarType="ISLAMIC"/>
    <birthdate dayOfMonth="7" monthOfYear="" year=""/><birthdate year="1971" monthOfYear="2" dayOfMonth="3"/>
    <citizenship countryIso2Code="ZZ" countryDescription="NEVERLAND"/>"""
    found = read(tmp_path, vocabulary, entry(inner))
    values = said(drafts(found)["1"])
    assert values["birthDate"] == ["1971-02-03"]
    assert {"Date of birth (ISLAMIC): 1970", "Date of birth: 7", "citizenship country: ZZ NEVERLAND"} <= set(
        values["notes"]
    )
    assert sorted(each.code for each in problems(found)) == ["country", "date"]


def test_who_was_delisted_is_not_sanctioned(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = entry('<nameAlias wholeName="A"/>', 'logicalId="1" delistingDate="2024-01-01"')
    values = said(drafts(read(tmp_path, vocabulary, text))["1"])
    assert "topics" not in values
    assert values["notes"] == ["Delisted on: 2024-01-01"]


def test_another_list_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(Unreadable) as caught:
        read_eu_xml(FIXTURES / "ofac_sdn.xml", vocabulary)
    assert caught.value.code == "wrong_list"
