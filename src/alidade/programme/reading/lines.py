"""Lines of a paper as its file gives them, before they are gathered into paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SPACES: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", " " * 10)
SUPERSCRIPTS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
MARK: Final = re.compile(f"[{SUPERSCRIPTS}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its text, whether it begins a paragraph for certain, the level of a heading, cells of a table row."""

    text: str
    whole: bool = False  # a paragraph of its own: nothing is joined to it
    heading: int = 0
    bold: bool = False
    cells: tuple[str, ...] = ()
    page: int = 0


def superscript(digits: str) -> str:
    """Digits as the mark of a footnote."""
    return digits.translate(_SUPERSCRIPT)


def number_of_mark(mark: str) -> str:
    """The number of a footnote from its mark."""
    return mark.translate(_PLAIN)


def unmarked(text: str) -> str:
    """The text with a space for each sign of a footnote mark, so that places in it are places in the text."""
    return text.translate(_SPACES)
