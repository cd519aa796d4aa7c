"""Node: one installation. Opens the store and hands its parts to the use cases."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alidade.model.ports import Clock, Randomness
from alidade.services.machine import SystemClock, SystemRandomness
from alidade.store.database import SQLITE, Store
from alidade.vocabulary import Vocabulary, load_vocabulary

DATABASE = "ALIDADE_DATABASE"


def database_setting(environment: Mapping[str, str] = os.environ) -> str | None:
    """The address of the database server that the environment names; None where the data lies in the folder's file."""
    return environment.get(DATABASE) or None


def has_node(folder: Path, database: str | None = None) -> bool:
    """Whether a node was begun in `folder`: with a server, its keys lie there; without one, its file as well."""
    return (folder / "keys.db").exists() if database else (folder / "alidade.db").exists()


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
        database: str | None = None,
    ) -> Node:
        """The node whose keys, and without `database` whose data too, lie in `folder`; made on first use.

        `database` is the address of a PostgreSQL server (see `database_setting`). Raises Damaged where the node cannot
        be trusted, Conflict where its tables must be brought up to date first (see `keeping.upgrade`).
        """
        words = vocabulary or load_vocabulary()
        store = open_store(
            folder, clock=clock, randomness=randomness, vocabulary=words, engine=engine, database=database
        )
        finish_erasures(store)
        seal_judgements(store)
        return cls(store=store, vocabulary=words)

    def close(self) -> None:
        """Close the files."""
        self.store.close()


def open_store(
    folder: Path,
    *,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
    vocabulary: Vocabulary | None = None,
    engine: str = SQLITE,
    database: str | None = None,
    as_it_is: bool = False,
) -> Store:
    """The store of a node, with what this machine has where nothing else is given; for whoever keeps the node."""
    return Store(
        folder,
        clock=clock or SystemClock(),
        randomness=randomness or SystemRandomness(),
        vocabulary=vocabulary or load_vocabulary(),
        engine=engine,
        database=database,
        as_it_is=as_it_is,
    )


def finish_erasures(store: Store) -> None:
    """Destroy the keys of erasures that were cut off between the two files."""
    from alidade.store.erasing import finish_pending

    finish_pending(store)


def seal_judgements(store: Store) -> None:
    """Seal what judgements say that were made by a version that did not."""
    from alidade.store.judgements import seal_earlier

    seal_earlier(store)
