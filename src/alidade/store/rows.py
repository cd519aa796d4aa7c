"""Rows: every table of any engine as plain rows, so that a backup or a move knows no engine.

A plain row holds whole numbers, texts, bytes and nothing; a truth value is 0 or 1, a moment the text that the file has
(in UTC, which is not said).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections

Cell = int | float | str | bytes | None
Row = tuple[Cell, ...]
PORTION = 5_000
# Values in one statement; SQLite of older systems takes no more than 999 parameters.
_AT_ONCE = {"sqlite": 900, "postgresql": 10_000}
_KINDS = {"boolean": "truth", "timestamp with time zone": "moment", "jsonb": "json"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, and what its engine wants to be given there."""

    name: str
    kind: Literal["truth", "moment", "json", "plain"]


def tables_of(alias: str) -> list[str]:
    """The store's own tables that are there, in a fixed order."""
    there = set(connections[alias].introspection.table_names())
    own = {model._meta.db_table for model in apps.get_app_config("store").get_models()}
    return sorted(own & there)


def columns_of(alias: str, table: str) -> list[Column]:
    """The columns of a table, as the engine has them."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "select column_name, data_type from information_schema.columns"
                " where table_schema = current_schema() and table_name = %s order by ordinal_position",
                [table],
            )
            return [Column(name, _KINDS.get(kind, "plain")) for name, kind in cursor.fetchall()]  # type: ignore[arg-type]
        cursor.execute("select name from pragma_table_info(%s)", [table])
        return [Column(name, "plain") for (name,) in cursor.fetchall()]


def primary_key(table: str) -> list[str]:
    """The columns by which the rows of a table are told apart."""
    for model in apps.get_app_config("store").get_models():
        if model._meta.db_table == table:
            return [str(each.column) for each in model._meta.pk_fields]
    return []


def read(alias: str, table: str, names: Sequence[str], order: Sequence[str] = ()) -> Iterator[list[Row]]:
    """The rows of a table by portions, in the order of some columns where they are given."""
    which = ", ".join(map(quoted, names))
    ordered = f" order by {', '.join(map(quoted, order))}" if order else ""
    with connections[alias].chunked_cursor() as cursor:
        # sql: constant parts only
        cursor.execute(f"select {which} from {quoted(table)}{ordered}")  # noqa: S608
        while portion := cursor.fetchmany(PORTION):
            yield [tuple(map(_plain, row)) for row in portion]


def write(alias: str, table: str, columns: Sequence[Column], rows: Sequence[Row], *, poured: bool = False) -> None:
    """Insert plain rows; `poured` where the engine is loading (see `Engine.loading`)."""
    names = ", ".join(quoted(column.name) for column in columns)
    if poured:
        with (
            connections[alias].cursor() as cursor,
            # sql: constant parts only
            cursor.copy(f"copy {quoted(table)} ({names}) from stdin") as copy,
        ):
            for row in rows:
                copy.write_row([_fitting(column, cell) for column, cell in zip(columns, row, strict=True)])
        return
    place = f"({', '.join(['%s'] * len(columns))})"
    size = max(_AT_ONCE[connections[alias].vendor] // len(columns), 1)
    with connections[alias].cursor() as cursor:
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            values = ", ".join([place] * len(part))
            # sql: constant parts only
            cursor.execute(
                f"insert into {quoted(table)} ({names}) values {values}",  # noqa: S608
                [_fitting(column, cell) for row in part for column, cell in zip(columns, row, strict=True)],
            )


def defer_references(alias: str) -> None:
    """Look at references between tables only when the transaction ends, so that tables may come in any order."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("pragma defer_foreign_keys = on")


def continue_numbers(alias: str) -> None:
    """Let the running numbers of the tables go on behind the rows that were put in."""
    connection = connections[alias]
    there = set(tables_of(alias))
    models = [model for model in apps.get_app_config("store").get_models() if model._meta.db_table in there]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def comparable(columns: Iterable[Column], row: Row) -> Row:
    """The row so that two engines agree on it: one of them keeps a JSON text as it was written, the other does not."""
    return tuple(
        json.dumps(json.loads(cell), sort_keys=True) if column.kind == "json" and isinstance(cell, str) else cell
        for column, cell in zip(columns, row, strict=True)
    )


def quoted(name: str) -> str:
    """A name of ours as SQL wants it; some are words of the language."""
    return f'"{name}"'


def _plain(cell: object) -> Cell:
    if isinstance(cell, bool):
        return int(cell)
    if cell is None or isinstance(cell, (int, float, str, bytes)):
        return cell
    if isinstance(cell, datetime):
        return str(cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell)
    if isinstance(cell, (memoryview, bytearray)):
        return bytes(cell)
    return json.dumps(cell)


def _fitting(column: Column, cell: Cell) -> Cell | datetime:
    if cell is None or column.kind in ("plain", "json"):
        return cell
    if column.kind == "truth":
        return bool(cell)
    return datetime.fromisoformat(str(cell)).replace(tzinfo=UTC)
