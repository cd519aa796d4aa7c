"""Plot: how soon and how surely each engine answers, and what each class of error costs it, as one small SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any

_WIDTH, _HEIGHT, _BARS = 960, 400, 430
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 50, 50
_COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47", "#666666")
_STYLE = (
    "text{font-family:system-ui,sans-serif;font-size:12px;fill:#222}.t{font-size:14px;font-weight:600}"
    ".g{stroke:#ddd;stroke-width:1}.a{stroke:#555;stroke-width:1}"
)


def draw(panels: dict[str, list[dict[str, Any]]], classes: dict[str, list[tuple[str, float]]]) -> str:
    """The SVG: one panel for each size (rows with title, p50, at_1), below it shares by class for each engine.

    The same engine has the same colour everywhere; marks differ as well, so that nothing hangs on colour alone.
    """
    titles = list(dict.fromkeys([*(row["title"] for rows in panels.values() for row in rows), *classes]))
    parts = [_legend(titles)]
    width = (_WIDTH - 20 * (len(panels) - 1)) / max(len(panels), 1)
    for number, (size, rows) in enumerate(panels.items()):
        parts.append(_scatter(f"{size} names", rows, titles, number * (width + 20), width))
    if classes:
        parts.append(_bars(classes, titles))
    height = 40 + _HEIGHT + (_BARS if classes else 0)
    summary = "Median time of an answer against the share found first, for each engine and size"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(summary)}"><style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
        + "".join(parts)
        + "</svg>\n"
    )


def _legend(titles: Sequence[str]) -> str:
    parts, place = [], 10.0
    for title in titles:
        parts.append(_mark(titles.index(title), place + 6, 20) + _text(place + 18, 24, title))
        place += 34 + 6.6 * len(title)
    return "".join(parts)


def _scatter(name: str, rows: list[dict[str, Any]], titles: Sequence[str], x: float, width: float) -> str:
    times, shares = [row["p50"] for row in rows], [row["at_1"] for row in rows]
    first, last = floor(log10(min(times))), max(ceil(log10(max(times))), floor(log10(min(times))) + 1)
    lowest = floor(10 * min(shares)) / 10 if shares else 0.0
    inner, tall = width - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    top = 40 + _TOP

    def across(milliseconds: float) -> float:
        return x + _LEFT + inner * (log10(milliseconds) - first) / (last - first)

    def down(share: float) -> float:
        return top + tall * (1 - (share - lowest) / (1 - lowest))

    parts = [_text(x + _LEFT, top - 14, name, "t")]
    for power in range(first, last + 1):
        place = across(10.0**power)
        parts.append(_line(place, top, place, top + tall))
        parts.append(_text(place, top + tall + 18, f"{10.0**power:g}", "", "middle"))
    for step in range(round(10 * lowest), 11):
        place = down(step / 10)
        parts.append(_line(x + _LEFT, place, x + _LEFT + inner, place))
        parts.append(_text(x + _LEFT - 8, place + 4, f"{step / 10:.1f}", "", "end"))
    parts.append(_text(x + _LEFT + inner / 2, top + tall + 38, "median time of an answer, ms", "", "middle"))
    parts.append(_text(x + 8, top - 14, "R@1"))
    for row in rows:
        parts.append(_mark(titles.index(row["title"]), across(row["p50"]), down(row["at_1"])))
    return "".join(parts)


def _bars(classes: dict[str, list[tuple[str, float]]], titles: Sequence[str]) -> str:
    top, left = 40 + _HEIGHT + 40, 60.0
    tall = _BARS - 40 - 80
    names = list(dict.fromkeys(name for shares in classes.values() for name, _ in shares))
    step = (_WIDTH - left - 20) / max(len(names), 1)
    wide = step * 0.8 / max(len(classes), 1)
    parts = [_text(left, top - 14, "found first, by class of error", "t")]
    for tenth in range(0, 11, 2):
        place = top + tall * (1 - tenth / 10)
        parts.append(_line(left, place, _WIDTH - 20, place) + _text(left - 8, place + 4, f"{tenth / 10:g}", "", "end"))
    for engine, (title, shares) in enumerate(classes.items()):
        found = dict(shares)
        colour = _COLOURS[titles.index(title) % len(_COLOURS)]
        for number, name in enumerate(names):
            high = tall * found.get(name, 0.0)
            place = left + number * step + engine * wide + step * 0.1
            box = f'x="{place:.1f}" y="{top + tall - high:.1f}" width="{wide:.1f}" height="{high:.1f}"'
            parts.append(f'<rect {box} fill="{colour}"/>')
    for number, name in enumerate(names):
        place = left + (number + 0.5) * step
        parts.append(
            f'<text x="{place:.1f}" y="{top + tall + 14}" text-anchor="end" '
            f'transform="rotate(-40 {place:.1f} {top + tall + 14})">{escape(name)}</text>'
        )
    return "".join(parts)


def _mark(number: int, x: float, y: float) -> str:
    colour, shape = _COLOURS[number % len(_COLOURS)], number % 4
    if shape == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{colour}"/>'
    if shape == 1:
        return f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="{colour}"/>'
    if shape == 2:
        return f'<path d="M{x:.1f} {y - 7:.1f}l7 12h-14z" fill="{colour}"/>'
    return f'<path d="M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7 -7z" fill="{colour}"/>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="g" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, style: str = "", anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
