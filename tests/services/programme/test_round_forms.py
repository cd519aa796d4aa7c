"""Offline forms: what goes out comes back, however it was filled in; what is wrong is named, and harm is refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from docx import Document
from openpyxl import load_workbook

from alidade.model.errors import Invalid, Unreadable
from alidade.programme.register import DocumentRef, Figure, Source
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.programme.forms import form_document, form_workbook, read_form

REFERENCE = "5f0c2a9be17d4438a6d0f1c27be94a13"
ROUND = Round(
    title={"en": "Follow-up", "fr": "Suivi"},
    questions=tuple(
        Question(key=key, measure=key, text={"en": f"Recommendation {key}?"}) for key in ("1a", "2.c", "3")
    ),
    opens=dt.date(2026, 6, 1),
    cut_off=dt.date(2026, 7, 1),
)
FULL = Part(
    question="1a",
    kind="partly",
    text={"en": "Two ports – of four.\n\nThe others \tfollow & <soon>."},
    competent="Ministère de la Justice",
    obstacle="law",
    obstacle_text={"en": "A law is lacking."},
    evidence=(DocumentRef(number="15571/25"), DocumentRef(number="COM(2023) 641 final")),
    figures=(Figure(value=340.5, unit="kg", source=Source(document="INV 1/26", paragraph="12")),),
    good_practice={"en": "One contact point."},
    training_need={"en": "Container codes."},
    joint_with=("FRA", "NLD"),
)
SAID = Answer(
    round=REFERENCE,
    state="DEU",
    parts=(FULL, Part(question="2.c", kind="cross-reference", see="1a")),
    contact="Unit 4",
    publish=True,
)
EMPTY = Answer(round=REFERENCE, state="DEU", parts=())
Form = Callable[..., bytes]
both = pytest.mark.parametrize("form", [form_workbook, form_document], ids=["workbook", "document"])
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def typed(content: bytes, **fields: str) -> bytes:
    """The document with these fields filled in as Word does: new runs in the control, which is no longer empty."""
    document = Document(io.BytesIO(content))
    for control in document.element.body.iter(f"{{{_W}}}sdt"):
        tag = control.find(f"{{{_W}}}sdtPr/{{{_W}}}tag").get(f"{{{_W}}}val")
        text = fields.get(tag.replace(".", "_"))
        if text is None:
            continue
        about, inside = control.find(f"{{{_W}}}sdtPr"), control.find(f"{{{_W}}}sdtContent")
        for empty in about.findall(f"{{{_W}}}showingPlcHdr"):
            about.remove(empty)
        inside.clear()
        for piece in re.split(r"(?<= )", text):
            run = inside.makeelement(f"{{{_W}}}r", {})
            words = run.makeelement(f"{{{_W}}}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
            words.text = piece
            run.append(words)
            inside.append(run)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@both
@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "pt_BR"])
def test_a_form_that_comes_back_untouched_changes_nothing(form: Form, language: str) -> None:
    filled = read_form(ROUND, SAID, form(ROUND, SAID, language), language)
    assert filled.answer == SAID
    assert (filled.taken, filled.problems) == (("1a", "2.c"), ())


@both
def test_a_filled_form_tells_the_same_to_a_node_that_knew_nothing(form: Form) -> None:
    filled = read_form(ROUND, EMPTY, form(ROUND, SAID, "en"), "en")
    assert filled.answer == SAID


@both
def test_an_empty_form_takes_nothing_away(form: Form) -> None:
    filled = read_form(ROUND, SAID, form(ROUND, msgspec.structs.replace(EMPTY, publish=True), "en"), "en")
    assert filled.answer == SAID
    assert filled.taken == ()


@both
def test_the_form_of_another_round_is_refused(form: Form) -> None:
    other = msgspec.structs.replace(SAID, round="0" * 32)
    with pytest.raises(Invalid, match="another round"):
        read_form(ROUND, SAID, form(ROUND, other, "en"), "en")


@both
def test_good_answers_are_kept_and_each_wrong_one_is_named(form: Form) -> None:
    wrong = Part(question="2.c", kind="done", text={"en": "word " * 201})
    alone = Part(question="3", kind="", text={"en": "Something."})
    sent = msgspec.structs.replace(SAID, parts=(FULL, wrong, alone))
    filled = read_form(ROUND, EMPTY, form(ROUND, sent, "en"), "en")
    assert filled.answer.parts == (FULL,)
    assert [str(each).partition(":")[0] for each in filled.problems] == [
        "Question 2.c, In words, 200 at most",
        "Question 3, What was done",
    ]


@both
def test_the_last_answer_and_the_words_stand_in_the_form(form: Form) -> None:
    last = {"3": Part(question="3", kind="planned", text={"en": "In the next year."})}
    content = form(ROUND, EMPTY, "fr", last)
    if content.find(b"word/") > 0:
        text = "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)
    else:
        rows = load_workbook(io.BytesIO(content))["answers"].iter_rows(values_only=True)
        text = "\n".join(str(cell) for row in rows for cell in row)
    assert "Prévu · In the next year." in text
    assert "Recommendation 2.c?" in text
    assert "Suivi" in text


def test_a_document_is_read_by_its_tags_as_word_leaves_them() -> None:
    content = typed(
        form_document(ROUND, EMPTY, "fr"),
        q_1a_kind="Réalisé",
        q_1a_text="Une loi de mai, en vigueur.",
        q_1a_figures="12 saisies; 340,5 kg [15571/25, 7]",
        answer_publish="oui",
    )
    (part,) = read_form(ROUND, EMPTY, content, "fr").answer.parts
    assert (part.kind, part.text) == ("done", {"fr": "Une loi de mai, en vigueur."})
    assert [(each.value, each.unit) for each in part.figures] == [(12, "saisies"), (340.5, "kg")]
    assert read_form(ROUND, EMPTY, content, "fr").answer.publish


def test_every_field_has_its_tag_and_the_lists_their_codes() -> None:
    tree = parts_of(form_document(ROUND, EMPTY, "en"))["word/document.xml"].decode()
    tags = re.findall(r'<w:tag w:val="([^"]*)"/>', tree)
    assert len(tags) == len(set(tags)) == 5 + 3 * 11
    assert {"q.1a.kind", "q.2.c.good_practice", "q.3.training_need", "answer.publish"} <= set(tags)
    assert tree.count("<w:dropDownList>") == 1 + 3 * 2
    assert '<w:listItem w:displayText="Not competent" w:value="not-competent"/>' in tree


def test_a_document_whose_controls_are_gone_is_read_by_its_lines() -> None:
    parts = parts_of(form_document(ROUND, SAID, "en"))
    tree = parts["word/document.xml"].decode()
    tree = re.sub(r"<w:sdtPr>.*?</w:sdtPr>", "", tree, flags=re.DOTALL)
    tree = re.sub(r"</?w:sdt(Content)?>", "", tree)
    assert "w:sdt" not in tree
    assert read_form(ROUND, EMPTY, packed(parts | {"word/document.xml": tree.encode()}), "en").answer == SAID


def test_what_was_typed_beside_a_control_is_not_lost() -> None:
    document = Document(io.BytesIO(form_document(ROUND, SAID, "en")))
    for table in document.tables:
        for row in table.rows:
            if row.cells[0].text.endswith(("[q.1a.text]", "[q.3.text]")):
                row.cells[1].add_paragraph("And more.")
            if row.cells[0].text.endswith("[q.3.kind]"):
                row.cells[1].add_paragraph("planned")
    out = io.BytesIO()
    document.save(out)
    answer = read_form(ROUND, SAID, out.getvalue(), "en").answer
    first, last = answer.part("1a"), answer.part("3")
    assert first is not None
    assert first.text["en"].endswith("<soon>.\nAnd more.")
    assert last == Part(question="3", kind="planned", text={"en": "And more."})


def test_what_was_deleted_under_tracked_changes_is_not_read() -> None:
    parts = parts_of(form_document(ROUND, EMPTY, "en"))
    tree = parts["word/document.xml"].decode()
    place = tree.index('w:val="q.1a.kind"')
    begin, end = tree.index("<w:r>", place), tree.index("</w:sdtContent>", place)
    changed = "<w:del><w:r><w:delText>None</w:delText></w:r></w:del><w:ins><w:r><w:t>Done</w:t></w:r></w:ins>"
    tree = tree[:begin] + changed + tree[end:]
    head = tree[:place].rindex("<w:sdtPr>")
    tree = tree[:head] + tree[head:].replace("<w:showingPlcHdr/>", "", 1)
    filled = read_form(ROUND, EMPTY, packed(parts | {"word/document.xml": tree.encode()}), "en")
    assert [part.kind for part in filled.answer.parts] == ["done"]


def _with(**more: bytes) -> Callable[[dict[str, bytes]], bytes]:
    return lambda parts: packed(parts | {name.replace("__", "/"): content for name, content in more.items()})


def _in_document(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], bytes]:
    return lambda parts: packed(parts | {"word/document.xml": parts["word/document.xml"].replace(old, new, 1)})


def _related(kind: str) -> Callable[[dict[str, bytes]], bytes]:
    relation = (
        f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
        ' Target="http://192.0.2.1/x" TargetMode="External"/></Relationships>'
    )
    name = "word/_rels/document.xml.rels"
    return lambda parts: packed(parts | {name: parts[name].replace(b"</Relationships>", relation.encode())})


def _named_twice(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO(packed(parts))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("Word/Document.xml", b"<x/>")
    return out.getvalue()


HOSTILE: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "bomb": _in_document(b"<w:body>", b"<w:body>" + b" " * 45_000_000),
    "large members": _with(**{f"word__media__{n}.png": b"\0" * 9_000_000 for n in range(8)}),
    "entities": _in_document(b"<w:document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document'),
    "macros": _with(**{"word__vbaProject.bin": b"x"}),
    "embedded": _with(**{"word__embeddings__sheet.xlsx": b"x"}),
    "foreign chunk": _in_document(b"<w:body>", b'<w:body><w:altChunk xmlns:r="x" r:id="rId9"/>'),
    "outer picture": _related("image"),
    "outer frame": _related("frame"),
    "way out": _with(**{"..__..__x": b"x"}),
    "twice": _named_twice,
    "cut": lambda parts: packed(parts)[:-400],
    "no body": _in_document(b"w:body", b"w:soul"),
    "too many": _with(**{f"n{number}": b"" for number in range(2_001)}),
}


@pytest.mark.parametrize("harm", HOSTILE.values(), ids=HOSTILE)
def test_harm_is_refused(harm: Callable[[dict[str, bytes]], bytes]) -> None:
    content = harm(parts_of(form_document(ROUND, SAID, "en")))
    with pytest.raises(Unreadable):
        read_form(ROUND, SAID, content, "en")


def test_a_hyperlink_is_no_harm() -> None:
    content = _related("hyperlink")(parts_of(form_document(ROUND, SAID, "en")))
    assert read_form(ROUND, SAID, content, "en").answer == SAID


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"%PDF-1.7", b"question;kind\n1a;done\n"])
def test_what_is_no_form_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_form(ROUND, SAID, content, "en")


def test_a_question_that_the_round_does_not_ask_is_named_and_the_rest_is_taken() -> None:
    wider: Any = msgspec.structs.replace(ROUND, questions=(*ROUND.questions, Question(key="9", text={"en": "?"})))
    sent = msgspec.structs.replace(SAID, parts=(FULL, Part(question="9", kind="done")))
    filled = read_form(ROUND, EMPTY, form_document(wider, sent, "en"), "en")
    assert (filled.taken, len(filled.problems)) == (("1a",), 1)
