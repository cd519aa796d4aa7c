"""Kana after Hepburn, long vowels written as short ones, as passports do."""

from __future__ import annotations

import re
from typing import Final

_ROWS: Final = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ", "t": "たちつてと",
    "d": "だぢづでど", "n": "なにぬねの",
    "h": "はひふへほ", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ", "m": "まみむめも", "r": "らりるれろ",
}  # fmt: skip
_LETTERS: Final = {
    **{kana: lead + vowel for lead, row in _ROWS.items() for kana, vowel in zip(row, "aiueo", strict=True)},
    "し": "shi", "ち": "chi", "つ": "tsu", "じ": "ji", "ぢ": "ji", "づ": "zu", "ふ": "fu", "や": "ya", "ゆ": "yu",
    "よ": "yo", "わ": "wa", "ゐ": "i", "ゑ": "e", "を": "o", "ん": "n", "ゔ": "vu",
}  # fmt: skip
_SMALL: Final = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o", "ゎ": "wa"}
_STOP, _LONG = "っ", "ー"
_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_LONG_VOWELS: Final = re.compile("o(?:o|u(?!e))+|uu+|aa+|ee+|ii+(?=.)")


def from_kana(word: str) -> str:
    """One run of Hiragana or Katakana."""
    latin = ""
    doubled = False
    for kana in word.translate(_TO_HIRAGANA):
        if kana in _SMALL:
            latin = _joined(latin, _SMALL[kana])
        elif kana == _STOP:
            doubled = True
        elif kana in _LETTERS:
            syllable = _LETTERS[kana]
            if doubled and syllable[0] not in "aiueon":
                latin += "t" if syllable.startswith("ch") else syllable[0]
            latin += syllable
            doubled = False
        elif kana in "・゠":
            latin += " "
    return _LONG_VOWELS.sub(lambda run: run[0][0], latin)


def _joined(latin: str, small: str) -> str:
    """A syllable with a small kana after it: ki and ya are kya, fu and a are fa, shi and ya are sha."""
    stem = latin.rstrip("aiueo")
    if not stem:
        return latin[:-1] + "w" + small if latin[-1:] == "u" else latin + small
    if small.startswith("y") and stem.endswith(("sh", "ch", "j")):
        small = small[1:]
    return stem + small
