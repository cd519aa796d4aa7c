"""SVG of a chart: drawn from what is given and from nothing else, with classification and handling printed on it.

The same chart gives the same bytes: no time, no chance, no fonts measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

from alidade.formats.chart import ChartFile, ChartThing, ChartTie
from alidade.formats.xml_text import xml_text

SPACE: Final = "http://www.w3.org/2000/svg"
_INK, _PAPER, _ACCENT, _FAINT = "#1b1e20", "#fbfaf6", "#0f6b5c", "#6a6f72"
_MARGIN, _LINE, _RADIUS = 70.0, 18.0, 14.0
_WIDEST: Final = 150  # letters of one printed line
_LABEL: Final = 28
#: Strength of a tie by its 4x4 grade: width, and dash where the grade is weak or missing.
STRENGTHS: Final[Mapping[str, tuple[str, str]]] = {
    "strong": ("3.2", ""), "good": ("2.2", ""), "weak": ("1.4", "7 4"), "open": ("1.2", "2 4"),
}  # fmt: skip


def strength(source: str, information: str, given: bool = True) -> str:
    """How firm a tie is drawn: strong, good, weak, or open where nobody could say (X, 4, or no grade given)."""
    if not given or source == "X" or information == "4":
        return "open"
    worst = max("ABC".index(source), int(information) - 1)
    return ("strong", "good", "weak")[worst]


def write_chart_svg(chart: ChartFile, symbols: Mapping[str, str]) -> bytes:
    """The chart as SVG; `symbols` has the sign drawn for each type of thing: the path of a 24 x 24 box."""
    lines = [line for text in chart.terms for line in _wrapped(text)]
    left = min((each.x for each in chart.things), default=0.0) - _MARGIN
    top = min((each.y for each in chart.things), default=0.0) - _MARGIN
    wide = max(max((each.x for each in chart.things), default=0.0) - left + _MARGIN, 640.0)
    high = max((each.y for each in chart.things), default=0.0) - top + _MARGIN
    above, below = 3 * _LINE, (len(lines) + 3) * _LINE
    root = etree.Element(f"{{{SPACE}}}svg", nsmap={None: SPACE})
    root.set("viewBox", f"{left:.1f} {top - above:.1f} {wide:.1f} {high + above + below:.1f}")
    root.set("width", f"{wide:.0f}")
    root.set("height", f"{high + above + below:.0f}")
    root.set("font-family", "system-ui, sans-serif")
    _element(root, "title", xml_text(chart.title or "Alidade"))
    _element(root, "rect", x=left, y=top - above, width=wide, height=high + above + below, fill=_PAPER)
    middle = left + wide / 2
    for edge in (top - above + _LINE, top + high + below - 0.5 * _LINE):
        if chart.heading:
            _text(root, chart.heading, middle, edge, size="13", weight="700", anchor="middle")
    _text(root, chart.title, left + 20, top - above + 2 * _LINE, size="15", weight="600")
    places = {each.key: (each.x, each.y) for each in chart.things}
    for tie in chart.ties:
        _tie(root, tie, places)
    for thing in chart.things:
        _thing(root, thing, symbols.get(thing.thing, ""))
    for number, line in enumerate(lines):
        _text(root, line, left + 20, top + high + (number + 1) * _LINE, size="11", fill=_FAINT)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _tie(root: etree._Element, tie: ChartTie, at: Mapping[str, tuple[float, float]]) -> None:
    (x1, y1), (x2, y2) = at[tie.source], at[tie.target]
    width, dash = STRENGTHS[strength(tie.evaluation.source, tie.evaluation.information, tie.evaluation.given)]
    line = _element(root, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=_FAINT)
    line.set("stroke-width", width)
    if dash:
        line.set("stroke-dasharray", dash)
    _element(line, "title", xml_text(tie.label))
    middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
    if tie.directed and (x1, y1) != (x2, y2):
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        across, down = (x2 - x1) / length, (y2 - y1) / length
        tip_x, tip_y = x2 - across * _RADIUS, y2 - down * _RADIUS
        points = (
            (tip_x, tip_y),
            (tip_x - 9 * across + 4 * down, tip_y - 9 * down - 4 * across),
            (tip_x - 9 * across - 4 * down, tip_y - 9 * down + 4 * across),
        )
        _element(root, "polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), fill=_FAINT)
    grade = tie.evaluation.code if tie.evaluation.given else "–"
    _text(root, f"{tie.label} {grade}", middle_x, middle_y - 4, size="9", fill=_FAINT, anchor="middle")


def _thing(root: etree._Element, thing: ChartThing, symbol: str) -> None:
    group = etree.SubElement(root, f"{{{SPACE}}}g")
    _element(group, "circle", cx=thing.x, cy=thing.y, r=_RADIUS, fill=_PAPER, stroke=_ACCENT)
    if symbol:
        path = _element(group, "path", d=symbol, fill="none", stroke=_INK)
        path.set("stroke-width", "2.4")
        path.set("transform", f"translate({thing.x - 9:.1f} {thing.y - 9:.1f}) scale(0.75)")
    label = thing.label or thing.kind
    shown = label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
    _text(group, shown, thing.x, thing.y + _RADIUS + 13, size="11", anchor="middle")
    letters = " ".join(sorted({code for each in thing.said for code in each.handling.codes} - {"H0"}))
    _text(group, letters, thing.x - _RADIUS - 4, thing.y - _RADIUS + 2, size="9", weight="700", anchor="end")


def _text(
    root: etree._Element, text: str, x: float, y: float, *, size: str, fill: str = _INK, weight: str = "400",
    anchor: str = "start",
) -> None:  # fmt: skip
    if text:
        element = _element(root, "text", xml_text(text), x=x, y=y, fill=fill)
        element.set("font-size", size)
        element.set("font-weight", weight)
        element.set("text-anchor", anchor)


def _element(root: etree._Element, name: str, text: str | None = None, **values: float | str) -> etree._Element:
    element = etree.SubElement(root, f"{{{SPACE}}}{name}")
    element.text = text
    for key, value in values.items():
        element.set(key, value if isinstance(value, str) else f"{value:.1f}")
    return element


def _wrapped(text: str) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= _WIDEST:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line] if line else lines
