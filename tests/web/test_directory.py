"""The directory in the browser: everybody looks up, each authority keeps its own entry, what has aged is marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from personas import DE, FR, NL, ROLES, Office

Visit = Callable[..., Client]
GIVEN = {
    "contact": "desk@new.example",
    "duty_line": "+31 20 0000000",
    "hours": "Mon-Fri 8-18 CET",
    "channel": "secure mail",
    "articles": "UNTOC Art. 18\n\n1988 Convention Art. 7",
    "languages": ["nl", "en"],
}


@pytest.mark.parametrize("role", ROLES)
def test_every_officer_looks_up_every_authority_without_stating_grounds(visit: Visit, role: str) -> None:
    client = visit(FR, role, grounds=False)
    page = client.get("/directory/").content.decode()
    assert [code in page for code in (f"/directory/{NL}/", f"/directory/{DE}/", f"desk@{NL}.example")] == [True] * 3
    entry = client.get(f"/directory/{NL}/")
    assert (entry.status_code, entry.content.decode().count("never confirmed")) == (200, 1)
    assert b"Change this entry" not in entry.content


def test_the_list_is_filtered(visit: Visit) -> None:
    client = visit(FR)
    customs = client.get("/directory/", {"function": "customs"}).content.decode()
    assert f'href="/directory/{FR}/"' in customs
    assert f'href="/directory/{DE}/"' not in customs
    assert f'href="/directory/{DE}/"' in client.get("/directory/", {"state": "DE"}).content.decode()
    nonsense = client.get("/directory/", {"function": "gossip"})
    assert (nonsense.status_code, f'href="/directory/{DE}/"'.encode() in nonsense.content) == (200, True)


def test_absent_and_unknown_look_alike(visit: Visit) -> None:
    client = visit(FR, "analyst")
    unknown = client.get("/directory/xx-none/")
    assert unknown.status_code == 404
    assert [client.post(f"/directory/our/{page}/").status_code for page in ("edit", "confirm")] == [404, 404]


def test_an_entry_is_changed_and_confirmed_by_its_own_authority(office: Office, visit: Visit) -> None:
    client = visit(NL, "liaison_officer", grounds=False)
    assert b"waits to be confirmed" in client.get("/directory/").content
    assert b"Change this entry" in client.get(f"/directory/{NL}/").content
    assert b"Change this entry" not in client.get(f"/directory/{DE}/").content
    changed = client.post("/directory/our/edit/", GIVEN, follow=True)
    page = changed.content.decode()
    assert [each in page for each in ("desk@new.example", "UNTOC Art. 18", "Dutch, English")] == [True] * 3
    assert "never confirmed" in page
    confirmed = client.post("/directory/our/confirm/", follow=True).content.decode()
    assert "never confirmed" not in confirmed
    assert f"{NL}/liaison_officer" in confirmed
    assert "16 Jun 2026" in confirmed
    assert [dict(entry.details)["change"] for entry in office.entries(NL)[:2]] == ["confirmed", "entry"]
    office.clock.move(days=181)
    assert "181 days old" in visit(DE).get(f"/directory/{NL}/").content.decode()


def test_what_was_typed_stays_where_it_cannot_be_kept(office: Office, visit: Visit) -> None:
    client = visit(NL, "administrator", grounds=False)
    before = office.ledger_size()
    for wrong in ({"contact": ""}, {"articles": "a" * 101}, {"languages": []}):
        answer = client.post("/directory/our/edit/", GIVEN | wrong)
        assert (answer.status_code, b"Mon-Fri 8-18 CET" in answer.content) == (422, True)
    assert office.ledger_size() == before
    assert client.get("/directory/our/confirm/").status_code == 405
