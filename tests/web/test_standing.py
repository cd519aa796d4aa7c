"""Standing checks, hits, notices and feedback as pages: told once, and to whom it belongs."""

from __future__ import annotations

import re

from personas import DE, FR, NL, Office, draft

from alidade.services.finding import Question
from alidade.services.standing import keep_standing_check, standing_checks
from alidade.services.verdicts import rule_on_hit

UNTIL = "2026-12-31"


def test_a_question_is_kept_and_what_is_new_is_shown_once_as_new(office: Office, visit) -> None:
    client = visit(DE)
    wrong = client.post("/standing/", {"text": "Jan Vermeulen", "until": "2030-01-01"})
    assert wrong.status_code == 422
    assert 'value="Jan Vermeulen"' in wrong.content.decode()
    assert "more than 365 days away" in wrong.content.decode()
    kept = client.post("/standing/", {"text": "Jan Vermeulen", "until": UNTIL})
    assert kept["Location"].startswith("/check/")
    assert "Jan Vermeulen" in client.get("/standing/").content.decode()
    assert "Nothing new that you may learn of." in client.get("/standing/news/").content.decode()
    office.give(draft("k", name="Jan Vermeulen", phone="+31612345678"))
    office.give(draft("c", name="Jan Vermeulen"), by=FR, handling=office.handling(FR, communities=()))
    first, second = (client.get("/standing/news/").content.decode() for _ in range(2))
    assert "Told before" not in first
    assert "Told before" in second
    for shown in (first, second):
        assert "+31612345678" in shown
        assert "desk@fr-douane.example" in shown


def test_ending_one_and_only_one_s_own(office: Office, visit) -> None:
    kept = keep_standing_check(office.node, office.officer(DE), Question(text="Jan Vermeulen"), UNTIL).standing
    address = f"/standing/{kept.reference}/end/"
    for client in (visit(FR), visit(DE, "analyst")):
        assert client.post(address).status_code == 404
        assert "Jan Vermeulen" not in client.get("/standing/").content.decode()
    client = visit(DE)
    assert client.get(address).status_code == 405
    assert client.post(address)["Location"] == "/standing/"
    assert client.post(address).status_code == 409
    assert [one.state for one in standing_checks(office.node, office.officer(DE))] == ["ended"]


def test_feedback_says_plainly_what_became_of_it(office: Office, visit) -> None:
    given = office.give(draft("k", name="Jan Vermeulen"), draft("l", name="Piet Hein"))
    client = visit(NL)
    assert "not matched yet" in client.get("/feedback/").content.decode()
    hit = office.ask(DE, "Jan Vermeulen").hits[0]
    rule_on_hit(office.node, office.officer(DE), hit.reference, "same", "same_context", note="a private note")
    assert f"matched by {DE}" in client.get("/feedback/").content.decode()
    page = f"/feedback/{given.contribution}/"
    shown = client.get(page).content.decode()
    assert "Same links and circumstances" in shown
    assert "the content" in shown
    assert "a private note" not in shown
    assert "Jan Vermeulen" not in shown
    assert office.newest_entry(NL) == ("feedback_read", "allowed")
    strange, absent = (visit(FR).get(address) for address in (page, "/feedback/" + "0" * 32 + "/"))
    assert (strange.status_code, absent.status_code) == (404, 404)


def test_notices_say_who_asked_and_what_the_asker_knows(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"), handling=office.handling(communities=(), hit="silent"))
    office.ask(DE, "Jan Vermeulen")
    shown = visit(NL).get("/notices/").content.decode()
    assert "no: met in silence" in shown
    assert f"desk@{DE}.example" in shown
    assert "Nobody has asked about what we gave." in visit(FR).get("/notices/").content.decode()


def test_a_check_without_a_hit_is_kept_unless_unticked_and_can_be_ended(office: Office, visit) -> None:
    client = visit(DE)
    form = client.get("/check/").content.decode()
    assert 'name="again"' in form
    assert "90 days" in form
    assert "term not verified" in form
    unwanted = client.post("/check/", {"text": "Piet Hein"})
    assert "Do not ask again" not in client.get(unwanted["Location"]).content.decode()
    wanted = client.post("/check/", {"text": "Jan Vermeulen", "again": "on"})
    shown = client.get(wanted["Location"]).content.decode()
    assert "Asked again until" in shown
    assert "Do not ask again" in shown
    listed = client.get("/standing/").content.decode()
    assert "earlier check, no hit" in listed
    assert "Jan Vermeulen" in listed
    assert "Piet Hein" not in listed
    for other in (visit(FR), visit(DE, "analyst")):
        assert other.post(f"/standing{wanted['Location'].removeprefix('/check')}end/").status_code == 404
        assert other.post("/standing/forget/")["Location"] == "/standing/"
        assert "Jan Vermeulen" not in other.get("/standing/").content.decode()
    assert client.post(f"/standing{wanted['Location'].removeprefix('/check')}end/")["Location"] == "/standing/"
    assert "Jan Vermeulen" not in client.get("/standing/").content.decode()
    client.post("/check/", {"text": "Jan Vermeulen", "again": "on"})
    assert client.get("/standing/forget/").status_code == 405
    assert client.post("/standing/forget/")["Location"] == "/standing/"
    assert standing_checks(office.node, office.officer(DE)) == []


def test_an_earlier_check_that_meets_something_is_told_and_forgotten(office: Office, visit) -> None:
    client = visit(DE)
    client.post("/check/", {"text": "Jan Vermeulen", "again": "on"})
    office.give(draft("k", name="Jan Vermeulen", phone="+31612345678"))
    news = client.get("/standing/news/").content.decode()
    assert "One earlier check without a hit was asked again" in news
    assert "+31612345678" in news
    listed = client.get("/standing/").content.decode()
    assert "told of a hit" in listed
    assert "forgotten, as it has told of a hit" in listed
    (kept,) = standing_checks(office.node, office.officer(DE))
    assert client.get(f"/check/{kept.reference}/").status_code == 200
    (told,) = re.findall(r"/check/([0-9a-f]{32})/#hit", news)
    assert "An earlier check of yours met nothing." in client.get(f"/check/{told}/").content.decode()


def test_where_there_is_no_term_it_is_not_offered(office: Office, visit) -> None:
    client = visit(DE)
    session = client.session
    (grounds,) = [key for key, value in session.items() if isinstance(value, dict) and "legal_ground" in value]
    session[grounds] = {**session[grounds], "legal_ground": "passenger_records"}
    session.save()
    assert 'name="again"' not in client.get("/check/").content.decode()
    assert 'name="again"' not in client.get("/check-list/").content.decode()
    client.post("/check/", {"text": "Jan Vermeulen", "again": "on"})
    assert standing_checks(office.node, office.officer(DE)) == []


def test_a_list_keeps_what_met_nothing(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    client = visit(DE)
    shown = client.post("/check-list/", {"lines": "Jan Vermeulen\nPiet Hein\nMaarten Tromp", "again": "on"})
    assert "2 of those without a hit are asked again" in shown.content.decode()
    assert len(standing_checks(office.node, office.officer(DE))) == 2
