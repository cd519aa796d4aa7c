"""The question page: built by its buttons without script, asked, kept, shared, made standing; absent for others."""

from __future__ import annotations

import html
from typing import Any

from personas import DE, NL, VE, Office
from question_cases import give_ports

from alidade.services import jobs
from alidade.services.picture import questions


def build(client: Any, ids: dict[str, str], **more: str) -> Any:
    """Send the form of the example."""
    fields = {
        "things": "Vessel", "q.match": "all", "q.0.kind": "seen", "q.0.at_least": "2", "q.0.near": "yes",
        "q.0.days": "30", "q.0.side": "either", "q.0.at": "anywhere", "q.0.events": "Seizure", "q.0.n.match": "all",
        "q.0.named": [ids["rotterdam"], ids["antwerp"], ids["lisbon"]], "q.0.n.0.kind": "tied",
        "q.0.n.0.ties": "seized", "q.0.n.0.things": "Substance", "q.0.n.0.at_least": "1", "q.0.n.0.w.match": "all",
        "q.0.n.0.w.0.kind": "said", "q.0.n.0.w.0.property": "name", "q.0.n.0.w.0.how": "is",
        "q.0.n.0.w.0.value": "cocaine",
    } | more  # fmt: skip
    return client.post("/question/", fields)


def test_a_question_is_built_by_clicking_and_answered(office: Office, visit: Any) -> None:
    ids = give_ports(office)
    client = visit(NL, "analyst")
    assert "Add places near an event" in client.get("/question/").content.decode()
    added = client.post("/question/", {"things": "Vessel", "q.match": "all", "do": "add q seen-near"}).content.decode()
    assert 'name="q.0.days" value="30"' in added
    found = build(client, ids, **{"do": "find q.0", "q.0.named": "", "q.0.find": "Rotterdam"}).content.decode()
    assert f'value="{ids["rotterdam"]}"' in found
    gone = build(client, ids, do="remove q.0").content.decode()
    assert "q.0.kind" not in gone
    answer = build(client, ids, do="ask").content.decode()
    assert "Alba" in answer
    assert "Bora" in answer
    assert "Cora" not in answer
    assert "it was seen in at least 2 of these places: Rotterdam, Antwerp, Lisbon" in answer
    nothing = build(visit(VE, "analyst"), ids, do="ask").content.decode()
    assert "Nothing that you may see fulfils the question" in nothing
    assert "Rotterdam" not in nothing
    wrong = client.post("/question/", {"things": "Vessel", "q.match": "all", "q.0.kind": "said", "do": "ask"})
    assert wrong.status_code == 422
    assert "lacks its value" in wrong.content.decode()


def test_kept_shared_standing_withdrawn(office: Office, visit: Any) -> None:
    ids = give_ports(office)
    client = visit(NL, "analyst")
    address = build(client, ids, do="keep", title="Two ports")["Location"]
    assert client.get(address).status_code == 200
    assert visit(DE, "analyst").get(address).status_code == 404
    made = client.post(f"{address}standing/", {"until": "2026-12-31"})
    told = client.get(made["Location"]).content.decode()
    assert "Alba" in told
    assert client.post(made["Location"]).status_code == 302
    assert "Share a question" in client.get(f"{address}share/").content.decode()
    client.post(f"{address}withdraw/")
    assert client.get(address).status_code == 404
    client.post(f"{address}withdraw/", {"do": "back"})
    assert client.get(address).status_code == 200


def test_long_work_shows_how_far_it_is_and_then_its_answer(office: Office, visit: Any, monkeypatch: Any) -> None:
    ids = give_ports(office)
    monkeypatch.setattr(questions, "MOST_AT_ONCE", 1)
    client = visit(NL, "analyst")
    address = build(client, ids, do="ask")["Location"]
    assert "data-poll" in client.get(address).content.decode()
    assert jobs.run_next(office.node)
    page = client.get(address).content.decode()
    assert "data-done" in page
    assert "Alba" in page
    assert visit(NL).get(address).status_code == 404


def test_the_answer_opens_as_a_chart_and_goes_out_as_a_table(office: Office, visit: Any) -> None:
    ids = give_ports(office)
    client = visit(NL, "analyst")
    answer = build(client, ids, do="ask").content.decode()
    state = html.unescape(answer.split('name="state" value="')[1].split('"')[0])
    chart = client.post("/question/chart/", {"state": state})
    assert "Alba" in chart.content.decode()
    out = client.post("/picture/chart/export/", {"state": state, "form": "csv", "title": "Two ports"})
    assert "Alba" in out.content.decode()
    assert out["Content-Type"].startswith("text/csv")
