"""Backup: a copy of the data whose values can be read only with the keys, which lie elsewhere.

Values and their originals are sealed with the field key of their record, look-up keys are left out and made anew on
restoring, questions and ledger bodies are sealed already. A record whose key was destroyed by an erasure therefore
cannot be read from any backup, however old. The file is the same whatever the engine, and goes back into any.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alidade.model.errors import Conflict, Damaged, Invalid, Unreadable
from alidade.store import places, rows, tables
from alidade.store.database import Store
from alidade.store.erasing import field_keys_of
from alidade.store.rows import PORTION, Row, quoted
from alidade.store.sealing import Sealer
from alidade.store.trail import LEDGER

_MARK = "alidade_backup"
_VERSION = 2  # 1: tables as SQLite had them; 2: plain columns, and the version of the tables
_FIRST_TABLES = "0001_initial"  # those of backups that do not say
_LEFT_OUT = frozenset(
    # A token that was ended since must not come back to life: after a restore, new ones are made.
    {
        "lookup",
        "viewer_class",
        "visible",
        "joining_class",
        "seen_ruling",
        "access_token",
        "allowance",
        "kept_request",
        "place",
        "name_change",
    }
)


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
    before = set(store.keys.erasures())
    with store.snapshot():
        kept = _write(store, partial)
    erased = set(store.keys.erasures()) - before
    if erased:
        # What was erased while the older state was read has been sealed with keys made anew: those go too, and the
        # backup is written again with nobody working beside it.
        store.keys.destroy_field_keys(field_keys_of(store.keys, erased))
        with store.transaction():
            kept = _write(store, partial)
        store.engine.purge()  # the older state that was being read kept the server from doing so
    os.replace(partial, path)
    _sync_folder(path.parent)
    return kept


def _write(store: Store, partial: Path) -> Kept:
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    target = sqlite3.connect(partial, isolation_level=None)
    try:
        target.execute("pragma synchronous = full")
        target.execute("begin")
        sealer = Sealer(keys=store.keys)
        for table in rows.tables_of(store.alias):
            if table not in _LEFT_OUT:
                _copy(store, table, target, sealer)
        target.execute(
            f"create table {_MARK} (version integer not null, tables text not null)"
        )  # sql: constant parts only
        target.execute(
            f"insert into {_MARK} values (?, ?)", (_VERSION, tables.newest(store.alias))
        )  # sql: constant parts only
        target.execute("commit")
    finally:
        target.close()
    return Kept(records=len(sealer.records), statements=sealer.statements)


def _copy(store: Store, table: str, target: sqlite3.Connection, sealer: Sealer) -> None:
    names = [column.name for column in rows.columns_of(store.alias, table)]
    target.execute(f"create table {quoted(table)} ({', '.join(map(quoted, names))})")  # sql: constant parts only
    marks = ", ".join("?" * len(names))
    for portion in rows.read(store.alias, table, names):
        # sql: constant parts only
        target.executemany(f"insert into {quoted(table)} values ({marks})", sealer.seal(table, names, portion))


def read_backup(path: Path, store: Store) -> Kept:
    """Put a backup into an empty store whose key store is the node's own. Look-up keys are left to the caller.

    The store is opened `as_it_is`: the tables are first made as the backup has them, then brought up to date. A value
    whose key was destroyed comes back erased. Raises Unreadable for a file that is no backup, Conflict for a store
    that is not empty or a backup of a later version, Damaged where the file fails its own check.
    """
    with _opened(path) as source:
        mark = source.execute(f"select * from {_MARK}").fetchone()  # sql: constant parts only
        version = str(mark[1]) if mark[0] >= _VERSION else _FIRST_TABLES
        if tables.has_content(store.alias):
            raise Conflict("The database holds a node already.", remedy="Name an empty folder or database.")
        if not tables.is_known(store.alias, version):
            raise Conflict(f"{path.name} was written by a later version of Alidade.", remedy="Use that version.")
        signed = source.execute("select key_id from ledger_head order by size desc limit 1").fetchone()
        if signed is not None and signed[0] not in store.keys.public_keys(LEDGER):
            raise Invalid("The keys are those of another node.", remedy="Name the keys of the node it is of.")
        tables.bring_up_to_date(store.engine, store.alias, version)
        sealer = Sealer(keys=store.keys)
        with store.transaction() as tx:
            rows.defer_references(tx.alias)
            with store.engine.loading() as poured:
                for table in rows.tables_of(tx.alias):
                    if table not in _LEFT_OUT:
                        _put_back(source, table, store, sealer, poured)
            rows.continue_numbers(tx.alias)
    tables.bring_up_to_date(store.engine, store.alias)
    store.engine.check_rights()
    places.take_place(store)
    return Kept(records=len(sealer.records), statements=sealer.statements, unreadable=sealer.unreadable)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        try:
            names = {row[0] for row in source.execute("select name from sqlite_master where type = 'table'")}
            sound = source.execute("pragma integrity_check").fetchone()[0] == "ok"
        except sqlite3.DatabaseError as error:
            raise Unreadable(f"{path.name} is no backup.", remedy="Name a file written by: alidade backup.") from error
        if _MARK not in names:
            raise Unreadable(f"{path.name} is no backup.", remedy="Name a file written by: alidade backup.")
        if not sound:
            raise Damaged(f"{path.name} is damaged.", remedy="Take an older backup.")
        yield source
    finally:
        source.close()


def _put_back(source: sqlite3.Connection, table: str, store: Store, sealer: Sealer, poured: bool) -> None:
    there = {row[0] for row in source.execute("select name from pragma_table_info(?)", (table,))}
    columns = [column for column in rows.columns_of(store.alias, table) if column.name in there]
    if not columns:
        return
    names = [column.name for column in columns]
    # sql: constant parts only
    found = source.execute(f"select {', '.join(map(quoted, names))} from {quoted(table)}")
    while portion := found.fetchmany(PORTION):
        plain: list[Row] = sealer.unseal(table, names, portion)
        rows.write(store.alias, table, columns, plain, poured=poured)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
