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
from typing import Final, Protocol

from alidade.formats.guess import guess_mapping
from alidade.formats.mapping import Mapping as TableMapping
from alidade.formats.ofac_files import SourceRow, raw_of
from alidade.formats.ofac_rejects import OfacRejects
from alidade.formats.readers import read_items
from alidade.formats.recognise import Format, recognise
from alidade.formats.rejects import RejectWriter
from alidade.formats.table import Row
from alidade.formats.workbook import open_list
from alidade.model.draft import Draft, Place, Problem
from alidade.model.errors import Conflict, Unreadable
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import Giving, Outcome, give
from alidade.services.node import Node
from alidade.store import writing

PORTION = 1_000

_FOLDERS: Final = ("ofac-sdn", "ofac-sdn-rejects")
_BUNDLES: Final = ("stix", "misp")  # what somebody sent, never a whole list
_SCHEMES: Final[Mapping[Format, str]] = {"misp": "admiralty"}
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
    def is_part(self) -> bool:
        """Whether it can only be a part of a list."""
        return self.is_reject or self.format in _BUNDLES

    @property
    def is_table(self) -> bool:
        """Whether it is read under a mapping."""
        return self.format in ("table", "table-rejects", "workbook")


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
    of the file. What comes under a foreign marking (TLP, distribution) is rejected unless `accept_markings` says that
    the handling stated here does justice to every one of them.
    """

    handling: Handling
    source_list: str = ""
    mapping: TableMapping | None = None
    whole: bool = True
    accept_markings: bool = False
    rejects: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file that is being read by somebody else: its drafts and problems in order, and how its table is written."""

    items: Iterable[Draft | Problem]
    header: tuple[str, ...] = ()
    delimiter: str = ","


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
    folder = path.parent if path.is_file() and found.format in _FOLDERS else path
    return Source(path=folder, format=found.format, sentence=found.sentence)


def preview(node: Node, source: Source) -> Preview:
    """The mapping guessed for a table, with its first rows."""
    table = open_list(source.path)
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
    node: Node,
    actor: Actor,
    source: Source,
    order: Order,
    progress: Progress = lambda rows: None,
    *,
    stop: Callable[[], bool] = lambda: False,
    reading: Reading | None = None,
) -> ImportReport:
    """Take in a file. What is reported as kept is durable.

    Where `stop` says so, it ends after the portion at hand: what is in stays, nothing is delisted. With `reading`, the
    file itself is not opened here: somebody else has read it, under whatever confinement that takes.
    Raises Unreadable or Invalid before anything is kept where the file as a whole, its mapping or its handling cannot
    be used, Conflict where the reject file would overwrite something, NotAllowed for a role that may not import.
    """
    source_list = (order.source_list or source.path.name)[:80]
    ending = ".rejects" if source.format in _FOLDERS else ".rejects.csv"
    rejects = order.rejects or source.path.with_name(source.path.name + ending)
    if rejects.exists():
        raise Conflict(
            f"{rejects.name} exists already.",
            remedy="Give its mended rows first, or name another place with --rejects.",
            code="rejects_exist",
        )
    items = reading.items if reading is not None else _items(node, source, order)
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
    work = _Import(node, actor, source, order, source_list, run)
    with _reject_writer(source, rejects, reading) as writer:
        stopped = False
        for portion in _portions(items):
            work.take(portion, writer)
            progress(work.read)
            stopped = stop()
            if stopped:
                break
        for portion in work.held_back():
            work.take(portion, writer)
        if order.whole and not source.is_part and not stopped:
            work.delist()
    return work.finish(rejects if rejects.exists() else None)


def _items(node: Node, source: Source, order: Order) -> Iterable[Draft | Problem]:
    return read_items(source.path, source.format, order.mapping, node.vocabulary, unmarked=order.accept_markings)


class _RejectSink(Protocol):
    def write(self, problem: Problem) -> None: ...


def _reject_writer(source: Source, path: Path, reading: Reading | None) -> AbstractContextManager[_RejectSink]:
    if source.format in _FOLDERS:
        return _LazyOfacRejects(path)
    if not source.is_table:
        return RejectWriter(path, ("key",))  # the entry itself stands beside, in its own form
    if reading is not None:
        return RejectWriter(path, reading.header, delimiter=reading.delimiter)
    table = open_list(source.path)
    return RejectWriter(path, table.header, delimiter=table.dialect.delimiter)


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


def _portions(items: Iterable[Draft | Problem]) -> Iterator[list[Draft | Problem]]:
    iterator = iter(items)
    while portion := list(islice(iterator, PORTION)):
        yield portion


class _Import:
    """The running totals of one import."""

    def __init__(self, node: Node, actor: Actor, source: Source, order: Order, source_list: str, run: str) -> None:
        self._node = node
        self._actor = actor
        self._scheme = order.mapping.evaluation_scheme if order.mapping else _SCHEMES.get(source.format, "4x4")
        self._waiting: list[Draft] | None = []  # what refers to a row that may yet come
        self._blind = False
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
        fresh = self._hold_back([draft for draft in drafts if draft.key not in self._keys])
        found = [item for item in portion if isinstance(item, Problem)]
        found.extend(_repeated(draft) for draft in drafts if draft.key in self._keys)
        giving = Giving(
            title=f"{self._list}: rows from {self._counts['read'] + 1}",
            drafts=fresh,
            handlings={"import": self._order.handling},
            scheme=self._scheme,
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
        for problem in found:
            if problem.fatal and problem.code != "orphan":  # an alias without its entry says nothing of the entry
                keys = set(self._keys_of(problem))
                self._spoilt |= keys
                self._blind = self._blind or not keys
        self._add(outcome)
        raws = {(draft.place.file, draft.place.row): draft for draft in drafts if draft.place is not None}
        for problem in (*found, *outcome.problems):
            self._note(problem, raws.get((problem.place.file, problem.place.row)), writer)
        if self._waiting is not None:  # what was held back has been counted
            self._counts["read"] += len({*_rows(drafts), *_rows(p for p in found if p.fatal)})

    def _hold_back(self, drafts: list[Draft]) -> list[Draft]:
        """Those that can be kept now; the others wait for the rows that they refer to."""
        if self._waiting is None:
            return drafts
        here = self._keys | {draft.key for draft in drafts}
        ready = [draft for draft in drafts if all(c.value in here for c in draft.claims if c.refers)]
        kept = {draft.key for draft in ready}
        self._waiting.extend(draft for draft in drafts if draft.key not in kept)
        return ready

    def held_back(self) -> Iterator[list[Draft | Problem]]:
        """What waited, now that everything else is there."""
        waiting, self._waiting = self._waiting or [], None
        yield from _portions(waiting)

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
        """Take out what the list no longer has. Verdicts given on it stay.

        Nothing is taken out where a row could not be read and its key cannot be told: it may be any of them.
        """
        if self._blind:
            reason = "Rows could not be read, so nothing was taken for delisted. Mend them and give the list again."
            place = Place(file=self._list, row=0)
            self._problems.append(Problem(place=place, field="", code="delisting_left_out", reason=reason, fatal=False))
            self._counts["remarks"] += 1
            return
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
    if first[0] in ("table", "json", "xml"):
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
