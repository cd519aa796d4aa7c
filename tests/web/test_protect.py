"""Protect: ledger, queries, second look and erasures as pages; who may not enter finds nothing there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from personas import DE, NL, Office, draft

from alidade.ledger.bundle import verify_bundle
from alidade.ledger.head import from_json
from alidade.services.ledger import newest_head
from alidade.services.second_look import second_looks

Visit = Callable[..., Client]
DPO = "data_protection_officer"
PAGES = {
    "/protect/": (DPO, "administrator"),
    "/protect/entries/": (DPO,),
    "/queries/": (DPO,),
    "/queries/list/": (DPO,),
    "/queries/facts/": (DPO,),
    "/second-look/": (DPO,),
    "/second-look/asked/": ("case_officer", "analyst"),
    "/erasures/": (DPO, "case_officer"),
    "/person-export/": (DPO,),
    "/person-export/letter/": (DPO,),
}


def plain(answer: HttpResponse, address: str) -> str:
    """The page without the token of its forms and without its own address, which both differ each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode().replace(address, ""))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_absent_for_every_role_that_does_not_list_it(office: Office, visit: Visit, address: str) -> None:
    for role in ("front_line_officer", "analyst", "case_officer", DPO, "administrator"):
        client = visit(NL, role)
        answer = client.get(address)
        listed = role in PAGES[address] or (address == "/second-look/asked/" and role == "front_line_officer")
        assert answer.status_code == (200 if listed else 404), role
        if not listed:
            # The rail marks the room in which the address lies, for whoever may enter the room; all else is the same.
            nowhere = client.get("/nowhere/")
            assert answer.content.partition(b"<section")[2] == nowhere.content.partition(b"<section")[2]


def test_an_administrator_verifies_and_sees_no_content(office: Office, visit: Visit) -> None:
    office.ask(NL, "Jan Vermeulen")
    client = visit(NL, "administrator", grounds=False)
    page = client.get("/protect/")
    assert b"Read our entries" not in page.content
    verified = client.post("/protect/verify/")
    assert verified.status_code == 200
    assert b"The ledger is whole." in verified.content
    assert office.newest_entry() == ("ledger_verify", "allowed")
    for address in ("/protect/file/", "/protect/entries/", "/protect/entries/file/", "/queries/narrow/"):
        assert client.post(address).status_code == 404


def test_the_head_is_shown_and_saved_and_verified_against(office: Office, visit: Visit) -> None:
    client = visit(NL, DPO)
    saved = client.post("/protect/head/", {"file": "1"})
    assert saved["Content-Disposition"] == 'attachment; filename="ledger-head.json"'
    head = from_json(saved.content)
    shown = client.post("/protect/head/")
    assert b"head-text" in shown.content
    good = client.post("/protect/verify/", {"head": saved.content.decode()})
    assert b"The ledger is whole." in good.content
    wrong = saved.content.replace(head.root.hex().encode(), b"00" * 32)
    bad = client.post("/protect/verify/", {"head": wrong.decode()})
    assert b"The ledger is damaged" in bad.content
    none = client.post("/protect/verify/", {"head": "no head at all"})
    assert none.status_code == 422
    assert b"no head at all" in none.content


def test_entries_are_filtered_by_a_form_and_never_in_the_address(office: Office, visit: Visit) -> None:
    office.ask(NL, "Jan Vermeulen")
    office.ask(DE, "Jan Vermeulen")
    client = visit(NL, DPO)
    page = client.get("/protect/entries/")
    assert b"seen on the spot" in page.content
    assert f"{DE}/case_officer".encode() not in page.content
    assert b"Vermeulen" not in page.content
    answer = client.post("/protect/entries/", {"act": "check", "officer": f"{NL}/case_officer"})
    assert answer.status_code == 302
    assert answer["Location"] == "/protect/entries/"
    before = office.ledger_size()
    assert client.get("/protect/entries/").content.count(b"<tr") == 2
    assert office.ledger_size() == before + 1
    assert office.newest_entry() == ("ledger_read", "allowed")
    client.post("/protect/entries/", {"since": "2026-06-17", "until": "2026-06-16"})
    assert client.get("/protect/entries/").status_code == 422


def test_the_file_for_a_reviewer_verifies(office: Office, visit: Visit) -> None:
    office.ask(NL, "Jan Vermeulen")
    client = visit(NL, DPO)
    carried = newest_head(office.node)
    saved = client.post("/protect/entries/file/", {})
    assert verify_bundle(saved.content.splitlines(keepends=True), remembered=carried).sound
    assert client.post("/protect/entries/file/", {"head": "{}"}).status_code == 422
    assert client.post("/protect/entries/file/", {"since": "soon"}).status_code == 422
    assert client.get("/protect/entries/file/").status_code == 405


def test_counts_narrow_to_checks_and_one_question_is_opened_for_a_reason(office: Office, visit: Visit) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    answer = office.ask(NL, "Jan Vermeulen")
    foreign = office.ask(DE, "Jan Vermeulen")
    client = visit(NL, DPO)
    for by in ("officer", "purpose", "legal_ground", "day", "week", "kind", "nonsense"):
        page = client.get(f"/queries/?by={by}")
        assert page.status_code == 200
        assert b"Vermeulen" not in page.content
    assert f"{NL}/case_officer".encode() in client.get("/queries/").content
    narrowed = client.post("/queries/narrow/", {"by": "officer", "key": f"{NL}/case_officer"})
    assert narrowed["Location"] == "/queries/list/"
    listed = client.get("/queries/list/")
    assert answer.check.encode() in listed.content
    assert foreign.check.encode() not in listed.content
    address = f"/queries/{answer.check}/"
    assert b"Vermeulen" not in client.get(address).content
    assert client.post(address, {"reason": "curiosity"}).status_code == 422
    opened = client.post(address, {"reason": "lawfulness"})
    assert b"Vermeulen" in opened.content
    assert office.newest_entry() == ("ledger_read", "allowed")
    absent = [client.post(f"/queries/{one}/", {"reason": "lawfulness"}) for one in (foreign.check, "f" * 32)]
    assert [one.status_code for one in absent] == [404, 404]
    assert plain(absent[0], foreign.check) == plain(absent[1], "f" * 32)


def test_a_wrong_filter_is_shown_at_the_form(office: Office, visit: Visit) -> None:
    client = visit(NL, DPO)
    assert client.post("/queries/", {"opens": "99", "officer": "kept text"}).status_code == 422
    assert b"kept text" in client.post("/queries/", {"opens": "99", "officer": "kept text"}).content
    client.post("/queries/", {"zone": "Mars/Olympus"})
    assert client.get("/queries/").status_code == 422
    assert client.get("/queries/facts/").status_code == 422


def test_facts_name_no_question(office: Office, visit: Visit) -> None:
    for _ in range(12):
        office.ask(NL, "Jan Vermeulen")
    page = visit(NL, DPO).get("/queries/facts/")
    assert b"The same question was asked 12 times." in page.content
    assert b"12 of 12 checks had no hit." in page.content
    assert b"Vermeulen" not in page.content


def test_a_draw_a_finding_and_an_explanation(office: Office, visit: Visit) -> None:
    office.ask(NL, "Jan Vermeulen")
    client = visit(NL, DPO)
    period = {"since": "2026-06-16", "until": "2026-06-16"}
    assert client.post("/second-look/", period).status_code == 422
    assert client.post("/second-look/", period | {"share": "2"}).status_code == 302
    assert b"Checks drawn: 1." in client.get("/second-look/").content
    again = client.post("/second-look/", period | {"size": "1"})
    assert again.status_code == 422
    assert b"could still be drawn" in again.content
    (drawn,) = second_looks(office.node, office.officer(NL, DPO)).drawn
    address = f"/second-look/{drawn.reference}/"
    assert b"Vermeulen" in client.get(address).content
    kept = client.post(address, {"finding": "to_explain", "note": ""})
    assert kept.status_code == 422
    assert client.post(address, {"finding": "to_explain", "note": "Which case?"}).status_code == 302
    officer = visit(NL)
    assert b"Which case?" in officer.get("/second-look/asked/").content
    assert b"Which case?" not in visit(NL, "analyst").get("/second-look/asked/").content
    said = {"reference": drawn.reference, "text": "A bill of lading."}
    assert visit(NL, "analyst").post("/second-look/asked/", said).status_code == 404
    assert officer.post("/second-look/asked/", said).status_code == 302
    assert b"A bill of lading." in client.get(address).content
    assert visit(DE, DPO).get(address).status_code == 404


def test_a_record_is_erased_after_the_page_has_said_what_it_does(office: Office, visit: Visit) -> None:
    record = office.give(draft("1", name="Jan Vermeulen", alias="De Kapitein")).records["1"]
    client = visit(NL, DPO)
    assert client.post("/erasures/", {"reference": "no reference"}).status_code == 422
    sent = client.post("/erasures/", {"reference": record.upper(), "what": "record"})
    assert sent["Location"] == f"/erasures/record/{record}/"
    plan = client.get(f"/erasures/record/{record}/")
    assert plan.status_code == 200
    assert b"Vermeulen" not in plan.content
    assert client.post(f"/erasures/record/{record}/", {"reason": "whim"}).status_code == 422
    assert client.post(f"/erasures/record/{record}/?only=alias", {"reason": "unlawful"}).status_code == 302
    assert b"Kapitein" not in office.files()
    assert office.ask(NL, "Jan Vermeulen").kind == "hit"
    assert client.post(f"/erasures/record/{record}/", {"reason": "unlawful"}).status_code == 302
    assert office.ask(NL, "Jan Vermeulen").kind == "no_hit"
    assert b"Unlawfully processed" in client.get("/erasures/").content
    other = visit(DE, DPO)
    absent = [plain(other.get(f"/erasures/record/{one}/"), one) for one in (record, "f" * 32)]
    assert absent[0] == absent[1]


def test_a_question_is_erased(office: Office, visit: Visit) -> None:
    answer = office.ask(NL, "Jan Vermeulen")
    client = visit(NL, DPO)
    address = f"/erasures/check/{answer.check}/"
    assert b"sealed" in client.get(address).content
    assert client.post(address, {"reason": "unlawful"}).status_code == 302
    assert b"erased already" in client.get(address).content
    assert visit(DE, DPO).get(address).status_code == 404
