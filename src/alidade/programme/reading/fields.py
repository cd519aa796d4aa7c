"""Fields of a measure: who is responsible and by when, in a line such as "Lead: Europol" or a column of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from alidade.programme.reading.actors import ADDRESSED, bare_actors, find_actors
from alidade.programme.reading.blocks import Block
from alidade.programme.reading.dates import find_dates
from alidade.programme.reading.labels import field_label
from alidade.programme.reading.proposals import FoundActor, FoundDate
from alidade.programme.reading.words import Folded, fold, reading_words

RESPONSIBLE: Final = "responsible"
DUE: Final = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A stretch of a block that says who is responsible, or by when."""

    name: str
    block: Block
    start: int
    end: int


def column_of(cell: str) -> str:
    """What a column with this heading holds: `responsible`, `due`, or nothing that is known here."""
    plain = fold(cell).strip(" .:")
    singular = re.sub(r"\W*\(?e?s\)?$", "", plain)
    for name, words in reading_words().fields.items():
        if any(word in (plain, singular) or re.match(rf"{re.escape(word)}s?\b", plain) for word in words):
            return name
    return ""


def fields_of(blocks: Sequence[Block], columns: Mapping[str, int]) -> Iterator[Field]:
    """The fields of a measure: cells of its row (`columns` by name of the field), and labelled lines."""
    for block in blocks:
        if block.cells and columns:
            yield from _cells(block, columns)
        elif block.kind != "note":
            yield from _labelled(block)


def _cells(block: Block, columns: Mapping[str, int]) -> Iterator[Field]:
    place = 0
    for index, cell in enumerate(block.cells):
        start = block.text.find(cell, place) if cell else place
        place = max(start, place) + len(cell)
        for name, column in columns.items():
            if column == index and name in (RESPONSIBLE, DUE):
                yield Field(name=name, block=block, start=max(start, 0), end=max(start, 0) + len(cell))


def _labelled(block: Block) -> Iterator[Field]:
    labels = list(field_label().finditer(Folded(fold(block.text))))
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(block.text)
        name = label.lastgroup or ""
        if end - label.end() <= 200:
            yield Field(name=name, block=block, start=label.end(), end=end)


def responsible(fields: Sequence[Field], language: str, *, of_the_union: bool) -> Iterator[FoundActor]:
    """The actors whom a field of a measure names as responsible, also by a bare name such as "Commission"."""
    for field in fields:
        if field.name != RESPONSIBLE:
            continue
        found = [
            *find_actors(field.block, language, of_the_union=of_the_union),
            *bare_actors(field.block, field.start, field.end, language),
        ]
        for actor in found:
            if field.start <= actor.start < field.end and (actor.kind in ADDRESSED or actor.value == "EMPACT"):
                yield replace(actor, rule="responsible-field", confidence=0.95)


def due(fields: Sequence[Field]) -> tuple[bool, FoundDate | None]:
    """Whether a field says by when, and the date in it; None where it says that no date is set."""
    stated = [field for field in fields if field.name == DUE]
    for field in stated:
        dates = [date for date in find_dates(field.block) if field.start <= date.start < field.end]
        if dates:
            return True, dates[-1]
    return bool(stated), None
