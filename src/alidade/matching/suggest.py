"""Suggestions: which records of a desk may speak of the same thing, each with what speaks for and against in bits.

People, companies and craft are compared by their names, dates, numbers, addresses; what is nothing but its number (a
telephone, an account, a vehicle, a container) by that, and an address by its text. The weights are those of the bulk
linking and of `suggest_weights.json`; how much a word or number tells is counted in the rows that are given, which are
the rows that somebody may see. Nothing is kept: the same rows give the same suggestions, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from alidade.matching.linking_fields import fields_of
from alidade.matching.linking_kernel import bits_of
from alidade.matching.linking_keys import pairs_of
from alidade.matching.linking_weights import LINKING
from alidade.matching.suggest_evidence import SHARED, shared_pairs, with_texts
from alidade.matching.suggest_numbers import numbered_pairs
from alidade.matching.suggest_rows import NAMED, Joinable, name_frame
from alidade.matching.suggest_weights import SUGGESTING

__all__ = ["EVIDENCE", "Joinable", "suggested_pairs"]

#: Everything that may speak for or against, in the order in which a waterfall shows it.
EVIDENCE: Final = ("prior", "name", "birth_date", "document", "country", "kind", *SHARED)
_OF_KERNEL: Final = ("name", "birth_date", "document", "country", "kind")
_FLOOR: Final = -12.0
_THREADS: Final = 2


def suggested_pairs(rows: Sequence[Joinable], *, least: float | None = None) -> pl.DataFrame:
    """Pairs of rows that may be one thing, best first.

    Columns: left, right (places in `rows`, left before right), score 0..1 (chance that both are one thing), weight and
    the bits of each kind of evidence (`EVIDENCE`), of which the weight is the sum. `least` is the least score, by
    default that of the table. A hundred thousand rows take well under a minute on two cores.
    """
    least = SUGGESTING.least if least is None else least
    named = [place for place, row in enumerate(rows) if row.thing in NAMED]
    others = [place for place, row in enumerate(rows) if row.thing not in NAMED]
    found = [_named(rows, named), numbered_pairs(rows, others)]
    table = pl.concat([each.select(_SCHEMA) for each in found])
    scored = table.with_columns(
        score=1.0 / (1.0 + pl.lit(2.0) ** (-pl.col("weight").cast(pl.Float64).clip(-60.0, 60.0)))
    )
    return scored.filter(pl.col("score") >= least).sort(["weight", "left", "right"], descending=[True, False, False])


_SCHEMA: Final = ("left", "right", "weight", *EVIDENCE)


def _named(rows: Sequence[Joinable], places: Sequence[int]) -> pl.DataFrame:
    """Pairs among people, companies and craft."""
    if len(places) < 2:
        return pl.DataFrame(schema={"left": pl.Int64, "right": pl.Int64, **dict.fromkeys(_SCHEMA[2:], pl.Float32)})
    frame, row_of = name_frame(rows, places)
    shared = shared_pairs(rows, places)
    prior = float(np.log2(LINKING.partner_share / len(places)))
    fields = fields_of(frame, None)
    with ThreadPoolExecutor(_THREADS) as threads:
        met = list(threads.map(lambda rule: pairs_of(fields, rule, frame.height, within=True).pairs, LINKING.rules))
    pairs = np.unique(np.concatenate([*met, _first_rows(shared, places, row_of)]))
    del met
    at_left, at_right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    apart = row_of[at_left] != row_of[at_right]
    pairs, at_left, at_right = pairs[apart], at_left[apart], at_right[apart]
    bits = bits_of(fields, np.ascontiguousarray(pairs), prior, _FLOOR)
    weight = np.float32(prior) + bits.sum(axis=1)
    kept = np.flatnonzero(weight >= SUGGESTING.floor)
    one, other = row_of[at_left[kept]], row_of[at_right[kept]]
    table = pl.DataFrame(
        {
            "left": np.minimum(one, other),
            "right": np.maximum(one, other),
            "bits": weight[kept],
            "prior": np.full(len(kept), prior, dtype=np.float32),
            **{name: bits[kept, column] for column, name in enumerate(_OF_KERNEL)},
        }
    )
    best = table.sort("bits", descending=True).unique(["left", "right"], keep="first", maintain_order=True)
    known = best.join(shared, on=["left", "right"], how="left").with_columns(
        pl.col(name).fill_null(0.0).cast(pl.Float32) for name in SHARED if name in shared.columns
    )
    complete = with_texts(rows, known)
    return complete.with_columns(weight=pl.sum_horizontal(*EVIDENCE))


def _first_rows(shared: pl.DataFrame, places: Sequence[int], row_of: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Pairs that share a number, as the kernel has them: by the first line of each row."""
    first = np.full(max(places) + 1, -1, dtype=np.int64)
    lines = np.arange(len(row_of) - 1, -1, -1)
    first[row_of[lines]] = lines
    left = first[shared["left"].to_numpy()].astype(np.uint64)
    right = first[shared["right"].to_numpy()].astype(np.uint64)
    pairs: NDArray[np.uint64] = np.minimum(left, right) << np.uint64(32) | np.maximum(left, right)
    return pairs


def explanation(row: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """What speaks for and against one pair, as (evidence, bits), without what says nothing."""
    return tuple((name, round(float(row[name]), 2)) for name in EVIDENCE if name == "prior" or abs(row[name]) >= 0.05)
