"""The simulated disk, under which a real store runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import apsw
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the backend is loaded by its dotted name

from apsw_backend import dbapi
from power_cut_vfs import SYSTEM, Disk, RecordingVFS

ENGINE = "apsw_backend"


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> Callable[[Disk], AbstractContextManager[None]]:
    """A block in which alidade.db (through the engine) and keys.db are written to a simulated disk."""

    @contextmanager
    def on(disk: Disk) -> Iterator[None]:
        vfs = RecordingVFS("power-cut", disk)
        before = SYSTEM
        apsw.set_default_vfs(vfs.name)
        try:
            with monkeypatch.context() as patch:
                patch.setattr("alidade.store.keystore.sqlite3", dbapi)
                yield
        finally:
            apsw.set_default_vfs(before)
            vfs.unregister()

    return on
