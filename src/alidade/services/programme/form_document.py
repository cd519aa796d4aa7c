"""The offline form as a Word document: fields with tags, by which they are read back, whatever program filled them in.

Each field is a content control (w:sdt of ISO/IEC 29500-1, 17.5.2) with a tag such as "q.2c.kind". Beside it stands the
same tag as text: where a program has thrown the controls away, the line is read by that.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from alidade.model.errors import Unreadable
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.lists import codes
from alidade.programme.reading.packages import MOST_MEMBERS, Package
from alidade.programme.register import said_in
from alidade.programme.reply_fields import FIELDS, fields_of, last_said, said, shown
from alidade.programme.rounds import Answer, Part, Question, Round

__all__ = ["form_document", "is_document", "read_document"]

EMPTY: Final = "…"
LARGEST: Final = 64 * 1024 * 1024
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAG: Final = re.compile(r"^(?:q\.(?P<key>.{1,20})\.(?P<name>[a-z_]{1,20})|answer\.(?P<head>[a-z]{1,20}))$", re.DOTALL)
_LINE: Final = re.compile(r"\[((?:q\..{1,20}\.|answer\.)[a-z_]{1,20})\]\s*$")
_FOREIGN: Final = ("vbaproject.bin", "vbadata.xml", "word/embeddings/", "word/activex/", "word/afchunk", "oleobject")
_NAME: Final = "The form"
_LISTED: Final = ("kind", "obstacle", "publish")
Choices = Sequence[tuple[str, str]]


def form_document(round_: Round, answer: Answer, language: str, last: Mapping[str, Part] | None = None) -> bytes:
    """The round as a Word document: for each question its words, the last answer, and a field for each thing asked."""
    document = docx.Document()
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2)
    document.styles["Normal"].font.size = Pt(10)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.title = said_in(round_.title, language)[0]
    document.add_heading(said_in(round_.title, language)[0], level=1)
    document.add_paragraph(said("how_to", language))
    numbers = iter(range(1, 1_000_000))
    yes_no = [(tag, said(tag, language)) for tag in ("yes", "no")]
    head: list[tuple[str, str, str, Choices]] = [
        ("answer.round", "", answer.round, ()),
        ("answer.state", said("state", language), answer.state, ()),
        ("answer.until", said("until", language), round_.cut_off.isoformat(), ()),
        ("answer.contact", said("contact", language), answer.contact, ()),
        ("answer.publish", said("publish", language), said("yes" if answer.publish else "no", language), yes_no),
    ]
    _rows(document, head, numbers)
    for question in round_.questions:
        _question(document, question, answer.part(question.key), (last or {}).get(question.key), language, numbers)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _question(
    document: Any, question: Question, part: Part | None, last: Part | None, language: str, numbers: Iterator[int]
) -> None:
    document.add_heading(f"{question.key}: {said_in(question.text, language)[0]}", level=2)
    if last is not None:
        document.add_paragraph(f"{said('last', language)}: {last_said(last, language)}", style="Intense Quote")
    fields = shown(part, language)
    kinds = [(code, each.label.in_(language)) for code, each in answer_kinds().items()]
    obstacles = [(code, each.label.in_(language)) for code, each in codes("obstacle_kinds").items()]
    listed: dict[str, Choices] = {"kind": kinds, "obstacle": obstacles}
    rows = []
    for name in fields_of(question):
        choices = listed.get(name, ())
        text = dict(choices).get(fields[name], fields[name])
        label = said(name, language)
        if name == "figures" and question.figures:
            label = f"{label}: " + "; ".join(f"{of}: … {unit}" for of, unit in question.figures)
        rows.append((f"q.{question.key}.{name}", label, text, choices))
    _rows(document, rows, numbers)


def _rows(document: Any, rows: Sequence[tuple[str, str, str, Choices]], numbers: Iterator[int]) -> None:
    """A table with a label and a field in each row."""
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for tag, label, text, choices in rows:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(5.5), Cm(11.5)
        line = cells[0].paragraphs[0]
        line.add_run(label)
        small = line.add_run(f" [{tag}]")
        small.font.size, small.font.color.rgb = Pt(6), RGBColor(0x88, 0x88, 0x88)
        cells[1].paragraphs[0]._p.append(_control(tag, label or tag, text, choices, next(numbers)))


def _control(tag: str, label: str, text: str, choices: Choices, number: int) -> Any:
    """A content control with its tag: a list to choose from, or a text of several lines."""
    control, about, content = OxmlElement("w:sdt"), OxmlElement("w:sdtPr"), OxmlElement("w:sdtContent")
    for name, value in (("w:alias", label[:64]), ("w:tag", tag), ("w:id", str(number))):
        about.append(_element(name, value))
    if not text:
        about.append(OxmlElement("w:showingPlcHdr"))
    if choices:
        drop = OxmlElement("w:dropDownList")
        for code, words in choices:
            item = OxmlElement("w:listItem")
            item.set(qn("w:displayText"), words)
            item.set(qn("w:value"), code)
            drop.append(item)
        about.append(drop)
    else:
        plain = OxmlElement("w:text")
        plain.set(qn("w:multiLine"), "1")
        about.append(plain)
    run = OxmlElement("w:r")
    for place, line in enumerate((text or EMPTY).split("\n")):
        if place:
            run.append(OxmlElement("w:br"))
        piece = OxmlElement("w:t")
        piece.text = "".join(letter for letter in line if letter >= " " or letter == "\t")
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(piece)
    content.append(run)
    control.append(about)
    control.append(content)
    return control


def _element(name: str, value: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    return element


def is_document(content: bytes) -> bool:
    """Whether this is a package with the document of a word processor in it; nothing is unpacked to know."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read_document(content: bytes) -> dict[tuple[str, str], str]:
    """The fields of a filled document by question and name; of no question, what is said of the whole.

    Raises Unreadable for what is damaged, locked, grows beyond the limits, or carries macros, other files or a
    document type. Nothing that a document points to is opened.
    """
    _check_directory(content)
    package = Package(content, _NAME)
    relations = package.tree("word/_rels/document.xml.rels")
    for relation in relations if relations is not None else ():
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        if relation.get("TargetMode") == "External" and kind not in ("hyperlink", "attachedTemplate"):
            raise _foreign()
    tree = package.tree("word/document.xml")
    body = tree.find(f"{_W}body") if tree is not None else None
    if body is None or next(body.iter(f"{_W}altChunk"), None) is not None:
        raise _foreign()
    found: dict[tuple[str, str], str] = {}
    for row in body.iter(f"{_W}tr"):
        _read_line(row, found)
    for control in body.iter(f"{_W}sdt"):
        tag = control.find(f"{_W}sdtPr/{_W}tag")
        place = _place(tag.get(f"{_W}val", "") if tag is not None else "")
        inside = control.find(f"{_W}sdtContent")
        if place is not None and inside is not None:
            text = "" if _is_empty(control) else _written(inside)
            beside = found.get(place, "")
            # What somebody wrote beside the control, in its cell, is his answer, too; but a list is a list.
            found[place] = beside if (not text or place[1] not in _LISTED) and len(beside) > len(text) else text
    return found


def _is_empty(control: etree._Element) -> bool:
    """Whether a control shows words of the program in place of an answer."""
    return control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None


def _read_line(row: etree._Element, found: dict[tuple[str, str], str]) -> None:
    """A row whose control is gone: the tag that stands as text in its first cell, and what its second cell says."""
    cells = row.findall(f"{_W}tc") or list(row.iter(f"{_W}tc"))
    met = _LINE.search(_written(cells[0])) if len(cells) >= 2 else None
    place = _place(met[1]) if met else None
    if place is not None:
        found[place] = _written(cells[1])


def _place(tag: str) -> tuple[str, str] | None:
    met = _TAG.fullmatch(tag)
    if met is None:
        return None
    if met["head"]:
        return "", met["head"]
    return (met["key"], met["name"]) if met["name"] in FIELDS else None


def _written(element: etree._Element) -> str:
    """The text of an element, paragraph by paragraph; what was deleted under tracked changes is not in it."""
    lines: list[str] = []
    shown = {each for control in element.iter(f"{_W}sdt") if _is_empty(control) for each in control.iter()}
    paragraphs = list(element.iter(f"{_W}p")) or [element]
    for paragraph in paragraphs:
        pieces: list[str] = []
        for each in paragraph.iter(f"{_W}t", f"{_W}br", f"{_W}cr", f"{_W}tab", f"{_W}noBreakHyphen"):
            if each in shown:
                continue
            signs = {f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}
            pieces.append((each.text or "") if each.tag == f"{_W}t" else signs.get(str(each.tag), "\n"))
        lines.append("".join(pieces))
    text = "\n".join(lines).strip()
    return "" if text == EMPTY else text


def _check_directory(content: bytes) -> None:
    """Look at the directory of the package before anything of it is unpacked. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("The form is damaged.", remedy="Open it in its own program and save it again.") from error
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST:
        raise Unreadable("The form unpacks to more than it may.", code="too_large")
    seen: set[str] = set()
    for member in members:
        name = member.filename.casefold()
        if member.flag_bits & 0x41:
            raise Unreadable("The form is locked with a password.", remedy="Take the password off and save it again.")
        if name in seen or name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise _foreign()
        if stat.S_ISLNK(member.external_attr >> 16) or any(part in name for part in _FOREIGN):
            raise _foreign()
        seen.add(name)


def _foreign() -> Unreadable:
    return Unreadable(
        "The form has parts that no form has: macros, other files, or links to them. Nothing of it was read.",
        remedy="Fill in the document that was made here, and save it as DOCX.",
        code="foreign_parts",
    )
