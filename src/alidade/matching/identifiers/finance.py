"""Bank account numbers in international form (IBAN, ISO 13616) and crypto-asset addresses."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from stdnum import iban
from stdnum.iso7064 import mod_97_10

from alidade.matching.identifiers import checksums
from alidade.matching.identifiers.cleaning import clean, compact_latin
from alidade.matching.identifiers.kinds import Identifier, IdentifierError
from alidade.matching.reference import table

_IBAN: Final = re.compile(r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$")


class _Base58Form(msgspec.Struct, frozen=True):
    version: str
    size: int
    first: str
    currency: str
    form: str


class _Forms(msgspec.Struct, frozen=True):
    base58check: list[_Base58Form]
    bech32: dict[str, str]
    labels: list[str]
    link_schemes: list[str]


_FORMS: Final = table("crypto_addresses", _Forms)
_LABEL: Final = re.compile(
    rf"^(?:(?:{'|'.join(_FORMS.labels)})(?:\s*[:\-]\s*|\s+)|(?:{'|'.join(_FORMS.link_schemes)}):(?://)?)",
    re.IGNORECASE,
)
_ETHEREUM: Final = re.compile(r"^0[xX][0-9a-fA-F]{40}$")
_CASH: Final = re.compile(r"^(?:bitcoincash:)?([qp][02-9ac-hj-np-z]{41})$")
_BECH32: Final = re.compile(rf"^({'|'.join(_FORMS.bech32)})1([02-9ac-hj-np-z]{{8,87}})$")
_BASE58: Final = re.compile(r"^[1-9A-HJ-NP-Za-km-z]{24,110}$")
_MONERO: Final = re.compile(r"^(?:[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}|4[1-9A-HJ-NP-Za-km-z]{105})$")


def read_iban(text: str, country: str | None) -> Identifier:
    """International bank account number; checked by its two check digits and the form of its State."""
    key = compact_latin("iban", text)
    if key.startswith("IBAN"):
        key = key[4:]
    if not _IBAN.match(key):
        raise IdentifierError("form", "iban: two letters, two digits and 10 to 30 letters or digits are needed")
    note = None
    if not iban.is_valid(key, check_country=False):
        digits_fit = mod_97_10.is_valid(key[4:] + key[:4])
        note = "not the form that this State uses" if digits_fit else "check digits do not fit"
    shown = " ".join(key[place : place + 4] for place in range(0, len(key), 4))
    return Identifier(kind="iban", key=key, shown=shown, valid=note is None, note=note, country=key[:2])


def read_crypto(text: str, country: str | None) -> Identifier:
    """Crypto-asset address; the note names the currency, which is not part of the key.

    Ethereum-style keys are lower case: the checksum hidden in their capitals (EIP-55) is not checked. Monero
    is checked by form only. Amounts and labels behind a payment link's question mark are dropped.
    """
    cleaned = clean("crypto", text)
    label = _LABEL.match(cleaned)
    if label and label.end() < len(cleaned):
        cleaned = cleaned[label.end() :]
    address = cleaned.partition("?")[0].strip()
    found = (
        _read_ethereum(address) or _read_bech32(address) or _read_cash(address) or _read_monero(address)
    ) or _read_base58(address)
    if found is None:
        raise IdentifierError("form", "crypto: not the form of an address that is known here")
    return found


def _address(key: str, valid: bool | None, note: str, *, shown: str | None = None) -> Identifier:
    note = f"{note}; checksum does not fit" if valid is False else note
    return Identifier(kind="crypto", key=key, shown=shown or key, valid=valid, note=note)


def _read_ethereum(address: str) -> Identifier | None:
    if not _ETHEREUM.match(address):
        return None
    return _address(address.lower(), None, "ETH or a chain of the same form; capitals (EIP-55) not checked")


def _read_bech32(address: str) -> Identifier | None:
    lowered = address.lower()
    found = _BECH32.match(lowered)
    if not found:
        return None
    one_case = address in (lowered, address.upper())
    return _address(lowered, one_case and checksums.segwit(found[1], found[2]), _FORMS.bech32[found[1]])


def _read_cash(address: str) -> Identifier | None:
    found = _CASH.match(address.lower())
    if not found:
        return None
    one_case = address in (address.lower(), address.upper())
    valid = one_case and checksums.cash("bitcoincash", found[1])
    return _address(found[1], valid, "BCH", shown=f"bitcoincash:{found[1]}")


def _read_monero(address: str) -> Identifier | None:
    return _address(address, None, "XMR; checked by form only") if _MONERO.match(address) else None


def _read_base58(address: str) -> Identifier | None:
    if not _BASE58.match(address):
        return None
    if address.startswith("r") and len(address) <= 35:
        return _address(address, checksums.ripple(address), "XRP")
    if len(address) > 36:
        return None
    payload = checksums.base58check(address)
    for form in _FORMS.base58check:
        if not address.startswith(form.first):
            continue
        if payload is None:
            return _address(address, False, form.currency)
        if len(payload) == form.size and payload.hex().startswith(form.version):
            return _address(address, True, f"{form.currency}: {form.form}")
    return _address(address, None, "checksum fits, currency not known here") if payload is not None else None
