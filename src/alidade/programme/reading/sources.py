"""Sources: the lines of a paper from whichever kind of file it is, under limits of size."""

from __future__ import annotations

from typing import Final

from alidade.model.errors import Unreadable
from alidade.programme.reading.lines import Line
from alidade.programme.reading.text_source import decode, text_lines

LARGEST: Final = 25 * 1024 * 1024
MOST_LINES: Final = 60_000
LONGEST_LINE: Final = 15_000
_ADVICE: Final = "Give the paper as text, DOCX, PDF or HTML."


def lines_of(content: bytes, name: str) -> list[Line]:
    """The lines of a paper. Raises Unreadable where it is too large, damaged, or of another kind."""
    if len(content) > LARGEST:
        raise Unreadable(f"{name} is larger than {LARGEST} bytes.", remedy="Give a smaller file.", code="too_large")
    if not content.strip():
        raise Unreadable(f"{name} is empty.", remedy=_ADVICE)
    lines = _lines(content, name)
    if len(lines) > MOST_LINES:
        raise Unreadable(f"{name} has more than {MOST_LINES} lines.", remedy="Give it in parts.", code="too_large")
    if any(len(line.text) > LONGEST_LINE for line in lines):
        raise Unreadable(f"{name} has a paragraph of more than {LONGEST_LINE} signs.", remedy=_ADVICE, code="too_large")
    if not any(line.text.strip() for line in lines):
        raise Unreadable(f"{name} holds no text.", remedy="A scan must go through text recognition first.")
    return lines


def _lines(content: bytes, name: str) -> list[Line]:
    head = content[:1024].lstrip()
    if content[:1024].find(b"%PDF-") >= 0:
        from alidade.programme.reading.pdf_source import pdf_lines

        return pdf_lines(content, name)
    if content.startswith(b"PK\x03\x04"):
        from alidade.programme.reading.docx_source import docx_lines

        return docx_lines(content, name)
    if content.startswith(
        (b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x7fELF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b")
    ):
        raise Unreadable(f"{name} is of a kind that is not read.", remedy=_ADVICE)
    lowered = head[:512].lower()
    if name.lower().endswith((".html", ".htm", ".xhtml")) or lowered.startswith((b"<!doctype html", b"<html")):
        from alidade.programme.reading.html_source import html_lines

        return html_lines(content, name)
    return text_lines(decode(content, name))
