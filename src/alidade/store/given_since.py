"""Given since: what was said of records after a moment, small enough to be compared with every kept question at once.

Nothing of it is shown to anybody: it only says which kept questions are worth asking in full, with the rights of those
who asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alidade.store.database import Transaction
from alidade.store.earlier import Marks

if TYPE_CHECKING:
    from alidade.matching import NameIndex

MOST_RECORDS: Final = 20_000
"""Of more records than these each question is asked in full: that is sooner done than an index of their names."""
_BATCH = 400
_TOUCHED = (
    "select record_id from (select record_id from statement where id > %s and current"
    " union select s.record_id from name_change c join statement s on s.id = c.statement_id where c.id > %s"
    " union select record_id from lookup where id > %s) touched limit %s"
)
_NUMBERS = "select kind, key, handling_id from lookup where kind not in ('name', 'refers') and record_id in"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSince:
    """Names and numbers of the records of which something was said, each with the handlings that it stands under."""

    names: NameIndex | None
    numbers: dict[tuple[str, str], frozenset[int]]

    def may_meet(self, names: Sequence[str], keys: Sequence[tuple[str, str]], allowed: frozenset[int]) -> bool:
        """Whether a question could meet one of them, looking at what lies under these handlings and at nothing else."""
        if any(not allowed.isdisjoint(self.numbers.get(key, ())) for key in keys):
            return True
        index = self.names
        return index is not None and any(index.search(name, limit=1, allowed=allowed) for name in names)


def given_since(tx: Transaction, marks: Marks) -> GivenSince | None:
    """What was said after these marks; None where it is of too many records. The caller leaves a ledger entry."""
    tx.read = True
    rows = tx.rows(_TOUCHED, [marks.statement, marks.change, marks.lookup, MOST_RECORDS + 1])
    if len(rows) > MOST_RECORDS:
        return None
    records = sorted(int(number) for (number,) in rows)
    numbers: dict[tuple[str, str], set[int]] = {}
    for start in range(0, len(records), _BATCH):
        part = records[start : start + _BATCH]
        places = ", ".join(["%s"] * len(part))
        # sql: constant parts only
        sql = f"{_NUMBERS} ({places})"
        for kind, key, handling in tx.rows(sql, list(part)):
            numbers.setdefault((str(kind), str(key)), set()).add(int(handling))
    found = tx.store.names.reader.of_records(tx, records)
    names = None
    if len(found):
        from alidade.matching import NameIndex

        names = NameIndex.build(found.names, found.kinds, found.handlings)
    return GivenSince(names=names, numbers={key: frozenset(of) for key, of in numbers.items()})
