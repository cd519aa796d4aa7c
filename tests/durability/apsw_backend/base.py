"""The framework's SQLite backend on connections of APSW; all else is the backend that the store runs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apsw_backend.dbapi import Connection, Cursor
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]


class FormatCursor(Cursor):
    """Takes %s as the framework writes it."""

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> Cursor:
        """Run one statement."""
        if parameters is None:
            return super().execute(sql)
        names = list(parameters) if isinstance(parameters, Mapping) else None
        return super().execute(_converted(sql, names), parameters)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Cursor:
        """Run one statement for each set of parameters."""
        return super().executemany(_converted(sql, None), parameters)


def _converted(sql: str, names: list[str] | None) -> str:
    if names is None:
        return base.FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
    return sql % {name: f":{name}" for name in names}


class DatabaseWrapper(base.DatabaseWrapper):
    """One database on APSW."""

    init_commands: list[str]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """A connection with the framework's functions and the store's init commands."""
        connection = Connection(conn_params["database"], timeout=conn_params["timeout"], cursor=FormatCursor)
        register(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        for command in self.init_commands:
            if command.strip():
                connection.execute(command.strip())
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of the open connection."""
        return self.connection.cursor()

    def _set_autocommit(self, autocommit: bool) -> None:
        self.connection.isolation_level = None if autocommit else ""
