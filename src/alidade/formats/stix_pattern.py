"""STIX patterns: the one comparison of a simple pattern; anything richer stays text."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_LONGEST: Final = 65_536
_SIMPLE: Final = re.compile(
    r"\s*+\[\s*+(?P<type>[a-z0-9-]{1,250}+)\s*+:\s*+(?P<field>[A-Za-z0-9_-]{1,250}+)"
    r"(?:\.(?:'(?P<quoted>[A-Za-z0-9_ -]{1,100}+)'|(?P<plain>[A-Za-z0-9_-]{1,100}+)))?"
    r"\s*+=\s*+'(?P<value>(?:[^'\\]|\\['\\])*+)'\s*+\]\s*+"
)


class Comparison(NamedTuple):
    """`[email-addr:value = 'a@example.org']`: type of object, field, key within the field or empty, value."""

    type: str
    field: str
    key: str
    value: str


def simple_pattern(text: str) -> Comparison | None:
    """The comparison of a pattern that is one equality with a text, and nothing else; None for all others.

    Source: STIX 2.1, 9 (patterning). No qualifiers, no AND, OR, NOT, no sets, no wildcards.
    """
    found = _SIMPLE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    value = found["value"].replace("\\'", "'").replace("\\\\", "\\")
    return Comparison(found["type"], found["field"], found["quoted"] or found["plain"] or "", value)
