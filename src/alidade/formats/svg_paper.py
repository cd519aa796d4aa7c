"""SVG paper: a sheet with classification, title and handling printed on it, and what is drawn on such sheets.

The same content gives the same bytes: no time, no chance, no fonts measured. Classes let a page draw it in its own
colours; the attributes beside them hold where there is no page.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from alidade.formats.sight import SightHead
from alidade.formats.xml_text import xml_text

SPACE: Final = "http://www.w3.org/2000/svg"
INK, PAPER, ACCENT, FAINT, ALARM, LAND = "#1b1e20", "#fbfaf6", "#0f6b5c", "#6a6f72", "#a33a22", "#e9e4d6"
LINE: Final = 18.0
_WIDEST: Final = 150  # letters of one printed line
_LETTER: Final = 6.4  # pixels, at the size of the printed lines
_SIDE: Final = 20.0


def sheet(head: SightHead, wide: float, high: float, *, framed: bool) -> tuple[etree._Element, etree._Element]:
    """The drawing and the group into which to draw, `wide` by `high`. Framed: with all that must stand on a file."""
    lines = [line for text in head.terms for line in wrapped(text, wide)] if framed else []
    above, below = (3 * LINE, (len(lines) + 3) * LINE) if framed else (0.0, 0.0)
    root = etree.Element(f"{{{SPACE}}}svg", nsmap={None: SPACE})
    root.set("viewBox", f"0 0 {wide:.0f} {high + above + below:.0f}")
    root.set("class", "sight")
    if framed:
        root.set("width", f"{wide:.0f}")
        root.set("height", f"{high + above + below:.0f}")
        root.set("font-family", "system-ui, sans-serif")
        element(root, "title", xml_text(head.title or "Alidade"))
        element(root, "rect", x=0.0, y=0.0, width=wide, height=high + above + below, fill=PAPER)
        for edge in (LINE, above + high + below - 0.5 * LINE):
            text(root, head.heading, wide / 2, edge, size="13", weight="700", anchor="middle")
        text(root, head.title, _SIDE, 2 * LINE + 4, size="15", weight="600")
        for number, line in enumerate(lines):
            text(root, line, _SIDE, above + high + (number + 1.3) * LINE, size="11", fill=FAINT)
    group = element(root, "g")
    if framed:
        group.set("transform", f"translate(0 {above:.0f})")
    return root, group


def written(root: etree._Element) -> bytes:
    """The sheet as a file."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def inline(root: etree._Element) -> str:
    """The sheet as part of a page."""
    return str(etree.tostring(root, encoding="unicode"))


def element(root: etree._Element, name: str, said: str | None = None, **values: float | str) -> etree._Element:
    """A new element within another; an underscore in the name of a value stands for a hyphen."""
    made = etree.SubElement(root, f"{{{SPACE}}}{name}")
    made.text = said
    for key, value in values.items():
        made.set(key.rstrip("_").replace("_", "-"), value if isinstance(value, str) else f"{value:.1f}")
    return made


def text(
    root: etree._Element, said: str, x: float, y: float, *, size: str, fill: str = INK, weight: str = "400",
    anchor: str = "start", name: str = "said",
) -> None:  # fmt: skip
    """Letters at a place; nothing for nothing."""
    if said:
        element(
            root, "text", xml_text(said), x=x, y=y, fill=fill, stroke="none", font_size=size, font_weight=weight,
            text_anchor=anchor, class_=name,
        )  # fmt: skip


def link(root: etree._Element, address: str, said: str) -> etree._Element:
    """A group with a title; where there is an address, it leads there."""
    made = element(root, "a", href=address) if address else element(root, "g")
    element(made, "title", xml_text(said))
    return made


def cut(label: str, most: int) -> str:
    """A label that is at most so many letters long."""
    return label if len(label) <= most else f"{label[: most - 1]}…"


def wrapped(said: str, wide: float) -> list[str]:
    """A sentence as lines that fit a sheet of this width."""
    most = min(_WIDEST, int((wide - 2 * _SIDE) / _LETTER))
    lines, line = [], ""
    for word in said.split():
        if line and len(line) + len(word) >= most:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line] if line else lines
