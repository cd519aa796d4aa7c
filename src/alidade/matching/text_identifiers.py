"""Identifiers in a running text: phones, accounts, ships, containers, plates, papers, addresses and dates, with places.

Only what a check digit, a complete form or a word in front of it speaks for is found; what is found is a proposal of
a machine, and nothing until a person has ticked it. Every search is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

import msgspec
import phonenumbers
from stdnum import iban
from stdnum.es import dni, nie

from alidade.matching.identifiers import Identifier, IdentifierError, IdentifierKind, normalise
from alidade.matching.machine_readable_zone import find_zones
from alidade.matching.partial_dates import PartialDate, parse_date
from alidade.matching.reference import table

LONGEST_TEXT: Final = 100_000  # characters
SNIPPET: Final = 120  # characters on each side of a finding, for a person to judge it by

FoundKind = Literal[IdentifierKind, "date"]
_KINDS: Final = frozenset(get_args(IdentifierKind))


class _Labels(msgspec.Struct, frozen=True):
    labels: dict[str, list[str]]
    countries: dict[str, str]


_TABLE: Final = table("text_labels", _Labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIdentifier:
    """One finding: characters `start` to `end` of the text, what it is, and how it reads in normal form.

    `value` is what a statement would say (dates as far as they are known, ISO 8601); `valid` as for identifiers;
    `snippet` the passage around it.
    """

    start: int
    end: int
    kind: FoundKind
    text: str
    value: str
    valid: bool | None
    note: str | None
    snippet: str
    country: str | None = None


_Span = tuple[int, int, FoundKind, str, bool | None, str | None, str | None]
_Finder = Callable[[str, str | None], Iterator[_Span]]


def find_identifiers(text: str, *, country: str | None = None) -> tuple[FoundIdentifier, ...]:
    """All findings in the order of the text, none overlapping another; the surest reading of a place wins.

    `country` (alpha-2) is where the text was written: it reads phone numbers in national form. Text beyond 100,000
    characters is not looked at.
    """
    text = text[:LONGEST_TEXT]
    taken: list[_Span] = []
    covered = bytearray(len(text))
    for finder in _FINDERS:
        for span in finder(text, country):
            if not any(covered[span[0] : span[1]]):
                covered[span[0] : span[1]] = b"\x01" * (span[1] - span[0])
                taken.append(span)
    return tuple(_found(text, span) for span in sorted(taken, key=lambda span: span[0]))


def _found(text: str, span: _Span) -> FoundIdentifier:
    start, end, kind, value, valid, note, country = span
    first, last = max(0, start - SNIPPET), min(len(text), end + SNIPPET)
    return FoundIdentifier(
        start=start,
        end=end,
        kind=kind,
        text=text[start:end],
        value=value,
        valid=valid,
        note=note,
        snippet=" ".join(text[first:last].split()),
        country=country,
    )


def _span(start: int, end: int, read: Identifier, note: str | None = None) -> _Span:
    return start, end, read.kind, read.shown, read.valid, note or read.note, read.country


def _read(kind: IdentifierKind, text: str, country: str | None = None) -> Identifier | None:
    try:
        return normalise(kind, text, country=country)
    except IdentifierError:
        return None


def _papers_with_zone(text: str, country: str | None) -> Iterator[_Span]:
    for zone in find_zones(text):
        read = _read("document", zone.number, zone.state)
        if read is not None:
            note = "machine-readable zone; check digits fit"
            yield zone.start, zone.end, "document", read.shown, True, note, zone.state


_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){10,30}")


def _ibans(text: str, country: str | None) -> Iterator[_Span]:
    for match in _IBAN.finditer(text):
        # The next words may be in capitals too: the longest beginning whose check digits fit.
        places = [place for place, letter in enumerate(match[0], start=1) if letter.isalnum()]
        for length in reversed(places[13:]):
            end = match.start() + length
            if text[end : end + 1].isalnum():
                continue
            piece = match[0][:length]
            if iban.is_valid(piece, check_country=False) and (read := _read("iban", piece)) is not None:
                yield _span(match.start(), end, read)
                break


_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}(?:@|\s?\[at\]\s?)(?:[A-Za-z0-9-]{1,63}(?:\.|\[\.\])){1,5}[A-Za-z]{2,24}(?![\w-])"
)
_WEB: Final = re.compile(r"(?<![\w@.])(?:h[tx]{2}ps?(?::|\[:\])//|www\.)[^\s<>\"'()]{3,200}", re.IGNORECASE)


def _addresses(text: str, country: str | None) -> Iterator[_Span]:
    for match in _EMAIL.finditer(text):
        if (read := _read("email", match[0].replace(" ", ""))) is not None and read.valid is None:
            yield _span(*match.span(), read)
    for match in _WEB.finditer(text):
        piece = match[0].rstrip(".,;:!?»”")
        if (read := _read("web", piece)) is not None and read.valid is None:
            yield _span(match.start(), match.start() + len(piece), read)


_TOKEN: Final = re.compile(r"(?<![A-Za-z0-9])(?:0x[0-9a-fA-F]{40}|(?:bitcoincash:)?[A-Za-z0-9]{25,110})(?![A-Za-z0-9])")


def _wallets(text: str, country: str | None) -> Iterator[_Span]:
    for match in _TOKEN.finditer(text):
        read = _read("crypto", match[0])
        sure = read is not None and (read.valid is True or match[0].startswith("0x") or (read.note or "")[:3] == "XMR")
        if read is not None and sure:
            yield _span(*match.span(), read)


_CONTAINER: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{3}[UJZ][ -]?[0-9]{3}[ -]?[0-9]{3}[ /-]?[0-9](?![A-Za-z0-9])")
_VIN: Final = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*[A-Z])(?=(?:[A-Z]*[0-9]){5})[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])")
_DIGITS_AFTER: Final = re.compile(r"[0-9]{7}(?![0-9])")


def _transport(text: str, country: str | None) -> Iterator[_Span]:
    for match in _CONTAINER.finditer(text):
        if (read := _read("container", match[0])) is not None:
            yield _span(*match.span(), read)
    for match in _VIN.finditer(text):
        if (read := _read("vin", match[0])) is not None and read.valid is not False:
            yield _span(*match.span(), read)


_SPANISH: Final = re.compile(r"(?<![A-Za-z0-9])(?:[XYZ][ -]?[0-9]{7}|[0-9]{8})[ -]?[A-Z](?![A-Za-z0-9])")


def _spanish_papers(text: str, country: str | None) -> Iterator[_Span]:
    for match in _SPANISH.finditer(text):
        if (dni.is_valid(match[0]) or nie.is_valid(match[0])) and (read := _read("document", match[0], "ES")):
            yield *match.span(), "document", read.shown, True, "fits the letter of a Spanish DNI or NIE", "ES"


def _folded(text: str) -> str:
    """Small letters without accents, one for one, so that places stay the same."""
    letters = []
    for letter in text:
        plain = unicodedata.normalize("NFD", letter)[0].lower()
        letters.append(plain if len(plain) == 1 else letter)
    return "".join(letters).replace("’", "'")


_OF_LABEL: Final = {label: kind for kind, labels in _TABLE.labels.items() for label in labels if kind in _KINDS}
_LABEL: Final = re.compile(
    r"(?<![a-z0-9])(" + "|".join(re.escape(label) for label in sorted(_OF_LABEL, key=len, reverse=True)) + ")"
    # What may stand between the word and its number: "no.", "nº", "número", "is", a colon, a bracket.
    r"s?(?:[ ]?(?:(?:number|numero|num|nr|no|n|of|de|du|da|do|is|es|est|e)(?![a-z0-9])|[.:º°)#=-])){0,5}"
    r"[ ]*(?=[a-z0-9(])"
)
_AFTER: Final = re.compile(r"\(?[A-Za-z]{0,4}\)?[A-Za-z0-9]+(?:[ ./-][A-Za-z0-9]*[0-9][A-Za-z0-9]*){0,4}")
_SHAPES: Final[dict[str, re.Pattern[str]]] = {
    "imo": re.compile(r"(?:imo[ ]?)?[0-9]{7}(?![0-9])", re.IGNORECASE),
    "mmsi": re.compile(r"[0-9]{9}(?![0-9])"),
    "vin": re.compile(r"[A-Za-z0-9]{11,17}(?![A-Za-z0-9])"),
    "plate": re.compile(r"(?:\([A-Z]{1,3}\) ?)?[A-Z0-9]{1,4}(?:[ .-]?[A-Z0-9]{1,4}){1,3}(?![A-Za-z0-9])"),
    "callsign": re.compile(r"[A-Z0-9]{3,8}(?![A-Za-z0-9])"),
}


def _labelled(text: str, country: str | None) -> Iterator[_Span]:
    for match in _LABEL.finditer(_folded(text)):
        label = match[1]
        kind = _OF_LABEL[label]
        after = (_SHAPES.get(kind) or _AFTER).match(text, match.end())
        if after is None:
            continue
        piece = after[0].rstrip(" .-/")
        if not re.search(r"[0-9]", piece) or len(piece) < 4:
            continue
        read = _read(kind, piece, _TABLE.countries.get(label))  # type: ignore[arg-type]  # one of the kinds
        if read is not None:
            yield _span(after.start(), after.start() + len(piece), read, read.note or f"behind the word “{label}”")


def _phones(text: str, country: str | None) -> Iterator[_Span]:
    for match in phonenumbers.PhoneNumberMatcher(text, country):
        read = _read("phone", match.raw_string, country)
        if read is not None and read.valid:
            yield _span(match.start, match.end, read)
    for found in re.finditer(r"(?<![\w+])00[1-9][0-9 ()./-]{7,20}[0-9](?!\w)", text):
        if (read := _read("phone", found[0])) is not None and read.valid:
            yield _span(*found.span(), read)


_DATE: Final = re.compile(
    r"(?<![\w/.-])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}"
    r"|[0-9]{1,2}(?:st|nd|rd|th|er)?[ ](?:de[ ])?[^\W\d_]{3,10}\.?[ ](?:de[ ])?(?:19|20)[0-9]{2}"
    r"|[^\W\d_]{3,10}[ ][0-9]{1,2}(?:st|nd|rd|th)?,?[ ](?:19|20)[0-9]{2})(?![\w/-])"
)


def _dates(text: str, country: str | None) -> Iterator[_Span]:
    for match in _DATE.finditer(text):
        read = parse_date(match[0].replace("1er ", "1 "))
        if read is not None and read.until_year is None:
            day_and_month = re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-][0-9]{4}", match[0])
            unsure = day_and_month and int(day_and_month[1]) <= 12 and int(day_and_month[2]) <= 12
            note = "read day first" if unsure and day_and_month and day_and_month[1] != day_and_month[2] else None
            yield *match.span(), "date", _iso(read), None, note, None


def _iso(read: PartialDate) -> str:
    parts = [f"{read.year:04d}"]
    if read.month is not None:
        parts.append(f"{read.month:02d}")
        if read.day is not None:
            parts.append(f"{read.day:02d}")
    return "-".join(parts)


# The surest first: what has check digits, then what has a complete form, then what a word speaks for.
_FINDERS: Final[tuple[_Finder, ...]] = (
    _papers_with_zone,
    _addresses,
    _ibans,
    _transport,
    _wallets,
    _spanish_papers,
    _labelled,
    _phones,
    _dates,
)
