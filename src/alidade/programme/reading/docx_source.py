"""DOCX as lines: paragraphs with automatic numbers, headings by style, tables row by row, footnotes at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from alidade.model.errors import Unreadable
from alidade.programme.reading.lines import Line, superscript
from alidade.programme.reading.packages import Package

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING: Final = re.compile(r"^(?:heading|titre|ttulo|título|berschrift|titulo)\s?([1-9])$", re.I)
_MOST_PARAGRAPHS: Final = 50_000


@dataclass(slots=True, kw_only=True)
class _Numbering:
    """The formats of automatic numbers, and how far each list has counted."""

    abstract: dict[str, str] = field(default_factory=dict)
    formats: dict[tuple[str, int], tuple[str, str, int]] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)


def docx_lines(content: bytes, name: str) -> list[Line]:
    """The lines of a DOCX. Raises Unreadable for what is damaged, locked, too large, or another kind of package."""
    package = Package(content, name)
    document = package.tree("word/document.xml")
    body = document.find(f"{_W}body") if document is not None else None
    if body is None:
        raise Unreadable(f"{name} is no DOCX.", remedy="Give the paper as text, DOCX, PDF or HTML.")
    numbering = _numbering(package.tree("word/numbering.xml"))
    styles = _styles(package.tree("word/styles.xml"))
    lines: list[Line] = []
    for line in _block_lines(body, numbering, styles):
        lines.append(line)
        if len(lines) > _MOST_PARAGRAPHS:
            raise Unreadable(f"{name} has more than {_MOST_PARAGRAPHS} paragraphs.", code="too_large")
    return [*lines, *_footnotes(package.tree("word/footnotes.xml"))]


def _block_lines(
    parent: etree._Element, numbering: _Numbering, styles: dict[str, tuple[int, str, int]]
) -> Iterator[Line]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, numbering, styles)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                if next(row.iterancestors(f"{_W}tbl")) is not child:  # of a table within: read with its cell
                    continue
                boxes = row.findall(f"{_W}tc")
                if len(boxes) == 1 and len(boxes[0].findall(f"{_W}p")) > 1:  # a box around paragraphs
                    yield from _block_lines(boxes[0], numbering, styles)
                    continue
                cells = tuple(
                    " ".join(filter(None, (_text(p) for p in cell.iter(f"{_W}p")))).strip()
                    for cell in row.findall(f"{_W}tc")
                )
                if any(cells):
                    yield Line(text=" | ".join(cells), whole=True, cells=cells)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _block_lines(child, numbering, styles)


def _paragraph(
    paragraph: etree._Element, numbering: _Numbering, styles: dict[str, tuple[int, str, int]]
) -> Iterator[Line]:
    text = _text(paragraph).strip()
    properties = paragraph.find(f"{_W}pPr")
    style = properties.find(f"{_W}pStyle") if properties is not None else None
    style_id = style.get(f"{_W}val", "") if style is not None else ""
    level, number_id, depth = styles.get(style_id, (0, "", 0))
    number = properties.find(f"{_W}numPr") if properties is not None else None
    if number is not None:
        found, inner = number.find(f"{_W}numId"), number.find(f"{_W}ilvl")
        number_id = found.get(f"{_W}val", "") if found is not None else number_id
        depth = int(inner.get(f"{_W}val", "0")) if inner is not None else depth
    if not text:
        return
    prefix = _prefix(numbering, number_id, depth) if number_id and number_id != "0" else ""
    yield Line(text=f"{prefix}{text}", whole=True, heading=level, bold=_is_bold(paragraph))


def _text(paragraph: etree._Element) -> str:
    parts: list[str] = []
    for run in paragraph.iter(f"{_W}r"):
        raised = run.find(f"{_W}rPr/{_W}vertAlign")
        is_raised = raised is not None and raised.get(f"{_W}val") == "superscript"
        for piece in run:
            if piece.tag == f"{_W}t":
                text = piece.text or ""
                parts.append(superscript(text.strip()) if is_raised and text.strip().isdigit() else text)
            elif piece.tag == f"{_W}tab":
                parts.append("\t")
            elif piece.tag in (f"{_W}br", f"{_W}cr"):
                parts.append(" ")
            elif piece.tag == f"{_W}noBreakHyphen":
                parts.append("-")
            elif piece.tag == f"{_W}footnoteReference":
                parts.append(superscript(piece.get(f"{_W}id", "")))
    return "".join(parts)


def _is_bold(paragraph: etree._Element) -> bool:
    runs = [run for run in paragraph.iter(f"{_W}r") if "".join(t.text or "" for t in run.iter(f"{_W}t")).strip()]
    return bool(runs) and all(_on(run.find(f"{_W}rPr/{_W}b")) for run in runs)


def _on(element: etree._Element | None) -> bool:
    return element is not None and element.get(f"{_W}val", "1") not in ("0", "false", "off")


def _styles(tree: etree._Element | None) -> dict[str, tuple[int, str, int]]:
    """Level of heading, list and depth that a style gives, by its id."""
    found: dict[str, tuple[int, str, int]] = {}
    for style in tree.iter(f"{_W}style") if tree is not None else ():
        name = style.find(f"{_W}name")
        label = name.get(f"{_W}val", "") if name is not None else ""
        heading = _HEADING.match(label)
        level = int(heading[1]) if heading else (1 if label.lower() == "title" else 0)
        number = style.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        depth = style.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        number_id = number.get(f"{_W}val", "") if number is not None else ""
        if not number_id and label.lower().startswith("list bullet"):
            number_id = "bullet"
        found[style.get(f"{_W}styleId", "")] = (
            level, number_id, int(depth.get(f"{_W}val", "0")) if depth is not None else 0,
        )  # fmt: skip
    return found


def _numbering(tree: etree._Element | None) -> _Numbering:
    numbering = _Numbering()
    if tree is None:
        return numbering
    for abstract in tree.iter(f"{_W}abstractNum"):
        key = abstract.get(f"{_W}abstractNumId", "")
        for level in abstract.iter(f"{_W}lvl"):
            kind, text, start = (level.find(f"{_W}{tag}") for tag in ("numFmt", "lvlText", "start"))
            numbering.formats[key, int(level.get(f"{_W}ilvl", "0"))] = (
                kind.get(f"{_W}val", "decimal") if kind is not None else "decimal",
                text.get(f"{_W}val", "%1.") if text is not None else "%1.",
                int(start.get(f"{_W}val", "1")) if start is not None else 1,
            )
    for number in tree.iter(f"{_W}num"):
        base = number.find(f"{_W}abstractNumId")
        if base is not None:
            numbering.abstract[number.get(f"{_W}numId", "")] = base.get(f"{_W}val", "")
    return numbering


def _prefix(numbering: _Numbering, number_id: str, depth: int) -> str:
    """The number or bullet that the program would print before a paragraph."""
    if number_id == "bullet":
        return "• "
    base = numbering.abstract.get(number_id, "")
    form = numbering.formats.get((base, depth))
    if form is None or depth > 8:
        return ""
    kind, pattern, _ = form
    if kind == "bullet":
        return "• "
    if kind == "none":
        return ""
    counts = numbering.counts.setdefault(number_id, [])
    while len(counts) <= depth:
        counts.append(numbering.formats.get((base, len(counts)), ("", "", 1))[2] - 1)
    counts[depth] += 1
    del counts[depth + 1 :]
    text = pattern
    for place, count in enumerate(counts):
        own = numbering.formats.get((base, place), ("decimal", "", 1))[0]
        text = text.replace(f"%{place + 1}", _written(count, own))
    return f"{text} "


def _written(count: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman if kind == "upperRoman" else roman.lower()
    return str(count)


def _roman(count: int) -> str:
    steps = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    found = ""
    for value, sign in steps:
        while count >= value and len(found) < 20:
            found, count = found + sign, count - value
    return found


def _footnotes(tree: etree._Element | None) -> Iterator[Line]:
    for note in tree.iter(f"{_W}footnote") if tree is not None else ():
        if note.get(f"{_W}type") in ("separator", "continuationSeparator", "continuationNotice"):
            continue
        text = " ".join(filter(None, (_text(p).strip() for p in note.iter(f"{_W}p")))).strip()
        if text:
            yield Line(text=f"{superscript(note.get(f'{_W}id', ''))} {text}", whole=True)
