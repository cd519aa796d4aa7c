"""Invented data: the scenario is loaded beside the node and put in its place as a whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any, Final

from django.core.cache import cache
from django.db import connection

from alidade.model.errors import AlidadeError
from alidade.services.machine import SystemClock
from alidade.services.node import Node, database_setting
from alidade.services.rehearsal import RehearsalClock, load
from alidade.services.rehearsal_threads import rehearse_threads
from alidade.simulation import cocaine_route

_STATE: Final = "invented-data"
_LASTS: Final = 600  # seconds after which a loading that was cut off may be begun again
_ORDER: Final = ("node.key", "keys.db", "alidade.db")  # the node is there with the last of them


def start(home: Path) -> None:
    """Begin to load the scenario in the background, unless that is under way."""
    if cache.add(_STATE, ("running", 0, 0), _LASTS):
        threading.Thread(target=_run, args=(home,), daemon=True, name="invented-data").start()


def state() -> tuple[str, int, int]:
    """How it stands: none, running, done or failed; how many contributions are in, of how many."""
    kept: Any = cache.get(_STATE)
    return kept if isinstance(kept, tuple) else ("none", 0, 0)


def forget() -> None:
    """Let it be begun again."""
    cache.delete(_STATE)


def _run(home: Path) -> None:
    try:
        load_into(home, lambda done, total: cache.set(_STATE, ("running", done, total), _LASTS))
    except (AlidadeError, OSError):
        cache.set(_STATE, ("failed", 0, 0), 60)
    else:
        cache.set(_STATE, ("done", 0, 0), 24 * 3600)
    finally:
        connection.close()  # of this thread


def load_into(home: Path, progress: Any) -> None:
    """Load the scenario into a folder that holds no node yet, or an empty one. Raises Conflict for any other."""
    if database_setting() is not None or (home / _ORDER[-1]).exists():
        _load(home, progress, database_setting())
        return
    beside = Path(tempfile.mkdtemp(prefix=".invented-", dir=home))
    try:
        _load(beside, progress)
        for name in _ORDER:
            os.link(beside / name, home / name)  # refuses where one is there already
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _load(folder: Path, progress: Any, database: str | None = None) -> None:
    scenario = cocaine_route()
    clock = RehearsalClock(min(seed.day for seed in scenario.contributions))
    node = Node.open(folder, clock=clock, database=database)
    try:
        load(node, clock, scenario, progress)
        rehearse_threads(node, clock, scenario, SystemClock().now())
    finally:
        node.close()
