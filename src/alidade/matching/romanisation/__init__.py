"""Latin letters for words of other scripts, where a plain table of letters does not give what registers write.

Each module takes one word of one script (a run of its letters) and gives lower-case ASCII; none looks at other words.
What no module takes goes through the table of anyascii.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from alidade.matching.romanisation.arabic import from_arabic
from alidade.matching.romanisation.armenian import from_armenian
from alidade.matching.romanisation.cyrillic import from_cyrillic
from alidade.matching.romanisation.greek import from_greek
from alidade.matching.romanisation.han import from_han
from alidade.matching.romanisation.hangul import from_hangul
from alidade.matching.romanisation.hebrew import from_hebrew
from alidade.matching.romanisation.indic import from_indic
from alidade.matching.romanisation.kana import from_kana
from alidade.matching.romanisation.thai import from_thai

__all__ = ["romanised"]

_SCRIPTS: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("[\u0370-\u03ff\u1f00-\u1fff]+", from_greek),
    ("[\u0400-\u052f]+", from_cyrillic),
    ("[\u0531-\u058f]+", from_armenian),
    ("[\u0591-\u05f4]+", from_hebrew),
    ("[\u0610-\u06ff\u0750-\u077f\u08a0-\u08ff]+", from_arabic),
    ("[\u0900-\u0d7f]+", from_indic),
    ("[\u0e00-\u0eff]+", from_thai),
    ("[\u3041-\u309f\u30a1-\u30ff]+", from_kana),
    ("[\uac00-\ud7a3]+", from_hangul),
    ("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+", from_han),
)
_RUN: Final = re.compile("|".join(f"({letters})" for letters, _ in _SCRIPTS))


def romanised(text: str) -> str:
    """Case-folded text (NFKC) with the words of these scripts in Latin letters; all else stays."""
    return _RUN.sub(_one, text)


def _one(run: re.Match[str]) -> str:
    return _SCRIPTS[(run.lastindex or 1) - 1][1](run[0])
