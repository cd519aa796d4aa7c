"""The pages of map, timeline and countries: each sees what he may see, works without script, and takes it out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from map_cases import route
from personas import DE, FR, NL, Office

from alidade.formats.map_svg import outlines

Visit = Callable[..., Client]
PAGES = ("/picture/map/", "/picture/timeline/", "/picture/matrix/")


@pytest.fixture
def named(office: Office) -> dict[str, str]:
    return route(office)


def test_a_map_with_its_tables_its_figure_and_its_script(named: dict[str, str], visit: Visit) -> None:
    page = visit(FR).get("/picture/map/")

    text = page.content.decode()
    assert page.status_code == 200
    assert "Boundaries are indicative" in text
    assert "<svg" in text.split('id="map-figure"')[1]
    assert f'href="/entity/{named["Rotterdam"]}/"' in text
    found = re.search(r'<script id="map-content" type="application/json">(.*?)</script>', text, re.S)
    assert found is not None
    content = json.loads(found[1])
    assert {mark["label"] for mark in content["marks"]} >= {"Rotterdam", "Seizure of 310 kg"}
    assert len(content["legs"]) == 2
    assert " style=" not in text
    assert "Hidden" not in text
    assert "Hidden Harbour" in visit(DE).get("/picture/map/").content.decode()


def test_a_timeline_leads_to_the_pages_of_its_entries(named: dict[str, str], visit: Visit) -> None:
    page = visit(NL).get("/picture/timeline/", {"record": named["Voyage two"], "kind": "movement"})

    text = page.content.decode()
    assert "Around one record" in text
    assert "Voyage two" in text.split("<figure")[1]
    assert f'href="/entity/{named["Voyage two"]}/"' in text


def test_countries_and_what_is_behind_a_figure(named: dict[str, str], visit: Visit) -> None:
    client = visit(NL)
    assert "The ties behind this figure" not in client.get("/picture/matrix/").content.decode()

    text = client.get("/picture/matrix/", {"from": "NL", "to": "EC", "order": "name"}).content.decode()

    assert "Netherlands → Ecuador" in text
    assert f'href="/entity/{named["Ada Lindqvist"]}/"' in text.split('id="behind"')[1]


@pytest.mark.parametrize("address", PAGES)
def test_absent_and_hidden_records_look_alike(named: dict[str, str], visit: Visit, address: str) -> None:
    def seen(record: str) -> str:
        text = visit(NL).get(address, {"record": record}).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text).replace(record, "REFERENCE")

    assert seen(named["Hidden Harbour"]) == seen("0" * 32)


@pytest.mark.parametrize("address", PAGES)
def test_a_wrong_date_is_told_and_kept(office: Office, visit: Visit, address: str) -> None:
    page = visit(NL).get(address, {"since": "tomorrow"})

    assert page.status_code == 422
    assert b"A date is not written as a day" in page.content
    assert b'value="tomorrow"' in page.content


@pytest.mark.parametrize("address", PAGES)
def test_who_may_not_look_finds_nothing(office: Office, visit: Visit, address: str) -> None:
    assert visit(NL, "front_line_officer").get(address).status_code == 404


def test_taking_out_and_being_refused(named: dict[str, str], visit: Visit, office: Office) -> None:
    client = visit(NL)

    made = client.post("/picture/take-out/map/", {"ask": "{}", "form": "geojson"})
    assert made["Content-Type"] == "application/geo+json"
    assert "Rotterdam" in made.content.decode()
    assert office.entries(NL)[0].act == "export"
    assert client.post("/picture/take-out/matrix/", {"ask": "{}", "form": "geojson"}).status_code == 422
    assert client.post("/picture/take-out/other/", {"ask": "{}", "form": "csv"}).status_code == 404


def test_the_outlines_of_pages_and_files_are_the_same() -> None:
    import alidade.web

    served = (Path(alidade.web.__file__).parent / "static/web/map/outlines.svg").read_text()
    assert outlines() in served
