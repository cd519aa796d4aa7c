"""Guard: while a viewer reads, the connection answers through that viewer's views and through nothing else.

SQLite has no row-level security. Temporary views with unforeseeable names join each table with the viewer's compiled
set of handlings, and an authorizer refuses every other access to the tables behind them. It is a guard against
programmers' mistakes, not against injected SQL: that is stopped by parameters and by the lint on composed SQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections

from alidade.model.errors import Damaged
from alidade.model.ports import Randomness
from alidade.store.threads.policies import CONDITIONS, condition

# Action codes of sqlite3_set_authorizer, https://www.sqlite.org/c3ref/c_alter_table.html
_READ, _SELECT, _FUNCTION, _RECURSIVE = 20, 21, 31, 33
_OPEN_TABLES = frozenset({"authority"})
_FUNCTIONS = frozenset({"count", "max", "min", "coalesce", "group_concat", "length", "sum", "substr", "like"})


@dataclass(frozen=True, slots=True)
class ViewNames:
    """The names under which one viewer's rows stand."""

    statements: str
    values: str
    things: str
    sweep: str
    newest: str
    lookups: str
    judgements: str
    pieces: str
    handlings: str
    references: str

    def all(self) -> tuple[str, ...]:
        """Every name."""
        return (
            self.statements,
            self.values,
            self.things,
            self.sweep,
            self.newest,
            self.lookups,
            self.judgements,
            self.pieces,
            self.handlings,
            self.references,
        )


# The order of the joins is the point: every query starts from the handlings that the viewer may see, so that neither
# its answer nor its work depends on other rows. CROSS JOIN keeps the order in SQLite; the server has a word of its own.
STATEMENTS = """
select v.owner as owner, v.handling_id as handling_id, h.content as handling, s.id as number,
       s.public_id as statement, s.record_id as record_id, r.public_id as record, r.thing as thing,
       r.source_list as source_list, r.source_key as source_key, c.public_id as contribution, c.given_at as given_at,
       s.property as property, s.value as value, s.original as original, s.language as language,
       s.grade as grade, s.grade_given as grade_given, s.grade_scheme as grade_scheme,
       s.grade_original as grade_original, s.valid_from as valid_from, s.valid_to as valid_to
from visible v
cross join statement s on s.handling_id = v.handling_id and s.current
cross join handling h on h.id = v.handling_id
cross join record r on r.id = s.record_id
cross join contribution c on c.id = s.contribution_id
where v.viewer_class_id = {viewer_class}
"""

# The narrow views below exist because SQLite cannot tell a pruned join of a view from a direct look at the table.
VALUES = """
select v.owner as owner, s.record_id as record_id, s.id as number, s.property as property, s.value as value,
       r.thing as thing, r.public_id as record, s.grade as grade, s.grade_given as grade_given,
       s.valid_from as valid_from, s.valid_to as valid_to
from visible v
cross join statement s on s.handling_id = v.handling_id and s.current
cross join record r on r.id = s.record_id
where v.viewer_class_id = {viewer_class}
"""

THINGS = """
select s.record_id as record_id, r.thing as thing
from visible v
cross join statement s on s.handling_id = v.handling_id and s.current
cross join record r on r.id = s.record_id
where v.viewer_class_id = {viewer_class}
"""

SWEEP = """
select v.handling_id as handling_id, s.id as number
from visible v
cross join statement s on s.handling_id = v.handling_id and s.current
where v.viewer_class_id = {viewer_class}
"""

NEWEST = """
select v.handling_id as handling_id,
       (select max(s.id) from statement s where s.handling_id = v.handling_id and s.current) as number
from visible v
where v.viewer_class_id = {viewer_class}
"""

LOOKUPS = """
select v.owner as owner, v.handling_id as handling_id, l.kind as kind, l.key as key, l.record_id as record_id,
       l.statement_id as number
from visible v
cross join lookup l on l.handling_id = v.handling_id
where v.viewer_class_id = {viewer_class}
"""

# Only what the class is known to be able to use is met (`seen_rulings`); that it may is made sure of once more.
JUDGEMENTS = """
select x.judgement_id as judgement, x.left_id as left_id, x.right_id as right_id, l.public_id as left_record,
       r.public_id as right_record, j.ruling as ruling, j.reason as reason, j.content as content,
       j.field_key as field_key, j.authority as authority, j.ruled_at as ruled_at, j.statements_to as statements_to,
       h.content as handling
from seen_ruling x
cross join judgement j on j.id = x.judgement_id and not j.revoked and not j.waiting
cross join visible v on v.viewer_class_id = {viewer_class} and v.handling_id = j.handling_id
cross join handling h on h.id = v.handling_id
cross join record l on l.id = x.left_id
cross join record r on r.id = x.right_id
where x.viewer_class_id = {viewer_class}
and exists (select 1 from visible a
            cross join statement s on s.record_id = l.id and s.handling_id = a.handling_id and s.current
            where a.viewer_class_id = {viewer_class} and a.owner = l.owner)
and exists (select 1 from visible b
            cross join statement t on t.record_id = r.id and t.handling_id = b.handling_id and t.current
            where b.viewer_class_id = {viewer_class} and b.owner = r.owner)
"""

# What is no bare column leads the planner to no index: by that of the public ids it would meet hidden pieces, too.
PIECES = """
select w.id as number, w.public_id || '' as piece, w.kind as kind, w.authority as authority, w.officer as officer,
       w.version as version, w.content as content, w.field_key as field_key, w.made_at as made_at,
       w.changed_at as changed_at, h.content as handling
from visible v
cross join workpiece w on w.handling_id = v.handling_id and not w.withdrawn
cross join handling h on h.id = v.handling_id
where v.viewer_class_id = {viewer_class}
"""

HANDLINGS = """
select v.handling_id as handling_id, v.owner as owner
from visible v
where v.viewer_class_id = {viewer_class}
"""

REFERENCES = """
select v.owner as owner, l.key as key, l.record_id as record_id, r.public_id as record, r.thing as thing,
       s.property as property, s.id as number
from visible v
cross join lookup l on l.handling_id = v.handling_id and l.kind = 'refers'
cross join statement s on s.id = l.statement_id and s.current
cross join record r on r.id = l.record_id
where v.viewer_class_id = {viewer_class}
"""

OF_PARTY = "select * from main.{table} where {rows}"

DEFINITIONS = (STATEMENTS, VALUES, THINGS, SWEEP, NEWEST, LOOKUPS, JUDGEMENTS, PIECES, HANDLINGS, REFERENCES)


class Guard:
    """Makes and remembers the views of one connection."""

    ordered_join = "cross join"
    at_once = False

    def __init__(self, alias: str, randomness: Randomness) -> None:
        self._alias = alias
        self._randomness = randomness
        self._views: dict[int, ViewNames] = {}
        self._fresh: list[int] = []

    def views(self, viewer_class: int) -> ViewNames:
        """The views of a viewer class, made on first use."""
        names = self._views.get(viewer_class)
        if names is None:
            names = ViewNames(*(f"v_{self._randomness.token_bytes(8).hex()}" for _ in DEFINITIONS))
            with connections[self._alias].cursor() as cursor:
                for name, definition in zip(names.all(), DEFINITIONS, strict=True):
                    # sql: constant parts only (a name of our own making and a whole number)
                    cursor.execute(f"create temp view {name} as {definition.format(viewer_class=int(viewer_class))}")
            self._views[viewer_class] = names
            self._fresh.append(viewer_class)
        return names

    def committed(self) -> None:
        """The views made in the transaction that has ended are there to stay."""
        self._fresh.clear()

    def rolled_back(self) -> None:
        """The views made in the transaction that has ended went with it."""
        for viewer_class in self._fresh:
            self._views.pop(viewer_class, None)
        self._fresh.clear()

    @contextmanager
    def as_party(self, authority: str) -> Iterator[None]:
        """Lay over each table of threads, for the block, a view of the same name with the rows of one party."""
        connection = connections[self._alias].connection
        if connection is None:  # pragma: no cover - a transaction is always open here
            raise Damaged("No connection to guard.")
        connection.create_function("alidade_party", 0, lambda: authority, deterministic=True)
        laid: list[str] = []
        with connections[self._alias].cursor() as cursor:
            try:
                for table in CONDITIONS:
                    rows = OF_PARTY.format(table=table, rows=condition(table, party="alidade_party()", main="main."))
                    cursor.execute(f"create temp view {table} as {rows}")  # sql: constant parts only
                    laid.append(table)
                yield
            finally:
                for table in laid:
                    cursor.execute(f"drop view temp.{table}")  # sql: constant parts only

    @contextmanager
    def watching(self, *allowed: ViewNames) -> Iterator[None]:
        """Refuse, inside the block, every access that does not go through the views given."""
        connection = connections[self._alias].connection
        if connection is None:  # pragma: no cover - a transaction is always open here
            raise Damaged("No connection to guard.")
        names = frozenset(name for views in allowed for name in views.all())
        connection.set_authorizer(_authorizer(names))
        try:
            yield
        finally:
            connection.set_authorizer(None)


def _authorizer(
    views: frozenset[str],
) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    def authorize(action: int, first: str | None, second: str | None, database: str | None, through: str | None) -> int:
        if action in (_SELECT, _RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == _READ and (through in views or first in views or first in _OPEN_TABLES):
            return sqlite3.SQLITE_OK
        if action == _FUNCTION and second in _FUNCTIONS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return authorize
