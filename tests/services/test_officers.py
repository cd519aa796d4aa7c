"""Officers: rights are given by an administrator of one's own authority, never by oneself, and end at once."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from personas import CASE, DE, NL, ROLES, START, Office, draft, words

from alidade.model.directory import Officer
from alidade.model.errors import AlidadeError, Conflict, Invalid, NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.authorities import list_directory
from alidade.services.officers import (
    add_officer,
    begin_account,
    change_officer,
    end_access,
    leaving_of,
    officers_of,
    sees_content,
    take_up_again,
)
from alidade.store import models
from alidade.store.database import Store
from alidade.store.rights import epoch

ANALYST = OfficerId(f"{NL}/analyst")


def _officer(name: str = "new", **more: object) -> Officer:
    return Officer(id=OfficerId(f"{NL}/{name}"), authority=NL, role="analyst", **more)  # type: ignore[arg-type]


def _admin(office: Office, authority: str = NL) -> Actor:
    return office.officer(authority, "administrator")


def _epoch(store: Store) -> int:
    with store.transaction() as tx:
        return epoch(tx)


@pytest.mark.parametrize(
    ("officer", "error"),
    [
        (dataclasses.replace(_officer(), role="king"), Invalid),
        (_officer(clearance="COSMIC"), Invalid),
        (_officer(unit="u" * 101), Invalid),
        (_officer(cases=(" ",)), Invalid),
        (_officer("two words"), Invalid),
        (_officer(""), Invalid),
        (dataclasses.replace(_officer(), id=OfficerId("new")), Invalid),
        (_officer("n" * 130), Invalid),
        (dataclasses.replace(_officer(), role="administrator", cases=(CASE,)), Invalid),
        (dataclasses.replace(_officer(), id=OfficerId(f"{DE}/new"), authority=DE), NotAllowed),
    ],
)
def test_an_officer_of_another_or_of_no_right_is_refused(
    office: Office, officer: Officer, error: type[AlidadeError]
) -> None:
    with pytest.raises(error):
        add_officer(office.node, _admin(office), officer)
    add_officer(office.node, _admin(office), _officer(unit="Harbour", cases=("b", "a")))
    found = officers_of(office.node, _admin(office), text="NEW")
    assert found == (_officer(unit="Harbour", cases=("b", "a")),)
    with pytest.raises(Conflict):
        add_officer(office.node, _admin(office), _officer())


def test_nobody_of_another_authority_is_changed_ended_or_looked_at(office: Office) -> None:
    foreign = OfficerId(f"{DE}/analyst")
    for attempt in (change_officer, end_access, take_up_again, leaving_of, begin_account):
        with pytest.raises(NotAllowed) as refused:
            attempt(office.node, _admin(office), foreign)
        assert refused.value.code == "not_own_authority"
        with pytest.raises(NotFound):
            attempt(office.node, _admin(office), OfficerId(f"{NL}/nobody"))
    assert all(officer.authority == NL for officer in officers_of(office.node, _admin(office)))


def test_role_unit_clearance_and_cases_change_with_the_next_request(office: Office) -> None:
    before = _epoch(office.store)
    changed = change_officer(
        office.node,
        _admin(office),
        ANALYST,
        unit=" Drugs ",
        role="liaison_officer",
        clearance="RESTRICTED",
        cases=["x"],
    )
    assert (changed.unit, changed.role, changed.clearance, changed.cases) == (
        "Drugs",
        "liaison_officer",
        "RESTRICTED",
        ("x",),
    )
    assert _epoch(office.store) == before + 1
    actor = act_as(office.node, ANALYST, purpose="18.2.a")
    assert (actor.role, actor.viewer.clearance, actor.viewer.cases) == ("liaison_officer", "RESTRICTED", ("x",))
    entry = office.entries(NL)[0]
    assert (entry.act, entry.objects) == ("officer_manage", (ANALYST,))
    assert dict(entry.details) == {
        "change": "rights",
        "role": "analyst to liaison_officer",
        "clearance": "BPL to RESTRICTED",
        "also": "cases unit",
    }


def test_a_role_that_was_taken_away_ends_with_the_next_request(office: Office) -> None:
    began = office.officer(NL, "case_officer")
    office.give(draft("1", name="Jan Vermeulen"))
    assert office.ask(began, "Jan Vermeulen").kind == "hit"
    change_officer(office.node, _admin(office), began.officer, role="administrator", cases=())
    with pytest.raises(NotAllowed) as refused:
        office.ask(began, "Jan Vermeulen")
    assert refused.value.code == "role"


def test_nobody_changes_his_own_rights(office: Office) -> None:
    admin = _admin(office)
    attempts = [
        lambda: change_officer(office.node, admin, admin.officer, role="case_officer"),
        lambda: change_officer(office.node, admin, admin.officer, clearance="SECRET"),
        lambda: end_access(office.node, admin, admin.officer),
        lambda: take_up_again(office.node, admin, admin.officer),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert refused.value.code == "own_rights"
    # A second administrator may: so the last one is never ended, and two must agree to one holding content.
    other = act_as(office.node, OfficerId(f"{NL}/admin"), purpose="18.2.a")
    assert change_officer(office.node, other, admin.officer, role="analyst").role == "analyst"


def test_whoever_administers_holds_no_cases(office: Office) -> None:
    assert {role for role in ROLES if not sees_content(office.node, role)} == {"administrator"}
    with pytest.raises(Invalid) as refused:
        change_officer(office.node, _admin(office), ANALYST, role="administrator")
    assert refused.value.code == "no_content_role"
    with pytest.raises(Invalid):
        change_officer(office.node, _admin(office), OfficerId(f"{NL}/admin"), cases=(CASE,))
    assert change_officer(office.node, _admin(office), ANALYST, role="administrator", cases=()).cases == ()


def _open_things(office: Office, officer: OfficerId) -> None:
    with office.store.transaction() as tx:
        common = {"authority": NL, "officer": officer}
        grounds = {"purpose": "18.2.a", "case": CASE, "legal_ground": "criminal_investigation"}
        models.StandingCheck.objects.using(tx.alias).create(
            reference=f"s{officer}"[:32], field_key="k", commitment="c", made_at=tx.now, until="2026-12-31",
            **common, **grounds,
        )  # fmt: skip
        models.AccessToken.objects.using(tx.alias).create(
            id=f"t{officer}"[:32], digest=officer, name="script", justification="j", made_at=tx.now,
            expires_at=tx.now + timedelta(days=9), **common, **grounds,
        )  # fmt: skip
        models.Draft.objects.using(tx.alias).create(
            id=f"d{officer}"[:32], kind="contribution", content=b"sealed", field_key="k", saved_at=tx.now, **common
        )
        models.Job.objects.using(tx.alias).create(
            id=f"j{officer}"[:32], kind="import", field_key="k", made_at=tx.now, **common
        )


def test_a_leaver_is_out_at_once_and_what_is_left_is_named(office: Office) -> None:
    colleague = OfficerId(f"{NL}/case_officer")
    for officer in (ANALYST, colleague):
        _open_things(office, officer)
    office.give(draft("1", name="Jan Vermeulen"))
    began = office.officer(NL, "analyst")
    ahead = leaving_of(office.node, _admin(office), ANALYST)
    assert [thing.kind for thing in ahead.ends] == ["standing_check", "access_token"]
    assert [thing.until for thing in ahead.ends] == ["2026-12-31", "2026-06-25"]
    assert [thing.kind for thing in ahead.hand_over] == ["draft", "job"]
    assert office.ask(began, "Jan Vermeulen").kind == "hit"

    left = end_access(office.node, _admin(office), ANALYST)
    assert (left.ends, left.hand_over) == (ahead.ends, ahead.hand_over)
    assert (left.officer.active, left.officer.left_on) == (False, START.date().isoformat())
    with pytest.raises(NotAllowed):
        office.ask(began, "Jan Vermeulen")
    with pytest.raises(NotAllowed, match="ended"):
        office.officer(NL, "analyst")
    with office.store.transaction() as tx:
        for table in (models.StandingCheck, models.AccessToken):
            running = table.objects.using(tx.alias).filter(ended_at=None)
            assert [row.officer for row in running] == [colleague]
        assert [job.officer for job in models.Job.objects.using(tx.alias).filter(cancel=True)] == [ANALYST]
    entry = office.entries(NL)[1]  # the newest is the refusal
    assert (entry.act, dict(entry.details)) == ("officer_manage", {"change": "access ended"})
    assert entry.objects == (ANALYST, *(thing.reference for thing in left.ends))
    with pytest.raises(Conflict):
        end_access(office.node, _admin(office), ANALYST)


def test_who_takes_up_again_has_the_rights_of_before_and_not_what_ended(office: Office) -> None:
    _open_things(office, ANALYST)
    with pytest.raises(Conflict):
        take_up_again(office.node, _admin(office), ANALYST)
    end_access(office.node, _admin(office), ANALYST)
    back = take_up_again(office.node, _admin(office), ANALYST)
    assert (back.active, back.left_on, back.role, back.cases) == (True, "", "analyst", (CASE,))
    assert leaving_of(office.node, _admin(office), ANALYST).ends == ()
    assert office.officer(NL, "analyst").viewer.cases == (CASE,)


def test_an_account_is_begun_for_who_works_here_and_entered_first(office: Office) -> None:
    assert begin_account(office.node, _admin(office), ANALYST).id == ANALYST
    entry = office.entries(NL)[0]
    assert (entry.objects, dict(entry.details)) == ((ANALYST,), {"change": "account begun"})
    end_access(office.node, _admin(office), ANALYST)
    with pytest.raises(Conflict):
        begin_account(office.node, _admin(office), ANALYST)
    with pytest.raises(NotAllowed):
        begin_account(office.node, _admin(office), _admin(office).officer)


def test_the_list_is_filtered_and_shows_ones_own_authority(office: Office) -> None:
    admin = _admin(office)
    change_officer(office.node, admin, ANALYST, unit="Drugs")
    end_access(office.node, admin, OfficerId(f"{NL}/liaison_officer"))
    assert len(officers_of(office.node, admin)) == len(ROLES) + 1
    assert [each.id for each in officers_of(office.node, admin, role="analyst")] == [ANALYST]
    assert [each.id for each in officers_of(office.node, admin, unit="Drugs")] == [ANALYST]
    assert [each.id for each in officers_of(office.node, admin, active=False)] == [f"{NL}/liaison_officer"]
    assert ANALYST in {each.id for each in officers_of(office.node, admin, active=True, text="ANA")}
    assert officers_of(office.node, admin, role="analyst", active=False) == ()
    assert [entry.act for entry in office.entries(NL)[:6]] == ["officer_manage"] * 6


def test_every_administrator_is_of_a_role_of_the_list(office: Office) -> None:
    assert {each.role for each in list_directory(office.node).officers} <= set(words().roles)
