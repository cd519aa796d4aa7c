"""Which words of a name say little by themselves, and which spellings of them are one word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from alidade.matching.reference import table

Thing = Literal["person", "organisation", "vessel", "other"]
WordKind = Literal["word", "short", "initial", "number", "particle", "title", "legal_form", "common"]


class _Table(msgspec.Struct, frozen=True):
    version: str
    phrases: dict[str, str]
    canonical: dict[str, str]
    legal_forms: frozenset[str]
    common: dict[str, frozenset[str]]
    titles: dict[str, frozenset[str]]
    particles: dict[str, frozenset[str]]


_TABLE: Final = table("generic_words", _Table)
_PHRASE: Final = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _TABLE.phrases), key=lambda p: (-len(p), p))) + r")\b"
)
_PHRASE_STARTS: Final = frozenset(phrase.split()[0] for phrase in _TABLE.phrases)
#: No word of a name is longer; what is longer is no name, and the work must stay bounded.
_MOST_LETTERS: Final = 64
#: Version of the table, to be kept beside every score that rests on it.
GENERIC_WORDS_VERSION: Final = _TABLE.version


def _kinds(thing: Thing) -> dict[str, WordKind]:
    kinds: dict[str, WordKind] = {}
    kinds.update(dict.fromkeys(_TABLE.common[thing], "common"))
    kinds.update(dict.fromkeys(_TABLE.particles[thing], "particle"))
    kinds.update(dict.fromkeys(_TABLE.titles[thing], "title"))
    if thing in ("organisation", "other"):
        kinds.update(dict.fromkeys(_TABLE.legal_forms, "legal_form"))
    return kinds


_THINGS: Final[tuple[Thing, ...]] = ("person", "organisation", "vessel", "other")
_KINDS: Final = {thing: _kinds(thing) for thing in _THINGS}


def canonical_words(folded: str, thing: Thing) -> list[str]:
    """Words of a folded name, with long legal forms shortened and spellings of generic words made one."""
    words = [word[:_MOST_LETTERS] for word in folded.split()]
    if thing != "person" and not _PHRASE_STARTS.isdisjoint(words):
        words = _PHRASE.sub(lambda found: _TABLE.phrases[found[0]], folded).split()
        words = [word[:_MOST_LETTERS] for word in words]
    if thing != "person":
        words = _joined_letters(words)
    kinds, canonical = _KINDS[thing], _TABLE.canonical
    if len(words) < 2:
        return words
    changed = []
    for word in words:
        other = canonical.get(word)
        changed.append(other if other is not None and other in kinds else word)
    return changed


def _joined_letters(words: list[str]) -> list[str]:
    """A.B.C. is the word abc; persons' initials are left apart, because each stands for a name."""
    joined: list[str] = []
    open_run = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and open_run:
            joined[-1] += word
        else:
            joined.append(word)
        open_run = single
    return joined


def word_kind(word: str, thing: Thing, short_letters: int) -> WordKind:
    """What sort of word this is in a name of that kind of thing."""
    kind = _KINDS[thing].get(word)
    if kind is not None:
        return kind
    if not word.isalpha():
        return "number" if any(c.isdigit() for c in word) else "word"
    if len(word) == 1:
        return "initial"
    return "short" if len(word) <= short_letters else "word"


def telling(words: Sequence[str], thing: Thing) -> list[str]:
    """The words of a name that may lead to a candidate on their own, in their order."""
    kinds = _KINDS[thing]
    return [word for word in words if (len(word) > 1 and word not in kinds) or word.isdigit()]
