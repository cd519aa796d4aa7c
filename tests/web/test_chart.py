"""The pages of the link chart: begun, drawn, opened, kept, shared and taken out; each sees what he may see."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from chart_cases import Scene, scene
from django.test import Client
from personas import DE, FR, NL, Office

Visit = Callable[..., Client]


@pytest.fixture
def seen(office: Office) -> Scene:
    return scene(office)


def _given(content: bytes, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', content.decode(), re.S)
    assert found is not None
    return json.loads(found[1])


def _post(client: Client, address: str, body: object) -> Any:
    return client.post(
        address, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"}
    )


def test_a_chart_from_nothing_to_a_reader_elsewhere(seen: Scene, visit: Visit) -> None:
    ours, theirs = visit(DE), visit(FR)

    # Begun from a name, by post: nothing personal stands in an address.
    found = ours.post("/picture/", {"text": "Bo Verhoeven"})
    assert found.status_code == 200
    bo = re.search(rb'name="record" value="([0-9a-f]{32})"', found.content)
    assert bo is not None

    page = ours.get("/picture/", {"record": bo[1].decode()})
    chart = _given(page.content, "chart")
    assert {each["label"] for each in chart["things"]} == {"Ada Lindqvist", "Bo Verhoeven", "Villa Serena"}
    assert b"Villa Serena" in page.content.split(b'id="chart-tables"')[1].split(b"application/json")[0]

    # Opened further.
    state = chart["state"] | {"opened": [{"record": seen["ada"]}]}
    drawn = _post(ours, "/picture/chart/draw/", state).json()
    assert "Noordzee Fruit BV" in {each["label"] for each in drawn["things"]}
    openings = _post(ours, "/picture/chart/openings/", {"record": bo[1].decode()}).json()["openings"]
    assert {each["kind"]: each["count"] for each in openings} == {"Associate": 1, "Ownership": 1}
    ways = _post(ours, "/picture/chart/ways/", {"start": seen["villa"], "end": seen["firm"]}).json()
    assert len(ways["ways"][0]["ties"]) == 3

    # Kept, shared, and opened by another authority: what he may not see leaves no trace.
    kept = _post(ours, "/picture/chart/keep/", {"state": drawn["state"], "title": "Around Bo"}).json()
    assert theirs.get(kept["address"]).status_code == 404
    form = ours.get(kept["share"])
    sent = {"h-communities": ["all"], "h-hit": "visible", "h-classification": "BPL", "h-content": "personal",
            "h-purposes": ["18.2.a"], "h-codes": []}  # fmt: skip
    assert form.status_code == 200
    assert ours.post(kept["share"], sent).status_code == 422
    assert ours.post(kept["share"], sent | {"h-subject_category": "suspect_or_convicted"}).status_code == 302
    read = theirs.get(kept["address"])
    assert read.status_code == 200
    assert {each["label"] for each in _given(read.content, "chart")["things"]} == {
        "Ada Lindqvist", "Bo Verhoeven", "Noordzee Fruit BV",
    }  # fmt: skip
    assert b"Villa" not in read.content
    assert seen["villa"].encode() not in read.content
    assert b"/share/" not in read.content

    # Another version, and the first one again.
    state["depth"] = 2
    again = {"state": state, "title": "Around Bo", "piece": kept["piece"], "version": 1}
    assert _post(ours, "/picture/chart/keep/", again).json()["version"] == 2
    stale = _post(ours, "/picture/chart/keep/", again)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert ours.post(kept["versions"], {"version": "1", "newest": "2"}).status_code == 302
    assert b">3<" in ours.get(kept["versions"]).content

    # Taken out.
    file = ours.post("/picture/chart/export/", {"state": json.dumps(chart["state"]), "form": "graphml"})
    assert file["Content-Disposition"] == 'attachment; filename="alidade-chart.graphml"'
    assert b"Villa Serena" in file.content
    kept_file = ours.post("/picture/chart/export/", {"state": "", "piece": kept["piece"], "form": "graphml"})
    assert b"Villa Serena" in kept_file.content
    foreign = theirs.post("/picture/chart/export/", {"state": "", "piece": kept["piece"], "form": "graphml"})
    assert b"Villa" not in foreign.content
    assert f'name="piece" value="{kept["piece"]}"'.encode() in ours.get(kept["address"]).content
    terms = _post(ours, "/picture/chart/drawing/", chart["state"]).json()
    assert len(terms["things"]) == 3

    # Withdrawn, and brought back.
    assert ours.post(f"/picture/chart/{kept['piece']}/withdraw/").status_code == 302
    assert theirs.get(kept["address"]).status_code == 404
    assert b"bring-back" in ours.get("/picture/").content
    assert ours.post(f"/picture/chart/{kept['piece']}/bring-back/").status_code == 302
    assert theirs.get(kept["address"]).status_code == 200


def test_absent_and_forbidden_are_the_same_page(seen: Scene, visit: Visit) -> None:
    client = visit(FR)

    pages = [client.get("/picture/", {"record": each}) for each in (seen["villa"], "0" * 32)]
    told = [_post(client, "/picture/chart/openings/", {"record": each}) for each in (seen["villa"], "0" * 32)]

    assert [page.status_code for page in pages] == [404, 404]
    assert len({re.sub(rb'value="[^"]{20,}"', b"", page.content) for page in pages}) == 1
    assert told[0].content == told[1].content


def test_a_role_without_the_act_finds_nothing_here(seen: Scene, visit: Visit) -> None:
    client = visit(NL, "front_line_officer")

    assert client.get("/picture/").status_code == 404
    assert _post(client, "/picture/chart/draw/", {}).status_code == 404


def test_what_cannot_be_read_is_told_without_its_value(seen: Scene, visit: Visit) -> None:
    client = visit(NL)

    wrong = _post(client, "/picture/chart/draw/", {"starts": [{"record": "Ada Lindqvist"}]})
    titleless = _post(client, "/picture/chart/keep/", {"state": {}, "title": " "})
    refused = client.post(
        "/picture/chart/export/", {"state": json.dumps({"everything": True}), "form": "docx"},
        headers={"Accept": "application/json"},
    )  # fmt: skip

    assert wrong.status_code == 422
    assert "Ada" not in wrong.json()["told"]
    assert titleless.status_code == 422
    assert refused.status_code == 422
    assert client.post("/picture/", {"text": ""}).status_code == 422
