"""Further evidence on pairs of people, companies and craft: numbers that both have, the address, the gender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import token_sort_ratio

from alidade.matching.folding import fold
from alidade.matching.suggest_rows import Joinable
from alidade.matching.suggest_weights import SUGGESTING

_UNLIKE: Final = 60.0  # of 100: two names that are hardly one
#: Evidence of this module and of `suggest_numbers`.
SHARED: Final = ("number", "address", "gender", "traits")
_WEIGHED: Final = frozenset(
    {"document", "tax", "registration", "imo", "mmsi"}
)  # by the linking, where they stand alike
_PAIRS: Final = {"left": pl.Int64, "right": pl.Int64, "number": pl.Float32}


def shared_pairs(rows: Sequence[Joinable], places: Sequence[int]) -> pl.DataFrame:
    """Pairs of rows that have a number in common: left, right, number (bits, of what the linking does not weigh)."""
    held: list[tuple[int, str, str]] = []
    for place in places:
        held.extend((place, kind, key) for kind, key in dict.fromkeys(rows[place].keys) if len(set(key)) > 2)
    if not held:
        return pl.DataFrame(schema=_PAIRS)
    table = pl.DataFrame(held, schema={"row": pl.Int64, "kind": pl.String, "key": pl.String}, orient="row")
    counted = table.with_columns(count=pl.len().over("kind", "key"))
    few = counted.filter((pl.col("count") > 1) & (pl.col("count") <= SUGGESTING.cap))
    if few.is_empty():
        return pl.DataFrame(schema=_PAIRS)
    pairs = few.join(few.select("kind", "key", other="row"), on=["kind", "key"]).filter(pl.col("row") < pl.col("other"))
    most = {kind: SUGGESTING.shared.get(kind, SUGGESTING.shared["other"]) for kind in few["kind"].unique()}
    bits = pl.col("kind").replace_strict(most, return_dtype=pl.Float64) - (pl.col("count") / 2.0).log(2.0) * 1.5
    weighed = pl.when(pl.col("kind").is_in(sorted(_WEIGHED))).then(0.0).otherwise(bits.clip(0.5))
    return (
        pairs.with_columns(bits=weighed)
        .group_by("row", "other")
        .agg(number=pl.col("bits").sum().clip(0.0, 20.0).cast(pl.Float32))
        .select(left="row", right="other", number="number")
        .sort("left", "right")
    )


def with_texts(rows: Sequence[Joinable], pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with the bits of address, gender, and what else speaks against."""
    left, right = pairs["left"].to_list(), pairs["right"].to_list()
    wanted = {*left, *right}
    addresses = {place: folded(rows[place], "address") for place in wanted}
    counts = _counts(addresses)
    genders = {place: next(iter(rows[place].values.get("gender", ())), "") for place in wanted}
    differs = SUGGESTING.gender["different"]
    gender = [
        differs if genders[one] and genders[other] and genders[one] != genders[other] else 0.0
        for one, other in zip(left, right, strict=True)
    ]
    address = text_bits([addresses[one] for one in left], [addresses[other] for other in right], counts)
    return pairs.with_columns(
        address=pl.Series(address, dtype=pl.Float32),
        gender=pl.Series(gender, dtype=pl.Float32),
        traits=pl.Series(against(rows, left, right), dtype=pl.Float32),
    )


def against(rows: Sequence[Joinable], left: Sequence[int], right: Sequence[int]) -> list[float]:
    """Bits against: vessels whose lasting numbers differ, people who have nothing but a nickname in common."""
    weights = SUGGESTING.against
    lasting = sorted(weights.keys() - {"nickname"})
    held = {place: _held(rows[place], lasting) for place in {*left, *right} if rows[place].thing == "Vessel"}
    bits = [
        sum(
            weights[kind] for kind in lasting
            if held[one][kind] and held[other][kind] and not held[one][kind] & held[other][kind]
        )
        if one in held and other in held else 0.0
        for one, other in zip(left, right, strict=True)
    ]  # fmt: skip
    called = {place: _texts(rows[place], "alias") for place in {*left, *right} if rows[place].values.get("alias")}
    same = [at for at, one in enumerate(left) if one in called and called[one] & called.get(right[at], frozenset())]
    for at in same:
        names, others = (_texts(rows[place], "name", "previousName") for place in (left[at], right[at]))
        if names and others and max(token_sort_ratio(one, two) for one in names for two in others) < _UNLIKE:
            bits[at] += weights["nickname"]
    return bits


def _held(row: Joinable, kinds: Sequence[str]) -> dict[str, frozenset[str]]:
    return {kind: frozenset(key for of, key in row.keys if of == kind) for kind in kinds}


def _texts(row: Joinable, *names: str) -> frozenset[str]:
    return frozenset(fold(text) for name in names for text in row.values.get(name, ()))


def folded(row: Joinable, name: str) -> str:
    """A text of a row without marks and signs; empty where there is none."""
    found = row.values.get(name, ())
    return fold(found[0]) if found else ""


def _counts(texts: Mapping[int, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts.values():
        counts[text] = counts.get(text, 0) + 1
    return counts


def nearly_same(one: str, other: str) -> bool:
    """Whether two addresses differ by slips of writing alone: another house number is another house."""
    if [word for word in one.split() if word.isdigit()] != [word for word in other.split() if word.isdigit()]:
        return False
    return Indel.normalized_similarity(one, other) >= SUGGESTING.address["near_from"]


def text_bits(left: Sequence[str], right: Sequence[str], counts: Mapping[str, int]) -> NDArray[np.float32]:
    """Bits of two addresses: most where they are equal, fewer the more rows have that one."""
    weights = SUGGESTING.address
    found = np.zeros(len(left), dtype=np.float32)
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        if not one or not other:
            continue
        if one == other or nearly_same(one, other):
            shared = max(counts.get(one, 1), counts.get(other, 1), 2)
            most = weights["equal"] if one == other else weights["near"]
            found[place] = max(0.5, most - 1.2 * float(np.log2(shared / 2.0)))
        else:
            found[place] = weights["different"]
    return found
