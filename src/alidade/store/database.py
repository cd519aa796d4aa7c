"""Store: one database with its key store, and the transactions in which everything happens.

A transaction writes its ledger entries before it commits, and nothing is acknowledged before the commit is durable.
After an error of the disk the store stops: a failed write must not be tried again over a state nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from sqlite3 import DatabaseError as DriverError
from typing import Any

from django.db import DatabaseError, connections, transaction

from alidade.exchange.context import Memory
from alidade.ledger.entry import Entry
from alidade.ledger.head import Head, to_json
from alidade.model.directory import Authority
from alidade.model.errors import Conflict, Damaged, NotAllowed
from alidade.model.ids import AuthorityId, new_id
from alidade.model.ports import Clock, Randomness
from alidade.policy.world import World
from alidade.store import places, tables
from alidade.store.engines import SQLITE, Engine, engine_of
from alidade.store.engines.engine import ReadGuard
from alidade.store.engines.sqlite import file_failed
from alidade.store.keystore import KeyStore, SigningKey
from alidade.store.name_index.names import Names
from alidade.store.trail import LEDGER, Trail
from alidade.vocabulary import Vocabulary

__all__ = ["SQLITE", "Store", "Transaction"]


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
        database: str | None = None,
        as_it_is: bool = False,
    ) -> None:
        """Open the store in `folder`, making tables and keys on first use.

        `database` is the address of a server; without it the data lies in a file in the folder. `as_it_is` leaves the
        tables as they are found, even none, for whoever brings them up to date. Raises Damaged where the database does
        not keep its settings, so that no promise is given that it would break; Conflict where its tables are older or
        newer than the program, or where it is not the database that the keys in the folder belong to.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.path = folder / "alidade.db"
        self.clock = clock
        self.randomness = randomness
        self.vocabulary = vocabulary
        self.keys = KeyStore(folder, randomness=randomness)
        self.alias = _free_alias(f"store_{new_id(randomness)}")
        self.names = Names(folder, self.alias, vocabulary, self.snapshot)
        self.stopped = False
        try:
            self.engine: Engine = engine_of(folder, self.alias, database=database, backend=engine)
            self._settle(as_it_is)
            self.ledger_key: SigningKey = self.keys.signing_key(LEDGER) or self.keys.make_signing_key(LEDGER)
            self.guard: ReadGuard = self.engine.guard(randomness)
        except BaseException:
            self.close()
            raise
        self.known_world: tuple[int, World] | None = None
        self.known_authorities: tuple[int, Mapping[AuthorityId, Authority]] | None = None
        self.exchange_memory: dict[AuthorityId, Memory] = {}

    def _settle(self, as_it_is: bool) -> None:
        """Read back what the database promises, and see that its tables are those of this program."""
        self.engine.settle()
        tables.refuse_newer(self.alias)
        if as_it_is:
            return
        if tables.pending(self.alias):
            if tables.has_content(self.alias):
                raise Conflict(
                    "The database was made by an earlier version of Alidade.",
                    remedy="Run: alidade upgrade. It makes a backup first.",
                    code="upgrade_needed",
                )
            places.refuse_strange(self)
            tables.bring_up_to_date(self.engine, self.alias)
        self.engine.check_rights()
        places.take_place(self)

    def close(self) -> None:
        """Close the files and the connection."""
        self.names.forget()
        if self.alias in connections.databases:
            connections[self.alias].close()
            del connections[self.alias]
            del connections.databases[self.alias]
        self.keys.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One act from beginning to durable end, or nothing at all. A refusal leaves its ledger entry all the same."""
        if self.stopped:
            raise Damaged("The store has stopped after a disk error.", remedy="Check the disk, then start again.")
        self.names.notice_erasure()
        work = Transaction(self)
        with self.stopping():
            self.engine.revive()
            try:
                with transaction.atomic(using=self.alias):
                    self.engine.begin()
                    yield work
                    if work.read and not work.trail.logged:
                        raise Damaged("A read left no entry in the ledger.", code="unlogged_read")
                    head = work.trail.write()
                    for each in work.before_commit:
                        each()
            except BaseException as error:
                self.guard.rolled_back()
                self.names.rolled_back()
                if isinstance(error, NotAllowed) and work.refusal is not None:
                    with transaction.atomic(using=self.alias):
                        self.engine.begin()
                        work.trail.replace(work.refusal)
                        head = work.trail.write()
                    self._remember(head)
                raise
            self.guard.committed()
            self.names.committed()
            self._remember(head)

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """One state of everything, to be read for long. Nothing may be written, and nothing is shown to anybody."""
        with self.stopping():
            self.engine.revive()
            with transaction.atomic(using=self.alias):
                self.engine.begin_snapshot()
                yield Transaction(self)

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """Stop the node at the first error of the disk, whichever of the two files it met."""
        try:
            yield
        except (DatabaseError, DriverError) as error:
            if self.engine.lost(error):
                connections[self.alias].close()
                raise Damaged(
                    "The connection to the database was lost.",
                    remedy="Try again when the server is there, and look whether the last act was kept.",
                    code="connection_lost",
                ) from error
            if not self.engine.disk_failed(error) and not file_failed(error):
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


def _free_alias(alias: str) -> str:
    """A name that no open store has: two that were given the same chance must not share a connection."""
    number = 1
    found = alias
    while found in connections.databases:
        number += 1
        found = f"{alias}_{number}"
    return found


class Transaction:
    """What may be done between begin and commit."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.alias = store.alias
        self.now: datetime = store.clock.now()
        self.read = False
        self.rights_changed = False
        self.refusal: Entry | None = None
        self.memo: dict[object, Any] = {}  # what was read in this transaction and is asked for again and again
        self.before_commit: list[Callable[[], None]] = []  # what is still to be written, after the ledger
        self.trail = Trail(store.alias, store.keys, store.ledger_key, store.clock, store.randomness)

    def log(self, entry: Entry, told: Callable[[int, bytes], None] | None = None) -> None:
        """Leave an entry; it is committed with the act. `told` learns its number and leaf just before the commit."""
        self.trail.add(entry, told)

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
