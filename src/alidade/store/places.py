"""Places: a database and the keys beside it know each other, so that neither is used with another by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from alidade.model.errors import Conflict
from alidade.model.ids import new_id
from alidade.store import models

if TYPE_CHECKING:
    from alidade.store.database import Store

_ROW = 1


def refuse_strange(store: Store) -> None:
    """Refuse to begin anew in an empty database where the keys in the folder belong to another one."""
    if store.keys.database() is not None:
        raise _strange(store)


def take_place(store: Store, *, as_guest: bool = False) -> None:
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


def _strange(store: Store) -> Conflict:
    return Conflict(
        f"The keys in {store.folder} do not belong to this database ({store.engine.place}).",
        remedy="Set ALIDADE_DATABASE to the database of this node, or name its folder with --home.",
        code="other_database",
    )


def mark_moved(store: Store, to: str) -> None:
    """Say in the database that its data is elsewhere from now on; within a transaction of the store."""
    models.Place.objects.using(store.alias).filter(id=_ROW).update(moved_to=to, moved_at=store.clock.now())


def name_of(store: Store) -> str:
    """The random name of the store's database."""
    return models.Place.objects.using(store.alias).get(id=_ROW).name
