"""A DB-API shim over APSW, as much of Python's sqlite3 as the store and the framework use.

APSW brings an SQLite of its own whose file layer can be written in Python; that is what makes power cuts and
failing disks possible to simulate. Errors come out as the classes and with the texts of Python's sqlite3.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import apsw

Row = tuple[Any, ...]
_CODES: tuple[tuple[type[sqlite3.Error], tuple[int, ...]], ...] = (
    (sqlite3.InternalError, (apsw.SQLITE_INTERNAL, apsw.SQLITE_NOTFOUND)),
    (
        sqlite3.OperationalError,
        (
            apsw.SQLITE_ERROR, apsw.SQLITE_PERM, apsw.SQLITE_ABORT, apsw.SQLITE_BUSY, apsw.SQLITE_LOCKED,
            apsw.SQLITE_READONLY, apsw.SQLITE_INTERRUPT, apsw.SQLITE_IOERR, apsw.SQLITE_FULL,
            apsw.SQLITE_CANTOPEN, apsw.SQLITE_PROTOCOL, apsw.SQLITE_EMPTY, apsw.SQLITE_SCHEMA,
        ),
    ),
    (sqlite3.DataError, (apsw.SQLITE_TOOBIG,)),
    (sqlite3.IntegrityError, (apsw.SQLITE_CONSTRAINT, apsw.SQLITE_MISMATCH)),
    (sqlite3.InterfaceError, (apsw.SQLITE_MISUSE, apsw.SQLITE_RANGE)),
)  # fmt: skip
_CLASSES = {code: kind for kind, codes in _CODES for code in codes}
# What sqlite3_errmsg says where a file could not be written; the exception has the text of the VFS.
_TEXTS = {
    apsw.SQLITE_IOERR: "disk I/O error",
    apsw.SQLITE_FULL: "database or disk is full",
    apsw.SQLITE_CANTOPEN: "unable to open database file",
}


@contextmanager
def translated() -> Iterator[None]:
    """Errors of APSW as those of Python's sqlite3."""
    try:
        yield
    except apsw.Error as error:
        result = getattr(error, "result", -1)  # only errors that SQLite itself reports have one
        code = result & 0xFF if result > 0 else apsw.SQLITE_ERROR
        kind = _CLASSES.get(code, sqlite3.DatabaseError)
        raise kind(_TEXTS.get(code, str(error))) from error


class _Aggregate(Protocol):
    def step(self, *values: Any) -> None: ...

    def finalize(self) -> Any: ...


class Cursor:
    """Runs a statement to its end and keeps its rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Iterator[Row] = iter(())
        self.description: tuple[tuple[str, None, None, None, None, None, None], ...] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Cursor:
        """Run one statement."""
        self._run(sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Cursor:
        """Run one statement for each set of parameters."""
        changed = 0
        for one in parameters:
            self._run(sql, one)
            changed += max(self.rowcount, 0)
        self.rowcount = changed
        return self

    def _run(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> None:
        raw = self._connection.raw
        columns: tuple[tuple[str, str], ...] = ()

        def described(cursor: apsw.Cursor, _sql: str, _bindings: Any) -> bool:
            nonlocal columns
            columns = cursor.get_description()
            return True

        bound = (
            {name: _adapted(value) for name, value in parameters.items()}
            if isinstance(parameters, Mapping)
            else tuple(_adapted(value) for value in parameters)
        )
        before = raw.total_changes()
        with translated():
            cursor = raw.cursor()
            cursor.exec_trace = described
            rows = cursor.execute(sql, bound).fetchall()
        converters = [_converter(declared) for _, declared in columns]
        if any(converters):
            rows = [
                tuple(
                    value if convert is None or value is None else convert(_as_bytes(value))
                    for value, convert in zip(row, converters, strict=True)
                )
                for row in rows
            ]
        self._rows = iter(rows)
        self.description = tuple((name, None, None, None, None, None, None) for name, _ in columns) or None
        writing = sql.lstrip()[:7].lower().startswith(("insert", "update", "delete", "replace"))
        self.rowcount = (raw.changes() if raw.total_changes() != before else 0) if writing else -1
        self.lastrowid = raw.last_insert_rowid()

    def fetchone(self) -> Row | None:
        """The next row."""
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Row]:
        """The next rows."""
        wanted = self.arraysize if size is None else size
        return [row for _, row in zip(range(wanted), self._rows, strict=False)]

    def fetchall(self) -> list[Row]:
        """The rows that are left."""
        return list(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def close(self) -> None:
        """Forget the rows."""
        self._rows = iter(())


class Connection:
    """One connection, in autocommit unless a BEGIN was said, as with isolation_level None."""

    def __init__(self, database: str | Path, *, timeout: float = 5.0, cursor: type[Cursor] = Cursor) -> None:
        with translated():
            self.raw = apsw.Connection(str(database))
            self.raw.set_busy_timeout(int(timeout * 1000))
        self._cursor = cursor
        self.isolation_level: str | None = None

    @property
    def in_transaction(self) -> bool:
        """Whether a BEGIN is open."""
        return self.raw.in_transaction

    def cursor(self) -> Cursor:
        """A new cursor."""
        return self._cursor(self)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run one statement in a cursor of its own."""
        return Cursor(self).execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Cursor:
        """Run one statement for each set of parameters."""
        return Cursor(self).executemany(sql, parameters)

    def executescript(self, sql: str) -> None:
        """Run several statements."""
        with translated():
            self.raw.execute(sql)

    def commit(self) -> None:
        """End the open transaction, if any."""
        if self.in_transaction:
            self.execute("commit")

    def rollback(self) -> None:
        """Take back the open transaction, if any."""
        if self.in_transaction:
            self.execute("rollback")

    def close(self) -> None:
        """Close the file. As in Python's sqlite3, a checkpoint that fails at the end does not matter."""
        with suppress(apsw.IOError, apsw.FullError):
            self.raw.close(True)

    def interrupt(self) -> None:
        """Stop what runs."""
        self.raw.interrupt()

    def create_function(self, name: str, narg: int, func: Callable[..., Any], *, deterministic: bool = False) -> None:
        """Make a function known to SQL."""
        self.raw.create_scalar_function(name, func, narg, deterministic=deterministic)

    def create_aggregate(self, name: str, narg: int, kind: Callable[[], _Aggregate]) -> None:
        """Make an aggregate known to SQL."""

        def make() -> Any:
            state = kind()
            return state, lambda one, *values: one.step(*values), lambda one: one.finalize()

        self.raw.create_aggregate_function(name, make, narg)

    def set_authorizer(self, authorize: Callable[..., int] | None) -> None:
        """Ask `authorize` before each statement is prepared."""
        self.raw.authorizer = authorize

    def set_progress_handler(self, handler: Callable[[], Any] | None, n: int) -> None:
        """Call `handler` every `n` steps; a true answer stops the statement."""
        self.raw.set_progress_handler(None if handler is None else lambda: bool(handler()), n)


def connect(database: str | Path, *, timeout: float = 5.0, isolation_level: str | None = None) -> Connection:
    """As sqlite3.connect with isolation_level None; the file layer is APSW's default VFS at this moment."""
    if isolation_level is not None:
        raise sqlite3.NotSupportedError("Say BEGIN.")
    return Connection(database, timeout=timeout)


def _adapted(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    adapter = sqlite3.adapters.get((type(value), sqlite3.PrepareProtocol))
    return value if adapter is None else adapter(value)


def _converter(declared: str | None) -> Callable[[bytes], Any] | None:
    word = (declared or "").split("(")[0].split(" ")[0].upper()
    found: Callable[[bytes], Any] | None = sqlite3.converters.get(word)
    return found


def _as_bytes(value: str | int | float | bytes) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
