"""The rules of the desk in front of an administrator: settled, shown to the duty desk, refused where they cannot be."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from personas import DE, NL, Office
from thread_cases import request

from alidade.services.officers import change_officer
from alidade.services.threads.drafts import drafts_of
from alidade.services.threads.managing import DeskRules, desk_rules, settle_desk_rules

Visit = Callable[..., Client]
PAGE = "/inbox/desk/rules/"


def settled(office: Office) -> DeskRules:
    """What is in force."""
    return desk_rules(office.node, office.officer(NL, "administrator"))


def test_what_is_settled_is_shown_here_and_at_the_duty_desk(office: Office, visit: Visit) -> None:
    client = visit(NL, "administrator", grounds=False)
    given = {
        "unit": " SPOC ",
        "on_duty": [f"{NL}/liaison_officer"],
        "desk_address": "duty@politie.example",
        f"address:{NL}/liaison_officer": "l@politie.example",
        f"address:{NL}/analyst": "",
        "approval": ["hit_follow_up", "information_request:answer"],
    }
    assert client.post(PAGE, given).headers["Location"] == PAGE
    assert dict(office.entries(NL)[0].details)["change"] == "desk rules"
    assert settled(office) == DeskRules(
        approval=("hit_follow_up", "information_request:answer"),
        duty_unit="SPOC",
        duty_officers=(f"{NL}/liaison_officer",),
        desk_address="duty@politie.example",
        addresses={f"{NL}/liaison_officer": "l@politie.example"},
    )
    shown = client.get(PAGE).content.decode()
    for part in (
        'value="hit_follow_up" checked',
        'value="information_request:answer" checked',
        f'value="{NL}/liaison_officer" checked',
        'value="SPOC"',
        'value="l@politie.example"',
        "No officer works in a unit of this name.",
    ):
        assert part in shown, part
    assert 'value="*" checked' not in shown
    desk = visit(NL).get("/inbox/desk/").content.decode()
    assert "<dd>SPOC</dd>" in desk
    assert f"<dd>{NL}/liaison_officer</dd>" in desk
    assert "are settled by" not in desk
    assert settle_is_of_one_authority(office)


def settle_is_of_one_authority(office: Office) -> bool:
    """Whether another authority still has none."""
    return desk_rules(office.node, office.officer(DE, "administrator")) == DeskRules()


def test_the_rule_of_the_page_makes_a_step_wait(office: Office, visit: Visit) -> None:
    visit(NL, "administrator", grounds=False).post(PAGE, {"approval": ["*"]})
    request(office)
    (draft,) = drafts_of(office.node, office.officer(NL, "liaison_officer"))
    assert draft.officer == f"{NL}/case_officer"


def test_what_cannot_be_is_refused_and_stays_as_typed(office: Office, visit: Visit) -> None:
    client = visit(NL, "administrator", grounds=False)
    settle_desk_rules(office.node, office.officer(NL, "administrator"), DeskRules(duty_unit="SPOC"))
    for given, status, sentence in (
        ({"approval": ["nothing_known"]}, 422, "no procedure or step that is known here"),
        ({"approval": ["information_request:nothing_known"]}, 422, "no procedure or step that is known here"),
        ({"desk_address": "nowhere"}, 422, "An address to be told at is not one."),
        ({"desk_address": "a\x00@b"}, 422, "An address to be told at is not one."),
        ({"unit": "x" * 101}, 422, "A unit is named in one line."),
        ({"unit": "a\x00b"}, 422, "A unit is named in one line."),
        ({"on_duty": [f"{DE}/analyst"]}, 404, "Your authority has no such officer."),
        ({f"address:{DE}/analyst": "a@b"}, 404, "Your authority has no such officer."),
    ):
        answer = client.post(PAGE, {"unit": "Night desk"} | given)
        assert answer.status_code == status, given
        shown = answer.content.decode()
        assert sentence in shown, given
        assert "unit" in given or 'value="Night desk"' in shown
        assert settled(office) == DeskRules(duty_unit="SPOC")


def test_units_of_the_officers_are_offered(office: Office, visit: Visit) -> None:
    change_officer(office.node, office.officer(NL, "administrator"), office.officer(NL).officer, unit="Ports")
    shown = visit(NL, "administrator", grounds=False).get(PAGE).content.decode()
    assert '<option value="Ports">' in shown


def test_only_whoever_manages_procedures_settles(visit: Visit) -> None:
    for role in ("case_officer", "analyst", "liaison_officer", "data_protection_officer"):
        client = visit(NL, role)
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, {"unit": "x"}).status_code == 404
        assert PAGE not in client.get("/directory/").content.decode()
    administrator = visit(NL, "administrator", grounds=False)
    assert f'href="{PAGE}"' in administrator.get("/procedures/all/").content.decode()
    assert f'href="{PAGE}"' in administrator.get("/directory/").content.decode()
    desk = visit(NL).get("/inbox/desk/").content.decode()
    assert PAGE not in desk
    assert "settled by whoever holds this role in your authority: Administrator." in desk
