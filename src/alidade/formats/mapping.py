"""Mapping: which column of a list means which property; a file that can be kept, shown and corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from alidade.formats.atomic import AtomicText
from alidade.formats.dates import DateOrder
from alidade.formats.filetype import read_head
from alidade.model.errors import Invalid
from alidade.vocabulary import UnknownCode, Vocabulary

VERSION = 1
_ROLES = ("@key", "@thing", "@evaluation", "@language", "@handling")
_OPTIONS = ("order", "separator", "country", "country_column", "language")
_LARGEST_FILE = 1024 * 1024


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One column and the property it fills.

    `order` is how numeric dates are written; `separator` divides several values in one cell; `country`
    (alpha-2) or `country_column` says where a phone or paper number belongs; `values` replaces cell texts by
    codes.
    """

    column: str
    property: str
    order: DateOrder = "day_first"
    separator: str = ""
    country: str = ""
    country_column: str = ""
    language: str = ""
    values: dict[str, str] = {}


class Constant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that every row of the list has."""

    property: str
    value: str


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a list is read: type of thing, key, columns, evaluation, language, handling, constants.

    The type is `thing`, or what `thing_column` says (by name, by its term in four languages, or through
    `things`). Without `keys` the key is made from the content of the row. The evaluation is in
    `evaluation_scheme`, from its column or the same for all.
    """

    version: int = VERSION
    thing: str = ""
    thing_column: str = ""
    things: dict[str, str] = {}
    keys: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    constants: tuple[Constant, ...] = ()
    evaluation: str = ""
    evaluation_column: str = ""
    evaluation_scheme: str = "4x4"
    language: str = ""
    language_column: str = ""
    handling: str = ""
    handling_column: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One line of a mapping as a person reads it: the column, what it fills, and the particulars."""

    column: str
    target: str
    details: str


def write_mapping(path: Path, mapping: Mapping) -> None:
    """Keep the mapping in a JSON file; raises Invalid where it cannot be written."""
    file = AtomicText(path)
    stream = file.open()
    stream.write(msgspec.json.format(msgspec.json.encode(mapping), indent=2).decode("utf-8") + "\n")
    file.finish()


def read_mapping(path: Path) -> Mapping:
    """The mapping in a JSON file. Raises Invalid for a broken, foreign or newer one."""
    read_head(path)
    if path.stat().st_size > _LARGEST_FILE:
        raise Invalid(f"{path.name} is too large for a mapping.", remedy="Name a mapping.", code="mapping")
    try:
        mapping = msgspec.json.decode(path.read_bytes(), type=Mapping)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            f"{path.name} is no mapping: {error}.", remedy="Have the mapping guessed again.", code="mapping"
        ) from error
    if mapping.version != VERSION:
        raise Invalid(
            f"{path.name} is a mapping of version {mapping.version}.",
            remedy="Use the Alidade that wrote it, or have it guessed again.",
            code="mapping_version",
        )
    return mapping


def show(mapping: Mapping) -> tuple[MappingRow, ...]:
    """The mapping line by line, for a table on the screen."""
    rows: list[MappingRow] = []
    if mapping.thing:
        rows.append(MappingRow("(every row)", "@thing", mapping.thing))
    for role, value in (
        ("@evaluation", mapping.evaluation),
        ("@language", mapping.language),
        ("@handling", mapping.handling),
        ("@country", mapping.country),
    ):
        if value:
            rows.append(MappingRow("(every row)", role, value))
    rows += [MappingRow("(every row)", each.property, each.value) for each in mapping.constants]
    rows += [MappingRow(key, "@key", "") for key in mapping.keys]
    for role, name in (
        ("@thing", mapping.thing_column),
        ("@evaluation", mapping.evaluation_column),
        ("@language", mapping.language_column),
        ("@handling", mapping.handling_column),
    ):
        if name:
            rows.append(MappingRow(name, role, mapping.evaluation_scheme if role == "@evaluation" else ""))
    rows += [MappingRow(each.column, each.property, _details(each)) for each in mapping.columns]
    return tuple(rows)


def _details(column: Column) -> str:
    parts = [f"{name}: {getattr(column, name)}" for name in _OPTIONS[1:] if getattr(column, name)]
    if column.order != "day_first":
        parts.insert(0, f"order: {column.order}")
    if column.values:
        parts.append(", ".join(f"{text} is {code}" for text, code in column.values.items()))
    return "; ".join(parts)


def correct(mapping: Mapping, changes: Sequence[str], header: Sequence[str] | None = None) -> Mapping:
    """The mapping with corrections as a person types them.

    "surname=lastName" sets a column, "col3=" drops it, "ref=@key" makes it (part of) the key; @thing,
    @evaluation, @language and @handling likewise. Options follow after semicolons:
    "born=birthDate;order:month_first" (order, separator, country, country_column, language). "@thing=Person",
    "@evaluation=B2", "@scheme=...", "@language=fr", "@handling=...", "@country=NL" hold for every row. Raises
    Invalid that names the correction by its number, also for a column that is not in `header` where given.
    """
    for number, change in enumerate(changes, start=1):
        name, equals, target = change.partition("=")
        if header is not None and equals and name not in header and not name.startswith("@"):
            longest = [column for column in header if change.startswith(f"{column}=")]
            if not longest:
                raise _wrong(number, "it names a column that the list does not have")
            name = max(longest, key=len)
            target = change[len(name) + 1 :]
        name = name.strip()
        if not equals or not name:
            raise _wrong(number, "it is not of the form column=property")
        mapping = (
            _for_all(mapping, name, target.strip(), number)
            if name.startswith("@")
            else _set(mapping, name, target, number)
        )
    return mapping


def _wrong(number: int, reason: str) -> Invalid:
    return Invalid(
        f"Correction {number} cannot be used: {reason}.",
        remedy='Write it like "surname=lastName", or "col3=" to leave a column out.',
        code="correction",
    )


def _for_all(mapping: Mapping, name: str, value: str, number: int) -> Mapping:
    fields = {
        "@thing": "thing",
        "@evaluation": "evaluation",
        "@scheme": "evaluation_scheme",
        "@language": "language",
        "@handling": "handling",
        "@country": "country",
    }
    if name not in fields:
        raise _wrong(number, f"only {', '.join(fields)} hold for every row")
    replaced = msgspec.structs.replace(mapping, **{fields[name]: value})
    return msgspec.structs.replace(replaced, thing_column="") if name == "@thing" and value else replaced


def _set(mapping: Mapping, name: str, target: str, number: int) -> Mapping:
    mapping = _without(mapping, name)
    target, _, rest = target.partition(";")
    target = target.strip()
    if not target:
        return mapping
    if target == "@key":
        return msgspec.structs.replace(mapping, keys=(*mapping.keys, name))
    if target in _ROLES:
        replaced = msgspec.structs.replace(mapping, **{f"{target[1:]}_column": name})
        return msgspec.structs.replace(replaced, thing="") if target == "@thing" else replaced
    if target.startswith("@"):
        raise _wrong(number, f"a column can be a property or one of {', '.join(_ROLES)}")
    options: dict[str, str] = {"column": name, "property": target}
    for option in filter(None, rest.split(";")):
        key, colon, value = option.partition(":")
        if not colon or key.strip() not in _OPTIONS:
            raise _wrong(number, f"the options are {', '.join(_OPTIONS)}, each with a colon and its value")
        options[key.strip()] = value.strip() or value
    try:
        column = msgspec.convert(options, Column)
    except msgspec.ValidationError as error:
        raise _wrong(number, str(error)) from error
    return msgspec.structs.replace(mapping, columns=(*mapping.columns, column))


def _without(mapping: Mapping, name: str) -> Mapping:
    roles = {
        field: ""
        for field in ("thing_column", "evaluation_column", "language_column", "handling_column")
        if getattr(mapping, field) == name
    }
    return msgspec.structs.replace(
        mapping,
        keys=tuple(key for key in mapping.keys if key != name),
        columns=tuple(column for column in mapping.columns if column.column != name),
        **roles,
    )


def check_mapping(mapping: Mapping, header: Sequence[str], vocabulary: Vocabulary) -> None:
    """Raises Invalid where the mapping does not fit the list or the vocabulary; names the first fault."""
    needed = [
        *mapping.keys,
        *(column.column for column in mapping.columns),
        *(column.country_column for column in mapping.columns),
        mapping.thing_column,
        mapping.evaluation_column,
        mapping.language_column,
        mapping.handling_column,
    ]
    for name in needed:
        if name and name not in header:
            raise _unfit(f'the list has no column "{name}"')
    if mapping.evaluation_scheme not in vocabulary.evaluation_schemes:
        raise _unfit(f"the evaluation scheme {mapping.evaluation_scheme} is not known")
    if not mapping.thing and not mapping.thing_column:
        raise _unfit("it says no type of thing")
    things = [mapping.thing] if mapping.thing else [*mapping.things.values()]
    wanted = [*(each.property for each in mapping.columns), *(each.property for each in mapping.constants)]
    for thing in things:
        try:
            properties = vocabulary.properties_of(thing)
        except UnknownCode as error:
            raise _unfit(f"there is no type of thing {thing}") from error
        for name in wanted:
            if name not in properties and mapping.thing:
                raise _unfit(f"{thing} has no property {name}")


def _unfit(reason: str) -> Invalid:
    return Invalid(
        f"The mapping cannot be used: {reason}.",
        remedy="Correct it or have it guessed again.",
        code="mapping",
    )
