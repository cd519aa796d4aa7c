"""Cyrillic by the language that the letters of a word give away; without a sign of another it is read as Russian."""

from __future__ import annotations

import re
from typing import Final

_COMMON: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u", "ђ": "dj", "ћ": "c", "њ": "nj", "љ": "lj", "џ": "dz", "ј": "j",
    "ѓ": "gj", "ќ": "kj", "ѕ": "dz", "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
    "ҷ": "j", "ҳ": "h", "ӣ": "i", "ӯ": "u",
}  # fmt: skip
_RUSSIAN: Final = str.maketrans(_COMMON)
_UKRAINIAN: Final = str.maketrans({**_COMMON, "г": "h", "и": "y", "й": "i"})
_BELARUSIAN: Final = str.maketrans({**_COMMON, "г": "h"})
_BULGARIAN: Final = str.maketrans({**_COMMON, "щ": "sht", "ъ": "a", "х": "h"})
_SERBIAN: Final = str.maketrans({**_COMMON, "ж": "z", "ч": "c", "ш": "s", "х": "h", "ц": "c"})
_OF_SERBIAN: Final = re.compile("[ђћњљџјѓќѕ]")
_OF_UKRAINIAN: Final = re.compile("[їєґ]|[сцз]ьк|і(?!.*[ыэў])")
_OF_BELARUSIAN: Final = re.compile("[ўі]")
_OF_BULGARIAN: Final = re.compile("ъ(?![еёюя])")
_ADJECTIVE: Final = re.compile("(?<=[кц])ий$")
_SOFT: Final = re.compile("(?<=[бвгджзклмнпрстфхцчшщ])ь(?=[еёо])")


def from_cyrillic(word: str) -> str:
    """One case-folded Cyrillic word."""
    if _OF_SERBIAN.search(word):
        return word.translate(_SERBIAN)
    word = _ADJECTIVE.sub("y", word)
    if _OF_BULGARIAN.search(word):
        return word.translate(_BULGARIAN)
    if _OF_UKRAINIAN.search(word):
        return word.translate(_UKRAINIAN)
    if _OF_BELARUSIAN.search(word):
        return word.translate(_BELARUSIAN)
    return _SOFT.sub("i", word).translate(_RUSSIAN)
