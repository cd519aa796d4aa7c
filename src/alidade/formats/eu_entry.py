"""One entry of the European Union's list of financial sanctions as a draft, whichever form it came in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from importlib.resources import files

import msgspec

from alidade.formats.claims import ClaimList
from alidade.formats.countries import CountryNames
from alidade.formats.values import ValueReader
from alidade.formats.xml_record import Keys, Part, Unknown, delivered
from alidade.formats.xml_source import Element
from alidade.model.draft import Claim, Draft, Place, Problem
from alidade.vocabulary import Vocabulary

_PLACE = ("poBox", "street", "place", "city", "zipCode", "region")


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To which element, and to which of its attributes, the columns with one prefix belong."""

    element: str
    parts: dict[str, str]


class EuList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Codes and names of the list, from `data/eu_list.json`."""

    title: str
    version: str
    source: str
    verified: bool
    note: str
    subjects: dict[str, str]
    identifications: dict[str, list[str]]
    other_identification: list[str]
    flags: dict[str, str]
    genders: dict[str, str]
    contacts: dict[str, list[str]]
    calendars: list[str]
    bookkeeping: list[str]
    country_names: dict[str, str]
    no_country: list[str]
    columns: dict[str, Columns]


def load_eu_list() -> EuList:
    """The codes and names that come with Alidade."""
    raw = files("alidade.formats").joinpath("data", "eu_list.json").read_bytes()
    return msgspec.json.decode(raw, type=EuList)


class EuEntryReader:
    """Turns `sanctionEntity` elements into drafts. The key is the list's logicalId, the same in both forms."""

    def __init__(self, vocabulary: Vocabulary, file: str, codes: EuList) -> None:
        self._codes = codes
        self._vocabulary = vocabulary
        self._countries = CountryNames(vocabulary, codes.country_names)
        self._values = ValueReader(vocabulary, self._countries)
        self._languages = vocabulary.codes("languages")
        self._file = file
        self._keys = Keys(file)
        self._unknown = Unknown(file)
        self._papers: set[str] = set()  # kinds of papers not known, already told of

    def entry(self, element: Element) -> Iterator[Draft | Problem]:
        """The problems of an entry, then its draft."""
        part = Part(element)
        key = part.attribute("logicalId")
        thing = self._thing(part)
        aliases = [(alias, _name_of(alias), alias.attribute("strong").casefold()) for alias in part.parts("nameAlias")]
        names = " ".join(name for _, name, _ in aliases)
        refusal = self._keys.problem(key, element, field="logicalId", name=names, thing=thing)
        if refusal is not None or thing is None:
            if refusal is not None:
                yield refusal
            return
        claims = ClaimList(self._vocabulary.properties_of(thing), self._values)
        languages: dict[str, set[str]] = {}
        first = next((name for _, name, strong in aliases if name and strong != "false"), aliases[0][1])
        claims.add(("name",), first)
        for alias, name, strong in aliases:
            self._alias(claims, alias, name, strong, first, languages)
        self._of_listing(claims, part)
        for nation in part.parts("citizenship"):
            self._citizenship(claims, nation)
        for born in part.parts("birthdate"):
            self._born(claims, born)
        for address in part.parts("address"):
            self._address(claims, address)
        for paper in part.parts("identification"):
            self._paper(claims, paper)
        self._unknown.note(part, claims)
        for item in delivered(key, thing, claims, element, self._file):
            yield _with_languages(item, languages) if isinstance(item, Draft) else item

    def _thing(self, part: Part) -> str | None:
        said = [
            subject.attribute(name).casefold()
            for subject in part.parts("subjectType")
            for name in ("code", "classificationCode")
        ]
        return next((self._codes.subjects[code] for code in said if code in self._codes.subjects), None)

    def _of_listing(self, claims: ClaimList, part: Part) -> None:
        delisted = part.attribute("delistingDate")
        if delisted:
            claims.note(f"Delisted on: {delisted}")
        else:
            claims.add(("topics",), "sanction")
        for name, label in (("euReferenceNumber", "EU reference"), ("unitedNationId", "UN reference")):
            text = part.attribute(name)
            claims.add(("systemReference",), text, whole=f"{label}: {text}")
        designated = part.attribute("designationDate")
        claims.add(("createdAt",), designated, whole=f"Designated on: {designated}")
        claims.note(part.attribute("designationDetails"))
        for text in part.texts("remark"):
            claims.note(text)
        for regulation in part.parts("regulation"):
            claims.add(("program",), regulation.attribute("programme"))
            self._law(claims, regulation)
        for extra in part.parts("additionalInformation"):
            key = extra.attribute("key") or extra.text("key")
            value = extra.attribute("value") or extra.text("value") or extra.own_text()
            claims.note(": ".join(filter(None, (key, value))))

    def _law(self, claims: ClaimList, regulation: Part) -> None:
        """The act, once for an entry however many values rest on it."""
        url = regulation.text("publicationUrl") or regulation.attribute("publicationUrl")
        kind, body = regulation.attribute("regulationType"), regulation.attribute("organisationType")
        number = regulation.attribute("numberTitle")
        dates = [
            f"{label} {text}"
            for name, label in (("publicationDate", "published"), ("entryIntoForceDate", "in force"))
            if (text := regulation.attribute(name))
        ]
        programme = regulation.attribute("programme")
        said = ", ".join(filter(None, (f"{kind} {number}".strip(), body, programme, *dates)))
        if said:
            claims.note(f"Regulation: {said}")
        claims.add(("sourceUrl",), url, whole=f"Regulation: {url}")
        for text in regulation.texts("remark"):
            claims.note(text)
        regulation.pass_over(*self._codes.bookkeeping)

    def _rest(self, claims: ClaimList, part: Part, label: str) -> None:
        """What every value may have: remarks and the act it rests on."""
        for text in part.texts("remark"):
            claims.note(f"{label}: {text}")
        for summary in part.parts("regulationSummary"):
            self._law(claims, summary)
        part.pass_over(*self._codes.bookkeeping)

    def _alias(
        self,
        claims: ClaimList,
        alias: Part,
        name: str,
        strong: str,
        first: str,
        languages: dict[str, set[str]],
    ) -> None:
        parts = {each: alias.attribute(each) for each in ("firstName", "middleName", "lastName")}
        if name and name != first:
            claims.add(("weakAlias", "alias") if strong == "false" else ("alias",), name)
        language = alias.attribute("nameLanguage")
        if language.casefold() in self._languages:
            languages.setdefault(name, set()).add(language.casefold())
        elif language:
            claims.note(f"nameLanguage: {language} ({name})")
        else:
            languages.setdefault(name, set()).add("")
        if name == first:
            # Parts of other spellings would mix into names that nobody bears.
            for each, text in parts.items():
                claims.add((each,), text)
        gender = alias.attribute("gender")
        claims.add(
            ("gender",),
            self._codes.genders.get(gender.casefold(), gender),
            whole=f"gender: {gender}",
            original=gender,
        )
        claims.add(("title",), alias.attribute("title"))
        function = alias.attribute("function")
        claims.add(("position",), function, whole=function)
        self._rest(claims, alias, "Name")

    def _country(self, claims: ClaimList, properties: tuple[str, ...], part: Part) -> str:
        """Claims the country of a part; its name as the list writes it, for an address."""
        code, name = part.attribute("countryIso2Code"), part.attribute("countryDescription")
        if code.casefold() in self._codes.no_country and name.casefold() in self._codes.no_country:
            return ""
        found = self._countries.code(code) or self._countries.code(name)
        shown = " ".join(filter(None, (code, name)))
        if found is not None:
            claims.add(properties, found, original=shown)
        else:
            claims.note(f"{part.element.name} country: {shown}")
            reason = "No country is known by this code or name; it is kept in the notes."
            claims.fault(part.element.name, "country", reason, place=Place(file=self._file, row=part.line))
        return name or code

    def _citizenship(self, claims: ClaimList, nation: Part) -> None:
        self._country(claims, ("citizenship", "nationality", "country"), nation)
        said = [
            f"{label} {text}"
            for name, label in (
                ("region", "region"),
                ("acquisitionDate", "acquired"),
                ("disenfranchisementDate", "lost"),
            )
            if (text := nation.attribute(name))
        ]
        if said:
            claims.note(f"Citizenship: {', '.join(said)}")
        self._rest(claims, nation, "Citizenship")

    def _born(self, claims: ClaimList, born: Part) -> None:
        calendar = born.attribute("calendarType")
        about = "circa " if born.attribute("circa").casefold() == "true" else ""
        day, month, year = (born.attribute(name) for name in ("dayOfMonth", "monthOfYear", "year"))
        first, last = born.attribute("yearRangeFrom"), born.attribute("yearRangeTo")
        text = born.attribute("birthdate") or _date_of(day, month, year)
        if not text and (first or last):
            text = f"{first} to {last}" if first and last and first != last else first or last
        if text and calendar.casefold() not in self._codes.calendars:
            claims.note(f"Date of birth ({calendar}): {about}{text}")
        else:
            claims.add(("birthDate",), about + text if text else "", whole=f"Date of birth: {about}{text}")
        place = _place(born)
        country = self._country(claims, ("birthCountry", "country"), born)
        claims.add(("birthPlace",), ", ".join(filter(None, (*place, country))))
        self._rest(claims, born, "Birth")

    def _address(self, claims: ClaimList, address: Part) -> None:
        place = _place(address)
        country = self._country(claims, ("country", "mainCountry"), address)
        if place:
            claims.add(("address",), ", ".join(filter(None, (*place, country))))
        if address.attribute("asAtListingTime").casefold() == "true":
            claims.note(f"Address at the time of listing: {', '.join(filter(None, (*place, country)))}")
        for contact in address.parts("contactInfo"):
            key, value = contact.attribute("key"), contact.attribute("value") or contact.own_text()
            whole = ": ".join(filter(None, (key, value)))
            claims.add(tuple(self._codes.contacts.get(key.casefold(), ())), value, whole=whole)
        self._rest(claims, address, "Address")

    def _paper(self, claims: ClaimList, paper: Part) -> None:
        kind = paper.attribute("identificationTypeCode")
        label = paper.attribute("identificationTypeDescription") or kind or "Identification"
        number, latin = paper.attribute("number"), paper.attribute("latinNumber")
        dates = {name: paper.attribute(name) for name in ("issueDate", "validFrom", "validTo")}
        code, name = paper.attribute("countryIso2Code"), paper.attribute("countryDescription")
        unknown = {code.casefold(), name.casefold()} <= set(self._codes.no_country)
        country = None if unknown else self._countries.code(code) or self._countries.code(name)
        shown = "" if unknown else name or code
        whole = f"{label} {number or latin}{f' ({shown})' if shown else ''}"
        words = (("issued", "issueDate"), ("valid from", "validFrom"), ("valid to", "validTo"))
        whole += "".join(f" {word} {dates[each]}" for word, each in words if dates[each])
        wanted = self._codes.identifications.get(kind.casefold())
        if wanted is None and kind.casefold() not in self._papers:
            self._papers.add(kind.casefold())
            reason = "This kind of paper is not known here; its number is kept as an identity number."
            claims.fault("identification", "paper_unknown", reason, lost=False)
        for text in dict.fromkeys(filter(None, (number, latin))):
            claims.add(
                (*(wanted or self._codes.other_identification), "registrationNumber"),
                text,
                whole=whole,
                original=whole,
                country=country,
                valid_from=dates["validFrom"] or dates["issueDate"] or None,
                valid_to=dates["validTo"] or None,
            )
        if not (number or latin):
            claims.note(whole)
        said = [said for each, said in self._codes.flags.items() if paper.attribute(each).casefold() == "true"]
        for each, word in (("issuedBy", "issued by"), ("nameOnDocument", "in the name of"), ("region", "region")):
            if text := paper.attribute(each):
                said.append(f"{word} {text}")
        if said:
            claims.note(f"{whole}: {', '.join(said)}")
        self._rest(claims, paper, label)


def _name_of(alias: Part) -> str:
    whole = alias.attribute("wholeName")
    if whole:
        return whole
    given = alias.element.attributes
    return " ".join(" ".join(given.get(each, "") for each in ("firstName", "middleName", "lastName")).split())


def _date_of(day: str, month: str, year: str) -> str:
    if not (year.isdigit() and len(year) == 4):
        return " ".join(filter(None, (day, month, year)))
    if not month.isdigit():
        return year
    return f"{year}-{month.zfill(2)}" + (f"-{day.zfill(2)}" if day.isdigit() else "")


def _place(part: Part) -> list[str]:
    return [text for name in _PLACE if (text := part.attribute(name))]


def _with_languages(draft: Draft, languages: dict[str, set[str]]) -> Draft:
    """The draft with the language of each name that the list gives in one language only."""

    def said(claim: Claim) -> Claim:
        found = languages.get(claim.original or claim.value, set())
        if claim.property not in ("name", "alias", "weakAlias") or len(found) != 1 or "" in found:
            return claim
        return dataclasses.replace(claim, language=next(iter(found)))

    return dataclasses.replace(draft, claims=tuple(map(said, draft.claims)))
