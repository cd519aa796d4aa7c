"""Thai and Lao: vowels that stand before their consonant are put behind it, silent letters go, final stops as spoken.

Thai follows the spellings that people choose for their names (p for the aspirated stop, not the ph of the Royal
General System); Lao goes through the table of anyascii.
"""

from __future__ import annotations

import re
from typing import Final

from anyascii import anyascii

from alidade.matching.romanisation.semitic import voiced

_BEFORE: Final = re.compile("([\u0e40-\u0e44\u0ec0-\u0ec4])([\u0e01-\u0e2e\u0e81-\u0eae])")
_SILENT: Final = re.compile("[\u0e01-\u0e2e][\u0e34-\u0e39]?\u0e4c")
_TONES: Final = re.compile("[\u0e45-\u0e4f]")
_CONSONANTS: Final = {
    "กขฃคฅฆ": "k", "ง": "ng", "จ": "j", "ฉชฌ": "ch", "ซศษส": "s", "ญย": "y", "ฎด": "d", "ฏต": "t", "ฐฑฒถทธ": "th",
    "ณน": "n", "บ": "b", "ปผพภ": "p", "ฝฟ": "f", "ม": "m", "ร": "r", "ลฬ": "l", "ว": "w", "หฮ": "h",
}  # fmt: skip
_VOWELS: Final = {
    "ะ": "a", "ั": "a", "า": "a", "ำ": "am", "ิ": "i", "ี": "i", "ึ": "ue", "ื": "ue", "ุ": "u", "ู": "u", "เ": "e", "แ": "ae",
    "โ": "o", "ใ": "ai", "ไ": "ai", "ฤ": "ri", "อ": "o",
}  # fmt: skip
_LETTERS: Final = {**{letter: to for row, to in _CONSONANTS.items() for letter in row}, **_VOWELS}
_FINALS: Final = {"j": "t", "ch": "t", "s": "t", "d": "t", "th": "t", "r": "n", "l": "n", "b": "p", "y": "i", "w": "o"}
_LAO = "\u0e80"


def from_thai(word: str) -> str:
    """One Thai or Lao word."""
    word = _BEFORE.sub(r"\2\1", word)
    if word >= _LAO:
        return anyascii(word).lower()
    word = _TONES.sub("", _SILENT.sub("", word)).replace("รร", "ั")
    if word[:1] == "อ" and word[1:2] in _VOWELS:
        word = word[1:]
    sounds = [_LETTERS.get(letter, "") for letter in word]
    if len(sounds) > 1:
        sounds[-1] = _FINALS.get(sounds[-1], sounds[-1])
    return voiced([sound for sound in sounds if sound])
