"""Plain text for a terminal: values come from files of anybody, and must not steer the terminal of who reads them."""

from __future__ import annotations


def plain(text: str) -> str:
    """The text with every control character replaced; only the end of a line stays."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)
