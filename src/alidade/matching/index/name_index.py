"""NameIndex: names that are found whatever script, order, spelling or slip they are asked in."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alidade.matching.generic_words import GENERIC_WORDS_VERSION
from alidade.matching.index.keeping import IndexFileError, read_segment, write_segment
from alidade.matching.index.reading_kernel import gathered
from alidade.matching.index.reading_names import grouped, read_names
from alidade.matching.index.search_kernel import search_segment
from alidade.matching.index.segment import Segment, build_segment
from alidade.matching.index.unit_kernel import Best
from alidade.matching.index.wording_kernel import MOST_ASKED, Scratch
from alidade.matching.lexicon import lexicon
from alidade.matching.name_comparison import Part, explain_words
from alidade.matching.name_kinds import name_thing
from alidade.matching.name_weights import NAME_WEIGHTS, SEARCH_SCALES, THINGS
from alidade.matching.words import group_strength, name_words, packed

#: Up to this many rows the latest names stay in a segment of their own that is built anew with each addition.
_TAIL: Final = 256
#: A segment is joined to the one before it when that is not this many times its size.
_GROWTH: Final = 4
_ROOM: Final = 1024
#: So many units are marked at once: their marks stay in the memory nearest to the processor.
_BLOCK: Final = 1 << 16
#: A thread takes no more than so many questions at a time.
_AT_ONCE: Final = 32
#: So many sets of handlings are remembered as prepared.
_VIEWERS: Final = 8
_NONE: Final = np.zeros(0, dtype=np.uint8)


class Hit:
    """A row that answers: its number, its score 0..1, and, worked out when asked for, why."""

    __slots__ = ("_question", "_segment", "_unit", "row", "score")

    def __init__(self, row: int, score: float, question: str, segment: Segment, unit: int) -> None:
        self.row = row
        self.score = score
        self._question = question
        self._segment = segment
        self._unit = unit

    @property
    def explanation(self) -> tuple[Part, ...]:
        """Which word of the question met which word of the name, by which rule, with what credit and weight.

        Worked out on the whole names: where a search saw less of them, the parts may speak for more than the score.
        """
        thing = THINGS[self._segment.unit_thing(self._unit)]
        words = self._segment.unit_words(self._unit)
        return explain_words(name_words(self._question, thing), words, thing, SEARCH_SCALES).parts

    def __repr__(self) -> str:
        return f"Hit(row={self.row}, score={self.score:.4f})"


class NameIndex:
    """Names with their kind and handling, searched by any number of threads and changed by one at a time.

    Rows are numbered in the order given, from 0. An index built with handlings refuses a search that does not say
    which of them the viewer may see. No score depends on other rows: weights come from fixed, dated tables.
    """

    def __init__(self, segments: list[Segment], rows: int, *, with_handlings: bool) -> None:
        self._segments = segments
        self._rows = rows
        self._with_handlings = with_handlings
        self._dead: list[NDArray[np.uint8]] = [_NONE for _ in segments]
        self._pending: list[tuple[str, int, int]] = []
        self._row_orders: dict[int, tuple[Segment, NDArray[np.int64]]] = {}
        self._lock = threading.Lock()
        self._local = threading.local()
        self._rights: list[tuple[Iterable[int], list[Segment], tuple[NDArray[np.uint8], ...]]] = []
        #: Least score of an answer; lowering it lengthens the search.
        self.floor = NAME_WEIGHTS.floor

    @classmethod
    def build(
        cls,
        names: Sequence[str],
        kinds: Sequence[str] | None = None,
        handlings: Sequence[int] | None = None,
    ) -> NameIndex:
        """An index of names.

        kinds      one for each name: person, organisation, vessel, other, or the name of a FollowTheMoney schema;
                   without them each name is taken for what its words say
        handlings  one number for each name
        Raises ValueError where the lengths differ.
        """
        count = len(names)
        for given in (kinds, handlings):
            if given is not None and len(given) != count:
                raise ValueError("names, kinds and handlings must be of one length")
        numbers = None if handlings is None else np.asarray(handlings, dtype=np.int64)
        segment = _segment_of(names, _things_of(kinds, count), numbers, 0)
        return cls([segment], count, with_handlings=handlings is not None)

    def __len__(self) -> int:
        """Names that can be found or were added since; those without letters or digits are not counted."""
        self._settle()
        return sum(segment.size for segment in self._segments) - sum(int(dead.sum()) for dead in self._dead)

    def search(
        self, query: str, limit: int = 10, kind: str | None = None, allowed: Iterable[int] | None = None
    ) -> list[Hit]:
        """The rows whose names agree best with a name, best first; equal scores in the order of their rows.

        query    of a text longer than any name only the first 1,024 characters and 24 words are read
        kind     look only at names of this kind
        allowed  the handlings the viewer may see; a frozenset is prepared once and then recognised
        Raises ValueError where the index has handlings and none are given, or the limit is below one.
        """
        if limit < 1:
            raise ValueError("a search asks for at least one row")
        self._settle()
        return self._search(query, limit, kind, allowed)

    def search_many(
        self,
        queries: Sequence[str],
        limit: int = 10,
        threads: int = 2,
        kind: str | None = None,
        allowed: Iterable[int] | None = None,
    ) -> list[list[Hit]]:
        """The answers of `search` to many names, in their order, worked out by several threads at once."""
        if limit < 1:
            raise ValueError("a search asks for at least one row")
        self._settle()
        if allowed is not None and not isinstance(allowed, frozenset):
            allowed = frozenset(allowed)
        if threads < 2 or len(queries) < 2:
            return [self._search(query, limit, kind, allowed) for query in queries]

        def some(part: Sequence[str]) -> list[list[Hit]]:
            return [self._search(query, limit, kind, allowed) for query in part]

        # Small parts: no thread waits long for the last.
        size = min(_AT_ONCE, -(-len(queries) // threads))
        with ThreadPoolExecutor(threads) as pool:
            parts = pool.map(some, [queries[at : at + size] for at in range(0, len(queries), size)])
            return [hits for part in parts for hits in part]

    def add(self, name: str, kind: str = "person", handling: int | None = None) -> int:
        """Add a name and return its row; it is found by the next search."""
        if self._with_handlings and handling is None:
            raise ValueError("the index has handlings: a name needs one")
        with self._lock:
            row = self._rows
            self._rows += 1
            self._pending.append((name, THINGS.index(name_thing(kind)), 0 if handling is None else int(handling)))
        return row

    def remove(self, row: int) -> None:
        """Take a row out; it is not found any more. Raises KeyError for a row that is not there."""
        self._settle()
        with self._lock:
            for number, segment in enumerate(self._segments):
                place = self._place_of(number, segment, row)
                if place < 0:
                    continue
                dead = self._dead[number] if len(self._dead[number]) else np.zeros(segment.size, dtype=np.uint8)
                if dead[place]:
                    break
                dead[place] = 1
                self._dead[number] = dead
                return
        raise KeyError(row)

    def _place_of(self, number: int, segment: Segment, row: int) -> int:
        """Where a row stands in a segment, or -1; the order of its rows is worked out at the first removal."""
        known = self._row_orders.get(number)
        if known is None or known[0] is not segment:
            known = self._row_orders[number] = (segment, np.argsort(segment.rows, kind="stable"))
        order = known[1]
        at = int(np.searchsorted(segment.rows, row, sorter=order))
        return int(order[at]) if at < len(order) and segment.rows[order[at]] == row else -1

    def forget_removed(self) -> None:
        """Let nothing in memory hold a removed name: no segment, and nothing that any thread keeps for its searches.

        Segments with removed names are made anew, which takes as long as building them; the others stay.
        """
        self._settle()
        with self._lock:
            self._segments = [
                _merge([segment], [dead]) if len(dead) else segment
                for segment, dead in zip(self._segments, self._dead, strict=True)
            ]
            self._dead = [_NONE for _ in self._segments]
            self._row_orders, self._rights, self._local = {}, [], threading.local()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index as one file, whole or not at all; removed names are not in it."""
        self._settle()
        with self._lock:
            segment = _merge(self._segments, self._dead)
            write_segment(
                Path(path), segment, tables=tables_version(), rows=self._rows, with_handlings=self._with_handlings
            )

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> NameIndex:
        """Map a saved index into memory; processes share its pages.

        Raises IndexFileError where the file is damaged, or rests on other tables than this installation has.
        """
        head, segment = read_segment(Path(path))
        if head.tables != tables_version():
            raise IndexFileError("the index of names rests on other tables of names")
        return cls([segment], head.rows, with_handlings=head.with_handlings)

    def _settle(self) -> None:
        """Make segments of the names that were added since the last search."""
        if not self._pending:
            return
        with self._lock:
            if not self._pending:
                return
            names = [name for name, _, _ in self._pending]
            things = np.array([thing for _, thing, _ in self._pending], dtype=np.int8)
            numbers = np.array([handling for _, _, handling in self._pending], dtype=np.int64)
            first = self._rows - len(self._pending)
            segments = [*self._segments, _segment_of(names, things, numbers if self._with_handlings else None, first)]
            dead = [*self._dead, _NONE]
            while len(segments) > 1 and segments[-2].size < max(_TAIL, segments[-1].size * _GROWTH):
                joined = _merge(segments[-2:], dead[-2:])
                segments[-2:], dead[-2:] = [joined], [_NONE]
            self._segments, self._dead, self._pending = segments, dead, []

    def _rights_of(self, allowed: Iterable[int] | None, segments: list[Segment]) -> tuple[NDArray[np.uint8], ...]:
        if not self._with_handlings:
            return tuple(_NONE for _ in segments)
        if allowed is None:
            raise ValueError("the index has handlings: a search says which of them the viewer may see")
        for known, of, rights in self._rights:
            if known is allowed and of is segments:
                return rights
        numbers = np.unique(np.fromiter(allowed, dtype=np.int64))
        # A segment in which nothing may be seen must not look like one without rights.
        rights = tuple(
            np.isin(segment.handlings, numbers).astype(np.uint8) if len(segment.handlings) else np.zeros(1, np.uint8)
            for segment in segments
        )
        if isinstance(allowed, frozenset):
            self._rights = [(allowed, segments, rights), *self._rights[: _VIEWERS - 1]]
        return rights

    def _search(self, query: str, limit: int, kind: str | None, allowed: Iterable[int] | None) -> list[Hit]:
        with self._lock:
            segments, dead = self._segments, list(self._dead)
        rights = self._rights_of(allowed, segments)
        limit = min(limit, max(1, sum(segment.size for segment in segments)))
        readings = _readings(query, kind)
        while True:
            best = Best(
                score=np.empty(limit, dtype=np.float64),
                row=np.empty(limit, dtype=np.int64),
                segment=np.empty(limit, dtype=np.int32),
                unit=np.empty(limit, dtype=np.int32),
                held=np.zeros(2, dtype=np.int64),
            )
            if all(
                self._search_one(number, segment, question, things, rights[number], dead[number], best)
                for question, things in readings
                for number, segment in enumerate(segments)
            ):
                return self._hits(query, limit, best, segments, dead)
            # Some search ran out of room: everything anew, with twice as much.
            self._local.room = 2 * self._local.__dict__.get("room", _ROOM)

    def _search_one(
        self,
        number: int,
        segment: Segment,
        question: NDArray[np.int64],
        things: NDArray[np.uint8],
        rights: NDArray[np.uint8],
        dead: NDArray[np.uint8],
        best: Best,
    ) -> bool:
        """Search a segment; False where it ran out of room."""
        looked = search_segment(
            segment, number, question, things, self.floor, rights, dead, group_strength(), SEARCH_SCALES,
            self._scratch(number, segment), best,
        )  # fmt: skip
        return bool(looked >= 0)

    def _scratch(self, number: int, segment: Segment) -> Scratch:
        held: dict[int, tuple[Segment, Scratch]] = self._local.__dict__.setdefault("scratch", {})
        room: int = self._local.__dict__.setdefault("room", _ROOM)
        known = held.get(number)
        if known is not None and known[0] is segment and len(known[1].entry) >= room:
            return known[1]
        words, units = segment.words, len(segment.unit_weight)
        scratch = Scratch(
            slot=np.zeros(words, dtype=np.int32),
            seen=np.zeros(words, dtype=np.int32),
            near=np.zeros(8 * room, dtype=np.int32),
            mark=np.zeros(_BLOCK, dtype=np.uint32),
            marked=np.empty(_BLOCK + 1, dtype=np.int32),
            chosen=np.empty(units, dtype=np.int32),
            turn=np.empty(units, dtype=np.uint8),
            line=np.empty(units, dtype=np.int32),
            clock=np.zeros(3, dtype=np.int64),
            entry=np.zeros(room, dtype=np.int32),
            credit=np.zeros((room, MOST_ASKED), dtype=np.float32),
            bound=np.zeros((room, MOST_ASKED), dtype=np.float32),
            driver=np.zeros((room, MOST_ASKED), dtype=np.uint8),
        )
        held[number] = (segment, scratch)
        return scratch

    @staticmethod
    def _hits(query: str, limit: int, best: Best, segments: list[Segment], dead: list[NDArray[np.uint8]]) -> list[Hit]:
        count = int(best.held[0])
        found: list[tuple[float, int, int, int]] = []
        for score, number, unit in zip(
            best.score[:count].tolist(), best.segment[:count].tolist(), best.unit[:count].tolist(), strict=True
        ):
            segment, gone = segments[number], dead[number]
            start, end = segment.row_start[unit : unit + 2].tolist()
            rows = segment.rows[start : end if len(gone) else min(end, start + limit)].tolist()
            if len(gone):
                rows = [row for row, out in zip(rows, gone[start:end].tolist(), strict=True) if not out][:limit]
            found += [(-score, row, number, unit) for row in rows]
        found.sort()
        return [Hit(row, -score, query, segments[number], unit) for score, row, number, unit in found[:limit]]


def tables_version() -> str:
    """The versions of all tables that an index rests on; an index of others is built anew."""
    return f"{lexicon().version}/{NAME_WEIGHTS.version}/{GENERIC_WORDS_VERSION}"


def _things_of(kinds: Sequence[str] | None, count: int) -> NDArray[np.int8] | None:
    if kinds is None:
        return None
    places = {kind: THINGS.index(name_thing(kind)) for kind in set(kinds)}
    return np.fromiter((places[kind] for kind in kinds), dtype=np.int8, count=count)


def _segment_of(
    names: Sequence[str], things: NDArray[np.int8] | None, numbers: NDArray[np.int64] | None, first: int
) -> Segment:
    if numbers is None:
        handlings, places = np.zeros(1, dtype=np.int64), np.zeros(len(names), dtype=np.int64)
    else:
        handlings, places = np.unique(numbers, return_inverse=True)
    units = read_names(names, things, places.astype(np.int32), first)
    return build_segment(*units, handlings)


def _merge(segments: list[Segment], dead: list[NDArray[np.uint8]]) -> Segment:
    """One segment of several, without what was removed."""
    if len(segments) == 1 and not len(dead[0]):
        return segments[0]
    numbers: dict[str, int] = {}
    parts = [_names_of(segment, gone, numbers) for segment, gone in zip(segments, dead, strict=True)]
    size, word, thing, handling, row = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.argsort(row, kind="stable")
    word = gathered(_starts(size), word, order, _starts(size[order]))
    handlings, places = np.unique(handling, return_inverse=True)
    # Words of removed names alone must not stay: the file would still hold them.
    used, word = np.unique(word, return_inverse=True)
    texts = list(numbers)
    units = grouped(
        [texts[place] for place in used.tolist()],
        _starts(size[order]),
        word.astype(np.int32),
        thing[order].astype(np.int8),
        places[order].astype(np.int32),
        row[order],
    )
    return build_segment(*units, handlings)


def _names_of(segment: Segment, gone: NDArray[np.uint8], numbers: dict[str, int]) -> tuple[NDArray[Any], ...]:
    """Each name left in a segment: number of words, words (by `numbers`), kind, handling, row."""
    texts = [numbers.setdefault(segment.word(place), len(numbers)) for place in range(segment.words)]
    kept = np.flatnonzero(gone == 0) if len(gone) else np.arange(segment.size)
    unit = np.repeat(np.arange(len(segment.unit_weight)), np.diff(segment.row_start))[kept]
    size = np.diff(segment.unit_start)[unit].astype(np.int64)
    steps = np.arange(int(size.sum())) - np.repeat(_starts(size)[:-1], size)
    words = segment.unit_word[np.repeat(segment.unit_start[unit], size) + steps]
    return (
        size,
        np.array(texts, dtype=np.int32)[words],
        np.searchsorted(segment.class_start[:, 0], unit, side="right") - 1,
        segment.handlings[segment.unit_handling[unit]],
        segment.rows[kept],
    )


def _starts(size: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(size, dtype=np.int64)))


def _readings(query: str, kind: str | None) -> list[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    """A question as packed words, one for each way in which the kinds asked for read it."""
    asked = THINGS if kind is None else (name_thing(kind),)
    readings: dict[tuple[str, ...], NDArray[np.uint8]] = {}
    for thing in asked:
        words = name_words(query, thing)
        if words:
            readings.setdefault(words, np.zeros(len(THINGS), dtype=np.uint8))[THINGS.index(thing)] = 1
    return [(packed(words), things) for words, things in readings.items()]
