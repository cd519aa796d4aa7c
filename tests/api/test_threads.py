"""Threads through the API: a request and its answer, files in pieces, forms as schemas, own procedures."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import jsonschema_rs
import pytest
from callers import Caller, Callers
from opening_letter import opening_given
from personas import DE, FR, NL, Office, draft
from procedure_texts import EXAMPLE, MOVES
from thread_cases import answers, definition

from alidade.procedures import load_catalogue
from alidade.services.threads.limits import limits
from alidade.services.threads.managing import DeskRules, settle_desk_rules

HANDLING = {"subject_category": "suspect_or_convicted"}


def _send(caller: Caller, content: bytes, name: str = "note.txt") -> str:
    digest = hashlib.sha256(content).hexdigest()
    begun = caller.post("/attachments", {"name": name, "size": len(content), "sha256": digest})
    while begun["next_piece"] >= 0:
        start = begun["next_piece"] * begun["piece"]
        piece = content[start : start + begun["piece"]]
        answer = caller("PUT", f"/attachments/{begun['reference']}/pieces/{begun['next_piece']}", piece)
        assert answer.status_code == 200, answer.content
        begun = json.loads(answer.content)
    return str(json.loads(caller("POST", f"/attachments/{begun['reference']}/finish").content)["reference"])


def test_a_request_is_opened_answered_and_read(callers: Callers, office: Office) -> None:
    asker, asked = callers(NL), callers(DE)
    assert asker.post("/threads/preview", opening_given(DE))["ready"] is True
    assert asked.get("/inbox?folder=all")["lines"] == []
    sent = asker.post("/threads", opening_given(DE))
    thread = sent["thread"]
    assert (sent["state"], sent["step"]) == ("sent", f"{NL}/1")
    (line,) = asked.get("/inbox?folder=all")["lines"]
    assert (line["reference"], line["others"], line["your_turn"]) == (thread, [NL], True)
    assert line["left"].startswith("P")
    (owed,) = asker.get("/awaited")["awaited"]
    assert (owed["thread"], owed["authority"]) == (thread, DE)

    file = _send(asked, b"The lorry is known here.\n")
    step = {"code": "answer", "values": {"answer": "See the file."}, "attachments": [file]}
    assert asked.post(f"/threads/{thread}/steps", step)["standing"] == "effective"
    seen = asker.get(f"/threads/{thread}")
    answer = next(each for each in seen["steps"] if each["code"] == "answer")
    assert answer["values"][0]["value"] == "See the file."
    assert (answer["officer"], answer["author"]) == ("", DE)
    attachment = answer["attachments"][0]["reference"]
    got = asker("GET", f"/threads/{thread}/attachments/{attachment}")
    assert got.content == b"The lorry is known here.\n"
    assert got["Content-Type"] == "application/octet-stream"
    assert got["Content-Disposition"].startswith("attachment;")
    assert asker.post("/threads/search", {"text": "lorry"})["lines"][0]["reference"] == thread
    assert callers(FR).post("/threads/search", {"text": "lorry"})["lines"] == []
    exported = asker.get(f"/threads/{thread}/export")
    assert exported["thread"]["notes"] == exported["thread"]["drafts"] == []


def test_a_step_that_cannot_be_sent_names_every_field_and_no_value(callers: Callers) -> None:
    given = opening_given(DE)
    given["step"] = {"code": "open", "values": {"urgent": "Zyxwvut", "Zyxwvut": "x"}, "records": ["0" * 32]}
    answer = callers(NL)("POST", "/threads", given)
    said = json.loads(answer.content)

    assert (answer.status_code, said["code"]) == (422, "step_refused")
    assert {"asked", "urgent", "values.*", "records"} <= {each["field"] for each in said["errors"]}
    assert "Zyxwvut" not in answer.content.decode()


def test_what_must_not_be_passed_on_comes_with_the_rule(callers: Callers, office: Office) -> None:
    outcome = office.give(draft("1", name="Jan Vermeulen"), by=FR, handling=office.handling(FR, codes=("H2",)))
    given = opening_given(DE)
    given["step"]["records"] = [outcome.records["1"]]
    seen = callers(NL).post("/threads/preview", given)
    answer = callers(NL)("POST", "/threads", given)

    assert seen["ready"] is False
    assert seen["recipients"][0]["records"][0]["blocked"] is True
    assert answer.status_code == 422
    assert [each["field"] for each in json.loads(answer.content)["errors"]].count("records") >= 1


def test_pages_of_the_inbox(callers: Callers) -> None:
    made = sorted(callers(NL).post("/threads", opening_given(DE))["thread"] for _ in range(3))
    asked, found, after = callers(DE), [], ""
    while True:
        page = asked.get(f"/inbox?folder=all&size=2&after={after.replace('+', '%2B')}")
        found += [line["reference"] for line in page["lines"]]
        after = page["next"]
        if not after:
            break
    assert sorted(found) == made
    assert asked("GET", "/inbox?folder=nothing").status_code == 422
    assert asked("GET", "/inbox?after=Zyxwvut").status_code == 422


@pytest.mark.parametrize(
    ("kind", "status"),
    [("application/json", 415), ("text/plain", 415), ("", 415), ("application/octet-stream", 200)],
)
def test_a_piece_is_taken_as_bytes_alone(callers: Callers, kind: str, status: int) -> None:
    caller = callers(NL)
    begun = caller.post("/attachments", {"name": "n.txt", "size": 2, "sha256": hashlib.sha256(b"{}").hexdigest()})
    path = f"/api/v1/attachments/{begun['reference']}/pieces/0"
    headers = {"Authorization": f"Bearer {caller.secret}"}
    answer = caller._client.generic("PUT", path, b"{}", content_type=kind, headers=headers)
    assert answer.status_code == status
    if status == 415:
        assert "octet-stream" in json.loads(answer.content)["detail"]
    squeezed = caller._client.generic(
        "PUT", path, b"{}", content_type="application/octet-stream", headers=headers | {"Content-Encoding": "gzip"}
    )
    assert squeezed.status_code == 415


def test_a_piece_may_be_as_long_as_a_piece(callers: Callers) -> None:
    content = b"seen at the border\n" * (limits().piece.bytes // 19 + 10)
    reference = _send(callers(NL), content)
    state = callers(NL).get(f"/attachments/{reference}")
    assert (state["state"], state["media"], state["received"]) == ("checked", "text/plain", len(content))


def test_a_file_of_a_colleague_answers_like_none(callers: Callers) -> None:
    reference = _send(callers(NL), b"Seen.\n")
    other = callers(NL, "analyst")
    for method, path in (("GET", ""), ("POST", "/finish"), ("DELETE", "")):
        there, nowhere = (other(method, f"/attachments/{each}{path}") for each in (reference, "0" * 32))
        assert (there.status_code, there.content) == (404, nowhere.content)


def test_an_address_that_takes_nothing_may_be_called_without_a_body(callers: Callers) -> None:
    thread = callers(NL).post("/threads", opening_given(DE))["thread"]
    caller = callers(DE)
    assert caller("POST", f"/threads/{thread}/take").status_code == 204
    assert caller("POST", f"/threads/{thread}/take", {}).status_code == 204
    assert caller("POST", f"/threads/{thread}/notes").status_code == 415
    (line,) = caller.get("/inbox")["lines"]
    assert line["officer"] == f"{DE}/case_officer"


def test_a_second_officer_looks_first(callers: Callers, office: Office) -> None:
    settle_desk_rules(office.node, office.officer(NL, "administrator"), DeskRules(approval=("*",)))
    writer, second = callers(NL, "analyst"), callers(NL)
    waiting = [writer.post("/threads", opening_given(DE))["draft"] for _ in range(2)]
    assert {each["id"] for each in second.get("/drafts")["drafts"] if each["may_approve"]} == set(waiting)
    assert callers(FR)("POST", f"/drafts/{waiting[0]}/approve").status_code == 404
    assert json.loads(second("POST", f"/drafts/{waiting[0]}/approve").content)["state"] == "sent"
    assert second("POST", f"/drafts/{waiting[1]}/return", {"remark": "Which lorry?"}).status_code == 204
    (back,) = writer.get("/drafts")["drafts"]
    assert (back["state"], back["remark"]) == ("returned", "Which lorry?")


@pytest.mark.parametrize("code", load_catalogue().codes())
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_form_of_the_catalogue_is_a_schema_that_takes_good_answers(
    callers: Callers, code: str, language: str
) -> None:
    of, caller = definition(code), callers(NL)
    for step in ("open", *(each.code for each in of.transitions)):
        form = caller.get(f"/procedures/{code}/forms/{step}?language={language}")
        jsonschema_rs.meta.validate(form["values"])
        validator = jsonschema_rs.validator_for(form["values"])
        good = {name: list(value) if isinstance(value, tuple) else value for name, value in answers(of, step).items()}
        validator.validate(good)
        assert not validator.is_valid(good | {"nothing": 1})
        for field in form["values"]["required"]:
            assert not validator.is_valid({name: value for name, value in good.items() if name != field})


def test_the_schema_of_a_procedure_takes_the_catalogue(callers: Callers) -> None:
    schema = callers(NL).get("/procedure-schema")["file"]
    validator = jsonschema_rs.validator_for(schema)
    validator.validate(json.loads(EXAMPLE))
    assert not validator.is_valid(json.loads(EXAMPLE) | {"nothing": 1})


def test_an_own_procedure_is_checked_tried_published_and_used(callers: Callers) -> None:
    keeper = callers(NL, "administrator")
    wrong = keeper.post("/procedures/check", {"file": EXAMPLE.replace('"to_state": "done"', '"to_state": "x"')})
    assert wrong["usable"] is False
    assert all(each["line"] for each in wrong["findings"])
    assert keeper.post("/procedures/check", {"file": EXAMPLE})["findings"] == []
    played = keeper.post("/procedures/dry-run", {"file": EXAMPLE, "moves": MOVES})
    assert (played["clean"], played["moves"][-1]["state"]) == (True, "refused")
    digest = hashlib.sha256(EXAMPLE.encode()).hexdigest()
    keeper.post("/procedures", {"file": EXAMPLE})
    assert keeper("POST", "/procedures/call_back/1/publish", {"digest": digest}).status_code == 409
    callers(DE, "administrator").post("/procedures/call_back/1/publish", {"digest": digest})
    again = keeper("POST", "/procedures", {"file": EXAMPLE.replace("House rule", "Other rule")})
    assert again.status_code == 409

    opened: dict[str, Any] = {
        "procedure": "call_back",
        "parties": {DE: "asked"},
        "title": "Convoy",
        "handling": HANDLING,
        "step": {"code": "open", "values": {"topic": "Convoy", "urgent": False}},
    }
    thread = callers(NL).post("/threads", opened)["thread"]
    assert callers(DE).post(f"/threads/{thread}/steps", {"code": "rang"})["standing"] == "effective"
    assert callers(NL).get(f"/threads/{thread}")["final"] is True


MOVED = [
    [],
    [{"role": "nobody", "code": "open"}],
    [{"role": "asked", "code": "rang"}],
    [{"role": "asker", "code": "message", "note": "x"}],
    [{"role": "asker", "code": "open"}, {"role": "asker", "code": "open"}],
    [{"role": "Zyx wvut/", "code": "nothing", "values": {"a": ["b"]}, "reason": "r", "approved": True}],
    [{"role": "asker", "code": "open", "values": {"topic": "x", "urgent": False}}] * 40,
]


@pytest.mark.parametrize("moves", MOVED, ids=range(len(MOVED)))
def test_a_script_that_makes_no_sense_is_an_answer_or_a_problem(callers: Callers, moves: list[Any]) -> None:
    answer = callers(NL, "administrator")("POST", "/procedures/dry-run", {"file": EXAMPLE, "moves": moves})
    assert answer.status_code in (200, 422), answer.content


def test_a_procedure_with_errors_is_not_played(callers: Callers) -> None:
    keeper = callers(NL, "administrator")
    for before, after in (
        ('"form": "request"', '"form": "none"'),
        ('"clock": "house_call_back"', '"clock": "none"'),
        ('"turn": "asked"', '"turn": "none"'),
        ('"on": "rang"', '"on": "none"'),
        ('"to_state": "waiting"', '"to_state": "none"'),
    ):
        answer = keeper("POST", "/procedures/dry-run", {"file": EXAMPLE.replace(before, after), "moves": MOVES})
        assert answer.status_code in (200, 422), (after, answer.content)


def test_what_was_asked_twice_under_one_key_is_done_once(callers: Callers, office: Office) -> None:
    caller = callers(NL)
    key = {"Idempotency_Key": "monday-1"}
    first, second = (caller("POST", "/threads", opening_given(DE), **key) for _ in range(2))
    assert (first.status_code, first.content) == (200, second.content)
    thread = first.json()["thread"]
    other = caller("POST", "/threads", opening_given(DE) | {"title": "Another"}, **key)
    assert (other.status_code, other.json()["code"]) == (409, "key_used")
    assert caller("POST", "/threads", opening_given(DE), Idempotency_Key="a b").status_code == 422
    fresh = caller("POST", "/threads", opening_given(DE), Idempotency_Key="monday-2")
    assert fresh.json()["thread"] != thread

    message = {"code": "message", "note": "See."}
    said = [caller("POST", f"/threads/{thread}/steps", message, Idempotency_Key="m") for _ in range(2)]
    assert said[0].content == said[1].content
    elsewhere = caller("POST", f"/threads/{fresh.json()['thread']}/steps", message, Idempotency_Key="m")
    assert elsewhere.status_code == 409
    steps = caller.get(f"/threads/{thread}")["steps"]
    assert [step["code"] for step in steps].count("message") == 1
    office.clock.move(hours=25)
    late = caller("POST", "/threads", opening_given(DE), **key)
    assert late.json()["thread"] != thread
