"""Known-good and known-bad numbers of each kind, and the ways in which people write them."""

from __future__ import annotations

import pytest

from alidade.matching.identifiers import (
    IDENTIFIER_KINDS,
    IdentifierError,
    IdentifierKind,
    guess_kinds,
    normalise,
)

# Examples published by the standards, their BIPs, the libraries that check them, and public sanctions lists.
GOOD: list[tuple[IdentifierKind, str, str]] = [
    ("imo", "IMO 9074729", "9074729"),
    ("imo", "9187629", "9187629"),
    ("container", "CSQU 305438-3", "CSQU3054383"),
    ("vin", "1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
    ("vin", "1-M8GDM9AX-KP042788", "1M8GDM9AXKP042788"),
    ("iban", "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
    ("iban", "IBAN ES91 2100 0418 4502 0005 1332", "ES9121000418450200051332"),
    ("crypto", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    ("crypto", "XBT 12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw", "12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw"),
    ("crypto", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    (
        "crypto",
        "bitcoin:bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr?amount=1",
        "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
    ),
    ("crypto", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"),
    ("crypto", "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1", "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1"),
    (
        "crypto",
        "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
        "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    ),
    ("crypto", "XpESxaUmonkq8RaLLp46Brx2K39ggQe226", "XpESxaUmonkq8RaLLp46Brx2K39ggQe226"),
    ("crypto", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"),
    ("phone", "+34 911 23 45 67", "+34911234567"),
    ("phone", "0034-911-234-567", "+34911234567"),
    ("phone", "tel: +34 (911) 234567 ext. 12", "+34911234567"),
    ("phone", "\u202a+34\u00a0911\u00a0234\u00a0567\u202c", "+34911234567"),
    ("phone", "+٣٤٩١١٢٣٤٥٦٧", "+34911234567"),
    ("registration", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R12"),
]

BAD_CHECK: list[tuple[IdentifierKind, str]] = [
    ("imo", "9074728"),
    ("container", "CSQU3054384"),
    ("container", "CSQX3054383"),
    ("vin", "1M8GDM9A0KP042788"),
    ("vin", "1M8GDM9AXKPO42788"),
    ("iban", "GB82WEST12345698765433"),
    ("iban", "GB72WEST123456987654"),
    ("crypto", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
    ("crypto", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
    ("crypto", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8f3t4"),
    ("crypto", "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6q"),
    ("crypto", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi"),
    ("phone", "+999 123 456"),
    ("phone", "911234567"),
    ("mmsi", "123456789"),
    ("email", "someone@localhost"),
]

REFUSED: list[tuple[IdentifierKind, str, str]] = [
    ("document", "", "empty"),
    ("document", " \t\n", "empty"),
    ("document", "---", "empty"),
    ("document", "A" * 257, "too_long"),
    ("document", "A\x001", "control"),
    ("plate", "12\x1b34", "control"),
    ("phone", "no digits", "alphabet"),
    ("phone", "12", "length"),
    ("imo", "123456", "form"),
    ("mmsi", "22412345", "form"),
    ("vin", "1M8GDM9AXKP0427889", "length"),
    ("vin", "1Ж8GDM9AXKP042788", "alphabet"),
    ("container", "CSQ3054383", "form"),
    ("iban", "82GB", "form"),
    ("crypto", "0x1234", "form"),
    ("crypto", "bitcoin", "form"),
    ("email", "nobody", "form"),
    ("email", "a b@example.org", "form"),
    ("web", "https://", "form"),
    ("web", "exa mple.org", "form"),
    ("callsign", "A", "length"),
    ("document", "\ufdfa" * 200, "too_long"),
]


@pytest.mark.parametrize(("kind", "text", "key"), GOOD)
def test_good_number_has_its_key_and_fits_its_check(kind: IdentifierKind, text: str, key: str) -> None:
    identifier = normalise(kind, text)
    assert (identifier.key, identifier.valid) == (key, True)


@pytest.mark.parametrize(("kind", "text"), BAD_CHECK)
def test_number_that_does_not_fit_is_kept_and_marked(kind: IdentifierKind, text: str) -> None:
    identifier = normalise(kind, text)
    assert identifier.valid is False
    assert identifier.key


@pytest.mark.parametrize(("kind", "text", "code"), REFUSED)
def test_text_that_cannot_be_such_an_identifier_is_refused(kind: IdentifierKind, text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        normalise(kind, text)
    assert caught.value.code == code
    assert len(text.strip()) < 4 or text.strip() not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("plate", "1234 ВСК", "1234-BCK"),
        ("plate", "(E) 1234 BCD", "1234BCD"),
        ("plate", "ES: 1234 BCD", "1234BCD"),
        ("plate", "ΙΗΖ-1234", "IHZ 1234"),
        ("document", "AB 123-456/7", "ab1234567"),
        ("email", "John.Doe[at]Example[.]COM", "john.doe@example.com"),
        ("email", "mailto:jo@MÜNCHEN.de", "jo@xn--mnchen-3ya.de"),
        ("web", "hxxps://www.Example[.]com:443/a/", "http://example.com/a"),
        ("web", "hxxp[://]example[.]org", "example.org."),
        ("web", "ftp://user:pw@example.org:21/x", "example.org/x"),
        ("web", "http://müller.example/ä", "https://xn--mller-kva.example/%c3%a4"),
        ("container", "CSQU305438", "CSQU3054383"),
        (
            "crypto",
            "0xDE0B295669a9FD93d5F28D9Ec85E40f4cb697BAe",
            "0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae",
        ),
        ("imo", "IMO company 5987654", "C5987654"),
    ],
)
def test_two_ways_of_writing_meet(kind: IdentifierKind, left: str, right: str) -> None:
    assert normalise(kind, left).key == normalise(kind, right).key


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("email", "jo+a@example.org", "jo@example.org"),
        ("web", "example.org/?id=1", "example.org/?id=2"),
        ("web", "example.org:8080", "example.org"),
        ("web", "example.org/Path", "example.org/path"),
        ("imo", "IMO company 5987654", "IMO 5987654"),
        ("crypto", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1a1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    ],
)
def test_different_things_stay_apart(kind: IdentifierKind, left: str, right: str) -> None:
    assert normalise(kind, left).key != normalise(kind, right).key


def test_national_phone_number_needs_the_country() -> None:
    assert normalise("phone", "911 23 45 67", country="es").key == "+34911234567"
    without = normalise("phone", "911 23 45 67")
    assert (without.key, without.valid) == ("911234567", False)


def test_tax_number_meets_with_and_without_letters_of_the_state() -> None:
    with_letters = normalise("tax", "ESB58378431", country="ES")
    assert with_letters.key == normalise("tax", "B-58378431", country="ES").key == "B58378431"
    assert with_letters.valid is True
    assert normalise("tax", "11.222.333/0001-81", country="BR").valid is True
    assert normalise("tax", "11.222.333/0001-82", country="BR").valid is None


def test_mmsi_says_which_state_issued_it() -> None:
    places = {
        "224123456": "ES",
        "002241234": "ES",
        "022412345": "ES",
        "111224123": "ES",
        "982241234": "ES",
        "992241234": "ES",
    }
    for number, country in places.items():
        identifier = normalise("mmsi", number)
        assert (identifier.country, identifier.valid) == (country, None)
    assert normalise("mmsi", "970123456").note == "distress or test beacon"


def test_vin_check_digit_counts_only_where_the_region_requires_it() -> None:
    assert normalise("vin", "WAUZZZ8K9AA000000").valid is None
    assert normalise("vin", "12345678").valid is None


def test_company_number_of_imo_is_told_from_a_ship() -> None:
    company = normalise("imo", "IMO company 5987654")
    assert company.key == "C5987654"
    assert normalise("imo", company.shown).key == company.key


def test_note_names_the_currency() -> None:
    assert (normalise("crypto", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8").note or "").startswith("TRX")
    ethereum = normalise("crypto", "0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae")
    assert ethereum.valid is None
    assert "EIP-55" in (ethereum.note or "")


def test_unknown_kind_and_malformed_country_are_refused() -> None:
    with pytest.raises(IdentifierError) as kind:
        normalise("shoe size", "42")  # type: ignore[arg-type]
    assert kind.value.code == "kind"
    with pytest.raises(IdentifierError) as country:
        normalise("phone", "911", country="Spain")
    assert country.value.code == "country"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1234 BCD", "plate"),
        ("+34 911 23 45 67", "phone"),
        ("CSQU3054383", "container"),
        ("IMO 9074729", "imo"),
        ("9074729", "imo"),
        ("GB82 WEST 1234 5698 7654 32", "iban"),
        ("someone@example.org", "email"),
        ("hxxp://example[.]org", "web"),
        ("example.org/page", "web"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "crypto"),
        ("224123456", "mmsi"),
        ("1M8GDM9AXKP042788", "vin"),
    ],
)
def test_the_one_box_guesses_the_kind(text: str, first: str) -> None:
    assert guess_kinds(text)[0] == first


@pytest.mark.parametrize("text", ["", "Juan Pérez", "أسامة", "31 Jul 1964", "1964-07-31", "A" * 300, "\x00"])
def test_names_dates_and_nothing_are_no_identifiers(text: str) -> None:
    assert guess_kinds(text) == ()


def test_every_kind_is_read() -> None:
    for kind in IDENTIFIER_KINDS:
        with pytest.raises(IdentifierError):
            normalise(kind, "")
