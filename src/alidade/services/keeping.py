"""Keeping: backup, restore, upgrade, move. A backup is sealed with keys that it lacks; what was erased stays erased."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from alidade.ledger.entry import Entry
from alidade.model.draft import Claim
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ports import Clock
from alidade.services.node import Node, finish_erasures, has_node, open_store
from alidade.services.preparing import lookup_keys
from alidade.store import places, tables, writing
from alidade.store.backup import Kept, read_backup, write_backup
from alidade.store.database import Store, Transaction
from alidade.store.erasing import replay_erasures
from alidade.store.exchange.starts import begin_anew
from alidade.store.moving import Moved, copy_everything, give_up
from alidade.store.rights import epoch
from alidade.store.trail import LEDGER, last_head
from alidade.vocabulary import Vocabulary, load_vocabulary

_PORTION = 5_000
_KEY_FILES = ("keys.db", "node.key")


def make_backup(node: Node, path: Path) -> Kept:
    """Write a sealed backup to a new file. Raises Conflict where it exists."""
    kept = write_backup(node.store, path)
    with node.store.transaction() as tx:
        log_keeping(tx, "backup", {"file": path.name, "statements": str(kept.statements)})
    return kept


def restore_backup(
    path: Path, keys: Path, home: Path, *, database: str | None = None, clock: Clock | None = None
) -> Kept:
    """Restore a backup with the node's own keys into an empty folder, or into an empty database of a server.

    Look-up keys are made anew, and what was erased since the backup is erased again before anybody is answered.
    Raises Conflict where a node is there already, Invalid where the keys are missing, Unreadable for no backup.
    """
    if any((home / name).exists() for name in ("alidade.db", *_KEY_FILES)):
        raise Conflict("The folder holds a node already.", remedy="Name an empty folder with --home.")
    missing = [name for name in _KEY_FILES if not (keys / name).exists()]
    if missing:
        raise Invalid(f"The folder of keys lacks {', '.join(missing)}.", remedy="Name the folder that holds both.")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (*_KEY_FILES, "keys.db-wal"):
        if (keys / name).exists():
            shutil.copyfile(keys / name, home / name)
            os.chmod(home / name, 0o600)
    try:
        words = load_vocabulary()
        store = open_store(home, clock=clock, vocabulary=words, database=database, as_it_is=True)
        try:
            store.keys.belong_to(None)
            kept = read_backup(path, store)
            _take_up(store, words, path)
        finally:
            store.close()
    except BaseException:
        for name in ("alidade.db", "alidade.db-wal", "alidade.db-shm", *_KEY_FILES, "keys.db-wal", "keys.db-shm"):
            (home / name).unlink(missing_ok=True)
        raise
    return kept


def _take_up(store: Store, words: Vocabulary, path: Path) -> None:
    """Go on from a restored state: erase again, make the look-up keys, and say so in the ledger."""
    # The keys remember a longer ledger than the backup has; from here on this one is the node's.
    remembered = store.keys.remembered_head(LEDGER)
    store.keys.forget_head(LEDGER)
    with store.transaction() as tx:
        again = replay_erasures(tx)
        _make_lookups(words, tx)
        begin_anew(tx)
        details = {"file": path.name, "head_before": (remembered or b"").decode(), "erased_again": str(len(again))}
        log_keeping(tx, "restore", details)
    finish_erasures(store)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What an upgrade did: the versions of the tables before and after, and the backup that was made before."""

    before: str
    after: str
    backup: str | None
    statements: int


def upgrade(
    home: Path, *, backup: Path | None = None, database: str | None = None, clock: Clock | None = None
) -> Upgraded:
    """Bring the tables of a node up to date, after a backup of them as they are.

    `backup` names its file; without it, it lies in the folder of the node. Where the tables are up to date already,
    only the rights in them are made anew. Raises Conflict where the file exists, or where a later version of the
    program has worked here.
    """
    if not has_node(home, database):
        raise NotFound(f"There is no node in {home}.", remedy="Begin with: alidade init.")
    store = open_store(home, clock=clock, database=database, as_it_is=True)
    try:
        before = tables.newest(store.alias)
        lacking = tables.pending(store.alias)
        written: Path | None = None
        statements = 0
        if lacking and tables.has_content(store.alias):
            written = backup or home / f"before-upgrade-from-{before}.backup"
            statements = write_backup(store, written).statements
        tables.bring_up_to_date(store.engine, store.alias)
        store.engine.check_rights()
        places.take_place(store)
        after = tables.newest(store.alias)
        with store.transaction() as tx:
            name = "" if written is None else written.name
            log_keeping(tx, "upgrade", {"before": before, "after": after, "backup": name})
        finish_erasures(store)
    finally:
        store.close()
    return Upgraded(before=before, after=after, backup=None if written is None else str(written), statements=statements)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What was moved and where it lies now."""

    moved: Moved
    place: str


def move(home: Path, *, source: str | None, target: str | None, clock: Clock | None = None) -> Move:
    """Move everything of a node into an empty database: to the server at `target`, or to the file where it is None.

    Every row is compared after it has arrived, and the head of the ledger. The database at `source` stays as it was,
    with a mark that keeps it from being opened by mistake. Whoever works with the node meanwhile waits. Raises Conflict
    where both are the same or the target holds a node.
    """
    if source == target:
        raise Conflict("The data lies there already.", remedy="Name another database.")
    if target is None and (home / "alidade.db").exists():
        raise Conflict("The folder has a file alidade.db already.", remedy="Put it aside, where it is not needed.")
    words = load_vocabulary()
    node = Node.open(home, clock=clock, vocabulary=words, database=source)
    try:
        there = open_store(home, clock=clock, vocabulary=words, database=target, as_it_is=True)
        try:
            if tables.has_content(there.alias):
                raise Conflict("The database to move to holds a node already.", remedy="Name an empty one.")
            tables.bring_up_to_date(there.engine, there.alias)
            there.engine.check_rights()
            places.take_place(there, as_guest=True)
            with node.store.transaction() as leaving:
                with there.transaction() as arriving:
                    moved = copy_everything(leaving, arriving)
                    details = {"rows": str(moved.rows), "to": there.engine.vendor}
                    log_keeping(arriving, "move", details)
                give_up(leaving, there)
            return Move(moved=moved, place=there.engine.place)
        finally:
            there.close()
    finally:
        node.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the database of a node stands: engine, place, version of its tables, size of the ledger."""

    engine: str
    place: str
    tables: str
    lacking: tuple[str, ...]
    ledger: int


def standing(home: Path, *, database: str | None = None) -> Standing:
    """Say where the data of a node lies and whether its tables are up to date; nothing is changed."""
    if not has_node(home, database):
        raise NotFound(f"There is no node in {home}.", remedy="Begin with: alidade init.")
    store = open_store(home, database=database, as_it_is=True)
    try:
        head = last_head(store.alias) if tables.has_content(store.alias) else None
        return Standing(
            engine=store.engine.vendor,
            place=store.engine.place,
            tables=tables.newest(store.alias),
            lacking=tuple(tables.pending(store.alias)),
            ledger=0 if head is None else head.size,
        )
    finally:
        store.close()


def log_keeping(tx: Transaction, act: str, details: dict[str, str]) -> None:
    """Leave an entry of an act of whoever keeps the machine; it shows no content to anybody."""
    tx.log(
        Entry(
            act=act,
            at=tx.now,
            authority="node",
            officer="node",
            details=tuple(sorted(details.items())),
            epoch=epoch(tx),
            decision="allowed",
        )
    )


def _make_lookups(words: Vocabulary, tx: Transaction) -> None:
    writing.clear_lookups(tx)  # of an older backup, the change of its tables has made some already
    for portion in writing.current_statements(tx, _PORTION):
        rows = []
        for number, record, handling, thing, name, value in portion:
            definition = words.properties_of(thing).get(name)
            if definition is None:
                continue
            claim = Claim(property=name, value=value, refers=definition.kind == "entity")
            for kind, key in lookup_keys(definition, thing, claim, words):
                rows.append((kind, key, handling, record, number))
        writing.insert_lookups(tx, rows)
