"""Question rows: what the records of some types say, as far as one viewer may read it, owner by owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from alidade.store.guard import ViewNames

Rows = Callable[[str, list[Any]], list[tuple[Any, ...]]]


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
) -> list[SaidRow]:
    """What one owner says by these properties of things of these types, in no particular order."""
    if not things or not properties:
        return []
    # sql: constant parts only. The last two are not used: they keep SQLite from leaving out joins of the view, which
    # the guard would take for a direct look at a table.
    sql = (
        "select record, thing, property, value, grade, grade_given, valid_from, valid_to, given_at, length(handling)"
        f" from {names.statements} where owner = %s and property in ({_marks(properties)})"
        f" and thing in ({_marks(things)})"
    )
    return [
        SaidRow(record, thing, name, value or "", grade if given else "", since, until)
        for record, thing, name, value, grade, given, since, until, _, _ in rows(sql, [owner, *properties, *things])
    ]


def rows_of_types(rows: Rows, names: ViewNames, owner: str, things: Sequence[str]) -> list[tuple[str, str]]:
    """The records of these types of which anything of one owner is visible, as (record, type)."""
    if not things:
        return []
    # sql: constant parts only
    sql = f"select distinct record, thing from {names.values} where owner = %s and thing in ({_marks(things)})"
    return [(str(record), str(thing)) for record, thing in rows(sql, [owner, *things])]


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))
