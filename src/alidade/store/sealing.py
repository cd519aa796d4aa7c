"""Sealing: rows on their way into a backup, and back. What an erasure destroyed the key of does not come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from alidade.model.errors import Damaged
from alidade.store.keystore import KeyStore, record_key_id
from alidade.store.rows import Row

_OF_STATEMENT = ("value", "original")
_OF_RECORD = ("source_key", "fingerprint")
# What an erasure removes beside the key: the sealed text, and the salt that a guess could be tried with.
_KEYED = {
    "ledger_entry": ("body", "salt"),
    "check_made": ("question",),
    "standing_check": ("question",),
    "job": ("order", "result"),
    "outbox": ("slip",),
    "inbox": ("raw",),
    "thread": ("head",),
    "thread_step": ("content",),
    "thread_attachment": ("label",),
    "judgement": ("content",),
}
# Of these nothing is left worth keeping once the text is gone.
_KEYED_WHOLLY = frozenset(
    {"draft", "thread_draft", "thread_note", "thread_chunk", "thread_parked", "workpiece", "workpiece_version"}
)


@dataclass(slots=True, kw_only=True)
class Sealer:
    """Seals and opens rows with the field keys of their records, and counts what it has met."""

    keys: KeyStore
    statements: int = 0
    unreadable: int = 0
    records: set[object] = field(default_factory=set)

    def seal(self, table: str, names: Sequence[str], rows: list[Row]) -> list[Row]:
        """The rows as a backup keeps them."""
        if table == "record":
            return self._sealed(names, rows, "id", _OF_RECORD)
        if table == "statement":
            self._count(names, rows)
            return self._sealed(names, rows, "record_id", _OF_STATEMENT)
        return rows

    def unseal(self, table: str, names: Sequence[str], rows: list[Row]) -> list[Row]:
        """The rows as the store has them. Raises Damaged where a value was not sealed."""
        if table == "record":
            return [self._record(names, row) for row in rows]
        if table == "statement":
            self._count(names, rows)
            return [self._statement(names, row) for row in rows]
        if table in _KEYED:
            return [self._forget(names, row, _KEYED[table]) for row in rows]
        if table in _KEYED_WHOLLY:
            return [row for row in rows if self.keys.field_key(str(row[names.index("field_key")])) is not None]
        return rows

    def _count(self, names: Sequence[str], rows: list[Row]) -> None:
        self.statements += len(rows)
        self.records.update(row[names.index("record_id")] for row in rows)

    def _sealed(self, names: Sequence[str], rows: list[Row], record: str, which: Sequence[str]) -> list[Row]:
        at = names.index(record)
        keys = self.keys.named_field_keys(sorted({record_key_id(str(row[at])) for row in rows}))
        sealed = []
        for row in rows:
            cells = list(row)
            key = keys[record_key_id(str(row[at]))]
            for name in which:
                text = cells[names.index(name)]
                if text is not None:
                    place = f"{name}/{row[names.index('public_id')]!s}"
                    cells[names.index(name)] = self.keys.seal(str(text).encode(), key, place)
            sealed.append(tuple(cells))
        return sealed

    def _record(self, names: Sequence[str], row: Row) -> Row:
        cells = list(row)
        public = str(row[names.index("public_id")])
        key_id = record_key_id(str(row[names.index("id")]))
        for name, lost in zip(_OF_RECORD, (f"erased/{public}", ""), strict=True):
            plain = self._opened(cells[names.index(name)], key_id, f"{name}/{public}")
            cells[names.index(name)] = lost if plain is None else plain
        return tuple(cells)

    def _statement(self, names: Sequence[str], row: Row) -> Row:
        cells = list(row)
        key_id = record_key_id(str(row[names.index("record_id")]))
        for name in _OF_STATEMENT:
            sealed = cells[names.index(name)]
            if sealed is None:
                continue
            plain = self._opened(sealed, key_id, f"{name}/{row[names.index('public_id')]!s}")
            cells[names.index(name)] = plain
            if plain is None and name == "value":
                self.unreadable += 1
                cells[names.index("salt")] = None
                cells[names.index("current")] = 0
        return tuple(cells)

    def _opened(self, sealed: object, key_id: str, place: str) -> str | None:
        if not isinstance(sealed, bytes):
            raise Damaged("The backup holds a value that is not sealed.", remedy="Take another backup.")
        try:
            plain = self.keys.unseal(sealed, key_id, place)
        except Damaged:
            return None  # sealed with a key that an erasure destroyed; a later backup made a new one of that name
        return None if plain is None else plain.decode()

    def _forget(self, names: Sequence[str], row: Row, erased: Sequence[str]) -> Row:
        """The row as an erasure since the backup left it."""
        if self.keys.field_key(str(row[names.index("field_key")])) is not None:
            return row
        gone = {names.index(name) for name in erased}
        return tuple(None if index in gone else cell for index, cell in enumerate(row))
