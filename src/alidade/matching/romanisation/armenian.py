"""Armenian: the table of letters, with the two-letter vowel u, and o and e as they sound at the beginning."""

from __future__ import annotations

import re
from typing import Final

from anyascii import anyascii

_FIRST: Final = (("ու", "u"), ("և", "ev"), ("եւ", "ev"))
_ONSETS: Final = (("ո", "vo"), ("ե", "ye"))
_MARKS: Final = re.compile("[^a-zա-ֆ]")


def from_armenian(word: str) -> str:
    """One case-folded Armenian word."""
    for letters, latin in _FIRST:
        word = word.replace(letters, latin)
    for letter, latin in _ONSETS:
        if word.startswith(letter):
            word = latin + word[1:]
    return anyascii(_MARKS.sub("", word)).replace("'", "").replace("rr", "r")
