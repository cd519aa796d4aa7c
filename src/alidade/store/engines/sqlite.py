"""SQLite: one file, one writer at a time, every commit on the disk before it is acknowledged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from alidade.model.errors import Damaged
from alidade.model.ports import Randomness
from alidade.store.engines.engine import PLAIN_SETTINGS, SQLITE, ReadGuard
from alidade.store.guard import Guard

PRAGMAS = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("cache_size", "-65536", -65536),
)
_DISK_ERRORS = (
    "disk i/o error",
    "database or disk is full",
    "unable to open",
    "disk image is malformed",
    "file is not a database",
    "readonly database",
)
_OWN = 0o600


class Sqlite:
    """The database in one file."""

    vendor = "sqlite"

    def __init__(self, alias: str, path: Path, backend: str = SQLITE) -> None:
        """Register the file under `alias`; it is made at once, closed to other accounts, where it is missing."""
        self.alias = alias
        self.path = path
        _make_private(path)
        connections.databases[alias] = PLAIN_SETTINGS | {
            "ENGINE": backend,
            "NAME": str(path),
            "OPTIONS": {
                # A transaction that only turns into a writer later fails under load instead of waiting (decision 0001).
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "; ".join(f"pragma {name} = {value}" for name, value, _ in PRAGMAS),
            },
        }

    @property
    def place(self) -> str:
        """The file."""
        return str(self.path)

    def settle(self) -> None:
        """Read back what the connection was told."""
        with connections[self.alias].cursor() as cursor:
            for name, value, expected in PRAGMAS:
                cursor.execute(f"pragma {name}")  # sql: constant parts only
                if cursor.fetchone()[0] != expected:
                    raise Damaged(
                        f"The database does not accept {name} = {value}.",
                        remedy="Put the store on a local disk whose file system supports it.",
                    )

    def secure(self) -> None:
        """Nothing: the file belongs to one account, and the guard is made for each connection."""

    def check_rights(self) -> None:
        """Nothing: the guard is made for each connection."""

    def revive(self) -> None:
        """Nothing: a file does not go away."""

    def begin(self) -> None:
        """Nothing: IMMEDIATE has waited already."""

    def begin_snapshot(self) -> None:
        """Nothing: the file has one state for as long as the transaction lasts."""

    def lock_tables(self) -> None:
        """Nothing: IMMEDIATE has waited already."""

    @contextmanager
    def loading(self) -> Iterator[bool]:
        """Never: the file takes inserts as fast as it takes anything."""
        yield False

    def guard(self, randomness: Randomness) -> ReadGuard:
        """Views of one connection, and an authorizer."""
        return Guard(self.alias, randomness)

    def disk_failed(self, error: BaseException) -> bool:
        """By the words of SQLite, since its codes do not reach us through every driver."""
        return file_failed(error)

    def lost(self, error: BaseException) -> bool:
        """Never: a file has no connection to lose."""
        return False

    def purge(self) -> None:
        """Empty the write-ahead journal, so that no erased value lingers there."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute("pragma wal_checkpoint(truncate)")


def file_failed(error: BaseException) -> bool:
    """Whether an error of SQLite comes from the disk or from a damaged file."""
    text = str(error).lower()
    return any(words in text for words in _DISK_ERRORS)


def _make_private(path: Path) -> None:
    """The journals take over the rights of the file, so they need not be looked after."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OWN))
    elif path.stat().st_mode & 0o077 and path.stat().st_uid == os.geteuid():
        path.chmod(_OWN)
