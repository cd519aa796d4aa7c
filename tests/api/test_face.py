"""The API at work: what authorities give, ask, rule and release goes through as it does at a desk."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from callers import Callers
from personas import CASE, DE, FR, NL, VE, Office, draft

HANDLING = {"communities": ["all"], "subject_category": "suspect_or_convicted"}


def _contribution(*names: str, handling: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    records = [
        {"key": f"p-{number}", "thing": "Person", "claims": [{"property": "name", "value": name, "evaluation": "B2"}]}
        for number, name in enumerate(names, start=1)
    ]
    return {"title": "Control A4", "handling": handling or HANDLING, "records": records} | more


def test_what_one_program_gives_another_finds(callers: Callers, office: Office) -> None:
    given = callers(NL).post("/contributions", _contribution("Jan Vermeulen"))
    answer = callers(DE).post("/checks", {"text": "Jan Vermeulen"})

    assert (given["new"], given["rejected"], given["problems"]) == (1, 0, [])
    assert answer["kind"] == "hit"
    (hit,) = answer["hits"]
    assert hit["record"] == given["records"]["p-1"]
    assert hit["owner"] == NL
    (statement,) = hit["statements"]
    assert statement["value"] == "Jan Vermeulen"
    assert statement["evaluation"]["source"] == "B"
    assert statement["handling"]["communities"] == ["all"]
    assert "number" not in statement  # it would tell how much lies between


def test_an_act_of_a_program_leaves_its_grounds_and_its_token_in_the_ledger(callers: Callers, office: Office) -> None:
    callers(NL).post("/checks", {"text": "Jan Vermeulen"})

    entry = office.entries(NL)[0]
    assert (entry.act, entry.case, entry.legal_ground) == ("check", CASE, "criminal_investigation")
    assert entry.justification == "seen on the spot"
    assert dict(entry.details)["token"]


def test_a_closed_hit_tells_whom_to_ask_and_nothing_else(callers: Callers, office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"), handling=office.handling(communities=(), released_to=(FR,)))
    answer = callers(DE).post("/checks", {"text": "Jan Vermeulen"})

    assert (answer["kind"], answer["hits"]) == ("hit_without_content", [])
    assert set(answer["without_content"][0]) == {"reference", "owner", "owner_name", "contact"}


def test_many_questions_are_answered_in_their_order(callers: Callers, office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    questions = [{"text": "Piet Hein"}, {"text": "..."}, {"text": "Jan Vermeulen"}]
    answers = callers(DE).post("/checks/batch", {"questions": questions})["answers"]

    assert [one["answer"]["kind"] if one["answer"] else one["problem"]["code"] for one in answers] == [
        "no_hit",
        "question_wrong",
        "hit",
    ]


def test_a_hit_is_ruled_on_and_its_owner_reads_of_it(callers: Callers, office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    asker, owner = callers(DE), callers(NL)
    hit = asker.post("/checks", {"text": "Jan Vermeulen"})["hits"][0]["reference"]
    assert [one["reference"] for one in asker.get("/hits")["hits"]] == [hit]

    ruled = asker.post(f"/hits/{hit}/verdict", {"ruling": "same", "reason": "same_name_and_birth"})

    assert ruled == {"reference": hit, "ruling": "same"}
    assert asker.get("/hits") == {"hits": []}
    (notice,) = owner.get("/notices?unseen=true")["notices"]
    assert (notice["asker"], notice["verdict"], notice["silent"]) == (DE, "same", False)
    assert owner.get("/notices?unseen=true") == {"notices": []}


def test_records_are_read_joined_and_parted(callers: Callers, office: Office) -> None:
    given = callers(NL).post("/contributions", _contribution("Jan Vermeulen", "Johannes Vermeulen"))
    left, right = given["records"]["p-1"], given["records"]["p-2"]
    judge = callers(NL)
    ruling = {"left": left, "right": right, "ruling": "same", "reason": "same photograph", "handling": HANDLING}
    judgement = judge.post("/judgements", ruling)["judgement"]

    assert set(judge.get(f"/records/{left}")["records"]) == {left, right}
    assert judge("DELETE", f"/judgements/{judgement}").status_code == 204
    assert judge.get(f"/records/{left}")["records"] == [left]
    overview = judge.get("/records?newest=1")
    assert (overview["statements"], overview["things"]) == (2, [{"thing": "Person", "records": 2}])
    assert len(overview["newest"]) == 1


def test_who_may_and_why_not_are_said_in_the_language_asked_for(callers: Callers, office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen"), handling=office.handling(conditions=("no_court",)))
    reference = record.records["1"]
    french = callers(DE).get(f"/records/{reference}/why-not?action=court&language=fr")
    others = {one["authority"]: one for one in callers(NL).get(f"/records/{reference}/who-may")["authorities"]}

    assert french["allowed"] is False
    assert french["reasons"] != callers(DE).get(f"/records/{reference}/why-not?action=court")["reasons"]
    assert others[DE]["allowed"] is True
    assert others[VE]["allowed"] is False
    assert others[VE]["reasons"]


def test_a_release_opens_and_a_withdrawal_closes(callers: Callers, office: Office) -> None:
    owner, other = callers(NL), callers(DE)
    given = owner.post("/contributions", _contribution("Jan Vermeulen", handling=HANDLING | {"communities": []}))
    record = given["records"]["p-1"]
    assert other("GET", f"/records/{record}").status_code == 404

    released = {"record": record, "grantee": DE, "action": "read", "purposes": ["18.2.a"], "until": "2026-12-31"}
    assert len(owner.post("/releases", released)["releases"]) == 1
    assert other.get(f"/records/{record}")["records"] == [record]

    gone = owner.post(f"/contributions/{given['contribution']}/withdraw", {"reason": "wrong"})
    assert gone["statements"] == 1
    assert other("GET", f"/records/{record}").status_code == 404


def test_an_export_carries_its_handling_and_digest(callers: Callers, office: Office) -> None:
    office.give(draft("1", name="=Jan Vermeulen"))
    answer = callers(NL)("GET", "/export")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Repr-Digest"].startswith("sha-256=:")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["value"], row["purposes"]) == ("'=Jan Vermeulen", "18.2.a")


def test_words_directory_and_head_are_given_to_every_token(callers: Callers, office: Office) -> None:
    caller = callers(NL, acts=("check",))
    words = caller.get("/words/legal_grounds")

    assert "legal_grounds" in caller.get("/words")["lists"]
    assert {"criminal_investigation"} <= {entry["code"] for entry in words["entries"]}
    assert all(entry["label"]["fr"] for entry in words["entries"])
    for name in caller.get("/words")["lists"]:
        assert caller.get(f"/words/{name}")["entries"], name
    assert {one["id"] for one in caller.get("/directory")["authorities"]} == {NL, DE, FR, VE}
    assert "officers" not in caller.get("/directory")
    assert caller.get("/ledger/head")["head"]["size"] == office.ledger_size()


def test_references_between_records_and_conditions_by_name(callers: Callers, office: Office) -> None:
    body = {
        "title": "a company and who runs it",
        "handling": HANDLING,
        "other_handlings": {"closed": HANDLING | {"communities": []}},
        "records": [
            {"key": "p", "thing": "Person", "claims": [{"property": "name", "value": "Jan Vermeulen"}]},
            {"key": "c", "thing": "Company", "claims": [{"property": "name", "value": "Vermeulen BV"}]},
            {
                "key": "d",
                "thing": "Directorship",
                "handling": "closed",
                "claims": [
                    {"property": "director", "value": "p", "refers": True},
                    {"property": "organization", "value": "c", "refers": True},
                ],
            },
        ],
    }
    given = callers(NL).post("/contributions", body)
    seen = callers(NL).get(f"/records/{given['records']['d']}")["statements"]

    assert {one["value"] for one in seen} == {given["records"]["p"], given["records"]["c"]}
    assert callers(DE)("GET", f"/records/{given['records']['d']}").status_code == 404
    assert callers(DE)("GET", f"/records/{given['records']['p']}").status_code == 200


def test_bad_records_are_named_and_the_good_ones_kept(callers: Callers, office: Office) -> None:
    body = _contribution("Jan Vermeulen", "Piet Hein")
    body["records"][1]["thing"] = "Nothing"
    given = callers(NL).post("/contributions", body)

    assert (given["new"], given["rejected"]) == (1, 1)
    (problem,) = given["problems"]
    assert (problem["record"], problem["fatal"]) == (2, True)
    assert "Piet" not in json.dumps(problem)


@pytest.mark.parametrize("path", ["/records?newest=0", "/records?newest=many", "/records?newest=1001"])
def test_limits_of_lists_are_kept(callers: Callers, path: str) -> None:
    assert callers(NL)("GET", path).status_code == 422
