"""Officers in the browser: entered, changed and ended by an administrator of their authority, who sees no content."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from personas import DE, NL, ROLES, Office, draft

from alidade.model.errors import NotAllowed
from alidade.model.ids import OfficerId
from alidade.services.acting import act_as
from alidade.services.finding import Question
from alidade.services.standing import keep_standing_check, standing_checks
from alidade.web.accounts import has_account
from alidade.web.rooms.rights import reference_of

Visit = Callable[..., Client]
NEW = {"name": "p.janssen", "role": "case_officer", "unit": "Harbour", "clearance": "BPL", "cases": "b\n\na \n"}
ANALYST = OfficerId(f"{NL}/analyst")
HERE = f"/rights/{reference_of(ANALYST)}/"


@pytest.fixture
def admin(visit: Visit) -> Client:
    return visit(NL, "administrator", grounds=False)


def _password(page: str) -> str | None:
    found = re.search(r'<code id="password"[^>]*>([^<]+)</code>', page)
    return found.group(1) if found else None


def _said(answer: HttpResponse, address: str) -> str:
    """The page without its own address and without the token of its forms, which is new each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode().replace(address, ""))


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_for_everybody_else_the_pages_are_absent(visit: Visit, role: str) -> None:
    client = visit(NL, role)
    unknown = client.get("/nothing-here/")
    for address in ("/rights/", "/rights/new/", HERE, f"{HERE}end/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert _said(answer, address) == _said(unknown, "/nothing-here/"), address
    for act in ("end", "again", "account"):
        assert client.post(f"{HERE}{act}/").status_code == 404


def test_the_list_shows_ones_own_officers_and_no_name_in_any_address(admin: Client) -> None:
    page = admin.get("/rights/").content.decode()
    assert HERE in page
    assert reference_of(OfficerId(f"{DE}/analyst")) not in page
    assert not re.search(r'(href|action)="[^"]*(analyst|politie)', page)
    ended = admin.get("/rights/", {"access": "no"}).content.decode()
    assert HERE not in ended
    analysts = admin.get("/rights/", {"role": "analyst", "access": "yes"}).content.decode()
    assert HERE in analysts
    assert reference_of(OfficerId(f"{NL}/liaison_officer")) not in analysts


def test_an_officer_is_entered_with_an_account_whose_password_is_shown_once(office: Office, admin: Client) -> None:
    answer = admin.post("/rights/new/", NEW, follow=True)
    page = answer.content.decode()
    password = _password(page)
    assert password is not None
    officer = OfficerId(f"{NL}/p.janssen")
    assert act_as(office.node, officer, purpose="18.2.a").viewer.cases == ("a", "b")
    assert Client().login(username=officer, password=password)
    again = admin.get(answer.redirect_chain[-1][0]).content.decode()
    assert (_password(again), password in again) == (None, False)
    assert [dict(entry.details)["change"] for entry in office.entries(NL)[:8]].count("account begun") == 1
    twice = admin.post("/rights/new/", NEW)
    assert (twice.status_code, b"p.janssen" in twice.content) == (409, True)
    for wrong in ({"name": "two words"}, {"name": "a/b"}, {"role": "king"}, {"role": "administrator"}):
        refused = admin.post("/rights/new/", NEW | {"name": "x"} | wrong)
        assert (refused.status_code, b"Harbour" in refused.content) == (422, True)


def test_rights_are_changed_and_act_with_the_next_request(office: Office, admin: Client) -> None:
    given = {"role": "liaison_officer", "unit": "Ports", "clearance": "RESTRICTED", "cases": ""}
    page = admin.post(HERE, given, follow=True).content.decode()
    assert "Liaison officer" in page
    actor = act_as(office.node, ANALYST, purpose="18.2.a")
    assert (actor.role, actor.viewer.clearance, actor.viewer.cases) == ("liaison_officer", "RESTRICTED", ())
    wrong = admin.post(HERE, given | {"role": "administrator", "cases": "case-9"})
    assert (wrong.status_code, b"case-9" in wrong.content) == (422, True)


def test_nobody_changes_his_own_rights(office: Office, admin: Client) -> None:
    own = f"/rights/{reference_of(OfficerId(f'{NL}/administrator'))}/"
    page = admin.get(own).content.decode()
    assert "Nobody changes his own rights" in page
    assert "Change the rights" not in page
    given = {"role": "case_officer", "unit": "", "clearance": "SECRET", "cases": ""}
    assert admin.post(own, given).status_code == 403
    assert [admin.post(f"{own}{act}/").status_code for act in ("end", "again", "account")] == [403] * 3
    assert act_as(office.node, OfficerId(f"{NL}/administrator"), purpose="18.2.a").role == "administrator"


def test_nobody_of_another_authority_is_reached(admin: Client) -> None:
    foreign = f"/rights/{reference_of(OfficerId(f'{DE}/analyst'))}/"
    unknown = f"/rights/{'0' * 32}/"
    for act in ("", "end/"):
        answers = [(admin.get(f"{where}{act}"), f"{where}{act}") for where in (foreign, unknown)]
        assert [answer.status_code for answer, _ in answers] == [404, 404]
        assert len({_said(answer, address) for answer, address in answers}) == 1
    assert [admin.post(f"{foreign}{act}/").status_code for act in ("end", "again", "account")] == [404] * 3


def test_an_end_says_what_it_does_asks_once_and_ends_every_session(office: Office, visit: Visit, admin: Client) -> None:
    working = visit(NL, "analyst")
    assert working.get("/directory/").status_code == 200
    asked = admin.get(f"{HERE}end/").content.decode()
    assert "every session ends" in asked
    assert act_as(office.node, ANALYST, purpose="18.2.a")
    ended = admin.post(f"{HERE}end/", follow=True).content.decode()
    assert "ended on 16 Jun 2026" in ended
    assert working.get("/directory/").status_code == 302  # to the sign-in
    with pytest.raises(NotAllowed):
        act_as(office.node, ANALYST, purpose="18.2.a")
    assert not has_account(ANALYST)
    assert admin.post(f"{HERE}end/").status_code == 409
    assert admin.post(f"{HERE}account/").status_code == 409
    back = admin.post(f"{HERE}again/", follow=True).content.decode()
    assert _password(back)
    assert act_as(office.node, ANALYST, purpose="18.2.a").role == "analyst"


def test_what_a_leaver_has_open_goes_to_the_colleague_who_is_named(office: Office, admin: Client) -> None:
    colleague = OfficerId(f"{NL}/case_officer")
    keep_standing_check(office.node, office.officer(NL, "analyst"), Question(text="Jan Vermeulen"), "2026-12-01")
    asked = admin.get(f"{HERE}end/").content.decode()
    assert ("Standing check" in asked, "Vermeulen" in asked) == (True, False)
    assert admin.post(f"{HERE}end/", {"colleague": "0" * 32}).status_code == 422
    admin.post(f"{HERE}end/", {"colleague": reference_of(colleague)})
    assert len(standing_checks(office.node, office.officer(NL, "case_officer"))) == 1
    with pytest.raises(NotAllowed):
        act_as(office.node, ANALYST, purpose="18.2.a")


def test_an_administrator_is_shown_no_content(office: Office, admin: Client) -> None:
    office.give(draft("1", name="Wilhelmina Oosterhuis"))
    office.ask(NL, "Wilhelmina Oosterhuis")
    for address in ("/rights/", HERE, f"{HERE}end/", "/consent/", "/directory/"):
        assert b"Oosterhuis" not in admin.get(address).content
