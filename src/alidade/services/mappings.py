"""Mappings: how an authority read a kind of file last time, what is wrong with a mapping, and what it would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from alidade.formats.guess import fold
from alidade.formats.mapping import Mapping, check_mapping
from alidade.model.canonical import sha256_hex
from alidade.model.draft import Draft, Place, Problem
from alidade.model.errors import Invalid
from alidade.model.handling import Handling, handling_bytes, make_handling
from alidade.model.viewer import Actor
from alidade.services.preparing import InternedHandling, PreparedRecord, Preparer
from alidade.store import mappings
from alidade.store.database import Transaction
from alidade.vocabulary import Vocabulary


def header_digest(header: Sequence[str]) -> str:
    """By what a kind of file is known again: its column names, without capitals, accents and signs, in their order."""
    return sha256_hex("\x1f".join(fold(name) for name in header).encode("utf-8", "replace"))


def remembered(tx: Transaction, actor: Actor, header: Sequence[str], vocabulary: Vocabulary) -> Mapping | None:
    """The mapping that the authority used last for this header, if it still fits; None otherwise."""
    kept = mappings.kept_mapping(tx, actor.viewer.authority, header_digest(header))
    if kept is None:
        return None
    try:
        mapping = msgspec.convert(kept[1], Mapping)
        check_mapping(mapping, header, vocabulary)
    except (msgspec.ValidationError, Invalid):
        return None
    return mapping


def remember(tx: Transaction, actor: Actor, header: Sequence[str], name: str, mapping: Mapping) -> None:
    """Keep the mapping that was used, for the next file with this header."""
    mappings.keep_mapping(
        tx,
        authority=actor.viewer.authority,
        header=header_digest(header),
        name=name,
        content=msgspec.to_builtins(mapping),
        officer=actor.officer,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFault:
    """What is wrong with one column of a mapping, or with all of it (empty column)."""

    column: str
    sentence: str


def mapping_faults(mapping: Mapping, header: Sequence[str], vocabulary: Vocabulary) -> tuple[MappingFault, ...]:
    """Everything that keeps a mapping from being used, column by column; empty where it can be."""
    found = [*_whole_faults(mapping, vocabulary), *_column_faults(mapping, header, vocabulary)]
    if not found:
        try:
            check_mapping(mapping, header, vocabulary)
        except Invalid as error:
            found.append(MappingFault(column="", sentence=error.message))
    return tuple(found)


def _whole_faults(mapping: Mapping, vocabulary: Vocabulary) -> Iterator[MappingFault]:
    if not mapping.thing and not mapping.thing_column:
        yield MappingFault(column="", sentence="Say what the rows are about: choose the type of thing.")
    if mapping.thing and mapping.thing not in vocabulary.things:
        yield MappingFault(column="", sentence="There is no such type of thing.")
    if mapping.evaluation_scheme not in vocabulary.evaluation_schemes:
        yield MappingFault(column="", sentence="The evaluation scheme is not known.")
    if not mapping.columns and not mapping.constants:
        yield MappingFault(column="", sentence="No column is read; say at least which one is the name.")


def _column_faults(mapping: Mapping, header: Sequence[str], vocabulary: Vocabulary) -> Iterator[MappingFault]:
    properties = vocabulary.properties_of(mapping.thing) if mapping.thing in vocabulary.things else None
    used: set[str] = set()
    for column in mapping.columns:
        if column.column not in header:
            yield MappingFault(column=column.column, sentence="The file has no such column.")
        elif properties is not None and column.property not in properties:
            yield MappingFault(column=column.column, sentence="This type of thing has no such property.")
        if column.column in used:
            yield MappingFault(column=column.column, sentence="This column stands twice in the mapping.")
        used.add(column.column)
    others = (*mapping.keys, mapping.thing_column, mapping.evaluation_column, mapping.language_column)
    for name in dict.fromkeys((*others, mapping.handling_column)):
        if name and name not in header:
            yield MappingFault(column=name, sentence="The file has no such column.")


RowState = Literal["kept", "quarantined", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFate:
    """What would become of one row: its statements as (property, value), and what is wrong with which field."""

    row: int
    state: RowState
    thing: str
    statements: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


def row_fates(
    items: Iterable[Draft | Problem], handling: Handling, scheme: str, vocabulary: Vocabulary
) -> tuple[RowFate, ...]:
    """What would become of drafts and problems under a handling; nothing is kept. Raises Invalid for the handling."""
    normal = make_handling(handling, vocabulary)
    interned = InternedHandling(number=0, digest=sha256_hex(handling_bytes(normal)), handling=normal)
    preparer = Preparer(vocabulary, {"import": interned}, scheme)
    problems: dict[int, list[Problem]] = {}
    kept: dict[int, PreparedRecord] = {}
    for item in items:
        if isinstance(item, Problem):
            problems.setdefault(item.place.row, []).append(item)
            continue
        record, remarks = preparer.prepare(item)
        row = (item.place or Place(file="", row=0)).row
        problems.setdefault(row, []).extend(remarks)
        if record is not None:
            kept[row] = record
    return tuple(
        RowFate(
            row=row,
            state="rejected" if row not in kept else "quarantined" if kept[row].quarantined else "kept",
            thing=kept[row].draft.thing if row in kept else "",
            statements=tuple((c.claim.property, c.claim.value) for c in kept[row].claims) if row in kept else (),
            problems=tuple(problems.get(row, ())),
        )
        for row in sorted({*kept, *(row for row, found in problems.items() if found)})
    )
