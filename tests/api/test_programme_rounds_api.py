"""Rounds and reports over the API: two authorities of unlike rights ask, answer, compare; frozen reports and files."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from callers import Caller, Callers
from icalendar import Calendar
from personas import DE, FR, NL
from programme_exchange import FREE, MEETING, PLAN
from programme_things import filled_form, programme_things

NOWHERE = "0" * 32


@pytest.fixture
def ours(callers: Callers) -> Caller:
    """A program of the policy officer who holds the round."""
    return callers(NL, "policy_officer")


@pytest.fixture
def theirs(callers: Callers) -> Caller:
    """A program of a policy officer who is asked."""
    return callers(DE, "policy_officer")


@pytest.fixture
def plan(ours: Caller) -> str:
    """The plan, kept for everybody."""
    return str(ours.post("/programme/papers", {"paper": PLAN})["reference"])


def _round(plan: str, **more: Any) -> dict[str, Any]:
    return {"title": {"en": "Follow-up"}, "instrument": plan, "asked": [DE, FR], "opens": "2026-06-01",
            "cut_off": "2026-07-01"} | more  # fmt: skip


@pytest.fixture
def held(ours: Caller, plan: str) -> str:
    """The address of a round with a question for each measure of the plan."""
    return f"/programme/rounds/{ours.post('/programme/rounds', {'round': _round(plan)})['reference']}"


def _answer(version: int = 0, kind: str = "done", **more: Any) -> dict[str, Any]:
    return {"parts": [{"question": "1", "kind": kind}], "version": version} | more


def _put(caller: Caller, address: str, body: object) -> Any:
    answer = caller("PUT", address, body)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def _code(caller: Caller, method: str, path: str, body: object = None) -> tuple[int, str]:
    answer = caller(method, path, body)
    return answer.status_code, json.loads(answer.content)["code"]


def test_a_draft_is_ones_own_and_only_what_is_submitted_counts(ours: Caller, theirs: Caller, held: str) -> None:
    assert [each["key"] for each in ours.get(held)["questions"]] == ["1", "2"]
    assert theirs.get(f"{held}/answer")["version"] == 0
    assert _put(theirs, f"{held}/answer", _answer())["submitted"] is False
    assert (ours.get(held)["answers"], ours.get(held)["silent"]) == ([], ["DEU", "FRA"])
    sent = _put(theirs, f"{held}/answer", _answer(1, submitted=True, publish=True))
    told = ours.get(held)
    assert (sent["version"], told["silent"]) == (2, ["FRA"])
    by_question = {each["question"]: each for each in told["counts"]}
    assert (by_question["1"]["done"], by_question["1"]["silent"]) == (1, 1)
    assert (by_question["2"]["answered"], by_question["2"]["silent"]) == (0, 2)
    assert _code(theirs, "PUT", f"{held}/answer", _answer(2)) == (422, "invalid"), "what was submitted stays so"


def test_what_is_not_to_be_published_goes_to_the_holder_alone(
    callers: Callers, ours: Caller, theirs: Caller, held: str
) -> None:
    _put(theirs, f"{held}/answer", _answer(submitted=True))
    third = callers(FR, "policy_officer")
    assert [each["state"] for each in ours.get(held)["answers"]] == ["DEU"]
    assert third.get(held)["answers"] == []
    assert [each["silent"] for each in third.get(held)["counts"]] == [2, 2]
    (line,) = third.get("/programme/rounds")["rounds"]
    assert (line["answering"], line["ours"], line["own_answer"]) == (0, False, "")


def test_a_lost_update_and_an_amendment_without_reason_are_refused(theirs: Caller, held: str, office: Any) -> None:
    _put(theirs, f"{held}/answer", _answer(submitted=True, publish=True))
    _put(theirs, f"{held}/answer", _answer(1, "partly", submitted=True, publish=True))
    stale = _answer(1, "none", submitted=True, publish=True)
    assert _code(theirs, "PUT", f"{held}/answer", stale) == (409, "changed_meanwhile")
    office.clock.move(hours=24 * 20)
    late = _answer(2, "none", submitted=True, publish=True)
    assert _code(theirs, "PUT", f"{held}/answer", late) == (422, "amendment_without_reason")
    assert _put(theirs, f"{held}/answer", late | {"amended_because": "The law changed."})["version"] == 3
    assert theirs.get(f"{held}/answer")["amended_because"] == "The law changed."


def test_a_round_is_changed_and_closed_by_its_holder_alone(ours: Caller, theirs: Caller, held: str, plan: str) -> None:
    _put(theirs, f"{held}/answer", _answer(submitted=True, publish=True))
    without = _round(plan, questions=[{"key": "2", "text": {"en": "Seals?"}}])
    assert _code(ours, "PUT", held, {"round": without, "version": 1}) == (422, "invalid")
    longer = {"round": _round(plan, cut_off="2026-08-01"), "version": 1}
    assert _code(theirs, "PUT", held, longer)[0] == 404
    assert _put(ours, held, longer)["version"] == 2
    assert _code(theirs, "POST", f"{held}/close", {"version": 2})[0] == 404
    assert _code(ours, "POST", f"{held}/close", {"version": 1}) == (409, "changed_meanwhile")
    assert ours.post(f"{held}/close", {"version": 2})["version"] == 3
    assert _code(ours, "POST", f"{held}/close", {"version": 3}) == (409, "round_closed")
    assert _code(theirs, "PUT", f"{held}/answer", _answer(1, submitted=True, publish=True))[0] == 422


def test_forms_go_out_and_come_back(theirs: Caller, ours: Caller, held: str, plan: str) -> None:
    for form, media in (("xlsx", "spreadsheetml.sheet"), ("docx", "wordprocessingml.document")):
        answer = theirs("GET", f"{held}/form?form={form}")
        assert answer.content[:2] == b"PK"
        assert answer.headers["Content-Type"].endswith(media)
        assert f"questions.{form}" in answer.headers["Content-Disposition"]
    reference = held.rpartition("/")[2]
    taken = _put(theirs, f"{held}/form?version=0&submit=true", filled_form(reference, "planned", "DEU"))
    assert (taken["taken"], taken["problems"], taken["submitted"]) == (["1"], [], True)
    assert {each["kind"] for each in ours.get(held)["matrix"]} == {"planned", None}
    other = f"/programme/rounds/{ours.post('/programme/rounds', {'round': _round(plan)})['reference']}"
    strange = theirs("PUT", f"{other}/form?version=0", filled_form(reference, "planned", "DEU"))
    assert (strange.status_code, b"another round" in strange.content) == (422, True)
    assert theirs("PUT", f"{held}/form?version=1", b"no workbook").status_code == 422
    assert theirs("PUT", f"{held}/form?version=0", filled_form(reference, "none", "DEU")).status_code in (404, 409)


def test_of_a_wrong_form_a_draft_keeps_what_is_good(theirs: Caller, held: str) -> None:
    wrong = filled_form(held.rpartition("/")[2], "joyful", "DEU")
    refused = theirs("PUT", f"{held}/form?version=0&submit=true", wrong)
    assert refused.status_code == 422
    assert theirs.get(f"{held}/answer")["version"] == 0
    kept = _put(theirs, f"{held}/form?version=0", wrong)
    assert (kept["taken"], len(kept["problems"]), kept["submitted"]) == ([], 1, False)


def test_two_rounds_are_compared_state_by_state(ours: Caller, theirs: Caller, held: str, plan: str) -> None:
    _put(theirs, f"{held}/answer", _answer(kind="planned", submitted=True, publish=True))
    later = _round(plan, previous=held.rpartition("/")[2])
    address = f"/programme/rounds/{ours.post('/programme/rounds', {'round': later})['reference']}"
    _put(theirs, f"{address}/answer", _answer(submitted=True, publish=True))
    told = ours.get(f"{address}/comparison")
    assert told["changes"] == [{"state": "DEU", "question": "1", "before": "planned", "now": "done"}]
    assert ours.get(f"{held}/comparison") == {"previous": "", "changes": []}


def test_a_round_that_one_may_not_see_is_absent(callers: Callers, ours: Caller, plan: str) -> None:
    given = {"round": _round(plan), "audience": {"communities": [], "released_to": [DE]}}
    hidden = ours.post("/programme/rounds", given)["reference"]
    third, reader = callers(FR, "policy_officer"), callers(DE)
    for tail in ("", "/answer", "/form", "/comparison"):
        there, nowhere = (third("GET", f"/programme/rounds/{each}{tail}") for each in (hidden, NOWHERE))
        assert (there.status_code, there.content) == (404, nowhere.content)
    assert third.get("/programme/rounds") == {"rounds": []}
    assert reader.get(f"/programme/rounds/{hidden}")["ours"] is False
    assert _code(reader, "PUT", f"/programme/rounds/{hidden}/answer", _answer())[0] == 403


def test_a_report_is_frozen_compared_and_taken_as_a_file(ours: Caller, theirs: Caller, plan: str) -> None:
    order = {"template": "progress_report", "instrument": plan}
    assert ours.post("/programme/reports/draft", order)["blocks"]
    assert ours.get("/programme/reports") == {"reports": []}
    first = ours.post("/programme/reports", order | FREE)["reference"]
    status = {"measure": "2", "entry": {"kind": "status", "status": "done"}}
    ours.post(f"/programme/papers/{plan}/entries", status)
    again = ours("POST", "/programme/reports", order | {"untranslated": True}, Idempotency_Key="7b0f2c1e-5d3a-4f6b")
    second = json.loads(again.content)["reference"]

    changed = ours.get(f"/programme/reports/{second}/differences?earlier={first}")["differences"]
    assert {"key": "count/done", "before": "", "now": "Done: 1"} in changed
    for form, start in (("html", b"<!doctype"), ("docx", b"PK"), ("pdf", b"%PDF")):
        file = ours("GET", f"/programme/reports/{first}/file?form={form}")
        assert file.content.startswith(start)
        digest = base64.b64encode(hashlib.sha256(file.content).digest()).decode()
        assert file.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert theirs.get(f"/programme/reports/{first}")["content"] == ours.get(f"/programme/reports/{first}")["content"]
    for tail in ("", "/file?form=html", f"/differences?earlier={first}"):
        hidden, nowhere = (theirs("GET", f"/programme/reports/{each}{tail}") for each in (second, NOWHERE))
        assert (hidden.status_code, hidden.content) == (404, nowhere.content)
    assert [each["reference"] for each in theirs.get("/programme/reports")["reports"]] == [first]


def test_what_no_report_can_be_made_of(callers: Callers, ours: Caller, plan: str) -> None:
    order = {"template": "progress_report", "instrument": plan, "language": "es"}
    assert _code(ours, "POST", "/programme/reports", order) == (422, "untranslated")
    assert _code(ours, "POST", "/programme/reports", order | {"instrument": NOWHERE}) == (404, "not_found")
    assert _code(ours, "POST", "/programme/reports/draft", order | {"until": "2026-02-31"}) == (422, "invalid")
    assert _code(callers(NL), "POST", "/programme/reports", order)[0] == 403


def test_the_calendar_has_meetings_deadlines_and_rounds(ours: Caller, theirs: Caller, held: str) -> None:
    meeting = ours.post("/programme/meetings", {"meeting": MEETING})["reference"]
    told = theirs.get("/programme/calendar")["happenings"]
    assert {"deadline", "meeting", "round_opens", "cut_off"} == {each["kind"] for each in told}
    (shown,) = [each for each in told if each["kind"] == "meeting"]
    assert (shown["version"], shown["due"][0]["day"]) == (1, "2026-06-17")
    feed = theirs("GET", "/programme/calendar/feed")
    assert feed.headers["Content-Type"].startswith("text/calendar")
    summaries = [str(event["summary"]) for event in Calendar.from_ical(feed.content).walk("VEVENT")]
    assert len(summaries) == len(told)

    moved = {"meeting": MEETING | {"place": "Lisbon"}, "version": 1}
    assert _code(theirs, "PUT", f"/programme/meetings/{meeting}", moved)[0] == 404
    assert _put(ours, f"/programme/meetings/{meeting}", moved)["version"] == 2
    assert _code(ours, "PUT", f"/programme/meetings/{meeting}", moved) == (409, "changed_meanwhile")
    assert _code(theirs, "DELETE", f"/programme/meetings/{meeting}")[0] == 404
    assert ours("DELETE", f"/programme/meetings/{meeting}").status_code == 204
    assert "meeting" not in {each["kind"] for each in ours.get("/programme/calendar")["happenings"]}


def test_the_analysis_counts_what_its_viewer_sees_and_goes_out_as_a_table(
    ours: Caller, theirs: Caller, held: str, plan: str
) -> None:
    _put(theirs, f"{held}/answer", _answer(submitted=True))  # not published: for the holder alone
    address = f"/programme/analysis?paper={plan}"
    told, seen = ours.get(address), theirs.get(address)
    assert (told["round"], told["keys"]) == (held.rpartition("/")[2], ["1", "2"])
    assert (told["total"]["done"], seen["total"]["done"]) == (1, 1)
    assert told["total"]["asked"] == told["total"]["answered"] + told["total"]["silent"]
    table = ours("GET", f"/programme/analysis/tables/states?paper={plan}")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert _code(ours, "GET", f"/programme/analysis/tables/nothing?paper={plan}") == (422, "invalid")
    assert _code(ours, "GET", f"/programme/analysis?paper={NOWHERE}") == (404, "not_found")
    assert _code(ours, "GET", "/programme/analysis")[0] == 422


def test_an_evaluation_is_told_to_those_who_see_its_questionnaire(callers: Callers, office: Any, ours: Caller) -> None:
    kept = programme_things(office, NL)["evaluation"]
    (line,) = ours.get("/programme/evaluations")["evaluations"]
    assert (line["reference"], line["state"], line["stage"], line["ours"]) == (kept, "FRA", "questionnaire", True)
    assert ours.get(f"/programme/evaluations/{kept}")["course"]["state"] == "FRA"
    third = callers(DE, "policy_officer")
    there, nowhere = (third("GET", f"/programme/evaluations/{each}") for each in (kept, NOWHERE))
    assert (there.status_code, there.content) == (404, nowhere.content)
    assert third.get("/programme/evaluations") == {"evaluations": []}
