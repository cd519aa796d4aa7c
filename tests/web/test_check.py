"""Check: one box, an answer under its own address, judged and kept there; a list; nothing personal in addresses."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from personas import DE, FR, NL, Office, draft

from alidade.matching.thresholds import threshold_for
from alidade.services.correcting import withdraw
from alidade.services.notices import notices
from alidade.services.standing import standing_checks

UNTIL = "2026-12-31"


def ask(client: Client, text: str, **more: str) -> str:
    """The address of the answer."""
    answer = client.post("/check/", {"text": text, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_box_asks_and_the_answer_has_an_address_without_a_word_of_it(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen", phone="+31612345678"))
    client = visit(DE)
    before = office.ledger_size()
    address = ask(client, "Jan Vermeulen")
    assert re.fullmatch(r"/check/[0-9a-f]{32}/", address)
    assert office.newest_entry(DE) == ("check", "allowed")
    assert office.ledger_size() == before + 1
    shown = read(client, address)
    assert office.newest_entry(DE) == ("record_read", "allowed")
    for words in ("Jan Vermeulen", "+31612345678", "HIT", "Why it met", "seen on the spot", "case-1", address[7:39]):
        assert words in shown
    assert 'class="answer hit"' in shown
    assert "nobody has ruled on it yet" in shown


def test_the_three_answers_are_of_one_form(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    office.give(draft("c", name="Piet Hein"), handling=office.handling(communities=()))
    office.give(draft("s", name="Klaas Bakker"), handling=office.handling(communities=(), hit="silent"))
    client = visit(DE)
    forms = []
    for text, kind in (("Jan Vermeulen", "hit"), ("Piet Hein", "hit_without_content"), ("Klaas Bakker", "no_hit")):
        shown = read(client, ask(client, text))
        band = re.search(r'<section class="answer (\w+)".*?</section>', shown, re.S)
        assert band is not None
        assert band[1] == kind
        forms.append(re.sub(r"[^<>/a-z]", "", "".join(re.findall(r"</?(?:section|p|strong)", band[0]))))
    assert len(set(forms)) == 1
    closed = read(client, ask(client, "Piet Hein"))
    assert "desk@nl-politie.example" in closed
    assert closed.count("Piet Hein") == 2, "the heading and what it was understood as: the question alone"


def test_what_is_hidden_and_what_is_absent_draw_the_same_page(office: Office, visit) -> None:
    office.give(draft("s", name="Klaas Bakker"), handling=office.handling(communities=(), hit="silent"))
    client = visit(DE)
    pages = [read(client, ask(client, text)) for text in ("Klaas Bakker", "Klaas Bekker")]
    assert _plain(pages[0]).replace("Bakker", "Bekker") == _plain(pages[1])


def _plain(shown: str) -> str:
    shown = re.sub(r"[0-9a-f]{64}|[0-9a-f]{32}", "ID", shown)
    shown = re.sub(r'value="[A-Za-z0-9]{64}"', "TOKEN", shown)
    return re.sub(r">\d+ ID<", ">HEAD<", shown)


def test_a_wrong_question_keeps_what_was_typed(office: Office, visit) -> None:
    client = visit(DE)
    answer = client.post("/check/", {"text": "Jan Vermeulen", "birth_date": "31.31.1970"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Jan Vermeulen"' in shown
    assert "31.31.1970" in shown
    assert "The birth date cannot be read." in shown
    assert client.post("/check/", {"text": ""}).status_code == 422


def test_ruling_right_there_and_ruling_again(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    client = visit(DE)
    address = ask(client, "Jan Vermeulen")
    (hit,) = set(re.findall(r"/hits/([0-9a-f]{32})/rule/", read(client, address)))
    for reason, words in (("unsure_too_little", "Unsure"), ("same_context", "Same")):
        ruled = client.post(f"/hits/{hit}/rule/", {"reason": reason, "note": "seen by X"})
        assert ruled["Location"] == f"{address}#hit-{hit}"
        shown = read(client, address)
        assert f"Ruled: {words}." in shown
    assert [n.verdict for n in notices(office.node, office.officer(NL))] == ["same"]
    assert client.post(f"/hits/{hit}/rule/", {"reason": "gossip"}).status_code == 422
    assert f"{hit[:8]}" not in read(client, "/hits/")
    assert client.get(f"/hits/{hit}/")["Location"] == f"{address}#hit-{hit}"


def test_my_checks_are_mine(office: Office, visit) -> None:
    address = ask(visit(DE), "Jan Vermeulen")
    assert address in read(visit(DE), "/check/mine/")
    for other in (visit(DE, "analyst"), visit(FR)):
        shown = read(other, "/check/mine/")
        assert "You have asked nothing yet." in shown
        assert "Vermeulen" not in shown


def test_what_was_withdrawn_is_no_longer_shown(office: Office, visit) -> None:
    given = office.give(draft("k", name="Jan Vermeulen", phone="+31612345678"))
    client = visit(DE)
    address = ask(client, "Jan Vermeulen")
    withdraw(office.node, office.officer(NL), str(given.contribution), "wrong")
    shown = read(client, address)
    assert "No longer shown to you" in shown
    assert "+31612345678" not in shown


def test_the_answer_of_another_authority_is_absent(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    address = ask(visit(DE), "Jan Vermeulen")
    strange, absent = visit(FR).get(address), visit(FR).get("/check/" + "0" * 32 + "/")
    assert (strange.status_code, absent.status_code) == (404, 404)
    assert _plain(strange.content.decode()) == _plain(absent.content.decode())
    for place in ("/hits/{}/", "/feedback/{}/"):
        one, other = (visit(FR).get(place.format(reference)) for reference in (address[7:39], "0" * 32))
        assert (one.status_code, _plain(one.content.decode())) == (404, _plain(other.content.decode()))


@pytest.mark.parametrize("role", ["administrator", "data_protection_officer"])
def test_who_may_not_check_finds_no_such_page(office: Office, visit, role: str) -> None:
    client = visit(DE, role)
    absent = client.get("/no-such-page/")
    for address in ("/check/", "/check/" + "0" * 32 + "/", "/check-list/", "/hits/", "/standing/", "/feedback/"):
        found = client.get(address)
        assert found.status_code == 404
        shown, other = found.content.decode(), absent.content.decode()
        assert _plain(shown.replace(address, "")) == _plain(other.replace("/no-such-page/", ""))


def test_without_purpose_and_case_nothing_is_asked(office: Office, visit) -> None:
    client = visit(DE, grounds=False)
    before = office.ledger_size()
    assert client.post("/check/", {"text": "Jan Vermeulen"}).status_code == 403
    assert office.ledger_size() == before


def test_an_answer_is_kept_as_a_standing_check(office: Office, visit) -> None:
    client = visit(DE)
    address = ask(client, "Jan Vermeulen")
    assert client.post(f"{address}keep/", {"until": "soon"}).status_code == 422
    assert client.post(f"{address}keep/", {"until": UNTIL})["Location"] == address
    (kept,) = standing_checks(office.node, office.officer(DE))
    assert (kept.reference, kept.until) == (address[7:39], UNTIL)
    assert "This question is a standing check." in read(client, address)
    assert client.post(f"{address}keep/", {"until": UNTIL}).status_code == 409


LINES = "name;birth_date\nJan Vermeulen;\nPiet Hein;1970\nNobody Atall;\n=1+1;not a date\n"


def test_a_list_is_answered_in_a_table_and_as_a_file(office: Office, visit) -> None:
    office.give(
        draft("k", name="Jan Vermeulen"), handling=office.handling(conditions=("no_court",), codes=("H0", "H1"))
    )
    office.give(draft("c", name="Piet Hein"), handling=office.handling(communities=()))
    client = visit(DE)
    before = len(office.entries(DE))
    answer = client.post("/check-list/", {"lines": LINES})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert shown.count("/check/") >= 3
    assert "HIT WITHOUT CONTENT" in shown
    assert "The birth date cannot be read." in shown
    assert sum(1 for entry in office.entries(DE) if entry.act == "check") == 3
    assert len(office.entries(DE)) > before
    checks = re.findall(r'name="check" value="([0-9a-f]{32})"', shown)
    file = client.post("/check-list/answers/", {"check": [*checks, "0" * 32]})
    rows = file.content.decode("utf-8-sig").split("\r\n")
    assert [row.split(",")[1] for row in rows[1:-1]] == ["hit", "hit without content", "no hit"]
    assert "H0 H1 no_court" in rows[1]
    assert file["Cache-Control"] == "no-store"
    theirs = visit(FR).post("/check-list/answers/", {"check": checks}).content.decode("utf-8-sig")
    assert theirs.count("\r\n") == 1, "the head alone"


@pytest.mark.parametrize("lines", ["", "x\n" * 501])
def test_a_list_that_is_none_or_too_long_is_refused(office: Office, visit, lines: str) -> None:
    answer = visit(DE).post("/check-list/", {"lines": lines})
    assert answer.status_code == 422


def test_the_switch_is_shown_with_what_was_measured_and_kept_in_the_answer(office: Office, visit) -> None:
    office.give(draft("k", name="Jan Vermeulen"), by=DE)
    client = visit(NL)
    page = client.get("/check/").content.decode()
    assert page.count('type="radio" name="use"') == 3
    assert 'value="usual" checked' in page
    for use in ("usual", "must_not_miss", "must_be_sure"):
        assert f"from a score of {threshold_for(use).threshold:.2f}" in page
        assert f"of 1,000 unknown names, {threshold_for(use).false_hits_per_1000} met somebody" in page
    answer = client.post("/check/", {"text": "Jan Vermeulem", "use": "must_not_miss"}, follow=True).content.decode()
    assert "Must not miss" in answer
    assert "Must be sure" not in answer
    refused = client.post("/check/", {"text": "Jan Vermeulen", "use": "whatever"})
    assert refused.status_code == 422
    refused = client.post("/check/", {"text": "x", "kind": "iban", "use": "must_be_sure"})
    assert 'value="must_be_sure" checked' in refused.content.decode()


def test_a_hit_on_a_name_is_explained_word_by_word(office: Office, visit) -> None:
    office.give(draft("k", name="Vermeulen, Jan", passportNumber="NX1234567"), by=DE)
    page = visit(NL).post("/check/", {"text": "Jan Vermeulem"}, follow=True).content.decode()
    assert page.count("Word by word") == 1
    words = page.split("Word by word")[1].split("</table>")[0]
    assert "<td>vermeulem</td><td>vermeulen</td>" in words
    assert words.count("<svg") == 2
    assert "style=" not in words
    number = visit(NL).post("/check/", {"text": "NX1234567", "kind": "document"}, follow=True).content.decode()
    assert "Word by word" not in number


def test_words_of_very_many_names_are_told_as_such(office: Office, visit) -> None:
    page = visit(NL).post("/check/", {"text": "Shipping Company Ltd"}, follow=True).content.decode()
    assert "identify nobody" in page


def test_a_list_is_asked_for_one_use(office: Office, visit) -> None:
    lines = {"lines": "Jan Vermeulen\nPiet Hein", "use": "must_be_sure"}
    assert visit(NL, "analyst").post("/check-list/", lines).status_code == 200
    entries = [dict(entry.details) for entry in office.entries(NL) if entry.act == "check"]
    assert [each["use"] for each in entries] == ["must_be_sure"] * 2
