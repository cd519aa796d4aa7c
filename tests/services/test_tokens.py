"""Tokens: a program acts for its officer, for one purpose and case, within acts that he lists, until a day."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from personas import CASE, DE, NL, Office, draft, words

from alidade.model.errors import AlidadeError, Conflict, Invalid, NotAllowed, NotFound, TooMany
from alidade.services.check import check
from alidade.services.finding import Question
from alidade.services.keeping import make_backup, restore_backup
from alidade.services.node import Node
from alidade.services.officers import change_officer, end_access, take_up_again
from alidade.services.records import export
from alidade.services.tokens import PREFIX, MadeToken, actor_of_token, end_token, limits, list_tokens, make_token, spend


def _made(office: Office, *acts: str, by: str = NL, role: str = "case_officer", days: int | None = 30) -> MadeToken:
    return make_token(office.node, office.officer(by, role), name="import", acts=acts or ("check",), days=days)


def _refusal(office: Office, secret: str) -> NotAllowed:
    with pytest.raises(NotAllowed) as refused:
        actor_of_token(office.node, secret)
    return refused.value


def test_a_program_has_the_officers_view_and_the_grounds_of_the_token(office: Office) -> None:
    made = _made(office, "check", "record_read")
    program, officer = actor_of_token(office.node, made.secret), office.officer(NL)

    assert program.viewer == officer.viewer
    assert (program.officer, program.role, program.case) == (officer.officer, officer.role, CASE)
    assert (program.legal_ground, program.justification) == (officer.legal_ground, officer.justification)
    assert program.acts == ("check", "record_read")
    assert program.token == made.token.id


def test_only_the_digest_of_the_secret_is_kept(office: Office) -> None:
    made = _made(office)

    assert made.secret.startswith(PREFIX)
    assert len(made.secret) == len(PREFIX) + 43
    assert made.secret.encode() not in office.files()
    assert hashlib.sha256(made.secret.encode()).hexdigest().encode() in office.files()
    assert made.secret not in repr(list_tokens(office.node, office.officer(NL)))


def test_a_program_does_what_its_token_lists_and_nothing_else(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    program = actor_of_token(office.node, _made(office, "check").secret)

    assert check(office.node, program, Question(text="Jan Vermeulen")).kind == "hit"
    assert dict(office.entries(NL)[0].details)["token"] == program.token
    with pytest.raises(NotAllowed) as refused:
        export(office.node, program)
    assert refused.value.code == "token_act"
    assert office.newest_entry() == ("export", "refused")


def test_an_act_that_the_role_no_longer_lists_is_gone_with_the_next_request(office: Office) -> None:
    made = _made(office, "check", "export")
    admin, officer = office.officer(NL, "administrator"), office.officer(NL).officer
    change_officer(office.node, admin, officer, role="front_line_officer")

    assert actor_of_token(office.node, made.secret).acts == ("check",)


def test_what_is_unknown_ended_or_run_out_is_refused_alike(office: Office) -> None:
    ended, expired, leaver = _made(office), _made(office, days=1), _made(office, role="analyst")
    end_token(office.node, office.officer(NL), ended.token.id)
    end_access(office.node, office.officer(NL, "administrator"), office.officer(NL, "analyst").officer)
    office.clock.move(days=1)
    refusals = [
        _refusal(office, secret)
        for secret in ("", PREFIX, "\ud800", PREFIX + "A" * 43, ended.secret, expired.secret, leaver.secret)
    ]

    assert {(one.code, one.message, one.remedy) for one in refusals} == {
        ("token_unknown", "The token is not in force.", "Make a new one: alidade token make.")
    }


def test_a_token_lasts_to_its_day_and_not_longer(office: Office) -> None:
    made = _made(office, days=1)
    office.clock.move(hours=23.99)
    assert actor_of_token(office.node, made.secret).token == made.token.id
    office.clock.move(hours=0.01)
    _refusal(office, made.secret)


def test_a_token_of_one_who_left_stays_ended_when_he_comes_back(office: Office) -> None:
    made = _made(office, role="analyst")
    admin, officer = office.officer(NL, "administrator"), office.officer(NL, "analyst").officer
    end_access(office.node, admin, officer)
    take_up_again(office.node, admin, officer)

    _refusal(office, made.secret)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_no_token_lasts_longer_than_is_permitted(office: Office, days: int) -> None:
    assert limits().longest_days == 90
    with pytest.raises(Invalid):
        _made(office, days=days)
    assert (_made(office, days=None).token.expires_at - office.clock.now()).days == 90


@pytest.mark.parametrize("acts", [("token_manage",), ("check", "authority_manage"), ("check", "nothing")])
def test_a_token_lists_acts_of_the_role_and_none_to_make_tokens(office: Office, acts: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        _made(office, *acts)
    assert refused.value.code == "token_acts"
    assert "token_manage" not in refused.value.remedy
    with pytest.raises(Invalid):
        make_token(office.node, office.officer(NL), name="none", acts=())


@pytest.mark.parametrize("missing", ["case", "legal_ground", "justification"])
def test_a_token_needs_all_its_grounds(office: Office, missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_token(office.node, office.officer(NL, **{missing: None}), name="x", acts=("check",))
    assert refused.value.code == "grounds_missing"
    with pytest.raises(Invalid):
        make_token(office.node, office.officer(NL), name=" ", acts=("check",))


@pytest.mark.parametrize(("name", "longest"), [("case", 200), ("justification", 500)])
def test_grounds_that_are_too_long_are_refused_and_not_cut(office: Office, name: str, longest: int) -> None:
    make_token(office.node, office.officer(NL, **{name: "x" * longest}), name="x", acts=("check",))
    with pytest.raises(Invalid):
        make_token(office.node, office.officer(NL, **{name: "x" * (longest + 1)}), name="x", acts=("check",))


def test_one_sees_and_ends_ones_own_tokens_alone(office: Office) -> None:
    mine = _made(office)
    colleague = office.officer(NL, "analyst")

    assert list_tokens(office.node, colleague) == []
    messages = set()
    for token in (mine.token.id, "0" * 32):
        with pytest.raises(NotFound) as refused:
            end_token(office.node, colleague, token)
        messages.add(str(refused.value))
    assert len(messages) == 1
    assert [token.id for token in list_tokens(office.node, office.officer(NL))] == [mine.token.id]


def test_an_ended_token_forgets_for_what_it_was(office: Office) -> None:
    made = _made(office)
    end_token(office.node, office.officer(NL), made.token.id)
    (kept,) = list_tokens(office.node, office.officer(NL))

    assert (kept.case, kept.justification, kept.ended_at) == ("", "", office.clock.now())
    with pytest.raises(NotFound):
        end_token(office.node, office.officer(NL), made.token.id)


def test_a_token_that_has_run_out_forgets_for_what_it_was(office: Office) -> None:
    _made(office, days=1)
    office.clock.move(days=1)
    (kept,) = list_tokens(office.node, office.officer(NL))

    assert (kept.case, kept.justification, kept.in_force(office.clock.now())) == ("", "", False)


def test_making_listing_and_ending_leave_their_entries(office: Office) -> None:
    made = _made(office, "check", "export")
    list_tokens(office.node, office.officer(NL))
    end_token(office.node, office.officer(NL), made.token.id)
    ended, listed, entry = office.entries(NL)[:3]

    assert {one.act for one in (ended, listed, entry)} == {"token_manage"}
    assert dict(entry.details) == {"change": "made", "acts": "check export"}
    assert entry.objects == listed.objects == ended.objects == (made.token.id,)


def test_the_last_use_is_kept(office: Office) -> None:
    made = _made(office)
    office.clock.move(hours=1)
    actor_of_token(office.node, made.secret)

    assert list_tokens(office.node, office.officer(NL))[0].used_at == office.clock.now()


# -- allowances ----------------------------------------------------------------------------------------------


def test_an_allowance_is_used_up_and_becomes_free_again_evenly(office: Office) -> None:
    program = actor_of_token(office.node, _made(office).secret)
    for _ in range(60):
        spend(office.node, program, "checks")
    with pytest.raises(TooMany) as refused:
        spend(office.node, program, "checks")
    assert (refused.value.retry_after, refused.value.code) == (1, "too_many")
    assert isinstance(refused.value, Conflict)

    office.clock.move(hours=1 / 3600)
    spend(office.node, program, "checks")
    with pytest.raises(TooMany):
        spend(office.node, program, "checks")
    office.clock.move(hours=1)
    spend(office.node, program, "checks", 60)


def test_what_is_refused_takes_nothing(office: Office) -> None:
    program = actor_of_token(office.node, _made(office).secret)
    spend(office.node, program, "checks", 59)
    with pytest.raises(TooMany) as refused:
        spend(office.node, program, "checks", 50)
    assert refused.value.retry_after == 49
    spend(office.node, program, "checks")


def test_all_tokens_of_an_authority_share_its_allowance_and_others_do_not(office: Office) -> None:
    programs = [actor_of_token(office.node, _made(office).secret) for _ in range(5)]
    for program in programs[:4]:
        spend(office.node, program, "checks", 60)
    with pytest.raises(TooMany):
        spend(office.node, programs[4], "checks")
    spend(office.node, actor_of_token(office.node, _made(office, by=DE).secret), "checks", 60)


def test_more_at_once_than_is_ever_permitted_is_no_matter_of_waiting(office: Office) -> None:
    program = actor_of_token(office.node, _made(office).secret)
    with pytest.raises(Invalid) as refused:
        spend(office.node, program, "checks", 61)
    assert refused.value.code == "too_much"


def test_people_at_their_desk_have_no_allowance(office: Office) -> None:
    for _ in range(70):
        spend(office.node, office.officer(NL), "checks")


def test_the_limits_have_source_and_date() -> None:
    assert limits().source
    assert limits().date
    assert set(limits().allowances) == {"requests", "checks", "exports"}
    assert issubclass(TooMany, AlidadeError)


def test_what_is_of_no_force_costs_the_same_whatever_the_reason(office: Office) -> None:
    ended, expired, leaver = _made(office), _made(office, days=1), _made(office, role="analyst")
    end_token(office.node, office.officer(NL), ended.token.id)
    end_access(office.node, office.officer(NL, "administrator"), office.officer(NL, "analyst").officer)
    office.clock.move(days=1)
    work = []
    for secret in (PREFIX + "A" * 43, ended.secret, expired.secret, leaver.secret):
        _refusal(office, secret)  # what is kept between two requests is there
        with CaptureQueriesContext(connections[office.store.alias]) as queries:
            _refusal(office, secret)
        work.append([re.sub("'[^']*'", "?", query["sql"]) for query in queries])
    assert work[0] == work[1] == work[2] == work[3]
    assert len(work[0]) > 2


def test_no_token_comes_back_to_life_from_a_backup(office: Office, tmp_path: Path) -> None:
    made = _made(office)
    make_backup(office.node, tmp_path / "backup")
    end_token(office.node, office.officer(NL), made.token.id)
    restore_backup(tmp_path / "backup", office.store.folder, tmp_path / "restored")
    node = Node.open(tmp_path / "restored", clock=office.clock, vocabulary=words())
    try:
        with pytest.raises(NotAllowed):
            actor_of_token(node, made.secret)
    finally:
        node.close()
    assert hashlib.sha256(made.secret.encode()).hexdigest().encode() not in (tmp_path / "backup").read_bytes()
