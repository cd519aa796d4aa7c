"""Aliases: real other names of listed persons, companies and vessels, asked in a register of their primary names.

The list is OFAC's of 2021. The primary names stand before the synthetic rows. Many an alias is a plain other name or
an abbreviation, so that nobody finds all. The two sets ask different aliases.
"""

from __future__ import annotations

import csv
import random as chance
from dataclasses import dataclass

from benchmarks.matching.groups import plain
from benchmarks.matching.register import SETS
from benchmarks.places import shared_data

COUNT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another name of the entity of a row; `sort` is "individual", "entity", "vessel" or "aircraft"."""

    text: str
    truth: int
    sort: str


def primary_names() -> list[str]:
    """The primary names, as the list writes them: family name, comma, given names."""
    return [row[1] for row in _rows("sdn.csv")]


def make_aliases(name: str, count: int = COUNT) -> list[Alias]:
    """Aliases that differ from the primary name by more than order, case and marks; another share for each set."""
    rows = _rows("sdn.csv")
    place = {row[0].strip(): number for number, row in enumerate(rows)}
    found = []
    for row in _rows("alt.csv"):
        truth = place.get(row[0].strip())
        if truth is None or not plain(row[3]):
            continue
        if sorted(plain(row[3]).split()) != sorted(plain(rows[truth][1]).split()):
            sort = rows[truth][2].strip()
            found.append(Alias(text=row[3], truth=truth, sort="entity" if sort in ("-0-", "") else sort))
    chance.Random("aliases").shuffle(found)
    half = sorted(SETS).index(name)
    return found[half::2][:count]


def _rows(file: str) -> list[list[str]]:
    folder = shared_data()
    if folder is None:
        raise FileNotFoundError("The public lists were not found (ALIDADE_SHARED_DATA).")
    with (folder / "ofac" / file).open(encoding="utf-8", errors="replace", newline="") as lines:
        return [row for row in csv.reader(lines) if len(row) > 3]
