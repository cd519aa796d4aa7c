"""Clustering: marks that would lie on one another at this zoom, drawn as one with their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import Final

from alidade.services.picture.mapping import Mark

FARTHEST: Final = 1
NEAREST: Final = 12
_CELLS: Final = 5  # in a world of 256 pixels at zoom 0: a cell is some 50 pixels wide at every zoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Marks of one cell of the grid; it stands where most of them do."""

    latitude: float
    longitude: float
    marks: tuple[Mark, ...]


def clustered(marks: Iterable[Mark], zoom: int) -> tuple[Cluster, ...]:
    """The marks by cells of a grid that is the same for everybody; at the nearest zoom only what shares a point."""
    zoom = min(max(zoom, FARTHEST), NEAREST)
    cells: dict[tuple[float, float], list[Mark]] = {}
    size = 360 / 2**zoom / _CELLS
    for mark in marks:
        spot = mark.spot
        near = zoom == NEAREST
        cell = (spot.latitude, spot.longitude) if near else (floor(spot.latitude / size), floor(spot.longitude / size))
        cells.setdefault(cell, []).append(mark)
    return tuple(_cluster(many) for _, many in sorted(cells.items()))


def _cluster(marks: list[Mark]) -> Cluster:
    counts: dict[tuple[float, float], int] = {}
    for mark in marks:
        point = (mark.spot.latitude, mark.spot.longitude)
        counts[point] = counts.get(point, 0) + 1
    latitude, longitude = min(counts, key=lambda point: (-counts[point], point))
    return Cluster(latitude=latitude, longitude=longitude, marks=tuple(marks))
