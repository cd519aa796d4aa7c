"""Mistakes: how clerks get names, dates and numbers wrong, and how names look in other scripts and romanisations."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

import msgspec

from alidade.simulation.networks.chance import Chance
from alidade.simulation.networks.names import FOLDER

_NEAR: Final = {
    "a": "qsz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "xs",
}  # fmt: skip


@cache
def _tables() -> dict[str, Sequence[Sequence[str]]]:
    content = msgspec.json.decode((FOLDER / "scripts.json").read_bytes())
    return {name: table for name, table in content.items() if isinstance(table, list)}


@cache
def _by_first(script: str) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for latin, other in _tables()[script]:
        found.setdefault(latin[0], []).append((latin, other))
    return {first: tuple(pairs) for first, pairs in found.items()}


_UNMARKED: Final = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae"})


@lru_cache(maxsize=65_536)
def _plain(name: str) -> str:
    """The name in small Latin letters without marks."""
    apart = unicodedata.normalize("NFD", name.lower().translate(_UNMARKED))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def in_script(name: str, script: str) -> str:
    """A Latin name as a clerk writes it in another script (`Cyrl`, `Grek`, `GrekOwn`, `Arab`)."""
    table = _by_first(script)
    words: list[str] = []
    for word in _plain(name).split():
        written: list[str] = []
        place = 0
        while place < len(word):
            for latin, other in table.get(word[place], ()):
                if word.startswith(latin, place):
                    written.append(other)
                    place += len(latin)
                    break
            else:
                place += 1
        words.append("".join(written))
    joined = " ".join(word for word in words if word)
    return joined if script == "Arab" else joined.title()


def other_romanisation(chance: Chance, name: str) -> str:
    """The name as another office spells it in Latin letters; itself where there is no other habit."""
    lower = name.lower()
    usable = [(old, new) for old, new in _tables()["romanisations"] if old in lower]
    for old, new in chance.some_of(usable, chance.between(1, 2)):
        lower = lower.replace(old, new)
    return lower.title() if usable else _plain(name).title()


def without_marks(name: str) -> str:
    """The name without the marks on its letters, in capitals, as machines print it."""
    return _plain(name).upper()


def typing(chance: Chance, text: str) -> str:
    """One slip of the keyboard: a letter swapped, lost, doubled or its neighbour."""
    places = [place for place, sign in enumerate(text) if sign.isalpha() and place > 0]
    if not places:
        return text
    place = chance.one_of(places)
    sign = text[place].lower()
    kind = chance.below(4)
    if kind == 0 and place + 1 < len(text) and text[place + 1].isalpha():
        return text[:place] + text[place + 1].lower() + sign + text[place + 2 :]
    if kind == 1:
        return text[:place] + text[place + 1 :]
    if kind == 2:
        return text[:place] + sign + text[place:]
    return text[:place] + chance.one_of(_NEAR.get(sign, "e")) + text[place + 1 :]


def wrong_digit(chance: Chance, number: str) -> str:
    """A number with one digit wrong, or two neighbours swapped."""
    places = [place for place, sign in enumerate(number) if sign.isdigit()]
    if len(places) < 2:
        return number
    place = chance.one_of(places[1:])
    if chance.happens(0.4) and number[place - 1].isdigit() and number[place - 1] != number[place]:
        return number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]
    return number[:place] + str((int(number[place]) + chance.between(1, 9)) % 10) + number[place + 1 :]


def other_order(name: str) -> str:
    """The surname first, as registers have it."""
    given, _, rest = name.partition(" ")
    return f"{rest}, {given}" if rest else name


def shorter(chance: Chance, name: str) -> str:
    """The name without its second surname, or with the first name as a letter."""
    parts = name.split()
    if len(parts) > 2 and chance.happens(0.7):
        return " ".join(parts[:-1])
    return " ".join((parts[0][0] + ".", *parts[1:])) if chance.happens(0.3) else name


def wrong_date(chance: Chance, day: str) -> str:
    """A birth date with day and month swapped where that gives a date, or one digit wrong."""
    year, month, of_month = day.split("-")
    if int(of_month) <= 12 and month != of_month and chance.happens(0.7):
        return f"{year}-{of_month}-{month}"
    if chance.happens(0.5):
        return f"{int(year) + chance.one_of((-10, -1, 1, 10))}-{month}-{of_month}"
    return f"{year}-{month}-{chance.between(1, 28):02d}"
