"""Places: a database and the keys beside it know each other, so that neither is used with another by mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from django.db import transaction

from alidade.model.errors import Conflict
from alidade.model.ids import new_id
from alidade.model.ports import Clock, Randomness
from alidade.store import models
from alidade.store.engines.engine import Engine
from alidade.store.keystore import KeyStore

_ROW = 1


class Placed(Protocol):
    """What of a store is looked at here: a database, and the keys in a folder beside it."""

    folder: Path
    alias: str
    engine: Engine
    keys: KeyStore
    clock: Clock
    randomness: Randomness


def refuse_strange(store: Placed) -> None:
    """Refuse to begin anew in an empty database where the keys in the folder belong to another one."""
    if store.keys.database() is not None:
        raise _strange(store)


def take_place(store: Placed, *, as_guest: bool = False) -> None:
    """See that the database and the keys belong together; on first use they are brought together.

    A guest has the keys of another database, from which everything is about to be moved here.
    """
    row = models.Place.objects.using(store.alias).filter(id=_ROW).first()
    if row is None:
        with transaction.atomic(using=store.alias):
            store.engine.lock_tables()
            row, _ = models.Place.objects.using(store.alias).get_or_create(
                id=_ROW, defaults={"name": new_id(store.randomness)}
            )
    if row.moved_to:
        raise Conflict(
            f"The data of this database was moved to {row.moved_to}; here it is as it was before.",
            remedy="Set ALIDADE_DATABASE to where the data is now, or leave it out where that is the file.",
            code="moved",
        )
    known = store.keys.database()
    if as_guest:
        return
    if known is None:
        store.keys.belong_to(row.name)
    elif known != row.name:
        raise _strange(store)


def _strange(store: Placed) -> Conflict:
    return Conflict(
        f"The keys in {store.folder} do not belong to this database ({store.engine.place}).",
        remedy="Set ALIDADE_DATABASE to the database of this node, or name its folder with --home.",
        code="other_database",
    )


def mark_moved(store: Placed, to: str) -> None:
    """Say in the database that its data is elsewhere from now on; within a transaction of the store."""
    models.Place.objects.using(store.alias).filter(id=_ROW).update(moved_to=to, moved_at=store.clock.now())


def name_of(alias: str) -> str:
    """The random name of the database."""
    return models.Place.objects.using(alias).get(id=_ROW).name
