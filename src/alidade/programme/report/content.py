"""The content of a report: headings, numbered paragraphs with notes, tables that add up, charts; in one language."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["TONES", "Bars", "Block", "Content", "Fact", "Heading", "Note", "Paragraph", "Row", "TableBlock"]


class Note(Struct, frozen=True, kw_only=True):
    """A footnote: its text as printed, with the number of the paper that it resolves to, if it is one."""

    text: str
    document: str = ""


class Heading(Struct, frozen=True, kw_only=True, tag="heading"):
    """A heading of level 1 to 3. `language` is set where it could not be had in the language of the report."""

    text: str
    level: Annotated[int, Meta(ge=1, le=3)] = 1
    language: str = ""


class Paragraph(Struct, frozen=True, kw_only=True, tag="paragraph"):
    """A numbered paragraph, its notes at its end.

    `of` is the key of the fact it tells, for the comparison with the report before. `language` is set where its text
    could not be had in the language of the report; the reader is told.
    """

    number: int
    text: str
    notes: tuple[Note, ...] = ()
    of: str = ""
    language: str = ""


class Row(Struct, frozen=True, kw_only=True):
    """A row of a table: its name, and its cells as printed. `total` rows are the sums of those above.

    `tones`: how far what each cell says has come (a stage), for its ground; the cell says it in letters or signs too.
    """

    name: str
    cells: tuple[str, ...]
    total: bool = False
    tones: tuple[str, ...] = ()


TONES: dict[str, str] = {
    "done": "#a9cdc4",
    "partly": "#c9dfd9",
    "under_way": "#dfebe8",
    "planned": "#edf3f1",
    "silent": "#f1e3cf",
    "not_asked": "#eceae6",
}
"""The ground of a cell by its stage, light enough for black letters; other stages have none."""


class TableBlock(Struct, frozen=True, kw_only=True, tag="table"):
    """A table with its title, the names of its columns (the first is that of the rows), and where it comes from."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    source: str


class Bars(Struct, frozen=True, kw_only=True, tag="bars"):
    """A chart of bars, said twice: as a picture, and as the words and numbers that stand in it."""

    title: str
    bars: tuple[tuple[str, int], ...]
    source: str


Block = Heading | Paragraph | TableBlock | Bars


class Fact(Struct, frozen=True, kw_only=True):
    """One thing that the report tells, under a key that stays the same from report to report, as it was told."""

    key: str
    text: str


class Content(Struct, frozen=True, kw_only=True):
    """A whole report, ready to be written in any form.

    `classification` stands on every page; `conditions` says under which handling it may be used. `documents` are the
    papers that it refers to, resolved. `untranslated` names the texts that exist in another language only.
    """

    title: str
    subtitle: str
    language: str
    day: str
    authority: str
    classification: str
    conditions: str
    blocks: tuple[Block, ...]
    documents: tuple[tuple[str, str], ...] = ()
    facts: tuple[Fact, ...] = ()
    untranslated: tuple[str, ...] = ()
