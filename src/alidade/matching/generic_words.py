"""Which words of a name say little by themselves, and which spellings of them are one word."""

from __future__ import annotations

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
    canonical_person: dict[str, str]
    legal_forms: dict[str, str]
    common: dict[str, frozenset[str]]
    titles: dict[str, frozenset[str]]
    particles: dict[str, frozenset[str]]


def _by_first_word(phrases: dict[str, str]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, short in sorted(phrases.items(), key=lambda item: (-item[0].count(" "), item[0])):
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append((words, short))
    return found


_TABLE: Final = table("generic_words", _Table)
#: The long legal forms by their first word, the longest first, with the short form that stands for each.
_PHRASES: Final = _by_first_word(_TABLE.phrases)
#: No word of a name is longer; what is longer is no name, and the work must stay bounded.
_MOST_LETTERS: Final = 64
#: Spellings of particles that, at the head of a name, are a given name (Ben Meyer).
GIVEN_NAMES_TOO: Final = frozenset({"ben"})
#: Letters with dots up to this many are one short form themselves.
_MOST_FORM: Final = 4
_DOTTED_FORMS: Final = ("spa", "srl", "sas", "llc", "plc", "doo", "sro", "sa", "bv", "nv", "ag", "kg", "as")
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


_SPELLINGS: Final = {
    thing: {
        word: other
        for word, other in (_TABLE.canonical_person if thing == "person" else _TABLE.canonical).items()
        if other in _KINDS[thing]
    }
    for thing in _THINGS
}


def canonical_words(folded: str, thing: Thing) -> list[str]:
    """Words of a folded name, with long legal forms shortened and spellings of generic words made one."""
    words = folded.split()
    if thing != "person":
        words = _joined_letters(words)
        if not _PHRASES.keys().isdisjoint(words):
            words = _shortened(words)
    if len(folded) > _MOST_LETTERS:
        words = [word[:_MOST_LETTERS] for word in words]
    if len(words) < 2:
        return words
    spellings = _SPELLINGS[thing]
    made_one = [spellings.get(word, word) for word in words]
    if words[0] in GIVEN_NAMES_TOO:
        made_one[0] = words[0]
    return made_one


def _shortened(words: list[str]) -> list[str]:
    """The words with each long legal form as its short one; the longest form that fits counts."""
    short: list[str] = []
    place = 0
    while place < len(words):
        for phrase, form in _PHRASES.get(words[place], ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                short.append(form)
                place += len(phrase)
                break
        else:
            short.append(words[place])
            place += 1
    return short


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
    if open_run and len(joined[-1]) > _MOST_FORM:
        joined[-1:] = _without_form(joined[-1])
    return joined


def _without_form(letters: str) -> list[str]:
    """A.B.C. S.A. is the word abc with its legal form."""
    for form in _DOTTED_FORMS:
        if letters.endswith(form) and len(letters) - len(form) > 1:
            return [letters.removesuffix(form), form]
    return [letters]


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


def single_words(thing: Thing) -> dict[str, str]:
    """Spellings of generic words and the word that stands for them in names of that kind of thing."""
    return dict(_SPELLINGS[thing])


def starts_of_phrases() -> frozenset[str]:
    """First words of the long legal forms that `canonical_words` shortens."""
    return frozenset(_PHRASES)


def second_words_of_phrases() -> frozenset[str]:
    """Second words of the long legal forms that `canonical_words` shortens."""
    return frozenset(phrase[1] for phrases in _PHRASES.values() for phrase, _ in phrases if len(phrase) > 1)


def words_of_organisations() -> frozenset[str]:
    """Every word that says little in the name of an organisation, in all its spellings."""
    return _TABLE.common["organisation"] | _TABLE.legal_forms.keys()
