"""The sentences of reports in four languages, as data; numbers and days as each language writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

import babel
import msgspec
from babel.dates import format_date
from babel.numbers import format_decimal
from msgspec import Struct

from alidade.programme.lists import FOLDER
from alidade.vocabulary.errors import DamagedVocabulary
from alidade.vocabulary.labels import Word

__all__ = ["LANGUAGES", "Wording"]

LANGUAGES = ("en", "fr", "es", "pt")
# The papers of the field are European unless somebody asks for Brazil: days stand before months.
_REGIONS = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES", "pt": "pt_PT", "pt_BR": "pt_BR"}


class _Forms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    one: Word
    other: Word


class _Sentence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    en: Word | _Forms
    fr: Word | _Forms
    es: Word | _Forms
    pt: Word | _Forms


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Word
    version: Word
    date: dt.date
    source: Word
    licence: Word
    sentences: dict[str, _Sentence]


@lru_cache(maxsize=1)
def _sentences() -> Mapping[str, _Sentence]:
    try:
        return msgspec.json.decode((FOLDER / "report_sentences.json").read_bytes(), type=_File).sentences
    except (OSError, msgspec.DecodeError) as broken:
        raise DamagedVocabulary("report_sentences.json", None, str(broken)) from broken


class Wording:
    """One language of the reports."""

    def __init__(self, language: str) -> None:
        """`language`: en, fr, es, pt, or a regional form of these."""
        tag = language.replace("-", "_")
        self.language = tag.partition("_")[0] if tag.partition("_")[0] in LANGUAGES else "en"
        self._locale = babel.Locale.parse(_REGIONS.get(tag, _REGIONS.get(self.language, self.language)))

    def say(self, sentence: str, /, count: int | None = None, **values: object) -> str:
        """The sentence of this name with its values; `count` chooses its form and is written as a number.

        Raises KeyError for an unknown name or a value that is missing: a fault of the program, found by its tests.
        """
        found: Word | _Forms = getattr(_sentences()[sentence], self.language)
        if isinstance(found, _Forms):
            found = found.one if count is not None and self._locale.plural_form(count) == "one" else found.other
        if count is not None:
            values["count"] = self.number(count)
        return found.format(**values)

    def number(self, value: float) -> str:
        """A number as the language writes it."""
        return format_decimal(value, locale=self._locale)

    def share(self, part: int, whole: int) -> str:
        """A share in per cent, without decimals; a dash where there is no whole."""
        return "–" if not whole else f"{format_decimal(round(100 * part / whole), locale=self._locale)} %"

    def day(self, day: dt.date) -> str:
        """A day with its month in words."""
        return format_date(day, format="long", locale=self._locale)

    def listed(self, parts: list[str]) -> str:
        """Several things in one row of words: "a, b and c"."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.say('and')} {parts[-1]}"
