"""Consent in the browser: proposed, consented to, refused, withdrawn; the unconcerned find nothing there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from personas import DE, FR, NL, ROLES, VE, Office

from alidade.model.errors import NotFound
from alidade.model.ids import OfficerId
from alidade.services.acting import act_as
from alidade.services.authorities import list_directory

Visit = Callable[..., Client]
NEWCOMER = {"code": "pt-pj", "name": "PJ", "function": "police", "state": "PT", "contact": "desk@pj.example"}
AGREEMENT = {
    "code": "nl-ve-2026",
    "party_a": "NL",
    "party_b": "VE",
    "instrument": "Agreement of 1 March 2026",
    "source": "Tractatenblad 2026, 1",
    "flow": "personal",
    "valid_from": "2026-03-01",
    "valid_until": "",
}


def _admin(visit: Visit, authority: str) -> Client:
    return visit(authority, "administrator", grounds=False)


def _proposed(client: Client, kind: str, given: dict[str, str]) -> str:
    answer = client.post(f"/consent/{kind}/", given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer.headers["Location"])


def _communities(office: Office, authority: str) -> tuple[str, ...]:
    return next(each.communities for each in list_directory(office.node).authorities if each.id == authority)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_for_everybody_else_the_pages_are_absent(office: Office, visit: Visit, role: str) -> None:
    office.join(DE, "otf-lime")
    here = _proposed(_admin(visit, NL), "membership", {"community": "otf-lime", "authority": ""})
    client = visit(DE, role)
    for address in ("/consent/", "/consent/membership/", "/consent/authority/", "/consent/agreement/", here):
        assert client.get(address).status_code == 404
    for act in ("agree", "refuse", "withdraw", "account"):
        assert client.post(f"{here}{act}/", {"reason": "r"}).status_code == 404
    assert _communities(office, NL) == ("all",)


def test_a_membership_waits_for_the_members_and_the_last_consent_decides(office: Office, visit: Visit) -> None:
    office.join(DE, "otf-lime")
    office.join(FR, "otf-lime")
    nl, de, fr, ve = (_admin(visit, code) for code in (NL, DE, FR, VE))
    here = _proposed(nl, "membership", {"community": "otf-lime", "authority": ""})
    outside = nl.get(here).content.decode()
    assert "known to its members" in outside
    assert (DE in outside, FR in outside) == (False, False)
    assert here in de.get("/consent/").content.decode()
    assert here not in ve.get("/consent/").content.decode()
    assert ve.get(here).status_code == 404
    assert ve.post(f"{here}agree/").status_code == 404
    assert nl.post(f"{here}agree/").status_code == 409
    assert "comes into force when all others" in de.get(here).content.decode()
    de.post(f"{here}agree/")
    assert _communities(office, NL) == ("all",)
    assert "it comes into force at once" in fr.get(here).content.decode()
    decided = fr.post(f"{here}agree/", follow=True).content.decode()
    assert "In force from the next request on" in decided
    assert _communities(office, NL) == ("all", "otf-lime")
    assert f"{DE} consented" in nl.get(here).content.decode()


def test_a_refusal_needs_its_reason_and_ends_it(office: Office, visit: Visit) -> None:
    office.join(DE, "otf-lime")
    nl, de = _admin(visit, NL), _admin(visit, DE)
    here = _proposed(nl, "membership", {"community": "otf-lime", "authority": ""})
    assert de.post(f"{here}refuse/", {"reason": " "}).status_code == 422
    de.post(f"{here}refuse/", {"reason": "not for this task"})
    assert "not for this task" in nl.get(here).content.decode()
    assert de.post(f"{here}agree/").status_code == 409
    assert nl.post(f"{here}withdraw/").status_code == 409
    assert _communities(office, NL) == ("all",)


def test_what_cannot_be_proposed_keeps_what_was_typed(office: Office, visit: Visit) -> None:
    office.join(DE, "otf-lime")
    ve = _admin(visit, VE)
    for kind, given, status in (
        ("membership", {"community": "otf-lime", "authority": NL}, 403),
        ("membership", {"community": "all", "authority": ""}, 422),
        ("membership", {"community": "otf-lime", "authority": "xx-none"}, 422),
        ("authority", NEWCOMER | {"code": DE}, 409),
        ("authority", NEWCOMER | {"code": "UPPER"}, 422),
        ("agreement", AGREEMENT | {"party_b": "DE"}, 403),
        ("agreement", AGREEMENT | {"party_b": "XX"}, 422),
        ("agreement", AGREEMENT | {"valid_until": "2026-02-01"}, 422),
    ):
        answer = ve.post(f"/consent/{kind}/", given)
        assert answer.status_code == status, (kind, given)
        typed = given.get("instrument") or given.get("contact") or given["community"]
        assert typed in answer.content.decode()
    assert "Nothing waits for others" in ve.get("/consent/").content.decode()


def test_a_new_authority_comes_in_with_all_and_its_account_is_opened_once(office: Office, visit: Visit) -> None:
    nl = _admin(visit, NL)
    here = _proposed(nl, "authority", NEWCOMER)
    assert nl.post(f"{here}account/").status_code == 404
    for code in (DE, FR, VE):
        with pytest.raises(NotFound):
            act_as(office.node, OfficerId("pt-pj/admin"), purpose="18.2.a")
        _admin(visit, code).post(f"{here}agree/")
    assert act_as(office.node, OfficerId("pt-pj/admin"), purpose="18.2.a").role == "administrator"
    assert _admin(visit, DE).post(f"{here}account/").status_code == 404
    page = nl.post(f"{here}account/", follow=True).content.decode()
    password = re.search(r'<code id="password"[^>]*>([^<]+)</code>', page)
    assert password is not None
    assert Client().login(username="pt-pj/admin", password=password.group(1))
    assert nl.post(f"{here}account/").status_code == 409
    assert password.group(1) not in nl.get(here).content.decode()


def test_an_agreement_is_proposed_by_a_party_and_ended_after_asking_once(office: Office, visit: Visit) -> None:
    nl, ve = _admin(visit, NL), _admin(visit, VE)
    here = _proposed(ve, "agreement", AGREEMENT)
    assert _admin(visit, DE).get(here).status_code == 404
    shown = nl.get(here).content.decode()
    assert ("Agreement of 1 March 2026" in shown, "not verified" in shown) == (True, True)
    nl.post(f"{here}agree/")
    assert "nl-ve-2026" in ve.get("/consent/").content.decode()
    asked = ve.post("/consent/end/", {"code": "nl-ve-2026"})
    assert (asked.status_code, b"nothing passes under it" in asked.content) == (200, True)
    assert _admin(visit, DE).post("/consent/end/", {"code": "nl-ve-2026"}).status_code == 404
    ended = ve.post("/consent/end/", {"code": "nl-ve-2026", "sure": "yes"}, follow=True)
    assert b"no longer counts" in ended.content
    assert ve.post("/consent/end/", {"code": "nl-ve-2026", "sure": "yes"}).status_code == 404


def test_a_community_is_left_after_asking_once(office: Office, visit: Visit) -> None:
    office.join(DE, "otf-lime")
    de = _admin(visit, DE)
    assert b"otf-lime" in de.get("/consent/").content
    assert b"all members must consent" in de.post("/consent/leave/", {"community": "otf-lime"}).content
    assert _communities(office, DE) == ("all", "otf-lime")
    assert _admin(visit, NL).post("/consent/leave/", {"community": "otf-lime"}).status_code == 404
    de.post("/consent/leave/", {"community": "otf-lime", "sure": "yes"})
    assert _communities(office, DE) == ("all",)


def test_the_proposer_withdraws(office: Office, visit: Visit) -> None:
    office.join(DE, "otf-lime")
    nl, de = _admin(visit, NL), _admin(visit, DE)
    here = _proposed(nl, "membership", {"community": "otf-lime", "authority": ""})
    assert de.post(f"{here}withdraw/").status_code == 404
    assert b"withdrawn" in nl.post(f"{here}withdraw/", follow=True).content
    assert nl.get(f"{here}agree/").status_code == 405
