"""Two registers as arrays: the words, sounds, dates, countries and numbers of all rows, left rows first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from alidade.matching.linking_words import Words, bytes_of, distinct_words
from alidade.matching.partial_dates import parse_date
from alidade.matching.weights import WEIGHTS

#: The kinds of numbers whose check digit finds a slip: a number that differs is another number.
_CHECKED: Final = frozenset({"imo", "registration_lei", "vin", "iban", "container", "crypto"})
_KINDS: Final = {"person": 1, "organization": 2, "organisation": 2, "company": 2, "publicbody": 2, "vessel": 3,
                 "airplane": 4, "vehicle": 5}  # fmt: skip
_PARTS: Final = (("birthDate", "incorporationDate"), ("country", "nationality", "jurisdiction", "citizenship", "flag"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """One kind of document number: the number of each row's text (-1 none) and the letters of the distinct texts."""

    name: str
    number: NDArray[np.int32]
    letters: NDArray[np.uint8]
    start: NDArray[np.int64]
    count: NDArray[np.int64]
    tolerant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """All rows of both registers.

    sounds         int32 (rows, 4), numbers of the sounds of the rarest words, -1 where there are none
    first_letters  uint8 (rows, 4), and sound_ends uint16 (rows, 4): of the same words
    bag            uint64, the classes of all words in no order, 0 where there are too few
    date           int32, year * 512 + month * 32 + day, 0 where unknown
    country        int16, number of the country, -1 where unknown
    kind           int8, 0 where unknown
    """

    words: Words
    sound: NDArray[np.int32]
    sounds: NDArray[np.int32]
    first_letters: NDArray[np.uint8]
    sound_ends: NDArray[np.uint16]
    bag: NDArray[np.uint64]
    date: NDArray[np.int32]
    country: NDArray[np.int16]
    country_count: NDArray[np.int64]
    kind: NDArray[np.int8]
    documents: tuple[Numbers, ...]


def fields_of(left: pl.DataFrame, right: pl.DataFrame | None) -> Fields:
    """The arrays of two registers, or of one."""
    frames = [left] if right is None else [left, right]
    words = distinct_words(_column(frames, ("name",)))
    codes, places = np.unique(words.sound, return_inverse=True)
    sound = places.astype(np.int32)
    sound_count = np.bincount(sound, weights=words.count, minlength=len(codes)).astype(np.int64)
    sounds, first_letters, ends, bag = _sounds_of_rows(
        words.rows, words.start, words.letters, words.sound, sound, sound_count
    )
    country, country_count = _countries(_column(frames, _PARTS[1]))
    return Fields(
        words=words,
        sound=sound,
        sounds=sounds,
        first_letters=first_letters,
        sound_ends=ends,
        bag=bag,
        date=_dates(_column(frames, _PARTS[0])),
        country=country,
        country_count=country_count,
        kind=_kinds(_column(frames, ("schema",))),
        documents=tuple(_numbers(frames)),
    )


def _column(frames: list[pl.DataFrame], names: tuple[str, ...]) -> pl.Series:
    """One column of text over all frames, the first of the names that has a value; lists give their first value."""
    parts = []
    for frame in frames:
        texts = [_text(frame, name) for name in names if name in frame.columns]
        parts.append(frame.select(pl.coalesce([*texts, pl.lit(None, dtype=pl.String)]).alias("value"))["value"])
        if not texts:
            parts[-1] = pl.repeat(None, frame.height, dtype=pl.String, eager=True).alias("value")
    return pl.concat(parts)


def _text(frame: pl.DataFrame, name: str) -> pl.Expr:
    column = pl.col(name)
    return (column.list.first() if isinstance(frame.schema[name], pl.List) else column).cast(pl.String)


def _distinct(texts: pl.Series) -> tuple[NDArray[np.int32], pl.Series]:
    """The number of each row's text (-1 for null) and the distinct texts, in ascending order."""
    known = texts.drop_nulls().unique().sort()
    numbered = pl.DataFrame({"value": known, "number": pl.arange(len(known), eager=True, dtype=pl.Int32)})
    rows = texts.to_frame("value").join(numbered, on="value", how="left", maintain_order="left")["number"]
    return rows.fill_null(-1).to_numpy().astype(np.int32), known


def _dates(texts: pl.Series) -> NDArray[np.int32]:
    rows, known = _distinct(texts)
    coded = np.zeros(len(known) + 1, dtype=np.int32)
    for place, text in enumerate(known.to_list()):
        date = parse_date(text)
        if date is not None and date.until_year is None and not date.about:
            coded[place] = date.year * 512 + (date.month or 0) * 32 + (date.day or 0)
    return coded[rows]


def _countries(texts: pl.Series) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    cleaned = texts.str.strip_chars().str.to_lowercase()
    rows, known = _distinct(cleaned.set(cleaned == "", None))
    return rows.astype(np.int16), np.bincount(rows[rows >= 0], minlength=max(1, len(known))).astype(np.int64)


def _kinds(texts: pl.Series) -> NDArray[np.int8]:
    rows, known = _distinct(texts.str.to_lowercase())
    coded = np.array([*(_KINDS.get(text, 0) for text in known.to_list()), 0], dtype=np.int8)
    return coded[rows]


def _numbers(frames: list[pl.DataFrame]) -> list[Numbers]:
    found = []
    for name, kind in WEIGHTS.identifiers.properties.items():
        if not all(name in frame.columns for frame in frames):
            continue
        texts = _column(frames, (name,)).str.to_uppercase().str.replace_all(r"[^0-9A-Z]|^(IMO|MMSI|LEI|VIN)", "")
        rows, known = _distinct(texts.set(texts.str.len_bytes() < 4, None))
        letters, start = bytes_of(known)
        count = np.bincount(rows[rows >= 0], minlength=max(1, len(known))).astype(np.int64)
        tolerant = kind not in _CHECKED and name != "leiCode"
        found.append(Numbers(name=name, number=rows, letters=letters, start=start, count=count, tolerant=tolerant))
    return found


@njit("void(int32[::1], int64[::1], Array(uint8, 1, 'C', readonly=True), uint8[::1])", cache=True, nogil=True)
def _add_initials(row, start, letters, firsts):  # type: ignore[no-untyped-def]
    """An initial has no sound, and stands for a word with that letter."""
    for column in range(len(row)):
        word = row[column]
        if word >= 0 and start[word + 1] - start[word] == 1:
            for place in range(3):
                if firsts[place] == 0:
                    firsts[place] = letters[start[word]]
                    break


@njit(
    "Tuple((int32[:, ::1], uint8[:, ::1], uint16[:, ::1], uint64[::1]))(int32[:, ::1], int64[::1], "
    "Array(uint8, 1, 'C', readonly=True), uint64[::1], int32[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def _sounds_of_rows(rows, start, letters, codes, sound, sound_count):  # type: ignore[no-untyped-def]  # noqa: C901
    """For each row its four rarest sounds, the first letters and last classes of their words, and its bag."""
    n = len(rows)
    sounds = np.full((n, 4), -1, dtype=np.int32)
    firsts = np.zeros((n, 4), dtype=np.uint8)
    ends = np.zeros((n, 4), dtype=np.uint16)
    bags = np.zeros(n, dtype=np.uint64)
    for row in range(n):
        bag = np.uint64(0)
        classes = 0
        for column in range(rows.shape[1]):
            word = rows[row, column]
            if word < 0:
                break
            code = codes[word]
            last = np.uint64(0)
            length = 0
            while code != 0:
                one = code & np.uint64(31)
                # Five bits for each of eleven classes: a name has rarely more than thirty of one.
                if 2 < one < 12:
                    bag += np.uint64(1) << (np.uint64(5) * one)
                    classes += 1
                last = ((last << np.uint64(5)) | one) & np.uint64(1023)
                length += 1
                code = code >> np.uint64(5)
            if length == 0 or start[word + 1] - start[word] < 2:
                continue
            number = sound[word]
            known = False
            for place in range(4):
                known = known or sounds[row, place] == number
            if known:
                continue
            place = 4
            while place > 0 and (
                sounds[row, place - 1] < 0
                or sound_count[number] < sound_count[sounds[row, place - 1]]
                or (sound_count[number] == sound_count[sounds[row, place - 1]] and number < sounds[row, place - 1])
            ):
                place -= 1
            if place == 4:
                continue
            for later in range(3, place, -1):
                sounds[row, later] = sounds[row, later - 1]
                firsts[row, later] = firsts[row, later - 1]
                ends[row, later] = ends[row, later - 1]
            sounds[row, place] = number
            firsts[row, place] = letters[start[word]]
            ends[row, place] = np.uint16(last) if length > 1 else np.uint16(0)
        _add_initials(rows[row], start, letters, firsts[row])
        if classes >= 4:
            bags[row] = bag
    return sounds, firsts, ends, bags
