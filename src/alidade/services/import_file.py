"""Import: a file or list that an authority has, taken in whole, told what became of every row, and repeatable.

Good rows are kept and bad ones named and written to a reject file that can be mended and given again. The same list
again, or a newer one, changes only what changed. Rows go in by portions, each a contribution of its own, so that
checks are not held up; an import that was cut off is simply given again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from alidade.formats.csv_drafts import read_drafts
from alidade.formats.guess import guess_mapping
from alidade.formats.mapping import Mapping as TableMapping
from alidade.formats.mapping import check_mapping
from alidade.formats.ofac import read_ofac
from alidade.formats.ofac_files import SourceRow, raw_of
from alidade.formats.ofac_rejects import OfacRejects
from alidade.formats.recognise import Format, recognise
from alidade.formats.rejects import RejectWriter
from alidade.formats.table import Row, open_table
from alidade.model.draft import Draft, Problem
from alidade.model.errors import Conflict, Invalid, Unreadable
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import Giving, Outcome, give
from alidade.services.node import Node
from alidade.store import writing

PORTION = 1_000
_SAMPLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file or folder to import, and what it was recognised as."""

    path: Path
    format: Format
    sentence: str

    @property
    def is_reject(self) -> bool:
        """Whether it is a reject file of ours: a part of a list, after which nothing counts as delisted."""
        return self.format in ("ofac-sdn-rejects", "table-rejects")

    @property
    def is_table(self) -> bool:
        """Whether it is read under a mapping."""
        return self.format in ("table", "table-rejects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a table looks like under the mapping that was guessed: for a person to look at and correct."""

    mapping: TableMapping
    confidence: Mapping[str, float]
    unmapped: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How to import: under which handling, as which list, where rejects go, and whether it is the whole list.

    With `whole`, records of the list that the file no longer has are delisted. An empty `source_list` takes the name
    of the file.
    """

    handling: Handling
    source_list: str = ""
    mapping: TableMapping | None = None
    whole: bool = True
    rejects: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of every row. `problems` are named by file, row, field and reason, never by value."""

    run: str
    source_list: str
    read: int
    new: int
    altered: int
    unchanged: int
    delisted: int
    quarantined: int
    rejected: int
    remarks: int
    statements: int
    rejects: Path | None
    problems: tuple[Problem, ...]

    @property
    def kept(self) -> int:
        """Rows that are in, whether or not they wait in quarantine."""
        return self.new + self.altered + self.unchanged


Progress = Callable[[int], None]
MOST_PROBLEMS = 1_000  # kept for the report; all of them stand in the reject file


def look_at(path: Path) -> Source:
    """What a file is. Raises Unreadable, with what to do, where nobody here can read it."""
    found = recognise(path)
    if found.format == "unknown":
        raise Unreadable(found.sentence, remedy="Give a table (CSV) or the folder of the OFAC list.")
    folder = path.parent if path.is_file() and found.format.startswith("ofac") else path
    return Source(path=folder, format=found.format, sentence=found.sentence)


def preview(node: Node, source: Source) -> Preview:
    """The mapping guessed for a table, with its first rows."""
    table = open_table(source.path)
    sample = [item.cells for item in islice((r for r in table.rows() if isinstance(r, Row)), _SAMPLE)]
    guess = guess_mapping(table.header, sample, node.vocabulary)
    return Preview(
        mapping=guess.mapping,
        confidence=guess.confidence,
        unmapped=guess.unmapped,
        header=table.header,
        rows=tuple(sample[:5]),
    )


def import_file(
    node: Node, actor: Actor, source: Source, order: Order, progress: Progress = lambda rows: None
) -> ImportReport:
    """Take in a file. What is reported as kept is durable.

    Raises Unreadable or Invalid before anything is kept where the file as a whole, its mapping or its handling cannot
    be used, Conflict where the reject file would overwrite something, NotAllowed for a role that may not import.
    """
    source_list = (order.source_list or source.path.name)[:80]
    ending = ".rejects.csv" if source.is_table else ".rejects"
    rejects = order.rejects or source.path.with_name(source.path.name + ending)
    if rejects.exists():
        raise Conflict(
            f"{rejects.name} exists already.",
            remedy="Give its mended rows first, or name another place with --rejects.",
            code="rejects_exist",
        )
    items = _items(node, source, order)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        run = writing.start_run(
            tx,
            owner=actor.viewer.authority,
            officer=actor.officer,
            source_list=source_list,
            file_name=source.path.name,
            reject_path=str(rejects.resolve()),
        )
        log(tx, actor, "import", objects=[run], details={"list": source_list, "step": "begun"})
    work = _Import(node, actor, order, source_list, run)
    with _reject_writer(source, rejects) as writer:
        for portion in _portions(items):
            work.take(portion, writer)
            progress(work.read)
        if order.whole and not source.is_reject:
            work.delist()
    return work.finish(rejects if rejects.exists() else None)


class _RejectSink(Protocol):
    def write(self, problem: Problem) -> None: ...


def _reject_writer(source: Source, path: Path) -> AbstractContextManager[_RejectSink]:
    if source.is_table:
        table = open_table(source.path)
        return RejectWriter(path, table.header, delimiter=table.dialect.delimiter)
    return _LazyOfacRejects(path)


class _LazyOfacRejects(AbstractContextManager["_LazyOfacRejects"]):
    """Makes the folder of rejects only when there is something to put there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._inner: OfacRejects | None = None

    def write(self, problem: Problem) -> None:
        """Keep the rows of a problem."""
        if not problem.raw:
            return
        if self._inner is None:
            self._inner = OfacRejects(self._folder)
            self._inner.__enter__()
        self._inner.write(problem)

    def __exit__(self, *details: object) -> None:
        if self._inner is not None:
            self._inner.__exit__(*details)  # type: ignore[arg-type]


def _items(node: Node, source: Source, order: Order) -> Iterable[Draft | Problem]:
    if not source.is_table:
        return read_ofac(source.path, node.vocabulary, related=True)
    if order.mapping is None:
        raise Invalid("A table needs a mapping.", remedy="Look at the one that is guessed, and confirm it.")
    check_mapping(order.mapping, open_table(source.path).header, node.vocabulary)
    return read_drafts(source.path, order.mapping, node.vocabulary)


def _portions(items: Iterable[Draft | Problem]) -> Iterator[list[Draft | Problem]]:
    iterator = iter(items)
    while portion := list(islice(iterator, PORTION)):
        yield portion


class _Import:
    """The running totals of one import."""

    def __init__(self, node: Node, actor: Actor, order: Order, source_list: str, run: str) -> None:
        self._node = node
        self._actor = actor
        self._order = order
        self._list = source_list
        self._run = run
        self._keys: set[str] = set()
        self._problems: list[Problem] = []
        self._counts = dict.fromkeys(
            ("read", "new", "altered", "unchanged", "delisted", "quarantined", "rejected", "remarks", "statements"), 0
        )
        self._rejected: set[tuple[str, int]] = set()
        self._spoilt: set[str] = set()  # keys of rows that are on the list but cannot be read

    @property
    def read(self) -> int:
        """Rows read so far."""
        return self._counts["read"]

    def take(self, portion: Sequence[Draft | Problem], writer: _RejectSink) -> None:
        """Keep one portion in one transaction and note what was wrong with it."""
        drafts = [item for item in portion if isinstance(item, Draft)]
        fresh = [draft for draft in drafts if draft.key not in self._keys]
        found = [item for item in portion if isinstance(item, Problem)]
        found.extend(_repeated(draft) for draft in drafts if draft.key in self._keys)
        giving = Giving(
            title=f"{self._list}: rows from {self._counts['read'] + 1}",
            drafts=fresh,
            handlings={"import": self._order.handling},
            scheme=self._order.mapping.evaluation_scheme if self._order.mapping else "4x4",
            source_list=self._list,
        )
        with self._node.store.transaction() as tx:
            require_right(self._node, tx, self._actor, "import")
            outcome = give(self._node, tx, self._actor, giving, run=self._run)
            log(
                tx,
                self._actor,
                "import",
                objects=[self._run, *([outcome.contribution] if outcome.contribution else [])],
                results=outcome.statements,
                details={"list": self._list, "step": "portion"},
            )
        # Counted and written only now: what is reported is durable.
        self._keys.update(draft.key for draft in fresh)
        self._spoilt.update(key for problem in found if problem.fatal for key in self._keys_of(problem))
        self._add(outcome)
        raws = {(draft.place.file, draft.place.row): draft for draft in drafts if draft.place is not None}
        for problem in (*found, *outcome.problems):
            self._note(problem, raws.get((problem.place.file, problem.place.row)), writer)
        self._counts["read"] += len({*_rows(drafts), *_rows(p for p in found if p.fatal)})

    def _keys_of(self, problem: Problem) -> Iterator[str]:
        """The key of a row that was not read, as far as it can be told."""
        names = self._order.mapping.keys if self._order.mapping else ()
        if names and all(problem.raw.get(name, "").strip() for name in names):
            yield "|".join(problem.raw[name].strip() for name in names)
        for place, line in problem.raw.items():
            number = line.partition(",")[0].strip()
            if place.startswith("sdn:") and number.isdigit():
                yield number

    def _add(self, outcome: Outcome) -> None:
        for name in ("new", "altered", "unchanged", "quarantined", "statements"):
            self._counts[name] += getattr(outcome, name)

    def _note(self, problem: Problem, draft: Draft | None, writer: _RejectSink) -> None:
        if not problem.raw and draft is not None and draft.raw:
            problem = dataclasses.replace(problem, raw=_raw(draft))
        if problem.fatal:
            self._rejected.add((problem.place.file, problem.place.row))
        else:
            self._counts["remarks"] += 1
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(dataclasses.replace(problem, raw={}))
        writer.write(problem)

    def delist(self) -> None:
        """Take out what the list no longer has. Verdicts given on it stay."""
        with self._node.store.transaction() as tx:
            gone = writing.unlisted(tx, self._actor.viewer.authority, self._list, frozenset(self._keys | self._spoilt))
            if not self._keys and gone:
                raise Conflict(
                    "The file has no usable row; nothing is delisted.",
                    remedy="Give the whole list, or say that this is a part of it.",
                    code="empty_list",
                )
            writing.retire_records(tx, [state.number for state in gone], "delisted")
            log(
                tx,
                self._actor,
                "import",
                objects=[self._run, *(state.id for state in gone)],
                results=len(gone),
                details={"list": self._list, "step": "delisted"},
            )
        self._counts["delisted"] = len(gone)

    def finish(self, rejects: Path | None) -> ImportReport:
        """Note the end of the import; its report."""
        self._counts["rejected"] = len(self._rejected)
        with self._node.store.transaction() as tx:
            writing.finish_run(tx, self._run, self._counts, reject_path=str(rejects.resolve()) if rejects else "")
            log(tx, self._actor, "import", objects=[self._run], results=self._counts["statements"])
        return ImportReport(
            run=self._run, source_list=self._list, rejects=rejects, problems=tuple(self._problems), **self._counts
        )


def _rows(items: Iterable[Draft | Problem]) -> Iterator[tuple[str, int]]:
    return ((item.place.file, item.place.row) for item in items if item.place is not None)


def _raw(draft: Draft) -> dict[str, str]:
    first = draft.raw[0]
    if first[0] == "table":
        return dict(first[1])
    row = draft.place.row if draft.place is not None else 0
    # Only the entry's own row has its number at hand; the others stand beside it under numbers of their own.
    rows = [
        SourceRow(kind=kind, number=row if kind == "sdn" else place, cells=cells)
        for place, (kind, cells) in enumerate(draft.raw)
    ]
    return raw_of(rows)


def _repeated(draft: Draft) -> Problem:
    if draft.place is None:
        raise AssertionError
    return Problem(
        place=draft.place,
        field="key",
        code="key_twice",
        reason="The key stands in this file twice; the first row is kept.",
        raw=_raw(draft) if draft.raw else {},
    )
