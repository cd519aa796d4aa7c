"""What one authority keeps: the rows of its exchange and the work that rests on them, committed together or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alidade.exchange.memory import MemoryStore
from alidade.procedures import Step


@dataclass(frozen=True, slots=True)
class Applied:
    """One delivery that took effect."""

    sender: str
    message_id: str
    kind: str
    thread: str
    sequence: int
    items: tuple[str, ...]


@dataclass(slots=True)
class Room:
    """The work of one authority: steps of threads in the order of arrival, things given, what was kept on purpose."""

    steps: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    things: dict[str, bytes] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    pieces: dict[tuple[str, int], bytes] = field(default_factory=dict)
    applied: list[Applied] = field(default_factory=list)

    def copy(self) -> Room:
        """As it is now; what is inside never changes."""
        return Room(dict(self.steps), dict(self.things), dict(self.kept), dict(self.pieces), list(self.applied))


_TABLES = MemoryStore.__slots__
Image = tuple[Mapping[str, dict[Any, Any]], Room]


class Disk:
    """Keeps what was committed. A crash, or an error, brings back what was there when the transaction began."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.room = Room()

    def image(self) -> Image:
        """All that is kept now."""
        store = self.store
        return {name: getattr(store, name).copy() for name in _TABLES}, self.room.copy()

    def back(self, image: Image) -> None:
        """Be again as this image says."""
        self.store.restore(image[0])
        self.room = image[1].copy()
