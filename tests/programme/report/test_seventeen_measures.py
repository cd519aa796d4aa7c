"""From a real paper to a real report: the seventeen measures are read, kept, and told in French and in English."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

from alidade.programme.accepting import entries_of, paper_of
from alidade.programme.reading import read_paper
from alidade.programme.register import Entry, Instrument, Source
from alidade.programme.report.composing import compose
from alidade.programme.report.content import Content, Heading, Paragraph, TableBlock
from alidade.programme.report.docx import docx_bytes
from alidade.programme.report.facts import Facts
from alidade.programme.report.html import html
from alidade.programme.report.pdf import pdf
from alidade.programme.standing import KeptEntry, stand

SEED = Path(__file__).resolve().parents[4] / "shared" / "seeds" / "000_b04e42a87b2d65dd.txt"
PAPER = "a" * 32
TODAY = dt.date(2026, 11, 22)
# The English titles of COM(2023) 641, which a person enters beside the French ones of the paper.
ENGLISH = (
    "Mobilising customs", "Law enforcement in ports", "Public-private partnership of ports",
    "Mapping criminal networks",
    "Network of specialised prosecutors", "Financial investigations", "Digital investigations", "Alerts in SIS",
    "Legal framework", "Administrative measures", "Designer precursors", "Recruitment of minors",
    "Public safety and health", "West Africa", "Latin America and the Caribbean", "Alliances on synthetic drugs",
    "Judicial cooperation with third countries",
)  # fmt: skip


@pytest.fixture(scope="module")
def register() -> tuple[Instrument, list[KeptEntry]]:
    if not SEED.exists():
        pytest.skip(f"{SEED.name} is not beside this checkout")
    found = read_paper(SEED.read_bytes(), SEED.name)
    paper = paper_of(found, {each.number for each in found.measures})
    titled = tuple(
        msgspec.structs.replace(each, title={**each.title, "en": english})
        for each, english in zip(paper.measures, ENGLISH, strict=True)
    )
    paper = msgspec.structs.replace(
        paper, measures=titled, title={**paper.title, "en": "Fight against drug trafficking: synthesis report"}
    )
    said = entries_of(found, PAPER, paper)
    said += [
        Entry(
            instrument=PAPER, measure=each.key, kind="status", status="under_way", day=paper.date,
            source=Source(document=paper.number, paragraph=each.paragraph),
        )
        for each in paper.measures
    ]  # fmt: skip
    moment = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    kept = [
        KeptEntry(reference=f"{place:032d}", authority="presidency", said_at=moment, entry=entry)
        for place, entry in enumerate(said)
    ]
    return paper, kept


def written(register: tuple[Instrument, list[KeptEntry]], language: str) -> Content:
    paper, kept = register
    facts = Facts(
        paper=paper, standings=stand(paper, kept, [], TODAY), earlier={}, rounds=[], day=TODAY, authority="Presidency",
        classification="", conditions="",
    )  # fmt: skip
    return compose("progress_report", facts, language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_seventeen_measures_are_told_wholly_in_the_language(
    register: tuple[Instrument, list[KeptEntry]], language: str
) -> None:
    content = written(register, language)
    assert content.untranslated == ()
    headings = [block.text for block in content.blocks if isinstance(block, Heading) and block.level == 2]
    assert len(headings) == 17
    if language == "en":
        assert headings == [f"Measure {place}: {title}" for place, title in enumerate(ENGLISH, 1)]
    paragraphs = [block for block in content.blocks if isinstance(block, Paragraph)]
    assert [each.number for each in paragraphs] == list(range(1, len(paragraphs) + 1))
    table = next(block for block in content.blocks if isinstance(block, TableBlock))
    assert [row.cells[0] for row in table.rows] == ["17", "17"]


def test_no_figure_stands_there_without_its_paper_and_paragraph(register: tuple[Instrument, list[KeptEntry]]) -> None:
    figures = [each for _, kept in [register] for each in kept if each.entry.figure is not None]
    assert len(figures) >= 10
    content = written(register, "fr")
    told = [
        b
        for b in content.blocks
        if isinstance(b, Paragraph) and b.of.partition("/")[2] in {f.reference for f in figures}
    ]
    assert len(told) == len(figures)
    assert all(note.document == "15571/25" for each in told for note in each.notes)
    assert all(each.notes for each in told)
    assert {number for number, _ in content.documents} >= {"15571/25", "10270/24", "16293/24", "8913/25"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_written_in_every_form(register: tuple[Instrument, list[KeptEntry]], language: str) -> None:
    content = written(register, language)
    pages = PdfReader(io.BytesIO(pdf(content))).pages
    assert 5 <= len(pages) <= 20
    assert html(content).startswith(b"<!doctype html>")
    assert docx_bytes(content).startswith(b"PK")
