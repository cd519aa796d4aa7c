"""Countries by any of their names, in four languages, and as lists write them ("Korea, North")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property

from alidade.vocabulary import LANGUAGES, Vocabulary

_MARKS = re.compile(r"[^\w\s]|_")
_SMALL = frozenset({"the", "of", "and", "la", "le", "les", "el", "los", "de", "du", "des", "do", "da", "o", "a"})


def _key(text: str) -> str:
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    words = _MARKS.sub(" ", plain.replace("&", " and ").replace("st.", "saint ")).split()
    kept = [word for word in words if word not in _SMALL]
    return " ".join(kept or words)


class CountryNames:
    """Finds the alpha-2 code for the name or code of a country. The index is built when first asked."""

    def __init__(self, vocabulary: Vocabulary, more: Mapping[str, str] | None = None) -> None:
        self._vocabulary = vocabulary
        self._more = more or {}
        self._found: dict[str, str | None] = {}

    @cached_property
    def _index(self) -> dict[str, str]:
        index: dict[str, str] = {}
        for code, country in self._vocabulary.countries.items():
            labels = [country.label.in_(language) for language in LANGUAGES]
            for name in (code, country.alpha3, *labels, *country.aliases):
                index.setdefault(_key(name), code)
        for name, code in self._more.items():
            index.setdefault(_key(name), code)
        return index

    def code(self, text: str) -> str | None:
        """The alpha-2 code in capitals, or None where the text names no country known here."""
        if len(text) > 100:
            return None
        if text not in self._found:
            if len(self._found) > 5000:  # a hostile column must not grow the memory
                self._found.clear()
            self._found[text] = self._look_up(text)
        return self._found[text]

    def _look_up(self, text: str) -> str | None:
        direct = self._index.get(_key(text))
        if direct is None and "," in text:
            last, _, first = text.partition(",")
            direct = self._index.get(_key(f"{first} {last}"))
        return direct
