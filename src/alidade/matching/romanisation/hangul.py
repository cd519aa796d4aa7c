"""Hangul by the Revised Romanisation, a syllable a word; one-letter surnames as they are customarily written."""

from __future__ import annotations

from typing import Final

_LEADS: Final = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWELS: Final = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
)  # fmt: skip
_TAILS: Final = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
)  # fmt: skip
_FIRST, _TAIL_COUNT, _VOWEL_COUNT = 0xAC00, 28, 21
#: One Latin letter would be taken for an initial; as surnames these stand in registers as follows.
_SURNAMES: Final = {"i": "lee", "o": "oh"}
#: A surname by itself has one syllable, with a given name it has three in all.
_LONE_OR_WHOLE = (1, 3)


def from_hangul(word: str) -> str:
    """The syllables of a run of Hangul, parted by blanks."""
    syllables = [_syllable(ord(letter) - _FIRST) for letter in word]
    if len(word) in _LONE_OR_WHOLE:
        syllables[0] = _SURNAMES.get(syllables[0], syllables[0])
    return f" {' '.join(syllables)} "


def _syllable(code: int) -> str:
    rest, tail = divmod(code, _TAIL_COUNT)
    lead, vowel = divmod(rest, _VOWEL_COUNT)
    syllable = _LEADS[lead] + _VOWELS[vowel] + _TAILS[tail]
    return "woo" if syllable == "u" else syllable
