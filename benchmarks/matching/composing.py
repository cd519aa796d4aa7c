"""Composing: persons, companies and vessels as numbers of pieces, a hundred thousand rows at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache as remembered
from typing import Any

import numpy as np
import polars

from benchmarks.matching.groups import plain, script_of
from benchmarks.matching.material import (
    AMPERSAND,
    BLANK,
    COMMA,
    HYPHEN,
    JOINED,
    SCRIPT_OF_COUNTRY,
    SEPARATORS,
    Draw,
    Material,
    shared_folder,
    table,
    zipf,
)  # fmt: skip

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

BLOCK = 100_000
KINDS = ("person", "organisation", "vessel")
_SHARES = (0.80, 0.96)
_NATIVE = 0.20
_ENOUGH = 1_000
#: What stands in each column of a person, of a company and of a vessel.
COLUMNS = (
    ("surname", "given", "middle", "middle", "particle", "surname", "surname"),
    ("root", "root", "trade", "trade", "form", "", ""),
    ("prefix", "word", "word", "number", "", "", ""),
)
_WIDTH = 7
_SPANISH = frozenset(table("countries")["spanish"].split())
_SURNAME_FIRST = frozenset(table("countries")["surname_first"].split())


@dataclass(slots=True, kw_only=True)
class Rows:
    """Rows as numbers: pieces (-1: nothing) and the separator before each; kind, country and native script of each."""

    pieces: Numbers
    separators: Numbers
    kinds: Numbers
    countries: Numbers
    native: Mask

    def texts(self, made: Material, *, folded: bool = False) -> polars.Series:
        """The names as written, or folded as every engine is given them."""
        pool = _folded_pool(made) if folded else _pool(made)
        between = polars.Series("s", ["" if not part else " " for part in SEPARATORS] if folded else list(SEPARATORS))
        columns: list[polars.Series] = []
        before = np.zeros(len(self.kinds), dtype=bool)
        for column in range(_WIDTH):
            numbers, present = self.pieces[:, column], self.pieces[:, column] >= 0
            if column:
                wanted = np.where(present & before, self.separators[:, column], JOINED)
                columns.append(between.gather(wanted).alias(f"s{column}"))
            columns.append(pool.gather(np.where(present, numbers, len(pool) - 1)).alias(f"p{column}"))
            before |= present
        frame = polars.DataFrame(columns)
        return frame.select(polars.concat_str(polars.all()).alias("name")).to_series()


def compose(made: Material, block: int, size: int = BLOCK) -> Rows:
    """The rows of one block: its own seed, so that a smaller register is the beginning of a larger one."""
    random = np.random.default_rng([made.seed, 2, block])
    drawn = random.random(size)
    kinds = np.searchsorted(np.asarray(_SHARES), drawn, side="right").astype(np.int64)
    order = np.random.default_rng([made.seed, 3]).permutation(len(made.countries))
    countries = zipf(order.tolist(), 0.7, 8.0).take(random, size)
    rows = Rows(
        pieces=np.full((size, _WIDTH), -1, dtype=np.int64),
        separators=np.full((size, _WIDTH), BLANK, dtype=np.int64),
        kinds=kinds,
        countries=countries,
        native=np.zeros(size, dtype=bool),
    )
    for number, country in enumerate(made.countries):
        here = countries == number
        _persons(made, random, rows, np.flatnonzero(here & (kinds == 0)), country)
        _companies(made, random, rows, np.flatnonzero(here & (kinds == 1)), country)
    _vessels(made, random, rows, np.flatnonzero(kinds == 2))
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Spellings:
    """For each entry, where its spellings begin in the pieces and how many there are."""

    latin_first: Numbers
    latin_count: Numbers
    native_first: Numbers
    native_count: Numbers

    def pick(self, random: np.random.Generator, entries: Numbers, native: Mask) -> Numbers:
        """A piece for each entry: mostly its first spelling, otherwise any; -1 where there is no entry."""
        first = np.where(native, self.native_first[entries], self.latin_first[entries])
        count = np.where(native, self.native_count[entries], self.latin_count[entries])
        any_of = (random.random(len(entries)) * count).astype(np.int64)
        chosen = first + np.where(random.random(len(entries)) < 0.65, 0, any_of)
        return np.where(entries >= 0, chosen, -1)

    def has_native(self, entries: Numbers) -> Mask:
        """Where the entry can be written in the native script (or there is no entry)."""
        return (self.native_count[entries] > 0) | (entries < 0)


@remembered
def spellings(seed: int) -> Spellings:
    """The spellings of the material of a seed, as arrays."""
    from benchmarks.matching.material import make_material

    entries = make_material(seed).entries
    return Spellings(
        latin_first=np.asarray([each.latin[0] for each in entries]),
        latin_count=np.asarray([len(each.latin) for each in entries]),
        native_first=np.asarray([each.native[0] if each.native else 0 for each in entries]),
        native_count=np.asarray([len(each.native) for each in entries]),
    )


def _persons(made: Material, random: np.random.Generator, rows: Rows, where: Numbers, country: str) -> None:
    count, spelt = len(where), spellings(made.seed)
    script = SCRIPT_OF_COUNTRY.get(country)
    tail = made.tails.get(script or "Latn", made.tails["Latn"])
    tail = tail if len(tail.entries) >= _ENOUGH else made.tails["Latn"]
    given = _either(random, made.given.get(country), tail, count, 0.75)
    surname = _either(random, made.surnames.get(country), tail, count, 0.42)
    middle, second, particle = (np.full(count, -1, dtype=np.int64) for _ in range(3))
    east = script in ("Hani", "Hang")
    if script == "Arab":
        father = _either(random, made.given.get(country), tail, count, 0.8)
        middle = np.where(random.random(count) < 0.5, father, -1)
        surname = np.where(random.random(count) < 0.3, made.given[country].take(random, count), surname)
    elif country in made.patronymics:
        middle = np.where(random.random(count) < 0.5, made.patronymics[country].take(random, count), -1)
    elif not east:
        another = _either(random, made.given.get(country), tail, count, 0.6)
        middle = np.where(random.random(count) < 0.35, another, -1)
        share = 0.6 if country in _SPANISH else 0.03
        second = np.where(random.random(count) < share, _either(random, None, tail, count, 0.0), -1)
    native = np.zeros(count, dtype=bool)
    if script is not None:
        writable = [spelt.has_native(each) for each in (given, surname, middle)]
        native = (random.random(count) < _NATIVE * 1.15) & np.logical_and.reduce(writable)
    first = random.random(count) < (0.6 if country in _SURNAME_FIRST else 0.35 if country == "JP" else 0.03)
    first |= native & east
    written = spelt.pick(random, surname, native)
    known = table("particles")["before_surname"].get(country)
    if known:
        pieces = np.asarray([_number(made, text) for text in known])
        particle = np.where((random.random(count) < 0.08) & ~first, pieces[random.integers(0, len(pieces), count)], -1)
    joins = np.full(count, BLANK)
    if script == "Arab":
        particle, joins = _article(made, random, native, first)
    rows.native[where] = native
    rows.pieces[where, 0] = np.where(first, written, -1)
    rows.pieces[where, 1] = spelt.pick(random, given, native)
    rows.pieces[where, 2] = spelt.pick(random, middle, native)
    rows.pieces[where, 4] = particle
    rows.pieces[where, 5] = np.where(first, -1, written)
    rows.pieces[where, 6] = np.where(first, -1, spelt.pick(random, second, native))
    together = JOINED if east else COMMA
    rows.separators[where, 1] = np.where(native & east, JOINED, BLANK if east or country in ("HU", "VN") else together)
    rows.separators[where, 5] = joins
    rows.separators[where, 6] = BLANK if country in _SPANISH else HYPHEN


def _article(made: Material, random: np.random.Generator, native: Mask, first: Mask) -> tuple[Numbers, Numbers]:
    """The Arabic article or a particle before the surname, and how it is joined to it."""
    count, words = len(native), table("particles")
    articles = np.asarray([_number(made, text) for text in words["article"]])
    others = np.asarray([_number(made, text) for text in words["arabic"]])
    drawn = random.random(count)
    latin = np.where(drawn < 0.35, articles[random.integers(0, len(articles), count)], -1)
    latin = np.where((drawn >= 0.35) & (drawn < 0.42), others[random.integers(0, len(others), count)], latin)
    particle = np.where(native, np.where(drawn < 0.35, _number(made, words["article_native"]), -1), latin)
    hyphen = np.where(random.random(count) < 0.6, HYPHEN, BLANK)
    joins = np.where(native, JOINED, np.where(drawn < 0.35, hyphen, BLANK))
    return np.where(first, -1, particle), np.where(particle < 0, BLANK, joins)


def _either(random: np.random.Generator, head: Draw | None, tail: Draw, count: int, share: float) -> Numbers:
    if head is None or not len(head.entries):
        return tail.take(random, count)
    return np.where(random.random(count) < share, head.take(random, count), tail.take(random, count))


def _companies(made: Material, random: np.random.Generator, rows: Rows, where: Numbers, country: str) -> None:
    count, spelt = len(where), spellings(made.seed)
    latin = np.zeros(count, dtype=bool)
    names = spelt.pick(random, made.tails["Latn"].take(random, count), latin)
    others = spelt.pick(random, _either(random, made.surnames.get(country), made.tails["Latn"], count, 0.5), latin)
    drawn = random.random(count)
    words = [np.asarray(each) for each in _roots(made.seed)]
    for limit, pool in ((0.60, words[0]), (0.45, words[1]), (0.30, words[2])):
        names = np.where(drawn < limit, pool[random.integers(0, len(pool), count)], names)
    language = next((name for name, of in _languages().items() if country in of), "en")
    trades = np.asarray([_number(made, text) for text in table("trade_words")["languages"][language]])
    rows.pieces[where, 0] = names
    rows.pieces[where, 1] = np.where(random.random(count) < 0.25, others, -1)
    rows.separators[where, 1] = np.asarray([BLANK, AMPERSAND, HYPHEN])[random.integers(0, 3, count)]
    for column, share in ((2, 0.8), (3, 0.3)):
        drawn_words = trades[np.minimum(random.integers(0, len(trades), count), random.integers(0, len(trades), count))]
        rows.pieces[where, column] = np.where(random.random(count) < share, drawn_words, -1)
    form = np.where(random.random(count) < 0.9, made.forms[country].take(random, count), -1)
    rows.pieces[where, 4] = spelt.pick(random, form, latin)


def _vessels(made: Material, random: np.random.Generator, rows: Rows, where: Numbers) -> None:
    count, words = len(where), table("vessel_words")
    prefixes, first, second = (
        np.asarray([_number(made, text) for text in words[name]]) for name in ("prefixes", "first", "second")
    )
    invented = np.asarray(_roots(made.seed)[0] + _roots(made.seed)[1])
    tails = spellings(made.seed).pick(random, made.tails["Latn"].take(random, count), np.zeros(count, dtype=bool))
    digits = np.asarray([_number(made, str(number)) for number in range(1, 100)])
    drawn, rare = random.random(count), np.where(random.random(count) < 0.5, tails, -1)
    rare = np.where(rare < 0, invented[random.integers(0, len(invented), count)], rare)
    one = np.where(drawn < 0.75, first[random.integers(0, len(first), count)], rare)
    two = np.where((drawn < 0.35) | (drawn >= 0.75), second[random.integers(0, len(second), count)], rare)
    rows.pieces[where, 0] = np.where(random.random(count) < 0.2, prefixes[random.integers(0, len(prefixes), count)], -1)
    rows.pieces[where, 1] = one
    rows.pieces[where, 2] = two
    rows.pieces[where, 3] = np.where(random.random(count) < 0.25, digits[random.integers(0, 99, count)], -1)


@remembered
def _roots(seed: int) -> tuple[list[int], list[int], list[int]]:
    """Pieces that companies and vessels are named after: places, acronyms, invented words. Made with the material."""
    from benchmarks.matching.material import make_material

    made, random = make_material(seed), np.random.default_rng([seed, 4])
    ports = json.loads((shared_folder() / "geo" / "sea_ports_unlocode.json").read_text(encoding="utf-8"))
    cities = sorted({str(port.get("city") or port["name"]) for port in ports.values()})
    places = [_number(made, city) for city in cities if script_of(city) == "Latn"]
    letters = np.asarray(list("ABCDEFGHIKLMNOPRSTUVZ"))
    acronyms = ["".join(random.choice(letters, size=3 + number % 2)) for number in range(6_000)]
    starts, middles = [*"bdfgklmnprstvz", "tr", "st", "br", "gl", "pl", "kr"], list("aeiou")
    ends = ["x", "n", "r", "s", "l", "co", "tech", "mar", "dex", "lux", "via", "nor", "tec", "ra", "lan", "sol", "pro"]
    invented = []
    for _ in range(30_000):
        a, b = random.choice(starts, size=2)
        c, d = random.choice(middles, size=2)
        word = f"{a}{c}{b}{d if random.random() < 0.6 else ''}{random.choice(ends)}"
        invented.append(word.capitalize())
    return (
        places,
        [_number(made, text) for text in dict.fromkeys(acronyms)],
        [_number(made, text) for text in dict.fromkeys(invented)],
    )


@remembered
def _languages() -> dict[str, frozenset[str]]:
    return {name: frozenset(text.split()) for name, text in table("trade_words")["language_of"].items()}


def _number(made: Material, text: str) -> int:
    return made.piece(text)


def _pool(made: Material) -> polars.Series:
    return _pools(made)[0]


def _folded_pool(made: Material) -> polars.Series:
    return _pools(made)[1]


_series: dict[tuple[int, int], tuple[polars.Series, polars.Series]] = {}


def _pools(made: Material) -> tuple[polars.Series, polars.Series]:
    key = (made.seed, len(made.pieces))
    if key not in _series:
        _series.clear()
        _series[key] = (
            polars.Series("pool", [*made.pieces, ""]),
            polars.Series("folded", [*map(plain, made.pieces), ""]),
        )
    return _series[key]
