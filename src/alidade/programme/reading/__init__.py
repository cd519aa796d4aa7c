"""Reading papers: proposals for the register from policy papers, by rules and tables, offline; a person decides."""

from __future__ import annotations

from alidade.programme.reading.proposals import (
    Answer,
    Clause,
    Found,
    FoundActor,
    FoundDate,
    FoundFigure,
    FoundReference,
    Instrument,
    Measure,
    Paragraph,
    Reading,
    Section,
    Term,
)
from alidade.programme.reading.reader import chain_of, read_paper

__all__ = [
    "Answer",
    "Clause",
    "Found",
    "FoundActor",
    "FoundDate",
    "FoundFigure",
    "FoundReference",
    "Instrument",
    "Measure",
    "Paragraph",
    "Reading",
    "Section",
    "Term",
    "chain_of",
    "read_paper",
]
