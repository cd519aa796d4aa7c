"""Plain text and Markdown as lines: marks of emphasis go, marks of footnotes and headings are understood."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from alidade.model.errors import Unreadable
from alidade.programme.reading.lines import Line, superscript

_SUP: Final = re.compile(r"<sup>\s*\**\s*(.*?)\s*\**\s*</sup>|\^\{([^{}\n]{1,6})\}|\^(e|er|re|o|a|th|nd|st|rd)\b")
_LINK: Final = re.compile(r"\[([^\[\]\n]{0,500})\]\([^()\n]{0,500}\)")
_HASHES: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ESCAPED: Final = re.compile(r"\\([*_#\[\]()`>+.!-])")
_RULE: Final = re.compile(r"^\s*([-*_=])(?:\s*\1){2,}\s*$")
_TABLE_RULE: Final = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FOOTNOTE: Final = re.compile(r"^\[\^?(\d{1,3})\]:?\s+(?=\S)")
_FOOTNOTE_MARK: Final = re.compile(r"\[\^(\d{1,3})\]|(?<=[^\s\[\]])\[(\d{1,3})\]")
_SET_APART: Final = re.compile(r"^ {24,}\S|\S {8,}\S")  # at the right margin, or with a gap as in a letterhead
_EMPHASIS: Final = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])")
# "15571/25   RC/sk   3", "E/CN.7/2022/5" at the head or foot of a page; "V.22-10222   3/18", "JAI.1   LIMITE   FR".
_NUMBERED: Final = re.compile(
    r"^(?:(?:ST )?\d{4,5}(?:/\d)?/\d\d(?: (?:REV|ADD|COR) \d+)*\b"
    r"|(?:A|E|CTOC|CAC|UNODC|CCPCJ)/[A-Z0-9][\w./-]*\d)[^.;:]{0,40}$"
)
_FOOT: Final = re.compile(
    r"^(?:V\.\d\d-\d{5}\b.{0,30}|\d{1,3}/\d{1,3}(?:\s+V\.\d\d-\d{5})?"
    r"|(?:ANNEXE?|ANEXO|[A-Z]{3,6}[ .]\d?[ .]?[A-Z]?)\s+(?:[A-Z]{2,6}[ .]?\d?\s+)?(?:LIMITE\s+)?"
    r"(?:EN|FR|ES|PT)(?:\s+\d{1,3})?)$"
)
_OFTEN: Final = 3
STAR_NOTE: Final = "\u2217"  # stands for an escaped asterisk, so that it is no bullet


def decode(content: bytes, name: str) -> str:
    """The text of a file. Raises Unreadable for what is no text."""
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(f"{name} is no text.", remedy="Give the paper as text, DOCX, PDF or HTML.")
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise Unreadable(f"{name} is no text.", remedy="Give the paper as text, DOCX, PDF or HTML.")


def _is_text(text: str) -> bool:
    head = text[:20_000]
    strange = sum(1 for letter in head if (ord(letter) < 32 and letter not in "\t\n\r\f\v") or 127 <= ord(letter) < 160)
    return strange <= len(head) // 100


def clean(text: str) -> str:
    """One line without the marks of emphasis, its footnote marks as superscript digits."""
    text = _SUP.sub(_raise, text)
    text = _FOOTNOTE_MARK.sub(lambda found: superscript(found[1] or found[2]), text)
    text = _ESCAPED.sub(lambda found: STAR_NOTE if found[1] == "*" else found[1], text)
    text = _LINK.sub(lambda found: found[1], text.replace("**", ""))
    return _EMPHASIS.sub(lambda found: found[1], text).replace("__", "").replace("<br>", " ").replace("<br/>", " ")


def _raise(found: re.Match[str]) -> str:
    raised: str = found[1] or found[2] or found[3] or ""
    digits = re.sub(r"[\s,]+", "", raised)
    return superscript(digits) if digits.isdigit() else raised


def text_lines(text: str) -> list[Line]:
    """The lines of a text; an empty line has an empty text."""
    found: list[Line] = []
    open_bold = False
    page = 1
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    running = _running(rows)
    for raw in rows:
        if raw.strip() in running and not running[raw.strip()]:
            continue
        if raw.strip() in running:
            running[raw.strip()] = False  # the first time it may be the number of the paper
        page += raw.count("\f")
        raw = raw.replace("\f", "").replace("\v", " ").rstrip("\n")
        line, open_bold = _line(raw, open_bold, page)
        if line is not None:
            found.append(line)
    return found


def _running(rows: list[str]) -> dict[str, bool]:
    """Lines that stand at the head or foot of pages, and whether one of them is still to be kept."""
    shapes = Counter(re.sub(r"\d+", "0", row.strip()) for row in rows if _NUMBERED.match(row.strip()))
    found: dict[str, bool] = {}
    for row in (row.strip() for row in rows):
        if _FOOT.match(row):
            found[row] = False
        elif _NUMBERED.match(row) and shapes[re.sub(r"\d+", "0", row)] >= _OFTEN:
            found.setdefault(row, " " not in row and True not in found.values())
    return found


def _line(raw: str, open_bold: bool, page: int) -> tuple[Line | None, bool]:
    stripped = raw.strip()
    if not stripped:
        return Line(text="", page=page), False
    if _RULE.match(stripped):
        return Line(text="", page=page), open_bold
    if stripped.count("|") >= 2 and stripped.startswith("|"):
        if _TABLE_RULE.match(stripped):
            return None, open_bold
        cells = tuple(clean(cell).strip() for cell in stripped.strip("|").split("|"))
        return Line(text=" | ".join(cells), whole=True, cells=cells, page=page), open_bold
    level = 0
    hashes = _HASHES.match(stripped)
    if hashes:
        level, stripped = len(hashes[1]), hashes[2]
    bold = open_bold or stripped.startswith(("**", "__"))
    closes = stripped.count("**") % 2 == 1
    still_open = closes != open_bold
    ends = stripped.endswith(("**", "__")) or still_open
    set_apart = _SET_APART.search(raw) is not None
    footnote = _FOOTNOTE.match(stripped)
    if footnote:
        stripped = f"{superscript(footnote[1])} {stripped[footnote.end() :]}"
    text = clean(stripped).strip(" ") if "\t" not in stripped else clean(stripped).strip()
    joined = open_bold and not level
    whole = bool(level) or set_apart
    line = Line(text=text, whole=whole, heading=level, bold=bold and ends, page=-page if joined else page)
    return line, still_open
