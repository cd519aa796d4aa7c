"""Reports: numbered, noted, adding up, in four languages, the same in every form, and nothing counted from silence."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import docx
import msgspec
import pytest
from lxml import etree
from pypdf import PdfReader

from alidade.model.errors import Invalid
from alidade.programme.analysed import Analysis, analysed
from alidade.programme.analysis import HeldRound
from alidade.programme.register import Counting, DocumentRef, Entry, Figure, Instrument, Measure, Source
from alidade.programme.report.bars import bars_svg
from alidade.programme.report.composing import TEMPLATES, compose, templates
from alidade.programme.report.content import Bars, Content, Paragraph, TableBlock
from alidade.programme.report.docx import docx_bytes
from alidade.programme.report.facts import Facts, RoundFacts
from alidade.programme.report.html import html
from alidade.programme.report.pdf import pdf
from alidade.programme.report.wording import LANGUAGES, Wording, _sentences
from alidade.programme.rounds import Answer, KeptAnswer, Part, Question, Round, counts, matrix
from alidade.programme.standing import KeptEntry, stand

PAPER = "a" * 32
TODAY = dt.date(2026, 11, 22)
ALL = {"en": "Customs", "fr": "Douanes", "es": "Aduanas", "pt": "Alfândegas"}
SEAL = {"en": "Seal", "fr": "Sceller", "es": "Sellar", "pt": "Selar"}
NASTY = 'a "quote" \\ #let x <b>&amp; $y$ _z_ *w* @r'


def paper() -> Instrument:
    measures = (
        Measure(
            key="1", title=ALL, aim=dict.fromkeys(ALL, NASTY), addressees=("BEL",),
            references=(DocumentRef(number="16376/23"),),
        ),
        Measure(key="2", title=ALL, deadline=dt.date(2026, 5, 1)),
        Measure(key="3", title=ALL),
    )  # fmt: skip
    return Instrument(
        number="15571/25",
        kind="synthesis_report",
        title=ALL,
        date=dt.date(2025, 11, 21),
        language="en",
        predecessors=("10270/24",),
        measures=measures,
        documents=(DocumentRef(number="10270/24", title="First report"),),
    )


def kept(place: int, entry: Entry, by: str = "nl") -> KeptEntry:
    moment = dt.datetime(2026, 1, place, tzinfo=dt.UTC)
    return KeptEntry(reference=f"{place:032d}", authority=by, said_at=moment, entry=entry)


def entries() -> list[KeptEntry]:
    def said(**more: Any) -> Entry:
        return Entry(instrument=PAPER, measure="1", **more)

    figure = Figure(
        value=12345,
        unit="seizures",
        unit_texts={"fr": "saisies", "es": "incautaciones", "pt": "apreensões"},
        source=Source(document="13314/25", paragraph="4"),
    )
    return [
        kept(1, said(kind="status", status="done", day=dt.date(2026, 3, 1), source=Source(document="15571/25"))),
        kept(2, said(kind="result", text=ALL, figure=figure, day=dt.date(2026, 2, 1), state="BEL")),
        kept(3, said(kind="obstacle", text=ALL, obstacle="law")),
        kept(4, said(kind="good_practice", text=ALL)),
        kept(5, said(kind="training_need", text=ALL)),
        kept(
            6,
            said(
                kind="next_step",
                text=ALL,
                source=Source(taken="round", taken_at=dt.datetime(2026, 5, 4, tzinfo=dt.UTC)),
            ),
        ),
    ]


def round_facts(*, published: bool = True) -> RoundFacts:
    asked = Round(
        title=ALL, questions=(Question(key="1a", text=ALL), Question(key="1b", text=ALL)), states=("BEL", "NLD", "FRA"),
        opens=TODAY, cut_off=TODAY,
    )  # fmt: skip
    parts = (Part(question="1a", kind="done", text=ALL), Part(question="1b", kind="not-competent"))
    answer = Answer(round="r" * 32, state="BEL", parts=parts, submitted=True)
    said = [
        KeptAnswer(
            reference="x", authority="be", version=1, said_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), answer=answer
        )
    ]
    return RoundFacts(round=asked, cells=matrix(asked, said), counts=counts(asked, said), published=published)


def analysis(instrument: Instrument, translated: tuple[str, ...] = ()) -> Analysis:
    """Of the paper with a round on it in which two States reply, one joins, and one says nothing."""
    parts = (
        Part(question="1", kind="done", text=ALL, joint_with=("PRT",)),
        Part(question="2", kind="planned", obstacle="law", obstacle_text=ALL, training_need=ALL),
    )
    practice = Part(question="1", kind="done", text=ALL, good_practice=SEAL)
    questions = tuple(Question(key=key, measure=key, text=ALL) for key in ("1", "2"))
    asked = Round(title=ALL, questions=questions, states=("BEL", "NLD", "FRA", "COL"), opens=TODAY, cut_off=TODAY)
    answers = [
        Answer(round="r" * 32, state="BEL", parts=parts, submitted=True, publish=True),
        Answer(
            round="r" * 32,
            state="COL",
            parts=(practice,),
            submitted=True,
            publish=True,
            translated=translated,
        ),
    ]
    said = [
        KeptAnswer(
            reference=each.state, authority=each.state, version=1, said_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            answer=each,
        )
        for each in answers
    ]  # fmt: skip
    held = [HeldRound(reference="r" * 32, round=asked, answers=said)]
    return analysed(instrument, entries(), [], held, TODAY, known=frozenset({"BEL", "NLD", "FRA", "COL", "PRT"}))


def facts(**more: Any) -> Facts:
    instrument = paper()
    fields: dict[str, Any] = {
        "paper": instrument,
        "standings": stand(instrument, entries(), [], TODAY),
        "earlier": {},
        "rounds": [round_facts()],
        "day": TODAY,
        "authority": "Police",
        "classification": "RESTRICTED",
        "conditions": "For all members.",
        "authorities": {"nl": "Politie"},
        "states": {"BEL": "België", "COL": "Colombia", "FRA": "Frankrijk", "NLD": "Nederland", "PRT": "Portugal"},
        "analysis": analysis(instrument),
        "state": "BEL",
        "meeting": "COSI",
    }
    return Facts(**(fields | more))


def paragraphs(content: Content) -> list[Paragraph]:
    return [block for block in content.blocks if isinstance(block, Paragraph)]


def tables(content: Content) -> list[TableBlock]:
    return [block for block in content.blocks if isinstance(block, TableBlock)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_with_the_same_places_in_every_language(language: str) -> None:
    for name, sentence in _sentences().items():
        assert _places(getattr(sentence, language)) == _places(sentence.en), name


def _places(text: Any) -> set[frozenset[str]]:
    forms = [text] if isinstance(text, str) else [text.one, text.other]
    return {frozenset(re.findall(r"\{(\w+)\}", form)) - {"count"} for form in forms}


def test_the_kinds_of_reports_have_sections_that_can_be_written() -> None:
    assert set(templates()) == set(TEMPLATES)
    for template in TEMPLATES:
        assert compose(template, facts(), "en").blocks


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_report_is_numbered_without_gaps_and_wholly_in_its_language(template: str, language: str) -> None:
    content = compose(template, facts(), language)
    numbers = [paragraph.number for paragraph in paragraphs(content)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert content.untranslated == ()
    assert msgspec.json.decode(msgspec.json.encode(content), type=Content) == content
    words = " ".join(paragraph.text for paragraph in paragraphs(content))
    for other in set(LANGUAGES) - {language}:
        assert ALL[other] not in words


def test_what_exists_in_another_language_only_is_marked_and_named() -> None:
    instrument = msgspec.structs.replace(
        paper(), measures=(Measure(key="1", title={"fr": "Douanes"}),), title={"fr": "Rapport"}
    )
    content = compose(
        "progress_report", facts(paper=instrument, standings=stand(instrument, [], [], TODAY), rounds=[]), "en"
    )
    assert "title of measure 1" in content.untranslated
    assert any("Douanes [in French only]" in getattr(block, "text", "") for block in content.blocks)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_table_adds_up_and_names_its_source(template: str) -> None:
    for table in tables(compose(template, facts(), "en")):
        assert table.source
        totals = [row for row in table.rows if row.total]
        for total in totals:
            for place, cell in enumerate(total.cells):
                column = [row.cells[place] for row in table.rows if not row.total]
                if all(each.isdigit() for each in column):
                    assert sum(map(int, column)) == int(cell), table.title


def test_every_figure_has_its_note() -> None:
    content = compose("progress_report", facts(), "en")
    (figure,) = [each for each in paragraphs(content) if "12,345 seizures" in each.text]
    assert [note.text for note in figure.notes] == ["13314/25, paragraph 4."]
    cited = {note.document for each in paragraphs(content) for note in each.notes if note.document}
    assert cited == {number for number, _ in content.documents}
    assert dict(content.documents)["10270/24"] == "First report"


def test_silence_is_told_as_not_known_and_not_counted_as_done() -> None:
    content = compose("progress_report", facts(), "en")
    overview = tables(content)[0]
    assert {row.name: row.cells[0] for row in overview.rows} == {"Done": "1", "Not known": "2", "Total": "3"}
    (said,) = [each.text for each in paragraphs(content) if each.of == "replies/whole"]
    assert said.startswith("Of 6 possible replies 2 were given; 1 say")


def test_small_counts_of_unpublished_replies_are_not_given() -> None:
    content = compose("synthesis_note", facts(rounds=[round_facts(published=False)]), "en")
    (table,) = [each for each in tables(content) if each.title == "Replies by recommendation"]
    assert [row.cells[2] for row in table.rows] == ["not given", "not given", "fewer than 3"]
    assert not any("Colombia" in each.text for each in paragraphs(content))


def test_a_report_says_what_changed_since_the_last() -> None:
    before = compose("progress_report", facts(), "en")
    same = compose("progress_report", facts(previous=before), "en")
    assert [each.text for each in paragraphs(same)][-1] == "Nothing that this report tells has changed."
    now = stand(paper(), entries()[:1], [], TODAY)
    changed = compose("progress_report", facts(previous=before, standings=now), "en")
    said = [each.text for each in paragraphs(changed)]
    assert any(text.startswith("No longer there: Result") for text in said)
    later = [*entries(), kept(20, Entry(instrument=PAPER, measure="1", kind="status", status="stopped", day=TODAY))]
    said = [
        e.text
        for e in paragraphs(
            compose("progress_report", facts(previous=before, standings=stand(paper(), later, [], TODAY)), "en")
        )
    ]
    assert any(text.startswith("Changed from “Status: Done") and "Stopped" in text for text in said)


@pytest.mark.parametrize(
    ("template", "more", "said"),
    [
        ("novel", {}, "no report"),
        ("state_report", {"state": ""}, "needs its State"),
        ("briefing", {"meeting": ""}, "meeting"),
    ],
)
def test_a_report_that_cannot_be_is_refused(template: str, more: dict[str, str], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        compose(template, facts(**more), "en")


def test_what_comes_next_ends_at_the_meeting() -> None:
    due = [each.of for each in paragraphs(compose("briefing", facts(until=dt.date(2026, 4, 1)), "en"))]
    assert "2/due" not in due
    assert "2/due" in [each.of for each in paragraphs(compose("briefing", facts(), "en"))]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pdf_says_what_the_content_says(language: str) -> None:
    content = compose("progress_report", facts(), language)
    made = pdf(content)
    assert made == pdf(content)
    read = PdfReader(io.BytesIO(made))
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in read.pages))
    for paragraph in paragraphs(content):
        assert re.sub(r"\s+", "", paragraph.text).replace("-", "")[:30] in text.replace("-", ""), paragraph.text
    assert read.metadata is not None
    assert read.metadata.title == content.title
    assert "/MarkInfo" in read.trailer["/Root"]
    assert text.count("RESTRICTED") == len(read.pages)


def test_the_docx_has_headings_footnotes_and_a_picture_with_words() -> None:
    content = compose("progress_report", facts(), "en")
    made = docx_bytes(content)
    read = docx.Document(io.BytesIO(made))
    headings = [
        each.text for each in read.paragraphs if each.style is not None and each.style.name.startswith("Heading")
    ]
    assert headings == [block.text for block in content.blocks if block.__class__.__name__ == "Heading"]
    notes = [note.text for paragraph in paragraphs(content) for note in paragraph.notes]
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        footnotes = etree.fromstring(package.read("word/footnotes.xml"))
        main = package.read("word/document.xml").decode()
    kept_notes = ["".join(each.itertext()).strip() for each in footnotes][2:]
    assert kept_notes == notes
    assert len(re.findall("footnoteReference", main)) == len(notes)
    assert 'descr="Measures by status' in main
    assert NASTY in "\n".join(each.text for each in read.paragraphs)


def test_the_page_escapes_what_was_typed_and_marks_notes() -> None:
    content = compose("progress_report", facts(), "fr")
    page = html(content).decode()
    assert '<html lang="fr">' in page
    assert "<b>&amp;amp;" not in page
    assert "&lt;b&gt;&amp;amp;" in page
    notes = sum(len(paragraph.notes) for paragraph in paragraphs(content))
    assert page.count('id="note-') == page.count('id="mark-') == notes
    etree.fromstring(bars_svg(Bars(title="<t>", bars=(("a&b", 0), ("c", 3)), source="")))


def test_numbers_and_days_are_written_as_the_language_does() -> None:
    day = dt.date(2026, 11, 22)
    assert [Wording(tag).day(day) for tag in ("en", "fr", "pt_BR")] == [
        "22 November 2026",
        "22 novembre 2026",
        "22 de novembro de 2026",
    ]
    assert Wording("fr").listed(["a", "b", "c"]) == "a, b et c"
    assert Wording("xx").say("total") == "Total"
    assert Wording("en").share(0, 0) == "–"


def test_the_matrix_says_each_stage_in_signs_and_explains_them() -> None:
    content = compose("progress_report", facts(), "en")
    (matrix,) = [each for each in tables(content) if each.title == "State by measure"]
    assert {row.name: row.cells for row in matrix.rows} == {
        "België": ("●", "◌", ""),
        "Colombia": ("●", "–", ""),
        "Frankrijk": ("–", "–", ""),
        "Nederland": ("–", "–", ""),
        "Portugal": ("●", "–", ""),
    }
    assert "● Done; ◌ Planned; – No reply" in matrix.source
    assert {row.tones[1] for row in matrix.rows} == {"planned", "silent"}
    for made in (html(content).decode(), docx_bytes(content), pdf(content)):
        assert made
    assert '<td class="silent">–</td>' in html(content).decode()
    document = docx.Document(io.BytesIO(docx_bytes(content)))
    assert any("a9cdc4" in each._tbl.xml for each in document.tables)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_regions_add_up_to_all_that_was_asked(language: str) -> None:
    title = Wording(language).say("regions_table")
    (table,) = [each for each in tables(compose("synthesis_note", facts(), language)) if each.title == title]
    *rows, total = table.rows
    for place in range(4):
        assert sum(int(row.cells[place]) for row in rows) == int(total.cells[place])
    assert total.cells[:4] == ("10", "4", "3", "6")
    assert len(rows) == 3  # South America, Southern and Western Europe


def test_what_may_not_be_published_is_in_no_table_of_states() -> None:
    content = compose("progress_report", facts(rounds=[round_facts(published=False)]), "en")
    titles = {each.title for each in tables(content)}
    assert not titles & {"State by measure", "Replies and what is done, by region"}
    assert not any("België on 2" in each.text for each in paragraphs(content))


def test_a_progress_report_tells_obstacles_and_training_needs() -> None:
    content = compose("progress_report", facts(), "en")
    (counted,) = [each for each in tables(content) if each.title == "Obstacles named"]
    assert [(row.name, row.cells) for row in counted.rows] == [("Law lacking or unclear", ("2",)), ("Total", ("2",))]
    said = [each.text for each in paragraphs(content)]
    assert "België on 2: Law lacking or unclear. Customs" in said
    assert "België on 2: Customs" in said


def test_a_state_report_tells_what_that_state_names() -> None:
    said = [each.text for each in paragraphs(compose("state_report", facts(), "en"))]
    assert "België on 2: Law lacking or unclear. Customs" in said
    of_another = [each.text for each in paragraphs(compose("state_report", facts(state="COL"), "en"))]
    assert "Colombia on 1: Seal" in of_another
    assert not any("Law lacking" in text for text in of_another)


def test_a_translation_that_nobody_approved_is_not_used() -> None:
    found = analysis(paper(), translated=("fr", "es", "pt"))
    content = compose("synthesis_note", facts(analysis=found), "fr")
    (said,) = [each.text for each in paragraphs(content) if "Seal" in each.text]
    assert said == "Colombia sur 1 : Seal [en anglais seulement]"
    assert not any("Sceller" in each.text for each in paragraphs(content))


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", "Counted by this platform on 4 May 2026 for Politie: In time, from 1 March 2026 to 31 March 2026."),
        (
            "fr",
            "Compté par la présente plateforme le 4 mai 2026 pour Politie : À temps, du 1 mars 2026 au 31 mars 2026.",
        ),
    ],
)
def test_a_figure_that_was_taken_names_what_was_counted(language: str, note: str) -> None:
    source = Source(
        taken="In time",
        taken_texts={"en": "In time", "fr": "À temps"},
        taken_at=dt.datetime(2026, 5, 4, tzinfo=dt.UTC),
        counting=Counting(kind="deadline", of="c", what="met", since=dt.date(2026, 3, 1), until=dt.date(2026, 3, 31)),
    )
    figure = Figure(value=40, unit="threads", source=source)
    said = kept(9, Entry(instrument=PAPER, measure="1", kind="result", figure=figure))
    content = compose("progress_report", facts(standings=stand(paper(), [said], [], TODAY)), language)
    notes = [each.text for block in paragraphs(content) for each in block.notes]
    assert note in [each.replace("1er", "1") for each in notes]


def test_a_small_count_of_people_of_one_state_is_not_given() -> None:
    def told(value: float, unit: str, state: str) -> str:
        figure = Figure(value=value, unit=unit, source=Source(document="9/26"))
        said = kept(9, Entry(instrument=PAPER, measure="1", kind="result", figure=figure, state=state))
        content = compose("progress_report", facts(standings=stand(paper(), [said], [], TODAY)), "en")
        return next(each.text for each in paragraphs(content) if each.text.startswith("Result"))

    assert told(2, "arrests", "BEL") == "Result: fewer than 3 arrests"
    assert told(3, "arrests", "BEL") == "Result: 3 arrests"
    assert told(2, "containers", "BEL") == "Result: 2 containers"
