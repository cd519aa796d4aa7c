"""Measures as pages: read a paper, keep it, say something, verify it, carry it over; each role sees its own."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from personas import DE, NL, Office

from alidade.services.programme.register import papers, read_paper

PAPER = """Brussels, 3 June 2024
10270/24
NOTE
From: Presidency
To: Council
Subject: Progress report on the fight against drug trafficking

Measure 1: Mobilise customs authorities

The Commission and Europol shall report by 31 December 2026. See document 16376/23.

Measure 2: Strengthen law enforcement in ports

Member States seized 120 tonnes of cocaine in 2023.
"""
HEAD = {
    "number": "10270/24",
    "kind": "progress_report",
    "language": "en",
    "title": "Progress report",
    "date": "2024-06-03",
}
MEASURE = {"key": "1", "title": "Mobilise customs"}


def keep(client: Client, **more: str) -> str:
    kept = client.post("/programme/new/", HEAD | more)
    assert kept.status_code == 302, kept.content.decode()
    address = kept["Location"]
    assert client.post(f"{address}measures/new/", MEASURE).status_code == 302
    return str(address)


def policy(visit, who: str = NL) -> Client:
    return visit(who, "policy_officer", grounds=False)


def test_a_paper_is_read_looked_at_and_kept_in_few_steps(office: Office, visit) -> None:
    client = policy(visit)
    assert "No paper is kept yet" in client.get("/programme/").content.decode()
    file = SimpleUploadedFile("paper.txt", PAPER.encode(), "text/plain")
    sent = client.post("/paper/", {"file": file, "language": ""})
    assert sent.status_code == 302, sent.content.decode()
    proposed = client.get(sent["Location"]).content.decode()
    numbers = re.findall(r'name="measure" value="([^"]+)" checked', proposed)
    assert numbers == ["1", "2"]
    assert "Mobilise customs authorities" in proposed
    assert papers(office.node, office.officer(NL, "policy_officer")) == []
    assert client.get(sent["Location"]).status_code == 200
    other = policy(visit, DE).get(sent["Location"])
    assert other.status_code == 404
    kept = client.post(sent["Location"], {"measure": ["2"], "number": "10270/24", "title-2": "Ports"})
    assert kept.status_code == 302
    reference = kept["Location"].split("/")[-2]
    paper = read_paper(office.node, office.officer(NL, "policy_officer"), reference).kept.body
    assert [(m.key, m.title) for m in paper.measures] == [("2", {"en": "Ports"})]
    assert (paper.accepted, paper.changed, paper.refused) == (0, 1, 1)
    assert client.get(sent["Location"]).status_code == 404  # the draft went with being accepted


def test_a_file_that_is_no_paper_is_refused_in_words(office: Office, visit) -> None:
    file = SimpleUploadedFile("paper.pdf", b"%PDF-1.7 broken", "application/pdf")
    refused = policy(visit).post("/paper/", {"file": file})
    assert refused.status_code == 422
    assert "Traceback" not in refused.content.decode()
    assert "paper.pdf" not in refused.content.decode()


def test_something_is_said_verified_by_another_and_taken_back(office: Office, visit) -> None:
    mine, theirs = policy(visit), policy(visit, DE)
    address = keep(mine)
    place = f"{address}measures/1/"
    assert "Status not known" in theirs.get(place).content.decode()
    wrong = mine.post(place, {"kind": "result", "value": "5", "unit": "ports", "text": "Five ports"})
    assert wrong.status_code == 422
    assert "figure without a source" in wrong.content.decode()
    assert "Five ports" in wrong.content.decode()
    assert mine.post(place, {"kind": "status", "status": "done", "day": "2026-05-01"}).status_code == 302
    shown = theirs.get(place).content.decode()
    assert "no evidence" in shown
    (rule,) = set(re.findall(r'action="([^"]+/rule/)"', shown))
    assert 'rule/"' not in mine.get(place).content.decode()  # nobody verifies what he said himself
    theirs.post(rule, {"ruling": "contested"})
    assert "needs a reason" in theirs.get(place).content.decode()
    theirs.post(rule, {"ruling": "confirmed"})
    assert "confirmed by another" in mine.get(place).content.decode()
    (back,) = set(re.findall(r'action="([^"]+/back/)"', mine.get(place).content.decode()))
    assert theirs.post(back).status_code == 404
    assert mine.post(back).status_code == 302
    assert "Status not known" in mine.get(place).content.decode()


def test_measures_are_changed_by_the_keeper_and_carried_over(office: Office, visit) -> None:
    mine, theirs = policy(visit), policy(visit, DE)
    old, new = keep(mine), keep(mine, number="16293/24", title="Next report")
    change = f"{old}measures/1/change/"
    assert theirs.get(change).status_code == 404
    assert mine.post(change, MEASURE | {"title": "Mobilise customs now", "version": "2"}).status_code == 302
    stale = mine.post(change, MEASURE | {"title": "Too late", "version": "2"})
    assert (stale.status_code, "Too late" in stale.content.decode()) == (422, True)
    assert "Mobilise customs now" in theirs.get(f"{old}measures/1/").content.decode()
    carry = f"{old}carry/{new.split('/')[-2]}/"
    assert theirs.get(carry).status_code == 404
    assert mine.post(carry, {"into-1": ["1"], "how-1": "continued", "version": "2"}).status_code == 302
    assert "10270/24, 1" in mine.get(f"{new}measures/1/").content.decode()
    assert "16293/24, 1" in mine.get(f"{old}measures/1/").content.decode()


def test_only_those_whose_role_lists_it_are_let_in(office: Office, visit) -> None:
    address = keep(policy(visit))
    reader = visit(NL, "analyst")
    assert reader.get(address).status_code == 200
    assert reader.get("/paper/").status_code == 404
    assert reader.post(f"{address}measures/1/", {"kind": "status", "status": "done"}).status_code == 404
    assert visit(NL, "front_line_officer").get(address).status_code == 404
    absent = policy(visit, DE).get(f"/programme/{'0' * 32}/")
    assert absent.status_code == 404
