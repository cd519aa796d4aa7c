"""Backup: a copy of the data whose values can be read only with the keys, which lie elsewhere.

Values and their originals are sealed with the field key of their record, look-up keys are left out and made anew on
restoring, questions and ledger bodies are sealed already. A record whose key was destroyed by an erasure therefore
cannot be read from any backup, however old.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from alidade.model.errors import Conflict, Damaged, Invalid, Unreadable
from alidade.store.database import Store
from alidade.store.keystore import record_key_id
from alidade.store.trail import LEDGER

_MARK = "alidade_backup"
_LEFT_OUT = frozenset({"lookup", "viewer_class", "visible", "django_migrations", _MARK})
_SEALED = ("value", "original")
_SEALED_OF_RECORD = ("source_key", "fingerprint")
# What an erasure removes beside the key: the sealed text, and the salt that a guess could be tried with.
_KEYED = {"ledger_entry": ("body", "salt"), "check_made": ("question",)}
_Row = tuple[object, ...]
_PORTION = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a backup holds, or what came back from it; `unreadable` values were erased since."""

    records: int
    statements: int
    unreadable: int = 0


def write_backup(store: Store, path: Path) -> Kept:
    """Write a sealed backup of the store to a new file, durably.

    No value is written unsealed, not even for a moment: portions are sealed in memory on the way. Raises Conflict
    where the file exists.
    """
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name a new file.")
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    target = sqlite3.connect(partial, isolation_level=None)
    try:
        target.execute("pragma synchronous = full")
        target.execute("begin")
        kept = _copy(store, target)
        target.execute(f"create table {_MARK} (version integer not null)")  # sql: constant parts only
        target.execute(f"insert into {_MARK} values (1)")  # sql: constant parts only
        target.execute("commit")
    finally:
        target.close()
    os.replace(partial, path)
    _sync_folder(path.parent)
    return kept


def _copy(store: Store, target: sqlite3.Connection) -> Kept:
    """One consistent picture of every table, the values of statements sealed on the way."""
    statements = 0
    records: set[object] = set()
    with store.transaction() as tx:
        tables = tx.rows("select name, sql from sqlite_master where type = 'table' and name not like 'sqlite_%%'", [])
        for name, definition in tables:
            target.execute(definition)
            columns = [row[1] for row in tx.rows(f"pragma table_info({name})", [])]  # sql: constant parts only
            if name in _LEFT_OUT:
                continue
            places = ", ".join("?" * len(columns))
            for portion in _portions(store, f"select * from {name}"):  # sql: constant parts only
                if name == "statement":
                    portion = _seal(store, columns, portion)
                    statements += len(portion)
                    records.update(row[columns.index("record_id")] for row in portion)
                if name == "record":
                    portion = _seal_sources(store, columns, portion)
                target.executemany(f"insert into {name} values ({places})", portion)  # sql: constant parts only
        for (definition,) in tx.rows("select sql from sqlite_master where type = 'index' and sql is not null", []):
            target.execute(definition)
    return Kept(records=len(records), statements=statements)


def _portions(store: Store, sql: str) -> Iterator[list[_Row]]:
    cursor = connections[store.alias].connection.cursor()
    cursor.execute(sql)
    while portion := cursor.fetchmany(_PORTION):
        yield portion


def _seal_sources(store: Store, columns: list[str], rows: list[_Row]) -> list[_Row]:
    """The source's key, which may be a person's number, and the fingerprint, which would confirm a guess."""
    keys = store.keys.named_field_keys(sorted({record_key_id(str(row[columns.index("id")])) for row in rows}))
    sealed = []
    for row in rows:
        cells = list(row)
        key = keys[record_key_id(str(row[columns.index("id")]))]
        for name in _SEALED_OF_RECORD:
            place = f"{name}/{row[columns.index('public_id')]}"
            cells[columns.index(name)] = store.keys.seal(str(cells[columns.index(name)]).encode(), key, place)
        sealed.append(tuple(cells))
    return sealed


def _unseal_sources(store: Store, columns: list[str], rows: list[_Row]) -> list[_Row]:
    opened: list[_Row] = []
    for row in rows:
        cells = list(row)
        public = str(row[columns.index("public_id")])
        key_id = record_key_id(str(row[columns.index("id")]))
        for name, lost in zip(_SEALED_OF_RECORD, (f"erased/{public}", ""), strict=True):
            plain = _opened(store, cells[columns.index(name)], key_id, f"{name}/{public}")
            cells[columns.index(name)] = lost if plain is None else plain
        opened.append(tuple(cells))
    return opened


def _seal(store: Store, columns: list[str], rows: list[_Row]) -> list[_Row]:
    keys = store.keys.named_field_keys(sorted({record_key_id(str(row[columns.index("record_id")])) for row in rows}))
    sealed = []
    for row in rows:
        cells = list(row)
        key = keys[record_key_id(str(row[columns.index("record_id")]))]
        for name in _SEALED:
            text = cells[columns.index(name)]
            if text is not None:
                place = f"{name}/{row[columns.index('public_id')]}"
                cells[columns.index(name)] = store.keys.seal(str(text).encode(), key, place)
        sealed.append(tuple(cells))
    return sealed


def read_backup(path: Path, store: Store) -> Kept:
    """Put a backup into an empty store whose key store is the node's own. Look-up keys are left to the caller.

    A value whose key was destroyed comes back erased. Raises Unreadable for a file that is no backup, Conflict for a
    store that is not empty, Damaged where the database fails its own check.
    """
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        try:
            names = [row[0] for row in source.execute("select name from sqlite_master where type = 'table'")]
            sound = source.execute("pragma integrity_check").fetchone()[0] == "ok"
        except sqlite3.DatabaseError as error:
            raise Unreadable(f"{path.name} is no backup.", remedy="Name a file written by: alidade backup.") from error
        if _MARK not in names:
            raise Unreadable(f"{path.name} is no backup.", remedy="Name a file written by: alidade backup.")
        if not sound:
            raise Damaged(f"{path.name} is damaged.", remedy="Take an older backup.")
        with store.transaction() as tx:
            if tx.rows("select 1 from ledger_entry limit 1", []):
                raise Conflict("The folder holds a node already.", remedy="Name an empty folder with --home.")
            signed = source.execute("select key_id from ledger_head order by size desc limit 1").fetchone()
            if signed is not None and signed[0] not in store.keys.public_keys(LEDGER):
                raise Invalid("The keys are those of another node.", remedy="Name the keys of the node it is of.")
            return _put_back(source, store, [name for name in names if name not in _LEFT_OUT])
    finally:
        source.close()


def _put_back(source: sqlite3.Connection, store: Store, names: list[str]) -> Kept:
    connection = connections[store.alias].connection
    statements = unreadable = 0
    records: set[object] = set()
    with connections[store.alias].cursor() as cursor:
        cursor.execute("pragma defer_foreign_keys = on")
    for name in names:
        rows = source.execute(f"select * from {name}")  # sql: constant parts only
        columns = [column[0] for column in rows.description]
        places = ", ".join("?" * len(columns))
        while portion := rows.fetchmany(_PORTION):
            if name == "record":
                portion = _unseal_sources(store, columns, portion)
            if name == "statement":
                portion, lost = _unseal(store, columns, portion)
                statements += len(portion)
                unreadable += lost
                records.update(row[columns.index("record_id")] for row in portion)
            elif name in _KEYED:
                portion = _forget(store, columns, portion, _KEYED[name])
            connection.executemany(f"insert into {name} values ({places})", portion)  # sql: constant parts only
    return Kept(records=len(records), statements=statements, unreadable=unreadable)


def _forget(store: Store, columns: list[str], rows: list[_Row], erased: tuple[str, ...]) -> list[_Row]:
    """The rows as an erasure since the backup left them: what its destroyed key sealed is gone, with its salt."""
    place = columns.index("field_key")
    gone = {columns.index(name) for name in erased}
    return [
        row
        if store.keys.field_key(str(row[place])) is not None
        else tuple(None if index in gone else cell for index, cell in enumerate(row))
        for row in rows
    ]


def _unseal(store: Store, columns: list[str], rows: list[_Row]) -> tuple[list[_Row], int]:
    opened: list[_Row] = []
    lost = 0
    for row in rows:
        cells = list(row)
        key_id = record_key_id(str(row[columns.index("record_id")]))
        for name in _SEALED:
            sealed = cells[columns.index(name)]
            if sealed is None:
                continue
            place = f"{name}/{row[columns.index('public_id')]}"
            plain = _opened(store, sealed, key_id, place)
            cells[columns.index(name)] = plain
            if plain is None and name == "value":
                lost += 1
                cells[columns.index("salt")] = None
                cells[columns.index("current")] = False
        opened.append(tuple(cells))
    return opened, lost


def _opened(store: Store, sealed: object, key_id: str, place: str) -> str | None:
    if not isinstance(sealed, bytes):
        raise Damaged("The backup holds a value that is not sealed.", remedy="Take another backup.")
    try:
        plain = store.keys.unseal(sealed, key_id, place)
    except Damaged:
        return None  # sealed with a key that an erasure destroyed; a later backup made a new one of that name
    return None if plain is None else plain.decode()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
