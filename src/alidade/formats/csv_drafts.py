"""Drafts from a list: each row of a delimited text becomes a draft under a mapping, or a problem."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from collections.abc import Mapping as Cells
from pathlib import Path

from alidade.formats.countries import CountryNames
from alidade.formats.mapping import Column, Mapping, check_mapping
from alidade.formats.table import DEFAULT_LIMITS, Limits, Row, Table
from alidade.formats.values import BadValue, ValueReader
from alidade.formats.workbook import Sheet, open_list
from alidade.model.draft import Claim, Draft, Place, Problem
from alidade.vocabulary import LANGUAGES, Property, UnknownCode, Vocabulary

LONGEST_KEY = 200  # letters
_NAME_PARTS = ("firstName", "secondName", "middleName", "lastName", "nameSuffix")
_PARTS_IN_ORDER = ("firstName", "middleName", "lastName", "secondName", "nameSuffix")


def read_drafts(
    path: Path, mapping: Mapping, vocabulary: Vocabulary, *, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Draft | Problem]:
    """The rows of a list as drafts, in order; problems of a row come before its draft.

    A value that is no value of its property is left out with a problem that is not fatal and carries the row,
    so that it can be mended; a row without a usable name or identifier, without a known type of thing, or
    that cannot be read at all gives a fatal problem and no draft. A row that is there twice (same key) is
    given twice, with a remark. Reject files of ours can be given under the same mapping. Raises Unreadable
    for a file that is no table and Invalid for a mapping that does not fit it; both before the first row.
    """
    table = open_list(path, limits=limits)
    check_mapping(mapping, table.header, vocabulary)
    return _read(table, _RowReader(table, mapping, vocabulary))


def _read(table: Table | Sheet, reader: _RowReader) -> Iterator[Draft | Problem]:
    yield from table.remarks
    for item in table.rows():
        if isinstance(item, Problem):
            yield item
        else:
            yield from reader.read(item)


class _RowReader:
    def __init__(self, table: Table | Sheet, mapping: Mapping, vocabulary: Vocabulary) -> None:
        self._table = table
        self._mapping = mapping
        self._vocabulary = vocabulary
        self._countries = CountryNames(vocabulary)
        self._values = ValueReader(vocabulary, self._countries)
        self._things: dict[str, str | None] = {}
        self._seen: set[bytes] = set()

    def read(self, row: Row) -> Iterator[Draft | Problem]:
        """The problems of a row, then its draft unless one of them is fatal."""
        attempt = _Attempt(place=Place(file=self._table.path.name, row=row.number), cells=self._table.raw(row))
        draft = self._draft(attempt)
        yield from attempt.problems
        if draft is not None:
            yield draft

    def _draft(self, attempt: _Attempt) -> Draft | None:
        mapping = self._mapping
        thing = self._thing(attempt)
        if thing is None:
            attempt.problem(mapping.thing_column, "thing_unknown", "There is no such type of thing.", fatal=True)
            return None
        properties = self._vocabulary.properties_of(thing)
        claims = self._claims(attempt, properties)
        link = self._vocabulary.things[thing].link
        if link is not None:
            ends = {claim.property for claim in claims}
            if not {link.source, link.target} <= ends:
                attempt.problem("", "end_missing", "The link does not say both of its ends.", fatal=True)
                return None
        elif not any(_identifies(properties[claim.property]) for claim in claims):
            attempt.problem("", "name_missing", "The row has neither a name nor an identifier.", fatal=True)
            return None
        handling = attempt.cell(mapping.handling_column) or mapping.handling or None
        return Draft(
            key=self._key(attempt),
            thing=thing,
            claims=tuple(claims),
            place=attempt.place,
            raw=(("table", attempt.cells),),
            handling=handling,
        )

    def _thing(self, attempt: _Attempt) -> str | None:
        if self._mapping.thing:
            return self._mapping.thing
        text = attempt.cell(self._mapping.thing_column)
        if text not in self._things and len(self._things) < 10_000:
            self._things[text] = self._find_thing(text)
        return self._things.get(text)

    def _find_thing(self, text: str) -> str | None:
        mapped = self._mapping.things.get(text)
        if mapped is not None:
            return mapped
        wanted = text.casefold()
        for name, thing in self._vocabulary.things.items():
            terms = {name.casefold(), *(thing.label.in_(each).casefold() for each in LANGUAGES)}
            if wanted in terms and not thing.abstract:
                return name
        return None

    def _claims(self, attempt: _Attempt, properties: Cells[str, Property]) -> list[Claim]:
        mapping = self._mapping
        evaluation = self._evaluation(attempt)
        language = attempt.cell(mapping.language_column) or mapping.language or None
        claims: dict[Claim, None] = {}
        for constant in mapping.constants:
            if constant.property in properties:
                column = Column(column="", property=constant.property)
                found = self._claim(attempt, properties, column, constant.value, evaluation, language)
                if found is not None:
                    claims[found] = None
        for column in mapping.columns:
            cell = attempt.cells[column.column]
            for part in cell.split(column.separator) if column.separator else (cell,):
                found = self._claim(attempt, properties, column, part.strip(), evaluation, language)
                if found is not None:
                    claims[found] = None
        name = _composed(claims, properties, evaluation, language)
        return [name, *claims] if name is not None else list(claims)

    def _claim(
        self,
        attempt: _Attempt,
        properties: Cells[str, Property],
        column: Column,
        text: str,
        evaluation: str | None,
        language: str | None,
    ) -> Claim | None:
        if not text:
            return None
        prop = properties.get(column.property)
        if prop is None:
            attempt.problem(column.column, "property", "This type of thing has no such property.")
            return None
        country = self._country(attempt, column)
        try:
            value = self._values.read(prop, column.values.get(text, text), order=column.order, country=country)
        except BadValue as error:
            attempt.problem(column.column, error.code, error.reason)
            return None
        if not value.text:
            return None
        if value.doubt is not None:
            attempt.remark(column.column, "doubtful", value.doubt)
        original = value.original if text not in column.values else text
        return Claim(
            property=prop.name,
            value=value.text,
            original=None if original == value.text else original,
            language=column.language or language,
            evaluation=evaluation,
            refers=prop.kind == "entity",
        )

    def _country(self, attempt: _Attempt, column: Column) -> str | None:
        text = attempt.cell(column.country_column) or column.country or self._mapping.country
        return self._countries.code(text) if text else None

    def _evaluation(self, attempt: _Attempt) -> str | None:
        mapping = self._mapping
        text = attempt.cell(mapping.evaluation_column) or mapping.evaluation
        if not text:
            return None
        try:
            self._vocabulary.convert_evaluation(mapping.evaluation_scheme, text)
        except UnknownCode:
            reason = f"This is no grade of the scheme {mapping.evaluation_scheme}; taken as not evaluated."
            attempt.problem(mapping.evaluation_column, "evaluation_unknown", reason)
            return None
        return text

    def _key(self, attempt: _Attempt) -> str:
        parts = [attempt.cell(name) for name in self._mapping.keys]
        key = "|".join(parts)
        if not any(parts) or len(key) > LONGEST_KEY:
            if parts:
                reason = "The row has no usable key; one was made from its content."
                attempt.remark(self._mapping.keys[0], "key_missing", reason)
            key = _content_key(attempt.cells)
        mark = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
        if mark in self._seen:
            attempt.remark("", "key_twice", "Another row of the list has the same key.")
        self._seen.add(mark)
        return key


class _Attempt:
    """One row on its way to a draft, and what was found wrong with it."""

    def __init__(self, *, place: Place, cells: dict[str, str]) -> None:
        self.place = place
        self.cells = cells
        self.problems: list[Problem] = []

    def cell(self, column: str) -> str:
        """The text of a column, empty where the mapping names none."""
        return self.cells[column].strip() if column else ""

    def problem(self, column: str, code: str, reason: str, *, fatal: bool = False) -> None:
        """What must be mended: it carries the row, so that the reject file gets it."""
        self.problems.append(
            Problem(place=self.place, field=column, code=code, reason=reason, fatal=fatal, raw=self.cells)
        )

    def remark(self, column: str, code: str, reason: str) -> None:
        """What should be known of a row that is kept as it is."""
        self.problems.append(Problem(place=self.place, field=column, code=code, reason=reason, fatal=False))


def _identifies(prop: Property) -> bool:
    return prop.kind in ("name", "identifier", "email", "phone", "ip") or prop.identifier_kind is not None


def _composed(
    claims: Cells[Claim, None], properties: Cells[str, Property], evaluation: str | None, language: str | None
) -> Claim | None:
    """The full name where a row gives only its parts: given names, then surnames."""
    if "name" not in properties or any(claim.property == "name" for claim in claims):
        return None
    given: dict[str, list[str]] = {part: [] for part in _NAME_PARTS}
    for claim in claims:
        if claim.property in given:
            given[claim.property].append(claim.value)
    words = [word for part in _PARTS_IN_ORDER for word in given[part][:1]]
    if not given["firstName"] and not given["lastName"]:
        return None
    return Claim(property="name", value=" ".join(words), evaluation=evaluation, language=language)


def _content_key(cells: Cells[str, str]) -> str:
    """The same for the same content, whatever the order of the columns and the form of accents."""
    text = "\x1f".join(
        f"{name}\x1e{unicodedata.normalize('NFC', cell.strip())}" for name, cell in sorted(cells.items())
    )
    return "row-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
