"""Store: one database with its key store, and the transactions in which everything happens.

A transaction writes its ledger entries before it commits, and nothing is acknowledged before the commit is durable.
After an error of the disk the store stops: a failed write must not be tried again over a state nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from sqlite3 import DatabaseError as DriverError
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from alidade.ledger.entry import Entry
from alidade.ledger.head import Head, to_json
from alidade.model.directory import Authority
from alidade.model.errors import Damaged, NotAllowed
from alidade.model.ids import AuthorityId, new_id
from alidade.model.ports import Clock, Randomness
from alidade.policy.world import World
from alidade.store.guard import Guard
from alidade.store.keystore import KeyStore, SigningKey
from alidade.store.trail import LEDGER, Trail
from alidade.vocabulary import Vocabulary

SQLITE = "django.db.backends.sqlite3"
_PRAGMAS = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("cache_size", "-65536", -65536),
)


class Store:
    """One node's data. Everything that varies comes in as a parameter: place, clock, chance, vocabulary, engine."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        randomness: Randomness,
        vocabulary: Vocabulary,
        engine: str = SQLITE,
    ) -> None:
        """Open the store in `folder`, making tables and keys on first use.

        Raises Damaged where the database does not keep its settings, so that no promise is given that it would break.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.path = folder / "alidade.db"
        self.clock = clock
        self.randomness = randomness
        self.vocabulary = vocabulary
        self.keys = KeyStore(folder, randomness=randomness)
        self.alias = f"store_{new_id(randomness)}"
        self.stopped = False
        _register(self.alias, self.path, engine)
        self._settle()
        self.ledger_key: SigningKey = self.keys.signing_key(LEDGER) or self.keys.make_signing_key(LEDGER)
        self.guard = Guard(self.alias, randomness)
        self.known_world: tuple[int, World] | None = None
        self.known_authorities: tuple[int, Mapping[AuthorityId, Authority]] | None = None

    def _settle(self) -> None:
        """Read back what the connection was told, and bring the tables up to date."""
        connection = connections[self.alias]
        with connection.cursor() as cursor:
            for name, value, expected in _PRAGMAS:
                cursor.execute(f"pragma {name}")  # sql: constant parts only
                if cursor.fetchone()[0] != expected:
                    raise Damaged(
                        f"The database does not accept {name} = {value}.",
                        remedy="Put the store on a local disk whose file system supports it.",
                    )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            # In one transaction: a table made without the note that it was made would bar every later start.
            with connection.constraint_checks_disabled(), transaction.atomic(using=self.alias):
                call_command("migrate", database=self.alias, verbosity=0)

    def close(self) -> None:
        """Close the files."""
        connections[self.alias].close()
        del connections[self.alias]
        del connections.databases[self.alias]
        self.keys.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One act from beginning to durable end, or nothing at all. A refusal leaves its ledger entry all the same."""
        if self.stopped:
            raise Damaged("The store has stopped after a disk error.", remedy="Check the disk, then start again.")
        work = Transaction(self)
        with self.stopping():
            try:
                with transaction.atomic(using=self.alias):
                    yield work
                    if work.read and not work.trail.logged:
                        raise Damaged("A read left no entry in the ledger.", code="unlogged_read")
                    head = work.trail.write()
            except BaseException as error:
                self.guard.rolled_back()
                if isinstance(error, NotAllowed) and work.refusal is not None:
                    with transaction.atomic(using=self.alias):
                        work.trail.replace(work.refusal)
                        head = work.trail.write()
                    self._remember(head)
                raise
            self.guard.committed()
            self._remember(head)

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """Stop the node at the first error of the disk, whichever of the two files it met."""
        try:
            yield
        except (DatabaseError, DriverError) as error:
            if not _disk_failed(error):
                raise
            self.stopped = True
            raise Damaged(
                "The disk refused a write; the store has stopped.",
                remedy="Make room or mend the disk, start again, and look whether the last act was kept.",
                code="disk",
            ) from error

    def _remember(self, head: Head | None) -> None:
        if head is not None:
            self.keys.remember_head(head.origin, to_json(head))


class Transaction:
    """What may be done between begin and commit."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.alias = store.alias
        self.now: datetime = store.clock.now()
        self.read = False
        self.rights_changed = False
        self.refusal: Entry | None = None
        self.trail = Trail(store.alias, store.keys, store.ledger_key, store.clock, store.randomness)

    def log(self, entry: Entry) -> None:
        """Leave an entry; it is committed with the act."""
        self.trail.add(entry)

    def log_refusal(self, entry: Entry) -> None:
        """Leave an entry of an act that is being refused: it is kept although the act is undone."""
        self.refusal = entry

    def new_id(self) -> str:
        """A new random public id."""
        return new_id(self.store.randomness)

    def rows(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        """The rows of a hand-written query; to be used inside this package only."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())


_DISK_ERRORS = (
    "disk i/o error",
    "database or disk is full",
    "unable to open",
    "disk image is malformed",
    "file is not a database",
    "readonly database",
)


def _register(alias: str, path: Path, engine: str) -> None:
    connections.databases[alias] = {
        "ENGINE": engine,
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "; ".join(f"pragma {name} = {value}" for name, value, _ in _PRAGMAS),
        },
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
        "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
    }


def _disk_failed(error: Exception) -> bool:
    text = str(error).lower()
    return any(words in text for words in _DISK_ERRORS)
