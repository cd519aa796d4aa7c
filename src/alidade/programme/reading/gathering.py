"""Gathering: lines become paragraphs, across line ends, hyphens and page ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from alidade.programme.reading.labels import CLOSING, is_field, labelled
from alidade.programme.reading.lines import SUPERSCRIPTS, Line
from alidade.programme.reading.text_source import STAR_NOTE
from alidade.programme.reading.words import fold, reading_words

_BULLET: Final = re.compile(r"^(?:[-•◆●▪■□➢➤✓‣·*–—\uf0b7\uf0a7](?:\s*[◆●▪■•])?\s+|o\s{1,3}(?=[A-ZÀ-Ý]))")
_NUMBER: Final = re.compile(
    r"^(?:\(?\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|\(?[a-z]{1,2}\)|\(?[ivx]{1,5}\)|[IVX]{1,5}\.)\s+\S"
)
_NOTE: Final = re.compile(rf"^(?:[{SUPERSCRIPTS}]+|{STAR_NOTE}+)\s*\S")
_ENDS: Final = re.compile(rf"[.;:!?…»”\"')\]]\s*[{SUPERSCRIPTS}{STAR_NOTE}]*$")
_LABEL: Final = re.compile(r"^[^\W\d_][^:\t]{0,28}\s?:(?:\s|$)")
_EDITION: Final = re.compile(r"^(?:(?:REV|ADD|COR|DCL|INIT|EXT)(?:\s?\d{1,2})?\s*){1,6}$")
_COUNCIL_NUMBER: Final = re.compile(r"^(?:ST\s)?\d{4,5}(?:/\d{1,2})?/\d\d$")
_CODE: Final = re.compile(r"^[A-Z][A-Z/ ]{1,18}\s?\d{0,4}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A paragraph before it is known what it is."""

    text: str
    heading: int = 0
    bold: bool = False
    cells: tuple[str, ...] = ()
    page: int = 0
    alone: bool = True  # an empty line stands before it


def gather(lines: Sequence[Line]) -> list[Draft]:
    """Paragraphs from lines. Lines that are whole are paragraphs; others are joined as their look demands."""
    width = _width(lines)
    drafts: list[Draft] = []
    open_draft: Draft | None = None
    last = ""
    blank = True
    for line in lines:
        if not line.text.strip():
            if open_draft is not None:
                drafts.append(open_draft)
            open_draft, blank = None, True
            continue
        page = abs(line.page)
        if open_draft is not None and not line.whole and not blank and _joins(open_draft, last, line, width):
            open_draft = replace(open_draft, text=_join(open_draft.text, line.text), bold=open_draft.bold and line.bold)
        else:
            if open_draft is not None:
                drafts.append(open_draft)
            open_draft = Draft(
                text=line.text, heading=line.heading, bold=line.bold, cells=line.cells, page=page, alone=blank
            )
        if line.whole:
            drafts.append(open_draft)
            open_draft = None
        last, blank = line.text, False
    if open_draft is not None:
        drafts.append(open_draft)
    return _continued(drafts)


def _width(lines: Sequence[Line]) -> int:
    """How long a full line is where the paper is broken into lines; 0 where each line is a paragraph."""
    lengths = sorted(len(line.text) for line in lines if len(line.text) > 20 and not line.whole)
    if len(lengths) < 5:
        return 0
    full = lengths[int(len(lengths) * 0.9)]
    return full if full < 140 else 0


def begins(text: str) -> bool:
    """Whether a line looks like the beginning of a paragraph, item, footnote, or row such as "From: Presidency"."""
    return (
        bool(_BULLET.match(text) or _NUMBER.match(text) or _NOTE.match(text))
        or _is_row(text)
        or labelled(text)
        or is_field(text)
    )


def _is_row(text: str) -> bool:
    label = _LABEL.match(text)
    return label is not None and re.sub(r"[^a-z]", "", fold(label[0])) in _row_words()


@cache
def _row_words() -> frozenset[str]:
    return frozenset(re.sub(r"[^a-z]", "", fold(word)) for words in reading_words().front.values() for word in words)


@cache
def _clause_words() -> re.Pattern[str]:
    words = sorted({str(fold(word)) for each in reading_words().preamble.values() for word in each}, key=len)
    return re.compile(rf"(?:{'|'.join(re.escape(word) for word in reversed(words))})(?!\w)")


def opens_clause(text: str) -> bool:
    """Whether a line begins a clause of a preamble, such as "Recalling ...", with a capital letter."""
    return text[:1].isupper() and _clause_words().match(fold(text[:60])) is not None


def _joins(draft: Draft, last: str, line: Line, width: int) -> bool:
    text = line.text
    if line.page < 0:  # within one stretch of bold
        return True
    if draft.cells or draft.heading or "\t" in text or ("\t" in draft.text and not text[:1].islower()):
        return False
    if begins(text) or _CODE.match(text) or _CODE.match(last):
        return False
    if last.rstrip().endswith((".", ";", ":")) and text[:1].isupper() and CLOSING.fullmatch(fold(text).strip(" .:")):
        return False
    if last.rstrip().endswith((",", ";")) and opens_clause(text):
        return False
    if draft.bold != line.bold and (draft.bold or line.bold) and not text[:1].islower():
        return False
    if text[:1].islower():
        return True
    if not width:
        return False
    if _LABEL.match(text) and len(last) < 0.7 * width:
        return False
    return len(last) >= 0.7 * width


def _join(left: str, right: str) -> str:
    left, right = left.rstrip(), right.lstrip()
    if left.endswith(("-", "\u00ad", "‐")) and len(left) > 1 and left[-2].isalpha() and right[:1].islower():
        word = re.search(r"([^\W\d_]+).$", left)
        # A prefix keeps its hyphen; a word broken at the end of a line does not.
        kept = word is not None and word[1].lower() in {"non", "sous", "ex", "co", "pre", "pré", "self", "cross"}
        return left + right if kept else left[:-1] + right
    return f"{left} {right}"


def _continued(drafts: Sequence[Draft]) -> list[Draft]:
    """Join what a page end has cut: a paragraph without an end, and behind footnotes one that begins small."""
    found: list[Draft] = []
    for draft in drafts:
        if found and _EDITION.match(draft.text) and _COUNCIL_NUMBER.match(found[-1].text):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {draft.text}")  # "REV 1" below the number
            continue
        target = _cut(found) if _goes_on(draft) else None
        if target is None:
            found.append(draft)
        else:
            found[target] = replace(found[target], text=_join(found[target].text, draft.text))
    return found


def _goes_on(draft: Draft) -> bool:
    text = draft.text
    if text.endswith(";"):  # a clause of its own: "recalling the declaration of 2013;"
        return False
    return text[:1].islower() and not begins(text) and not draft.heading and not draft.cells and "\t" not in text


def _cut(found: Sequence[Draft]) -> int | None:
    for place in range(len(found) - 1, max(-1, len(found) - 9), -1):
        draft = found[place]
        if _NOTE.match(draft.text):
            continue
        if draft.heading or draft.cells or "\t" in draft.text or _ENDS.search(draft.text.rstrip()):
            return None
        return place if len(draft.text) > 40 else None
    return None
