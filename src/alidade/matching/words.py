"""What is worked out once for each word of a name, and how a name is handed to compiled code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alidade.matching.folding import fold
from alidade.matching.generic_words import Thing, canonical_words, word_kind, words_of_organisations
from alidade.matching.lexicon import lexicon
from alidade.matching.name_weights import NAME_WEIGHTS, THINGS
from alidade.matching.sounds import skeleton
from alidade.matching.word_kernel import MOST_LETTERS

#: More words than any name has; beyond them a text is no name.
MOST_WORDS: Final = 24
#: So many characters of a text are read as a name, twice what a question of the product has: time and memory of a
#: comparison or search must not depend on how long a text somebody sends.
MOST_CHARACTERS: Final = 1_024
#: Groups of spellings looked at for one word; a syllable of Han characters may stand in more.
MOST_GROUPS: Final = 32
#: A dot or a double hyphen between syllables, or blanks between two runs of several Hangul syllables.
SYLLABLES_APART: Final = (
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af][\u00b7\u2022\u2027\u30fb\uff65\uff1d\u30a0][\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
    "|[\uac00-\ud7af]{2,} +(?:[\uac00-\ud7af]+ +)*[\uac00-\ud7af]{2,}"
)
_SYLLABLES_APART: Final = re.compile(SYLLABLES_APART)
_SYLLABLE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_APART: Final = re.compile("[\\s,\u00b7\u2022\u2027\u30fb\uff65\uff1d\u30a0]+")
#: The article within, before a sun letter made like it: abdul, abdel, abdur-r, abdus-s. Never where what remains is
#: no name of its own (Abdullah).
_SERVANT: Final = re.compile(r"\babd[aeou](?:[lrsndz](?= )|l(?=[a-z]{4})|([rsndz])(?=\1[a-z]{3})) ?")
_SOUND_LETTERS: Final = 12
_SOUND_BITS: Final = 5
#: Weights travel in whole numbers of this size.
WEIGHT_UNIT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class WordFacts:
    """A folded word and what comparison needs to know of it.

    sound         code of its consonants, exact for the first twelve
    sound_length  how many classes the code has
    known         whether it stands in the table of known names
    groups        groups of spellings it belongs to
    weights       what it weighs in a name of a person, organisation, vessel and other thing
    """

    letters: bytes
    sound: int
    sound_length: int
    known: bool
    groups: tuple[int, ...]
    weights: tuple[float, float, float, float]


@lru_cache(maxsize=1 << 17)
def word_facts(word: str) -> WordFacts:
    """The facts of one folded word (lower-case ASCII letters and digits)."""
    word = word[:MOST_LETTERS]
    classes = skeleton(word) if word.isalpha() else ""
    sound = 0
    for letter in classes[:_SOUND_LETTERS]:
        sound = (sound << _SOUND_BITS) | (ord(letter) - 96)
    known = lexicon()
    place = known.place(word)
    rarity = NAME_WEIGHTS.unknown if place < 0 else NAME_WEIGHTS.rarity[known.common[place]]
    groups = () if place < 0 else known.groups[known.group_start[place] : known.group_start[place + 1]].tolist()
    weights = []
    for thing in THINGS:
        kind = word_kind(word, thing, NAME_WEIGHTS.short_letters)
        weights.append(NAME_WEIGHTS.weight[kind] * (rarity if kind == "word" else 1.0))
    return WordFacts(
        letters=word.encode("ascii"),
        sound=sound,
        sound_length=min(len(classes), _SOUND_LETTERS),
        known=place >= 0 or word in _of_organisations(),
        groups=tuple(groups[:MOST_GROUPS]),
        weights=(weights[0], weights[1], weights[2], weights[3]),
    )


@lru_cache(maxsize=1 << 17)
def _record(word: str) -> tuple[int, ...]:
    facts = word_facts(word)
    return (
        len(facts.letters),
        facts.sound,
        facts.sound_length,
        int(facts.known),
        *(round(weight * WEIGHT_UNIT) for weight in facts.weights),
        len(facts.groups),
        *facts.groups,
        *facts.letters,
    )


def _written_as_words(name: str) -> str:
    """Names of other languages in Han, Kana or Hangul, whose parts are set apart there, with each part as one word.

    Names of the script's own language stay as they are: each of their syllables may be a name.
    """
    if name.isascii() or not _SYLLABLES_APART.search(name):
        return name
    return " ".join(fold(part).replace(" ", "") if _SYLLABLE.search(part) else part for part in _APART.split(name))


def parted(folded: str) -> str:
    """A folded name with "servant of" set apart as one word: Abdelrazik, Abdul Razik and Abd al-Razik begin alike."""
    return _SERVANT.sub("abd ", folded) if "abd" in folded else folded


def name_words(name: str, thing: Thing) -> tuple[str, ...]:
    """The words of a name in plain form, with spellings of generic words made one.

    At most MOST_WORDS, of the first MOST_CHARACTERS of the text.
    """
    name = name[:MOST_CHARACTERS]
    words = canonical_words(parted(fold(_written_as_words(name)) + " "), thing)
    return tuple(word[:MOST_LETTERS] for word in words[:MOST_WORDS])


def packed(words: tuple[str, ...]) -> NDArray[np.int64]:
    """The words of a name in one array for compiled code: their number, then the facts of each.

    Each word: letters, sound, sound length, known, four weights in WEIGHT_UNIT, number of groups, the groups, and
    one element for each letter.
    """
    flat: list[int] = [len(words)]
    for word in words:
        flat += _record(word)
    return np.array(flat, dtype=np.int64)


@cache
def group_strength() -> NDArray[np.uint8]:
    """Strength 0..100 of each group of spellings, by its number."""
    return lexicon().group_strength.copy()


@lru_cache(maxsize=1 << 17)
def kind_told_by(word: str) -> int:
    """What a word says of the kind of a name whose kind is not given.

    1 an organisation (a legal form or a trade word), 2 an organisation where it stands last (a short legal form),
    3 a vessel where it stands first, 0 nothing.
    """
    person = word_kind(word, "person", NAME_WEIGHTS.short_letters)
    organisation = word_kind(word, "organisation", NAME_WEIGHTS.short_letters)
    if organisation == "legal_form" and person in ("word", "short"):
        return 1 if len(word) > 2 else 2
    if organisation == "common" and person == "word" and len(word) > 3:
        return 1
    return 3 if word_kind(word, "vessel", NAME_WEIGHTS.short_letters) == "title" and person == "short" else 0


@cache
def _of_organisations() -> frozenset[str]:
    return words_of_organisations()
