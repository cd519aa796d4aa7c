"""Replies in words and their translations as pages: the original stays, what is not approved is marked."""

from __future__ import annotations

import io

import msgspec
import pytest
from neighbours import asked, policy, reply
from openpyxl import load_workbook
from personas import DE, FR, NL, Office

from alidade.programme.rounds import Part
from alidade.programme.translation import digest
from alidade.services.programme.rounds import answer_round, hold_round, read_round
from alidade.services.programme.translating import translations_waiting

PORTUGUESE, ENGLISH = "Uma lei de maio.", "A law of May."


@pytest.fixture
def round_(office: Office) -> str:
    """A round to which Germany has answered in words."""
    reference = hold_round(office.node, policy(office), asked())
    part = Part(question="1a", kind="done", text={"pt": PORTUGUESE})
    answer_round(office.node, policy(office, DE), msgspec.structs.replace(reply(reference), parts=(part,)))
    return reference


def of(visit, who: str = NL):
    return visit(who, "policy_officer", grounds=False)


def translated(office: Office, visit, round_: str, **more: str):
    answer = read_round(office.node, policy(office), round_).answers[0].reference
    sent = {"answer": answer, "question": "1a", "field": "text", "language": "en", "text": ENGLISH} | more
    return of(visit).post(f"/rounds/{round_}/translate/", sent)


def rows(visit, round_: str) -> list[tuple[object, ...]]:
    content = of(visit, FR).get(f"/rounds/{round_}/replies/file/").content
    return list(load_workbook(io.BytesIO(content))["replies"].iter_rows(values_only=True))


def test_a_machines_words_are_marked_until_a_person_approves_them(office: Office, visit, round_: str) -> None:
    assert translated(office, visit, round_, machine="on").status_code == 302
    page = of(visit, FR).get(f"/rounds/{round_}/replies/").content.decode()
    assert PORTUGUESE in page
    assert "translated by a machine" in page
    assert "not approved" in page
    assert "Approve" not in page
    assert rows(visit, round_)[2][4:9] == (ENGLISH, "en", "translation", "machine", "NOT APPROVED")
    listed = of(visit, DE).get("/translations/").content.decode()
    assert ENGLISH in listed
    assert ENGLISH not in of(visit, FR).get("/translations/").content.decode()
    ((_, _, one),) = translations_waiting(office.node, policy(office, DE))
    reference = one.kept.reference
    assert (
        of(visit, FR).post(f"/translations/{reference}/", {"what": "approve", "of": digest(ENGLISH)}).status_code == 404
    )
    approving = of(visit, DE)
    approving.post(f"/translations/{reference}/", {"what": "refuse", "of": digest(ENGLISH)})
    assert "needs a reason" in approving.get("/translations/").content.decode()
    approving.post(f"/translations/{reference}/", {"what": "approve", "of": digest(ENGLISH)})
    page = of(visit, FR).get(f"/rounds/{round_}/replies/").content.decode()
    assert "not approved" not in page
    assert rows(visit, round_)[2][8] == f"approved ({DE})"
    assert "No translation waits" in approving.get("/translations/").content.decode()


def test_a_translation_that_cannot_be_keeps_what_was_typed(office: Office, visit, round_: str) -> None:
    refused = translated(office, visit, round_, language="pt", text="Outra lei.")
    assert refused.status_code == 422
    assert "Outra lei." in refused.content.decode()


def test_who_only_reads_neither_translates_nor_approves(office: Office, visit, round_: str) -> None:
    page = visit(NL, "analyst").get(f"/rounds/{round_}/replies/").content.decode()
    assert PORTUGUESE in page
    assert "Add a translation" not in page
    assert visit(NL, "analyst").get("/translations/").status_code == 404
