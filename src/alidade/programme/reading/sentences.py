"""Sentences of a paragraph, by their places."""

from __future__ import annotations

import re
from typing import Final

_END: Final = re.compile(r"[.!?…][\"»”’')\]]*[⁰¹²³⁴⁵⁶⁷⁸⁹]*\s+(?=[A-ZÀ-Ý«\"“(\d¿])")
_SHORT: Final = re.compile(
    r"(?:\b(?:No|Nos|no|n|N|p|pp|Doc|doc|art|Art|St|Sr|Sra|Mr|Mrs|Ms|Dr|vol|Vol|cf|Cf|para|paras|prev|préc|prec|ant|al"
    r"|e\.g|i\.e|U\.S|EE|UU|núm|n\.º|M|etc|ex)|\b[A-Z]|^\d{1,3}|^[IVX]+)\.$"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence."""
    found: list[tuple[int, int]] = []
    start = 0
    for end in _END.finditer(text):
        head = text[start : end.start() + 1]
        if _SHORT.search(head[-12:]):
            continue
        found.append((start, end.start() + len(end[0].rstrip())))
        start = end.end()
    if text[start:].strip():
        found.append((start, len(text.rstrip())))
    return found or [(0, len(text))]


def sentence_at(text: str, place: int) -> tuple[int, int]:
    """The sentence in which a place lies."""
    for start, end in sentences(text):
        if start <= place < end:
            return start, end
    return 0, len(text)
