"""Examples: what the description shows is what a node of invented authorities really answers to really that.

After a change: ALIDADE_UPDATE_REFERENCE=1 script/test tests/api.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import Any

from callers import Callers
from personas import DE, NL, Office
from procedure_texts import EXAMPLE, MOVES
from programme_exchange import exchange_programme
from thread_cases import answers, definition

from alidade.api import description
from alidade.api.description import operations
from alidade.api.face import api
from alidade.services.job_orders import order_job
from alidade.services.picture.nominations import hold_matching
from alidade.services.picture.question_terms import encode_question, read_question
from alidade.services.threads.managing import DeskRules, settle_desk_rules

SUSPECT = {"communities": ["all"], "subject_category": "suspect_or_convicted"}
SHOWN = 2  # entries of a list
# What is by chance, and would change with every change of the cast.
CHANCE = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b")
OF_THE_HEAD = {"size": 118, "signature": "hm5n3w...", "root": "4c1f02..."}


NOTE = b"Seen at the border on 16 June.\n"


def _exchange(callers: Callers, office: Office) -> dict[str, dict[str, Any]]:
    """Every operation once, in the order of a working day: what was sent, and what came back."""
    owner, asker = callers(NL), callers(DE)
    done: dict[str, dict[str, Any]] = {}

    def send(caller: Any, operation: str, method: str, path: str, body: object = None) -> Any:
        answer = caller(method, path, body)
        assert answer.status_code in (200, 204), (operation, answer.content)
        done[operation] = {} if body is None or isinstance(body, bytes) else {"request": body}
        if answer.status_code == 204:
            return None
        kind = answer.headers["Content-Type"]
        if kind.startswith("text/"):
            done[operation]["response"] = "".join(answer.content.decode().splitlines(keepends=True)[:SHOWN])[:300]
            return None
        if "spreadsheet" in kind:
            done[operation]["response"] = "the bytes of the form"
            return None
        if kind == "application/octet-stream":
            done[operation]["response"] = answer.content.decode()
            return None
        told = json.loads(answer.content)
        done[operation]["response"] = _short(told)
        return told

    given = send(
        owner,
        "contribute",
        "POST",
        "/contributions",
        {
            "title": "Controls of June",
            "source_list": "controls",
            "handling": SUSPECT | {"conditions": ["no_court"]},
            "records": [
                {
                    "key": "p-118",
                    "thing": "Person",
                    "claims": [
                        {"property": "name", "value": "Jan Vermeulen", "evaluation": "B2"},
                        {"property": "birthDate", "value": "1964-07"},
                    ],
                },
                {"key": "p-119", "thing": "Person", "claims": [{"property": "name", "value": "Johannes Vermeulen"}]},
            ],
        },
    )
    record, other = given["records"]["p-118"], given["records"]["p-119"]
    answer = send(asker, "check", "POST", "/checks", {"text": "Jan Vermeulen", "birth_date": "1964-07"})
    send(asker, "check_many", "POST", "/checks/batch", {"questions": [{"text": "Piet Hein"}, {"text": "..."}]})
    send(asker, "answer_again", "GET", f"/checks/{answer['check']}")
    send(asker, "hits", "GET", "/hits")
    hit = answer["hits"][0]["reference"]
    ruling = {"ruling": "same", "reason": "same_name_and_birth", "note": "seen with the same document"}
    send(asker, "rule", "POST", f"/hits/{hit}/verdict", ruling)
    send(owner, "notices", "GET", "/notices")
    send(asker, "records", "GET", "/records?newest=1")
    send(owner, "chart_ways", "POST", "/charts/ways", {"start": record, "end": other})
    judged = {"left": record, "right": other, "ruling": "same", "reason": "same photograph", "handling": SUSPECT}
    waits = send(owner, "judge", "POST", "/judgements", judged | {"second_officer": True})["judgement"]
    send(callers(NL, "analyst"), "confirm_judgement", "POST", f"/judgements/{waits}/confirm")
    send(owner, "revoke_judgement", "POST", f"/judgements/{waits}/revoke", {"reason": "the photograph was another"})
    judgement = send(owner, "judge", "POST", "/judgements", judged)["judgement"]
    send(asker, "suggestions", "GET", "/suggestions?size=1")
    send(asker, "suggestions_for", "GET", f"/records/{record}/suggestions")
    send(asker, "order_suggestions", "POST", "/suggestions/looks")
    send(owner, "judgements", "GET", "/judgements")
    send(owner, "judging_rules", "GET", "/judging-rules")
    send(owner, "set_judging_rules", "PUT", "/judging-rules", {"four_eyes": False})
    send(asker, "record", "GET", f"/records/{record}")
    send(asker, "entity", "POST", f"/entities/{record}", {})
    send(owner, "entity_exchanges", "GET", f"/entities/{record}/exchanges")
    send(owner, "entity_export", "POST", f"/entities/{record}/export", {"form": "csv", "part": True})
    send(asker, "why_not", "GET", f"/records/{record}/why-not?action=court")
    send(owner, "who_may", "GET", f"/records/{record}/who-may?action=court")
    released = {"record": record, "grantee": DE, "action": "court", "purposes": ["18.2.a"], "until": "2026-12-31"}
    send(owner, "release", "POST", "/releases", released)
    shown = {"records": [record], "depth": 1}
    send(asker, "chart_draw", "POST", "/charts/draw", shown)
    kept = send(owner, "chart_keep", "POST", "/charts", {**shown, "title": "Controls of June", "handling": SUSPECT})
    send(asker, "charts", "GET", "/charts")
    send(asker, "chart", "GET", f"/charts/{kept['piece']}")
    send(owner, "chart_export", "POST", f"/charts/{kept['piece']}/export", {"form": "csv"})
    network = {"names": ["Harbour ring"], "rounds": ["2026"], "members": [{"record": record}], "handling": SUSPECT}
    made = send(owner, "dossier_make", "POST", "/dossiers", network)["piece"]
    send(owner, "dossier_member", "POST", f"/dossiers/{made}/members", {"record": other, "certainty": "B2"})
    ruled = {"record": other, "standing": "confirmed", "role": "broker"}
    send(owner, "dossier_rule", "POST", f"/dossiers/{made}/rulings", ruled)
    send(asker, "dossiers", "GET", "/dossiers")
    send(asker, "dossier", "GET", f"/dossiers/{made}")
    send(asker, "dossier_measures", "GET", f"/dossiers/{made}/measures")
    send(asker, "dossier_mappings", "POST", "/dossiers/mappings", {"earlier": "2024", "later": "2026"})
    handling = office.handling(NL, content="non_personal")
    held = hold_matching(office.node, office.officer(NL), "Networks 2026", "2026-06-30", handling)
    numbers = ["IMO 9074729", "+31 20 555 0101", "+31 20 555 0102"]
    send(owner, "nominate", "POST", "/dossiers/nominations", {"round": held, "contact": "Desk", "identifiers": numbers})
    send(owner, "nominations", "GET", "/dossiers/nominations")
    send(owner, "picture_map", "POST", "/picture/map", {"since": "2026"})
    send(owner, "picture_timeline", "POST", "/picture/timeline", {"records": [record]})
    send(owner, "picture_matrix", "POST", "/picture/matrix", {"kinds": ["Ownership"]})
    send(owner, "picture_export", "POST", "/picture/timeline/export", {"form": "csv"})
    _questions(office, owner, send)
    send(owner, "export", "GET", "/export")
    _threads(callers, office, send)
    exchange_programme(office, callers, send)
    send(owner, "take_back", "DELETE", f"/judgements/{judgement}")
    send(owner, "withdraw", "POST", f"/contributions/{given['contribution']}/withdraw", {"reason": "wrong"})
    send(owner, "lists", "GET", "/words")
    send(owner, "words", "GET", "/words/legal_grounds")
    send(owner, "directory", "GET", "/directory")
    send(owner, "ledger_head", "GET", "/ledger/head")
    return done


def _questions(office: Office, owner: Any, send: Any) -> None:
    asked = {"things": ["Vessel"], "where": {"conditions": [{"kind": "said", "property": "flag", "value": "PA"}]}}
    send(owner, "question_ask", "POST", "/questions/ask", {"question": asked})
    send(owner, "question_words", "POST", "/questions/words", {"question": asked})
    with office.node.store.transaction() as tx:  # there is little to look through here: it would be answered at once
        long = order_job(
            tx, office.officer(NL), "question", encode_question(read_question(json.dumps(asked).encode())), total=2
        )
    send(owner, "question_run", "GET", f"/questions/runs/{long}")
    send(owner, "question_stop", "POST", f"/questions/runs/{long}/stop")
    kept = {"question": asked, "title": "Vessels of Panama", "handling": SUSPECT}
    piece = send(owner, "question_keep", "POST", "/questions", kept)["piece"]
    send(owner, "questions", "GET", "/questions")
    send(owner, "question", "GET", f"/questions/{piece}")
    standing = send(owner, "question_stand", "POST", f"/questions/{piece}/standing", {"until": "2026-12-01"})
    send(owner, "standing_questions", "GET", "/standing-questions")
    send(owner, "standing_question", "GET", f"/standing-questions/{standing['reference']}")
    send(owner, "standing_question_end", "POST", f"/standing-questions/{standing['reference']}/end")


def _threads(callers: Callers, office: Office, send: Any) -> None:
    asker, asked, front = callers(NL), callers(DE, "liaison_officer"), callers(NL, "analyst")
    send(asker, "procedures", "GET", "/procedures")
    send(asker, "form", "GET", "/procedures/information_request/forms/refuse")
    values = {name: list(value) if isinstance(value, tuple) else value
              for name, value in answers(definition("information_request"), "open").items()}  # fmt: skip
    opened = {
        "procedure": "information_request",
        "parties": {DE: "requested"},
        "title": "Lorry seen at the border",
        "case": "case-7",
        "handling": SUSPECT | {"communities": []},
        "step": {"code": "open", "values": values},
    }
    send(asker, "preview_opening", "POST", "/threads/preview", opened)
    thread = send(asker, "open_thread", "POST", "/threads", opened)["thread"]
    send(asked, "inbox", "GET", "/inbox?folder=all")
    send(asker, "awaited", "GET", "/awaited")
    send(asker, "search_threads", "POST", "/threads/search", {"text": "lorry"})
    begun = {"name": "note.txt", "size": len(NOTE), "sha256": hashlib.sha256(NOTE).hexdigest()}
    file = send(asked, "begin_attachment", "POST", "/attachments", begun)["reference"]
    send(asked, "send_piece", "PUT", f"/attachments/{file}/pieces/0", NOTE)
    send(asked, "upload_state", "GET", f"/attachments/{file}")
    send(asked, "finish_attachment", "POST", f"/attachments/{file}/finish")
    other = asked.post("/attachments", begun)["reference"]
    send(asked, "discard_attachment", "DELETE", f"/attachments/{other}")
    send(asked, "take_thread", "POST", f"/threads/{thread}/take")
    send(asked, "add_note", "POST", f"/threads/{thread}/notes", {"text": "The register was asked."})
    send(asked, "assign_thread", "POST", f"/threads/{thread}/desk", {"officer": f"{DE}/case_officer"})
    send(asked, "hand_over", "POST", "/hand-over", {"colleague": f"{DE}/case_officer"})
    answer = {"code": "answer", "values": {"answer": "The lorry is known here."}, "attachments": [file]}
    send(asked, "preview_step", "POST", f"/threads/{thread}/steps/preview", answer)
    send(asked, "take_step", "POST", f"/threads/{thread}/steps", answer)
    send(asker, "thread", "GET", f"/threads/{thread}")
    send(asker, "export_thread", "GET", f"/threads/{thread}/export")
    send(asker, "read_attachment", "GET", f"/threads/{thread}/attachments/{file}")
    send(asker, "figures", "GET", "/procedures/information_request/statistics?since=2026-06-01&until=2026-06-30")
    settle_desk_rules(office.node, office.officer(NL, "administrator"), DeskRules(approval=("information_request",)))
    waiting = [front.post("/threads", opened)["draft"] for _ in range(2)]
    send(asker, "drafts", "GET", "/drafts")
    send(asker, "approve_draft", "POST", f"/drafts/{waiting[0]}/approve")
    send(asker, "return_draft", "POST", f"/drafts/{waiting[1]}/return", {"remark": "Say which lorry."})
    keeper = callers(NL, "administrator")
    send(keeper, "procedure_schema", "GET", "/procedure-schema")
    send(keeper, "check_procedure", "POST", "/procedures/check", {"file": EXAMPLE})
    send(keeper, "dry_run", "POST", "/procedures/dry-run", {"file": EXAMPLE, "moves": MOVES})
    send(keeper, "propose_procedure", "POST", "/procedures", {"file": EXAMPLE})
    second = callers(DE, "administrator")
    send(second, "proposed_procedures", "GET", "/procedures/proposed")
    digest = hashlib.sha256(EXAMPLE.encode()).hexdigest()
    send(second, "publish_procedure", "POST", "/procedures/call_back/1/publish", {"digest": digest})
    keeper.post("/procedures", {"file": EXAMPLE.replace('"version": 1', '"version": 2', 1)})
    send(keeper, "withdraw_procedure", "DELETE", "/procedures/call_back/2")


def _short(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _short(value) for name, value in told.items()}
    return [_short(value) for value in told[:SHOWN]] if isinstance(told, list) else told


def _told_alike(done: dict[str, Any]) -> str:
    """The text of the examples, with references of its own in place of those that came by chance."""
    head = done["ledger_head"]["response"]["head"]
    assert OF_THE_HEAD.keys() <= head.keys()
    head.update(OF_THE_HEAD)
    text = json.dumps(done, indent=1, ensure_ascii=False) + "\n"
    found: dict[str, str] = {}
    return CHANCE.sub(
        lambda met: found.setdefault(met[0], hashlib.sha256(b"example %d" % len(found)).hexdigest()[: len(met[0])]),
        text,
    )


def test_the_examples_of_the_description_are_true(callers: Callers, office: Office) -> None:
    done = _exchange(callers, office)
    parts = done["procedure_schema"]["response"]["file"]["$defs"]
    done["procedure_schema"]["response"]["file"]["$defs"] = {name: parts[name] for name in ("Role", "State")}
    for operation in ("check_procedure", "dry_run", "propose_procedure"):
        done[operation]["request"]["file"] = '{"code": "call_back", "version": 1, ...}'
    done["proposed_procedures"]["response"]["procedures"][0]["text"] = '{"code": "call_back", "version": 1, ...}'
    text = _told_alike(done)
    if os.environ.get("ALIDADE_UPDATE_REFERENCE") == "1":
        description._EXAMPLES.write_text(text, encoding="utf-8")
    assert {operation["operationId"] for operation in operations(api.get_openapi_schema())} == set(done)
    assert description._EXAMPLES.read_text(encoding="utf-8") == text
