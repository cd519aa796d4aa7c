"""The register over the API: two authorities of unlike rights keep a paper, say, verify, correct, and carry over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from callers import Caller, Callers
from personas import DE, FR, NL
from programme_exchange import DONE, FIRST, PLAN
from programme_things import LETTER

KEY = "7b0f2c1e-5d3a-4f6b"
NOWHERE = "0" * 32


@pytest.fixture
def ours(callers: Callers) -> Caller:
    """A program of the policy officer who keeps the plan."""
    return callers(NL, "policy_officer")


@pytest.fixture
def theirs(callers: Callers) -> Caller:
    """A program of a policy officer of another authority."""
    return callers(DE, "policy_officer")


@pytest.fixture
def plan(ours: Caller) -> str:
    """The plan, kept for everybody."""
    return str(ours.post("/programme/papers", {"paper": PLAN})["reference"])


def _say(caller: Caller, plan: str, entry: dict[str, Any], measure: str = "1", **more: Any) -> str:
    given = {"measure": measure, "entry": entry} | more
    return str(caller.post(f"/programme/papers/{plan}/entries", given)["reference"])


def _refused(caller: Caller, method: str, path: str, body: object = None) -> tuple[int, str]:
    answer = caller(method, path, body)
    return answer.status_code, json.loads(answer.content)["code"]


def test_a_paper_is_told_as_it_was_given(ours: Caller, theirs: Caller, plan: str) -> None:
    told = theirs.get(f"/programme/papers/{plan}")
    measures = [{name: value for name, value in each.items() if value} for each in told["paper"]["measures"]]
    assert measures == PLAN["measures"]
    assert (told["paper"]["number"], told["ours"], told["version"]) == (PLAN["number"], False, 1)
    late = {each["key"]: [finding["code"] for finding in each["findings"]] for each in told["standings"]}
    assert late == {"1": ["silent"], "2": ["no_deadline", "silent"]}
    (line,) = theirs.get("/programme/papers")["papers"]
    assert (line["measures"], line["not_known"], line["statuses"]) == (2, 2, {})

    given_back = {"paper": told["paper"], "version": 1}
    assert ours("PUT", f"/programme/papers/{plan}", given_back).status_code == 200


def test_one_says_another_verifies_and_a_correction_waits_for_a_new_ruling(
    ours: Caller, theirs: Caller, plan: str, office: Any
) -> None:
    done = {"kind": "status", "status": "done", "source": {"document": "16293/24", "paragraph": "12"}}
    reference = _say(ours, plan, done)
    _say(ours, plan, DONE)
    verified = f"/programme/entries/{reference}/verifications"
    assert _refused(ours, "POST", verified, {"ruling": "confirmed"}) == (409, "own_entry")
    assert _refused(theirs, "POST", verified, {"ruling": "contested"}) == (422, "invalid")
    office.clock.move(hours=1)
    theirs.post(verified, {"ruling": "confirmed"})
    measure = ours.get(f"/programme/papers/{plan}/measures/1")
    assert (measure["standing"]["status"], measure["standing"]["verified"]) == ("done", True)

    office.clock.move(hours=1)
    partly = {"entry": done | {"status": "partly_done"}, "version": 1, "reason": "One port is missing."}
    assert _refused(theirs, "PUT", f"/programme/entries/{reference}", partly) == (404, "not_found")
    assert json.loads(ours("PUT", f"/programme/entries/{reference}", partly).content)["version"] == 2
    assert _refused(ours, "PUT", f"/programme/entries/{reference}", partly) == (409, "changed_meanwhile")
    told = theirs.get(f"/programme/papers/{plan}/measures/1")
    assert (told["standing"]["status"], told["standing"]["verified"]) == ("partly_done", False)
    (entry,) = [each for each in told["entries"] if each["reference"] == reference]
    assert (entry["version"], entry["ours"], entry["verifications"][0]["counts"]) == (2, False, False)

    assert ours("DELETE", f"/programme/entries/{reference}").status_code == 204
    assert [each["entry"]["kind"] for each in theirs.get(f"/programme/papers/{plan}/entries")["entries"]] == ["result"]


def test_what_is_said_in_private_is_counted_for_nobody_else(ours: Caller, theirs: Caller, plan: str) -> None:
    done = {"kind": "status", "status": "done"}
    hidden = _say(ours, plan, done, audience={"communities": []})
    assert ours.get(f"/programme/papers/{plan}/measures/1")["standing"]["status"] == "done"
    told = theirs.get(f"/programme/papers/{plan}/measures/1")
    assert (told["standing"]["status"], told["entries"]) == (None, [])
    for reference in (hidden, NOWHERE):
        answers = [
            theirs("POST", f"/programme/entries/{reference}/verifications", {"ruling": "confirmed"}),
            theirs("PUT", f"/programme/entries/{reference}", {"entry": done, "version": 1}),
            theirs("DELETE", f"/programme/entries/{reference}"),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert hidden.encode() not in b"".join(answer.content for answer in answers)


def test_a_paper_for_one_other_authority_is_absent_for_the_third(callers: Callers, ours: Caller) -> None:
    audience = {"communities": [], "released_to": [DE]}
    given = {"paper": PLAN | {"number": "1/26"}, "audience": audience}
    reference = ours.post("/programme/papers", given)["reference"]
    third = callers(FR, "policy_officer")
    assert callers(DE, "policy_officer").get(f"/programme/papers/{reference}")["ours"] is False
    there, nowhere = (third("GET", f"/programme/papers/{each}") for each in (reference, NOWHERE))
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert third.get("/programme/papers") == {"papers": []}


def test_a_lost_answer_is_asked_for_again_and_nothing_is_kept_twice(ours: Caller, plan: str) -> None:
    entry = {"measure": "1", "entry": DONE}
    address = f"/programme/papers/{plan}/entries"
    first, again = (ours.post(address, entry, Idempotency_Key=KEY) for _ in range(2))
    assert first == again
    assert len(ours.get(address)["entries"]) == 1
    other = ours("POST", address, entry | {"measure": "2"}, Idempotency_Key=KEY)
    assert (other.status_code, json.loads(other.content)["code"]) == (409, "key_used")
    wrong = ours("POST", address, entry | {"measure": "9"}, Idempotency_Key="8b0f2c1e-5d3a-4f6b")
    assert wrong.status_code == 422
    assert ours.post(address, entry | {"measure": "2"}, Idempotency_Key="8b0f2c1e-5d3a-4f6b")["version"] == 1


def test_a_change_that_is_old_or_loses_something_is_refused(ours: Caller, plan: str) -> None:
    address = f"/programme/papers/{plan}"
    _say(ours, plan, DONE)
    shorter = PLAN | {"measures": PLAN["measures"][1:]}
    assert _refused(ours, "PUT", address, {"paper": shorter, "version": 1}) == (422, "invalid")
    assert _refused(ours, "PUT", address, {"paper": PLAN, "version": 7}) == (409, "changed_meanwhile")
    assert _refused(ours, "POST", "/programme/papers", {"paper": PLAN}) == (409, "paper_kept_already")
    unsourced = {key: value for key, value in DONE.items() if key != "figure"}
    unsourced["figure"] = {"value": 3, "unit": "visits"}
    given = {"measure": "1", "entry": unsourced}
    assert _refused(ours, "POST", f"{address}/entries", given) == (422, "figure_without_source")
    wrong_day = PLAN | {"number": "3/26", "date": "2026-02-31"}
    assert _refused(ours, "POST", "/programme/papers", {"paper": wrong_day}) == (422, "invalid")


def test_measures_are_carried_over_from_anothers_paper(ours: Caller, theirs: Caller, plan: str) -> None:
    first = theirs.post("/programme/papers", {"paper": FIRST})["reference"]
    given = {"earlier": first, "steps": [{"measure": "A", "how": "merged", "into": "1"}], "version": 1}
    assert _refused(theirs, "POST", f"/programme/papers/{plan}/carry-over", given) == (404, "not_found")
    assert ours.post(f"/programme/papers/{plan}/carry-over", given)["version"] == 2
    (way,) = theirs.get(f"/programme/papers/{first}")["later"]
    assert (way["measure"], way["paper"], way["other"], way["how"]) == ("A", plan, "1", "merged")
    (back,) = theirs.get(f"/programme/papers/{plan}")["earlier"]
    assert (back["paper"], back["other"]) == (first, "A")


def test_a_file_is_read_into_proposals_of_which_some_are_taken(ours: Caller, theirs: Caller) -> None:
    answer = ours("POST", "/programme/readings?form=txt&language=en", LETTER)
    assert answer.status_code == 200, answer.content
    read = json.loads(answer.content)
    assert [each["number"] for each in read["measures"]] == ["1", "2"]
    assert ours.get("/programme/papers")["papers"] == [], "nothing is kept before a person has accepted it"
    address = f"/programme/readings/{read['reference']}"
    assert ours.get(address) == read
    assert _refused(theirs, "GET", address) == _refused(theirs, "GET", f"/programme/readings/{NOWHERE}")
    taken = {"measures": ["2"], "titles": {"2": "Visits"}, "head": {"number": "14/26", "title": "Letter"}}
    kept = ours.post(f"{address}/accept", taken)["reference"]
    told = theirs.get(f"/programme/papers/{kept}")
    assert [(each["key"], each["title"]["en"]) for each in told["paper"]["measures"]] == [("2", "Visits")]
    assert (told["accepted"], told["changed"], told["refused"]) == (0, 1, 1)
    assert _refused(ours, "POST", f"{address}/accept", taken)[0] == 404


def test_a_file_that_is_too_long_or_nothing_that_is_read_is_refused(ours: Caller) -> None:
    broken = ours("POST", "/programme/readings?form=docx", b"PK\x03\x04 no package")
    assert (broken.status_code, broken.headers["Content-Type"]) == (422, "application/problem+json")
    long = ours("POST", "/programme/readings?form=txt", b"x" * (25 * 1024 * 1024 + 1))
    assert (long.status_code, json.loads(long.content)["code"]) == (413, "body_long")
    assert ours("POST", "/programme/readings?form=exe", LETTER).status_code == 422
    assert ours("POST", "/programme/readings?form=txt", {"text": "no bytes"}).status_code == 415


def test_a_role_that_only_reads_keeps_nothing(callers: Callers, plan: str) -> None:
    reader, front = callers(NL), callers(NL, "administrator")
    assert reader.get(f"/programme/papers/{plan}")["ours"] is True
    assert _refused(reader, "POST", f"/programme/papers/{plan}/entries", {"measure": "1", "entry": DONE})[0] == 403
    assert _refused(reader, "PUT", f"/programme/papers/{plan}", {"paper": PLAN, "version": 1})[0] == 403
    assert _refused(front, "GET", "/programme/papers")[0] == 403


def test_progress_tells_what_is_late_and_words_what_the_codes_mean(ours: Caller, plan: str, office: Any) -> None:
    office.clock.move(hours=24 * 20)
    (late,) = ours.get("/programme/progress?late=true")["papers"]
    assert [each["key"] for each in late["standings"]] == ["1"]
    (every,) = ours.get("/programme/progress")["papers"]
    assert [each["key"] for each in every["standings"]] == ["1", "2"]
    lists = ours.get("/programme/words?language=fr")["lists"]
    assert {"measure_statuses", "entry_kinds", "answer_kinds"} <= set(lists)
    assert [each["code"] for each in lists["verification_rulings"]] == ["confirmed", "contested", "unclear"]
