"""Sections: the headings of a paper with what stands below each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from alidade.programme.reading.blocks import Block
from alidade.programme.reading.dates import find_dates
from alidade.programme.reading.labels import CLOSING
from alidade.programme.reading.proposals import FoundDate, FoundReference, Section
from alidade.programme.reading.references import find_references
from alidade.programme.reading.words import fold

STATE_OF_PLAY: Final = re.compile(
    r"^(?:state of play|etat d'avancement|etat des travaux|situacion actual|estado de la situacion|"
    r"estado de (?:avance|los trabajos)|ponto da situacao|situacao atual|estado (?:atual )?(?:dos trabalhos|"
    r"de adiantamento|da situacao)|progress (?:made|achieved)|progres realises|progresos realizados|"
    r"avances|progressos realizados|main results|principaux resultats|principales resultados|"
    r"principais resultados)"
)


def title_of(block: Block) -> str:
    """The title without a page number at its end."""
    return re.sub(r"[\s.…]*(?:,?\s*p\.?\s*\d{1,3}|\.{3,}\s*\d{1,3}|\t\d{1,3})\s*$", "", block.text).strip(" *")


def cited(blocks: Sequence[Block], notes: Mapping[str, Block]) -> list[Block]:
    """Blocks with the footnotes that they cite, wherever these stand; footnotes that are only near are left out."""
    found = [block for block in blocks if block.kind != "note"]
    for block in list(found):
        found += [notes[mark] for mark in block.marks if mark in notes and notes[mark] not in found]
    return found


def find_sections(blocks: Sequence[Block], notes: Mapping[str, Block], first: int) -> tuple[Section, ...]:
    """Sections from the headings after the first page (`first` is the place of the first block of the text)."""
    places = [p for p, block in enumerate(blocks) if p >= first and block.kind == "heading"]
    found: list[Section] = []
    for index, place in enumerate(places):
        block = blocks[place]
        following = places[index + 1] if index + 1 < len(places) else len(blocks)
        last = next((p for p in places[index + 1 :] if _ends(blocks[p], block)), len(blocks))
        own = cited(blocks[place:following], notes)
        dates: list[FoundDate] = [date for each in own for date in find_dates(each)]
        references: list[FoundReference] = [ref for each in own for ref in find_references(each)]
        found.append(
            Section(
                title=title_of(block), number=block.number, level=block.level or 1, paragraph=block.paragraph,
                block=block.ordinal, last_block=blocks[last - 1].ordinal, dates=tuple(dates),
                references=tuple(references),
            )
        )  # fmt: skip
    return tuple(found)


def _ends(block: Block, section: Block) -> bool:
    return (block.level or 1) <= (section.level or 1)


def is_closing(block: Block) -> bool:
    """Whether a heading opens what is no measure: introduction, conclusion, annex, list of acronyms."""
    return CLOSING.match(fold(block.text)) is not None
