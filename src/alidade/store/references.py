"""References: which records refer to a record. The public id referred to is a look-up key like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from alidade.store.guard import ViewNames

REFERS: Final = "refers"
"""The kind of the look-up keys whose key is the public id of a record."""
# Up to so many probes of an index are made without asking whether a sweep is sooner done.
_FEW_PROBES: Final = 5_000
_SOUGHT: Final = 300
_SWEPT: Final = 900  # SQLite of Python 3.11 on older systems takes 999 parameters in one statement
_COUNT: Final = "select count(*) from"
_UP_TO: Final = "select count(*) from (select 1 as one from"
_WHOLE: Final = "select key, record_id, record, owner, thing, property, number from"
_BARE: Final = "select key, record_id, number from"

Rows = Callable[[str, list[Any]], list[tuple[Any, ...]]]


class Reference(NamedTuple):
    """One current statement that refers to a record: the public id referred to, and the record that says so."""

    to: str
    record_number: int
    record: str
    owner: str
    thing: str
    property: str
    statement: int


class BareReference(NamedTuple):
    """The same by numbers alone, for pictures of everything."""

    to: str
    record_number: int
    statement: int


def batches(rows: Rows, names: ViewNames, wanted: int, source: str, owner: str = "") -> tuple[int, bool]:
    """How many records or keys to ask for at once, and whether by a sweep over all of `source` that is visible.

    Sought one by one, each of them is looked for under every handling that the viewer may see, of one owner or of all.
    Where that is more work than to look at everything once, everything is looked at. The choice rests on how many are
    asked for and on what the viewer may see: on nothing that he may not know.
    """
    whose, named = (" where owner = %s", [owner]) if owner else ("", [])
    probes = wanted * int(rows(f"{_COUNT} {names.handlings}{whose}", list(named))[0][0])
    if probes <= _FEW_PROBES:
        return _SOUGHT, False
    there = int(rows(f"{_UP_TO} {source} limit %s) counted", [2 * probes + 1])[0][0])
    return (_SWEPT, True) if there * (1 + wanted // _SWEPT) <= 2 * probes else (_SOUGHT, False)


def references_to(rows: Rows, names: ViewNames, keys: Sequence[str]) -> list[Reference]:
    """The visible references to these records, ordered by record referred to and by time of giving."""
    wanted = sorted(set(keys))
    if not wanted:
        return []
    size, swept = batches(rows, names, len(wanted), f"{names.lookups} where kind = 'refers'")
    # What is no bare column leads the planner to no index: then each reference is looked at once.
    column = "key || ''" if swept else "key"
    found: list[Reference] = []
    for start in range(0, len(wanted), size):
        found.extend(_asked(rows, names, column, wanted[start : start + size]))
    return sorted(found, key=lambda each: (each.to, each.statement))


def _asked(rows: Rows, names: ViewNames, column: str, keys: Sequence[str]) -> Iterator[Reference]:
    places = ", ".join(["%s"] * len(keys))
    # sql: constant parts only
    sql = f"{_WHOLE} {names.references} where {column} in"
    for to, number, record, owner, thing, name, statement in rows(f"{sql} ({places})", list(keys)):
        yield Reference(str(to), int(number), str(record), str(owner), str(thing), str(name), int(statement))


def all_references(rows: Rows, names: ViewNames) -> list[BareReference]:
    """Every visible reference, by the index alone, in the order of giving."""
    # sql: constant parts only
    sql = f"{_BARE} {names.lookups} where kind = %s"
    found = [BareReference(to, number, statement) for to, number, statement in rows(sql, [REFERS])]
    return sorted(found, key=lambda each: each.statement)
