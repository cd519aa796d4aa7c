"""Linking of two registers row by row, and of the rows of one register that speak of the same thing.

Frames carry columns with FollowTheMoney names: `name`, and where present `schema`, `birthDate` (or
`incorporationDate`), `country` (or `nationality`, `jurisdiction`, `citizenship`, `flag`) and any number of
identifiers (`idNumber`, `passportNumber`, `taxNumber`, `registrationNumber`, `imoNumber`, ...).

The plan, the same on one machine and on a cluster: keys of each row by the rules of `linking_weights.json`
(`linking_keys`), joined; bits for and against each pair (`linking_kernel`), a function of the two rows and of the
counts of values; then chances of rivals, a group-by. No table of all pairs exists: a key that too many rows share is
passed over, and `Linkage.capped` says how often.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from alidade.matching.linking_fields import Fields, fields_of
from alidade.matching.linking_kernel import bits_of
from alidade.matching.linking_keys import pairs_of
from alidade.matching.linking_weights import LINKING

Resolution = Literal["best", "one_to_one", "all"]
#: Pairs with fewer bits than this below an even chance are neither shown nor rivals of others.
_FLOOR: Final = -6.0
_THREADS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """Pairs found, and what was passed over.

    pairs   left, right (rows from 0), score 0..1 (chance that both are one thing), weight and its parts in bits:
            weight = prior + name + birth_date + document + country + kind; best first
    capped  rule, cap, keys and pairs that were passed over because too many rows share the key
    """

    pairs: pl.DataFrame
    capped: pl.DataFrame


def link(
    left: pl.DataFrame, right: pl.DataFrame, *, threshold: float | None = None, resolution: Resolution = "best"
) -> pl.DataFrame:
    """Pairs of rows of two registers that are one person, company or vessel, best first; see `Linkage.pairs`.

    threshold   least score, by default that of the table of weights
    resolution  "best": a row has only its best partner, unless more than one is certain; "one_to_one": never more
                than one; "all": every pair
    """
    return linkage(left, right, threshold=threshold, resolution=resolution).pairs


def deduplicate(frame: pl.DataFrame, *, threshold: float | None = None) -> pl.DataFrame:
    """Pairs of rows of one register that are one thing, `left` before `right`, best first; see `Linkage.pairs`."""
    return linkage(frame, None, threshold=threshold, resolution="all").pairs


def linkage(
    left: pl.DataFrame,
    right: pl.DataFrame | None,
    *,
    threshold: float | None = None,
    resolution: Resolution = "best",
) -> Linkage:
    """Like `link`, with the report of what was passed over; without `right`, the pairs within one register."""
    for frame in (left, right):
        if frame is not None and "name" not in frame.columns:
            raise ValueError("linking needs a column name")
    threshold = LINKING.threshold if threshold is None else threshold
    fields = fields_of(left, right)
    pairs, capped = _candidates(fields, left.height, within=right is None)
    smaller = min(left.height, right.height if right is not None else left.height)
    larger = max(left.height, right.height if right is not None else left.height)
    prior = float(np.log2(max(1e-12, LINKING.partner_share * smaller / max(1.0, float(smaller) * larger))))
    table = _weighed(fields, pairs, prior)
    if right is not None:
        table = table.with_columns(right=pl.col("right") - left.height)
    return Linkage(pairs=_resolved(table, threshold, resolution), capped=capped)


def _candidates(fields: Fields, lefts: int, *, within: bool) -> tuple[NDArray[np.uint64], pl.DataFrame]:
    with ThreadPoolExecutor(_THREADS) as threads:
        met = list(threads.map(lambda rule: pairs_of(fields, rule, lefts, within=within), LINKING.rules))
    report = [
        (rule.name, rule.cap, one.keys_capped, one.pairs_capped) for rule, one in zip(LINKING.rules, met, strict=True)
    ]
    found = [one.pairs for one in met]
    del met
    pairs = np.concatenate(found)
    pairs.sort()
    distinct = np.ones(len(pairs), dtype=np.bool_)
    distinct[1:] = pairs[1:] != pairs[:-1]
    capped = pl.DataFrame(report, schema=["rule", "cap", "keys", "pairs"], orient="row")
    return pairs[distinct], capped


def _weighed(fields: Fields, pairs: NDArray[np.uint64], prior: float) -> pl.DataFrame:
    bits = bits_of(fields, pairs, prior, _FLOOR)
    weight = np.float32(prior) + bits.sum(axis=1)
    kept = np.flatnonzero(weight >= _FLOOR)
    pairs, bits = pairs[kept], bits[kept]
    return pl.DataFrame(
        {
            "left": (pairs >> np.uint64(32)).astype(np.int64),
            "right": (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64),
            "weight": weight[kept],
            "prior": np.full(len(kept), prior, dtype=np.float32),
            "name": bits[:, 0],
            "birth_date": bits[:, 1],
            "document": bits[:, 2],
            "country": bits[:, 3],
            "kind": bits[:, 4],
        }
    )


def _resolved(table: pl.DataFrame, threshold: float, resolution: Resolution) -> pl.DataFrame:
    odds = table.with_columns(odds=pl.lit(2.0) ** pl.col("weight").cast(pl.Float64).clip(-60, 60))
    if resolution == "all":
        scored = odds.with_columns(score=pl.col("odds") / (1 + pl.col("odds")))
    else:
        believed = pl.min_horizontal(pl.col("odds"), pl.lit(2.0**LINKING.rival))
        rivals = [believed.sum().over(side) - believed for side in ("left", "right")]
        scored = odds.with_columns(rivals=pl.max_horizontal(*rivals).clip(0.0)).with_columns(
            score=pl.col("odds") / (1 + pl.col("odds") + pl.col("rivals"))
        )
    kept = scored.filter(pl.col("score") >= threshold)
    if resolution != "all":
        best = (pl.col("weight") == pl.col("weight").max().over("left")) & (
            pl.col("weight") == pl.col("weight").max().over("right")
        )
        certain = pl.col("weight") >= LINKING.certain
        kept = kept.filter(best | certain) if resolution == "best" else kept.filter(best)
        if resolution == "one_to_one":
            kept = kept.sort("left", "right").unique("left", keep="first", maintain_order=True)
            kept = kept.unique("right", keep="first", maintain_order=True)
    return kept.sort(["weight", "left", "right"], descending=[True, False, False]).select(
        "left", "right", "score", "weight", "prior", "name", "birth_date", "document", "country", "kind"
    )
