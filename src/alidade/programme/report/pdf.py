"""A report as PDF, tagged for reading aloud (PDF/UA), by typst: nothing is fetched, no font of the machine used."""

from __future__ import annotations

import datetime as dt
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import typst

from alidade.model.errors import Damaged
from alidade.programme.report.bars import bars_svg
from alidade.programme.report.content import TONES, Bars, Block, Content, Heading, Paragraph, TableBlock
from alidade.programme.report.wording import Wording

__all__ = ["chart_png", "pdf"]


def pdf(content: Content) -> bytes:
    """The report as PDF/UA-1. Raises Damaged where it could not be set."""
    return _compiled(_source(content), "pdf", dt.date.fromisoformat(content.day))


def chart_png(chart: Bars) -> bytes:
    """One chart as a picture, for formats that carry no drawings."""
    source = f"#set page(width: auto, height: auto, margin: 4pt, fill: white)\n{_chart(chart)}"
    return _compiled(source, "png", dt.date(2000, 1, 1))


def _compiled(source: str, form: Literal["pdf", "png"], day: dt.date) -> bytes:
    moment = dt.datetime.combine(day, dt.time(), dt.UTC)
    # Packages are looked for in an empty folder only, so that none can be fetched.
    with TemporaryDirectory() as empty:
        try:
            return typst.compile(
                source.encode(),
                format=form,
                ignore_system_fonts=True,
                package_path=Path(empty),
                package_cache_path=Path(empty),
                timestamp=int(moment.timestamp()),
                pdf_standards=["ua-1"] if form == "pdf" else [],
                ppi=144.0,
            )
        except typst.TypstError as broken:
            raise Damaged("The report could not be set as a document.", code="report_not_set") from broken


def _source(content: Content) -> str:
    words = Wording(content.language)
    bold = f'align(center, text(weight: "bold", {_text(content.classification)}))'
    marking = bold if content.classification else "[]"
    day = dt.date.fromisoformat(content.day)
    lines = [
        f"#set document(title: {_text(content.title)}, author: {_text(content.authority)},"
        f" date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))",
        f'#set text(lang: "{content.language}", font: "Libertinus Serif", size: 11pt)',
        "#set par(justify: true)",
        f'#set page(paper: "a4", margin: 2.4cm, header: {marking}, footer: context align(center, text(size: 9pt,'
        f" {_text(words.say('page') + ' ')} + counter(page).display() + {_text(' ' + words.say('of_pages') + ' ')}"
        " + str(counter(page).final().first()))))",
        "#show figure.where(kind: table): set figure.caption(position: top)",
        "#show table: set par(justify: false)",
        "#show heading: set block(above: 1.4em, below: .8em)",
        f'#align(center, text(size: 18pt, weight: "bold", {_text(content.title)}))',
        f"#align(center, {_text(content.subtitle)})",
        f"#text(size: 9pt, {_text(content.conditions)})" if content.conditions else "",
        f"#outline(title: {_text(words.say('contents'))}, depth: 2)",
        *(_block(block) for block in content.blocks),
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"#heading(level: {block.level}, {_text(block.text)})"
        case Paragraph():
            notes = "#h(0pt)#super[,~]".join(f"#footnote({_text(note.text)})" for note in block.notes)
            inner = f"#text({_lang(block.language)}{_text(block.text)}){notes}"
            return f"#grid(columns: (2.2em, 1fr), {_text(f'{block.number}.')}, [{inner}])"
        case TableBlock():
            return _table(block)
        case Bars():
            return f"{_chart(block)}\n\n#text(size: 9pt, {_text(block.source)})"


def _table(block: TableBlock) -> str:
    wide = any(row.tones for row in block.rows)
    # A table of signs has narrow columns and long names; any other has room for words.
    columns = f"({'3.4cm' if wide else '2fr'}, " + "1fr, " * (len(block.head) - 1) + ")"
    head = ", ".join(f'text(weight: "bold", {_text(cell)})' for cell in block.head)
    cells = []
    for row in block.rows:
        weight = 'weight: "bold", ' if row.total else ""
        tones = ("", *row.tones)
        cells += [
            f"table.cell({_ground(tone)}text({weight}{_text(cell)}))"
            for cell, tone in zip_longest((row.name, *row.cells), tones, fillvalue="")
        ]
    caption = f"caption: {_text(block.title)}, supplement: none, numbering: none"
    lines = "stroke: (x: none, y: .5pt + luma(170))"
    inset = " inset: 3pt," if wide else ""
    return (
        f"#figure(kind: table, {caption}, table(columns: {columns}, align: left,{inset} {lines},"
        f" table.header({head}), {', '.join(cells)}))\n\n#text(size: 9pt, {_text(block.source)})"
    )


def _ground(tone: str) -> str:
    return f'fill: rgb("{TONES[tone]}"), ' if tone in TONES else ""


def _chart(block: Bars) -> str:
    said = f"{block.title}. " + "; ".join(f"{name}: {count}" for name, count in block.bars)
    drawn = bars_svg(block).replace("currentColor", "#1d2328")
    return f'#align(center, image(bytes({_text(drawn)}), format: "svg", width: 12cm, alt: {_text(said)}))'


def _lang(language: str) -> str:
    return f'lang: "{language.partition("_")[0]}", ' if language else ""


def _text(text: str) -> str:
    """A text as a literal of the typesetter: nothing in it can be a command."""
    plain = "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ")
    return f'"{escaped}"'
