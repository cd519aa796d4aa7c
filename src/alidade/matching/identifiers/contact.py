"""Phone numbers and e-mail addresses.

Phones: ITU-T E.164 through libphonenumber's tables. E-mail: RFC 5321/5322 in the form people use; RFC 3490
(IDNA 2003, the version in the standard library) for the domain.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from alidade.matching.identifiers.cleaning import clean
from alidade.matching.identifiers.hosts import HostError, host_key, host_shown, refang
from alidade.matching.identifiers.kinds import Identifier, IdentifierError

_PHONE_ALPHABET = re.compile(r"\+?[0-9 ()./\-\[\]\u2010-\u2015]+")
_EXTENSION = re.compile(r"\s*[,;]?\s*(?:ext\.?|extension|x|poste|#)\s*[.:=]?\s*([0-9]{1,7})$", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:tel|phone|mob|mobile|whatsapp|sms|callto)\s*[.:]+\s*", re.IGNORECASE)
_FEWEST, _MOST = 3, 20
_LOCAL = re.compile(r"""[^\s@,;:<>()\[\]\\"]+""")


def read_phone(text: str, country: str | None) -> Identifier:
    """Phone number in international form; an extension is noted and is not part of the key.

    A number in national form needs `country`. What cannot be read as international keeps its digits as key,
    valid False.
    """
    text = _PREFIX.sub("", clean("phone", text))
    extension = _EXTENSION.search(text)
    note = f"extension {extension[1]}" if extension else None
    if extension:
        text = text[: extension.start()]
    if not _PHONE_ALPHABET.fullmatch(text):
        raise IdentifierError("alphabet", "phone: only digits, a leading plus and separators are possible")
    digits = "".join(character for character in text if "0" <= character <= "9")
    if not _FEWEST <= len(digits) <= _MOST:
        raise IdentifierError("length", f"phone: between {_FEWEST} and {_MOST} digits are possible")
    international = text.startswith("+")
    dialled = "+" + digits if international else digits
    if country is None and not international and digits.startswith("00"):
        dialled = "+" + digits[2:]
    try:
        number = phonenumbers.parse(dialled, country)
    except NumberParseException:
        shown = dialled if international else digits
        reason = "not a number of any country" if international else "national form; country not given"
        return Identifier(kind="phone", key=digits, shown=shown, valid=False, note=note or reason, country=country)
    return _phone(number, note)


def _phone(number: phonenumbers.PhoneNumber, note: str | None) -> Identifier:
    key = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    region = phonenumbers.region_code_for_number(number)
    valid = region is not None and phonenumbers.is_valid_number_for_region(number, region)
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if valid else key
    return Identifier(
        kind="phone",
        key=key,
        shown=shown,
        valid=valid,
        note=note or (None if valid else "no such number range"),
        country=region if valid and region and region.isalpha() else None,
    )


def read_email(text: str, country: str | None) -> Identifier:
    """E-mail address in lower case, domain in its ASCII form; defanged writing (`[at]`, `[.]`) is understood.

    Capital letters before the @ are ignored: the standard lets a host tell them apart, no provider of note
    does. The part after a plus sign and dots stay: whether they are ignored differs by provider, and a false
    union of two people's addresses does more harm than a missed one.
    """
    text = refang(clean("email", text)).lower()
    text = text.removeprefix("mailto:").strip("<> .,;")
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        raise IdentifierError("form", "email: not of the form name@domain")
    try:
        host = host_key(domain)
    except HostError as error:
        raise IdentifierError("form", "email: the part after the @ is not a domain") from error
    complete = "." in host and ".." not in local and not local.startswith(".") and not local.endswith(".")
    return Identifier(
        kind="email",
        key=f"{local}@{host}",
        shown=f"{local}@{host_shown(host)}",
        valid=None if complete else False,
        note=None if complete else "not a complete address",
        country=country,
    )
