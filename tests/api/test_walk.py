"""The walk: every address, with every kind of token, over what is one's own, another's, and not there at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from callers import Caller, Callers
from django.http import HttpResponse
from opening_letter import opening_given
from personas import DE, FR, NL, ROLES, VE, Office, draft, words
from procedure_texts import EXAMPLE, MOVES
from programme_things import programme_things
from programme_walk import PROGRAMME_WALK, PROGRAMME_WITH_REFERENCE
from thread_cases import opening, request, upload

from alidade.api.description import operations
from alidade.api.face import api
from alidade.model.errors import NotAllowed
from alidade.services.job_orders import order_job
from alidade.services.officers import change_officer, end_access
from alidade.services.picture.chart import named
from alidade.services.picture.chart_state import ChartState
from alidade.services.picture.charts import keep_chart
from alidade.services.picture.dossier_state import Dossier, Member
from alidade.services.picture.dossiers import make_dossier
from alidade.services.picture.judging import rule
from alidade.services.picture.nominations import hold_matching
from alidade.services.picture.question_keeping import keep_question
from alidade.services.picture.question_terms import encode_question, read_question
from alidade.services.picture.standing_questions import make_question_standing
from alidade.services.threads.attachments import begin_attachment
from alidade.services.threads.managing import DeskRules, settle_desk_rules
from alidade.services.threads.opening import open_thread
from alidade.services.threads.publishing import propose_procedure
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import StepOrder
from alidade.services.tokens import end_token, make_token

ABSENT = "0" * 32
HANDLING = {"communities": ["all"], "subject_category": "suspect_or_convicted"}
RECORD = {"key": "9", "thing": "Person", "claims": [{"property": "name", "value": "Ann"}]}
PIECE = b"Seen at the border.\n"
MESSAGE = {"code": "message", "note": "Hello."}
QUESTION = {"things": ["Vessel"], "where": {"conditions": [{"kind": "said", "property": "flag", "value": "PA"}]}}
NUMBERS = ["IMO 9074729", "+31 20 555 0101", "+31 20 555 0102"]


@dataclass(frozen=True)
class Things:
    """What there is of one authority's, to be asked for by others."""

    check: str
    hit: str
    contribution: str
    record: str
    other: str
    judgement: str
    to_confirm: str
    to_revoke: str
    thread: str
    coming: str
    sent: str
    to_approve: str
    to_return: str
    proposed: str
    chart: str
    question: str
    standing: str
    run: str
    dossier: str
    round: str
    paper: str
    earlier: str
    said: str
    to_verify: str
    proposals: str
    asked: str
    meeting: str
    report: str
    evaluation: str

    @classmethod
    def of(cls, office: Office, owner: str, name: str, role: str = "case_officer") -> Things:
        """Things of an authority; the file that is coming is that of its officer in this role."""
        closed = office.handling(owner, communities=(), hit="silent")
        apart = [draft(key, name=f"Sam Apart {key}") for key in "345"]
        given = office.give(draft("1", name=name), draft("2", name=name), *apart, by=owner, handling=closed)
        assert given.contribution is not None
        answer = office.ask(owner, name)
        left, right = given.records["1"], given.records["2"]
        proposer = office.officer(owner, "analyst" if role == "case_officer" else "case_officer")
        rulings = [
            rule(
                office.node, proposer, given.records[a], given.records[b], "same", "r", closed, second_officer=a == "3"
            )
            for a, b in ("34", "45", "35")
        ]
        writer, actor = office.officer(owner), office.officer(owner, role)
        thread = request(office, by=owner, to=FR)
        sent = upload(office, writer, b"A file that was sent.\n")
        take_step(office.node, writer, thread, StepOrder(code="message", note="See.", attachments=(sent,)))
        rules = DeskRules(approval=("spontaneous_information",))
        settle_desk_rules(office.node, office.officer(owner, "administrator"), rules)
        front, giving = office.officer(owner, "front_line_officer"), "spontaneous_information"
        drafts = [open_thread(office.node, front, opening(office, giving, by=owner, to=FR)).draft for _ in range(2)]
        proposed = f"call_back_{owner[:2]}"
        keeper = office.officer(FR, "administrator")  # another one than whoever publishes
        propose_procedure(office.node, keeper, _own(proposed).encode())
        coming = ABSENT
        if "thread_step" in words().roles[role].acts:
            digest = hashlib.sha256(PIECE).hexdigest()
            coming = begin_attachment(office.node, actor, name="n.txt", size=len(PIECE), sha256=digest).reference
        return cls(
            **_pieces(office, owner, role, left),
            **programme_things(office, owner),
            thread=thread,
            coming=coming,
            sent=sent,
            to_approve=drafts[0],
            to_return=drafts[1],
            proposed=proposed,
            check=answer.check,
            hit=answer.hits[0].reference,
            contribution=given.contribution,
            record=left,
            other=right,
            to_confirm=rulings[0].judgement,
            to_revoke=rulings[1].judgement,
            judgement=rulings[2].judgement,
        )


def _pieces(office: Office, owner: str, role: str, record: str) -> dict[str, str]:
    """What an authority has drawn, asked and written; the questions that run are those of its officer in this role."""
    node, writer, actor = office.node, office.officer(owner), office.officer(owner, role)
    closed = office.handling(owner, communities=(), hit="silent")
    of_round = office.handling(owner, communities=(), content="non_personal")
    asked = read_question(json.dumps(QUESTION).encode())
    question = keep_question(node, writer, asked, "Vessels", handling=closed).piece
    standing = run = ABSENT
    if "picture_read" in words().roles[role].acts:
        standing = make_question_standing(node, actor, question, "2026-12-01")
        with node.store.transaction() as tx:
            run = order_job(tx, actor, "question", encode_question(asked), total=2)
    network = Dossier(names=("Ring",), members=(Member(record=record),))
    return {
        "chart": keep_chart(node, writer, ChartState(starts=named([record])), "Ring", handling=closed).piece,
        "question": question,
        "standing": standing,
        "run": run,
        "dossier": make_dossier(node, writer, network, closed),
        "round": hold_matching(node, writer, "Networks 2026", "2026-12-01", of_round),
    }


def _own(code: str) -> str:
    """The example of the guide under another code."""
    return EXAMPLE.replace('"code": "call_back"', f'"code": "{code}"', 1)


NOTHING = Things(**dict.fromkeys(Things.__dataclass_fields__, ABSENT) | {"other": "1" * 32})


def _no_body(_: Things) -> None:
    return None


# operation: (act that it needs, or None; method; address; body)
WALK: dict[str, tuple[str | None, str, Callable[[Things], str], Callable[[Things], Any]]] = {
    "check": ("check", "POST", lambda t: "/checks", lambda t: {"text": "Ann Other"}),
    "check_many": ("check_batch", "POST", lambda t: "/checks/batch", lambda t: {"questions": [{"text": "Ann Other"}]}),
    "answer_again": ("check", "GET", lambda t: f"/checks/{t.check}", _no_body),
    "hits": ("verdict", "GET", lambda t: "/hits", _no_body),
    "rule": (
        "verdict",
        "POST",
        lambda t: f"/hits/{t.hit}/verdict",
        lambda t: {"ruling": "same", "reason": "same_context"},
    ),
    "notices": ("notices_read", "GET", lambda t: "/notices", _no_body),
    "contribute": (
        "contribute",
        "POST",
        lambda t: "/contributions",
        lambda t: {"title": "new", "handling": HANDLING, "records": [RECORD]},
    ),
    "records": ("record_read", "GET", lambda t: "/records", _no_body),
    "record": ("record_read", "GET", lambda t: f"/records/{t.record}", _no_body),
    "entity": ("picture_read", "POST", lambda t: f"/entities/{t.record}", lambda t: {"at": "2026-06-16"}),
    "entity_exchanges": ("thread_read", "GET", lambda t: f"/entities/{t.record}/exchanges", _no_body),
    "entity_export": ("export", "POST", lambda t: f"/entities/{t.record}/export", lambda t: {"form": "csv"}),
    "why_not": ("record_read", "GET", lambda t: f"/records/{t.record}/why-not?action=court", _no_body),
    "who_may": ("record_read", "GET", lambda t: f"/records/{t.record}/who-may", _no_body),
    "chart_ways": (
        "picture_read",
        "POST",
        lambda t: "/charts/ways",
        lambda t: {"start": t.record, "end": t.other},
    ),  # before they are one
    "judge": (
        "judge",
        "POST",
        lambda t: "/judgements",
        lambda t: {"left": t.record, "right": t.other, "ruling": "same", "reason": "so", "handling": HANDLING},
    ),
    "suggestions": ("judge", "GET", lambda t: "/suggestions?order=certainty&size=5", _no_body),
    "order_suggestions": ("judge", "POST", lambda t: "/suggestions/looks", _no_body),
    "suggestions_for": ("judge", "GET", lambda t: f"/records/{t.record}/suggestions", _no_body),
    "judgements": ("judge", "GET", lambda t: "/judgements", _no_body),
    "confirm_judgement": ("judge", "POST", lambda t: f"/judgements/{t.to_confirm}/confirm", _no_body),
    "judging_rules": ("judge", "GET", lambda t: "/judging-rules", _no_body),
    "set_judging_rules": ("judgement_rules", "PUT", lambda t: "/judging-rules", lambda t: {"four_eyes": False}),
    "revoke_judgement": ("judge", "POST", lambda t: f"/judgements/{t.to_revoke}/revoke", lambda t: {"reason": "so"}),
    "take_back": ("judge", "DELETE", lambda t: f"/judgements/{t.judgement}", _no_body),
    "release": (
        "release",
        "POST",
        lambda t: "/releases",
        lambda t: {"record": t.record, "grantee": VE, "action": "read", "purposes": ["18.2.a"]},
    ),
    "picture_map": ("picture_read", "POST", lambda t: "/picture/map", lambda t: {"since": "2026"}),
    "picture_timeline": ("picture_read", "POST", lambda t: "/picture/timeline", lambda t: {"records": [t.record]}),
    "picture_matrix": ("picture_read", "POST", lambda t: "/picture/matrix", lambda t: {}),
    "picture_export": ("export", "POST", lambda t: "/picture/timeline/export", lambda t: {"form": "csv"}),
    "chart_draw": ("picture_read", "POST", lambda t: "/charts/draw", lambda t: {"records": [t.record]}),
    "charts": ("picture_read", "GET", lambda t: "/charts", _no_body),
    "chart_keep": (
        "piece_keep",
        "POST",
        lambda t: "/charts",
        lambda t: {"records": [t.record], "title": "Ring", "handling": HANDLING},
    ),
    "chart": ("picture_read", "GET", lambda t: f"/charts/{t.chart}", _no_body),
    "chart_export": ("export", "POST", lambda t: f"/charts/{t.chart}/export", lambda t: {"form": "csv"}),
    "question_ask": ("picture_read", "POST", lambda t: "/questions/ask", lambda t: {"question": QUESTION}),
    "question_words": (
        "picture_read",
        "POST",
        lambda t: "/questions/words",
        lambda t: {"question": {"where": {"conditions": [{"kind": "tied", "named": [{"record": t.record}]}]}}},
    ),
    "question_run": ("picture_read", "GET", lambda t: f"/questions/runs/{t.run}", _no_body),
    "question_stop": ("picture_read", "POST", lambda t: f"/questions/runs/{t.run}/stop", _no_body),
    "questions": ("picture_read", "GET", lambda t: "/questions", _no_body),
    "question_keep": (
        "piece_keep",
        "POST",
        lambda t: "/questions",
        lambda t: {"question": QUESTION, "title": "Vessels", "handling": HANDLING},
    ),
    "question": ("picture_read", "GET", lambda t: f"/questions/{t.question}", _no_body),
    "question_stand": (
        "piece_keep",
        "POST",
        lambda t: f"/questions/{t.question}/standing",
        lambda t: {"until": "2026-12-01"},
    ),
    "standing_questions": ("picture_read", "GET", lambda t: "/standing-questions", _no_body),
    "standing_question": ("picture_read", "GET", lambda t: f"/standing-questions/{t.standing}", _no_body),
    "standing_question_end": ("piece_keep", "POST", lambda t: f"/standing-questions/{t.standing}/end", _no_body),
    "dossiers": ("picture_read", "GET", lambda t: "/dossiers", _no_body),
    "dossier_make": (
        "dossier_manage",
        "POST",
        lambda t: "/dossiers",
        lambda t: {"names": ["Ring"], "handling": HANDLING},
    ),
    "dossier": ("picture_read", "GET", lambda t: f"/dossiers/{t.dossier}", _no_body),
    "dossier_measures": ("network_measure", "GET", lambda t: f"/dossiers/{t.dossier}/measures", _no_body),
    "dossier_member": (
        "dossier_manage",
        "POST",
        lambda t: f"/dossiers/{t.dossier}/members",
        lambda t: {"record": t.other},
    ),
    "dossier_rule": (
        "dossier_manage",
        "POST",
        lambda t: f"/dossiers/{t.dossier}/rulings",
        lambda t: {"record": t.record, "standing": "confirmed"},
    ),
    "dossier_mappings": (
        "picture_read",
        "POST",
        lambda t: "/dossiers/mappings",
        lambda t: {"earlier": "2024", "later": "2026"},
    ),
    "nominations": ("dossier_manage", "GET", lambda t: "/dossiers/nominations", _no_body),
    "nominate": (
        "dossier_manage",
        "POST",
        lambda t: "/dossiers/nominations",
        lambda t: {"round": t.round, "contact": "Desk", "identifiers": NUMBERS},
    ),
    "export": ("export", "GET", lambda t: "/export", _no_body),
    "procedures": ("thread_read", "GET", lambda t: "/procedures", _no_body),
    "form": ("thread_read", "GET", lambda t: "/procedures/information_request/forms/open", _no_body),
    "procedure_schema": (None, "GET", lambda t: "/procedure-schema", _no_body),
    "check_procedure": ("procedure_manage", "POST", lambda t: "/procedures/check", lambda t: {"file": EXAMPLE}),
    "dry_run": (
        "procedure_manage",
        "POST",
        lambda t: "/procedures/dry-run",
        lambda t: {"file": EXAMPLE, "moves": MOVES},
    ),
    "propose_procedure": ("procedure_manage", "POST", lambda t: "/procedures", lambda t: {"file": EXAMPLE}),
    "proposed_procedures": ("procedure_manage", "GET", lambda t: "/procedures/proposed", _no_body),
    "withdraw_procedure": ("procedure_manage", "DELETE", lambda t: "/procedures/call_back/1", _no_body),
    "publish_procedure": (
        "procedure_manage",
        "POST",
        lambda t: f"/procedures/{t.proposed}/1/publish",
        lambda t: {"digest": hashlib.sha256(_own(t.proposed).encode()).hexdigest()},
    ),
    "figures": (
        "thread_statistics",
        "GET",
        lambda t: "/procedures/information_request/statistics?since=2026-06-01&until=2026-06-30",
        _no_body,
    ),
    "inbox": ("thread_read", "GET", lambda t: "/inbox?folder=awaited", _no_body),
    "awaited": ("thread_read", "GET", lambda t: "/awaited", _no_body),
    "search_threads": ("thread_read", "POST", lambda t: "/threads/search", lambda t: {"text": "lorry"}),
    "preview_opening": ("thread_open", "POST", lambda t: "/threads/preview", lambda t: opening_given(FR)),
    "open_thread": ("thread_open", "POST", lambda t: "/threads", lambda t: opening_given(FR)),
    "thread": ("thread_read", "GET", lambda t: f"/threads/{t.thread}", _no_body),
    "export_thread": ("export", "GET", lambda t: f"/threads/{t.thread}/export", _no_body),
    "preview_step": ("thread_step", "POST", lambda t: f"/threads/{t.thread}/steps/preview", lambda t: MESSAGE),
    "take_step": ("thread_step", "POST", lambda t: f"/threads/{t.thread}/steps", lambda t: MESSAGE),
    "add_note": ("thread_step", "POST", lambda t: f"/threads/{t.thread}/notes", lambda t: {"text": "Ask the desk."}),
    "take_thread": ("thread_step", "POST", lambda t: f"/threads/{t.thread}/take", _no_body),
    "assign_thread": (
        "thread_assign",
        "POST",
        lambda t: f"/threads/{t.thread}/desk",
        lambda t: {"officer": f"{NL}/analyst"},
    ),
    "hand_over": ("thread_step", "POST", lambda t: "/hand-over", lambda t: {"colleague": f"{NL}/analyst"}),
    "drafts": ("thread_read", "GET", lambda t: "/drafts", _no_body),
    "approve_draft": ("thread_approve", "POST", lambda t: f"/drafts/{t.to_approve}/approve", _no_body),
    "return_draft": (
        "thread_approve",
        "POST",
        lambda t: f"/drafts/{t.to_return}/return",
        lambda t: {"remark": "Say more."},
    ),
    "begin_attachment": (
        "thread_step",
        "POST",
        lambda t: "/attachments",
        lambda t: {"name": "n.txt", "size": 5, "sha256": "0" * 64},
    ),
    "send_piece": ("thread_step", "PUT", lambda t: f"/attachments/{t.coming}/pieces/0", lambda t: PIECE),
    "upload_state": ("thread_step", "GET", lambda t: f"/attachments/{t.coming}", _no_body),
    "finish_attachment": ("thread_step", "POST", lambda t: f"/attachments/{t.coming}/finish", _no_body),
    "discard_attachment": ("thread_step", "DELETE", lambda t: f"/attachments/{t.coming}", _no_body),
    "read_attachment": ("thread_read", "GET", lambda t: f"/threads/{t.thread}/attachments/{t.sent}", _no_body),
    **PROGRAMME_WALK,
    "lists": (None, "GET", lambda t: "/words", _no_body),
    "words": (None, "GET", lambda t: "/words/purposes", _no_body),
    "directory": (None, "GET", lambda t: "/directory", _no_body),
    "ledger_head": (None, "GET", lambda t: "/ledger/head", _no_body),
    "withdraw": (
        "withdraw",
        "POST",
        lambda t: f"/contributions/{t.contribution}/withdraw",
        lambda t: {"reason": "wrong"},
    ),  # last, for what is withdrawn is gone
}
WITH_REFERENCE = (
    "entity", "entity_exchanges", "entity_export",
    "answer_again", "rule", "withdraw", "record", "why_not", "who_may", "judge", "take_back",
    "confirm_judgement", "revoke_judgement", "suggestions_for", "release",
    "thread", "export_thread", "preview_step", "take_step", "add_note", "take_thread", "assign_thread",
    "approve_draft", "return_draft", "send_piece", "upload_state", "finish_attachment", "discard_attachment",
    "read_attachment",
    "chart_draw", "chart_ways", "chart", "chart_export", "question", "question_run", "question_stop", "question_stand",
    "standing_question", "standing_question_end", "dossier", "dossier_measures", "dossier_member", "dossier_rule",
    "nominate",
    *PROGRAMME_WITH_REFERENCE,
)  # fmt: skip
TOKEN_ROLES = tuple(role for role in ROLES if "token_manage" in words().roles[role].acts)


def _ask(caller: Caller, operation: str, things: Things) -> HttpResponse:
    _, method, path, body = WALK[operation]
    return caller(method, path(things), body(things))


def _headers(answer: HttpResponse) -> dict[str, str]:
    """The headers without the number under which the request stands in the log, which is by chance."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


def test_no_address_is_forgotten() -> None:
    assert {operation["operationId"] for operation in operations(api.get_openapi_schema())} == set(WALK)


@pytest.mark.parametrize("role", ROLES)
def test_a_token_is_made_exactly_by_roles_that_list_it(callers: Callers, role: str) -> None:
    if role in TOKEN_ROLES:
        callers(NL, role)
        return
    with pytest.raises(NotAllowed, match="token_manage"):
        callers(NL, role)


@pytest.mark.parametrize("role", TOKEN_ROLES)
def test_each_address_answers_exactly_where_role_and_token_list_the_act(
    callers: Callers, office: Office, role: str
) -> None:
    own = Things.of(office, NL, "Jan Vermeulen", role)
    acts = words().roles[role].acts
    caller = callers(NL, role)
    others = {act: callers(NL, role, acts=tuple(set(acts) - {act, "token_manage"})) for act in acts}
    for operation, (act, *_) in WALK.items():
        if "export" in operation:
            office.clock.move(hours=1)  # the allowance of exports is another test's
        if act in acts:
            refused = _ask(others[act], operation, own)
            assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/problem+json")
            assert office.newest_entry() == (act, "refused"), operation
        answer = _ask(caller, operation, own)
        if act is not None and act not in acts:
            assert answer.status_code == 403, operation
        else:
            assert answer.status_code in (200, 204), (operation, answer.content)


@pytest.mark.parametrize("role", TOKEN_ROLES)
def test_what_is_anothers_and_what_is_not_there_answer_in_the_same_bytes(
    callers: Callers, office: Office, role: str
) -> None:
    foreign = Things.of(office, NL, "Jan Vermeulen")
    caller = callers(DE, role)
    for operation in WITH_REFERENCE:
        if "export" in operation:
            office.clock.move(hours=1)  # the allowance of exports is another test's
        there, nowhere = (_ask(caller, operation, things) for things in (foreign, NOTHING))
        assert there.status_code in (403, 404), operation
        assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), operation
        assert _headers(there) == _headers(nowhere), operation


def _tokens_of_no_force(callers: Callers, office: Office) -> dict[str, Caller]:
    owner = office.officer(NL)
    everything = tuple(set(words().roles["case_officer"].acts) - {"token_manage"})
    ended = make_token(office.node, owner, name="ended", acts=everything)
    expired = make_token(office.node, owner, name="expired", acts=everything, days=1)
    end_token(office.node, owner, ended.token.id)
    leaver = callers(NL, "liaison_officer")
    end_access(office.node, office.officer(NL, "administrator"), office.officer(NL, "liaison_officer").officer)
    office.clock.move(hours=24)
    return {
        "none": callers.nobody(),
        "unknown": Caller("alidade_" + "A" * 43),
        "no text": Caller("Jürgen"),
        "ended": Caller(ended.secret),
        "expired": Caller(expired.secret),
        "of one who left": leaver,
    }


def test_no_address_answers_without_a_token_in_force(callers: Callers, office: Office) -> None:
    own = Things.of(office, NL, "Jan Vermeulen")
    size = None
    for which, caller in _tokens_of_no_force(callers, office).items():
        size = size or office.ledger_size()
        answers = {operation: _ask(caller, operation, own) for operation in WALK}
        assert {answer.status_code for answer in answers.values()} == {401}, which
        assert {answer.content for answer in answers.values()} == {answers["hits"].content}, which
        assert answers["hits"].headers["WWW-Authenticate"].startswith("Bearer"), which
        if which != "none":
            assert b"token_unknown" in answers["hits"].content, which
    assert office.ledger_size() == size


def test_a_right_that_is_taken_away_ends_with_the_next_request(callers: Callers, office: Office) -> None:
    caller = callers(NL)
    admin, officer = office.officer(NL, "administrator"), office.officer(NL).officer
    assert caller("GET", "/export").status_code == 200
    change_officer(office.node, admin, officer, role="front_line_officer")
    assert caller("GET", "/export").status_code == 403
    assert caller("GET", "/records").status_code == 200
    end_access(office.node, admin, officer)
    assert caller("GET", "/records").status_code == 401
