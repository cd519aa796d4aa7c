"""Labels: whether a text begins like "Measure No 3:" or "Recommandation b)", in any language."""

from __future__ import annotations

import re
from typing import Final

from alidade.programme.reading.words import all_of, fold

_WORDS: Final = "|".join(re.escape(word) for kind in ("measure", "recommendation", "theme") for word in all_of(kind))
_LABEL: Final = re.compile(
    rf"^(?:{_WORDS})\s+(?:(?:n[o.]{{0,3}}|no\.?|numero|number|nr\.?)\s*)?(?:\d{{1,3}}|"
    rf"[ivx]{{1,5}}|\(?[a-z]\))\s*(?:[).:\-]|$)"
)


def labelled(text: str) -> bool:
    """Whether a text begins with the label of a measure, recommendation or theme and its number or letter."""
    return text[:1].isupper() and _LABEL.match(fold(text[:60])) is not None
