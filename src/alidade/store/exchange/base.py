"""Base: what every part of the kept exchange shares: the transaction, the authority, and how a row is put."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet

from alidade.model.ids import AuthorityId
from alidade.store.database import Transaction
from alidade.store.keystore import KeyStore
from alidade.store.rows import quoted

M = TypeVar("M", bound=Model)
V = TypeVar("V")


class Base:
    """The exchange of one authority of this node, within one transaction."""

    def __init__(self, tx: Transaction, own: AuthorityId) -> None:
        self._tx = tx
        self._own = own

    @property
    def _memo(self) -> dict[object, Any]:
        """What this transaction has read already, whichever object read it."""
        return self._tx.memo

    @property
    def _keys(self) -> KeyStore:
        return self._tx.store.keys

    def _rows(self, model: type[M]) -> QuerySet[M]:
        """The rows of this authority."""
        return model._default_manager.using(self._tx.alias).filter(own=self._own)

    def _put(self, row: M, *key: str) -> None:
        """Insert a row, or put it in the place of the one with the same key."""
        connection = connections[self._tx.alias]
        fields = [each for each in type(row)._meta.concrete_fields if not each.primary_key]
        values = [each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields]
        with connection.cursor() as cursor:
            cursor.execute(_upsert(type(row), key), values)


@cache
def _upsert(model: type[Model], key: tuple[str, ...]) -> str:
    """The statement by which a row is put: several for every message, so it is composed once."""
    columns = [str(each.column) for each in model._meta.concrete_fields if not each.primary_key]
    unique = ["own", *key]
    names, marks = ", ".join(map(quoted, columns)), ", ".join(["%s"] * len(columns))
    changed = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in columns if name not in unique)
    where = ", ".join(map(quoted, unique))
    # sql: constant parts only
    return f"insert into {quoted(model._meta.db_table)} ({names}) values ({marks}) on conflict ({where}) do update set {changed}"  # noqa: S608, E501


def portions(values: Sequence[V], size: int = 400) -> list[Sequence[V]]:
    """The values by so many at a time: SQLite of older systems takes 999 parameters in one statement."""
    return [values[start : start + size] for start in range(0, len(values), size)]
