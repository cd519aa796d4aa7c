"""My day: counts before a case is stated, deputies, reviews, and the box that says what was typed."""

from __future__ import annotations

import re

import pytest
from personas import DE, FR, NL, Office, draft
from question_cases import give_ports, ports_question, presence

from alidade.services.deputies import deputies
from alidade.services.picture.question_keeping import keep_question
from alidade.services.picture.standing_questions import make_question_standing, run_due_questions
from alidade.services.reviews import reviews_due


def test_counts_lead_to_their_pages(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    hit = office.ask(DE, "Jan Vermeulen").hits[0].reference
    shown = visit(DE).get("/my-day/").content.decode()
    assert re.search(r'<a href="/hits/"><span class="figure">1</span>hits to judge</a>', shown)
    assert f"/hits/{hit}/" in shown
    assert NL in shown
    assert "Vermeulen" not in shown
    owner = visit(NL).get("/my-day/").content.decode()
    assert re.search(r'<a href="/notices/"><span class="figure">1</span>', owner)


def test_news_of_standing_questions_lead_to_the_questions(office: Office, visit) -> None:
    ids = give_ports(office)
    analyst = office.officer(NL, "analyst")
    kept = keep_question(office.node, analyst, ports_question(ids, substance="cocaine"), "Two ports")
    make_question_standing(office.node, analyst, kept.piece, "2026-12-31")
    news = r'<a href="/question/"><span class="figure">{}</span>new from standing questions</a>'
    assert re.search(news.format(0), visit(NL, "analyst", grounds=False).get("/my-day/").content.decode())
    office.give(
        draft("rotterdam", "Port", name="Rotterdam", unLocode="NLRTM"),
        draft("antwerp", "Port", name="Antwerp", unLocode="BEANR"),
        draft("eva", "Vessel", name="Eva"),
        presence("q1", "eva", "rotterdam", "2026-03-01"),
        presence("q2", "eva", "antwerp", "2026-03-02"),
        handling=office.handling(content="non_personal"),
        source_list="ports",
    )
    office.clock.move(hours=2)
    assert run_due_questions(office.node) == 1
    shown = visit(NL, "analyst", grounds=False).get("/my-day/").content.decode()
    assert re.search(news.format(1), shown)
    assert "Eva" not in shown
    assert re.search(news.format(0), visit(DE, "analyst").get("/my-day/").content.decode())
    assert "standing questions" not in visit(NL, "administrator", grounds=False).get("/my-day/").content.decode()


def test_before_a_case_is_stated_there_is_no_owner_and_no_day(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    office.ask(DE, "Jan Vermeulen")
    answer = visit(DE, grounds=False).get("/my-day/")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Counts only" in shown
    assert NL not in shown
    assert office.newest_entry(DE) == ("day_read", "allowed")


def test_an_administrator_has_no_business_with_content(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    office.ask(DE, "Jan Vermeulen")
    shown = visit(DE, "administrator", grounds=False).get("/my-day/").content.decode()
    assert "hits to judge" not in shown
    assert "proposals waiting for your authority" in shown


@pytest.mark.parametrize(
    ("typed", "leads"),
    [("Hits to judge", "/hits/"), ("/standing checks", "/standing/"), ("MY DAY", "/my-day/"), ("help", None)],
)
def test_a_word_of_the_rail_leads_there(office: Office, visit, typed: str, leads: str | None) -> None:
    answer = visit(DE).post("/jump/", {"text": typed})
    assert answer.get("Location") == leads


def test_a_reference_leads_to_what_it_is_and_a_name_to_the_check(office: Office, visit) -> None:
    given = office.give(draft("k", name="Jan Vermeulen"))
    answer = office.ask(DE, "Jan Vermeulen")
    client = visit(DE)
    assert client.post("/jump/", {"text": answer.check})["Location"] == f"/check/{answer.check}/"
    hit = answer.hits[0].reference
    assert client.post("/jump/", {"text": hit})["Location"] == f"/hits/{hit}/"
    contribution = str(given.contribution)
    assert visit(NL).post("/jump/", {"text": contribution})["Location"] == f"/feedback/{contribution}/"
    absent, strange = (client.post("/jump/", {"text": text}) for text in ("0" * 32, contribution))
    assert (absent.status_code, strange.status_code) == (404, 404)
    before = sum(1 for entry in office.entries(DE) if entry.act == "check")
    named = client.post("/jump/", {"text": "Jan Vermeulen"})
    assert named.status_code == 200
    assert 'value="Jan Vermeulen"' in named.content.decode()
    assert "Understood as a name. Nothing was asked yet." in named.content.decode()
    phone = client.post("/jump/", {"text": "+31 6 12345678"}).content.decode()
    assert re.search(r"Understood as: Telephone number \+31", phone)
    assert sum(1 for entry in office.entries(DE) if entry.act == "check") == before
    assert client.post("/jump/", {"text": "!!!"}).status_code == 404


def test_a_deputy_is_named_and_ended(office: Office, visit) -> None:
    client = visit(DE, grounds=False)
    page = "/my-day/deputies/"
    wrong = client.post(page, {"act": "name", "name-colleague": f"{DE}/analyst", "name-until": "soon"})
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.content.decode()
    strange = client.post(page, {"act": "name", "name-colleague": f"{FR}/analyst", "name-until": "2026-06-20"})
    assert strange.status_code == 422
    named = client.post(page, {"act": "name", "name-colleague": f"{DE}/analyst", "name-until": "2026-06-20"})
    assert named["Location"] == page
    assert f"You stand in for: {DE}/case_officer" in visit(DE, "analyst").get("/my-day/").content.decode()
    assert client.post(f"{page}end/", {"deputy": f"{DE}/analyst"})["Location"] == page
    assert [each.ended for each in deputies(office.node, office.officer(DE))] == [True]
    assert client.post(f"{page}end/", {"deputy": f"{DE}/analyst"}).status_code == 404


def test_handing_over_asks_once(office: Office, visit) -> None:
    client, page = visit(DE), "/my-day/deputies/"
    order = {"act": "hand_over", "give-colleague": f"{DE}/analyst"}
    assert client.post(page, order).status_code == 422
    assert client.post(page, {**order, "give-sure": "on"})["Location"] == page
    assert office.newest_entry(DE) == ("deputy_set", "allowed")


def test_records_due_for_review_are_stated_again(office: Office, visit) -> None:
    soon = office.handling(review_on="2026-06-20")
    record = office.give(draft("k", name="Jan Vermeulen"), handling=soon).records["k"]
    client = visit(NL)
    shown = client.get("/my-day/reviews/").content.decode()
    assert f'name="chosen" value="{record}"' in shown
    assert client.post("/my-day/reviews/again/", {"chosen": record, "until": "soon"}).status_code == 422
    done = client.post("/my-day/reviews/again/", {"chosen": record, "until": "2027-06-01"})
    assert done["Location"] == "/my-day/reviews/"
    assert reviews_due(office.node, office.officer(NL)) == []
    assert visit(DE).post("/my-day/reviews/again/", {"chosen": record, "until": "2027-06-01"}).status_code == 404
