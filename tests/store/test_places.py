"""Places: no database is taken for another, and what was moved away is not worked with by mistake."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, Office, SetClock, draft, opened, template, words

from alidade.model.errors import Conflict
from alidade.services.keeping import move
from alidade.services.node import Node
from databases import address_of, on_files


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "places") as found:
        found.give(draft("1", name="Jan Vermeulen"))
        yield found


def _open(folder: Path, database: str | None = None) -> Node:
    return Node.open(folder, clock=SetClock(), vocabulary=words(), database=database)


def _refused(folder: Path, database: str | None = None) -> str:
    with pytest.raises(Conflict) as refused:
        _open(folder, database)
    return refused.value.code


def test_keys_do_not_begin_anew_in_an_empty_database(office: Office, tmp_path: Path) -> None:
    """As where somebody forgets to say that the data lies on a server."""
    folder = tmp_path / "keys alone"
    folder.mkdir()
    office.store.keys._connection.execute("pragma wal_checkpoint(truncate)")
    for name in ("keys.db", "node.key"):
        shutil.copy(office.store.folder / name, folder / name)
    assert _refused(folder) == "other_database"


def test_keys_do_not_work_with_the_database_of_another_node(
    office: Office, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path / "other"
    _open(other).close()
    office.node.close()
    if address_of(other) is None:
        shutil.copy(office.store.folder / "alidade.db", other / "alidade.db")
        assert _refused(other) == "other_database"
    else:
        assert _refused(other, address_of(office.store.folder)) == "other_database"
    office.node = _open(office.store.folder)


@pytest.mark.postgresql_only
def test_what_was_moved_opens_where_it_went_and_not_where_it_was(tmp_path: Path, office: Office) -> None:
    source, folder = address_of(office.store.folder), office.store.folder
    office.node.close()
    (folder / "alidade.db").unlink()
    with on_files():
        move(folder, source=source, target=None)
        assert _refused(folder, source) == "moved"
        office.node = _open(folder)
        assert office.ask(DE, "Jan Vermeulen").kind == "hit"


@pytest.mark.postgresql_only
def test_a_move_goes_into_an_empty_place_only_and_is_whole_or_nothing(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, folder = address_of(office.store.folder), office.store.folder
    with pytest.raises(Conflict):
        move(folder, source=source, target=source)
    assert (folder / "alidade.db").exists()
    with on_files(), pytest.raises(Conflict):
        move(folder, source=source, target=None)
    (folder / "alidade.db").unlink()
    _open(tmp_path / "other").close()
    with _open(tmp_path / "other").store.transaction() as tx:
        assert tx.rows("select count(*) from authority", []) == [(0,)]
    from alidade.store import moving

    def spoilt(source: str, target: str, table: str, poured: bool) -> int:
        return whole(source, target, table, poured) + (table == "statement")

    whole = moving._copy
    monkeypatch.setattr(moving, "_copy", spoilt)
    with on_files(), pytest.raises(Exception, match="did not arrive"):
        move(folder, source=source, target=None)
    monkeypatch.undo()
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"
    (folder / "alidade.db").rename(folder / "spoilt")
    with on_files():
        move(folder, source=source, target=None)
        assert _refused(folder, source) == "moved"
