"""Fresh papers in the form in which they come: text, HTML, DOCX with headings, lists and tables, PDF set narrow."""

from __future__ import annotations

import io
import re
from itertools import groupby
from typing import Any

import docx
import typst
from scoring import Score, answers_score

from alidade.programme.reading import Reading
from alidade.programme.reading.dates import is_fine

_SPECIAL = re.compile(r"([#*@$_\\<>`\[\]~])")


def as_file(name: str, content: str) -> tuple[bytes, str]:
    """The paper as a file of the kind that its name says, and the name of that file."""
    stem = name.split(".")[0]
    if ".docx." in name:
        return _docx(content), f"{stem}.docx"
    if ".pdf2." in name:
        return _pdf(content, columns=2), f"{stem}.pdf"
    if ".pdf." in name:
        return _pdf(content, columns=1), f"{stem}.pdf"
    return content.encode(), name


def _docx(content: str) -> bytes:
    document = docx.Document()
    lines = [line for line in content.split("\n") if line.strip()]
    for is_row, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_row:
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in group]
            table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=False):
                    cell.text = text
            continue
        for line in group:
            hashes = re.match(r"(#+) ", line)
            if hashes:
                document.add_heading(line[hashes.end() :], level=len(hashes[1]))
            elif line.startswith("- "):
                document.add_paragraph(line[2:], style="List Bullet")
            else:
                document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _pdf(content: str, *, columns: int) -> bytes:
    """Pages with a running head and foot, justified and hyphenated; two columns from the fourth paragraph on."""
    parts = [_SPECIAL.sub(r"\\\1", part) for part in content.split("\n")]
    parts = [
        part + " \\" if part.strip() and after.strip() and len(part) < 90 else part
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
    ]
    body = "\n".join(re.sub(r"^(\d+)\. ", r"\1\\. ", re.sub(r"^([-•=+]) ", r"\\\1 ", part)) for part in parts)
    head = (
        "#set page(width: 160mm, height: 170mm, header: [PAPER #h(1fr) EN], numbering: none,"
        ' footer: context [DGD 1 #h(1fr) #counter(page).display("1/1", both: true)])\n'
        "#set text(size: 10pt, hyphenate: true)\n#set par(justify: true)\n"
    )
    if columns == 2:
        front, _, rest = body.partition("\n\nRecalling")
        body = f"{front}\n\n#columns(2)[\nRecalling{rest}\n]"
    return typst.compile((head + body).encode())


def paper_scores(reading: Reading, wanted: dict[str, Any]) -> dict[str, Score]:
    """The score of one paper by field; only the fields that its key holds."""
    found: dict[str, Score] = {}

    def field(name: str) -> Score:
        return found.setdefault(name, Score())

    for name in ("kind", "number", "date", "language"):
        got = getattr(reading.instrument, name)
        field("instrument").point(got == wanted[name], f"{name}: {got!r}")
    field("references").sets("predecessors", wanted["predecessors"], reading.instrument.predecessors)
    if "references" in wanted:
        field("references").sets("paper", wanted["references"], {each.value for each in reading.references})
    if "dates" in wanted:
        field("dates").sets("paper", wanted["dates"], {date.value for date in reading.dates if is_fine(date)})
    for amount, unit in wanted.get("figures", ()):
        have = {(figure.amount, figure.unit) for figure in reading.figures}
        field("figures").point((amount, unit) in have, f"{amount} {unit}")
    if "measures" in wanted:
        _measures(reading, wanted["measures"], field)
    if "answers" in wanted:
        found["answers"], found["kinds"] = answers_score(reading, wanted["answers"])
    if "forces" in wanted:
        _clauses(reading, wanted, field("clauses"))
    if "sections" in wanted:
        field("sections").sets("paper", wanted["sections"], {section.title for section in reading.sections})
    return found


def _measures(reading: Reading, wanted: list[dict[str, Any]], field: Any) -> None:
    measures = {measure.number: measure for measure in reading.measures}
    field("titles").sets("numbers", [each["number"] for each in wanted], measures)
    for want in wanted:
        measure = measures.get(want["number"])
        at = f"measure {want['number']}"
        title = measure.title if measure else None
        field("titles").point(title == want["title"], f"{at}: {title!r}")
        have = {each.value for each in measure.addressees} if measure else set()
        field("addressees").sets(at, want["addressees"], have)
        deadline = measure.deadline.value if measure and measure.deadline else None
        field("deadlines").point(measure is not None and deadline == want["deadline"], f"{at}: deadline {deadline}")


def _clauses(reading: Reading, wanted: dict[str, Any], score: Score) -> None:
    forces = [clause.force for clause in reading.clauses if clause.force != "preamble"]
    for place, force in enumerate(wanted["forces"]):
        got = forces[place] if place < len(forces) else None
        score.point(got == force, f"clause {place + 1}: {got} for {force}")
    score.point(len(forces) == len(wanted["forces"]), f"{len(forces)} clauses")
    preamble = len(reading.clauses) - len(forces)
    score.point(preamble == wanted["preamble"], f"preamble {preamble}")
