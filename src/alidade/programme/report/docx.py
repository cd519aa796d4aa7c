"""A report as DOCX, with real headings, footnotes and table headers."""

from __future__ import annotations

import datetime as dt
import io
from itertools import zip_longest
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from lxml import etree

from alidade.programme.report.content import TONES, Bars, Block, Content, Heading, Note, Paragraph, TableBlock
from alidade.programme.report.pdf import chart_png

__all__ = ["docx_bytes"]

_FOOTNOTES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_LANGUAGES: Final = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "pt": "pt-PT"}


def docx_bytes(content: Content) -> bytes:
    """The report as a document of Office Open XML."""
    document = docx.Document()
    moment = dt.datetime.fromisoformat(f"{content.day}T00:00:00")
    properties = document.core_properties
    properties.title, properties.author = _plain(content.title), _plain(content.authority)
    properties.language = _LANGUAGES[content.language]
    properties.created = properties.modified = moment
    properties.comments = ""
    notes: list[Note] = []
    if content.classification:
        for section in document.sections:
            section.header.paragraphs[0].text = _plain(content.classification)
            section.footer.paragraphs[0].text = _plain(content.classification)
    document.add_heading(_plain(content.title), level=0)
    document.add_paragraph(_plain(content.subtitle))
    if content.conditions:
        document.add_paragraph(_plain(content.conditions))
    for block in content.blocks:
        _add(document, block, notes)
    if notes:
        _keep_footnotes(document, notes)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, block: Block, notes: list[Note]) -> None:
    match block:
        case Heading():
            document.add_heading(_plain(block.text), level=block.level)
        case Paragraph():
            paragraph = document.add_paragraph(f"{block.number}.\t{_plain(block.text)}")
            for note in block.notes:
                notes.append(note)
                _mark(paragraph, len(notes))
        case TableBlock():
            _table(document, block)
        case Bars():
            document.add_picture(io.BytesIO(chart_png(block)), width=Cm(12))
            said = "; ".join(f"{name}: {count}" for name, count in block.bars)
            drawing = document.paragraphs[-1]._p.find(f".//{qn('wp:docPr')}")
            drawing.set("descr", _plain(f"{block.title}. {said}"))
            document.add_paragraph(_plain(block.source))


def _table(document: Any, block: TableBlock) -> None:
    document.add_paragraph().add_run(_plain(block.title)).bold = True
    table = document.add_table(rows=1, cols=len(block.head), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        cell.paragraphs[0].add_run(_plain(text)).bold = True
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for row in block.rows:
        texts, tones = (row.name, *row.cells), ("", *row.tones)
        shown: list[tuple[Any, str, str]] = list(zip_longest(table.add_row().cells, texts, tones, fillvalue=""))
        for cell, text, tone in shown:
            cell.paragraphs[0].add_run(_plain(text)).bold = row.total
            if tone in TONES:
                shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{TONES[tone][1:]}"/>'
                cell._tc.get_or_add_tcPr().append(parse_xml(shade))
    document.add_paragraph(_plain(block.source))


def _mark(paragraph: Any, number: int) -> None:
    run = paragraph.add_run()
    run.font.superscript = True
    run._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="{number + 1}"/>'))


def _keep_footnotes(document: Any, notes: list[Note]) -> None:
    """The part with the footnotes: two separators that the format demands, then one for each note."""
    root = parse_xml(f"<w:footnotes {nsdecls('w')}/>")
    for number, kind in ((0, "separator"), (1, "continuationSeparator")):
        inner = f"<w:p><w:r><w:{kind}/></w:r></w:p>"
        root.append(parse_xml(f'<w:footnote {nsdecls("w")} w:type="{kind}" w:id="{number}">{inner}</w:footnote>'))
    for number, note in enumerate(notes, 2):
        footnote = parse_xml(
            f'<w:footnote {nsdecls("w")} w:id="{number}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            "<w:footnoteRef/></w:r><w:r><w:t/></w:r></w:p></w:footnote>"
        )
        text = footnote.find(f".//{qn('w:t')}")
        text.text = f" {_plain(note.text)}"
        text.set(qn("xml:space"), "preserve")
        root.append(footnote)
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES, content, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _plain(text: str) -> str:
    """The text without characters that XML does not carry."""
    return "".join(letter for letter in text if letter in "\t\n" or letter.isprintable())
