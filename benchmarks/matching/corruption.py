"""Corruption: the errors and other ways of writing that turn a name of the register into a question."""

from __future__ import annotations

import random as chance
import unicodedata

from benchmarks.matching.groups import plain, script_of

_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "awdx", "d": "serfc", "f": "drtgv", "g": "ftyhb", "h": "gyujn", "j": "huikm",
    "k": "jiol", "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip
_SEEN_AS = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("w", "vv"), ("O", "0"), ("o", "0"), ("l", "1"),
    ("i", "1"), ("I", "l"), ("S", "5"), ("s", "5"), ("B", "8"), ("e", "c"), ("c", "e"), ("u", "v"), ("h", "b"),
    ("g", "q"), ("Z", "2"), ("ri", "n"), ("nn", "m"), ("a", "o"), ("f", "t"), ("y", "v"),
)  # fmt: skip
_FIRST_TYPED = 4


def typo(random: chance.Random, text: str, times: int = 1) -> str | None:
    """Letters left out, doubled, added or hit beside, each in a word of four letters or more; None where none is."""
    for _ in range(times):
        changed = _slip(random, text)
        if changed is None:
            return None
        text = changed
    return text


def transpose(random: chance.Random, text: str) -> str | None:
    """Two neighbouring letters of a word exchanged."""
    places = [
        place
        for place in range(len(text) - 1)
        if text[place].isalpha() and text[place + 1].isalpha() and text[place].lower() != text[place + 1].lower()
    ]
    if not places:
        return None
    place = random.choice(places)
    left, right = text[place], text[place + 1]
    if left.isupper() and right.islower():
        left, right = left.lower(), right.upper()
    return text[:place] + right + left + text[place + 2 :]


def seen_wrong(random: chance.Random, text: str) -> str | None:
    """One or two letters read as others that look alike, as scanning does."""
    for _ in range(random.choice((1, 1, 2))):
        fitting = [(old, new) for old, new in _SEEN_AS if old in text]
        if not fitting:
            return None
        old, new = random.choice(fitting)
        places = [place for place in range(len(text)) if text.startswith(old, place)]
        place = random.choice(places)
        text = text[:place] + new + text[place + len(old) :]
    return text


def split_or_merge(random: chance.Random, text: str) -> str | None:
    """Two words written as one, or one word of six letters or more written as two."""
    words = text.replace("-", " ").split()
    if len(words) > 1 and random.random() < 0.5:
        place = random.randrange(len(words) - 1)
        return " ".join([*words[:place], words[place] + words[place + 1].lower(), *words[place + 2 :]])
    long = [place for place, word in enumerate(words) if len(word) >= 6 and word.isalpha()]
    if not long:
        return None
    place = random.choice(long)
    cut = random.randint(2, len(words[place]) - 3)
    parts = [words[place][:cut], words[place][cut:]]
    return " ".join([*words[:place], parts[0], random.choice((parts[1], parts[1].capitalize())), *words[place + 1 :]])


def other_dress(random: chance.Random, text: str) -> str:
    """The same letters in another dress: capitals, accents dropped, hyphens as blanks, blanks doubled."""
    way = random.randrange(4)
    if way == 0:
        return text.upper()
    if way == 1:
        return text.lower().replace("-", " ")
    if way == 2:
        stripped = unicodedata.normalize("NFD", text) if script_of(text) == "Latn" else text
        kept = "".join(letter for letter in stripped if not unicodedata.combining(letter))
        return plain(kept) if kept == text and script_of(text) == "Latn" else kept
    return "  ".join(text.replace(".", "").split()) + " "


def reordered(random: chance.Random, words: list[str]) -> str | None:
    """The words in another order: family name first, with or without a comma, or turned round."""
    if len(words) < 2:
        return None
    way = random.random()
    if way < 0.5:
        moved = [words[-1], *words[:-1]]
    elif way < 0.7:
        return f"{words[-1]}, {' '.join(words[:-1])}"
    elif way < 0.85:
        moved = [*words[1:], words[0]]
    else:
        moved = words[::-1]
    return " ".join(moved)


def _slip(random: chance.Random, text: str) -> str | None:
    places = [
        place
        for start, word in _words(text)
        if len(word) >= _FIRST_TYPED
        for place in range(start, start + len(word))
        if text[place].isalpha()
    ]
    if not places:
        return None
    place = random.choice(places)
    letter = text[place]
    way = random.randrange(4)
    if way == 0:
        return text[:place] + text[place + 1 :]
    if way == 1:
        return text[:place] + letter + letter.lower() + text[place + 1 :]
    near = _NEIGHBOURS.get(letter.lower())
    if near is None:  # another script: another letter of the same name stands in
        near = "".join(sorted({text[other].lower() for other in places} - {letter.lower()})) or letter.lower()
    other = random.choice(near)
    if way == 2:
        return text[: place + 1] + other + text[place + 1 :]
    return text[:place] + (other.upper() if letter.isupper() else other) + text[place + 1 :]


def _words(text: str) -> list[tuple[int, str]]:
    found, start = [], 0
    for word in text.replace("-", " ").split(" "):
        found.append((start, word))
        start += len(word) + 1
    return found
