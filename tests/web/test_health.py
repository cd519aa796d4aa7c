"""Health: for whoever watches the machine, without a word about anybody."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the node is shared by the tests of this folder

from django.test import Client
from real_node import real_node

from alidade.services import health as use
from alidade.services import serving
from alidade.services.node import Node


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setenv("ALIDADE_HOME", str(tmp_path / "real"))
    with real_node(tmp_path / "real") as found:
        yield found


def test_a_sound_node(node: Node) -> None:
    answer = Client().get("/health/")

    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "version": answer.json()["version"],
        "begun": True,
        "database": True,
        "disk": use.room_on(node.store.folder),
        "worker": False,
        "ledger_head": 1,
    }
    assert Client().get("/health/live/").json() == {"ok": True}
    assert Client().get("/health/ready/").json() == {"ok": True}


@pytest.mark.parametrize("headers", [{"x-forwarded-for": "127.0.0.1"}, {"forwarded": "for=127.0.0.1"}])
def test_how_much_is_done_here_is_told_to_the_machine_alone(node: Node, headers: dict[str, str]) -> None:
    assert "ledger_head" not in Client(headers=headers).get("/health/").json()
    assert "ledger_head" not in Client(REMOTE_ADDR="192.0.2.1").get("/health/").json()


def test_a_store_that_stopped_is_not_healthy_but_alive(node: Node) -> None:
    node.store.stopped = True

    assert Client().get("/health/").status_code == 503
    assert Client().get("/health/ready/").status_code == 503
    assert Client().get("/health/live/").status_code == 200


def test_a_full_disk_is_not_healthy(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use, "room_on", lambda folder: "short")

    assert Client().get("/health/").status_code == 503


def test_before_it_has_begun_it_lives_and_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIDADE_HOME", str(tmp_path))
    serving.serve(None)

    assert Client().get("/health/").json()["ok"] is True
    assert Client().get("/health/").json()["begun"] is False
    assert Client().get("/health/ready/").status_code == 503


def test_the_worker_is_alive_as_long_as_it_says_so(tmp_path: Path) -> None:
    assert not use.worker_lives(tmp_path)
    use.beat(tmp_path)
    assert use.worker_lives(tmp_path)
    import os

    os.utime(tmp_path / use.BEAT_FILE, (0, 0))
    assert not use.worker_lives(tmp_path)


@pytest.mark.parametrize(("free", "word"), [(50, "ample"), (19, "low"), (4, "short")])
def test_room_is_told_in_coarse_steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, word: str) -> None:
    import shutil
    from types import SimpleNamespace

    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free, total=100))
    assert use.room_on(tmp_path) == word
