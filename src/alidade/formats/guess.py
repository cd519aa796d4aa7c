"""Guess: what the columns of an unknown list mean, from their names in four languages and their values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import msgspec

from alidade.formats.dates import DateOrder, read_date
from alidade.formats.mapping import Column, Mapping
from alidade.matching.identifiers import IdentifierError, IdentifierKind, normalise
from alidade.vocabulary import LANGUAGES, Property, Vocabulary

_SAMPLE = 200
_EXACT, _PART, _FROM_VALUES = 0.9, 0.6, 0.7
_NUMBER_WORDS = frozenset({"n", "no", "nr", "nro", "num", "numero", "number"})
_LIST_MARKS = (";", "|", "/")
_CHECKED: tuple[tuple[IdentifierKind, str], ...] = (
    ("iban", "iban"),
    ("container", "containerNumber"),
    ("vin", "vin"),
    ("imo", "imoNumber"),
)
_OF_KIND: dict[str, IdentifierKind] = {"email": "email", "phone": "phone", "url": "web"}
_GENDERS = (
    ({"f", "m"}, {"f": "female", "m": "male"}),
    ({"h", "m"}, {"h": "male", "m": "female"}),
    ({"h", "f"}, {"h": "male", "f": "female"}),
    ({"v", "m"}, {"v": "male", "m": "female"}),
)


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    version: str
    source: str
    verified: bool
    note: str
    words: dict[str, list[str]]
    signs: dict[str, list[str]]
    plates: list[str]
    companies: list[str]
    vessels: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A mapping that a person must look at: how sure each column is (0 to 1), which mean nothing yet."""

    mapping: Mapping
    confidence: dict[str, float]
    unmapped: tuple[str, ...]


def fold(text: str) -> str:
    """Lower case, without accents and punctuation, single blanks."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).casefold()
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


def guess_mapping(header: Sequence[str], sample_rows: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Guess:
    """Guess the mapping of a list from its header and up to 200 of its rows.

    A person confirms it: nothing is read on a guess alone. Dates whose order of day and month the sample does
    not settle are taken day first, with less confidence.
    """
    raw = files("alidade.formats").joinpath("data", "column_words.json").read_bytes()
    return _Guesser(msgspec.json.decode(raw, type=_Words), vocabulary, header, sample_rows[:_SAMPLE]).guess()


class _Guesser:
    def __init__(
        self, words: _Words, vocabulary: Vocabulary, header: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        self._words = words
        self._vocabulary = vocabulary
        self._header = header
        self._values = {
            name: [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
            for place, name in enumerate(header)
        }

    @cached_property
    def _by_word(self) -> dict[str, str]:
        index: dict[str, str] = {}
        for target, words in self._words.words.items():
            for word in words:
                index.setdefault(fold(word), target)
            index.setdefault(fold(target.split("|")[0]), target)
        return index

    def guess(self) -> Guess:
        """Targets by name and by value, then the type of thing, then the columns."""
        targets = {name: self._target(name) for name in self._header}
        thing_column = self._thing_column(targets)
        thing = "" if thing_column else self._thing(targets)
        properties = self._vocabulary.properties_of(thing or "LegalEntity")
        mapping = Mapping(thing=thing, thing_column=thing_column or "")
        confidence: dict[str, float] = {}
        columns: list[Column] = []
        used: set[str] = set()
        for name, (target, sure) in targets.items():
            if name == thing_column or not target:
                confidence.update({name: sure} if name == thing_column else {})
                continue
            if target.startswith("@"):
                mapping = _with_role(mapping, target, name, confidence, sure)
                continue
            prop = next((properties[each] for each in target.split("|") if each in properties), None)
            if prop is None and thing_column:
                prop = self._anywhere(target)
            if prop is None:
                continue
            column, agreement = self._column(name, prop)
            if agreement < 0.3 and sure < _EXACT:
                continue
            columns.append(column)
            confidence[name] = round(max(0.05, min(0.99, sure * (0.5 + 0.5 * agreement))), 2)
            used.add(prop.name)
        if "firstName" in used and "name" in used and "lastName" not in used:
            columns = [_rename(each, "name", "lastName") for each in columns]
        mapping = msgspec.structs.replace(mapping, columns=self._with_countries(columns))
        unmapped = tuple(name for name in self._header if name not in confidence)
        return Guess(mapping=mapping, confidence=confidence, unmapped=unmapped)

    def _target(self, name: str) -> tuple[str, float]:
        key = fold(name)
        if key in self._by_word:
            return self._by_word[key], _EXACT
        bare = " ".join(word for word in key.split() if word not in _NUMBER_WORDS)
        if bare in self._by_word:
            return self._by_word[bare], _EXACT - 0.1
        by_value = self._by_value(name)
        if by_value:
            return by_value, _FROM_VALUES
        words = key.split()
        for length in range(len(words) - 1, 0, -1):
            for start in range(len(words) - length + 1):
                part = " ".join(words[start : start + length])
                if len(part) > 2 and part in self._by_word:
                    return self._by_word[part], _PART * length / len(words)
        return "", 0.0

    def _by_value(self, name: str) -> str:
        values = self._values[name]
        if len(values) < 2:
            return ""
        for kind, target in _CHECKED:
            if _share(values, lambda text, kind=kind: _valid(kind, text)) > 0.8:  # type: ignore[misc]
                return target
        if _share(values, lambda text: "@" in text and _valid("email", text, sure=False)) > 0.8:
            return "email"
        if _share(values, lambda text: text.startswith(("+", "00")) and _valid("phone", text)) > 0.7:
            return "phone|number"
        return ""

    def _thing_column(self, targets: dict[str, tuple[str, float]]) -> str | None:
        for name, (target, _) in targets.items():
            values = self._values[name]
            if target in ("@thing", "type") and values and all(fold(text) in self._terms for text in values):
                return name
        return None

    @cached_property
    def _terms(self) -> frozenset[str]:
        known = {fold(name) for name in self._vocabulary.things}
        for entry in self._vocabulary.things.values():
            known.update(fold(entry.label.in_(language)) for language in LANGUAGES)
        return frozenset(known)

    def _thing(self, targets: dict[str, tuple[str, float]]) -> str:
        found = {target.split("|")[0] for target, _ in targets.values()}
        names = {fold(name) for name in self._header}
        scores = {thing: len(found.intersection(signs)) for thing, signs in self._words.signs.items()}
        scores["Vehicle"] += 2 * len(names.intersection(self._words.plates))
        scores["Company"] += 2 * len(names.intersection(self._words.companies))
        scores["Vessel"] += 2 * len(names.intersection(self._words.vessels))
        best = max(scores, key=lambda thing: scores[thing])
        if scores["Person"] and ("firstName" in found or "birthDate" in found):
            return "Person"
        return best if scores[best] else "LegalEntity"

    def _anywhere(self, target: str) -> Property | None:
        for name in target.split("|"):
            for thing in self._vocabulary.things:
                if name in (properties := self._vocabulary.properties_of(thing)):
                    return properties[name]
        return None

    def _column(self, name: str, prop: Property) -> tuple[Column, float]:
        values = self._values[name]
        column = Column(column=name, property=prop.name)
        if not values:
            return column, 0.8
        if prop.kind == "date":
            order, agreement = _date_order(values)
            return msgspec.structs.replace(column, order=order), agreement
        if prop.code_list == "genders":
            letters = {text.casefold() for text in values}
            codes = next((codes for allowed, codes in _GENDERS if letters <= allowed), {})
            return msgspec.structs.replace(column, values={**codes, **_upper(codes)}), 1.0
        kind = prop.identifier_kind or _OF_KIND.get(prop.kind)
        if kind is None:
            return column, 1.0
        for mark in ("", *_LIST_MARKS):
            parts = [part for text in values for part in (text.split(mark) if mark else [text])]
            share = _share(parts, lambda text: _valid(kind, text, sure=False))
            if share > 0.8 and (not mark or len(parts) > len(values)):
                return msgspec.structs.replace(column, separator=mark), share
        return column, _share(values, lambda text: _valid(kind, text, sure=False))

    def _with_countries(self, columns: list[Column]) -> tuple[Column, ...]:
        places = [each.column for each in columns if each.property in ("country", "nationality")]
        phones = ("phone", "number")
        return tuple(
            msgspec.structs.replace(each, country_column=places[0]) if places and each.property in phones else each
            for each in columns
        )


def _upper(codes: dict[str, str]) -> dict[str, str]:
    return {text.upper(): code for text, code in codes.items()}


def _rename(column: Column, old: str, new: str) -> Column:
    return msgspec.structs.replace(column, property=new) if column.property == old else column


def _with_role(mapping: Mapping, target: str, name: str, confidence: dict[str, float], sure: float) -> Mapping:
    if target == "@key":
        if mapping.keys:
            return mapping
        confidence[name] = sure
        return msgspec.structs.replace(mapping, keys=(name,))
    field = f"{target[1:]}_column"
    if target == "@thing" or getattr(mapping, field):
        return mapping
    confidence[name] = sure
    return msgspec.structs.replace(mapping, **{field: name})


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0


def _valid(kind: IdentifierKind, text: str, *, sure: bool = True) -> bool:
    try:
        found = normalise(kind, text)
    except IdentifierError:
        return False
    return found.valid is True if sure else found.valid is not False or kind == "phone"


def _date_order(values: Iterable[str]) -> tuple[DateOrder, float]:
    texts = list(values)
    day = _share(texts, lambda text: read_date(text, "day_first") is not None)
    month = _share(texts, lambda text: read_date(text, "month_first") is not None)
    if month > day:
        return "month_first", month
    unsure = day == month and any(read_date(text, "day_first") != read_date(text, "month_first") for text in texts)
    return "day_first", day * (0.6 if unsure else 1.0)
