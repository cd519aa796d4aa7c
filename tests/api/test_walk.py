"""The walk: every address, with every kind of token, over what is one's own, another's, and not there at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from callers import Caller, Callers
from django.http import HttpResponse
from opening_letter import opening_given
from personas import DE, FR, NL, ROLES, VE, Office, draft, words
from procedure_texts import EXAMPLE, MOVES
from thread_cases import opening, request, upload

from alidade.api.description import operations
from alidade.api.face import api
from alidade.model.errors import NotAllowed
from alidade.services.officers import change_officer, end_access
from alidade.services.picture.judging import judge
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


@dataclass(frozen=True)
class Things:
    """What there is of one authority's, to be asked for by others."""

    check: str
    hit: str
    contribution: str
    record: str
    other: str
    judgement: str
    thread: str
    coming: str
    sent: str
    to_approve: str
    to_return: str
    proposed: str

    @classmethod
    def of(cls, office: Office, owner: str, name: str, role: str = "case_officer") -> Things:
        """Things of an authority; the file that is coming is that of its officer in this role."""
        closed = office.handling(owner, communities=(), hit="silent")
        given = office.give(draft("1", name=name), draft("2", name=name), by=owner, handling=closed)
        assert given.contribution is not None
        answer = office.ask(owner, name)
        left, right = given.records["1"], given.records["2"]
        ruling = judge(office.node, office.officer(owner), left, right, "same", "same phone", closed)
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
            judgement=ruling,
        )


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
    "confirm_judgement": ("judge", "POST", lambda t: f"/judgements/{t.judgement}/confirm", _no_body),
    "judging_rules": ("judge", "GET", lambda t: "/judging-rules", _no_body),
    "set_judging_rules": ("judgement_rules", "PUT", lambda t: "/judging-rules", lambda t: {"four_eyes": False}),
    "revoke_judgement": ("judge", "POST", lambda t: f"/judgements/{t.judgement}/revoke", lambda t: {"reason": "so"}),
    "take_back": ("judge", "DELETE", lambda t: f"/judgements/{t.judgement}", _no_body),
    "release": (
        "release",
        "POST",
        lambda t: "/releases",
        lambda t: {"record": t.record, "grantee": VE, "action": "read", "purposes": ["18.2.a"]},
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
    "answer_again", "rule", "withdraw", "record", "why_not", "who_may", "judge", "take_back", "confirm_judgement", "revoke_judgement", "suggestions_for", "release",
    "thread", "export_thread", "preview_step", "take_step", "add_note", "take_thread", "assign_thread",
    "approve_draft", "return_draft", "send_piece", "upload_state", "finish_attachment", "discard_attachment",
    "read_attachment",
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
