"""Name rows: the names in force as they stand in the tables, and what has changed about them since."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

from django.db import connections

from alidade.vocabulary import Vocabulary

NameKind = Literal["person", "organisation", "vessel", "other"]
_PORTION = 10_000
_BATCH = 400

_MARKS = "select coalesce((select max(id) from statement), 0), coalesce((select max(id) from name_change), 0)"
_NAMES = (
    "select s.id, s.record_id, s.handling_id, r.thing, s.property, s.value from statement s"
    " join record r on r.id = s.record_id where s.current and s.value is not null"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How far the tables go: the newest statement, and the newest change of a name."""

    statement: int
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChange:
    """Something that happened to a name: it must be looked at again, or it was erased."""

    number: int
    statement: int
    erased: bool


@dataclass(slots=True, kw_only=True)
class NameRows:
    """Names with what they belong to, column by column, in the order of their statements."""

    statements: array[int] = field(default_factory=lambda: array("q"))
    records: array[int] = field(default_factory=lambda: array("q"))
    handlings: array[int] = field(default_factory=lambda: array("q"))
    kinds: list[NameKind] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.names)


class Tables(Protocol):
    """What of a transaction is asked here: which database, and the rows of a query."""

    @property
    def alias(self) -> str:
        """The name of the database."""

    def rows(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        """The rows of a query."""


def name_kind(thing: str, vocabulary: Vocabulary) -> NameKind:
    """By which habits the names of such a thing are compared."""
    if vocabulary.is_a(thing, "Person"):
        return "person"
    if vocabulary.is_a(thing, "Vessel"):
        return "vessel"
    if vocabulary.is_a(thing, "LegalEntity"):
        return "organisation"
    return "other"


class NameReader:
    """Reads names of one store by the words of its vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def _kinds(self) -> Mapping[tuple[str, str], NameKind]:
        return {
            (thing, name): name_kind(thing, self._vocabulary)
            for thing in self._vocabulary.things
            for name, definition in self._vocabulary.properties_of(thing).items()
            if definition.kind == "name"
        }

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """The properties of any thing that hold a name."""
        return tuple(sorted({name for _, name in self._kinds}))

    def marks(self, tx: Tables) -> Marks:
        """How far the tables go at this moment of the transaction."""
        ((statement, change),) = tx.rows(_MARKS, [])
        return Marks(statement=int(statement), change=int(change))

    def after(self, tx: Tables, statement: int) -> NameRows:
        """The names in force of the statements given after this one."""
        marks = ", ".join(["%s"] * len(self.properties))
        # sql: constant parts only
        sql = f"{_NAMES} and s.id > %s and s.property in ({marks}) order by s.id"
        found = NameRows()
        with connections[tx.alias].chunked_cursor() as cursor:
            cursor.execute(sql, [statement, *self.properties])
            while portion := cursor.fetchmany(_PORTION):
                self._take(found, portion)
        return found

    def more_than(self, tx: Tables, statement: int, count: int) -> bool:
        """Whether the statements given after this one hold more names in force than that."""
        marks = ", ".join(["%s"] * len(self.properties))
        # sql: constant parts only
        first = "select count(*) from (select 1 from statement s where s.current and s.id > %s and s.property in"
        sql = f"{first} ({marks}) limit %s) found"
        return int(tx.rows(sql, [statement, *self.properties, count + 1])[0][0]) > count

    def of(self, tx: Tables, statements: Sequence[int]) -> NameRows:
        """The names of these statements, as far as they are in force."""
        found = NameRows()
        for start in range(0, len(statements), _BATCH):
            part = statements[start : start + _BATCH]
            marks = ", ".join(["%s"] * len(part))
            # sql: constant parts only
            self._take(found, tx.rows(f"{_NAMES} and s.id in ({marks}) order by s.id", list(part)))
        return found

    def of_records(self, tx: Tables, records: Sequence[int]) -> NameRows:
        """The names in force of these records."""
        found = NameRows()
        named = ", ".join(["%s"] * len(self.properties))
        for start in range(0, len(records), _BATCH):
            part = records[start : start + _BATCH]
            marks = ", ".join(["%s"] * len(part))
            # sql: constant parts only
            sql = f"{_NAMES} and s.record_id in ({marks}) and s.property in ({named}) order by s.id"
            self._take(found, tx.rows(sql, [*part, *self.properties]))
        return found

    def changes(self, tx: Tables, change: int) -> list[NameChange]:
        """What happened to names after this change, oldest first."""
        rows = tx.rows("select id, statement_id, erased from name_change where id > %s order by id", [change])
        return [NameChange(number=row[0], statement=row[1], erased=bool(row[2])) for row in rows]

    def newest_erasure(self, tx: Tables) -> int:
        """The number of the newest change that was an erasure; 0 where there was none."""
        return int(tx.rows("select coalesce(max(id), 0) from name_change where erased", [])[0][0])

    def note_change(self, tx: Tables, statements: Sequence[int], *, erased: bool = False) -> None:
        """Note that these statements are no longer what an index of names has them for; in the act that changes them.

        Of statements that are not in force only an erasure is noted: an index that was kept before may still have them.
        """
        self._note(tx, "id in", statements, erased)

    def note_change_of_records(self, tx: Tables, records: Sequence[int]) -> None:
        """The same for every name in force of these records."""
        self._note(tx, "record_id in", records, False)

    def _note(self, tx: Tables, which: Literal["id in", "record_id in"], numbers: Sequence[int], erased: bool) -> None:
        named = ", ".join(["%s"] * len(self.properties))
        force = "" if erased else " and current"
        first = "insert into name_change (statement_id, erased) select id, %s from statement where"
        with connections[tx.alias].cursor() as cursor:
            for start in range(0, len(numbers), _BATCH):
                part = numbers[start : start + _BATCH]
                marks = ", ".join(["%s"] * len(part))
                # sql: constant parts only
                cursor.execute(
                    f"{first} {which} ({marks}) and property in ({named}){force} order by id",
                    [erased, *part, *self.properties],
                )

    def _take(self, found: NameRows, portion: Sequence[tuple[Any, ...]]) -> None:
        for statement, record, handling, thing, name, value in portion:
            kind = self._kinds.get((thing, name))
            if kind is not None:
                found.statements.append(statement)
                found.records.append(record)
                found.handlings.append(handling)
                found.kinds.append(kind)
                found.names.append(value)
