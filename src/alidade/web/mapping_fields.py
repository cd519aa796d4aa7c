"""Mapping fields: what each column of a list means, as select fields, and read back from what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from alidade.formats.dates import DateOrder
from alidade.formats.mapping import Column, Mapping
from alidade.services.mappings import MappingFault
from alidade.services.uploads import Waiting
from alidade.vocabulary import Vocabulary
from alidade.web.told import translated

_ROLES: Final = ("thing", "evaluation", "language")
_ORDERS: Final = ("day_first", "month_first", "year_first")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownColumn:
    """One column as it is drawn: its first values, what it becomes, how sure the guess is, and what is wrong."""

    number: int
    name: str
    samples: tuple[str, ...]
    target: str
    order: str
    dates: bool
    separator: str
    country: str
    sure: int | None
    faults: tuple[str, ...]


def shown_columns(waiting: Waiting, faults: Sequence[MappingFault], vocabulary: Vocabulary) -> list[ShownColumn]:
    """Every column of the file, in its order."""
    mapping = waiting.mapping or Mapping()
    by_name = {column.column: column for column in mapping.columns}
    properties = vocabulary.properties_of(mapping.thing if mapping.thing in vocabulary.things else "LegalEntity")
    shown = []
    for number, name in enumerate(waiting.looked.header):
        column = by_name.get(name)
        known = properties.get(column.property) if column is not None else None
        sure = waiting.looked.confidence.get(name)
        shown.append(
            ShownColumn(
                number=number,
                name=name,
                samples=tuple(row[number] for row in waiting.looked.rows[:3] if number < len(row) and row[number]),
                target=_target(mapping, name, column),
                order=column.order if column is not None else "day_first",
                dates=known is not None and known.kind == "date",
                separator=column.separator if column is not None else "",
                country=column.country if column is not None else "",
                sure=None if sure is None or waiting.remembered else round(sure * 100),
                faults=tuple(translated(fault.sentence) for fault in faults if fault.column == name),
            )
        )
    return shown


def _target(mapping: Mapping, name: str, column: Column | None) -> str:
    if name in mapping.keys:
        return "@key"
    for role in _ROLES:
        if getattr(mapping, f"{role}_column") == name:
            return f"@{role}"
    return column.property if column is not None else ""


def targets(mapping: Mapping, vocabulary: Vocabulary, language: str) -> list[tuple[str, str]]:
    """What a column may become: left out, a role, or a property of the type of thing."""
    thing = mapping.thing if mapping.thing in vocabulary.things else "LegalEntity"
    properties = vocabulary.properties_of(thing)
    labelled = sorted(((name, each.label.in_(language)) for name, each in properties.items()), key=lambda pair: pair[1])
    return [
        ("", _("not read")),
        ("@key", _("number of the row in its list")),
        ("@evaluation", _("evaluation of the row")),
        ("@thing", _("type of thing")),
        ("@language", _("language of the row")),
        *labelled,
    ]


def mapping_of(sent: QueryDict, waiting: Waiting) -> Mapping:
    """The mapping as it was sent; particulars of a column that keeps its meaning stay."""
    earlier = waiting.mapping or Mapping()
    before = {column.column: column for column in earlier.columns}
    keys: list[str] = []
    columns: list[Column] = []
    roles: dict[str, str] = {}
    for number, name in enumerate(waiting.looked.header):
        target = sent.get(f"c-{number}", "")
        if target == "@key":
            keys.append(name)
        elif target.removeprefix("@") in _ROLES and target.startswith("@"):
            roles.setdefault(f"{target[1:]}_column", name)
        elif target:
            columns.append(_column(sent, number, name, target, before.get(name)))
    thing = "" if "thing_column" in roles else sent.get("thing", earlier.thing)[:40]
    return Mapping(
        thing=thing,
        keys=tuple(keys),
        columns=tuple(columns),
        constants=earlier.constants,
        things=earlier.things,
        evaluation=sent.get("evaluation", "")[:20],
        evaluation_scheme=sent.get("scheme", earlier.evaluation_scheme)[:20],
        language=earlier.language,
        country=sent.get("country", earlier.country)[:2],
        thing_column=roles.get("thing_column", ""),
        evaluation_column=roles.get("evaluation_column", ""),
        language_column=roles.get("language_column", ""),
    )


def _column(sent: QueryDict, number: int, name: str, target: str, before: Column | None) -> Column:
    order = sent.get(f"o-{number}", before.order if before is not None else "day_first")
    same = before if before is not None and before.property == target else Column(column=name, property=target[:40])
    return msgspec.structs.replace(
        same,
        order=cast(DateOrder, order if order in _ORDERS else "day_first"),
        separator=sent.get(f"s-{number}", same.separator)[:3],
    )
