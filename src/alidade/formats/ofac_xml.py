"""OFAC: the list of the United States Treasury in XML (sdnList) as the same drafts that its CSV files give."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from alidade.formats.claims import ClaimList
from alidade.formats.countries import CountryNames
from alidade.formats.ofac import _EntryReader as EntryReader
from alidade.formats.ofac_files import COLUMNS, SourceRow
from alidade.formats.ofac_relations import Relations
from alidade.formats.ofac_remarks import load_labels
from alidade.formats.values import ValueReader
from alidade.formats.xml_record import Keys, Part, Unknown, raw_of
from alidade.formats.xml_source import Element, XmlLimits, read_elements
from alidade.model.draft import Claim, Draft, Place, Problem
from alidade.vocabulary import Vocabulary

ROOT: Final = "sdnList"
_TYPES: Final = {
    "individual": ("individual", "Person"),
    "entity": ("", "Organization"),
    "": ("", "Organization"),
    "vessel": ("vessel", "Vessel"),
    "aircraft": ("aircraft", "Airplane"),
}
_VESSEL: Final = {
    "call_sign": "callSign",
    "vess_type": "vesselType",
    "vess_flag": "vesselFlag",
    "vess_owner": "vesselOwner",
    "tonnage": "tonnage",
    "grt": "grossRegisteredTonnage",
}
_REMARKED: Final = (  # list, item, element of the value, label in the remarks of the CSV form
    ("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", "DOB"),
    ("placeOfBirthList", "placeOfBirthItem", "placeOfBirth", "POB"),
    ("nationalityList", "nationality", "country", "nationality"),
    ("citizenshipList", "citizenship", "country", "citizen"),
)
# Remarks are taken apart by patterns whose time grows faster than the text; real ones have a thousand letters.
OFAC_LIMITS: Final = XmlLimits(text=65_536, entry_elements=20_000, entry_text=262_144)
_LONG_GAP = re.compile(r"[\s,]{9,}")
_BOOKKEEPING: Final = ("uid", "mainEntry")


def read_ofac_xml(
    path: Path, vocabulary: Vocabulary, *, related: bool = False, limits: XmlLimits = OFAC_LIMITS
) -> Iterator[Draft | Problem]:
    """Every entry of SDN.XML (or of the other lists in that form) in its order, with the key OFAC gives (uid).

    Each entry is written in the form of the CSV files and read as they are, so that keys, properties and values
    are the same and a node may change from one form to the other. With `related`, wallets and links follow, as in
    `read_ofac`. What is not known here is kept in `notes` with the name of its element. Where the file breaks
    off a fatal problem comes and the list is not whole. Raises Unreadable for a file that is not this list.
    """
    elements = read_elements(path, frozenset({(ROOT,)}), limits=limits)
    return _read(elements, path.name, vocabulary, related)


def _read(
    elements: Iterator[Element | Problem], file: str, vocabulary: Vocabulary, related: bool
) -> Iterator[Draft | Problem]:
    reader = _XmlEntryReader(vocabulary, file)
    found = Relations(vocabulary)
    for item in elements:
        if isinstance(item, Problem):
            yield item
        elif item.name == "sdnEntry":
            yield from reader.entry(item, found if related else None)
        elif item.name != "publshInformation":  # written so in the schema
            place = Place(file=file, row=item.line)
            reason = "The list has an element that is not known here; it was passed over."
            yield Problem(place=place, field=item.name[:100], code="element_unknown", reason=reason, fatal=False)
    if related:
        for draft in found.drafts():
            row = draft.place.row if draft.place is not None else 1
            yield dataclasses.replace(draft, place=Place(file=file, row=row))


class _XmlEntryReader:
    def __init__(self, vocabulary: Vocabulary, file: str) -> None:
        labels = load_labels()
        countries = CountryNames(vocabulary, labels.country_names)
        self._vocabulary = vocabulary
        self._reader = EntryReader(vocabulary, labels, countries)
        self._values = ValueReader(vocabulary, countries)
        self._file = file
        self._keys = Keys(file)
        self._unknown = Unknown(file)

    def entry(self, element: Element, found: Relations | None) -> Iterator[Draft | Problem]:
        """The problems of an entry, then its draft."""
        part = Part(element, exact=True)  # as in the CSV form, which keeps them
        key = part.text("uid")
        if not key.isascii() or not key.isdigit() or len(key) > 12:
            key = ""
        name = _listed(part)
        kind, thing = _TYPES.get(part.text("sdnType").casefold(), ("", None))
        refusal = self._keys.problem(key, element, field="uid", name=name, thing=thing)
        if refusal is not None or thing is None:
            if refusal is not None:
                yield refusal
            return
        rows = _rows(part, key, name, kind)
        claims = ClaimList(self._vocabulary.properties_of(thing), self._values)
        _pass_over(part)
        self._unknown.note(part, claims)
        for fault in claims.faults:
            place = fault.place or Place(file=self._file, row=element.line)
            yield Problem(place=place, field=fault.field, code=fault.code, reason=fault.reason, fatal=False)
        raw = raw_of(key, element)
        for item in self._reader.entry(rows):
            place = Place(file=self._file, row=item.place.row if item.place is not None else element.line)
            if isinstance(item, Draft):
                together: dict[Claim, None] = dict.fromkeys((*item.claims, *claims.claims))
                yield dataclasses.replace(item, claims=tuple(together), place=place, raw=(("xml", raw),))
            else:
                yield dataclasses.replace(item, place=place, raw=raw if item.raw else {})
        if found is not None:
            found.add(rows)


def _listed(part: Part) -> str:
    """The name as the CSV form has it: "LAST, First"."""
    return ", ".join(filter(None, (part.text("lastName"), part.text("firstName"))))


def _pass_over(part: Part) -> None:
    part.pass_over(*_BOOKKEEPING)
    for child in part.parts(*(each.name for each in part.element.children)):
        _pass_over(child)


def _rows(part: Part, key: str, name: str, kind: str) -> list[SourceRow]:
    """The entry as the rows that it has in sdn.csv, alt.csv and add.csv."""
    vessel = {column: "" for column in _VESSEL}
    for each in part.parts("vesselInfo"):
        vessel.update({column: each.text(name) or vessel[column] for column, name in _VESSEL.items()})
    programs = [program for each in part.parts("programList") for program in each.texts("program")]
    weak: list[str] = []
    others: list[SourceRow] = []
    for each in part.parts("akaList"):
        for aka in each.parts("aka"):
            _alias(aka, key, weak, others)
    for each in part.parts("addressList"):
        others.extend(_address(address, key) for address in each.parts("address"))
    cells = {
        "ent_num": key,
        "sdn_name": name,
        "sdn_type": kind,
        "program": "] [".join(programs),
        "title": part.text("title"),
        **vessel,
        "remarks": "; ".join([*_facts(part), *weak, *_remarks(part)]),
    }
    own = SourceRow(kind="sdn", number=part.line, cells={column: cells[column] for column in COLUMNS["sdn"]})
    return [own, *others]


def _alias(aka: Part, key: str, weak: list[str], rows: list[SourceRow]) -> None:
    kind = aka.text("type")
    name = _listed(aka)
    if not name:
        return
    if aka.text("category").casefold() == "weak":
        weak.append(f"{kind.casefold() or 'a.k.a.'} '{_one(name)}'")
        return
    cells = {"ent_num": key, "alt_num": "", "alt_type": kind.replace(".", ""), "alt_name": name, "alt_remarks": ""}
    rows.append(SourceRow(kind="alt", number=aka.line, cells=cells))


def _address(address: Part, key: str) -> SourceRow:
    lines = [text for name in ("address1", "address2", "address3") if (text := address.text(name))]
    city, state, postal = (address.text(name) for name in ("city", "stateOrProvince", "postalCode"))
    region = address.text("region")
    place = ", ".join(filter(None, (city, " ".join(filter(None, (state, postal)))))) if state else ""
    cells = {
        "ent_num": key,
        "add_num": "",
        "address": ", ".join(lines),
        "city": place or " ".join(filter(None, (city, postal))),
        "country": address.text("country") or (f"Region: {region.removeprefix('Region:').strip()}" if region else ""),
        "add_remarks": "",
    }
    if region and not cells["country"].startswith("Region:"):
        cells["add_remarks"] = f"Region: {region}"
    return SourceRow(kind="add", number=address.line, cells=cells)


def _facts(part: Part) -> Iterator[str]:
    """What the CSV form says in its remarks: births, nationalities and papers, the first plain, others "alt."."""
    for outer, inner, name, label in _REMARKED:
        texts = [text for each in part.parts(outer) for item in _main_first(each, inner) for text in item.texts(name)]
        for place, text in enumerate(texts):
            yield f"{'alt. ' if place else ''}{label} {_one(text)}"
    seen: set[str] = set()
    for each in part.parts("idList"):
        for paper in each.parts("id"):
            kind, number, country = (_one(paper.text(name)) for name in ("idType", "idNumber", "idCountry"))
            dates = "".join(
                f" {word} {_one(text)}"
                for word, name in (("issued", "issueDate"), ("expires", "expirationDate"))
                if (text := paper.text(name))
            )
            if not (kind or number):
                continue
            alt = "alt. " if kind in seen else ""
            seen.add(kind)
            yield f"{alt}{kind} {number}{f' ({country})' if country else ''}{dates}".strip()


def _main_first(outer: Part, inner: str) -> list[Part]:
    items = outer.parts(inner)
    return sorted(items, key=lambda item: item.text("mainEntry").casefold() != "true")


def _remarks(part: Part) -> Iterator[str]:
    """The remarks themselves; this form sets in brackets what the other writes bare."""
    for text in part.texts("remarks"):
        bare = text[1:].removesuffix(".").removesuffix(")") if text.startswith("(Linked To") else text
        yield _LONG_GAP.sub(" ", bare)


def _one(text: str) -> str:
    """A value that stands in the remarks as one segment; a semicolon would divide it."""
    return _LONG_GAP.sub(" ", text.replace(";", ","))
