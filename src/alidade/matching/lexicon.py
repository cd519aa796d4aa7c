"""The words of the world that are known as names, how common each is, and which of them are one name.

A fixed, dated reference (`data/name_words.txt.gz`): no score that rests on it depends on the records of a node.
It is read at first use, in a few tenths of a second, and then kept.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

#: What a shared group is worth, by the sign that opens it in the file: another spelling of the same name, another
#: reading of the same Han character, a short form and its name, two short forms of one name (or one name in two
#: languages).
STRENGTHS: Final = {"+": 100, "=": 80, "!": 85, "~": 70}
Kind = TypeVar("Kind", bound=np.generic)
_OFFSET, _PRIME = 0xCBF29CE484222325, 0x100000001B3
_EVERY_BIT = (1 << 64) - 1
_NEWLINE, _BLANK, _NOUGHT, _NINE = 10, 32, 48, 57


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Known words of names as arrays, in ascending order of their hashes.

    hashes          uint64, FNV-1a over the letters of each folded word; no two are equal
    common          uint8, 0 rare .. 9 among the commonest of the world
    group_start     int32, one longer than hashes: groups[group_start[i]:group_start[i + 1]] are those of word i
    groups          int32, numbers of groups, ascending within a word
    group_strength  uint8 by number of group: 100 the same name, less for short forms and for readings of a character
    """

    version: str
    hashes: NDArray[np.uint64]
    common: NDArray[np.uint8]
    group_start: NDArray[np.int32]
    groups: NDArray[np.int32]
    group_strength: NDArray[np.uint8]

    def place(self, word: str) -> int:
        """Where a folded word stands in the arrays, or -1 where it is not known."""
        wanted = np.uint64(word_hash(word))
        place = int(np.searchsorted(self.hashes, wanted))
        return place if place < len(self.hashes) and self.hashes[place] == wanted else -1

    def commonness(self, word: str) -> int:
        """0 rare .. 9 among the commonest of the world, or -1 for a word that is not known."""
        place = self.place(word)
        return int(self.common[place]) if place >= 0 else -1

    def groups_of(self, word: str) -> frozenset[int]:
        """Numbers of the groups of a folded word."""
        place = self.place(word)
        if place < 0:
            return frozenset()
        return frozenset(self.groups[self.group_start[place] : self.group_start[place + 1]].tolist())

    def relation(self, left: str, right: str) -> int:
        """How strongly two folded words are known as one name: 100 another spelling .. 0 not known as such."""
        shared: Iterable[int] = self.groups_of(left) & self.groups_of(right)
        return max((int(self.group_strength[group]) for group in shared), default=0)


def word_hash(word: str) -> int:
    """FNV-1a, 64 bits, over the ASCII bytes of a folded word."""
    value = _OFFSET
    for byte in word.encode("ascii"):
        value = ((value ^ byte) * _PRIME) & _EVERY_BIT
    return value


@cache
def lexicon() -> Lexicon:
    """The reference, read at the first call."""
    packed = files("alidade.matching").joinpath("data", "name_words.txt.gz").read_bytes()
    return read_lexicon(gzip.decompress(packed))


def read_lexicon(text: bytes) -> Lexicon:
    """Arrays from the text of the file, whose head says how its lines are written."""
    body = 0
    version = ""
    while text[body : body + 1] == b"#":
        end = text.index(b"\n", body)
        line = text[body + 2 : end].decode("ascii")
        version = line.partition(" ")[2] if line.startswith("version ") else version
        body = end + 1
    letters = np.frombuffer(text, dtype=np.uint8, offset=body)
    ends = np.flatnonzero(letters == _NEWLINE)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
    digits = np.flatnonzero((letters >= _NOUGHT) & (letters <= _NINE))
    levels = digits[np.searchsorted(digits, starts)]
    hashes = _hashes(letters, starts, levels - starts)
    word, group, strength = _groups(letters, ends, levels)
    order = np.argsort(hashes)
    counts = np.bincount(word, minlength=len(starts))
    firsts = np.cumsum(counts) - counts
    group_start = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts[order])))
    # Each word's groups stand together and ascend already; they move as one with their word.
    moved = np.repeat(firsts[order] - group_start[:-1], counts[order]) + np.arange(len(group))
    return Lexicon(
        version=version,
        hashes=_sealed(hashes[order]),
        common=_sealed((letters[levels] - _NOUGHT).astype(np.uint8)[order]),
        group_start=_sealed(group_start.astype(np.int32)),
        groups=_sealed(group[moved].astype(np.int32)),
        group_strength=_sealed(strength),
    )


def _sealed(values: NDArray[Kind]) -> NDArray[Kind]:
    values.flags.writeable = False
    return values


def _hashes(letters: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    longest = np.argsort(-lengths.astype(np.int8), kind="stable")
    first, long = starts[longest], lengths[longest]
    values = np.full(len(starts), _OFFSET, dtype=np.uint64)
    for place in range(int(lengths.max(initial=0))):
        still = int(np.searchsorted(-long, -place))
        values[:still] ^= letters[first[:still] + place]
        values[:still] *= np.uint64(_PRIME)
    hashes = np.empty_like(values)
    hashes[longest] = values
    return hashes


def _groups(
    letters: NDArray[np.uint8], ends: NDArray[np.int64], levels: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """For each mention of a group its word and its number, and for each group its strength."""
    worth = np.zeros(256, dtype=np.uint8)
    for sign, value in STRENGTHS.items():
        worth[ord(sign)] = value
    signs = [letters == ord(sign) for sign in STRENGTHS]
    mentions = np.flatnonzero(np.logical_or.reduce([letters == _BLANK, *signs]))
    opens = worth[letters[mentions]] > 0
    word = np.searchsorted(ends, mentions)
    # A mention of an open group counts back from the latest that was open before its line.
    latest = np.cumsum(opens) - 1
    before = np.searchsorted(mentions[opens], levels) - 1
    group = np.where(opens, latest, before[word] - _numbers(letters, mentions, opens))
    return word, group, worth[letters[mentions[opens]]]


def _numbers(letters: NDArray[np.uint8], mentions: NDArray[np.int64], opens: NDArray[np.bool_]) -> NDArray[np.int64]:
    values = np.zeros(len(mentions), dtype=np.int64)
    rows = np.flatnonzero(~opens)
    for place in range(1, 12):
        found = letters[mentions[rows] + place]
        rows = rows[(found >= _NOUGHT) & (found <= _NINE)]
        if not len(rows):
            break
        values[rows] = values[rows] * 10 + (letters[mentions[rows] + place] - _NOUGHT)
    return values


def __getattr__(name: str) -> Lexicon:
    """`lexicon.LEXICON` is the same as `lexicon.lexicon()`: read when it is asked for, not at import."""
    if name == "LEXICON":
        return lexicon()
    raise AttributeError(name)
