"""Sight: maps, timelines and matrices as the writers of files take them: items, each with the handling of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from alidade.model.evaluation import Evaluation
from alidade.model.handling import Handling

NOT_KNOWN: Final = "not known"
Group = Literal["place", "seizure", "event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SightHead:
    """What is printed around a file: `heading` (classification) above and below, `terms` beneath.

    `terms` are sentences: the joined handling, what was left out, and what must be known about the picture.
    """

    title: str
    heading: str
    terms: tuple[str, ...]
    made_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing of a file: what it is and is called, when, how sure, whose, and under which handlings.

    `address` is that of its page, for pictures within a page; empty in a file.
    """

    key: str
    kind: str  # the code of its type
    word: str  # the same in words
    label: str  # empty where not known
    begin: str
    end: str
    evaluation: Evaluation
    owners: tuple[str, ...]
    handlings: tuple[Handling, ...]
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint:
    """An item at a point in degrees (WGS 84); `exactness`: position, port, or country, where no more is known."""

    item: Item
    group: Group
    latitude: float
    longitude: float
    exactness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLine:
    """Movements from a point to another: `count` of them; its item speaks for all of them."""

    item: Item
    source: str
    target: str
    start: tuple[float, float]  # latitude, longitude
    stop: tuple[float, float]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFile:
    """A map; `outlines_address` is where a page finds the outlines, which a file holds itself."""

    head: SightHead
    points: tuple[MapPoint, ...]
    lines: tuple[MapLine, ...]
    outlines_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFile:
    """A timeline: items under the lanes that they stand in; `lanes` gives the words of the lanes, in order."""

    head: SightHead
    lanes: Mapping[str, str]
    bars: tuple[tuple[str, Item], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFile:
    """A matrix: codes and names of the countries, ties counted from the first to the second, and the ties."""

    head: SightHead
    countries: Mapping[str, str]
    cells: Mapping[tuple[str, str], int]
    crossings: tuple[tuple[str, str, str, str, Item], ...]  # country, country, thing, thing, tie


def grade(evaluation: Evaluation) -> str:
    """The grade as it is written, or that it is not known."""
    return evaluation.code if evaluation.given else NOT_KNOWN
