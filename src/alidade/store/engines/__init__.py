"""Engines: what differs between the databases under a store. Everything else in the store knows only `Engine`."""

from __future__ import annotations

from pathlib import Path

from alidade.store.engines.engine import SQLITE, Engine
from alidade.store.engines.sqlite import Sqlite


def engine_of(folder: Path, alias: str, *, database: str | None, backend: str) -> Engine:
    """The engine of a store: the server at the address `database`, or else the file in the store's folder.

    `backend` is the framework's module for the file. Raises Invalid for an address that cannot be used.
    """
    if database is None:
        return Sqlite(alias, folder / "alidade.db", backend)
    # Here and not above: who works on a file need not load, nor even have, the driver of the server.
    from alidade.store.engines.postgresql import Postgresql

    return Postgresql(alias, database)


__all__ = ["SQLITE", "Engine", "engine_of"]
