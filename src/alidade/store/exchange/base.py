"""Base: what every part of the kept exchange shares: the transaction, the authority, and how a row is put."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

from django.db import connections
from django.db.models import BinaryField, DateTimeField, Field, JSONField, Model, QuerySet

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
        self._connection = connections[tx.alias]

    @property
    def _memo(self) -> dict[object, Any]:
        """What this transaction has read already, whichever object read it."""
        return self._tx.memo

    @property
    def _keys(self) -> KeyStore:
        return self._tx.store.keys

    def _rows(self, model: type[M]) -> QuerySet[M]:
        """The rows of this authority, with all that was put in this transaction."""
        self._settle(model)
        return model._default_manager.using(self._tx.alias).filter(own=self._own)

    def _put(self, row: Model, *key: str) -> None:
        """Insert a row, or put it in the place of the one with the same key."""
        model = type(row)
        connection = self._connection
        values = [each.get_db_prep_save(getattr(row, each.attname), connection) for each in _fields(model)]
        with connection.cursor() as cursor:
            cursor.execute(_upsert(model, key), values)

    def _put_later(self, model: type[Model], key: tuple[str, ...], **values: Any) -> None:
        """Put a row as `_put` does, together with others: before the commit, or before its table is searched.

        Every column but `own` is to be given. Whoever reads such a row by its key looks into the memo first.
        """
        pending: dict[type[Model], dict[tuple[Any, ...], Mapping[str, Any]]] | None = self._memo.get(_PENDING)
        if pending is None:
            pending = self._memo[_PENDING] = {}
            self._tx.before_commit.append(self._settle_all)
        values["own"] = self._own
        rows = pending.setdefault(model, {})
        rows[self._own, key, *(values[each] for each in key)] = values
        if len(rows) >= _MOST_PENDING:
            self._settle(model)

    def _add_later(self, model: type[Model], **values: Any) -> None:
        """Insert a row that has no key of its own, together with others, as `_put_later` does."""
        number = self._memo["rows added"] = self._memo.get("rows added", 0) + 1
        self._put_later(model, (), **values)
        rows = self._memo[_PENDING].get(model)
        if rows:  # not just written, being many
            rows[self._own, number] = rows.pop((self._own, ()))

    def _settle_all(self) -> None:
        for model in list(self._memo[_PENDING]):
            self._settle(model)

    def _settle(self, model: type[Model]) -> None:
        """Write what is to be put into a table."""
        rows = self._memo.get(_PENDING, {}).pop(model, None)
        if not rows:
            return
        prepare = _prepared(model)
        by_key: dict[tuple[str, ...], list[list[Any]]] = {}
        for (_, key, *_rest), values in rows.items():
            key = key if isinstance(key, tuple) else ()
            row = [values[name] if field is None else self._changed(field, values[name]) for name, field in prepare]
            by_key.setdefault(key, []).append(row)
        with self._connection.cursor() as cursor:
            for key, many in by_key.items():
                cursor.executemany(_upsert(model, key), many)

    def _changed(self, field: Field[Any, Any], value: Any) -> Any:
        """A value as the engine wants it; moments, which are mostly one and the same, are changed once."""
        if not isinstance(field, DateTimeField) or value is None:
            return field.get_db_prep_save(value, self._connection)
        moments: dict[Any, Any] = self._memo.setdefault("moments as kept", {})
        if value not in moments:
            moments[value] = field.get_db_prep_save(value, self._connection)
        return moments[value]

    def _found(self, model: type[Model], key: tuple[str, ...], *values: str, many: int = 0) -> list[Any]:
        """The rows with these values in the columns named, as plain attributes; `many` > 0: the last value is one of
        so many. What is still to be put is not seen."""
        connection = self._connection
        convert = self._converters(model)
        with connection.cursor() as cursor:
            cursor.execute(_select(model, key, many), [self._own, *values])
            found = cursor.fetchall()
        fields = _fields(model)
        rows = []
        for row in found:
            known = SimpleNamespace(**dict(zip((each.attname for each in fields), row, strict=True)))
            for name, change in convert:
                setattr(known, name, change(getattr(known, name)))
            rows.append(known)
        return rows

    def _converters(self, model: type[Model]) -> list[tuple[str, Callable[[Any], Any]]]:
        """How the engine's values of a table become ours, for the columns where they differ."""
        key = "converters", model
        if key not in self._memo:
            connection = self._connection
            self._memo[key] = [
                (field.attname, _converter(field, connection))
                for field in _fields(model)
                if _converter(field, connection) is not None
            ]
        found: list[tuple[str, Callable[[Any], Any]]] = self._memo[key]
        return found


_PENDING = "rows to be put"
_MOST_PENDING = 2_000


def _converter(field: Field[Any, Any], connection: Any) -> Callable[[Any], Any] | None:
    column = field.get_col(field.model._meta.db_table)
    steps = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
    if not steps:
        return None

    def change(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return change


@cache
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(each for each in model._meta.concrete_fields if not each.primary_key)


@cache
def _prepared(model: type[Model]) -> tuple[tuple[str, Field[Any, Any] | None], ...]:
    """The columns, with the field where the engine wants the value in a form of its own."""
    special = BinaryField, DateTimeField, JSONField
    return tuple((each.attname, each if isinstance(each, special) else None) for each in _fields(model))


@cache
def _select(model: type[Model], key: tuple[str, ...], many: int) -> str:
    """The statement by which rows are found by equal values: composed once."""
    names = ", ".join(quoted(str(each.column)) for each in _fields(model))
    equal = ["own", *key]
    where = " and ".join(f"{quoted(name)} = %s" for name in (equal[:-1] if many else equal))
    among = f" and {quoted(key[-1])} in ({', '.join(['%s'] * many)})" if many else ""
    # sql: constant parts only
    return f"select {names} from {quoted(model._meta.db_table)} where {where}{among}"  # noqa: S608


@cache
def _upsert(model: type[Model], key: tuple[str, ...]) -> str:
    """The statement by which a row is put: several for every message, so it is composed once. Without key: added."""
    columns = [str(each.column) for each in _fields(model)]
    unique = ["own", *key]
    names, marks = ", ".join(map(quoted, columns)), ", ".join(["%s"] * len(columns))
    changed = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in columns if name not in unique)
    where = ", ".join(map(quoted, unique))
    if not key:
        # sql: constant parts only
        return f"insert into {quoted(model._meta.db_table)} ({names}) values ({marks})"  # noqa: S608
    # sql: constant parts only
    return f"insert into {quoted(model._meta.db_table)} ({names}) values ({marks}) on conflict ({where}) do update set {changed}"  # noqa: S608, E501


def portions(values: Sequence[V], size: int = 400) -> list[Sequence[V]]:
    """The values by so many at a time: SQLite of older systems takes 999 parameters in one statement."""
    return [values[start : start + size] for start in range(0, len(values), size)]
