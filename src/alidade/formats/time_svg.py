"""SVG of a timeline: lanes with what happened and what held, on an axis of months or years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from lxml import etree

from alidade.formats.chart_svg import STRENGTHS, strength
from alidade.formats.sight import Item, TimeFile, grade
from alidade.formats.svg_paper import (
    ACCENT,
    ALARM,
    FAINT,
    INK,
    PAPER,
    cut,
    element,
    inline,
    link,
    sheet,
    text,
    written,
)

_WIDE: Final = 1200.0
_LEFT: Final = 130.0
_RIGHT: Final = 190.0  # room for the words of what happened last
_ROW: Final = 20.0
_HEAD: Final = 28.0
_WORDS: Final = 34
_LETTER: Final = 6.6


def write_time_svg(found: TimeFile) -> bytes:
    """The timeline as a file with classification and handling on it."""
    return written(_drawn(found, framed=True))


def time_figure(found: TimeFile) -> str:
    """The timeline as part of a page."""
    return inline(_drawn(found, framed=False))


def _drawn(found: TimeFile, *, framed: bool) -> etree._Element:
    spans = [(lane, item, *_days(item)) for lane, item in found.bars]
    first = min((begin for _, _, begin, _ in spans), default=0)
    last = max((end for _, _, _, end in spans), default=1)
    axis = _Axis(first, max(last, first + 30))
    rows: list[tuple[str, list[list[tuple[Item, int, int]]]]] = []
    for lane, word in found.lanes.items():
        stacked = _stacked([(item, begin, end) for name, item, begin, end in spans if name == lane], axis)
        if stacked:
            rows.append((word, stacked))
    high = _HEAD + sum(len(stacked) * _ROW + 12 for _, stacked in rows) + 8
    root, group = sheet(found.head, _WIDE, high, framed=framed)
    axis.draw(group, high)
    y = _HEAD
    for word, stacked in rows:
        element(group, "line", x1=0.0, x2=_WIDE, y1=y, y2=y, stroke=FAINT, stroke_width="0.6", class_="rule")
        text(group, word, 4, y + 18, size="13", weight="600")
        for number, row in enumerate(stacked):
            for item, begin, end in row:
                _bar(group, item, axis, begin, end, y + 16 + number * _ROW)
        y += len(stacked) * _ROW + 12
    return root


def _days(item: Item) -> tuple[int, int]:
    begin, end = item.begin or item.end, item.end or item.begin
    return _day(begin, first=True), max(_day(end, first=False), _day(begin, first=True))


def _day(said: str, *, first: bool) -> int:
    """The ordinal of a day; of a month or a year its first or its last day."""
    parts = [int(part) for part in said[:10].split("-") if part.isdigit()]
    try:
        if len(parts) >= 3:
            return date(parts[0], parts[1], parts[2]).toordinal()
        if len(parts) == 2:
            after = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1).toordinal() - 1
            return date(parts[0], parts[1], 1).toordinal() if first else after
        return date(parts[0], 1, 1).toordinal() if first else date(parts[0], 12, 31).toordinal()
    except (ValueError, IndexError):
        return 1


class _Axis:
    """Where a day lies on the sheet."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._days = first, last - first
        self._last = last

    def at(self, day: int) -> float:
        return _LEFT + (day - self._first) / self._days * (_WIDE - _LEFT - _RIGHT)

    def draw(self, root: etree._Element, high: float) -> None:
        for day, label, strong in self._ticks():
            x = self.at(day)
            element(root, "line", x1=x, x2=x, y1=_HEAD - 6, y2=high, stroke=FAINT,
                    stroke_width="0.9" if strong else "0.4", class_="tick")  # fmt: skip
            text(root, label, x + 3, _HEAD - 10, size="12", weight="600" if strong else "400", fill=FAINT,
                 name="said faint")  # fmt: skip

    def _ticks(self) -> Iterator[tuple[int, str, bool]]:
        years = self._days / 365
        step = 1 if years <= 1.2 else 3 if years <= 4 else 12 if years <= 14 else 12 * (int(years / 12) + 1)
        start = date.fromordinal(max(self._first, 1))
        month = start.year * 12 + start.month - 1
        month += -month % step
        while (day := date(month // 12, month % 12 + 1, 1).toordinal()) <= self._last:
            january = month % 12 == 0
            yield day, f"{month // 12}" if january or step >= 12 else f"{month // 12}-{month % 12 + 1:02d}", january
            month += step
            if month >= 9_999 * 12:
                return


def _stacked(spans: Iterable[tuple[Item, int, int]], axis: _Axis) -> list[list[tuple[Item, int, int]]]:
    """Rows in which nothing lies on another, with room for the words beside each."""
    rows: list[tuple[float, list[tuple[Item, int, int]]]] = []
    for item, begin, end in sorted(spans, key=lambda span: (span[1], span[2], span[0].key)):
        room = axis.at(end) + 16 + _LETTER * min(len(_words(item)), _WORDS)
        for number, (taken, row) in enumerate(rows):
            if taken <= axis.at(begin) - 12:
                row.append((item, begin, end))
                rows[number] = (room, row)
                break
        else:
            rows.append((room, [(item, begin, end)]))
    return [row for _, row in rows]


def _words(item: Item) -> str:
    return item.label or item.word


def _bar(root: etree._Element, item: Item, axis: _Axis, begin: int, end: int, y: float) -> None:
    evaluation = item.evaluation
    firm = strength(evaluation.source, evaluation.information, evaluation.given)
    when = " – ".join(dict.fromkeys(part for part in (item.begin, item.end) if part))
    group = link(root, item.address, f"{item.word}: {item.label}, {when} ({grade(evaluation)})")
    x1, x2 = axis.at(begin), axis.at(end)
    alarm = item.kind == "Seizure"
    if x2 - x1 < 8:
        if alarm:
            element(group, "path", d=f"M{x1 - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10", stroke=ALARM, stroke_width="2.6",
                    fill="none", class_="seizure")  # fmt: skip
        else:
            element(group, "circle", cx=x1, cy=y, r=4.5, fill=ACCENT if firm in ("strong", "good") else PAPER,
                    stroke=ACCENT, stroke_width="1.6", class_=f"dot {firm}")  # fmt: skip
    else:
        line = element(group, "line", x1=x1, x2=x2, y1=y, y2=y, stroke=ALARM if alarm else ACCENT,
                       stroke_width="5", class_=f"bar {firm}")  # fmt: skip
        if dash := STRENGTHS[firm][1]:
            line.set("stroke-dasharray", dash)
        if not item.begin or not item.end:
            text(group, "?", (x1 - 10) if not item.begin else x2 + 2, y + 4, size="12", fill=FAINT, name="said faint")
    text(group, cut(_words(item), _WORDS), max(x1, x2) + 9, y + 4, size="12", fill=INK)
