"""Cells that a spreadsheet would run as a formula: found, made harmless, and restored exactly (CWE-1236)."""

from __future__ import annotations

import re

_STARTS = "=+\\-@\\t\\r\\n\\uff1d\\uff0b\\uff0d\\uff20"
_NEEDS_QUOTE = re.compile(f"'*[{_STARTS}]")
_HAS_QUOTE = re.compile(f"'+[{_STARTS}]")
_FORMULA = re.compile(f"[{_STARTS}]")
_HARMLESS = re.compile(r"[+-]?[\d\s().,/:-]*|-0-\s*")  # phone numbers, amounts, dates, dashes for "nothing"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run this cell; phone numbers, amounts and lone dashes do not count."""
    return _FORMULA.match(text) is not None and _HARMLESS.fullmatch(text) is None


def neutralise(text: str) -> str:
    """The cell as it may be written to a file for a spreadsheet; `restore` gives back the text."""
    return "'" + text if _NEEDS_QUOTE.match(text) else text


def restore(text: str) -> str:
    """The text that was given to `neutralise`: restore(neutralise(text)) == text for every text."""
    return text[1:] if _HAS_QUOTE.match(text) else text
