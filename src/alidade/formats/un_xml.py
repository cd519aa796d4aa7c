"""United Nations: the Security Council's consolidated list in XML as drafts, one per entry."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec

from alidade.formats.claims import ClaimList
from alidade.formats.countries import CountryNames
from alidade.formats.dates import normal_date, read_date
from alidade.formats.values import ValueReader
from alidade.formats.xml_record import Keys, Part, Unknown, delivered
from alidade.formats.xml_source import DEFAULT_XML_LIMITS, Element, XmlLimits, read_elements
from alidade.matching.partial_dates import PartialDate
from alidade.model.draft import Draft, Place, Problem
from alidade.vocabulary import Vocabulary

ROOT: Final = "CONSOLIDATED_LIST"
_CONTAINERS: Final = frozenset({(ROOT,), (ROOT, "INDIVIDUALS"), (ROOT, "ENTITIES")})
_THINGS: Final = {"INDIVIDUAL": "Person", "ENTITY": "Organization"}
_NAMES: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_PLACE: Final = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    version: str
    source: str
    verified: bool
    note: str
    documents: dict[str, list[str]]
    other_document: list[str]
    aliases: dict[str, list[str]]
    genders: dict[str, str]
    bookkeeping: list[str]
    country_names: dict[str, str]
    no_country: list[str]


def read_un(path: Path, vocabulary: Vocabulary, *, limits: XmlLimits = DEFAULT_XML_LIMITS) -> Iterator[Draft | Problem]:
    """Every individual and entity of the list, in its order. The key is the UN's DATAID.

    An entity is an Organization: company or body is not told apart there. The reference number stands in
    `systemReference` of people and in `notes` of others. What is not known here is kept in `notes` with the name
    of its element. Problems of an entry come before its draft; where the file breaks off a fatal problem comes
    last and the list is not whole. Raises Unreadable for a file that is not this list.
    """
    elements = read_elements(path, _CONTAINERS, limits=limits)
    return _read(elements, path.name, vocabulary)


def _read(elements: Iterator[Element | Problem], file: str, vocabulary: Vocabulary) -> Iterator[Draft | Problem]:
    reader = _EntryReader(vocabulary, file)
    for item in elements:
        if isinstance(item, Problem):
            yield item
        else:
            yield from reader.entry(item)


class _EntryReader:
    def __init__(self, vocabulary: Vocabulary, file: str) -> None:
        raw = files("alidade.formats").joinpath("data", "un_list.json").read_bytes()
        self._list = msgspec.json.decode(raw, type=_List)
        self._vocabulary = vocabulary
        self._countries = CountryNames(vocabulary, self._list.country_names)
        self._values = ValueReader(vocabulary, self._countries)
        self._file = file
        self._keys = Keys(file)
        self._unknown = Unknown(file)

    def entry(self, element: Element) -> Iterator[Draft | Problem]:
        """The problems of an entry, then its draft."""
        part = Part(element)
        key = part.text("DATAID")
        names = [text for name in _NAMES if (text := part.text(name))]
        thing = _THINGS.get(element.name)
        problem = self._keys.problem(key, element, field="DATAID", name=" ".join(names), thing=thing)
        if problem is not None or thing is None:
            if problem is not None:
                yield problem
            return
        claims = ClaimList(self._vocabulary.properties_of(thing), self._values)
        claims.add(("name",), " ".join(names))
        if thing == "Person" and len(names) > 1:
            # Which of the other parts is a family name the list does not say.
            claims.add(("firstName",), names[0])
        claims.add(("alias",), part.text("NAME_ORIGINAL_SCRIPT"))
        claims.add(("topics",), "sanction")
        self._of_listing(claims, part)
        self._of_person(claims, part, thing)
        prefix = element.name
        for alias in part.parts(f"{prefix}_ALIAS"):
            self._alias(claims, alias)
        for address in part.parts(f"{prefix}_ADDRESS"):
            self._address(claims, address)
        for document in part.parts(f"{prefix}_DOCUMENT"):
            self._document(claims, document)
        part.pass_over(*self._list.bookkeeping)
        self._unknown.note(part, claims)
        yield from delivered(key, thing, claims, element, self._file)

    def _of_listing(self, claims: ClaimList, part: Part) -> None:
        for program in part.texts("UN_LIST_TYPE"):
            claims.add(("program",), program)
        reference = part.text("REFERENCE_NUMBER")
        claims.add(("systemReference",), reference, whole=f"UN reference: {reference}")
        listed = part.text("LISTED_ON")
        claims.add(("createdAt",), listed, whole=f"Listed on: {listed}")
        for updated in part.texts_of("LAST_DAY_UPDATED", "VALUE"):
            claims.add(("modifiedAt",), updated, whole=f"Updated on: {updated}")
        for name, label in (("SUBMITTED_BY", "Submitted by"), ("SUBMITTED_ON", "Submitted on")):
            for text in part.texts(name):
                claims.note(f"{label}: {text}")
        for comment in part.texts("COMMENTS1"):
            claims.note(comment)

    def _of_person(self, claims: ClaimList, part: Part, thing: str) -> None:
        gender = part.text("GENDER")
        code = self._list.genders.get(gender.casefold(), gender)
        claims.add(("gender",), code, whole=f"GENDER: {gender}", original=gender)
        for title in part.texts_of("TITLE", "VALUE"):
            claims.add(("title",), title)
        for designation in part.texts_of("DESIGNATION", "VALUE"):
            claims.add(("position",), designation)
        for name in ("NATIONALITY", "NATIONALITY2"):
            for country in part.texts_of(name, "VALUE"):
                self._country(claims, ("nationality", "country"), country, "NATIONALITY", part.line)
        for born in part.parts(f"{part.element.name}_DATE_OF_BIRTH"):
            self._born(claims, born)
        for place in part.parts(f"{part.element.name}_PLACE_OF_BIRTH"):
            country = place.text("COUNTRY")
            parts = [*(place.text(name) for name in _PLACE), country]
            claims.add(("birthPlace",), ", ".join(filter(None, parts)))
            self._country(claims, ("birthCountry",), country, place.element.name, place.line)
            _note_of(claims, place, "Place of birth")

    def _country(self, claims: ClaimList, properties: tuple[str, ...], text: str, field: str, line: int) -> None:
        if not text:
            return
        code = self._countries.code(text)
        if code is not None:
            claims.add(properties, code, original=text)
            return
        claims.note(f"{field}: {text}")
        if text.casefold().strip(".") not in self._list.no_country:
            reason = "No country is known by this name; it is kept in the notes."
            claims.fault(field, "country", reason, place=Place(file=self._file, row=line))

    def _born(self, claims: ClaimList, born: Part) -> None:
        kind = born.text("TYPE_OF_DATE").casefold()
        texts = [*born.texts("DATE"), *born.texts("YEAR")]
        first, last = born.text("FROM_YEAR"), born.text("TO_YEAR")
        if first or last:
            texts.append(_span(first, last))
        for text in texts:
            about = kind.startswith("approx") and read_date(text) is not None
            value = f"circa {text}" if about else text
            claims.add(("birthDate",), value, whole=f"Date of birth: {text}", original=text if about else None)
        _note_of(claims, born, "Date of birth")

    def _alias(self, claims: ClaimList, alias: Part) -> None:
        quality = alias.text("QUALITY").casefold()
        name = alias.text("ALIAS_NAME")
        claims.add((*self._list.aliases.get(quality, ["alias"]), "alias"), name)
        said = [
            f"{label} {text}"
            for field, label in (
                ("DATE_OF_BIRTH", "born"),
                ("CITY_OF_BIRTH", "born in"),
                ("COUNTRY_OF_BIRTH", "born in"),
                ("NOTE", "note"),
            )
            for text in alias.texts(field)
        ]
        # What is said of an alias need not hold of the person, so it is no claim.
        if said:
            claims.note(f"Alias {name}: {', '.join(said)}")

    def _address(self, claims: ClaimList, address: Part) -> None:
        country = address.text("COUNTRY")
        parts = [text for name in _PLACE if (text := address.text(name))]
        if parts:
            claims.add(("address",), ", ".join(filter(None, (*parts, country))))
        self._country(claims, ("country", "mainCountry"), country, address.element.name, address.line)
        _note_of(claims, address, "Address")

    def _document(self, claims: ClaimList, document: Part) -> None:
        kinds = [text for name in ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2") if (text := document.text(name))]
        number = document.text("NUMBER")
        countries = [text for name in ("ISSUING_COUNTRY", "COUNTRY_OF_ISSUE") if (text := document.text(name))]
        city = document.text("CITY_OF_ISSUE")
        issued, expires = document.text("DATE_OF_ISSUE"), document.text("DATE_OF_EXPIRY")
        note = document.text("NOTE")
        where = ", ".join(dict.fromkeys(filter(None, (city, *countries))))
        whole = " ".join(filter(None, (", ".join(kinds), number, f"({where})" if where else "")))
        whole += "".join(f" {word} {text}" for word, text in (("issued", issued), ("expires", expires)) if text)
        if note:
            claims.note(f"{whole}: {note}" if whole else f"Document: {note}")
        if not number:
            claims.note(whole)
            return
        wanted = next((found for kind in kinds if (found := self._list.documents.get(kind.casefold()))), None)
        claims.add(
            (*(wanted or self._list.other_document), "registrationNumber"),
            number,
            whole=whole,
            original=whole,
            country=next((code for text in countries if (code := self._countries.code(text))), None),
            valid_from=issued or None,
            valid_to=expires or None,
        )


def _note_of(claims: ClaimList, part: Part, label: str) -> None:
    for text in (*part.texts("NOTE"), part.own_text()):
        if text:
            claims.note(f"{label}: {text}")


def _span(first: str, last: str) -> str:
    if first.isdigit() and last.isdigit() and int(first) < int(last) <= 2999 and int(first) >= 1000:
        return normal_date(PartialDate(year=int(first), until_year=int(last)))
    return first if first == last or not last else last if not first else f"{first} to {last}"
