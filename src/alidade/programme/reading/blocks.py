"""Blocks: the paragraphs of a paper, each known as heading, paragraph, item, footnote or row, and numbered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from alidade.programme.reading.gathering import Draft
from alidade.programme.reading.labels import CLOSING, labelled
from alidade.programme.reading.lines import MARK, SUPERSCRIPTS, number_of_mark
from alidade.programme.reading.text_source import STAR_NOTE
from alidade.programme.reading.words import fold

BlockKind = Literal["heading", "paragraph", "item", "note", "row"]

_SERIES: Final = re.compile(r"^(\d{1,3})\.\s+(?=\S)")
_NUMBER: Final = re.compile(r"^\(?(\d{1,3})[.)]\s+(?=\S)")
_DECIMAL: Final = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(?=\S)")
_LETTER: Final = re.compile(r"^\(?([a-z])\)\s+(?=\S)")
_SMALL_ROMAN: Final = re.compile(r"^\(?([ivx]{1,5})\)\s+(?=\S)")
_ROMAN: Final = re.compile(r"^([IVX]{1,5})\.?\s+(?=[A-ZÀ-Ý\"«“])")
_CAPITAL: Final = re.compile(r"^([A-H])\.\s+(?=[A-ZÀ-Ý\"«“])")
_BULLET: Final = re.compile(r"^(?:[-•◆●▪■□➢➤✓‣·*–—\uf0b7\uf0a7]\s*)+\s(?=\S)|^o\s{1,3}(?=[A-ZÀ-Ý])")
_NOTE: Final = re.compile(rf"^([{SUPERSCRIPTS}]+)\s*(?=\S)")
_STAR: Final = re.compile(rf"^({STAR_NOTE}+)\s*(?=\S)")
_TERMINAL: Final = re.compile(rf"[.;,!?…]\s*[{SUPERSCRIPTS}]*\)?$")
_HEADING_LETTERS, _HEADING_WORDS = 260, 40
_SHORT_SERIES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph of a paper: which it is (from 1), its kind, its text, the number or letter that stands before it.

    `paragraph` is the number by which people cite it: printed where the paper numbers its paragraphs (headings and
    footnotes there have the number of the paragraph before them), else the ordinal. `numbered` says which.
    """

    ordinal: int
    kind: BlockKind
    text: str
    number: str = ""
    level: int = 0
    bold: bool = False
    cells: tuple[str, ...] = ()
    paragraph: int = 0
    numbered: bool = False
    page: int = 0

    @property
    def marks(self) -> tuple[str, ...]:
        """The numbers of the footnotes that the text cites."""
        return tuple(number_of_mark(mark) for mark in MARK.findall(self.text))


def build(drafts: Sequence[Draft]) -> tuple[Block, ...]:
    """Blocks from paragraphs; ordinals from 1."""
    blocks = [_block(place, draft) for place, draft in enumerate(drafts, 1)]
    return tuple(_numbered(blocks, drafts))


def notes_by_number(blocks: Sequence[Block]) -> Mapping[str, Block]:
    """The footnotes by their number; where a number is used twice, the first."""
    found: dict[str, Block] = {}
    for block in blocks:
        if block.kind == "note" and block.number:
            found.setdefault(block.number, block)
    return found


def _block(place: int, draft: Draft) -> Block:
    text = re.sub(r" {2,}", " ", draft.text.strip())
    base = Block(ordinal=place, kind="paragraph", text=text, bold=draft.bold, page=draft.page)
    if draft.cells:
        return replace(base, kind="row", cells=draft.cells)
    for pattern in (_NOTE, _STAR):
        note = pattern.match(text)
        if note and not draft.heading:
            number = number_of_mark(note[1]) if pattern is _NOTE else "*" * len(note[1])
            return replace(base, kind="note", number=number, text=text[note.end() :])
    bullet = _BULLET.match(text)
    if bullet and not draft.heading:
        return replace(base, kind="item", text=text[bullet.end() :], number="•")
    number, rest, level = _number(text)
    if draft.heading or _headed(text, rest, number, draft):
        return replace(base, kind="heading", text=rest, number=number, level=draft.heading or level)
    if number.isupper() and level == 2:  # no heading: a name such as "B. Martin"
        return replace(base, text=text)
    if number and level > 1:
        return replace(base, kind="item", number=number, text=rest, level=level)
    return replace(base, number=number, text=rest)


def _number(text: str) -> tuple[str, str, int]:
    """The number before a text, the text, and the level that such a number has among headings."""
    for pattern, level in ((_ROMAN, 1), (_DECIMAL, 3), (_SERIES, 2), (_NUMBER, 2), (_LETTER, 3), (_SMALL_ROMAN, 4)):
        found = pattern.match(text)
        if found:
            return found[1], text[found.end() :], level
    capital = _CAPITAL.match(text)
    if capital:  # "A. Training" below "II. Activities"
        return capital[1], text[capital.end() :], 2
    return "", text, 1


def _headed(text: str, rest: str, number: str, draft: Draft) -> bool:
    """Whether a paragraph without a mark of its own reads like a heading."""
    if not rest or len(rest) > _HEADING_LETTERS or len(rest.split()) > _HEADING_WORDS or "\t" in text:
        return False
    if draft.bold and not _TERMINAL.search(rest):
        return True
    if CLOSING.fullmatch(fold(rest).strip(" .:")):  # "Conclusion", wherever it stands
        return True
    if labelled(text):
        return not _TERMINAL.search(rest) or len(rest) < 30
    if not rest[:1].isupper() and not (number and rest[:1] in '"«“('):
        return False
    return not _TERMINAL.search(rest) and not rest.endswith(":") and (draft.alone or bool(number))


def _numbered(blocks: Sequence[Block], drafts: Sequence[Draft]) -> list[Block]:
    """Give every block its paragraph number: printed where a long series of sentences is numbered, else the ordinal."""
    expected, chosen = 1, {}
    for block, draft in zip(blocks, drafts, strict=True):
        series = _SERIES.match(draft.text.strip())
        if series and not draft.heading and int(series[1]) == expected:
            chosen[block.ordinal] = expected
            expected += 1
    sentences = [b for b in blocks if b.ordinal in chosen and _TERMINAL.search(b.text.rstrip('"»”)'))]
    bodies = [b for b in blocks if b.kind in ("paragraph", "item") and len(b.text) > 80]
    is_numbered = (
        len(chosen) >= _SHORT_SERIES and len(sentences) >= 0.6 * len(chosen) and len(chosen) >= 0.5 * len(bodies)
    )
    if not is_numbered:
        return [replace(block, paragraph=block.ordinal) for block in blocks]
    found: list[Block] = []
    current = 0
    for block in blocks:
        current = chosen.get(block.ordinal, current)
        inside = block.ordinal in chosen
        kind: BlockKind = "paragraph" if inside else block.kind
        found.append(replace(block, paragraph=current, numbered=inside, kind=kind))
    return found
