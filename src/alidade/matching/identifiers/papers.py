"""Numbers on papers: identity documents, tax and company registration numbers, bank accounts.

Capital letters and digits are kept, separators dropped. The State of issue is not part of the key: two
authorities often disagree on whether it was noted, and a shared number is what the officer wants to see.
"""

from __future__ import annotations

from importlib import import_module

import msgspec
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from alidade.matching.identifiers.cleaning import compact
from alidade.matching.identifiers.kinds import Identifier, IdentifierKind
from alidade.matching.reference import table


class _Schemes(msgspec.Struct, frozen=True):
    tax: dict[str, list[str]]
    registration: dict[str, list[str]]


_SCHEMES = table("national_numbers", _Schemes)


def read_document(text: str, country: str | None) -> Identifier:
    """Passport, identity card, licence, permit: no check digit outside the machine-readable zone."""
    key = compact("document", text)
    return Identifier(kind="document", key=key, shown=key, valid=None, country=country)


def read_account(text: str, country: str | None) -> Identifier:
    """Account number in a bank's own form."""
    key = compact("account", text)
    return Identifier(kind="account", key=key, shown=key, valid=None, country=country)


def read_tax(text: str, country: str | None) -> Identifier:
    """Tax or VAT number; with a country the published schemes of that State are tried."""
    return _read_national("tax", text, country, _SCHEMES.tax)


def read_registration(text: str, country: str | None) -> Identifier:
    """Number in a company or vessel register; legal entity identifiers (LEI) are recognised everywhere."""
    return _read_national("registration", text, country, _SCHEMES.registration)


def _read_national(kind: IdentifierKind, text: str, country: str | None, schemes: dict[str, list[str]]) -> Identifier:
    key = compact(kind, text)
    if not key.isascii():
        return Identifier(kind=kind, key=key, shown=key, valid=None, country=country)
    modules = list(schemes.get("", ()))
    if country is not None:
        modules += schemes.get(country, ())
        if kind == "tax":
            vat = get_cc_module(country, "vat")
            modules += [str(vars(vat)["__name__"])] if vat else []
    for name in modules:
        number = _fits(name, key)
        if number is not None:
            # VAT numbers are written with and without the letters of the State: both must meet.
            if country is not None and key == country + number:
                key = number
            scheme = name.removeprefix("stdnum.").replace("_", "").replace(".", " ").upper()
            return Identifier(
                kind=kind, key=key, shown=key, valid=True, note=f"fits the scheme {scheme}", country=country
            )
    return Identifier(kind=kind, key=key, shown=key, valid=None, country=country)


def _fits(module: str, key: str) -> str | None:
    try:
        return str(import_module(module).validate(key))
    except ValidationError:
        return None
    except (ValueError, IndexError, KeyError, TypeError):
        # Some schemes of the library fail on text they never expected; that is a "does not fit" for us.
        return None
