"""Layout: where the things of a link chart stand. What stands stays; what is new comes beside what it is tied to.

Arrays only, and no chance: the same things and ties in the same order give the same places.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from alidade.network.layout_kernel import relax

Places = npt.NDArray[np.float64]
Ends = npt.NDArray[np.int64]

SPACING: Final = 120.0
_PIVOTS: Final = 12
_PAIRS: Final = 150_000_000  # how many pushes one layout may cost
_GOLDEN: Final = 2.399963229728653  # the angle at which leaves stand around a stem, so that no two hide each other


def place(count: int, source: Ends, target: Ends, *, given: Places | None = None, spacing: float = SPACING) -> Places:
    """The places of `count` things in pixels (count x 2), tied as `source` and `target` say (numbers from 0).

    `given` (count x 2) has the places that stand already and stay as they are; not-a-number where there is none yet.
    New parts of the chart that hang on nothing given stand in rows below it. 1,500 things with 3,000 ties take about
    a third of a second.
    """
    places = np.full((count, 2), np.nan) if given is None else np.array(given, dtype=np.float64)
    if count == 0:
        return places
    ties = np.stack([np.asarray(source, dtype=np.int64), np.asarray(target, dtype=np.int64)])
    ties = np.unique(np.sort(ties[:, ties[0] != ties[1]], axis=0), axis=1)
    graph = coo_array((np.ones(ties.shape[1]), (ties[0], ties[1])), shape=(count, count)).tocsr()
    _, part_of = connected_components(graph, directed=False)
    fixed = _standing(places)
    loose: list[tuple[npt.NDArray[np.int64], Places]] = []
    for part in _parts(part_of):
        here = _within(ties, part, count)
        if fixed[part].all():
            continue
        if fixed[part].any():
            places[part] = _joined(places[part], here, spacing)
        else:
            loose.append((part, _fresh(len(part), here, spacing)))
    _pack(places, loose, spacing)
    return places


def _standing(places: Places) -> npt.NDArray[np.bool_]:
    return np.asarray(~np.isnan(places[:, 0]), dtype=np.bool_)


def _parts(part_of: npt.NDArray[np.int32]) -> list[npt.NDArray[np.int64]]:
    """The members of each part, the largest part first, equal ones by their first member."""
    order = np.argsort(part_of, kind="stable")
    cuts = np.flatnonzero(np.diff(part_of[order])) + 1
    return sorted(np.split(order, cuts), key=lambda part: (-len(part), int(part[0])))


def _within(ties: Ends, part: npt.NDArray[np.int64], count: int) -> Ends:
    """The ties of one part, in the numbers that its members have within it."""
    number = np.full(count, -1, dtype=np.int64)
    number[part] = np.arange(len(part))
    here = number[ties]
    return here[:, here[0] >= 0]


def _steps(count: int) -> int:
    return int(min(120, max(20, _PAIRS // (count * count + 1))))


def _fresh(count: int, ties: Ends, spacing: float) -> Places:
    """A part of which nothing stands yet: first by distance along the ties, then pushed and pulled."""
    places = _spiral(count, spacing)
    if count <= 2:
        return places * 2.5  # two alone stand far enough apart for their names and for that of their tie
    places = 0.25 * places + _pivoted(count, ties) * spacing * 1.6
    return _relaxed(places, np.zeros(count, dtype=np.bool_), ties, spacing, _steps(count))


def _joined(places: Places, ties: Ends, spacing: float) -> Places:
    """A part of which something stands: the new come beside what they are tied to, nearest first, and settle."""
    places = places.copy()
    fixed = _standing(places)
    stands = fixed.copy()
    neighbours: list[list[int]] = [[] for _ in range(len(places))]
    for one, other in ties.T.tolist():
        neighbours[one].append(other)
        neighbours[other].append(one)
    waiting = np.flatnonzero(stands).tolist()
    turn = 0
    while waiting:
        reached: list[int] = []
        for one in waiting:
            for other in neighbours[one]:
                if not stands[other]:
                    stands[other] = True
                    turn += 1
                    angle = turn * _GOLDEN
                    beside = [each for each in neighbours[other] if not np.isnan(places[each, 0])]
                    middle = places[beside].mean(axis=0)
                    places[other] = middle + spacing * (0.8 + 0.02 * turn) * np.array([np.cos(angle), np.sin(angle)])
                    reached.append(other)
        waiting = reached
    return _relaxed(places, fixed, ties, spacing, max(20, _steps(len(places)) // 3), gravity=0.0)


def _relaxed(
    places: Places, fixed: npt.NDArray[np.bool_], ties: Ends, spacing: float, steps: int, gravity: float = 0.02
) -> Places:
    across, down = np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1])
    relax(across, down, fixed, np.ascontiguousarray(ties[0]), np.ascontiguousarray(ties[1]), spacing, steps, gravity)
    return np.stack([across, down], axis=1)


def _spiral(count: int, spacing: float) -> Places:
    turn = np.arange(count, dtype=np.float64)
    radius = spacing * 0.6 * np.sqrt(turn)
    return np.stack([radius * np.cos(turn * _GOLDEN), radius * np.sin(turn * _GOLDEN)], axis=1)


def _pivoted(count: int, ties: Ends) -> Places:
    """Places by the distance to a few things that lie far apart (Brandes and Pich 2006), one unit for one tie."""
    graph = coo_array((np.ones(ties.shape[1]), (ties[0], ties[1])), shape=(count, count)).tocsr()
    pivot, nearest = 0, np.full(count, np.inf)
    rows = []
    for _ in range(min(_PIVOTS, count)):
        distance = dijkstra(graph, directed=False, indices=pivot, unweighted=True)
        rows.append(distance)
        nearest = np.minimum(nearest, distance)
        pivot = int(np.argmax(nearest))
    square = np.stack(rows, axis=1) ** 2
    centred = -0.5 * (square - square.mean(axis=0) - square.mean(axis=1)[:, None] + square.mean())
    _, axes = np.linalg.eigh(centred.T @ centred)
    found = centred @ axes[:, ::-1][:, :2]
    if found.shape[1] < 2:
        found = np.concatenate([found, np.zeros((count, 1))], axis=1)
    found *= np.where(found[np.abs(found).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)  # an axis has no sign of its own
    spread = np.abs(found).max()
    return np.asarray(found / spread * np.sqrt(count) * 0.5 if spread > 0 else found)


def _pack(places: Places, loose: list[tuple[npt.NDArray[np.int64], Places]], spacing: float) -> None:
    """Stand the loose parts in rows, beneath what stands already, in about the shape of a screen."""
    if not loose:
        return
    boxes = [np.ptp(part, axis=0) + spacing for _, part in loose]
    standing = places[_standing(places)]
    area = sum(float(box[0] * box[1]) for box in boxes)
    wide = max(np.sqrt(area * 1.6), *(float(box[0]) for box in boxes))
    left, top = 0.0, 0.0
    if len(standing):
        left, top = float(standing[:, 0].min()), float(standing[:, 1].max()) + 1.5 * spacing
    across, down, high = left, top, 0.0
    for (members, part), box in zip(loose, boxes, strict=True):
        if across > left and across + box[0] > left + wide:
            across, down, high = left, down + high, 0.0
        places[members] = part - part.min(axis=0) + np.array([across, down])
        across += float(box[0])
        high = max(high, float(box[1]))
