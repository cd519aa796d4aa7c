"""The forms of a round as pages: out as workbook or document, back with what was good in them, each fault named."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from neighbours import asked, policy
from personas import DE, FR, NL, Office

from alidade.programme.rounds import Answer, Part
from alidade.services.programme.forms import form_document, form_workbook
from alidade.services.programme.rounds import answer_round, hold_round, read_round


@pytest.fixture
def round_(office: Office) -> str:
    """A round that asks German police and French customs."""
    return hold_round(office.node, policy(office), asked())


@pytest.fixture
def client(visit):
    """The policy officer of French customs."""
    return visit(FR, "policy_officer", grounds=False)


def own(office: Office, round_: str) -> Answer | None:
    found = read_round(office.node, policy(office, FR), round_).own_answer
    return None if found is None else found.answer


def sent(content: bytes, name: str = "form.docx") -> dict[str, object]:
    return {"form": SimpleUploadedFile(name, content), "keep": "1", "version": "0"}


def test_the_form_goes_out_as_a_document_and_comes_back(office: Office, client, round_: str) -> None:
    answer = client.get(f"/rounds/{round_}/form/document/")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert "attachment" in answer["Content-Disposition"]
    text = "\n".join(each.text for each in Document(io.BytesIO(answer.content)).paragraphs)
    assert "1a: Recommendation 1a" in text
    held = read_round(office.node, policy(office, FR), round_).kept.body
    filled = Answer(round=round_, state="FRA", parts=(Part(question="1a", kind="planned", text={"en": "Next year."}),))
    back = client.post(f"/rounds/{round_}/answer/", sent(form_document(held, filled, "en")))
    assert back.status_code == 302
    kept = own(office, round_)
    assert kept is not None
    assert (kept.parts, kept.submitted) == (filled.parts, False)


@pytest.mark.parametrize("form", [form_workbook, form_document])
def test_good_answers_of_a_form_are_kept_and_the_others_named(office: Office, client, round_: str, form) -> None:
    held = read_round(office.node, policy(office, FR), round_).kept.body
    wrong = Part(question="1b", kind="done", text={"en": "word " * 201})
    filled = Answer(round=round_, state="FRA", parts=(Part(question="1a", kind="done"), wrong))
    back = client.post(f"/rounds/{round_}/answer/", sent(form(held, filled, "en")))
    assert back.status_code == 422
    page = back.content.decode()
    assert "One answer of the form was taken as a draft" in page
    assert "Question 1b, In words, 200 at most: 201 words" in page
    kept = own(office, round_)
    assert kept is not None
    assert [part.question for part in kept.parts] == ["1a"]
    assert 'value="1"' in page.split('name="version"')[1][:20]


def test_a_hostile_form_changes_nothing(office: Office, client, round_: str) -> None:
    back = client.post(f"/rounds/{round_}/answer/", sent(b"PK\x03\x04word/document.xml"))
    assert back.status_code == 422
    assert own(office, round_) is None


def test_every_field_stands_on_the_page_and_is_kept(office: Office, client, round_: str) -> None:
    fields = {
        "kind": "partly",
        "text": "Two of four.",
        "competent": "Ministry",
        "see": "",
        "obstacle": "law",
        "obstacle_text": "Lacking.",
        "evidence": "15571/25",
        "figures": "12 seizures [15571/25, 7]",
        "good_practice": "One contact.",
        "training_need": "Codes.",
        "joint_with": "DEU",
    }
    page = client.get(f"/rounds/{round_}/answer/").content.decode()
    assert all(f'name="{name}-1a"' in page for name in fields)
    posted = {f"{name}-1a": text for name, text in fields.items()} | {"keep": "1", "version": "0"}
    assert client.post(f"/rounds/{round_}/answer/", posted).status_code == 302
    kept = own(office, round_)
    assert kept is not None
    (part,) = kept.parts
    assert (part.competent, part.obstacle, part.training_need) == ("Ministry", "law", {"en": "Codes."})
    assert (part.figures[0].value, part.figures[0].source.paragraph, part.joint_with) == (12, "7", ("DEU",))
    page = client.get(f"/rounds/{round_}/answer/").content.decode()
    assert all(text in page for text in fields.values())
    emptied = dict.fromkeys((f"{name}-1a" for name in fields), "") | {"keep": "1", "version": "1"}
    assert client.post(f"/rounds/{round_}/answer/", emptied).status_code == 302
    kept = own(office, round_)
    assert kept is not None
    assert kept.parts == ()


def test_what_was_typed_stays_where_it_cannot_be_taken(client, round_: str) -> None:
    posted = {"kind-1a": "", "text-1a": "No kind chosen.", "figures-1a": "many", "submit": "1"}
    back = client.post(f"/rounds/{round_}/answer/", posted)
    assert back.status_code == 422
    page = back.content.decode()
    assert "No kind chosen." in page
    assert 'value="many"' in page
    assert "Question 1a, " in page


def test_the_last_answer_stands_beside_by_the_measure(office: Office, client, round_: str) -> None:
    before = Answer(
        round=round_, state="FRA", parts=(Part(question="1a", kind="planned", text={"en": "Soon."}),), submitted=True,
        publish=True,
    )  # fmt: skip
    answer_round(office.node, policy(office, FR), before)
    second = hold_round(office.node, policy(office), asked(previous=round_))
    assert "Last time: Planned. Soon." in client.get(f"/rounds/{second}/answer/").content.decode()
    answer_round(
        office.node,
        policy(office, FR),
        Answer(round=second, state="FRA", parts=(Part(question="1a", kind="done"),), submitted=True, publish=True),
    )
    answer_round(
        office.node,
        policy(office, DE),
        Answer(round=round_, state="DEU", parts=before.parts, submitted=True, publish=True),
    )
    page = client.get(f"/rounds/{second}/").content.decode()
    assert "Changed since the round before" in page
    assert "Answered then, no reply yet: Germany (1a)." in page
    assert NL in page
