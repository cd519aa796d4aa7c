"""Problems: every error has one form, says what to do, and repeats nothing that was sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from callers import PREFIX, Caller, Callers
from django.http import HttpResponse
from django.test import Client
from personas import DE, NL, Office, draft, words

from alidade.api import checks
from alidade.api.guard import LONGEST_BODY
from alidade.api.problems import OWN, TITLES, Problem
from alidade.services import serving
from alidade.services.node import Node

SECRET = "Zyxwvut"


def _problem(answer: HttpResponse, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.content)
    Problem.model_validate(said)
    assert (said["status"], said["code"], said["type"]) == (status, code, f"/api/v1/problems/{code}")
    assert said["title"] == TITLES[status]
    assert SECRET not in answer.content.decode()
    return said


def _raw(caller: Caller, path: str, content: bytes, kind: str = "application/json", **more: str) -> HttpResponse:
    answer: HttpResponse = Client().generic(
        "POST", PREFIX + path, content, content_type=kind, headers={"Authorization": f"Bearer {caller.secret}"} | more
    )
    return answer


@pytest.mark.parametrize(
    "path", ["/nothing", "/", "", "/api/", "/api/v2/checks", "/records/x/y/z", "/docs", "/problems/not_found", "/%00"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
def test_an_unknown_address_is_a_problem(callers: Callers, path: str, method: str) -> None:
    _problem(callers(NL)(method, path, {} if method in ("POST", "PATCH") else None), 404, "not_found")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "TRACE", "HEAD"])
def test_a_method_that_is_not_taken_is_a_problem(callers: Callers, method: str) -> None:
    answer = callers(NL)(method, "/checks", {} if method == "PUT" else None)

    assert answer.headers["Allow"] == "POST"
    if method != "HEAD":
        _problem(answer, 405, "method")


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=latin-1", "application/x-json", ""])
def test_only_json_in_utf_8_is_taken(callers: Callers, kind: str) -> None:
    _problem(_raw(callers(NL), "/checks", b'{"text": "Zyxwvut"}', kind), 415, "body_type")


def test_a_compressed_body_is_not_taken(callers: Callers) -> None:
    _problem(_raw(callers(NL), "/checks", b"{}", **{"Content-Encoding": "gzip"}), 415, "body_type")


@pytest.mark.parametrize(
    "content",
    [
        b"{Zyxwvut",
        b"\xff\xfe",
        b'{"text": "Zyxwvut\\ud800"}',
        b'{"text": "Zyxwvut\\u0000"}',
        b'{"Zyxwvut\\u0007": 1}',
        b'{"text": NaN}',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
)
def test_a_body_that_is_no_json_text_is_a_problem(callers: Callers, content: bytes) -> None:
    _problem(_raw(callers(NL), "/checks", content), 400, "body_unreadable")


def test_a_body_that_is_too_long_is_refused_before_it_is_read(callers: Callers) -> None:
    _problem(_raw(callers(NL), "/checks", b" " * (LONGEST_BODY + 1)), 413, "body_long")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.text"),
        ({"text": 7}, "body.text"),
        ({"text": SECRET, "kind": 5}, "body.kind"),
        ({"text": SECRET, SECRET: SECRET}, "body.*"),
        ({"text": SECRET * 100}, "body.text"),
        ({"text": SECRET, "nationality": SECRET}, "body.nationality"),
        ([SECRET], "body"),
        (SECRET, "body"),
        (None, "body"),
    ],
)
def test_what_does_not_fit_names_the_field_and_never_the_value(callers: Callers, body: object, field: str) -> None:
    said = _problem(_raw(callers(NL), "/checks", json.dumps(body).encode()), 422, "invalid")

    assert [one["field"] for one in said["errors"]] == [field]


def test_names_that_the_sender_made_up_are_not_repeated(callers: Callers) -> None:
    body = {
        "title": "x",
        "handling": {},
        "other_handlings": {SECRET: {SECRET: SECRET}, "fine": {"hit": SECRET}},
        "records": [{"key": "1", "thing": "Person", "claims": [{"property": "name", "value": ""}]}],
    }
    said = _problem(callers(NL)("POST", "/contributions", body), 422, "invalid")

    fields = {one["field"] for one in said["errors"]}
    assert "body.other_handlings.*.hit" in fields
    assert "body.records.0.claims.0.value" in fields


@pytest.mark.parametrize(
    "path", ["/records/Zyxwvut", "/records/ABCDEF", f"/records/{'a' * 31}", f"/records/{'a' * 33}"]
)
def test_what_is_no_reference_is_said_to_be_none(callers: Callers, path: str) -> None:
    said = _problem(callers(NL)("GET", path), 422, "invalid")

    assert said["errors"][0]["field"] == "path.reference"


@pytest.mark.parametrize("path", ["/records?q=Zyxwvut", "/notices?Zyxwvut=1", "/hits?newest=3", "/openapi.json?x=1"])
def test_what_does_not_belong_in_an_address_is_refused(callers: Callers, path: str) -> None:
    _problem(callers(NL)("GET", path), 422, "invalid")


def test_a_question_that_cannot_be_read_is_a_problem_of_the_use_case(callers: Callers) -> None:
    _problem(callers(NL)("POST", "/checks", {"text": "..."}), 422, "question_wrong")


def test_an_error_that_nobody_foresaw_says_nothing(callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = callers(NL)
    caller._client.raise_request_exception = False
    for error in (RuntimeError(SECRET), KeyError(SECRET)):

        def fail(*_: object, broken: Exception = error, **__: object) -> None:
            raise broken

        monkeypatch.setattr(checks.requests, "check_once", fail)
        _problem(caller("POST", "/checks", {"text": SECRET}), 500, "error")


def test_the_framework_is_told_of_an_error_that_nobody_foresaw(
    callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("known to the server alone")

    monkeypatch.setattr(checks.requests, "check_once", fail)
    with pytest.raises(RuntimeError):
        callers(NL)("POST", "/checks", {"text": "Ann"})


def test_a_node_that_has_stopped_says_so(callers: Callers, office: Office) -> None:
    caller = callers(NL)
    assert caller("GET", "/records").status_code == 200
    office.store.stopped = True

    _problem(caller("GET", "/records"), 503, "damaged")


def test_a_node_that_has_not_begun_says_so(tmp_path: Path) -> None:
    node = Node.open(tmp_path / "empty", vocabulary=words())
    serving.serve(node)
    try:
        _problem(Caller(None)("GET", "/records"), 503, "not_begun")
    finally:
        serving.serve(None)
        node.close()


def test_more_than_is_permitted_says_when_to_try_again(callers: Callers, office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    caller = callers(NL)
    for _ in range(5):
        assert caller("GET", "/export").status_code == 200
    answer = caller("GET", "/export")

    _problem(answer, 429, "too_many")
    assert answer.headers["Retry-After"] == "720"
    assert callers(DE)("GET", "/export").status_code == 200
    office.clock.move(hours=720 / 3600)
    assert caller("GET", "/export").status_code == 200


def test_questions_of_a_list_count_one_by_one(callers: Callers) -> None:
    caller = callers(NL)
    fifty = {"questions": [{"text": "Jan Vermeulen"}] * 50}

    assert caller("POST", "/checks/batch", fifty).status_code == 200
    assert caller("POST", "/checks/batch", fifty).headers["Retry-After"] == "40"
    assert [caller("POST", "/checks", {"text": "Ann"}).status_code for _ in range(11)] == [200] * 10 + [429]
    _problem(caller("POST", "/checks/batch", {"questions": fifty["questions"] * 2}), 422, "invalid")


def test_own_sentences_are_whole(office: Office) -> None:
    assert all(detail.endswith(".") and remedy.endswith(".") for _, detail, remedy in OWN.values())
