"""Papers as DOCX, PDF and HTML; files that are damaged, locked, hostile or no papers."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
import typst

from alidade.model.errors import Unreadable
from alidade.programme.reading import Reading, read_paper
from alidade.programme.reading.sources import LARGEST, lines_of

sys.path.insert(0, str(Path(__file__).parent))
from scoring import answers_score, measures_score

PAPERS = Path(__file__).resolve().parents[1] / "papers"
Key = Callable[[str], dict[str, Any]]


def _docx(fill: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    fill(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _package_of_measures(document: Any) -> None:
    for line in ("Bruselas, 8 de mayo de 2024", "9500/24", "NOTA"):
        document.add_paragraph(line)
    table = document.add_table(rows=3, cols=2)
    for row, cells in zip(
        table.rows,
        (
            ("De:", "Presidencia"),
            ("N.° doc. prec.:", "9100/24"),
            ("Asunto:", "Paquete de medidas contra el contrabando"),
        ),
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_heading("Medida 1: controles en los puertos", level=2)
    document.add_paragraph(
        "Estados miembros: reforzar los controles antes del 1 de julio de 2025.", style="List Bullet"
    )
    document.add_paragraph("Europol debería publicar un informe.", style="List Bullet")
    document.add_heading("Medida 2: formación", level=2)
    paragraph = document.add_paragraph("La CEPOL debe organizar 12 cursos")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(".")


def test_docx_with_headings_lists_and_rows() -> None:
    reading = read_paper(_docx(_package_of_measures), "medidas.docx")
    assert (reading.instrument.number, reading.instrument.date) == ("9500/24", "2024-05-08")
    assert reading.instrument.title == "Paquete de medidas contra el contrabando"
    assert reading.instrument.predecessors == ("9100/24",)
    first, second = reading.measures
    assert (first.title, len(first.bullets)) == ("controles en los puertos", 2)
    assert {actor.value for actor in first.addressees} == {"member-states", "EUROPOL"}
    assert first.deadline is not None
    assert first.deadline.value == "2025-07-01"
    assert [(figure.amount, figure.unit) for figure in second.figures] == [(12.0, "trainings")]
    assert second.deadline_finding == "none set"


def test_docx_table_of_answers() -> None:
    def fill(document: Any) -> None:
        document.add_heading("Follow-up to the recommendations: overview of replies", level=1)
        rows = (
            ("State", "1 (a)", "1 (b)", "2 (a)"),
            ("Kenya", "Yes", "Partly", "-"),
            ("Ghana", "No", "Planned", "Not applicable"),
            ("Senegal", "Not competent", "", "A law was adopted in 2023."),
        )
        table = document.add_table(rows=len(rows), cols=4)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text

    reading = read_paper(_docx(fill), "replies.docx")
    assert {(a.recommendation, a.state): a.kind for a in reading.answers} == {
        ("1a", "KEN"): "done", ("1b", "KEN"): "partly", ("1a", "GHA"): "none", ("1b", "GHA"): "planned",
        ("2a", "GHA"): "not-competent", ("1a", "SEN"): "not-competent", ("2a", "SEN"): "reported",
    }  # fmt: skip


def test_docx_table_of_measures() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Plan d'action contre le trafic d'armes")
        rows = (
            ("N°", "Mesure", "Responsable", "Échéance"),
            ("1", "Créer un point de contact", "États membres", "d'ici le 30 juin 2026"),
            ("2", "Élaborer un manuel", "Europol", ""),
        )
        table = document.add_table(rows=len(rows), cols=4)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text

    reading = read_paper(_docx(fill), "plan.docx", "fr")
    assert [(m.number, m.title) for m in reading.measures] == [
        ("1", "Créer un point de contact"),
        ("2", "Élaborer un manuel"),
    ]
    assert [{a.value for a in m.addressees} for m in reading.measures] == [{"member-states"}, {"EUROPOL"}]
    assert [m.deadline.value if m.deadline else None for m in reading.measures] == ["2026-06-30", None]


def _pdf(text: str, footer: str = "UNODC/HONLAF/31/3") -> bytes:
    """The text as pages with running foot and page number, set narrow and hyphenated."""
    paragraphs = [
        line.replace("#", r"\#").replace("*", r"\*").replace("@", r"\@").replace("$", r"\$")
        for line in text.split("\n")
    ]
    source = (
        '#set document(title: "paper")\n'
        f"#set page(width: 150mm, height: 180mm, footer: context [{footer} #h(1fr) #counter(page).display()])\n"
        '#set text(size: 10pt, lang: "en", hyphenate: true)\n#set par(justify: true)\n'
    )
    body = "\n".join(_escaped(line) for line in paragraphs)
    return typst.compile((source + body).encode())


def _escaped(line: str) -> str:
    number, dot, rest = line.partition(". ")
    return f"{number}\\. {rest}" if dot and number.isdigit() else line


def test_pdf_is_read_as_the_text_that_was_set(key: Key) -> None:
    text = (PAPERS / "note_en.txt").read_text(encoding="utf-8")
    wanted = key("invented_notes")["note_en.txt"]
    reading = read_paper(_pdf(text), "note.pdf")
    answered, kinds = answers_score(reading, wanted["answers"])
    assert answered.share >= 0.95, answered
    assert kinds.share >= 0.9, kinds
    assert not any("HONLAF/31/3" in paragraph.text for paragraph in reading.paragraphs[8:])


def test_pdf_footnotes_are_told_by_their_small_type() -> None:
    source = (
        '#set document(title: "x")\n#set page(width: 150mm, height: 200mm)\n'
        "Brussels, 3 June 2024\n\n10270/24\n\nFrom: Presidency\n\nSubject: Drugs - Progress report\n\n"
        "= State of play\n\n== Measure No 1: Ports\n\nThe plan#footnote[ST 8085/21 + ADD 1.] was adopted"
        " in 2021#footnote[OJ C 102I, 24.3.2021, p. 1.].\n\n"
        "== Measure No 2: Money\n\nEurojust met in May 2024#footnote[6504/24.].\n"
    )
    reading = read_paper(typst.compile(source.encode()), "report.pdf")
    first, second = reading.measures
    assert [reference.value for reference in first.references] == ["8085/21", "8085/21 ADD 1", "OJ C 102I"]
    assert [reference.value for reference in second.references] == ["6504/24"]
    assert {reference.note for reference in second.references} == {"3"}


def test_running_heads_and_feet_of_a_text_are_left_out() -> None:
    pages = [
        f"{number}. The Governments of Kenya and Ghana reported that their\n\n15571/25   AB/cd   {number}\n"
        f"JAI.1   LIMITE   EN\n\n15571/25   AB/cd   {number}\nJAI.1   LIMITE   EN\n\n"
        "officers had been trained in a course."
        for number in range(1, 6)
    ]
    reading = read_paper(("Brussels, 1 May 2025\n\n15571/25\n\n" + "\n\n".join(pages)).encode(), "paper.txt")
    assert reading.instrument.number == "15571/25"
    own = [paragraph.text for paragraph in reading.paragraphs if paragraph.number]
    assert own == ["The Governments of Kenya and Ghana reported that their officers had been trained in a course."] * 5


def test_html_in_an_old_encoding() -> None:
    page = (
        '<html><head><meta charset="iso-8859-1"></head><body><p>Bruxelles, le 2 août 2021</p>'
        "<h2>Mesure n° 1: Réseaux</h2><p>Texte.</p>"
        "<h2>Mesure n° 2: Été</h2><ol><li>Europol: agir</li></ol></body></html>"
    )
    reading = read_paper(page.encode("latin-1"), "page.html")
    assert [measure.title for measure in reading.measures] == ["Réseaux", "Été"]
    assert reading.instrument.date == "2021-08-02"


def test_a_word_cut_at_the_end_of_a_line_is_mended() -> None:
    text = "\n".join(
        ["Alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omi-", "cron pi rho sigma tau."] * 6
    )
    assert any("omicron" in paragraph.text for paragraph in read_paper(text.encode(), "x.txt").paragraphs)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.txt", "is empty"),
        (b"   \n\n", "a.txt", "is empty"),
        (b"\x00\x01\x02binary\x00" * 50, "a.txt", "is no text"),
        (b"%PDF-1.7\nnonsense", "a.pdf", "damaged"),
        (b"PK\x03\x04 not a package", "a.docx", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "a.doc", "of a kind that is not read"),
        (b"{\\rtf1 text}", "a.rtf", "of a kind that is not read"),
        (b"x" * (LARGEST + 1), "a.txt", "is larger than"),
        (b"word " * 20_000, "a.txt", "has a paragraph of more than"),
    ],
)
def test_what_is_no_paper_is_refused_in_one_sentence(content: bytes, name: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_paper(content, name)
    assert words in refused.value.message


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"word/document.xml": b"<w>" + b" " * (45 * 1024 * 1024)}, "unpacks to more than it may"),
        ({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "declarations"),
        ({"word/document.xml": b"<broken"}, "damaged"),
        ({"other.xml": b"<a/>"}, "is no DOCX"),
        ({f"m{number}": b"" for number in range(2_001)}, "parts"),
    ],
)
def test_hostile_packages_are_refused(members: dict[str, bytes], words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        lines_of(_zip(members), "paper.docx")
    assert words in refused.value.message


def test_deeply_nested_page_is_refused() -> None:
    page = b"<html>" + b"<div>" * 230 + b"deep" + b"</div>" * 230
    with pytest.raises(Unreadable, match="nested"):
        read_paper(page, "deep.html")


def test_locked_pdf_is_refused() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    with pytest.raises(Unreadable, match="locked"):
        read_paper(target.getvalue(), "locked.pdf")


def test_pdf_of_pictures_only_is_refused() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    target = io.BytesIO()
    writer.write(target)
    with pytest.raises(Unreadable, match="no text"):
        read_paper(target.getvalue(), "scan.pdf")


def test_text_of_markdown_and_of_pages_gives_the_same_measures(key: Key) -> None:
    wanted = key("invented_papers")["report_es.md"]
    text = (PAPERS / "report_es.md").read_text(encoding="utf-8")
    plain: Reading = read_paper(text.replace("### ", "").replace("## ", "").encode(), "plain.txt")
    for point, score in measures_score(plain, wanted["measures"]).items():
        assert score.share >= 0.9, f"{point}: {score}"


def test_a_box_of_one_cell_is_read_as_the_paragraphs_in_it_and_once() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Roadmap against the smuggling of tobacco")
        for number in (1, 2):
            cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
            cell.text = f"Action {number}: A common list of warehouses"
            inner = cell.add_table(rows=1, cols=1).rows[0].cells[0]
            inner.text = "OLAF should publish the list by 31 May 2028."
            inner.add_paragraph("Member States should keep it up to date.")

    reading = read_paper(_docx(fill), "roadmap.docx", "en")
    assert [(m.number, m.title) for m in reading.measures] == [
        ("1", "A common list of warehouses"),
        ("2", "A common list of warehouses"),
    ]
    assert [len([p for p in reading.paragraphs if "OLAF" in p.text])] == [2]
    assert {a.value for a in reading.measures[0].addressees} == {"OLAF", "member-states"}


def test_running_heads_of_two_pages_are_left_out_and_a_number_like_a_page_number_is_kept() -> None:
    text = "5518/27\n\n" + "\n\n".join(f"Europol supported {n} investigations into ports." for n in range(10, 34))
    reading = read_paper(_pdf(text, footer="DGD 1 LIMITE EN"), "paper.pdf", "en")
    assert reading.instrument.number == "5518/27"
    assert not [p.text for p in reading.paragraphs if "DGD" in p.text]


@pytest.mark.parametrize(
    "unit", ["REV 1 ", "some of the actions had been ", "Lead: ", "two of the ", "resolution 62/4, "]
)
def test_long_lines_without_an_end_are_read_in_time(unit: str) -> None:
    line = (unit * 4000)[:14_000]
    content = f"5518/27\n\n{line}\n\nRecommendation 1\n\nStates should act.\n\nAlbania {line}"
    assert read_paper(content.encode(), "paper.txt", "en").paragraphs
