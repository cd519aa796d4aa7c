"""SVG of a map: outlines, legs with their weight, places and seizures, drawn for paper and plain pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from lxml import etree

from alidade.formats.chart_svg import STRENGTHS, strength
from alidade.formats.sight import MapFile, MapLine, MapPoint, grade
from alidade.formats.svg_paper import (
    ACCENT,
    ALARM,
    FAINT,
    INK,
    LAND,
    PAPER,
    cut,
    element,
    inline,
    link,
    sheet,
    text,
    written,
)

_FILE: Final = Path(__file__).parent / "data" / "world_outlines.json"
_WIDE: Final = 1200.0
_EDGE: Final = 8.0  # degrees around what is drawn
_LEAST: Final = 40.0  # degrees across
_TALLEST: Final = 0.75  # of the width
_LABELS: Final = 60  # more would lie on one another


class _Outlines(msgspec.Struct, frozen=True):
    source: str
    licence: str
    path: str


@cache
def outlines() -> str:
    """The outlines of countries as the path of an SVG, in tenths of a degree, south downwards."""
    return msgspec.json.decode(_FILE.read_bytes(), type=_Outlines).path


def write_map_svg(found: MapFile) -> bytes:
    """The map as a file with classification, handling and outlines in it."""
    return written(_drawn(found, framed=True))


def map_figure(found: MapFile) -> str:
    """The map as part of a page, which has the outlines at an address of its own."""
    return inline(_drawn(found, framed=False))


def _drawn(found: MapFile, *, framed: bool) -> etree._Element:
    frame = _Frame(found)
    root, group = sheet(found.head, _WIDE, frame.high, framed=framed)
    element(group, "rect", x=0.0, y=0.0, width=_WIDE, height=frame.high, fill=PAPER, stroke=FAINT, class_="sea")
    land = element(group, "svg", x=0.0, y=0.0, width=_WIDE, height=frame.high, preserveAspectRatio="none")
    land.set("viewBox", frame.box)
    if found.outlines_address and not framed:
        shape = element(land, "use", href=f"{found.outlines_address}#land", class_="land")
    else:
        shape = element(land, "path", d=outlines(), class_="land", fill=LAND, stroke=FAINT)
    shape.set("stroke-width", "0.6")
    shape.set("vector-effect", "non-scaling-stroke")
    most = max((line.count for line in found.lines), default=1)
    for line in found.lines:
        _line(group, line, frame, most)
    named: set[tuple[int, int]] = set()
    ordered = sorted(found.points, key=lambda point: (point.group != "place", point.exactness != "country"))
    for point in ordered:
        _point(group, point, frame, named)
    return root


class _Frame:
    """Which part of the world is drawn, and where a point of it lies on the sheet."""

    def __init__(self, found: MapFile) -> None:
        places = [(point.latitude, point.longitude) for point in found.points]
        places += [place for line in found.lines for place in (line.start, line.stop)]
        south, north = _span((place[0] for place in places), -35.0, 60.0, -84.0, 84.0, _LEAST / 2)
        west, east = _span((place[1] for place in places), -90.0, 40.0, -180.0, 180.0, _LEAST)
        if north - south > _TALLEST * (east - west):
            middle, half = (west + east) / 2, (north - south) / _TALLEST / 2
            west, east = max(middle - half, -180.0), min(middle + half, 180.0)
        self._west, self._north, self._scale = west, north, _WIDE / (east - west)
        self.high = (north - south) * self._scale
        self.box = f"{west * 10:.0f} {-north * 10:.0f} {(east - west) * 10:.0f} {(north - south) * 10:.0f}"

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        return (longitude - self._west) * self._scale, (self._north - latitude) * self._scale


def _span(
    values: Iterable[float], low: float, high: float, least: float, most: float, across: float
) -> tuple[float, float]:
    every = list(values)
    first, last = (min(every) - _EDGE, max(every) + _EDGE) if every else (low, high)
    if last - first < across:
        middle = (first + last) / 2
        first, last = middle - across / 2, middle + across / 2
    return max(first, least), min(last, most)


def _line(root: etree._Element, line: MapLine, frame: _Frame, most: int) -> None:
    (x1, y1), (x2, y2) = frame.at(*line.start), frame.at(*line.stop)
    evaluation = line.item.evaluation
    firm = strength(evaluation.source, evaluation.information, evaluation.given)
    said = f"{line.source} → {line.target}: {line.count} ({grade(evaluation)})"
    group = link(root, line.item.address, said)
    # A way over the sea is drawn as a bow, so that there and back do not lie on one another.
    across, down = x2 - x1, y2 - y1
    bend_x, bend_y = (x1 + x2) / 2 - down * 0.16, (y1 + y2) / 2 + across * 0.16
    weight = 1.6 + 4.4 * line.count / max(most, 3)
    bow = element(
        group, "path", d=f"M{x1:.1f} {y1:.1f}Q{bend_x:.1f} {bend_y:.1f} {x2:.1f} {y2:.1f}", fill="none", stroke=ACCENT,
        stroke_width=weight, class_=f"leg {firm}",
    )  # fmt: skip
    if dash := STRENGTHS[firm][1]:
        bow.set("stroke-dasharray", dash)
    _tip(group, (bend_x, bend_y), (x2, y2))
    text(group, str(line.count), (x1 + 2 * bend_x + x2) / 4, (y1 + 2 * bend_y + y2) / 4 - 5, size="12", weight="600",
         anchor="middle", name="said count")  # fmt: skip


def _tip(root: etree._Element, before: tuple[float, float], at: tuple[float, float]) -> None:
    across, down = at[0] - before[0], at[1] - before[1]
    length = (across**2 + down**2) ** 0.5 or 1.0
    across, down = across / length, down / length
    x, y = at[0] - 8 * across, at[1] - 8 * down
    corners = (
        (x, y), (x - 10 * across + 5 * down, y - 10 * down - 5 * across),
        (x - 10 * across - 5 * down, y - 10 * down + 5 * across),
    )  # fmt: skip
    points = " ".join(f"{one:.1f},{other:.1f}" for one, other in corners)
    element(root, "polygon", points=points, fill=ACCENT, stroke="none", class_="tip")


def _point(root: etree._Element, point: MapPoint, frame: _Frame, named: set[tuple[int, int]]) -> None:
    x, y = frame.at(point.latitude, point.longitude)
    item = point.item
    when = f", {item.begin}" if item.begin else ""
    group = link(root, item.address, f"{item.word}: {item.label}{when} ({grade(item.evaluation)})")
    if point.group == "seizure":
        element(group, "path", d=f"M{x - 8:.1f} {y - 8:.1f}l16 16m0 -16l-16 16", stroke=ALARM, stroke_width="3.2",
                fill="none", class_="seizure")  # fmt: skip
    elif point.group == "event":
        element(group, "path", d=f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z", fill=PAPER, stroke=INK, stroke_width="1.6",
                class_="event")  # fmt: skip
    else:
        element(group, "circle", cx=x, cy=y, r=4.5, fill=PAPER if point.exactness == "country" else ACCENT,
                stroke=ACCENT, stroke_width="1.6",
                class_="place country" if point.exactness == "country" else "place")  # fmt: skip
    spot = (round(x / 70), round(y / 14))
    if point.group == "place" and point.exactness != "country" and spot not in named and len(named) < _LABELS:
        named.add(spot)
        text(group, cut(item.label, 26), x + 8, y + 4, size="12")
