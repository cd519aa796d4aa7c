"""Values: the text of a cell in the normal form of its property, or the reason why it cannot be."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from alidade.formats.countries import CountryNames
from alidade.formats.dates import DateOrder, read_date
from alidade.matching.identifiers import IdentifierError, IdentifierKind, normalise
from alidade.vocabulary import LANGUAGES, Property, Vocabulary

LONGEST_TEXT = 65_536  # letters; longer texts belong in an attachment
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CHECKSUM = re.compile(r"[0-9a-fA-F]{32,128}")
_BY_KIND: dict[str, IdentifierKind] = {"phone": "phone", "email": "email", "url": "web"}


class BadValue(Exception):
    """The text is no value of this property; `code` is stable, `reason` never has the text in it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Value:
    """A value in normal form; `original` is the text of the source where it differs; `doubt` a remark."""

    text: str
    original: str | None = None
    doubt: str | None = None


class ValueReader:
    """Brings texts into the normal form of their property."""

    def __init__(self, vocabulary: Vocabulary, countries: CountryNames) -> None:
        self._vocabulary = vocabulary
        self._countries = countries
        self._codes: dict[str, dict[str, str]] = {}

    def read(self, prop: Property, text: str, *, order: DateOrder = "day_first", country: str | None = None) -> Value:
        """The value of a property; `country` (alpha-2) helps with phones and papers. Raises BadValue."""
        given = text.strip()
        if len(given) > LONGEST_TEXT:
            raise BadValue("value_too_long", f"The text is longer than {LONGEST_TEXT} letters.")
        kind = prop.identifier_kind or _BY_KIND.get(prop.kind)
        if kind is not None:
            return self._identifier(kind, given, country)
        value = self._plain(prop, given, order)
        return Value(value, None if value == text else text)

    def _identifier(self, kind: IdentifierKind, text: str, country: str | None) -> Value:
        try:
            found = normalise(kind, text, country=country)
        except IdentifierError as error:
            raise BadValue(f"{kind}_{error.code}", f"This is no {kind}: {error}.") from error
        doubt = None
        if found.valid is False:
            doubt = f"Check digit, length or range do not fit a number of the kind {kind}; kept as given."
        return Value(found.shown, None if found.shown == text else text, doubt)

    def _plain(self, prop: Property, text: str, order: DateOrder) -> str:
        kind = prop.kind
        if kind == "date":
            return _found(read_date(text, order), "date", "This is no date that can be read.")
        if kind == "country":
            return _found(self._countries.code(text), "country", "No country is known by this name.")
        if kind in ("code", "topic"):
            return self._code(prop.code_list or "", text)
        if kind == "language":
            return self._code("languages", text)
        if kind == "number":
            return _found(read_number(text), "number", "This is no number.")
        if kind == "ip":
            return _ip(text)
        if kind == "checksum":
            if not _CHECKSUM.fullmatch(text):
                raise BadValue("checksum", "This is no checksum.")
            return text.lower()
        if kind in ("name", "identifier", "entity"):
            return " ".join(_CONTROL.sub(" ", text).split())
        return _CONTROL.sub(" ", text)

    def _code(self, name: str, text: str) -> str:
        if name not in self._codes:
            index: dict[str, str] = {}
            entries = self._vocabulary.codes(name)
            for code in entries:
                index[code.casefold()] = code
            for code, entry in entries.items():
                for language in LANGUAGES:
                    index.setdefault(entry.label.in_(language).casefold(), code)
            self._codes[name] = index
        return _found(self._codes[name].get(text.casefold()), "code", f"The list {name} has no such code.")


def read_number(text: str) -> str | None:
    """A number without grouping, decimals after a point; None where it is none or can be read two ways.

    1.234 and 1,234 can be one and a bit or a thousand and more: a wrong guess is a thousandfold.
    """
    if found := _GROUPED.fullmatch(text):
        mark = found[1]
        decimals = "," if mark != "," else "."
        if mark in ".," and text.count(mark) == 1 and decimals not in text and not text.lstrip("+-").startswith("0"):
            return None
        if text.lstrip("+-")[0] != "0":
            return text.replace(mark, "").replace(decimals, ".").lstrip("+")
    if _NUMBER.fullmatch(text):
        return text.replace(",", ".").lstrip("+")
    return None


def _ip(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as error:
        raise BadValue("ip", "This is no IP address.") from error


def _found(value: str | None, code: str, reason: str) -> str:
    if value is None:
        raise BadValue(code, reason)
    return value
