"""The store's promises: settings in force, acts whole or not at all, no read unlogged, a stop at errors."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections

from alidade.ledger.entry import Entry
from alidade.model.errors import Damaged, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.ports import Randomness
from alidade.model.viewer import Party, Viewer
from alidade.policy.world import World
from alidade.services.machine import SystemRandomness
from alidade.store import models, trail
from alidade.store.database import Store, Transaction
from alidade.store.engines import sqlite
from alidade.store.reading import reading
from alidade.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
PARTY = Party(id=AuthorityId("xx-store"), function="police", state="NL", areas=("EU",))
WORLD = World.build({PARTY.id: PARTY}, VOCABULARY, [])
VIEWER = Viewer(party=PARTY, clearance="BPL", purpose="18.2.a", communities=("all",))


class SetClock:
    """A clock that says what it was set to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """That moment."""
        return self.moment


class Repeating:
    """Randomness that gives the same bytes in every store."""

    def __init__(self) -> None:
        self._count = 0

    def token_bytes(self, count: int) -> bytes:
        """The next number."""
        self._count += 1
        return self._count.to_bytes(count, "big")


def _open(folder: Path, clock: SetClock | None = None, randomness: Randomness | None = None) -> Store:
    return Store(
        folder,
        clock=clock or SetClock(),
        randomness=randomness or SystemRandomness(),
        vocabulary=VOCABULARY,
    )


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    opened = _open(tmp_path / "node", clock)
    yield opened
    opened.close()


def _entry(tx: Transaction, act: str = "contribute") -> Entry:
    return Entry(act=act, at=tx.now, authority="xx-store", officer="xx-store/a", epoch=0, decision="allowed")


def _agreement(tx: Transaction, code: str) -> None:
    models.Agreement.objects.using(tx.alias).create(code=code, content={})


def _codes(store: Store) -> list[str]:
    return list(models.Agreement.objects.using(store.alias).order_by("code").values_list("code", flat=True))


def _pragma(store: Store, name: str) -> object:
    with connections[store.alias].cursor() as cursor:
        cursor.execute(f"pragma {name}")
        return cursor.fetchone()[0]


# -- settings ------------------------------------------------------------------------------------------------


@pytest.mark.sqlite_only("settings of SQLite")
def test_the_settings_that_durability_rests_on_are_in_force(tmp_path: Path) -> None:
    for _ in range(2):
        store = _open(tmp_path)
        assert _pragma(store, "journal_mode") == "wal"
        assert _pragma(store, "synchronous") == 2
        assert _pragma(store, "foreign_keys") == 1
        assert _pragma(store, "secure_delete") == 1
        assert _pragma(store, "temp_store") == 2
        store.close()


@pytest.mark.sqlite_only("settings of SQLite")
def test_a_setting_that_does_not_hold_refuses_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [one for one in sqlite.PRAGMAS if one[0] != "synchronous"]
    monkeypatch.setattr(sqlite, "PRAGMAS", (*kept, ("synchronous", "NORMAL", 2)))
    with pytest.raises(Damaged, match="synchronous"):
        _open(tmp_path)


def test_a_folder_made_for_the_store_is_closed_to_others(store: Store) -> None:
    assert store.folder.stat().st_mode & 0o777 == 0o700


def test_two_stores_do_not_mix_even_with_the_same_dice(tmp_path: Path) -> None:
    """Tests and rehearsals open one store after another with the same seed."""
    for name in ("one", "two"):
        store = _open(tmp_path / name, randomness=Repeating())
        with store.transaction() as tx:
            _agreement(tx, name)
        assert _codes(store) == [name]
        store.close()


def test_the_library_can_be_used_in_a_process_started_by_a_program_that_uses_it() -> None:
    """What one process sets up must not reach its children through the environment."""
    program = "import alidade.store.database, subprocess, sys\n" + (
        "sys.exit(subprocess.call([sys.executable, '-c', 'import alidade.store.database'], stderr=subprocess.DEVNULL))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 0


# -- transactions --------------------------------------------------------------------------------------------


def test_an_act_and_its_entry_are_there_together(store: Store) -> None:
    with store.transaction() as tx:
        _agreement(tx, "kept")
        tx.log(_entry(tx))
    assert _codes(store) == ["kept"]
    assert [entry.act for entry in trail.stored_entries(store.alias, store.keys)] == ["contribute"]


def test_an_act_that_fails_leaves_nothing_behind(store: Store) -> None:
    with store.transaction() as tx:
        tx.log(_entry(tx))
    before = [list(model.objects.using(store.alias).values_list()) for model in _LEDGER]
    remembered = store.keys.remembered_head(trail.LEDGER)

    def fail() -> None:
        with store.transaction() as tx:
            _agreement(tx, "not kept")
            tx.log(_entry(tx))
            raise NotFound("nothing of the kind")

    with pytest.raises(NotFound):
        fail()
    assert _codes(store) == []
    assert [list(model.objects.using(store.alias).values_list()) for model in _LEDGER] == before
    assert store.keys.remembered_head(trail.LEDGER) == remembered
    assert not store.stopped


_LEDGER = (models.LedgerEntry, models.LedgerNode, models.LedgerHead)


def test_an_entry_that_cannot_be_written_takes_the_act_with_it(store: Store) -> None:
    with store.transaction() as tx:
        tx.log(_entry(tx))
        tx.log(_entry(tx))
    models.LedgerNode.objects.using(store.alias).all().delete()

    def act() -> None:
        with store.transaction() as tx:
            _agreement(tx, "not kept")
            tx.log(_entry(tx))

    with pytest.raises(Damaged, match="node of the ledger"):
        act()
    assert _codes(store) == []


def test_a_read_that_left_no_entry_did_not_happen(store: Store) -> None:
    def read() -> None:
        with store.transaction() as tx:
            with reading(tx, VIEWER, WORLD) as view:
                view.count()
            _agreement(tx, "not kept")

    with pytest.raises(Damaged) as refused:
        read()
    assert refused.value.code == "unlogged_read"
    assert _codes(store) == []
    assert models.ViewerClass.objects.using(store.alias).count() == 0
    assert trail.last_head(store.alias) is None


def test_a_reader_can_read_after_an_act_of_his_failed(store: Store) -> None:
    def fail() -> None:
        with store.transaction() as tx:
            with reading(tx, VIEWER, WORLD) as view:
                view.count()
            raise NotFound("nothing of the kind")

    with pytest.raises(NotFound):
        fail()
    with store.transaction() as tx:
        with reading(tx, VIEWER, WORLD) as view:
            assert view.count() == 0
        tx.log(_entry(tx, "check"))
    with store.transaction() as tx:
        with reading(tx, VIEWER, WORLD) as view:
            assert view.count() == 0
        tx.log(_entry(tx, "check"))


def test_a_clock_set_back_does_not_break_the_order_of_heads(store: Store, clock: SetClock) -> None:
    moments = []
    for hours in (0, 5, -48, 1, 6):
        clock.moment = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(hours=hours)
        with store.transaction() as tx:
            tx.log(_entry(tx))
        head = trail.last_head(store.alias)
        assert head is not None
        moments.append((head.at - datetime(2026, 3, 1, 12, tzinfo=UTC)) / timedelta(hours=1))
    assert moments == [0, 5, 5, 5, 6]
    assert [head.size for head in trail.stored_heads(store.alias)] == [1, 2, 3, 4, 5]


# -- errors of the disk --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["disk I/O error", "database or disk is full", "unable to open database file"])
def test_an_error_of_the_disk_stops_the_store(store: Store, text: str) -> None:
    with pytest.raises(Damaged) as refused, store.transaction():
        raise sqlite3.OperationalError(text)
    assert refused.value.code == "disk"
    assert store.stopped
    with pytest.raises(Damaged), store.transaction() as tx:
        _agreement(tx, "not kept")
    store.stopped = False
    assert _codes(store) == []


def test_a_mistake_in_a_query_does_not_stop_the_store(store: Store) -> None:
    with pytest.raises(Exception, match=r"no such table|does not exist"), store.transaction() as tx:
        tx.rows("select * from no_table", [])
    assert not store.stopped


@pytest.mark.sqlite_only("the file is damaged")
def test_a_file_that_is_damaged_stops_the_store(tmp_path: Path) -> None:
    store = _open(tmp_path)
    with store.transaction() as tx:
        for number in range(300):
            _agreement(tx, f"{number}-" + "x" * 60)
    store.close()
    content = bytearray((tmp_path / "alidade.db").read_bytes())
    # Everything but the schema: the pages lose what says what they are.
    for page in range(content.find(b"299-xxx") // 4096 * 4096, len(content), 4096):
        content[page : page + 100] = b"\xff" * 100
    (tmp_path / "alidade.db").write_bytes(bytes(content))
    store = _open(tmp_path)
    try:
        with pytest.raises(Damaged), store.transaction() as tx:
            list(models.Agreement.objects.using(tx.alias).all())
        assert store.stopped
    finally:
        store.close()
