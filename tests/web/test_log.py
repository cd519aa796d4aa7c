"""The log: one line for each request, and nothing in it that anybody typed, asked for or is called."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from personas import NL, Office, draft

from alidade.web.rooms import check

Visit = Callable[..., Client]
SECRETS = ("Xaverius", "Zonderling", "nl-politie", "case_officer", "case-1", "/check", "192.0.2.77", "Mozilla", "quirk")


def lines(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], str]:
    """What was logged, and all that was written."""
    said = capsys.readouterr()
    return [json.loads(line) for line in said.err.splitlines()], said.out + said.err


def test_a_request_that_went_well(office: Office, visit: Visit, capsys: pytest.CaptureFixture[str]) -> None:
    office.give(draft("p", firstName="Xaverius", lastName="Zonderling"))
    client = visit(NL)
    lines(capsys)
    sent = {"text": "Xaverius Zonderling", "kind": "name"}
    answer = client.post("/check/?quirk=Zonderling", sent, REMOTE_ADDR="192.0.2.77", headers={"user-agent": "Mozilla"})
    (line,), whole = lines(capsys)

    assert set(line) == {"at", "request", "method", "page", "status", "ms", "bytes"}
    assert (line["method"], line["page"], line["status"]) == ("POST", "check", answer.status_code)
    assert line["request"] == answer.headers["X-Request-Id"]
    assert not [each for each in SECRETS if each in whole]


def test_a_request_that_failed(
    office: Office, visit: Visit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(request: HttpRequest) -> HttpResponse:
        raise ValueError("Zonderling cannot be read")

    client = visit(NL)
    client.raise_request_exception = False
    monkeypatch.setattr("alidade.web.rooms.grounds.GroundsForm.is_valid", lambda form: breaks(HttpRequest()))
    lines(capsys)
    answer = client.post("/grounds/?quirk=Zonderling", {"case": "Xaverius"}, REMOTE_ADDR="192.0.2.77")
    (line,), whole = lines(capsys)

    assert answer.status_code == 500
    assert "Zonderling" not in answer.content.decode()
    assert line["error"] == "builtins.ValueError"
    assert any(place.startswith("alidade/web/rooms/grounds.py:") for place in line["at_code"])
    assert not [each for each in SECRETS if each in whole]


def test_an_address_that_leads_nowhere_is_not_repeated(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    Client().get("/Zonderling/Xaverius/")
    found, whole = lines(capsys)

    assert found[-1]["page"] is None
    assert not [each for each in SECRETS if each in whole]


def test_a_strange_method_is_not_repeated(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    Client().generic("ZONDERLING", "/help/")
    found, _ = lines(capsys)

    assert found[-1]["method"] == "other"


def test_the_framework_says_nothing_of_its_own(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    lines(capsys)
    for name in ("django.request", "django.security.DisallowedHost", "allauth.account", "fido2"):
        logging.getLogger(name).error("Zonderling")
    Client().get("/help/", headers={"host": "zonderling.example"})

    assert "onderling" not in lines(capsys)[1]


def test_lines_of_what_went_well_can_be_switched_off(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIDADE_LOG", "0")
    Client().get("/help/")

    assert lines(capsys)[0] == []


def test_check_is_a_page_of_this_test() -> None:
    """If the page moves, the tests above would ask for something that is not there."""
    assert any(str(each.pattern) == "check/" for each in check.urlpatterns)
