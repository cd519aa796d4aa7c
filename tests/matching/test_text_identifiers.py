"""Identifiers in running texts of four languages: found with their places, and nothing found where nothing is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.matching.machine_readable_zone import check_digit, find_zones
from alidade.matching.text_identifiers import LONGEST_TEXT, FoundIdentifier, find_identifiers

ENGLISH = (
    "On 14 March 2026 the MV Aurora Pearl (IMO 9074729, MMSI 244670316) berthed at 09:15. Seals of container"
    " MSKU 123456-5 were broken. The driver phoned +31 6 12345678 and wrote to j.bakker@example.com. Plate no."
    " AB-123-CD, passport no: NXR4512B7. He paid from NL91 ABNA 0417 1643 00 AND LATER from wallet"
    " bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4."
)
FRENCH = (
    "Le 3 avril 2026, véhicule immatriculé AB-123-CD, passeport n° 12AB34567, tél. 06 12 34 56 78, compte"
    " FR14 2004 1010 0505 0001 3M02 606. Site hxxps://exemple[.]com/page. Châssis : VF1RFA00X65432109."
)
SPANISH = (
    "El 5 de mayo de 2026, DNI 12345678Z, matrícula 1234 BCD, teléfono +34 612 345 678, contenedor CSQU3054383,"
    " correo ana[at]ejemplo.es, cuenta ES91 2100 0418 4502 0005 1332."
)
PORTUGUESE = (
    "Em 12/06/2026, matrícula AA-12-BC, passaporte CB123456, telefone 912 345 678,"
    " conta PT50 0002 0123 1234 5678 9015 4, CPF 529.982.247-25."
)
PASSPORT = (
    "Seen at the desk:\nP<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\nend"
)


def _pairs(found: tuple[FoundIdentifier, ...]) -> dict[str, str]:
    return {each.kind: each.value for each in found}


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        (
            ENGLISH,
            None,
            {
                "date": "2026-03-14",
                "imo": "IMO9074729",
                "mmsi": "244670316",
                "container": "MSKU1234565",
                "phone": "+31 6 12345678",
                "email": "j.bakker@example.com",
                "plate": "AB123CD",
                "document": "NXR4512B7",
                "iban": "NL91 ABNA 0417 1643 00",
                "crypto": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            },
        ),
        (
            FRENCH,
            "FR",
            {
                "date": "2026-04-03",
                "plate": "AB123CD",
                "document": "12AB34567",
                "phone": "+33 6 12 34 56 78",
                "iban": "FR14 2004 1010 0505 0001 3M02 606",
                "web": "exemple.com/page",
                "vin": "VF1RFA00X65432109",
            },
        ),
        (
            SPANISH,
            "ES",
            {
                "date": "2026-05-05",
                "document": "12345678Z",
                "plate": "1234BCD",
                "phone": "+34 612 34 56 78",
                "container": "CSQU3054383",
                "email": "ana@ejemplo.es",
                "iban": "ES91 2100 0418 4502 0005 1332",
            },
        ),
        (
            PORTUGUESE,
            "PT",
            {
                "date": "2026-06-12",
                "plate": "AA12BC",
                "document": "CB123456",
                "phone": "+351 912 345 678",
                "iban": "PT50 0002 0123 1234 5678 9015 4",
                "tax": "52998224725",
            },
        ),
    ],
)
def test_a_report_gives_up_its_numbers(text: str, country: str | None, expected: dict[str, str]) -> None:
    found = find_identifiers(text, country=country)
    assert _pairs(found) == expected
    assert len(found) == len(expected)


def test_a_machine_readable_zone_counts_where_its_digit_fits() -> None:
    (found,) = find_identifiers(PASSPORT)
    assert (found.kind, found.value, found.valid) == ("document", "L898902C3", True)
    assert check_digit("L898902C3") == "6"
    assert list(find_zones(PASSPORT.replace("L898902C36", "L898902C37"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "We met on the third floor at half past nine and spoke for 45 minutes about 17 pallets.",
        "Le total est de 1 234 567 euros pour 7654321 unités.",
        "Order 9074720 of 12.5 kg, page 3/7, version 2.0.1.",  # seven digits alone are no ship
        "NL91 ABNA 0417 1643 01",  # the check digits do not fit
        "MARCH HOUSE 2026 UNDER ARREST",
        "12345678A",  # the letter of a DNI would be Z
        "",
    ],
)
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    assert find_identifiers(text) == ()


def test_a_container_whose_digit_does_not_fit_is_shown_so() -> None:
    (found,) = find_identifiers("container MSKU 123456-7")
    assert found.valid is False
    assert "check digit" in (found.note or "")


def test_national_numbers_need_a_country() -> None:
    assert find_identifiers("call 06 12 34 56 78") == ()
    (found,) = find_identifiers("call 06 12 34 56 78", country="FR")
    assert found.value == "+33 6 12 34 56 78"


def test_an_ambiguous_date_says_how_it_was_read() -> None:
    (found,) = find_identifiers("on 03/04/2026")
    assert (found.value, found.note) == ("2026-04-03", "read day first")
    (found,) = find_identifiers("on 25/04/2026")
    assert found.note is None


def test_the_passage_around_a_finding_is_kept() -> None:
    found = find_identifiers("x " * 300 + "IBAN NL91 ABNA 0417 1643 00 " + "y " * 300)[0]
    assert "NL91 ABNA 0417 1643 00" in found.snippet
    assert len(found.snippet) < 300


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=400), st.sampled_from([None, "FR", "ES"]))
def test_places_are_true_and_never_overlap(text: str, country: str | None) -> None:
    end = 0
    for found in find_identifiers(ENGLISH[:90] + text + PORTUGUESE, country=country):
        assert found.start >= end
        end = found.end
        assert found.text == (ENGLISH[:90] + text + PORTUGUESE)[found.start : found.end]


@pytest.mark.parametrize("piece", ["A1", "1 ", "(", "plate ", "a@b.", "2026-", "NL91 ", "<", "P<", "+31 ", "0x"])
def test_a_long_hostile_text_ends(piece: str) -> None:
    find_identifiers(piece * (LONGEST_TEXT // len(piece) // 4))
