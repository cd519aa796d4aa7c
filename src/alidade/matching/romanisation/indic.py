"""The scripts of India, which share one layout: consonants carry an unwritten a, which the north drops at the end."""

from __future__ import annotations

import re
from typing import Final

from anyascii import anyascii

_CONSONANTS: Final = (
    "k", "kh", "g", "gh", "ng", "ch", "chh", "j", "jh", "n", "t", "th", "d", "dh", "n", "t", "th", "d", "dh", "n", "n",
    "p", "ph", "b", "bh", "m", "y", "r", "r", "l", "l", "zh", "v", "sh", "sh", "s", "h",
)  # fmt: skip
_VOWELS: Final = ("a", "a", "i", "i", "u", "u", "ri", "l", "e", "e", "e", "ai", "o", "o", "o", "au")
_FIRST_VOWEL, _FIRST_CONSONANT, _LAST_CONSONANT, _NUKTA, _FIRST_SIGN, _LAST_SIGN = 0x05, 0x15, 0x39, 0x3C, 0x3E, 0x4C
_VIRAMA, _BLOCK, _NASALS = 0x4D, 0x80, (0x01, 0x02, 0x70)
_BENGALI, _NORTH = 0x0980, (0x0900, 0x0980, 0x0A00, 0x0A80)
#: Vowel e that nothing writes, until it is known whether it is spoken.
_UNWRITTEN = "A"
_WITH_NUKTA: Final = {"k": "q", "kh": "kh", "g": "gh", "j": "z", "ph": "f", "d": "r", "dh": "rh", "y": "y"}
_INSIDE: Final = re.compile(
    "(?<=[aeiouA])((?:[kgcjtdpb]h|chh|sh|zh|[bcdfghjklmnpqrstvyz]))A(?=(?:[kgcjtdpb]h|chh|sh|[bcdfghjklmnpqrstvyz])[aeiou])"
)
_END: Final = re.compile("(?<=[aeiouA])(ngh|ng|[kgcjtdpb]h|chh|sh|zh|[bcdfghjklmnpqrstvyz])A$")


def from_indic(word: str) -> str:
    """One word in Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada or Malayalam."""
    latin = ""
    for letter in word:
        block, place = ord(letter) & ~(_BLOCK - 1), ord(letter) & (_BLOCK - 1)
        latin = _with(latin, letter, block, place)
    latin = latin.replace("jn", "gy").replace("nhA", "nghA")
    if word and (ord(word[-1]) & ~(_BLOCK - 1)) in _NORTH:
        latin = _END.sub(r"\1", latin)
        latin = _INSIDE.sub(r"\1", latin)
    return latin.replace(_UNWRITTEN, "a").replace("chchh", "cch")


def _with(latin: str, letter: str, block: int, place: int) -> str:
    if _FIRST_CONSONANT <= place <= _LAST_CONSONANT and place - _FIRST_CONSONANT < len(_CONSONANTS):
        consonant = _CONSONANTS[place - _FIRST_CONSONANT]
        if block == _BENGALI and consonant == "y":
            consonant = "j" if not latin else "y"
        return latin + consonant + _UNWRITTEN
    if _FIRST_SIGN <= place <= _LAST_SIGN:
        return latin.removesuffix(_UNWRITTEN) + _VOWELS[min(place - _FIRST_SIGN + 1, len(_VOWELS) - 1)]
    if place == _VIRAMA:
        return latin.removesuffix(_UNWRITTEN)
    if place == _NUKTA and latin.endswith(_UNWRITTEN):
        stem = latin.removesuffix(_UNWRITTEN)
        for length in (2, 1):
            if stem[-length:] in _WITH_NUKTA:
                return stem[:-length] + _WITH_NUKTA[stem[-length:]] + _UNWRITTEN
        return latin
    if _FIRST_VOWEL <= place < _FIRST_CONSONANT:
        return latin + _VOWELS[min(place - _FIRST_VOWEL, len(_VOWELS) - 1)]
    if place in _NASALS:
        return latin + "n"
    return latin + anyascii(letter).lower()
