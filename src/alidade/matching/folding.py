"""The plain Latin form of a name: one spelling per name whatever script, case and accents it came in."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from anyascii import anyascii

_APOSTROPHES: Final = re.compile("['`\u00b4\u02b9-\u02bf\u02c8\u2018\u2019\u201b\u2032\u05f3\u05f4]")
_OTHER: Final = re.compile(r"[^0-9a-z]+")
#: Syllable scripts in which a name carries no blanks between its parts: Han and Hangul.
_SYLLABLES: Final = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f])")
#: Arabic script writes long vowels that anyascii drops; Latin spellings of the same names always show them.
_ARABIC: Final = str.maketrans({"ا": "a", "أ": "a", "إ": "i", "آ": "a", "ى": "a", "ة": "a", "ؤ": "u", "ئ": "i"})
_ARABIC_WAW: Final = re.compile(r"(?<=\w)و")


def fold(text: str) -> str:
    """Lower-case Latin letters, digits and single blanks; never raises; `fold(fold(x)) == fold(x)`.

    NFKC, case folding and romanisation (anyascii); apostrophes vanish, hyphens and other marks part words,
    Han and Hangul syllables become words of their own.
    """
    if text.isascii():
        return _OTHER.sub(" ", text.replace("'", "").replace("`", "").lower()).strip()
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _ARABIC_WAW.sub("u", text).translate(_ARABIC)
    text = _SYLLABLES.sub(r" \1 ", _APOSTROPHES.sub("", text))
    romanised = anyascii(text).replace("'", "").replace("`", "").lower()
    return _OTHER.sub(" ", romanised).strip()


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name in plain Latin form, in their order."""
    return tuple(fold(text).split())
