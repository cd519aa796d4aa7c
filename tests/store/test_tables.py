"""Tables: an older store is brought up to date by command and never by accident, a newer one is left alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from django.db import connections
from personas import DE, Office, SetClock, draft, opened, template, words

from alidade.ledger.head import Head
from alidade.model.errors import Conflict
from alidade.services.keeping import restore_backup, standing, upgrade
from alidade.services.ledger import newest_head, verify_ledger
from alidade.services.node import Node, open_store
from alidade.store import rows, tables
from databases import address_of

FIRST = "0001_initial"


@pytest.fixture
def old(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Head | None]:
    """The folder of a node with content, its tables as the first version made them, and its last head."""
    folder = tmp_path / "node"
    with opened(template(tmp_path_factory), folder, "tables") as office:
        office.give(draft("1", name="Jan Vermeulen", phone="+31612345678"))
        office.ask(DE, "Jan Vermeulen")
        head = newest_head(office.node)
    store = open_store(folder, as_it_is=True)
    tables.bring_up_to_date(store.engine, store.alias, FIRST)
    assert tables.newest(store.alias) == FIRST
    store.keys.belong_to(None)  # which the first version did not know either
    store.close()
    return folder, head


def _open(folder: Path, database: str | None = None) -> Node:
    return Node.open(folder, clock=SetClock(), vocabulary=words(), database=database)


def _contents(folder: Path) -> dict[str, list[rows.Row]]:
    store = open_store(folder, as_it_is=True)
    with store.snapshot() as tx:
        found = {}
        for table in rows.tables_of(tx.alias):
            names = [column.name for column in rows.columns_of(tx.alias, table)]
            found[table] = [row for portion in rows.read(tx.alias, table, names) for row in portion]
    store.close()
    return found


def test_an_older_store_is_not_changed_by_being_opened(old: tuple[Path, Head | None]) -> None:
    before = _contents(old[0])
    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            _open(old[0])
        assert refused.value.code == "upgrade_needed"
        assert "alidade upgrade" in str(refused.value)
    assert _contents(old[0]) == before
    told = standing(old[0], database=address_of(old[0]))
    assert (told.tables, told.lacking[-1]) == (FIRST, max(told.lacking))


def test_an_upgrade_makes_a_backup_and_keeps_everything(old: tuple[Path, Head | None], tmp_path: Path) -> None:
    folder, head = old
    done = upgrade(folder, backup=tmp_path / "before.backup", database=address_of(folder), clock=SetClock())
    assert (done.before, done.statements) == (FIRST, 2)
    assert done.after > FIRST
    for place, address in ((folder, None), (tmp_path / "from backup", address_of(tmp_path / "from backup"))):
        if place != folder:
            restore_backup(tmp_path / "before.backup", folder, place, database=address)
        node = _open(place)
        try:
            assert verify_ledger(node, head).problems == ()
            assert Office(node, SetClock()).ask(DE, "Jan Vermeulen").kind == "hit"
            assert Office(node, SetClock()).ask(DE, "+31612345678").kind == "hit"
        finally:
            node.close()
    again = upgrade(folder, database=address_of(folder), clock=SetClock())
    assert (again.before, again.after, again.backup) == (done.after, done.after, None)


def test_an_upgrade_that_cannot_write_its_backup_changes_nothing(old: tuple[Path, Head | None], tmp_path: Path) -> None:
    before = _contents(old[0])
    (tmp_path / "there").write_text("precious")
    with pytest.raises(Conflict):
        upgrade(old[0], backup=tmp_path / "there", database=address_of(old[0]))
    assert _contents(old[0]) == before
    assert (tmp_path / "there").read_text() == "precious"


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "tables") as found:
        yield found


def test_a_store_of_a_later_version_is_refused(office: Office) -> None:
    with connections[office.store.alias].cursor() as cursor:
        cursor.execute(
            "insert into django_migrations (app, name, applied) values ('store', '9999_later', '2030-01-01 00:00:00')"
        )
    with pytest.raises(Conflict) as refused:
        _open(office.store.folder)
    assert refused.value.code == "newer_tables"
    with pytest.raises(Conflict):
        upgrade(office.store.folder, database=address_of(office.store.folder))


def test_tables_of_other_parts_of_the_program_are_not_ours(office: Office) -> None:
    assert tables.pending(office.store.alias) == []
    assert {table for table in rows.tables_of(office.store.alias) if table.startswith(("auth_", "django_"))} == set()
