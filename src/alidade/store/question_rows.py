"""Question rows: what the records of some types say, as far as one viewer may read it, owner by owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from alidade.store.guard import ViewNames
from alidade.store.references import batches

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


def heads_said(
    rows: Rows, names: ViewNames, owner: str, things: Sequence[str], properties: Sequence[str]
) -> list[tuple[str, str]]:
    """The records of these types of which one owner says anything by these properties: (record, thing), each once."""
    if not things or not properties:
        return []
    # sql: constant parts only
    sql = (
        f"select distinct record, thing from {names.values} where owner = %s"
        f" and property in ({_marks(properties)}) and thing in ({_marks(things)})"
    )
    return [(str(record), str(thing)) for record, thing in rows(sql, [owner, *properties, *things])]


def rows_of_records(
    rows: Rows,
    names: ViewNames,
    owner: str,
    numbers: Sequence[int],
    things: Sequence[str],
    properties: Sequence[str],
) -> Iterator[RawRow]:
    """What one owner says of these records, if they are of these types; sought unless a sweep is sooner done."""
    wanted = sorted(set(numbers))
    if not wanted or not things or not properties:
        return
    size, swept = batches(rows, names, len(wanted), names.sweep, owner)
    column = "record_id + 0" if swept else "record_id"  # what is no bare column leads the planner to no index
    for start in range(0, len(wanted), size):
        part = wanted[start : start + size]
        # sql: constant parts only
        sql = (
            "select record, thing, property, value, grade, grade_given, valid_from, valid_to"
            f" from {names.values} where owner = %s and {column} in ({_marks(part)})"
        )
        for record, thing, name, value, grade, given, since, until in rows(sql, [owner, *part]):
            if thing in things and name in properties:
                yield record, thing, name, value or "", grade if given else "", since, until


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
