"""Moving: the whole of one store into an empty one on another engine, compared row by row before it counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from alidade.model.errors import Conflict, Damaged
from alidade.store import places, rows, tables
from alidade.store.database import Store, Transaction
from alidade.store.rows import Column
from alidade.store.trail import last_head

# Worked out anew for each database, or of that one database alone.
_LEFT_OUT = frozenset({"viewer_class", "visible", "joining_class", "seen_ruling", "place"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was moved: tables, rows, statements, and the size of the ledger."""

    tables: int
    rows: int
    statements: int
    ledger: int


def copy_everything(source: Transaction, target: Transaction) -> Moved:
    """Copy every row and look again whether each has arrived as it was. Nobody may work with either meanwhile.

    Raises Conflict where the target holds anything, Damaged where a table or the head of the ledger differs; then
    nothing is kept of the copy.
    """
    if tables.has_content(target.alias):
        raise Conflict("The database to move to holds a node already.", remedy="Name an empty one.")
    names = [name for name in rows.tables_of(source.alias) if name not in _LEFT_OUT]
    if set(names) != {name for name in rows.tables_of(target.alias) if name not in _LEFT_OUT}:
        raise Conflict("The two databases have different tables.", remedy="Run first: alidade upgrade.")
    rows.defer_references(target.alias)
    counts: dict[str, int] = {}
    with target.store.engine.loading() as poured:
        for name in names:
            counts[name] = _copy(source.alias, target.alias, name, poured)
    rows.continue_numbers(target.alias)
    for name in names:
        _compare(source.alias, target.alias, name, counts[name])
    if last_head(source.alias) != last_head(target.alias):
        raise Damaged("The head of the ledger did not arrive as it was.", remedy="Try again; nothing was changed.")
    return Moved(
        tables=len(names),
        rows=sum(counts.values()),
        statements=counts.get("statement", 0),
        ledger=counts.get("ledger_entry", 0),
    )


def _copy(source: str, target: str, table: str, poured: bool) -> int:
    columns = rows.columns_of(target, table)
    count = 0
    for portion in rows.read(source, table, [column.name for column in columns]):
        rows.write(target, table, columns, portion, poured=poured)
        count += len(portion)
    return count


def _compare(source: str, target: str, table: str, count: int) -> None:
    kinds = [rows.columns_of(alias, table) for alias in (source, target)]
    # Only one of the two may say that a text is JSON.
    json_ones = {column.name for columns in kinds for column in columns if column.kind == "json"}
    columns = [Column(c.name, "json" if c.name in json_ones else "plain") for c in kinds[1]]
    found = [_digest(alias, table, columns) for alias in (source, target)]
    if found[0] != found[1] or found[0][0] != count:
        raise Damaged(f"The table {table} did not arrive as it was.", remedy="Try again; nothing was changed.")


def _digest(alias: str, table: str, columns: Sequence[Column]) -> tuple[int, str]:
    names = [column.name for column in columns]
    digest = hashlib.sha256()
    count = 0
    for portion in rows.read(alias, table, names, rows.primary_key(table)):
        for row in portion:
            cells = [cell.hex() if isinstance(cell, bytes) else cell for cell in rows.comparable(columns, row)]
            digest.update(json.dumps(cells).encode())
        count += len(portion)
    return count, digest.hexdigest()


def give_up(source: Transaction, target: Store) -> None:
    """From here on the data is in the target: the keys go with it, and the source says so to whoever opens it."""
    target.keys.belong_to(places.name_of(target.alias))
    places.mark_moved(source.store, target.engine.place)
