"""The duty desk, the figures and the procedures in front of an officer; other nodes in front of an administrator."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from personas import DE, NL, Office
from thread_cases import answer, request

from alidade.services.threads.figures import thread_statistics
from alidade.services.threads.inbox import inbox
from alidade.services.threads.view import Figure
from alidade.web.rooms import exchange_figures

Visit = Callable[..., Client]


def desks(office: Office) -> dict[str, str]:
    """Which thread lies on whose desk."""
    return {line.reference: line.officer for line in inbox(office.node, office.officer(NL), "all").lines}


def test_what_nobody_has_is_taken_and_given_on(office: Office, visit: Visit) -> None:
    first, second = request(office, by=DE, to=NL), request(office, by=DE, to=NL)
    client = visit(NL)
    shown = client.get("/inbox/desk/").content.decode()
    assert first in shown
    assert second in shown
    client.post("/inbox/desk/", {"do": "take", "chosen": [first]})
    assert desks(office) == {first: f"{NL}/case_officer", second: ""}
    client.post("/inbox/desk/", {"do": "assign", "chosen": [first, second], "officer": f"{NL}/analyst"})
    assert set(desks(office).values()) == {f"{NL}/analyst"}
    client.post("/inbox/desk/", {"do": "let_go", "chosen": [first]})
    assert desks(office)[first] == ""


def test_everything_is_handed_over(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    visit(NL).post("/inbox/desk/", {"do": "take", "chosen": [thread]})
    visit(NL).post("/inbox/desk/", {"do": "hand_over", "officer": f"{NL}/liaison_officer"})
    assert desks(office)[thread] == f"{NL}/liaison_officer"


def test_a_colleague_who_is_none_changes_nothing(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    visit(NL).post("/inbox/desk/", {"do": "assign", "chosen": [thread], "officer": f"{DE}/analyst"})
    assert desks(office)[thread] == ""
    assert visit(NL, "analyst").post(f"/threads/{thread}/assign/", {"officer": f"{NL}/analyst"}).status_code == 404


def test_the_figures_hide_what_is_small_and_say_what_is_not(office: Office, visit: Visit) -> None:
    for _ in range(3):
        answer(office, request(office, by=DE, to=NL), by=NL)
    request(office)
    client = visit(NL)
    asked = "procedure=information_request&since=2026-06-01&until=2026-06-30"
    shown = client.get(f"/inbox/performance/?{asked}").content.decode()
    assert "fewer than three" in shown
    assert "100\u202f%" in shown
    table = client.get(f"/inbox/performance/figures.csv?{asked}")
    lines = table.content.decode().splitlines()
    assert lines[0].startswith("procedure,source,since,until,measure")
    assert any(line.endswith(",3,False") for line in lines)
    assert any(line.endswith(",,True") for line in lines)
    assert office.entries(NL)[0].act == "thread_statistics"
    assert client.get("/inbox/performance/?since=never").status_code == 422
    assert visit(NL, "analyst").get("/inbox/performance/").status_code == 404


def test_procedures_are_listed_with_source_and_whether_verified(office: Office, visit: Visit) -> None:
    shown = visit(NL).get("/procedures/").content.decode()
    assert "Directive (EU) 2023/977" in shown
    assert "not verified" in shown
    assert visit(NL, "administrator", grounds=False).get("/procedures/all/").status_code == 200
    assert visit(NL).get("/procedures/all/").status_code == 404


def test_a_procedure_is_written_checked_played_and_taken_in(office: Office, visit: Visit) -> None:
    client = visit(NL, "administrator", grounds=False)
    form = client.get("/procedures/editor/?from=spontaneous_information&version=1").content.decode()
    assert "&quot;version&quot;: 2" in form
    from alidade.services.threads.procedure_files import procedure_file

    text = procedure_file(office.node, office.officer(NL, "administrator"), "spontaneous_information")
    broken = text.replace('"to_state": "noted"', '"to_state": "nowhere"', 1)
    found = client.post("/procedures/look/", {"text": broken}).json()
    assert not found["usable"]
    assert any(each["line"] for each in found["findings"])
    unreadable = client.post("/procedures/editor/", {"text": text[:500], "do": "check"})
    assert unreadable.status_code == 422
    assert "line" in unreadable.content.decode()
    played = client.post("/procedures/editor/", {"text": text, "do": "rehearse"}).content.decode()
    assert "Played through with invented parties" in played
    refused = client.post("/procedures/editor/", {"text": broken, "do": "keep"})
    assert refused.status_code == 422
    assert client.post("/procedures/editor/", {"text": text, "do": "keep"}).status_code == 302
    assert json.loads(text)["version"] == 2
    assert "somebody else must publish it" in client.get("/procedures/all/").content.decode()
    second = visit(DE, "administrator", grounds=False)
    assert "Publish it" in second.get("/procedures/all/").content.decode()
    proposal = {"code": "spontaneous_information", "version": "2", "digest": hashlib.sha256(text.encode()).hexdigest()}
    assert client.post("/procedures/all/", {**proposal, "do": "publish"}).status_code == 409
    assert second.post("/procedures/all/", {**proposal, "do": "publish"}).status_code == 302
    assert client.post("/procedures/editor/", {"text": text.replace(": 2", ": 3", 1), "do": "keep"}).status_code == 302
    assert second.post("/procedures/all/", {**proposal, "version": "3", "do": "withdraw"}).status_code == 302
    client.post("/procedures/all/", {"do": "stop", "code": "spontaneous_information", "version": "2"})
    assert "Offer it again" in client.get("/procedures/all/").content.decode()


def test_other_nodes_are_for_the_administrator_alone(office: Office, visit: Visit) -> None:
    assert visit(NL, "administrator", grounds=False).get("/exchange-status/").status_code == 200
    assert visit(NL).get("/exchange-status/").status_code == 404


def test_a_body_is_called_by_its_name_in_the_figures_as_states_are(
    office: Office, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = (("state_of:requested", "EUROPOL, PT"),)
    figure = Figure(measure="sent", label="Requests sent", split=split, count=5)
    found = thread_statistics(
        office.node, office.officer(NL), "information_request", "2026-06-01", "2026-06-30", language="en"
    )
    found = replace(found, figures=(figure, replace(figure, split=())))
    monkeypatch.setattr(exchange_figures, "thread_statistics", lambda *_args, **_named: found)
    shown = visit(NL).get("/inbox/performance/").content.decode()
    assert "<td>Europol, Portugal</td>" in shown
    assert "EUROPOL" not in shown
