"""The ledger in the store: what it holds after an act, and that every way to tamper with it is found."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alidade.ledger.entry import Entry, decode
from alidade.ledger.head import from_json, is_vouched
from alidade.ledger.verify import Report
from alidade.model.errors import Damaged
from alidade.services.ledger import newest_head, verify_ledger
from alidade.services.node import Node
from alidade.store import erasing, trail
from alidade.vocabulary import load_vocabulary
from databases import alter, bytes_of

VOCABULARY = load_vocabulary()


class FixedClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """Always the same."""
        return datetime(2026, 3, 1, 12, tzinfo=UTC)


def _open(folder: Path) -> Node:
    return Node.open(folder, vocabulary=VOCABULARY, clock=FixedClock())


def _act(node: Node, *officers: str, act: str = "check") -> None:
    with node.store.transaction() as tx:
        for officer in officers:
            tx.log(
                Entry(
                    act=act,
                    at=tx.now,
                    authority="xx-trail",
                    officer=f"xx-trail/{officer}",
                    epoch=0,
                    decision="allowed",
                )
            )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A node with eight entries under five heads, closed."""
    node = _open(tmp_path / "node")
    for officers in (("a",), ("b", "c"), ("d",), ("e", "f", "g"), ("h",)):
        _act(node, *officers)
    node.close()
    return tmp_path / "node"


@pytest.fixture
def verified(folder: Path) -> Callable[[], Report]:
    """Verifies the ledger as it lies there."""

    def verify() -> Report:
        node = _open(folder)
        try:
            return verify_ledger(node)
        finally:
            node.close()

    return verify


def _codes(report: Report) -> set[str]:
    return {problem.code for problem in report.problems}


# -- what is written -----------------------------------------------------------------------------------------


def test_every_commit_leaves_its_entries_and_one_signed_head(folder: Path) -> None:
    node = _open(folder)
    entries = list(trail.stored_entries(node.store.alias, node.store.keys))
    heads = list(trail.stored_heads(node.store.alias))
    keys = node.store.keys.public_keys(trail.LEDGER)
    remembered = node.store.keys.remembered_head(trail.LEDGER)
    assert [entry.sequence for entry in entries] == list(range(8))
    assert [decode(entry.body or b"").officer[-1] for entry in entries] == list("abcdefgh")
    assert [head.size for head in heads] == [1, 3, 4, 7, 8]
    assert all(is_vouched(head, keys) for head in heads)
    assert newest_head(node) == heads[-1]
    assert remembered is not None
    assert from_json(remembered) == heads[-1]
    node.close()


def test_a_transaction_without_an_entry_leaves_no_head(folder: Path) -> None:
    node = _open(folder)
    with node.store.transaction():
        pass
    head = newest_head(node)
    assert head is not None
    assert head.size == 8
    node.close()


def test_bodies_are_sealed(folder: Path) -> None:
    assert b"xx-trail" in bytes_of(folder)
    assert b"xx-trail/a" not in bytes_of(folder)


def test_the_entries_of_one_authority_newest_first(folder: Path) -> None:
    node = _open(folder)
    found = trail.entries_of(node.store.alias, node.store.keys, "xx-trail", 3)
    assert [decode(body or b"").officer for body in found] == ["xx-trail/h", "xx-trail/g", "xx-trail/f"]
    assert trail.entries_of(node.store.alias, node.store.keys, "xx-other", 3) == []
    node.close()


def test_an_untouched_ledger_is_sound(verified: Callable[[], Report]) -> None:
    report = verified()
    assert report.sound
    assert (report.entries, report.heads, report.erased) == (8, 5, 0)


def test_an_erased_body_leaves_the_ledger_sound(folder: Path, verified: Callable[[], Report]) -> None:
    node = _open(folder)
    with node.store.transaction() as tx:
        key = erasing.erase_entry_body(tx, 2)
    assert key is not None
    node.store.keys.destroy_field_keys([key])
    node.close()
    report = verified()
    assert report.sound
    assert report.erased == 1


def test_a_missing_node_of_the_tree_refuses_the_next_act(folder: Path) -> None:
    alter(folder, "delete from ledger_node where level > 0")
    node = _open(folder)
    with pytest.raises(Damaged, match="node of the ledger"):
        _act(node, "i")
    node.close()


# -- what tampering leaves -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("update ledger_entry set act = 'contribute' where sequence = 3", "column-differs"),
        ("update ledger_entry set authority = 'xx-other' where sequence = 3", "column-differs"),
        ("update ledger_entry set at = '2026-02-01T12:00:00+00:00' where sequence = 3", "column-differs"),
        ("update ledger_entry set leaf = zeroblob(32) where sequence = 3", "head-root"),
        ("update ledger_entry set salt = zeroblob(16) where sequence = 3", "leaf-differs"),
        ("update ledger_entry set body = null where sequence = 3", "salt-kept"),
        ("delete from ledger_entry where sequence = 3", "sequence-gap"),
        ("delete from ledger_entry where sequence = 7", "cut"),
        ("delete from ledger_head where size = 8", "uncovered"),
        ("update ledger_head set root = zeroblob(32) where size = 4", "head-signature"),
        ("update ledger_head set signature = zeroblob(64) where size = 8", "head-signature"),
        ("update ledger_head set at = '2025-01-01T00:00:00+00:00' where size = 8", "head-time"),
        ("update ledger_head set key_id = 'another' where size = 8", "head-signature"),
    ],
)
def test_an_altered_row_is_found(folder: Path, verified: Callable[[], Report], sql: str, code: str) -> None:
    alter(folder, sql)
    assert code in _codes(verified())


@pytest.mark.parametrize(
    "sql",
    [
        "update ledger_entry set body = (select body from ledger_entry where sequence = 4) where sequence = 3",
        "update ledger_entry set body = zeroblob(80) where sequence = 3",
    ],
)
def test_a_body_that_was_moved_or_overwritten_is_found(folder: Path, verified: Callable[[], Report], sql: str) -> None:
    """As a problem of that line, so that the others are still verified."""
    alter(folder, sql)
    report = verified()
    assert {problem.sequence for problem in report.problems} == {3}
    assert report.entries == 8


def test_a_tail_cut_off_with_its_heads_is_found_by_the_remembered_head(
    folder: Path, verified: Callable[[], Report]
) -> None:
    alter(
        folder,
        "delete from ledger_entry where sequence >= 4",
        "delete from ledger_head where size > 4",
    )
    assert _codes(verified()) == {"rollback"}


def _copy_of_the_data(folder: Path, to: Path) -> None:
    """The data as a backup or a thief has them: without the keys."""
    shutil.copy(folder / "alidade.db", to)


def _put_back(copy: Path, folder: Path) -> None:
    for name in ("alidade.db-wal", "alidade.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(copy, folder / "alidade.db")


@pytest.mark.sqlite_only("the file is put back")
def test_data_put_back_to_an_earlier_state_are_found(
    folder: Path, tmp_path: Path, verified: Callable[[], Report]
) -> None:
    _copy_of_the_data(folder, tmp_path / "earlier")
    node = _open(folder)
    _act(node, "i")
    node.close()
    _put_back(tmp_path / "earlier", folder)
    assert _codes(verified()) == {"rollback"}


@pytest.mark.sqlite_only("the file is put back")
def test_a_forked_copy_is_found(folder: Path, tmp_path: Path, verified: Callable[[], Report]) -> None:
    shutil.copytree(folder, tmp_path / "fork")
    for place, officers in ((folder, ("i", "j")), (tmp_path / "fork", ("x", "y", "z"))):
        node = _open(place)
        for officer in officers:
            _act(node, officer)
        node.close()
    _put_back(tmp_path / "fork" / "alidade.db", folder)
    assert "fork" in _codes(verified())


@pytest.mark.sqlite_only("the file is put back")
def test_data_put_back_are_found_even_after_the_node_worked_on(
    folder: Path, tmp_path: Path, verified: Callable[[], Report]
) -> None:
    """The node must not replace what it remembers by a head that does not lead on from it."""
    _copy_of_the_data(folder, tmp_path / "earlier")
    node = _open(folder)
    _act(node, "i")
    _act(node, "j")
    node.close()
    _put_back(tmp_path / "earlier", folder)
    node = _open(folder)
    try:
        for officer in "klm":
            _act(node, officer)
    except Damaged:
        pass  # to refuse the act is as good
    finally:
        node.close()
    assert _codes(verified()) & {"rollback", "fork"}


def test_a_head_carried_elsewhere_finds_what_the_node_forgot(folder: Path, verified: Callable[[], Report]) -> None:
    node = _open(folder)
    carried = newest_head(node)
    node.close()
    alter(folder, "delete from ledger_entry where sequence >= 4", "delete from ledger_head where size > 4")
    connection = sqlite3.connect(folder / "keys.db", isolation_level=None)
    connection.execute("delete from remembered_head")
    connection.close()
    assert verified().sound
    node = _open(folder)
    assert _codes(verify_ledger(node, carried)) == {"rollback"}
    node.close()


def test_two_processes_do_not_set_back_what_is_remembered(folder: Path) -> None:
    """A commits, B commits and remembers, and only then A remembers its own, older head."""
    node = _open(folder)
    older = node.store.keys.remembered_head(trail.LEDGER)
    assert older is not None
    _act(node, "i")
    newer = node.store.keys.remembered_head(trail.LEDGER)
    node.store.keys.remember_head(trail.LEDGER, older)
    assert node.store.keys.remembered_head(trail.LEDGER) == newer
    node.close()
