"""Sides: one record of a pair by what the viewer sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alidade.services.picture.captions import caption_of
from alidade.store.reading import SeenStatement
from alidade.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two records: its reference, type, what it is called, whose it is."""

    record: str
    thing: str
    caption: str
    owner: str


def side_of(record: str, statements: Sequence[SeenStatement], vocabulary: Vocabulary) -> Side:
    """A record by what the viewer sees of it."""
    thing = statements[0].thing if statements else ""
    return Side(
        record=record,
        thing=thing,
        caption=caption_of(thing, statements, vocabulary),
        owner=statements[0].owner if statements else "",
    )
