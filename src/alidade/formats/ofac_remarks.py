"""The remarks column of the OFAC lists: dates, papers, nationalities and links, segment by segment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Literal

import msgspec

FactKind = Literal["name", "number", "date", "country", "place", "gender", "wallet", "text", "link", "note"]

_ALT = re.compile(r"alt\.\s+", re.IGNORECASE)
_AKA = re.compile(r"([afn])\.k\.a\.,?\s+'(.*)'\.?", re.IGNORECASE | re.DOTALL)
_GENDER = re.compile(r"gender:?\s+(\w+)\.?", re.IGNORECASE)
WALLET = re.compile(r"Digital Currency Address\s*-?\s*([A-Z]{2,6})\s+(\S+?)\.?$")
LINKED = re.compile(r"(?:alt\.\s+)?Linked To:?\s+(.+)", re.IGNORECASE)
_DATE = r"(?:\d{1,2} )?(?:[A-Z][a-z]{2,8} )?\d{4}"
_SPAN = re.compile(
    rf"(?<![\s,])[\s,]*\b(issued|expires|expired|Issue Date|Expire Date)\s+({_DATE})(?: to {_DATE})?"
    r"(?:\s+(?:in|at)\s+[^;]*)?$"
)
_PAREN = re.compile(r"\s*\(([^()]*)\)$")
_FILLER = re.compile(r"[\s:,]*(?:No\b\.?|Number\b|#)?[\s:#]*")
_ADDRESS = re.compile(
    r"\(?(?:website|email)?\)?\s*((?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.\w+)(?:\s*\((?:website|email)\))?\.?"
)
_ABBREVIATION_END = re.compile(r"(?:\b\w\.\w|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|Bros|Gmbh|Cia|Ltda|Dr|No))\.$", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The labels and what they mean, from `data/ofac_labels.json`."""

    title: str
    version: str
    source: str
    verified: bool
    note: str
    labels: dict[str, list[str]]
    dates: dict[str, list[str]]
    countries: dict[str, list[str]]
    places: dict[str, list[str]]
    legal: list[str]
    status: list[str]
    roles: list[str]
    honorifics: list[str]
    country_names: dict[str, str]
    no_country: list[str]


def load_labels() -> Labels:
    """The labels that come with Alidade."""
    raw = files("alidade.formats").joinpath("data", "ofac_labels.json").read_bytes()
    return msgspec.json.decode(raw, type=Labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One segment of the remarks, understood or not.

    `properties` are those it may fill, the best first, none for a note. `text` is the value, `whole` the
    segment as it stands. `country` is the code of the State of issue, of a wallet its currency; `issued`
    and `expires` are dates as written.
    """

    kind: FactKind
    whole: str
    text: str
    properties: tuple[str, ...] = ()
    country: str | None = None
    issued: str | None = None
    expires: str | None = None
    understood: bool = True


def split_segments(remarks: str) -> list[str]:
    """The segments between semicolons; one inside round brackets does not divide."""
    remarks = remarks.strip()
    if remarks.endswith(".") and not _ABBREVIATION_END.search(remarks):
        remarks = remarks[:-1]
    balanced = remarks.count("(") == remarks.count(")")
    parts: list[list[str]] = []
    open_brackets = 0
    for piece in remarks.split(";"):
        if parts and open_brackets > 0 and balanced:
            parts[-1].append(piece)
        else:
            parts.append([piece])
            open_brackets = 0
        open_brackets += piece.count("(") - piece.count(")")
    return [part.strip() for part in map(";".join, parts) if part.strip(" .")]


class RemarksReader:
    """Turns segments into facts. `country` finds the code for a country's name."""

    def __init__(self, labels: Labels, country: Callable[[str], str | None]) -> None:
        self._labels = labels
        self._country = country
        self._no_country = {name.casefold() for name in labels.no_country}

    @cached_property
    def _index(self) -> Mapping[str, tuple[FactKind, tuple[str, ...]]]:
        index: dict[str, tuple[FactKind, tuple[str, ...]]] = {}
        groups: tuple[tuple[FactKind, Mapping[str, list[str]]], ...] = (
            ("number", self._labels.labels),
            ("date", self._labels.dates),
            ("country", self._labels.countries),
            ("place", self._labels.places),
        )
        for kind, group in groups:
            for properties, labels in group.items():
                for label in labels:
                    index[label.casefold()] = (kind, tuple(properties.split("|")))
        return index

    @cached_property
    def _label(self) -> re.Pattern[str]:
        names = sorted(self._index, key=len, reverse=True)
        return re.compile(rf"({'|'.join(map(re.escape, names))})(?![\w-])", re.IGNORECASE)

    @cached_property
    def _known_note(self) -> re.Pattern[str]:
        names = [*self._labels.legal, *self._labels.status]
        return re.compile(rf"\(?(?:{'|'.join(map(re.escape, names))})", re.IGNORECASE)

    @cached_property
    def _roles(self) -> frozenset[str]:
        return frozenset(self._labels.roles)

    def facts(self, remarks: str, title: str = "") -> Iterator[Fact]:
        """Every segment as a fact, in order; none is left out."""
        for segment in split_segments(remarks):
            yield self._fact(segment, title)

    def _fact(self, segment: str, title: str) -> Fact:
        bare = segment[found.end() :] if (found := _ALT.match(segment)) else segment
        return self._simple(segment, bare) or self._labelled(segment, bare) or self._note(segment, bare, title)

    def _simple(self, whole: str, bare: str) -> Fact | None:
        if found := _AKA.fullmatch(bare):
            properties: tuple[str, ...] = ("previousName", "weakAlias") if found[1] in "fF" else ("weakAlias", "alias")
            return Fact(kind="name", whole=whole, text=found[2], properties=properties)
        if found := _GENDER.fullmatch(bare):
            return Fact(kind="gender", whole=whole, text=found[1].lower(), properties=("gender",))
        if found := WALLET.fullmatch(bare):
            return Fact(kind="wallet", whole=whole, text=found[2], country=found[1], properties=("cryptoWallets",))
        if found := _ADDRESS.fullmatch(bare):
            properties = ("email",) if "@" in found[1] else ("website",)
            return Fact(kind="number", whole=whole, text=found[1], properties=properties)
        return None

    def _labelled(self, whole: str, bare: str) -> Fact | None:
        found = self._label.match(bare)
        if found is None or self._known_note.match(bare):
            return None
        kind, properties = self._index[found[1].casefold()]
        rest = bare[found.end() :]
        if kind == "country":
            return self._nationality(whole, rest.strip(" :"), properties)
        if kind != "number":
            text = rest.strip(" :.")
            return Fact(kind=kind, whole=whole, text=text, properties=properties) if text else None
        if properties[0] == "linked":
            text = rest.lstrip(" :")
            return Fact(kind="link", whole=whole, text=text)
        if properties[0].endswith("~notes"):
            return Fact(kind="note", whole=whole, text=whole)
        return self._number(whole, rest, properties)

    def _nationality(self, whole: str, text: str, properties: tuple[str, ...]) -> Fact:
        code = self._country(text)
        if code is None and (text.casefold() in self._no_country or text.startswith("possibly ")):
            return Fact(kind="note", whole=whole, text=whole)
        return Fact(kind="country", whole=whole, text=text, properties=properties, country=code)

    def _number(self, whole: str, rest: str, properties: tuple[str, ...]) -> Fact | None:
        filler = _FILLER.match(rest)
        text = rest[filler.end() :] if filler else rest
        spans: dict[str, str] = {}
        country: str | None = None
        while True:
            if found := _SPAN.search(text):
                spans.setdefault("issued" if found[1].lower().startswith("issue") else "expires", found[2])
                text = text[: found.start()]
            elif country is None and (found := _PAREN.search(text)) and (code := self._country(found[1])):
                country = code
                text = text[: found.start()]
            else:
                break
        text = text.strip(" ,")
        if text.startswith("(") and text.endswith(")"):
            text = text[1:-1]
        if not text or (len(properties) == 1 and properties[0] in _DIGITS and not any(c.isdigit() for c in text)):
            return None
        kind: FactKind = "text" if properties[0] in _TEXTS else "number"
        return Fact(
            kind=kind,
            whole=whole,
            text=text,
            properties=properties,
            country=country,
            issued=spans.get("issued"),
            expires=spans.get("expires"),
        )

    def _note(self, whole: str, bare: str, title: str) -> Fact:
        if self._known_note.match(bare):
            return Fact(kind="note", whole=whole, text=whole)
        text = bare.strip(" .")
        if text.casefold() == title.casefold().strip(" ."):
            return Fact(kind="text", whole=whole, text=text, properties=("position",))
        words = {word.casefold() for word in _WORD.findall(text)}
        if words & self._roles and not text.startswith("("):
            return Fact(kind="text", whole=whole, text=text, properties=("position",))
        return Fact(kind="note", whole=whole, text=whole, understood=False)


_TEXTS = frozenset({"position", "classification", "ethnicity", "type", "model"})
_DIGITS = frozenset(
    {"passportNumber", "idNumber", "taxNumber", "registrationNumber", "phone", "imoNumber", "mmsi", "vatCode"}
)
