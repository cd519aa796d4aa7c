"""Backup in the store: every table but the derived ones, values sealed on the way, and put back whole or not at all."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, Office, draft, opened, template

from alidade.model.draft import Claim
from alidade.model.errors import Conflict, Damaged, Unreadable
from alidade.store import rows
from alidade.store.backup import read_backup, write_backup
from alidade.store.database import Store


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "backup") as found:
        found.give(draft("1", name=Claim(property="name", value="Jan Vermeulen", original="VERMEULEN")))
        found.ask(DE, "Jan Vermeulen")
        yield found


@pytest.fixture
def backup(office: Office, tmp_path: Path) -> Path:
    write_backup(office.store, tmp_path / "a.backup")
    return tmp_path / "a.backup"


def _tables(path: Path) -> dict[str, int]:
    connection = sqlite3.connect(path)
    names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
    found = {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in names}
    connection.close()
    return found


def _live(store: Store) -> dict[str, int]:
    with store.transaction() as tx:
        return {name: tx.rows(f"select count(*) from {name}", [])[0][0] for name in rows.tables_of(tx.alias)}


def test_every_table_is_in_it_and_what_is_derived_is_empty(office: Office, backup: Path) -> None:
    kept, live = _tables(backup), _live(office.store)
    # What is made anew, what must not come back, and what is of this one database.
    derived = {"lookup", "viewer_class", "visible", "joining_class", "seen_ruling", "access_token", "allowance",
               "kept_request", "place", "name_change"}  # fmt: skip
    assert kept.pop("alidade_backup") == 1
    assert kept == {name: count for name, count in live.items() if name not in derived}
    assert kept["statement"] > 0


def test_a_backup_that_was_cut_off_leaves_no_file_of_that_name(office: Office, tmp_path: Path) -> None:
    (tmp_path / "b.backup.partial").write_text("left over")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("alidade.store.backup.Sealer.seal", lambda *args: (_ for _ in ()).throw(OSError("cut")))
        with pytest.raises(OSError, match="cut"):
            write_backup(office.store, tmp_path / "b.backup")
    assert not (tmp_path / "b.backup").exists()
    write_backup(office.store, tmp_path / "b.backup")
    assert not (tmp_path / "b.backup.partial").exists()


def test_it_goes_into_an_empty_store_only(office: Office, backup: Path) -> None:
    with pytest.raises(Conflict):
        read_backup(backup, office.store)
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"


@pytest.fixture
def empty(office: Office, backup: Path, tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "empty"
    folder.mkdir()
    for name in ("keys.db", "keys.db-wal", "node.key"):
        if (office.store.folder / name).exists():
            (folder / name).write_bytes((office.store.folder / name).read_bytes())
    (folder / "node.key").chmod(0o600)
    store = Store(
        folder, clock=office.clock, randomness=office.store.randomness, vocabulary=office.vocabulary, as_it_is=True
    )
    store.keys.belong_to(None)
    yield store
    store.close()


def test_values_and_originals_come_back(empty: Store, backup: Path) -> None:
    kept = read_backup(backup, empty)
    assert (kept.records, kept.statements, kept.unreadable) == (1, 1, 0)
    with empty.transaction() as tx:
        assert tx.rows("select value, original, current from statement", []) == [("Jan Vermeulen", "VERMEULEN", 1)]


def _change(backup: Path, sql: str) -> None:
    connection = sqlite3.connect(backup, isolation_level=None)
    connection.execute(sql)
    connection.close()


def test_a_value_that_is_not_sealed_is_not_believed(empty: Store, backup: Path) -> None:
    _change(backup, "update statement set value = 'Somebody Else'")
    with pytest.raises(Damaged):
        read_backup(backup, empty)
    with empty.transaction() as tx:
        assert tx.rows("select count(*) from record", []) == [(0,)]


def test_a_sealed_value_that_was_moved_or_altered_does_not_come_back(empty: Store, backup: Path) -> None:
    _change(backup, "update statement set value = original")
    kept = read_backup(backup, empty)
    assert kept.unreadable == 1
    with empty.transaction() as tx:
        assert tx.rows("select value, current from statement", []) == [(None, 0)]


@pytest.mark.parametrize("content", [b"", b"text\n" * 900])
def test_what_is_no_database_is_no_backup(empty: Store, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(Unreadable):
        read_backup(tmp_path / "other", empty)
