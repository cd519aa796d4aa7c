"""The plain Latin form of a name: one spelling per name whatever script, case and accents it came in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from alidade.matching.romanisation import romanised

_APOSTROPHES: Final = re.compile("['`\u00b4\u02b9-\u02bf\u02c8\u2018\u2019\u201b\u2032\u05f3\u05f4]")
#: ASCII at one go: capitals become small, apostrophes vanish, all but letters and digits becomes a blank.
_PLAIN: Final = {
    code: None if chr(code) in "'`" else (chr(code).lower() if chr(code).isalnum() else " ") for code in range(128)
}
#: From here on letters are of another script than Latin.
_BEYOND_LATIN: Final = re.compile(
    "[\u0370-\u1cff\u1f00-\u1fff\u2c00-\ua6ff\ua800-\uaaff\uabc0-\ufaff\U00010000-\U0010ffff]"
)
_KEPT_WORDS = 65_536


def fold(text: str) -> str:
    """Lower-case Latin letters, digits and single blanks; never raises; `fold(fold(x)) == fold(x)`.

    NFKC, case folding and romanisation; apostrophes vanish, hyphens and other marks part words, Han and Hangul
    syllables become words of their own, and so does the Arabic article. Words parted by blanks are folded
    each by itself: `fold(a + " " + b)` is `fold(a)` and `fold(b)`.
    """
    if text.isascii():
        return " ".join(text.translate(_PLAIN).split())
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    if _BEYOND_LATIN.search(text):
        text = romanised(text)
    return " ".join(anyascii(text).translate(_PLAIN).split())


@lru_cache(maxsize=_KEPT_WORDS)
def fold_word(text: str) -> str:
    """The same as `fold`, remembered: for the words of many names, which are far fewer than the names."""
    return fold(text)


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name in plain Latin form, in their order."""
    return tuple(fold(text).split())
