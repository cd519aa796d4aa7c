"""Keeping: backup and restore. A backup is sealed with keys that it does not hold; what was erased stays erased."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from alidade.ledger.entry import Entry
from alidade.model.draft import Claim
from alidade.model.errors import Conflict, Invalid
from alidade.services.node import Node
from alidade.services.preparing import lookup_keys
from alidade.store import writing
from alidade.store.backup import Kept, read_backup, write_backup
from alidade.store.database import Transaction
from alidade.store.rights import epoch
from alidade.store.trail import LEDGER

_PORTION = 5_000
_KEY_FILES = ("keys.db", "node.key")


def make_backup(node: Node, path: Path) -> Kept:
    """Write a sealed backup to a new file. Raises Conflict where it exists."""
    kept = write_backup(node.store, path)
    with node.store.transaction() as tx:
        _log(tx, "backup", {"file": path.name, "statements": str(kept.statements)})
    return kept


def restore_backup(path: Path, keys: Path, home: Path) -> Kept:
    """Restore a backup into an empty folder with the node's own keys, and make the look-up keys anew.

    Raises Conflict where the folder holds a node, Invalid where the keys are missing, Unreadable for no backup.
    """
    if (home / "alidade.db").exists():
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
        node = Node.open(home)
        try:
            kept = read_backup(path, node.store)
            # The keys remember a longer ledger than the backup has; from here on this one is the node's.
            remembered = node.store.keys.remembered_head(LEDGER)
            node.store.keys.forget_head(LEDGER)
            with node.store.transaction() as tx:
                _make_lookups(node, tx)
                _log(tx, "restore", {"file": path.name, "head_before": (remembered or b"").decode()})
        finally:
            node.close()
    except BaseException:
        for name in ("alidade.db", "alidade.db-wal", "alidade.db-shm", *_KEY_FILES):
            (home / name).unlink(missing_ok=True)
        raise
    return kept


def _log(tx: Transaction, act: str, details: dict[str, str]) -> None:
    """An act of whoever keeps the machine; it shows no content to anybody."""
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


def _make_lookups(node: Node, tx: Transaction) -> None:
    for portion in writing.current_statements(tx, _PORTION):
        rows = []
        for number, record, handling, thing, name, value in portion:
            definition = node.vocabulary.properties_of(thing).get(name)
            if definition is None:
                continue
            claim = Claim(property=name, value=value, refers=definition.kind == "entity")
            for kind, key in lookup_keys(definition, thing, claim, node.vocabulary):
                rows.append((kind, key, handling, record, number))
        writing.insert_lookups(tx, rows)
