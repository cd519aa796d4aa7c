"""Rows of suggestions: what is known of a record, as far as it may be compared; and those with names as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from alidade.matching.suggest_weights import SUGGESTING

#: Types whose records are told apart by their names, and how the linking calls them.
NAMED: Final[Mapping[str, str]] = {
    "Person": "Person",
    "Company": "Company",
    "Organization": "Organization",
    "Organisation": "Organization",
    "PublicBody": "Organization",
    "LegalEntity": "",
    "Vessel": "Vessel",
    "Airplane": "Airplane",
}
_NAMES: Final = ("name", "alias", "previousName")
_DATES: Final = ("birthDate", "incorporationDate")
_COUNTRIES: Final = ("nationality", "jurisdiction", "flag", "citizenship", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joinable:
    """One record: what it is about, whose it is, what it says, and its numbers in normal form as (kind, key)."""

    record: str
    thing: str
    owner: str
    values: Mapping[str, Sequence[str]]
    keys: Sequence[tuple[str, str]] = ()


def name_frame(rows: Sequence[Joinable], places: Sequence[int]) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """A line for each name of each row, with what else is known of it; and which row each line is of."""
    lines: dict[str, list[str | None]] = {name: [] for name in ("name", "schema", "birthDate", "country")}
    numbers: dict[str, list[str | None]] = {name: [] for name in SUGGESTING.documents}
    row_of: list[int] = []
    for place in places:
        row = rows[place]
        names = {text: None for name in _NAMES for text in row.values.get(name, ()) if _says_something(text)}
        date = _first(row, _DATES)
        country = _first(row, _COUNTRIES)
        for name in names or (None,):
            row_of.append(place)
            lines["name"].append(name)
            lines["schema"].append(NAMED[row.thing])
            lines["birthDate"].append(None if date in SUGGESTING.empty_dates else date)
            lines["country"].append(country)
            for column, texts in numbers.items():
                texts.append(_number(row, column))
    used = {name: texts for name, texts in numbers.items() if any(texts)}
    schema = dict.fromkeys((*lines, *used), pl.String)
    return pl.DataFrame({**lines, **used}, schema=schema), np.array(row_of, dtype=np.int64)


def _says_something(text: str) -> bool:
    return text.strip().casefold() not in SUGGESTING.empty_words


def _first(row: Joinable, names: Sequence[str]) -> str | None:
    return next((row.values[name][0] for name in names if row.values.get(name)), None)


def _number(row: Joinable, column: str) -> str | None:
    for text in row.values.get(column, ()):
        if len(set(text)) > 2:  # nine times X is no number
            return text
    return None
