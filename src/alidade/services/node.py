"""Node: one installation. Opens the store and hands its parts to the use cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alidade.model.ports import Clock, Randomness
from alidade.services.machine import SystemClock, SystemRandomness
from alidade.store.database import SQLITE, Store
from alidade.vocabulary import Vocabulary, load_vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One installation, hosting one authority or several, each with keys of its own."""

    store: Store
    vocabulary: Vocabulary

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        clock: Clock | None = None,
        randomness: Randomness | None = None,
        vocabulary: Vocabulary | None = None,
        engine: str = SQLITE,
    ) -> Node:
        """The node whose data lies in `folder`; made on first use. Raises Damaged where it cannot be trusted."""
        words = vocabulary or load_vocabulary()
        store = Store(
            folder,
            clock=clock or SystemClock(),
            randomness=randomness or SystemRandomness(),
            vocabulary=words,
            engine=engine,
        )
        finish_erasures(store)
        return cls(store=store, vocabulary=words)

    def close(self) -> None:
        """Close the files."""
        self.store.close()


def finish_erasures(store: Store) -> None:
    """Destroy the keys of erasures that were cut off between the two files."""
    from alidade.store.erasing import finish_pending

    finish_pending(store)
