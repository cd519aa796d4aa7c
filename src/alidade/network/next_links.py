"""Next links: who is likely to be in touch in the next period, from who was in touch before and how lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alidade.model.errors import Invalid
from alidade.network.graph import Graph
from alidade.network.graph_kernel import Floats

_MOST: Final = 2_000  # people: all pairs are looked at
_HALF_OF_LIMIT: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLink:
    """A pair expected to be in touch next; `new` when it never was before."""

    source: Any
    target: Any
    score: float
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLinks:
    """The pairs expected next, and how well the same forecast did in this network's own past.

    `measured` is the mean area under the curve over past periods (.5 is chance), `measured_new` of pairs that had
    never been in touch, None where no period could be measured; `periods` how many were.
    """

    links: tuple[NextLink, ...]
    measured: float | None
    measured_new: float | None
    periods: int
    method: str
    half_life: float


def next_links(snapshots: Sequence[Graph], *, half_life: float = 1.0, most: int = 50) -> NextLinks:
    """Who is likely to be in touch in the next period: Katz on the volume of contact, older contact counting less.

    Each period back halves the weight of a contact every `half_life` periods; a pair is near when there are many short
    ways between the two (half of the largest damping that converges). Measured on the past from the third period on,
    over the people known until then. Raises Invalid for fewer than two snapshots or more than 2,000 people.
    """
    if len(snapshots) < 2:
        raise Invalid("From one period alone nothing can be foreseen.", remedy="Give two or more, the earliest first.")
    if not half_life > 0:
        raise Invalid("The half-life is not above 0.", remedy="Give it in periods, for instance 1.")
    ids = tuple(dict.fromkeys(each for snapshot in snapshots for each in snapshot.ids))
    if len(ids) > _MOST:
        raise Invalid(
            "There are more than 2,000 people in these periods.", remedy="Take one group and those around it."
        )
    index = {each: at for at, each in enumerate(ids)}
    volumes = [_volume(snapshot, index) for snapshot in snapshots]
    whole: list[float] = []
    unseen: list[float] = []
    for period in range(1, len(volumes) - 1):
        score, low, high, seen = _scored(volumes[: period + 1], half_life)
        happened = volumes[period + 1][low, high] > 0
        for found, chosen in ((whole, np.ones(len(low), dtype=np.bool_)), (unseen, ~seen)):
            if happened[chosen].any() and not happened[chosen].all():
                found.append(_area(score[chosen], happened[chosen]))
    score, low, high, seen = _scored(volumes, half_life)
    order = np.lexsort((high, low, -score))[:most].tolist()
    return NextLinks(
        links=tuple(
            NextLink(source=ids[low[at]], target=ids[high[at]], score=float(score[at]), new=not bool(seen[at]))
            for at in order
            if score[at] > 0
        ),
        measured=float(np.mean(whole)) if whole else None,
        measured_new=float(np.mean(unseen)) if unseen else None,
        periods=len(whole), method="katz on decayed volume", half_life=half_life,
    )  # fmt: skip


def _volume(snapshot: Graph, index: dict[Any, int]) -> Floats:
    rows = snapshot.undirected()
    low, high, weight = rows.links()
    place = np.array([index[each] for each in rows.ids], dtype=np.int64)
    volume: Floats = np.zeros((len(index), len(index)), dtype=np.float64)
    volume[place[low], place[high]] = weight
    volume[place[high], place[low]] = weight
    return volume


def _scored(
    volumes: Sequence[Floats], half_life: float
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Score of each pair of people who were ever active, the pairs, and whether they were ever in touch."""
    last = len(volumes) - 1
    decayed: Floats = np.zeros(volumes[0].shape, dtype=np.float64)
    for at, each in enumerate(volumes):
        decayed += each * 0.5 ** ((last - at) / half_life)
    active = np.flatnonzero(decayed.sum(axis=1) > 0)
    part: Floats = decayed[np.ix_(active, active)]
    limit = float(np.abs(np.linalg.eigvalsh(part)).max()) if len(active) else 1.0
    damping = _HALF_OF_LIMIT / limit if limit > 0 else 0.0
    near = np.linalg.inv(np.eye(len(active)) - damping * part).astype(np.float64)
    low, high = np.triu_indices(len(active), 1)
    score: Floats = near[low, high]
    return score, active[low], active[high], part[low, high] > 0


def _area(score: Floats, happened: NDArray[np.bool_]) -> float:
    # Equal scores share the mean of their ranks. The statistics of SciPy do the same, but take a second to load.
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    right = int(happened.sum())
    return float((ranks[happened].sum() - right * (right + 1) / 2) / (right * (len(score) - right)))
