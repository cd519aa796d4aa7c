"""Health: whether the node can work, in words that tell nothing about anybody and nothing about how much is known."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from alidade import __version__
from alidade.model.errors import AlidadeError
from alidade.services import serving
from alidade.services.ledger import newest_head
from alidade.services.machine import SystemClock

Room = Literal["ample", "low", "short", "not known"]
BEAT_FILE: Final = "worker.beat"  # touched by the worker as long as it lives
_SILENT: Final = timedelta(minutes=2)
_LOW, _SHORT = 0.2, 0.05  # of the disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the node does. `head` is the length of the ledger, which only the machine itself is told."""

    ok: bool
    version: str
    begun: bool
    database: bool
    disk: Room
    worker: bool
    head: int | None


def health() -> Health:
    """Look at the node of this process: its database, the room on the disk, the worker for long jobs."""
    folder = serving.home()
    begun = database = False
    head: int | None = None
    try:
        begun = serving.has_begun()
        newest = newest_head(serving.node())
        database = not serving.node().store.stopped
        head = 0 if newest is None else newest.size
    except AlidadeError:
        database = not has_node(folder)  # one that has not begun has none to reach
    disk = room_on(folder)
    return Health(
        ok=database and disk != "short",
        version=__version__,
        begun=begun,
        database=database,
        disk=disk,
        worker=worker_lives(folder),
        head=head,
    )


def has_node(folder: Path) -> bool:
    """Whether a node lies in the folder, whatever its state."""
    return (folder / "node.key").exists()


def room_on(folder: Path) -> Room:
    """How much room the disk has, in coarse steps."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return "not known"
    share = usage.free / usage.total
    return "short" if share < _SHORT else "low" if share < _LOW else "ample"


def beat(folder: Path) -> None:
    """Say that the worker lives."""
    (folder / BEAT_FILE).touch(mode=0o600)


def worker_lives(folder: Path) -> bool:
    """Whether the worker has said within two minutes that it lives."""
    try:
        last = (folder / BEAT_FILE).stat().st_mtime
    except OSError:
        return False
    return SystemClock().now().timestamp() - last < _SILENT.total_seconds()
