"""Workers killed with SIGKILL in the midst of their acts leave a store in which every receipt holds.

This is about a process that dies; what the page cache holds survives it. Power cuts are simulated elsewhere.
"""

from __future__ import annotations

import os
import random
import selectors
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from acts import Receipt, ask, begin, case_officer, give, open_node
from inspection import inspect

WORKER = Path(__file__).with_name("worker.py")
PATIENCE = 20.0
ROUNDS_IN_ONE_FOLDER = 3


class Pack:
    """Workers at work, and what they have said."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
        )
        self._rest = b""
        self.alive: list[int] = []
        self.receipts: list[Receipt] = []
        self.counts: dict[int, int] = {}

    def start(self, folder: Path, seed: int) -> None:
        """Put one more worker to work."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{folder} {seed}\n".encode())

    def listen(self, seconds: float) -> bool:
        """Take in what is said within this time; whether anything was."""
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(seconds):
                return False
        heard = os.read(self._process.stdout.fileno(), 1 << 16)
        assert heard, "the workers have gone"
        *lines, self._rest = (self._rest + heard).split(b"\n")
        for line in lines:
            said, pid, *what = line.decode().split(" ")
            if said == "start":
                self.alive.append(int(pid))
                self.counts[int(pid)] = 0
            elif what[0] in ("contribution", "check"):
                self.counts[int(pid)] += 1
                self.receipts.append(Receipt("check" if what[0] == "check" else "contribution", what[1]))
        return True

    def listen_until(self, wanted: Callable[[], bool]) -> None:
        """Listen until something is so."""
        end = time.monotonic() + PATIENCE
        while not wanted():
            assert time.monotonic() < end, "the workers do not get on"
            self.listen(1.0)

    def kill(self, pid: int) -> None:
        """End one worker without a word of warning, and see that it is gone."""
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while _exists(pid):
            assert time.monotonic() < end
            time.sleep(0.001)
        self.alive.remove(pid)

    def close(self) -> None:
        """End everything that was started here."""
        for pid in list(self.alive):
            self.kill(pid)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def pack() -> Iterator[Pack]:
    one = Pack()
    yield one
    one.close()


def _rounds(pack: Pack, tmp_path: Path, count: int, seed: int) -> int:
    """`count` times two workers at once on one store, killed one after the other; how many receipts held."""
    dice = random.Random(seed)
    held = 0
    folder = tmp_path
    for number in range(count):
        if number % ROUNDS_IN_ONE_FOLDER == 0:
            folder = tmp_path / f"node-{number}"
            node = open_node(folder)
            begin(node)
            node.close()
            held += len(pack.receipts)
            pack.receipts.clear()
        for one in (1, 2):
            pack.start(folder, 10 * number + one)
        pack.listen_until(lambda: len(pack.alive) == 2 and all(pack.counts[pid] for pid in pack.alive))
        first, second = dice.sample(pack.alive, 2)
        time.sleep(dice.uniform(0.05, 0.6))
        pack.kill(first)
        time.sleep(dice.choice((0.0, 0.0, 0.05)))
        pack.kill(second)
        while pack.listen(0.0):
            pass
        assert inspect(folder, pack.receipts) == [], f"round {number}"
    return held + len(pack.receipts)


def test_thirty_kills_lose_nothing(pack: Pack, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    held = _rounds(pack, tmp_path, 15, 1)
    record_property("kills", 30)
    record_property("receipts", held)
    print(f"30 kills, {held} receipts, none lost")
    assert held > 30, "the workers hardly worked; nothing was tested"


@pytest.mark.full
def test_two_thousand_kills_lose_nothing(pack: Pack, tmp_path: Path) -> None:
    assert _rounds(pack, tmp_path, 1000, 2) > 2000


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("delete from contribution where id = 999", "is lost"),  # nothing: the receipt alone is false
        ("delete from statement where position = 1", "statements"),
        ("update statement set value = 'altered' where property = 'notes'", "cannot be proved"),
        ("update contribution set size = size, signature = zeroblob(64)", "signature"),
        ("delete from check_made", "check"),
        ("delete from ledger_entry where act = 'check'", "ledger"),
    ],
)
def test_the_inspection_finds_what_is_wrong(tmp_path: Path, sql: str, found: str) -> None:
    """A test of the tests: a receipt for what was never kept, and rows taken away or altered in secret."""
    node = open_node(tmp_path / "node")
    begin(node)
    actor = case_officer(node)
    receipts = [give(node, actor, 1), ask(node, actor, 200)]
    node.close()
    assert inspect(tmp_path / "node", receipts) == []
    connection = sqlite3.connect(tmp_path / "node" / "alidade.db", isolation_level=None)
    connection.execute(sql)
    connection.close()
    if "999" in sql:
        receipts.append(Receipt("contribution", "0" * 32))
    assert any(found in problem for problem in inspect(tmp_path / "node", receipts))
