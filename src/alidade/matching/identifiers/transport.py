"""Marks of vehicles, vessels and containers: plate, VIN, IMO, MMSI, call sign, container number.

Sources: ISO 3779 and 49 CFR 565 (VIN), IMO resolution A.1117(30) and circular MSC.1/Circ.1554 (ship and
company numbers), ITU-R M.585 (MMSI), ITU Radio Regulations article 19 (call signs), ISO 6346 (containers).
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from stdnum import imo, iso6346
from stdnum.exceptions import ValidationError

from alidade.matching.identifiers.cleaning import clean, compact, compact_latin
from alidade.matching.identifiers.kinds import Identifier, IdentifierError
from alidade.matching.reference import table

_SIGN = re.compile(r"^(?:\(([A-Za-z]{1,3})\)|([A-Za-z]{2}):)\s*(?=\S)")
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES: Final = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        [*range(10), *range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)],
        strict=True,
    )
)
_VIN_UNCLEAR: Final = str.maketrans("IOQ", "100")
#: World manufacturer regions where the check digit is required by law: North America (1-5) and China (L).
_VIN_CHECKED: Final = frozenset("12345L")
_IMO: Final = re.compile(r"^(?:IMO)?(COMPANY|OWNER|CO|C)?(?:NUMBER|NO|NR)?([0-9]{7})$")
_COMPANY_WEIGHTS: Final = (8, 6, 4, 2, 9, 7)
_MMSI: Final = re.compile(r"^(?:MMSI)?([0-9]{9})$")
_MMSI_PLACE: Final = (("111", 3), ("00", 2), ("98", 2), ("99", 2), ("0", 1), ("8", 1))
_MMSI_FREE: Final = frozenset({"970", "972", "974", "979"})
_CALLSIGN: Final = re.compile(r"^(?:[A-Z]{1,2}|[A-Z][0-9]|[0-9][A-Z])[A-Z0-9]{1,8}$")
_CONTAINER: Final = re.compile(r"^([A-Z]{3})([A-Z])([0-9]{6})([0-9]?)$")


class _Digits(msgspec.Struct, frozen=True):
    countries: dict[str, str]


_MID: Final = table("maritime_digits", _Digits).countries


def read_plate(text: str, country: str | None) -> Identifier:
    """Registration plate; a sign of the State in front, `(E)` or `ES:`, is set aside, not part of the key."""
    cleaned = clean("plate", text)
    sign = _SIGN.match(cleaned)
    note = None
    if sign and any(character.isalnum() for character in cleaned[sign.end() :]):
        cleaned = cleaned[sign.end() :]
        mark = (sign[1] or sign[2]).upper()
        note = f"sign {mark} set aside"
        country = country or (mark if sign[2] else None)
    key = compact("plate", cleaned)
    return Identifier(kind="plate", key=key, shown=key, valid=None, note=note, country=country)


def read_vin(text: str, country: str | None) -> Identifier:
    """Vehicle identification number; the check digit counts only where the maker's region requires one.

    Shorter numbers (vehicles of before 1981, partly legible plates) are kept with valid None. I, O and Q
    cannot stand in a 17-character number; they are read as 1, 0 and 0 and the number is marked not valid as
    written.
    """
    key = compact_latin("vin", text)
    if key.startswith("VIN") and len(key) > 17:
        key = key[3:]
    if not 5 <= len(key) <= 17:
        raise IdentifierError("length", "vin: 17 characters, or at least 5 for an older or partly legible number")
    note: str | None
    if len(key) < 17:
        note = "shorter than 17: older vehicle or part of a number"
        return Identifier(kind="vin", key=key, shown=key, valid=None, note=note, country=country)
    read = key.translate(_VIN_UNCLEAR)
    if read != key:
        note = "the letters I, O, Q cannot stand in this number; read as 1, 0, 0"
        return Identifier(kind="vin", key=read, shown=read, valid=False, note=note, country=country)
    if key[0] not in _VIN_CHECKED:
        note = "no check digit in this maker's region"
        return Identifier(kind="vin", key=key, shown=key, valid=None, note=note, country=country)
    rest = sum(_VIN_VALUES[c] * weight for c, weight in zip(key, _VIN_WEIGHTS, strict=True)) % 11
    valid = key[8] == ("X" if rest == 10 else str(rest))
    note = None if valid else "check digit does not fit"
    return Identifier(kind="vin", key=key, shown=key, valid=valid, note=note, country=country)


def read_imo(text: str, country: str | None) -> Identifier:
    """IMO number of a ship, seven digits; a company's number, where the text says so, has key C + digits."""
    found = _IMO.match(compact_latin("imo", text))
    if not found:
        raise IdentifierError("form", "imo: seven digits are needed")
    digits = found[2]
    if found[1]:
        valid = _company_check(digits)
        return Identifier(
            kind="imo",
            key=f"C{digits}",
            shown=f"IMO company {digits}",
            valid=valid,
            note="company number" if valid else "company number; check digit does not fit",
            country=country,
        )
    valid = imo.is_valid(digits)
    note = None
    if not valid:
        company = _company_check(digits)
        note = "check digit does not fit a ship; fits a company" if company else "check digit does not fit"
    return Identifier(kind="imo", key=digits, shown=f"IMO{digits}", valid=valid, note=note, country=country)


def _company_check(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _COMPANY_WEIGHTS, strict=False))
    return (11 - total % 11) % 10 == int(digits[6])


def read_mmsi(text: str, country: str | None) -> Identifier:
    """Maritime mobile service identity, nine digits; says which State issued it. It has no check digit."""
    found = _MMSI.match(compact_latin("mmsi", text))
    if not found:
        raise IdentifierError("form", "mmsi: nine digits are needed")
    key = found[1]
    if key[:3] in _MMSI_FREE:
        return Identifier(kind="mmsi", key=key, shown=key, valid=None, note="distress or test beacon", country=None)
    start = next((place for prefix, place in _MMSI_PLACE if key.startswith(prefix)), 0)
    issuer = _MID.get(key[start : start + 3])
    return Identifier(
        kind="mmsi",
        key=key,
        shown=key,
        valid=None if issuer else False,
        note=None if issuer else "the digits of the State are not allotted",
        country=issuer or country,
    )


def read_callsign(text: str, country: str | None) -> Identifier:
    """Radio call sign of a vessel, aircraft or station."""
    key = compact_latin("callsign", text)
    if not 3 <= len(key) <= 10:
        raise IdentifierError("length", "callsign: between 3 and 10 letters and digits")
    valid = None if _CALLSIGN.match(key) else False
    note = None if valid is None else "not built like an international call sign"
    return Identifier(kind="callsign", key=key, shown=key, valid=valid, note=note, country=country)


def read_container(text: str, country: str | None) -> Identifier:
    """Container number; where its last digit is not given it is worked out, so that both forms meet."""
    found = _CONTAINER.match(compact_latin("container", text))
    if not found:
        raise IdentifierError("form", "container: four letters and six or seven digits are needed")
    body = found[1] + found[2] + found[3]
    if not found[4]:
        key = body + iso6346.calc_check_digit(body)
        note = "check digit worked out, not given"
        return Identifier(kind="container", key=key, shown=key, valid=None, note=note, country=country)
    key = body + found[4]
    try:
        iso6346.validate(key)
    except ValidationError:
        note = "check digit does not fit" if found[2] in "UJZ" else "fourth letter is not U, J or Z"
        return Identifier(kind="container", key=key, shown=key, valid=False, note=note, country=country)
    return Identifier(kind="container", key=key, shown=key, valid=True, country=country)
