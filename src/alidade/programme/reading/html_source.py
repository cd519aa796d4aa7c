"""HTML as lines: headings, paragraphs, lists with their numbers, tables row by row; scripts and styles are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree, html

from alidade.model.errors import Unreadable
from alidade.programme.reading.lines import Line, superscript
from alidade.programme.reading.text_source import decode

_LEFT_OUT: Final = frozenset(
    {"script", "style", "nav", "noscript", "template", "svg", "head", "button", "form", "iframe"}
)
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "body",
        "html",
        "header",
        "footer",
        "ul",
        "ol",
        "li",
        "table",
        "tbody",
        "thead",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "dl",
        "dt",
        "dd",
        "br",
        "hr",
        "figure",
        "aside",
        "pre",
    ]
)
_DEEPEST: Final = 200
_DECLARED: Final = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]{3,20})", re.I)


def html_lines(content: bytes, name: str) -> list[Line]:
    """The lines of an HTML page. Raises Unreadable for what cannot be read."""
    declared = _DECLARED.search(content[:2048])
    text = ""
    if declared:
        try:
            text = content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            text = ""
    text = text or decode(content, name)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        tree = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise Unreadable(f"{name} is damaged.", remedy="Save the page again, or give it as text.") from error
    lines: list[Line] = []
    for line in _walk(tree, 0, name):
        lines += [line, Line(text="")]
    return lines


def _walk(element: etree._Element, depth: int, name: str) -> Iterator[Line]:
    if depth > _DEEPEST:
        raise Unreadable(f"{name} is nested too deeply.")
    loose: list[str] = [element.text or ""]
    prefix = _item_prefix(element)
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in _LEFT_OUT or not tag:
            loose.append(child.tail or "")
            continue
        if tag in _BLOCKS:
            if line := _loose(loose, prefix, element):
                yield line
                prefix = ""
            loose = []
            if tag == "tr":
                box = _boxed(child)
                yield from _row(child) if box is None else _walk(box, depth + 1, name)
            else:
                yield from _prefixed(_walk(child, depth + 1, name), prefix if tag != "br" else "")
                prefix = prefix if tag == "br" else ""
        else:
            loose.append(_inline(child, depth))
        loose.append(child.tail or "")
    if line := _loose(loose, prefix, element):
        yield line


def _prefixed(lines: Iterator[Line], prefix: str) -> Iterator[Line]:
    for place, line in enumerate(lines):
        yield (
            Line(text=f"{prefix}{line.text}", whole=True, bold=line.bold, cells=line.cells)
            if prefix and not place
            else line
        )


def _loose(parts: list[str], prefix: str, element: etree._Element) -> Line | None:
    text = re.sub(r"[ \n\r\f\v]+", " ", "".join(parts)).strip(" ")
    if not text.strip():
        return None
    tag = element.tag if isinstance(element.tag, str) else ""
    level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else 0
    inner = [child for child in element if isinstance(child.tag, str)]
    bold = len(inner) == 1 and inner[0].tag in ("b", "strong") and not (element.text or "").strip()
    bold = bold and not (inner[0].tail or "").strip()
    return Line(text=f"{prefix}{text}", whole=True, heading=level, bold=bold or level > 0)


def _inline(element: etree._Element, depth: int) -> str:
    if depth > _DEEPEST:
        return ""
    inner = "".join(
        [element.text or "", *(_inline(c, depth + 1) + (c.tail or "") for c in element if isinstance(c.tag, str))]
    )
    if element.tag == "sup":
        digits = inner.strip(" ()[]")
        return superscript(digits) if digits.isdigit() else inner
    return inner


def _item_prefix(element: etree._Element) -> str:
    if element.tag != "li":
        return ""
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return "• "
    start = parent.get("start", "1")
    place = (int(start) if start.isdigit() else 1) + sum(1 for each in element.itersiblings(tag="li", preceding=True))
    kind = parent.get("type", "1")
    return f"{chr(96 + min(place, 26))}) " if kind == "a" else f"{place}. "


def _boxed(row: etree._Element) -> etree._Element | None:
    """The only cell of a row that serves as a box around paragraphs; a table with columns has none."""
    cells = [cell for cell in row if isinstance(cell.tag, str) and cell.tag in ("td", "th")]
    if len(cells) != 1 or cells[0].find("table") is not None:
        return cells[0] if len(cells) == 1 else None
    inner = [each for each in cells[0] if isinstance(each.tag, str) and each.tag in _BLOCKS and each.tag != "br"]
    return cells[0] if len(inner) > 1 else None


def _row(row: etree._Element) -> Iterator[Line]:
    cells = tuple(
        re.sub(r"\s+", " ", _inline(cell, 0)).strip()
        for cell in row
        if isinstance(cell.tag, str) and cell.tag in ("td", "th")
    )
    if any(cells):
        yield Line(text=" | ".join(cells), whole=True, cells=cells)
