"""The words by which papers are read, in English, French, Spanish and Portuguese, from the data files beside."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NewType

import msgspec

FOLDER: Final = Path(__file__).parents[1] / "data"
LANGUAGES: Final = ("en", "fr", "es", "pt")
Folded = NewType("Folded", str)

# Marks of footnotes are no digits of the word or year before them.
_ALIKE: Final = {
    **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹\u00a0\u202f\u2009\t\n", " "),
    **dict.fromkeys("’‘ʼ`", "'"),
    **dict.fromkeys("‐‑–—", "-"),
    **dict.fromkeys("“”«»", '"'),
    **dict.fromkeys("º°", "o"),
}


def _fold_letter(letter: str) -> str:
    if letter in _ALIKE:
        return _ALIKE[letter]
    plain = unicodedata.normalize("NFKD", letter)[:1].lower()
    return plain if len(plain) == 1 else letter


class _Folding(dict[int, str]):
    """What each sign is folded to, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _fold_letter(chr(code))
        return found


_FOLDING: Final = _Folding()


def fold(text: str) -> Folded:
    """The text in small letters without accents, sign for sign, so that places in it are places in the text."""
    return Folded(text.translate(_FOLDING))


class LanguageWords(msgspec.Struct, frozen=True):
    """What one language calls months, numbers, measures and recommendations."""

    stop: tuple[str, ...]
    months: tuple[str, ...]
    month_short: tuple[str, ...]
    joining: tuple[str, ...] = msgspec.field(name="and")
    numbers: dict[str, int] = msgspec.field(default_factory=dict)
    ordinals: dict[str, int] = msgspec.field(default_factory=dict)
    measure: tuple[str, ...] = ()
    recommendation: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    glossary: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


class Times(msgspec.Struct, frozen=True):
    """Words for parts of a year."""

    quarter: tuple[str, ...]
    half: tuple[str, ...]
    seasons: dict[str, str]
    end: tuple[str, ...]
    start: tuple[str, ...]
    middle: tuple[str, ...]


class Words(msgspec.Struct, frozen=True):
    """The whole list."""

    languages: dict[str, LanguageWords]
    times: Times
    deadline: tuple[str, ...]
    front: dict[str, tuple[str, ...]]
    force: dict[str, dict[str, tuple[str, ...]]]
    preamble: dict[str, tuple[str, ...]]
    units: tuple[tuple[str, str], ...]
    multipliers: dict[str, int]
    deliverables: tuple[str, ...]
    modals: tuple[str, ...]
    invites: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]


@cache
def reading_words() -> Words:
    """The list of words, read once."""
    return msgspec.json.decode((FOLDER / "reading_words.json").read_bytes(), type=Words)


def all_of(kind: str) -> Sequence[str]:
    """The words of a kind in every language, longest first: `measure`, `recommendation`, `theme`, `joining`."""
    found = {word for words in reading_words().languages.values() for word in getattr(words, kind)}
    return sorted(found, key=lambda word: (-len(word), word))


def numbers_of(kind: str) -> Mapping[str, int]:
    """Number words (`numbers`) or ordinals (`ordinals`) of every language."""
    return {word: value for words in reading_words().languages.values() for word, value in getattr(words, kind).items()}


def language_of(text: str) -> str:
    """The language in which most of the text is written: en, fr, es or pt."""
    counted = dict.fromkeys(LANGUAGES, 0)
    present = text.lower().split()[:20_000]
    sets = {code: set(words.stop) for code, words in reading_words().languages.items()}
    for word in present:
        for code, stop in sets.items():
            if word in stop:
                counted[code] += 1
    marks = {"pt": ("ção", "ções", "ão"), "es": ("ción", "ciones"), "fr": ("d'", "l'", "d’", "l’"), "en": ("tion ",)}
    lowered = text[:200_000].lower()
    for code, endings in marks.items():
        counted[code] += sum(lowered.count(ending) for ending in endings)
    return max(LANGUAGES, key=lambda code: counted[code])
