"""Serving: each thread has the node of the folder that is named, or the one it was given."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from personas import Office

from alidade.model.errors import Damaged, NotFound
from alidade.services import serving
from alidade.services.node import Node


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    serving.serve(None)


def test_the_node_of_the_named_folder_is_opened_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(serving.HOME, str(office.store.folder))
    node = serving.node()

    assert node.store.folder == office.store.folder
    assert serving.node() is node
    assert serving.has_begun()


def test_a_folder_without_a_node_is_said_to_have_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(serving.HOME, str(tmp_path / "nothing"))
    with pytest.raises(NotFound):
        serving.node()
    assert not (tmp_path / "nothing").exists()


def test_a_node_that_was_given_is_served_and_stays_open(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(serving.HOME, "/nowhere")
    serving.serve(office.node)
    assert serving.node() is office.node
    serving.serve(None)
    with pytest.raises(NotFound):
        serving.node()
    assert office.ledger_size() > 0


def test_every_thread_has_a_node_of_its_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(serving.HOME, str(office.store.folder))
    found: list[Node] = []

    def work() -> None:
        found.append(serving.node())
        assert serving.has_begun()
        serving.stop()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found
    assert serving.node() is not found[0]


def test_another_folder_brings_another_node(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(serving.HOME, str(office.store.folder))
    first = serving.node()
    Node.open(tmp_path / "other").close()
    monkeypatch.setenv(serving.HOME, str(tmp_path / "other"))

    assert serving.node().store.folder == tmp_path / "other"
    assert serving.node() is not first


def test_the_server_that_the_environment_names_is_the_one_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read from, or made in, a file beside it."""
    asked: list[str | None] = []
    monkeypatch.setenv("ALIDADE_HOME", str(tmp_path))
    monkeypatch.setenv("ALIDADE_DATABASE", "postgresql://nobody@127.0.0.1:1/none")

    def opened(folder: Path, *, database: str | None) -> Node:
        asked.append(database)
        raise Damaged("not reached")

    monkeypatch.setattr(Node, "open", opened)
    serving.serve(None)
    for look in (serving.begin, serving.node):
        (tmp_path / "keys.db").touch()
        with pytest.raises(Damaged):
            look()
    assert asked == ["postgresql://nobody@127.0.0.1:1/none"] * 2
    assert not (tmp_path / "alidade.db").exists()
