"""The consonant skeleton of a word: what most romanisations and most slips of the pen leave alone.

Consonants fall into eight classes (p t k f s l r m-n); vowels, y and h inside the word go; runs become one.
Own scheme in the family of Soundex and Daitch-Mokotoff, wider than both in s and k because romanisations of
Arabic and Russian differ there.
"""

from __future__ import annotations

import re
from typing import Final

_GROUPS: Final = (
    ("tsch", "s"), ("tch", "s"), ("sch", "s"), ("shch", "s"), ("dzh", "s"), ("tsh", "s"), ("sh", "s"), ("ch",
    "s"), ("zh", "s"), ("cz", "s"), ("ts", "s"), ("tz", "s"), ("dz", "s"), ("dj", "s"), ("kh", "k"), ("gh",
    "k"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("dh", "t"), ("bh", "p"), ("ce", "s"), ("ci", "s"), ("cy",
    "s"), ("x", "ks"),
)  # fmt: skip
_GROUP: Final = re.compile("|".join(group for group, _ in sorted(_GROUPS, key=lambda pair: -len(pair[0]))))
_CLASS_OF_GROUP: Final = dict(_GROUPS)
_CLASSES: Final = str.maketrans("bpdtgkqcfvwszjlrmn", "ppttkkkkfffssslrnn", "aeiouyh")
_RUN: Final = re.compile(r"(.)\1+")


def skeleton(word: str) -> str:
    """Consonant skeleton of one folded word; a leading vowel stays as `a`, so that Usama and Sama differ."""
    first = word[:1]
    if first == "x":
        word = "s" + word[1:]
    grouped = _GROUP.sub(lambda found: _CLASS_OF_GROUP[found[0]], word)
    classes = _RUN.sub(r"\1", grouped.translate(_CLASSES))
    return "a" + classes if first in "aeiouy" else ("h" + classes if first == "h" else classes)
