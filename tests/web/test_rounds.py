"""Rounds as pages: held, answered on the page or by the form, silent States shown, closed for good."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from personas import DE, FR, NL, Office

from alidade.programme.register import Instrument, Measure
from alidade.services.programme.register import keep_paper
from alidade.services.programme.rounds import read_round


def policy(visit, who: str = NL):
    return visit(who, "policy_officer", grounds=False)


def begun(office: Office, visit) -> str:
    measures = tuple(Measure(key=key, title={"en": f"Recommendation {key}"}) for key in ("1a", "1b"))
    paper = Instrument(number="13/2019", kind="recommendations", title={"en": "Lisbon"}, measures=measures)
    reference = keep_paper(office.node, office.officer(NL, "policy_officer"), paper)
    sent = {"instrument": reference, "title": "Follow-up", "asked": [DE, FR], "cut_off": "2026-07-01"}
    held = policy(visit).post("/rounds/new/", sent)
    assert held.status_code == 302, held.content.decode()
    return str(held["Location"])


def test_a_round_is_held_and_answered_on_the_page(office: Office, visit) -> None:
    place = begun(office, visit)
    answering = policy(visit, DE)
    page = answering.get(f"{place}answer/").content.decode()
    assert "Recommendation 1a" in page
    wrong = answering.post(f"{place}answer/", {"kind-1a": "cross-reference", "text-1a": "As above", "submit": "1"})
    assert wrong.status_code == 422
    assert "As above" in wrong.content.decode()
    draft = answering.post(f"{place}answer/", {"kind-1a": "done", "text-1a": "A law of May.", "keep": "1"})
    assert draft["Location"].endswith("/answer/")
    assert "A law of May." in answering.get(f"{place}answer/").content.decode()
    sent = {
        "kind-1a": "done",
        "text-1a": "A law of May.",
        "joint_with-1a": "fra",
        "publish": "on",
        "submit": "1",
        "version": "1",
    }
    assert answering.post(f"{place}answer/", sent)["Location"] == place
    shown = policy(visit, FR).get(place).content.decode()
    assert "Done (DEU)" in shown
    assert "No reply that you may see from" not in shown
    stale = answering.post(f"{place}answer/", sent)
    assert stale.status_code == 422


def test_the_form_goes_out_and_comes_back(office: Office, visit) -> None:
    place = begun(office, visit)
    client = policy(visit, FR)
    form = client.get(f"{place}form/")
    assert form["Content-Type"].endswith("spreadsheetml.sheet")
    book = load_workbook(io.BytesIO(form.content))
    sheet = book["answers"]
    assert [sheet.cell(4, 1).value, sheet.cell(5, 1).value] == ["1a", "1b"]
    sheet.cell(4, 3).value, sheet.cell(4, 4).value = "planned", "=1+1 next year"
    sheet.cell(5, 3).value, sheet.cell(5, 5).value = "not-competent", "Ministry of Justice"
    out = io.BytesIO()
    book.save(out)
    back = SimpleUploadedFile("form.xlsx", out.getvalue())
    assert client.post(f"{place}answer/", {"form": back, "keep": "1"}).status_code == 302
    reference = place.split("/")[-2]
    own = read_round(office.node, office.officer(FR, "policy_officer"), reference).own_answer
    assert own is not None
    assert [(part.question, part.kind) for part in own.answer.parts] == [("1a", "planned"), ("1b", "not-competent")]
    assert not own.answer.submitted
    for content, said in ((b"PK\x03\x04 broken", "cannot be read"), (out.getvalue(), "another round")):
        other = begun_again(office, visit) if said == "another round" else place
        refused = client.post(f"{other}answer/", {"form": SimpleUploadedFile("form.xlsx", content), "keep": "1"})
        assert refused.status_code == 422
        assert said in refused.content.decode()


def begun_again(office: Office, visit) -> str:
    measures = (Measure(key="1a", title={"en": "Again"}),)
    paper = Instrument(number="14/2022", kind="recommendations", title={"en": "Valletta"}, measures=measures)
    reference = keep_paper(office.node, office.officer(NL, "policy_officer"), paper)
    sent = {"instrument": reference, "title": "Again", "asked": [FR], "cut_off": "2026-07-01"}
    return str(policy(visit).post("/rounds/new/", sent)["Location"])


def test_silence_is_shown_and_a_closed_round_takes_nothing(office: Office, visit) -> None:
    place = begun(office, visit)
    holder = policy(visit)
    assert "No reply that you may see from: France, Germany" in holder.get(place).content.decode()
    assert policy(visit, DE).post(f"{place}close/").status_code == 404
    assert holder.post(f"{place}close/", {"version": "1"}).status_code == 302
    late = policy(visit, DE).post(f"{place}answer/", {"kind-1a": "done", "submit": "1"})
    assert (late.status_code, "closed" in late.content.decode()) == (422, True)
    assert "Close the round" not in holder.get(place).content.decode()


def test_only_those_whose_role_lists_it_answer_or_hold(office: Office, visit) -> None:
    place = begun(office, visit)
    assert visit(DE, "analyst").get(place).status_code == 200
    assert visit(DE, "analyst").get(f"{place}answer/").status_code == 404
    assert visit(DE, "liaison_officer").get(f"{place}answer/").status_code == 200
    assert visit(DE, "liaison_officer").get("/rounds/new/").status_code == 404
    assert visit(DE, "front_line_officer").get("/rounds/").status_code == 404
