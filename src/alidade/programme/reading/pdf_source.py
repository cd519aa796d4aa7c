"""PDF as lines: page by page, without running heads and page numbers, marks of footnotes told by their small type."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from alidade.model.errors import Unreadable
from alidade.programme.reading.lines import Line, superscript
from alidade.programme.reading.text_source import text_lines

_MOST_PAGES: Final = 600
_MOST_SIGNS: Final = 5_000_000
_EDGE: Final = 3
_PAGE_NUMBER: Final = re.compile(
    r"^(?:page|página|pág\.?|p\.)?\s*\d{1,4}\s*(?:(?:of|sur|de)\s*\d{1,4})?$|^\d{1,3}\s*/\s*\d{1,3}$|^[-–]\s*\d{1,4}\s*[-–]$",
    re.I,
)
_LIGATURES: Final = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": "-"})


def pdf_lines(content: bytes, name: str) -> list[Line]:
    """The lines of a PDF. Raises Unreadable for what is damaged, locked, too long, or only pictures."""
    pages = _pages(content, name)
    bodies = _without_edges([page.translate(_LIGATURES).split("\n") for page in pages])
    lines: list[Line] = []
    for number, body in enumerate(bodies, 1):
        text = "\n".join(body)
        lines += [_on_page(line, number) for line in text_lines(text)]
        lines.append(Line(text="", page=number))
    return lines


def _on_page(line: Line, number: int) -> Line:
    return Line(text=line.text, whole=line.whole, heading=line.heading, bold=line.bold, cells=line.cells, page=number)


def _pages(content: bytes, name: str) -> list[str]:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(f"{name} is locked with a password.", remedy="Save it without one.")
        if len(reader.pages) > _MOST_PAGES:
            raise Unreadable(f"{name} has more than {_MOST_PAGES} pages.", remedy="Give it in parts.", code="too_large")
        found, size = [], 0
        for page in reader.pages:
            text = _text(page)
            size += len(text)
            if size > _MOST_SIGNS:
                raise Unreadable(f"{name} holds more text than a paper has.", code="too_large")
            found.append(text)
    except Unreadable:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
        ArithmeticError,
        AssertionError,
        MemoryError,
    ) as error:
        raise Unreadable(f"{name} is damaged.", remedy="Print it to PDF again, or give it as text or DOCX.") from error
    if not any(text.strip() for text in found):
        raise Unreadable(f"{name} holds no text.", remedy="A scan must go through text recognition first.")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch of text of one size, and how high on the page it stands."""

    text: str
    size: float
    height: float


def _text(page: Any) -> str:
    """The text of a page: an empty line where the gap is wider than usual, marks of footnotes as superscript digits."""
    pieces: list[_Piece] = []

    def visit(text: str, matrix: Any, text_matrix: Any, font: Any, size: float) -> None:
        scale = abs(float(text_matrix[3]) or float(text_matrix[0]) or 1.0) * abs(float(matrix[3]) or 1.0)
        height = float(text_matrix[4]) * float(matrix[1]) + float(text_matrix[5]) * float(matrix[3]) + float(matrix[5])
        if text:
            pieces.append(_Piece(text=text, size=round(abs(float(size or 0.0)) * scale, 1), height=height))

    page.extract_text(visitor_text=visit)
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[piece.size] += len(piece.text.strip())
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    notes = _note_numbers(pieces, usual)
    gaps = _gaps(pieces)
    ordered = sorted(gaps.values())
    wide = 1.28 * ordered[len(ordered) // 2] if ordered else 0.0
    parts: list[str] = []
    for place, piece in enumerate(pieces):
        if gaps.get(place, 0.0) > wide > 0:
            parts.append("\n")
        parts.append(_marked(piece, usual, place, pieces, notes))
    return "".join(parts)


def _gaps(pieces: Sequence[_Piece]) -> dict[int, float]:
    """How far below the line before it each piece stands that begins a line."""
    found: dict[int, float] = {}
    last: float | None = None
    new_line = False
    for place, piece in enumerate(pieces):
        new_line = new_line or "\n" in piece.text
        if not piece.text.strip():
            continue
        if last is not None and new_line and abs(last - piece.height) > 2:
            found[place] = abs(last - piece.height)
        last, new_line = piece.height, piece.text.endswith("\n")
    return found


def _note_numbers(pieces: Sequence[_Piece], usual: float) -> frozenset[str]:
    """The numbers with which the footnotes of a page begin: digits at the head of a line in smaller type."""
    found = set()
    filled = [(place, piece) for place, piece in enumerate(pieces) if piece.text.strip()]
    for (place, piece), (_, following) in pairwise(filled):
        begins = place > 0 and (piece.text.startswith("\n") or pieces[place - 1].text.endswith("\n"))
        if begins and re.fullmatch(r"\d{1,3}", piece.text.strip()) and following.size < 0.95 * usual:
            found.add(piece.text.strip())
    return frozenset(found)


def _marked(piece: _Piece, usual: float, place: int, pieces: Sequence[_Piece], notes: frozenset[str]) -> str:
    bare = piece.text.strip()
    if not re.fullmatch(r"\d{1,3}", bare) or piece.size <= 0:
        return piece.text
    following = next((p for p in pieces[place + 1 :] if p.text.strip()), None)
    small = piece.size < 0.8 * usual and (
        following is None or piece.size < 0.95 * following.size or piece.size < 0.7 * usual
    )
    before = "".join(p.text for p in pieces[max(0, place - 3) : place])
    glued = bool(before) and not before[-1].isspace() and not before[-1].isdigit()
    glued = glued or bool(before[-4:].isdigit() and len(bare) < 3)  # behind a year
    heads_line = before.endswith("\n") or piece.text.startswith("\n") or not before
    if small or (bare in notes and (glued or (heads_line and following is not None and following.size < 0.95 * usual))):
        return piece.text.replace(bare, superscript(bare))
    return piece.text


def _without_edges(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Pages without the lines that stand at the head or foot of most of them, and without page numbers."""
    repeated: Counter[str] = Counter()
    for page in pages:
        filled = [line for line in page if line.strip()]
        edges = {_shape(line) for line in (*filled[:_EDGE], *filled[-_EDGE:])}
        repeated.update(shape for shape in edges if shape)
    often = {shape for shape, count in repeated.items() if len(pages) >= 3 and count >= max(3, 0.5 * len(pages))}
    if len(pages) == 2:
        often = _on_both(pages)
    found: list[list[str]] = []
    for page in pages:
        places = [place for place, line in enumerate(page) if line.strip()]
        edge = {*places[:_EDGE], *places[-_EDGE:]}
        found.append(
            [
                line
                for place, line in enumerate(page)
                if not (place in edge and (_shape(line) in often or _PAGE_NUMBER.match(line.strip())))
            ]
        )
    return found


def _on_both(pages: Sequence[Sequence[str]]) -> set[str]:
    """The outermost lines that two pages share, at the head and at the foot."""
    filled = [[line for line in page if line.strip()] for page in pages]
    return {
        _shape(first[edge])
        for first, last in [filled]
        for edge in (0, -1)
        if first and last and len(first[edge]) < 90 and _shape(first[edge]) == _shape(last[edge])
    }


def _shape(line: str) -> str:
    """A line with its numbers made alike, so that "page 3" and "page 4" are the same."""
    return re.sub(r"\s+", " ", re.sub(r"\d+", "0", line.strip()))
