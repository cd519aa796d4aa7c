"""Question rows: what the records of some types say, as far as one viewer may read it, owner by owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from alidade.store.guard import ViewNames

Rows = Callable[[str, list[Any]], list[tuple[Any, ...]]]
RawRow = tuple[str, str, str, str, str, str | None, str | None]
"""The fields of a `SaidRow`, not made one yet."""


class SaidRow(NamedTuple):
    """One visible statement, with as much of it as a question may ask for. `grade` is empty where none was given."""

    record: str
    thing: str
    property: str
    value: str
    grade: str
    valid_from: str | None
    valid_to: str | None


def rows_said(
    rows: Rows, names: ViewNames, owner: str, things: Sequence[str], properties: Sequence[str]
) -> Iterator[RawRow]:
    """What one owner says by these properties of things of these types, in no particular order: the fields of
    `SaidRow`, which is made only of what is kept."""
    if not things or not properties:
        return
    # sql: constant parts only
    sql = (
        "select record, thing, property, value, grade, grade_given, valid_from, valid_to"
        f" from {names.values} where owner = %s and property in ({_marks(properties)}) and thing in ({_marks(things)})"
    )
    for record, thing, name, value, grade, given, since, until in rows(sql, [owner, *properties, *things]):
        yield record, thing, name, value or "", grade if given else "", since, until


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))
