"""The question box over the API: built, asked, kept, shared, made standing, stopped; each viewer his own answer."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from callers import Caller, Callers
from personas import DE, NL, VE, Office, draft
from question_cases import give_ports, ports_question, presence

from alidade.services import jobs
from alidade.services.picture import questions

OPEN = {"communities": ["all"], "content": "non_personal"}
CLOSED = {"communities": [], "content": "non_personal"}
NOWHERE = "0" * 32


@pytest.fixture
def ports(office: Office) -> dict[str, str]:
    """The scene of ports, with something hidden of another authority's."""
    return give_ports(office)


@pytest.fixture
def asked(ports: dict[str, str]) -> dict[str, Any]:
    """Vessels seen in two ports within thirty days of a seizure of cocaine, as a program writes it."""
    found: dict[str, Any] = msgspec.to_builtins(ports_question(ports, substance="cocaine"))
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def _keep(caller: Caller, asked: dict[str, Any], handling: dict[str, Any]) -> str:
    kept = caller.post("/questions", {"question": asked, "title": "Two ports", "handling": handling})
    return str(kept["piece"])


def _captions(answer: dict[str, Any]) -> list[str]:
    return sorted(each["caption"] for each in answer["found"])


def test_a_question_is_read_as_a_sentence_and_answered(callers: Callers, asked: dict[str, Any]) -> None:
    caller = callers(NL, "analyst")
    words = caller.post("/questions/words", {"question": asked})["text"]
    assert "it was seen in at least 2 of these places: Rotterdam, Antwerp, Lisbon" in words
    assert caller.post("/questions/words", {"question": asked, "language": "fr"})["text"] != words
    outcome = caller.post("/questions/ask", {"question": asked})
    assert (outcome["run"], _captions(outcome["answer"])) == ("", ["Alba", "Bora"])
    alba = next(each for each in outcome["answer"]["found"] if each["caption"] == "Alba")
    assert alba["owners"] == [NL]
    assert {"2026-02-20", "2026-03-20"} <= {why["day"] for why in alba["because"]}


def test_what_another_may_not_see_is_in_no_answer_and_no_sentence(
    callers: Callers, office: Office, ports: dict[str, str]
) -> None:
    vessels = {"things": ["Vessel"]}
    seen = {who: callers(who, "analyst").post("/questions/ask", {"question": vessels}) for who in (NL, DE, VE)}
    assert _captions(seen[DE]["answer"]) == ["Alba", "Bora", "Cora", "Dora"]
    assert _captions(seen[NL]["answer"]) == ["Alba", "Bora", "Cora"]
    assert b"Dora" not in json.dumps(seen[NL]).encode()
    assert seen[VE]["answer"] == {"found": [], "total": 0}, "the community of all is not Venezuela's"
    hidden = {"where": {"conditions": [{"kind": "tied", "named": [{"record": ports["dora"]}]}]}}
    absent = {"where": {"conditions": [{"kind": "tied", "named": [{"record": NOWHERE}]}]}}
    caller = callers(NL, "analyst")
    told = [caller.post("/questions/ask", {"question": each})["answer"] for each in (hidden, absent)]
    assert told[0] == told[1]
    assert "Dora" not in caller.post("/questions/words", {"question": hidden})["text"]


def test_a_kept_question_is_shared_by_its_handling_alone(callers: Callers, asked: dict[str, Any]) -> None:
    owner, other = callers(NL, "analyst"), callers(DE, "analyst")
    shared, closed = _keep(owner, asked, OPEN), _keep(owner, asked, CLOSED)
    assert {each["piece"] for each in owner.get("/questions")["questions"]} == {shared, closed}
    (seen,) = other.get("/questions")["questions"]
    assert (seen["piece"], seen["ours"], seen["authority"]) == (shared, False, NL)
    assert other.get(f"/questions/{shared}")["question"] == owner.get(f"/questions/{shared}")["question"]
    hidden, nowhere = (other("GET", f"/questions/{each}") for each in (closed, NOWHERE))
    assert (hidden.status_code, hidden.content) == (404, nowhere.content)
    standing = [other("POST", f"/questions/{each}/standing", {"until": "2026-12-01"}) for each in (closed, NOWHERE)]
    assert [answer.status_code for answer in standing] == [404, 404]
    assert standing[0].content == standing[1].content


def test_a_standing_question_tells_once_of_what_is_new(callers: Callers, office: Office, asked: dict[str, Any]) -> None:
    owner, colleague = callers(NL, "analyst"), callers(NL)
    piece = _keep(owner, asked, OPEN)
    reference = owner.post(f"/questions/{piece}/standing", {"until": "2026-12-01"})["reference"]
    first = owner.get(f"/standing-questions/{reference}")
    assert _captions(first["answer"]) == ["Alba", "Bora"]
    office.give(
        draft("eva", "Vessel", name="Eva"),
        presence("p20", "eva", "rotterdam", "2026-03-01"),
        presence("p21", "eva", "antwerp", "2026-03-02"),
        handling=office.handling(content="non_personal"), source_list="ports",
    )  # fmt: skip
    again = owner.get(f"/standing-questions/{reference}")
    new = {each["caption"] for each in again["answer"]["found"] if each["id"] in again["new"]}
    assert new == {"Eva"}
    assert owner.get(f"/standing-questions/{reference}")["new"] == []

    there, nowhere = (colleague("GET", f"/standing-questions/{each}") for each in (reference, NOWHERE))
    assert (there.status_code, there.content) == (404, nowhere.content), "it is its officer's own"
    (ended,) = owner.post(f"/standing-questions/{reference}/end", None)["standing"]
    assert ended["state"] == "ended"
    assert colleague.get("/standing-questions") == {"standing": []}


def test_a_long_question_runs_is_stopped_and_is_its_officers_own(
    callers: Callers, office: Office, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST_AT_ONCE", 1)
    owner, other = callers(NL, "analyst"), callers(DE, "analyst")
    run = owner.post("/questions/ask", {"question": asked})["run"]
    assert owner.get(f"/questions/runs/{run}")["state"] == "waiting"
    for tail in ("", "/stop"):
        method = "POST" if tail else "GET"
        there, nowhere = (other(method, f"/questions/runs/{each}{tail}") for each in (run, NOWHERE))
        assert (there.status_code, there.content) == (404, nowhere.content)
    jobs.run_next(office.node)
    done = owner.get(f"/questions/runs/{run}")
    assert (done["state"], _captions(done["answer"])) == ("done", ["Alba", "Bora"])

    stopped = owner.post("/questions/ask", {"question": asked})["run"]
    owner.post(f"/questions/runs/{stopped}/stop", None)
    jobs.run_next(office.node)
    ended = owner.get(f"/questions/runs/{stopped}")
    assert (ended["state"], ended["answer"]) == ("cancelled", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"things": ["Vessel"], "colour": "red"},
        {"things": ["Vessel"], "where": {"conditions": [{"kind": "said", "property": "flag"}]}},
        {"where": {"conditions": [{"kind": "guessed"}]}},
    ],
)
def test_what_is_no_question_is_refused_with_a_reason(callers: Callers, office: Office, wrong: dict[str, Any]) -> None:
    caller = callers(NL, "analyst")
    for path, more in (("/questions/ask", {}), ("/questions", {"title": "t", "handling": OPEN})):
        answer = caller("POST", path, {"question": wrong} | more)
        assert answer.status_code == 422, path
        assert json.loads(answer.content)["detail"], path
    assert caller.get("/questions") == {"questions": []}


def test_standing_without_a_day_to_come_or_a_right_is_refused(callers: Callers, asked: dict[str, Any]) -> None:
    owner = callers(NL, "analyst")
    piece = _keep(owner, asked, OPEN)
    for until in ("2020-01-01", "2026-02-31"):
        assert owner("POST", f"/questions/{piece}/standing", {"until": until}).status_code == 422
    reader = callers(NL, "analyst", acts=("picture_read",))
    assert reader.get(f"/questions/{piece}")["kept"]["ours"] is True
    for path, body in ((f"/questions/{piece}/standing", {"until": "2026-12-01"}),
                       ("/questions", {"question": asked, "title": "t", "handling": OPEN})):  # fmt: skip
        assert reader("POST", path, body).status_code == 403
    assert callers(NL, "policy_officer")("GET", "/questions").status_code == 403
