"""Pairs of things that are nothing but their number: telephones, accounts, vehicles, containers; and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import polars as pl

from alidade.matching.suggest_evidence import SHARED, folded, nearly_same
from alidade.matching.suggest_rows import Joinable
from alidade.matching.suggest_weights import SUGGESTING

_SCHEMA: Final = ("left", "right", "weight", "prior", "name", "birth_date", "document", "country", "kind", *SHARED)
_SHORTEST: Final = 6  # a shorter number with a slip may be any other
_PRIOR: Final = -3.0  # of two that share their number


def numbered_pairs(rows: Sequence[Joinable], places: Sequence[int]) -> pl.DataFrame:
    """Pairs of rows of one type with the same number, with one slip between them, or with the same address."""
    found: list[tuple[float, ...]] = []
    by_thing: dict[str, list[int]] = {}
    for place in places:
        by_thing.setdefault(rows[place].thing, []).append(place)
    for thing in sorted(by_thing):
        found += _of_thing(rows, thing, by_thing[thing])
    schema = {name: pl.Int64 if name in ("left", "right") else pl.Float32 for name in _SCHEMA}
    return pl.DataFrame(found, schema=schema, orient="row")


def _of_thing(rows: Sequence[Joinable], thing: str, places: Sequence[int]) -> Iterable[tuple[float, ...]]:
    met = _equal_or_slipped(rows, places)
    if thing == "Address":
        for pair, bits in _same_text(rows, places).items():
            met[pair] = max(met.get(pair, bits), bits)
    for (left, right), bits in sorted(met.items()):
        number = bits + _other_numbers(rows[left], rows[right])
        traits = _traits(rows[left], rows[right])
        total = _PRIOR + number + traits
        yield (left, right, total, _PRIOR, 0.0, 0.0, 0.0, 0.0, 0.0, number, 0.0, 0.0, traits)


def _equal_or_slipped(rows: Sequence[Joinable], places: Sequence[int]) -> dict[tuple[int, int], float]:
    weights = SUGGESTING.numbered
    held: dict[tuple[str, str], list[int]] = {}
    for place in places:
        for kind, key in dict.fromkeys(rows[place].keys):
            if len(set(key)) > 2:
                held.setdefault((kind, key), []).append(place)
    met: dict[tuple[int, int], float] = {}
    for sharing in held.values():
        if len(sharing) <= SUGGESTING.cap:
            _add(met, _all_pairs(sharing), weights["equal"])
    for one, other in _slips(held):
        few = list(_across(held[one], held[other]))
        if len(few) <= SUGGESTING.cap:
            _add(met, few, weights["one_slip"])
    return met


def _slips(held: Iterable[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], tuple[str, str]]]:
    """Pairs of numbers of one kind with one slip between them."""
    near: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for kind, key in held:
        if len(key) >= _SHORTEST:
            for form in _with_one_lost(key):
                near.setdefault((kind, form), []).append((kind, key))
    for alike in near.values():
        for at, one in enumerate(alike):
            for other in alike[at + 1 :]:
                if one[1] != other[1] and len(one[1]) == len(other[1]):
                    yield one, other


def _with_one_lost(key: str) -> set[str]:
    """The number without each of its signs: two that differ in one place, or in two neighbours swapped, meet here."""
    return {key[:place] + "?" + key[place + 1 :] for place in range(len(key))} | {
        key[:place] + "".join(sorted(key[place : place + 2])) + "%" + key[place + 2 :] for place in range(len(key) - 1)
    }


def _add(met: dict[tuple[int, int], float], pairs: Iterable[tuple[int, int]], bits: float) -> None:
    for pair in pairs:
        met[pair] = max(met.get(pair, bits), bits)


def _all_pairs(places: Sequence[int]) -> Iterable[tuple[int, int]]:
    for at, one in enumerate(places):
        for other in places[at + 1 :]:
            yield (one, other) if one < other else (other, one)


def _across(left: Sequence[int], right: Sequence[int]) -> Iterable[tuple[int, int]]:
    for one in left:
        for other in right:
            if one != other:
                yield (one, other) if one < other else (other, one)


def _same_text(rows: Sequence[Joinable], places: Sequence[int]) -> dict[tuple[int, int], float]:
    """Addresses whose text is the same or nearly so, compared where they share their numbers."""
    weights = SUGGESTING.numbered
    texts = {place: folded(rows[place], "full") for place in places}
    blocks: dict[str, list[int]] = {}
    for place, text in texts.items():
        figures = [word for word in text.split() if word.isdigit()]
        words = sorted((word for word in text.split() if not word.isdigit()), key=len, reverse=True)
        for key in (" ".join(figures), *(f"{figure} {word}" for figure in figures for word in words[:2])):
            if key:
                blocks.setdefault(key, []).append(place)
    met: dict[tuple[int, int], float] = {}
    for sharing in blocks.values():
        if len(sharing) > SUGGESTING.cap:
            continue
        for one, other in _all_pairs(sharing):
            if (one, other) in met:
                continue
            if texts[one] == texts[other]:
                met[one, other] = weights["text_equal"]
            elif nearly_same(texts[one], texts[other]):
                met[one, other] = weights["text_near"]
    return met


def _other_numbers(one: Joinable, other: Joinable) -> float:
    """What speaks against where a number of another kind is known of both and is another; or for, where it is equal."""
    bits = 0.0
    left, right = _by_kind(one), _by_kind(other)
    kinds = sorted(left.keys() & right.keys())
    equal = [kind for kind in kinds if left[kind] & right[kind]]
    bits += 3.0 * max(0, len(equal) - 1)
    bits += SUGGESTING.numbered["different"] * (len(kinds) - len(equal)) if equal else 0.0
    return bits


def _by_kind(row: Joinable) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, key in row.keys:
        found.setdefault(kind, set()).add(key)
    return found


def _traits(one: Joinable, other: Joinable) -> float:
    bits = 0.0
    for name, (equal, different) in SUGGESTING.traits.items():
        left, right = folded(one, name), folded(other, name)
        if left and right:
            bits += equal if left == right else different
    return float(np.float32(bits))
