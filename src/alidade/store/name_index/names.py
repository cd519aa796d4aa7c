"""Names of one open store: the index in memory, brought up to date within each transaction that searches it.

Every process has one of its own. What was given or taken away since the last look is read by two numbers of the
tables, so a contribution is found by everybody from its commit on. A large index is kept in a file, which processes map
instead of making it anew.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alidade.matching.forgetting import forget_names
from alidade.store import places
from alidade.store.name_index import kept_file
from alidade.store.name_index.rows import Marks, NameReader, NameRows, Tables
from alidade.store.name_index.versions import index_version
from alidade.vocabulary import Vocabulary

if TYPE_CHECKING:
    from alidade.matching import NameIndex

KEPT_FROM: Final = 20_000
"""So many names are worth a file; fewer are made into an index sooner than a file is found and checked."""
_STALE_SHARE: Final = 0.1  # of the names, added since the file was written
_REBUILD_SHARE: Final = 0.2  # of the names: more new ones are indexed sooner together with the old
_MOST_LEFT_OUT: Final = 5_000  # more than these are left out sooner by making the index anew


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRecord:
    """A row of the index that a search gave: the record, the handling of the name, and how well the names agree."""

    record: int
    handling: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleSet:
    """The handlings that a class of viewers may see, and whose they are."""

    owners: Mapping[int, str]
    handlings: frozenset[int]

    def of(self, owner: str | None) -> frozenset[int]:
        """Those of one owner, or all."""
        if owner is None:
            return self.handlings
        return frozenset(number for number, whose in self.owners.items() if whose == owner)


@dataclass(slots=True, kw_only=True)
class _Held:
    """The index in memory: what it was made from, and what was added and left out since.

    `erased` is the number of an erasure after which an erased name may still lie in it, though no search gives it.
    """

    index: NameIndex
    base: Any  # whole numbers, a row for each name: statement, record, handling; in the order of the statements
    statement: int
    change: int
    from_file: bool
    records: array[int] = field(default_factory=lambda: array("q"))
    handlings: array[int] = field(default_factory=lambda: array("q"))
    added: dict[int, int] = field(default_factory=dict)  # rows by statement
    gone: set[int] = field(default_factory=set)  # rows
    erased: int = 0

    @property
    def names(self) -> int:
        """How many names a search can give."""
        return len(self.base) + len(self.records) - len(self.gone)

    def of(self, row: int) -> tuple[int, int]:
        """Record and handling of a row."""
        if row < len(self.base):
            return int(self.base[row][1]), int(self.base[row][2])
        return self.records[row - len(self.base)], self.handlings[row - len(self.base)]

    def leave_out(self, statement: int) -> None:
        """Let no search give the name of this statement any more."""
        row = self.added.pop(statement, None)
        if row is None:
            place = bisect_left(self.base[:, 0], statement)
            there = place < len(self.base) and int(self.base[place][0]) == statement
            row = place if there else None
        if row is not None and row not in self.gone:
            self.index.remove(row)
            self.gone.add(row)

    def add(self, rows: NameRows) -> None:
        """Take in names one by one."""
        for place, name in enumerate(rows.names):
            handling = rows.handlings[place]
            self.added[rows.statements[place]] = self.index.add(name, rows.kinds[place], handling)
            self.records.append(rows.records[place])
            self.handlings.append(handling)


Snapshot = Callable[[], AbstractContextManager[Tables]]


class Names:
    """The index of names of one store, and the sets of handlings by which it is searched."""

    def __init__(self, folder: Path, alias: str, vocabulary: Vocabulary, snapshot: Snapshot) -> None:
        """Of the store in `folder` under `alias`; `snapshot` gives one state of its tables, to be read for long."""
        self._home = folder
        self._alias = alias
        self._snapshot = snapshot
        self.reader = NameReader(vocabulary)
        self._held: _Held | None = None
        self._place: str | None = None
        self._moved = False  # whether this transaction changed what is held
        self._looked_at: Marks | None = None
        self._visible: dict[int, tuple[object, VisibleSet]] = {}
        self._erasure = kept_file.erasure_mark(folder)

    @property
    def folder(self) -> Path:
        """Where the file lies."""
        return self._home / kept_file.FOLDER

    @property
    def version(self) -> str:
        """Of the index and of the tables that scores rest on: another one may answer an old question differently."""
        return index_version()

    # -- searching --------------------------------------------------------------------------------------------------

    def bring_up_to_date(self, tx: Tables) -> None:
        """Take in what was given, and leave out what was taken away, up to this moment of the transaction."""
        marks = self.reader.marks(tx)
        held = self._held
        if held is not None:
            if (held.statement, held.change) == (marks.statement, marks.change) and not held.erased:
                return
            if held.statement > marks.statement or held.change > marks.change or self._is_replaced(held):
                held = None  # of a state that was undone or put back from elsewhere; or a clean one lies ready
        self._moved = True
        if held is None:
            held = self._opened()
        self._held = self._made(tx) if held is None else self._caught_up(tx, held, marks)

    def search(self, text: str, limit: int, allowed: frozenset[int]) -> list[NamedRecord]:
        """The names nearest to a text among those under the handlings allowed, best first.

        To be used by the read path, after `bring_up_to_date` in the same transaction.
        """
        held = self._held
        if held is None or not allowed or not held.names:
            return []
        found = []
        for hit in held.index.search(text, limit=limit, allowed=allowed):
            record, handling = held.of(hit.row)
            found.append(NamedRecord(record=record, handling=handling, score=hit.score))
        return found

    def visible(self, tx: Tables, viewer_class: int) -> VisibleSet:
        """The handlings that a class of viewers may see, with their owners; remembered until the class changes."""
        ((epoch, evaluated_to, until),) = tx.rows(
            "select epoch, evaluated_to, valid_until from viewer_class where id = %s", [viewer_class]
        )
        stamp = (epoch, evaluated_to, str(until))
        known = self._visible.get(viewer_class)
        if known is None or known[0] != stamp:
            rows = tx.rows("select handling_id, owner from visible where viewer_class_id = %s", [viewer_class])
            owners = {int(number): str(owner) for number, owner in rows}
            known = self._visible[viewer_class] = (stamp, VisibleSet(owners=owners, handlings=frozenset(owners)))
        return known[1]

    # -- keeping -----------------------------------------------------------------------------------------------------

    def refresh(self) -> bool:
        """Write the file anew where much was given since, or a name in it was erased; whether it was written.

        For the worker: what is searched meanwhile waits only while the names are read.
        """
        with kept_file.writing(self._home):
            with self._snapshot() as tx:
                marks = self.reader.marks(tx)
                head = self.head()
                clean = head is None or head.change >= self.reader.newest_erasure(tx)
                if clean and self._looked_at == marks:
                    return False
                self._looked_at = marks
                start, most = (0, KEPT_FROM) if head is None else (head.statement, int(_STALE_SHARE * head.names))
                if clean and not self.reader.more_than(tx, start, max(most, KEPT_FROM)):
                    return False
                rows = self.reader.after(tx, 0)
            self._keep(_built(rows, marks))
        self.forget()
        return True

    def write(self) -> int:
        """Make the index anew and keep it, however small it is; how many names it has."""
        with kept_file.writing(self._home):
            with self._snapshot() as tx:
                rows, marks = self.reader.after(tx, 0), self.reader.marks(tx)
            self._keep(_built(rows, marks))
        self.forget()
        return len(rows)

    def forget_erased(self) -> None:
        """After an erasure: no erased name is left in the file, nor in the memory of this process.

        Other processes give none of them from their next search on, and take over the new file then. Whatever they do
        next, they first forget what they had in memory.
        """
        self._forget_all()
        if self.folder.exists():
            self._clean_file()
        self._erasure = kept_file.mark_erasure(self._home)

    def _clean_file(self) -> None:
        with kept_file.writing(self._home):
            with self._snapshot() as tx:
                head = self.head()
                if head is not None and head.change >= self.reader.newest_erasure(tx):
                    return
                kept_file.remove(self._home)
                if head is None:
                    return
                rows, marks = self.reader.after(tx, 0), self.reader.marks(tx)
            if len(rows) >= KEPT_FROM:
                self._keep(_built(rows, marks))

    def notice_erasure(self) -> None:
        """Forget what is in memory where an erasure was carried through since the last look, by whichever process."""
        mark = kept_file.erasure_mark(self._home)
        if mark != self._erasure:
            self._erasure = mark
            self._forget_all()

    def head(self) -> kept_file.Head | None:
        """What is kept in the file; None where there is no file that could be believed."""
        return kept_file.read_head(self._home, self._name_of_place(), self.version)

    def is_sound(self) -> bool:
        """Whether the file is as it was written, byte for byte."""
        head = self.head()
        return head is not None and kept_file.is_sound(self._home, head)

    def count(self, tx: Tables) -> int:
        """How many names can be found at this moment, by whoever may see them."""
        self.bring_up_to_date(tx)
        return 0 if self._held is None else self._held.names

    def forget(self) -> None:
        """Drop what is in memory; it is made or opened again when it is next asked for."""
        self._held = None
        self._visible.clear()
        self._moved = False

    def _forget_all(self) -> None:
        """Drop the index, and what comparisons in this process have remembered."""
        self.forget()
        forget_names()

    def committed(self) -> None:
        """The transaction has ended and is there to stay."""
        self._moved = False

    def rolled_back(self) -> None:
        """The transaction was undone; what it had taken in may never have been."""
        if self._moved:
            self._held = None
        self._visible.clear()
        self._moved = False

    # -- inside ------------------------------------------------------------------------------------------------------

    def _caught_up(self, tx: Tables, held: _Held, marks: Marks) -> _Held:
        changes = self.reader.changes(tx, held.change) if held.change < marks.change else []
        newest = max((change.number for change in changes if change.erased), default=0)
        if newest:
            forget_names()
        held.erased = max(held.erased, newest)
        if held.erased and not held.from_file:
            return self._made(tx)  # small: a clean one is made at once
        new = self.reader.after(tx, held.statement) if held.statement < marks.statement else NameRows()
        again = sorted({change.statement for change in changes})
        if len(again) > _MOST_LEFT_OUT or len(new) > max(_REBUILD_SHARE * held.names, _MOST_LEFT_OUT):
            return self._made(tx)
        for statement in again:
            held.leave_out(statement)
        held.add(self.reader.of(tx, [statement for statement in again if statement <= held.statement]))
        held.add(new)
        held.statement, held.change = marks.statement, marks.change
        return held

    def _is_replaced(self, held: _Held) -> bool:
        """Whether a file without the names that were erased has come in the place of the one that is held."""
        if not held.erased:
            return False
        head = self.head()
        return head is not None and head.change >= held.erased

    def _opened(self) -> _Held | None:
        kept = kept_file.open_kept(self._home, self._name_of_place(), self.version)
        if kept is None:
            return None
        head = kept.head
        return _Held(index=kept.index, base=kept.rows, statement=head.statement, change=head.change, from_file=True)

    def _made(self, tx: Tables) -> _Held:
        """Made of all names, and kept where they are many and nobody else is about to."""
        held = _built(self.reader.after(tx, 0), self.reader.marks(tx))
        if held.names >= KEPT_FROM:
            with kept_file.writing(self._home, wait=False) as alone:
                if alone:
                    self._keep(held)
        return held

    def _keep(self, held: _Held) -> None:
        """Write the file; where the disk refuses, every process makes an index of its own: slower, and as right."""
        with suppress(OSError):
            kept_file.keep(
                self._home,
                held.index,
                held.base,
                place=self._name_of_place(),
                version=self.version,
                statement=held.statement,
                change=held.change,
            )
            held.from_file = True

    def _name_of_place(self) -> str:
        if self._place is None:
            self._place = places.name_of(self._alias)
        return self._place


def _built(rows: NameRows, marks: Marks) -> _Held:
    import numpy

    from alidade.matching import NameIndex

    base = numpy.empty((len(rows), 3), dtype=numpy.int64)
    for column, numbers in enumerate((rows.statements, rows.records, rows.handlings)):
        base[:, column] = numbers
    index = NameIndex.build(rows.names, rows.kinds, rows.handlings)
    return _Held(index=index, base=base, statement=marks.statement, change=marks.change, from_file=False)


def first_records(found: Sequence[NamedRecord], most: int) -> list[NamedRecord]:
    """The best row of each record, so many records at most, in the order of the search."""
    best: dict[int, NamedRecord] = {}
    for each in found:
        best.setdefault(each.record, each)
        if len(best) == most:
            break
    return list(best.values())
