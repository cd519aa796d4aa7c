"""The distinct words of many names: each is folded and sounded once, however many rows it stands in.

Names are cut at everything that is neither a letter nor a digit, exactly as `folding.fold` does; words with letters
beyond ASCII go through `fold` itself. A row then is a short list of word numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from alidade.matching.folding import fold
from alidade.matching.generic_words import word_kind
from alidade.matching.lexicon import lexicon
from alidade.matching.sounds import skeleton

#: Words of a name that are looked at; the rest of longer names say nothing more.
ROW_WORDS: Final = 8
#: Letters of a word that are looked at.
WORD_LETTERS: Final = 24
#: Sound classes of a word that are looked at: twelve of five bits each fill the code.
SOUND_CLASSES: Final = 12
_CLASSES: Final = {letter: code for code, letter in enumerate("ahptkfslrn0123456789", start=1)}
_OTHER_CLASS: Final = 31
_GENERIC: Final = ("legal_form", "common")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The distinct words and the rows that hold them; numbers of words are places in the arrays.

    rows     int32 (names, ROW_WORDS), -1 behind the last word
    start    int64 (words + 1) places in letters
    letters  uint8, ASCII
    sound    uint64 (words), five bits for each class, the first class lowest
    groups   int32 (words, 4), numbers of known spellings and short forms of one name, -1 where there are none
    count    int64 (words), rows that hold the word
    generic  whether the word is a legal form or a trade word, which come together and say little
    commonness  float64, 0..9 for known words of names, -1 for others
    """

    rows: NDArray[np.int32]
    start: NDArray[np.int64]
    letters: NDArray[np.uint8]
    sound: NDArray[np.uint64]
    groups: NDArray[np.int32]
    count: NDArray[np.int64]
    generic: NDArray[np.bool_]
    commonness: NDArray[np.float64]


def bytes_of(texts: pl.Series) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The UTF-8 bytes of a column one after the other, and where each row begins; null is an empty row."""
    known = texts.fill_null("")
    start = np.zeros(len(known) + 1, dtype=np.int64)
    np.cumsum(known.str.len_bytes().to_numpy(), out=start[1:])
    joined = known.str.join("")[0] if len(known) else ""
    return np.frombuffer((joined or "").encode(), dtype=np.uint8), start


def distinct_words(names: pl.Series) -> Words:
    """Cut, fold and number the words of a column of names; the same names give the same numbers."""
    letters, start = bytes_of(names)
    raw_rows, word_letters, word_start = _cut(letters, start)
    text = word_letters.tobytes()
    folded: dict[str, int] = {}
    heads = np.zeros(len(word_start), dtype=np.int64)
    pieces: list[int] = []
    bounds = word_start.tolist()
    for number in range(len(bounds) - 1):
        raw = text[bounds[number] : bounds[number + 1]]
        words = [raw.decode("ascii")] if raw.isascii() else fold(raw.decode("utf-8", "ignore")).split()
        pieces.extend(folded.setdefault(word[:WORD_LETTERS], len(folded)) for word in words)
        heads[number + 1] = len(pieces)
    rows = _in_rows(raw_rows, heads, np.array(pieces, dtype=np.int32))
    return _described(rows, list(folded))


def _described(rows: NDArray[np.int32], words: list[str]) -> Words:
    start = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, words), dtype=np.int64, count=len(words)), out=start[1:])
    letters = np.frombuffer("".join(words).encode("ascii") or b" ", dtype=np.uint8)
    sound = np.fromiter((sound_code(word) for word in words), dtype=np.uint64, count=len(words))
    known = lexicon()
    groups, commonness = _known(letters, start, known.hashes, known.common, known.group_start, known.groups)
    saying_little = (word_kind(word, "organisation", 2) in _GENERIC for word in words)
    generic = np.fromiter(saying_little, dtype=np.bool_, count=len(words))
    count = np.bincount(rows[rows >= 0], minlength=len(words)).astype(np.int64)
    return Words(
        rows=rows,
        start=start,
        letters=letters,
        sound=sound,
        groups=groups,
        count=count,
        generic=generic,
        commonness=commonness,
    )


def sound_code(word: str) -> int:
    """The consonant skeleton of a word as a number; 0 for a word without any."""
    code = 0
    for place, letter in enumerate(skeleton(word)[:SOUND_CLASSES]):
        code |= _CLASSES.get(letter, _OTHER_CLASS) << 5 * place
    return code


@njit("boolean(uint8)", cache=True, nogil=True)
def _inside(letter):  # type: ignore[no-untyped-def]
    """Whether a byte belongs to a word: digits, letters, and whatever is not ASCII."""
    return 48 <= letter <= 57 or 65 <= letter <= 90 or 97 <= letter <= 122 or letter >= 128


@njit(
    "Tuple((int32[:, ::1], uint8[::1], int64[::1]))(Array(uint8, 1, 'C', readonly=True), int64[::1])",
    cache=True,
    nogil=True,
)
def _cut(letters, start):  # type: ignore[no-untyped-def]  # noqa: C901
    """Rows of word numbers, and the words in lower case, numbered in the order in which they first stand."""
    names = len(start) - 1
    rows = np.full((names, 8), -1, dtype=np.int32)
    word_letters = np.empty(len(letters) + 1, dtype=np.uint8)
    word_start = np.zeros(1 << 16, dtype=np.int64)
    hashes = np.zeros(1 << 16, dtype=np.uint64)
    table = np.full(1 << 17, -1, dtype=np.int32)
    mask = np.uint64(len(table) - 1)
    words = 0
    for name in range(names):
        at, end, place = start[name], start[name + 1], 0
        while at < end and place < 8:
            while at < end and not _inside(letters[at]):
                at += 1
            head = word_start[words]
            tail = head
            value = np.uint64(14695981039346656037)
            while at < end and (_inside(letters[at]) or letters[at] == 39 or letters[at] == 96):
                letter = letters[at]
                at += 1
                if letter == 39 or letter == 96:
                    continue
                if 65 <= letter <= 90:
                    letter = np.uint8(letter + 32)
                word_letters[tail] = letter
                tail += 1
                value = (value ^ np.uint64(letter)) * np.uint64(1099511628211)
            if tail == head:
                continue
            slot = (value ^ (value >> np.uint64(29))) & mask
            while table[slot] >= 0 and hashes[table[slot]] != value:
                slot = (slot + np.uint64(1)) & mask
            if table[slot] < 0:
                if words + 2 >= len(word_start):
                    more = np.zeros(2 * len(word_start), dtype=np.int64)
                    more[: words + 1] = word_start[: words + 1]
                    word_start = more
                    more_hashes = np.zeros(2 * len(hashes), dtype=np.uint64)
                    more_hashes[:words] = hashes[:words]
                    hashes = more_hashes
                    table = np.full(2 * len(table), -1, dtype=np.int32)
                    mask = np.uint64(len(table) - 1)
                    for number in range(words):
                        slot = (hashes[number] ^ (hashes[number] >> np.uint64(29))) & mask
                        while table[slot] >= 0:
                            slot = (slot + np.uint64(1)) & mask
                        table[slot] = number
                    slot = (value ^ (value >> np.uint64(29))) & mask
                    while table[slot] >= 0:
                        slot = (slot + np.uint64(1)) & mask
                table[slot] = words
                hashes[words] = value
                words += 1
                word_start[words] = tail
            rows[name, place] = table[slot]
            place += 1
    return rows, word_letters[: word_start[words]].copy(), word_start[: words + 1].copy()


@njit("int32[:, ::1](int32[:, ::1], int64[::1], int32[::1])", cache=True, nogil=True)
def _in_rows(raw_rows, heads, pieces):  # type: ignore[no-untyped-def]
    """Rows of raw words as rows of folded words: a raw word can be several, or none."""
    rows = np.full(raw_rows.shape, -1, dtype=np.int32)
    for row in range(raw_rows.shape[0]):
        place = 0
        for column in range(raw_rows.shape[1]):
            raw = raw_rows[row, column]
            if raw < 0:
                break
            for piece in range(heads[raw], heads[raw + 1]):
                if place < rows.shape[1]:
                    rows[row, place] = pieces[piece]
                    place += 1
    return rows


@njit(
    "Tuple((int32[:, ::1], float64[::1]))(Array(uint8, 1, 'C', readonly=True), int64[::1], "
    "Array(uint64, 1, 'C', readonly=True), Array(uint8, 1, 'C', readonly=True), "
    "Array(int32, 1, 'C', readonly=True), Array(int32, 1, 'C', readonly=True))",
    cache=True,
    nogil=True,
)
def _known(letters, start, hashes, common, group_start, groups):  # type: ignore[no-untyped-def]
    """The groups of each word in the reference of known names, at most four, and how common it is in the world."""
    found = np.full((len(start) - 1, 4), -1, dtype=np.int32)
    commonness = np.full(len(start) - 1, -1.0)
    for word in range(len(start) - 1):
        value = np.uint64(14695981039346656037)
        for at in range(start[word], start[word + 1]):
            value = (value ^ np.uint64(letters[at])) * np.uint64(1099511628211)
        place = np.searchsorted(hashes, value)
        if place < len(hashes) and hashes[place] == value:
            commonness[word] = common[place]
            first = group_start[place]
            for offset in range(min(4, group_start[place + 1] - first)):
                found[word, offset] = groups[first + offset]
    return found, commonness
