"""Draft: what a reader, a form or a scenario proposes about one thing, before rules and signatures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One value of one property, as it was given.

    `value` is the value in normal form; `original` the text of the source where it differs. `evaluation` is in the
    scheme of the contribution, None where the source gives none. `refers` is true where `value` is the `key` of
    another draft of the same contribution. `valid_from` and `valid_to` are partial ISO 8601 dates.
    """

    property: str
    value: str
    original: str | None = None
    language: str | None = None
    evaluation: str | None = None
    handling: str | None = None  # name of one of the contribution's handlings, None for its default
    valid_from: str | None = None
    valid_to: str | None = None
    refers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a file something stands; rows count from 1, a header being row 1."""

    file: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One thing as one source describes it. `key` is the source's own number or name for it, stable over time."""

    key: str
    thing: str
    claims: tuple[Claim, ...]
    place: Place | None = None
    # The rows it was read from, as (kind of file, column to cell), so that it can be rejected whole.
    raw: tuple[tuple[str, Mapping[str, str]], ...] = dataclasses.field(default=(), compare=False)
    handling: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row is not taken, or not wholly: file, row, field, a stable code and a sentence without the value.

    `fatal` problems reject the row; the others are remarks on a row that is kept.
    """

    place: Place
    field: str
    code: str
    reason: str
    fatal: bool = True
    raw: Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False)
