"""The processes of a server, each part of them called in this process; that they run is tested where the command is."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the node is shared by the tests of this folder

from django.contrib.auth.models import User
from real_node import OFFICER, real_node

from alidade.services import health, jobs, serving, standing
from alidade.services.node import Node
from alidade.services.threads import ticking
from alidade.services.threads.notifying import MailFolder
from alidade.web import __main__ as processes
from alidade.web import server, setup_code


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setenv("ALIDADE_HOME", str(tmp_path / "real"))
    monkeypatch.setattr(server, "set_up", lambda: None)  # it is set up already
    with real_node(tmp_path / "real") as found:
        yield found


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_before_a_node_has_begun_there_is_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALIDADE_HOME", str(tmp_path))
    monkeypatch.setattr(server, "set_up", lambda: None)

    assert processes.main(["prepare"]) == 0
    assert said(capsys) == {"begun": False, "code": (tmp_path / setup_code.FILE).read_text()}


def test_once_it_has_begun_there_is_none(node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    setup_code.make(node.store.folder)

    assert server.prepare(node.store.folder) == {"begun": True}
    assert not (node.store.folder / setup_code.FILE).exists()


def test_an_account_is_opened_and_noted(node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    assert processes.main(["account", OFFICER]) == 0
    opened = said(capsys)

    assert list(opened) == [OFFICER]
    assert User.objects.get(username=OFFICER).check_password(str(opened[OFFICER]))


def test_an_unknown_officer_gets_none(node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    assert processes.main(["account", "nl-politie/nobody"]) == 4
    assert said(capsys)["exit"] == 4
    assert not User.objects.exists()


def test_the_worker_works_until_told_to_stop(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its signs of life, its hourly work and its queue; here it is told as soon as it asks for work."""
    done: list[str] = []
    hourly = threading.Event()
    monkeypatch.setattr(server.signal, "signal", lambda *given: None)
    monkeypatch.setattr(jobs, "work", lambda node, stop: (done.append("queue"), hourly.wait(20), stop.set()))
    monkeypatch.setattr(server, "_hourly", lambda: (done.append("hourly"), hourly.set()))
    monkeypatch.setattr(server, "_tick", lambda: None)
    monkeypatch.setattr(server, "_exchange", lambda home, stop: done.append("exchange"))
    server.work(node.store.folder)

    assert sorted(done) == ["exchange", "hourly", "queue"]
    assert health.worker_lives(node.store.folder)


def test_what_falls_due_is_done_with_a_node_of_its_own(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Node] = []
    monkeypatch.setattr(standing, "run_due", asked.append)
    thread = threading.Thread(target=server._hourly)
    thread.start()
    thread.join(30)

    assert len(asked) == 1
    assert asked[0] is not node
    assert asked[0].store.folder == node.store.folder


def test_the_clocks_of_threads_are_looked_at_and_told_of_outside(
    node: Node, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    met: list[object] = []
    monkeypatch.setattr(ticking, "tick", lambda node, messenger: met.append(messenger))
    monkeypatch.setenv(server.MAIL_FOLDER, str(tmp_path / "mail"))
    server._tick()
    monkeypatch.delenv(server.MAIL_FOLDER)
    server._tick()

    assert isinstance(met[0], MailFolder)
    assert met[1] is None


def test_recurring_work_goes_on_after_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    stop, again = threading.Event(), threading.Event()
    tries: list[int] = []

    def act() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("Zonderling")
        again.set()

    server._every(0.01, stop, act)
    assert again.wait(20)
    stop.set()
    line = json.loads(capsys.readouterr().err.splitlines()[0])
    assert (line["event"], line["error"]) == ("recurring work failed", "ValueError")
    assert "Zonderling" not in json.dumps(line)


def test_it_ends_when_whoever_started_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setenv(server.PARENT, str(os.getppid() + 1))
    server._end_with_parent(ended.set)

    assert ended.wait(20)
    serving.stop()
