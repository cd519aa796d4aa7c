"""OFAC: the list of the United States Treasury (SDN family) as drafts, one per entry."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from alidade.formats.claims import ClaimList
from alidade.formats.countries import CountryNames
from alidade.formats.ofac_files import SourceRow, orphan, raw_of, read_rows, read_side_files
from alidade.formats.ofac_relations import Relations
from alidade.formats.ofac_remarks import Fact, Labels, RemarksReader, load_labels
from alidade.formats.values import ValueReader
from alidade.matching.identifiers import IdentifierError, normalise
from alidade.model.draft import Draft, Place, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary

_THINGS: Final = {
    "individual": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "": "Organization",
    "entity": "Organization",
}
_ALIASES: Final = {"aka": "alias", "fka": "previousName", "nka": "alias"}
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)
_TAIL_MARK = re.compile(r"[A-Z0-9]{1,3}-?[A-Z0-9]{2,5}")


def read_ofac(folder: Path, vocabulary: Vocabulary, *, related: bool = False) -> Iterator[Draft | Problem]:
    """Every entry of the list, in its order, with aliases, addresses and the facts of its remarks.

    The folder holds sdn.csv and, where the list has them, alt.csv, add.csv and sdn_comments.csv. The key of
    a draft is OFAC's entry number. An entry without a type is an Organization, as OpenSanctions reads this
    list; company or body is not told apart there. What the remarks say and nothing here understands stands
    whole in `notes`. Problems of an entry come before its draft; rows without an entry come last. With
    `related`, wallets of digital currency and links between entries follow as drafts of their own.
    Raises Unreadable where the folder has no sdn.csv or a file is no text.
    """
    side = read_side_files(folder)
    labels = load_labels()
    countries = CountryNames(vocabulary, labels.country_names)
    reader = _EntryReader(vocabulary, labels, countries)
    yield from side.problems
    seen: set[str] = set()
    found = Relations(vocabulary)
    rows = read_rows(folder, "sdn")
    first = next(rows, None)
    if first is None and not side.rows and not side.problems and not side.broken:
        raise Unreadable(
            f"The folder {folder.name} has no sdn.csv.",
            remedy="Name the folder that holds it.",
            code="no_file",
        )
    while first is not None:
        item, first = first, next(rows, None)
        if isinstance(item, Problem):
            yield item
            continue
        number = item.cells["ent_num"]
        problem = _entry_problem(item, seen)
        if problem is not None:
            yield problem
            continue
        seen.add(number)
        own = [item, *side.take(number)]
        for broken in side.broken.pop(number, ()):
            yield dataclasses.replace(broken, raw={**raw_of(own), **broken.raw})
        yield from reader.entry(own)
        if related:
            found.add(own)
    for unread in side.broken.values():
        yield from unread
    if related:
        yield from found.drafts()
    for left in side.rows.values():
        yield from map(orphan, left)


def _entry_problem(row: SourceRow, seen: set[str]) -> Problem | None:
    number = row.cells["ent_num"]
    if not number.isascii() or not number.isdigit() or len(number) > 12:
        return _problem(row, "ent_num", "key", "The entry number is no number.")
    if number in seen:
        return _problem(row, "ent_num", "key_twice", "Another entry has this number.")
    if not row.cells["sdn_name"].strip(" ,."):
        return _problem(row, "sdn_name", "name_missing", "The entry has no name.")
    if row.cells["sdn_type"].lower() not in _THINGS:
        return _problem(row, "sdn_type", "thing_unknown", "The type of the entry is not known.")
    return None


def _problem(row: SourceRow, field: str, code: str, reason: str) -> Problem:
    return Problem(place=_place(row), field=field, code=code, reason=reason, raw=raw_of([row]))


def natural_name(listed: str) -> tuple[str, str, str]:
    """ "LAST, First" as (First LAST, First, LAST); a name without comma as (name, "", "")."""
    last, comma, rest = listed.partition(",")
    if not comma:
        return " ".join(listed.split()), "", ""
    first, _, suffix = rest.partition(",")
    if suffix and not _SUFFIX.fullmatch(suffix.strip()):
        first, suffix = rest, ""
    parts = (first.strip(), last.strip(), suffix.strip())
    return " ".join(part for part in parts if part), parts[0], parts[1]


class _EntryReader:
    def __init__(self, vocabulary: Vocabulary, labels: Labels, countries: CountryNames) -> None:
        self._vocabulary = vocabulary
        self._values = ValueReader(vocabulary, countries)
        self._countries = countries
        self._remarks = RemarksReader(labels, countries.code)
        self._no_country = {name.casefold() for name in labels.no_country}
        self._honorifics = {name.casefold() for name in labels.honorifics}

    def entry(self, rows: list[SourceRow]) -> Iterator[Draft | Problem]:
        """The problems of an entry, then its draft."""
        cells = rows[0].cells
        thing = _THINGS[cells["sdn_type"].lower()]
        person = thing == "Person"
        claims = ClaimList(self._vocabulary.properties_of(thing), self._values)
        self._own_row(claims, cells, thing)
        remarks = cells["remarks"]
        for other in rows[1:]:
            if other.kind == "alt":
                target = _ALIASES.get(other.cells["alt_type"].lower(), "alias")
                _add_name(claims, (target,), other.cells["alt_name"], person)
                claims.note(other.cells["alt_remarks"])
            elif other.kind == "add":
                self._address(claims, other)
            else:
                remarks += other.cells["remarks_continued"]
        for fact in self._remarks.facts(remarks, cells["title"]):
            self._fact(claims, fact, person)
        raw = raw_of(rows) if claims.faults else {}
        for fault in claims.faults:
            place = fault.place or _place(rows[0])
            kept = raw if fault.lost else {}
            yield Problem(place=place, field=fault.field, code=fault.code, reason=fault.reason, fatal=False, raw=kept)
        yield Draft(
            key=cells["ent_num"],
            thing=thing,
            claims=claims.claims,
            place=_place(rows[0]),
            raw=tuple((each.kind, each.cells) for each in rows),
        )

    def _own_row(self, claims: ClaimList, cells: Mapping[str, str], thing: str) -> None:
        person = thing == "Person"
        _add_name(claims, ("name",), cells["sdn_name"], person)
        if person:
            _, first, last = natural_name(cells["sdn_name"])
            claims.add(("firstName",), first)
            claims.add(("lastName",), last)
        if thing == "Airplane" and _TAIL_MARK.fullmatch(cells["sdn_name"]):
            claims.add(("registrationNumber",), cells["sdn_name"])
        claims.add(("topics",), "sanction")
        for program in cells["program"].split("]"):
            claims.add(("program", "programId"), program.strip(" ["))
        if not person:
            claims.note(cells["title"])
        elif cells["title"].casefold() in self._honorifics:
            claims.add(("title",), cells["title"])
        else:
            claims.add(("position",), cells["title"])
        for column, properties, label in _VESSEL:
            text = cells[column]
            if not text:
                continue
            number = text.replace(",", "") if column in ("tonnage", "grt") else text
            claims.add(properties, number, original=text, whole=f"{label}: {text}")
        self._country(claims, ("flag", "country"), cells["vess_flag"], "vess_flag", None)

    def _country(
        self, claims: ClaimList, properties: tuple[str, ...], text: str, field: str, place: Place | None
    ) -> None:
        if not text:
            return
        code = self._countries.code(text)
        if code is not None:
            claims.add(properties, code, original=text)
            return
        claims.note(f"{field}: {text}")
        if text.casefold() not in self._no_country:
            reason = "No country is known by this name; it is kept in the notes."
            claims.fault(field, "country", reason, place=place)

    def _address(self, claims: ClaimList, row: SourceRow) -> None:
        cells = row.cells
        if cells["address"] or cells["city"]:
            parts = (cells["address"], cells["city"], cells["country"])
            claims.add(("address",), ", ".join(part for part in parts if part))
        self._country(claims, ("country", "mainCountry"), cells["country"], "country", _place(row))
        claims.note(cells["add_remarks"])

    def _fact(self, claims: ClaimList, fact: Fact, person: bool) -> None:
        if fact.kind == "name":
            _add_name(claims, fact.properties, fact.text, person)
        elif fact.kind == "country":
            self._country(claims, (*fact.properties, "country"), fact.text, "remarks", None)
        elif fact.kind == "wallet":
            claims.add(fact.properties, fact.text, whole=fact.whole)
        elif fact.kind in ("link", "note"):
            claims.note(fact.whole)
        else:
            text = fact.text
            if "phone" in fact.properties:
                text = _international(text)
            claims.add(
                fact.properties,
                text,
                whole=fact.whole,
                original=fact.whole if fact.kind == "number" else None,
                country=fact.country,
                valid_from=fact.issued,
                valid_to=fact.expires,
            )


def _international(text: str) -> str:
    """The list writes numbers with country code and without plus; a plus is set where that makes a number."""
    digits = "+" + "".join(character for character in text if character.isdigit())
    try:
        return digits if normalise("phone", digits).valid else text
    except IdentifierError:
        return text


_VESSEL: Final = (
    ("call_sign", ("callSign",), "Call sign"),
    ("vess_type", ("type",), "Vessel type"),
    ("tonnage", ("tonnage", "deadweightTonnage"), "Tonnage"),
    ("grt", ("grossRegisteredTonnage",), "Gross registered tonnage"),
    ("vess_owner", (), "Vessel owner"),
)


def _place(row: SourceRow) -> Place:
    return Place(file=f"{row.kind}.csv", row=row.number)


def _add_name(claims: ClaimList, properties: tuple[str, ...], listed: str, person: bool) -> None:
    name = natural_name(listed)[0] if person else " ".join(listed.split())
    claims.add((*properties, "alias", "name"), name, original=listed)
