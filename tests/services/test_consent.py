"""Consent: nobody alone opens what others gave; all whose content would be opened agree, or nothing happens."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from personas import DE, FR, NL, START, VE, Office, draft

from alidade.model.directory import Authority, Officer
from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.authorities import list_directory, party
from alidade.services.belonging import agreements_of, communities_of, end_agreement, leave_community
from alidade.services.concerned import Proposed
from alidade.services.consent import (
    begin_first_account,
    consent,
    proposals_of,
    propose_agreement,
    propose_authority,
    propose_membership,
    refuse,
    withdraw_proposal,
)
from alidade.services.ledger import verify_ledger
from alidade.services.officers import end_access
from alidade.store.rights import epoch
from alidade.vocabulary import Agreement, Label

LIME = "otf-lime"
NAME = "Jan Vermeulen"


def _admin(office: Office, authority: str) -> Actor:
    return office.officer(authority, "administrator")


def _newcomer(office: Office, code: str = "be-police", **changes: object) -> Authority:
    found = Authority(party=party(office.node, code, "police", "BE"), name="Belgium", contact="desk@be.example")
    return dataclasses.replace(found, **changes)  # type: ignore[arg-type]


def _agreement(code: str = "nl-ve", one: str = "NL", other: str = "VE") -> Agreement:
    return Agreement(
        code=code,
        label=Label(en="invented", fr="inventé", es="inventado", pt="inventado"),
        source="invented",
        valid_from=START.date(),
        verified=False,
        party_a=one,
        party_b=other,
        instrument="invented",
        flow="personal",
        status="in_force",
        onward_transfer=False,
    )


def _epoch(office: Office) -> int:
    with office.store.transaction() as tx:
        return epoch(tx)


def _seen(office: Office, authority: str, reference: str) -> Proposed | None:
    found = proposals_of(office.node, _admin(office, authority))
    return next((each for each in found if each.reference == reference), None)


def _communities(office: Office, authority: str) -> tuple[str, ...]:
    return next(each.communities for each in list_directory(office.node).authorities if each.id == authority)


def test_a_community_without_members_is_founded_by_its_first_alone(office: Office) -> None:
    before = _epoch(office)
    proposed = propose_membership(office.node, _admin(office, DE), LIME)
    assert (proposed.state, proposed.waits_for, proposed.waits_for_you) == ("in_force", (), False)
    assert _communities(office, DE) == ("all", LIME)
    assert _epoch(office) == before + 1
    with pytest.raises(Conflict):
        propose_membership(office.node, _admin(office, DE), LIME)


def test_every_member_and_the_one_to_join_consent_and_the_last_word_decides(office: Office) -> None:
    office.join(DE, LIME)
    office.join(FR, LIME)
    office.give(draft("1", name=NAME), by=DE, handling=office.handling(DE, communities=(LIME,)))
    assert office.ask(NL, NAME).kind == "hit_without_content"

    proposed = propose_membership(office.node, _admin(office, DE), LIME, NL)
    assert (proposed.state, proposed.waits_for) == ("open", (FR, NL))
    consent(office.node, _admin(office, NL), proposed.reference)
    assert office.ask(NL, NAME).kind == "hit_without_content"
    before = _epoch(office)
    decided = consent(office.node, _admin(office, FR), proposed.reference)
    assert (decided.state, decided.decided_at, _epoch(office)) == ("in_force", START, before + 1)
    assert office.ask(NL, NAME).kind == "hit"
    entry = office.entries(FR)[0]
    assert (entry.act, entry.objects) == ("authority_manage", (proposed.reference, NL))
    assert dict(entry.details) == {
        "change": "consented",
        "kind": "membership",
        "state": "in_force",
        "community": LIME,
    }
    assert verify_ledger(office.node).problems == ()


def test_an_administrator_alone_puts_nobody_into_a_community(office: Office) -> None:
    """The weakness that was mended: neither another authority nor one's own, neither as member nor from outside."""
    office.join(DE, LIME)
    office.give(draft("1", name=NAME), by=DE, handling=office.handling(DE, communities=(LIME,)))
    for joining in (NL, FR):
        with pytest.raises(NotAllowed) as refused:
            propose_membership(office.node, _admin(office, VE), LIME, joining)
        assert refused.value.code == "not_concerned"
    own = propose_membership(office.node, _admin(office, NL), LIME)
    for _ in range(2):
        with pytest.raises(Conflict):
            consent(office.node, _admin(office, NL), own.reference)
    assert _communities(office, NL) == ("all",)
    assert office.ask(NL, NAME).kind == "hit_without_content"
    other = propose_membership(office.node, _admin(office, DE), LIME, FR)  # a member cannot draw in the unwilling
    assert (other.state, other.waits_for, _communities(office, FR)) == ("open", (FR,), ("all",))


def test_a_deserted_community_is_not_opened_by_founding_it_again(office: Office) -> None:
    """What was addressed to those who were there is not for whoever takes up the name."""
    office.join(DE, LIME)
    office.give(draft("1", name=NAME), by=DE, handling=office.handling(DE, communities=(LIME,)))
    leave_community(office.node, _admin(office, DE), LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    assert (proposed.state, office.ask(NL, NAME).kind) == ("open", "hit_without_content")
    consent(office.node, _admin(office, DE), proposed.reference)
    assert office.ask(NL, NAME).kind == "hit"


def test_who_joined_meanwhile_is_asked_as_well(office: Office) -> None:
    office.join(DE, LIME)
    early = propose_membership(office.node, _admin(office, NL), LIME)
    office.agree(propose_membership(office.node, _admin(office, FR), LIME).reference)
    late = consent(office.node, _admin(office, DE), early.reference)
    assert (late.state, late.waits_for) == ("open", (FR,))
    assert consent(office.node, _admin(office, FR), early.reference).state == "in_force"


def test_who_has_left_is_not_waited_for(office: Office) -> None:
    office.join(DE, LIME)
    office.join(FR, LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    consent(office.node, _admin(office, DE), proposed.reference)
    leave_community(office.node, _admin(office, FR), LIME)
    found = _seen(office, NL, proposed.reference)
    assert found is not None
    assert (found.state, _communities(office, NL)) == ("in_force", ("all", LIME))
    assert dict(office.entries(FR)[0].details)["change"] == "settled"


def test_who_is_not_concerned_learns_nothing_and_has_no_say(office: Office) -> None:
    office.join(DE, LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    assert _seen(office, FR, proposed.reference) is None
    for attempt in (consent, lambda n, a, r: refuse(n, a, r, "no"), withdraw_proposal):
        said = []
        for reference in (proposed.reference, "0" * 32):
            with pytest.raises(NotFound) as refused:
                attempt(office.node, _admin(office, FR), reference)
            said.append(str(refused.value))
        assert said[0] == said[1]
    found = _seen(office, NL, proposed.reference)
    assert found is not None
    assert found.state == "open"


def test_who_is_in_a_community_is_known_to_its_members_alone(office: Office) -> None:
    office.join(DE, LIME)
    office.join(FR, LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    assert (proposed.waits_for, [said.authority for said in proposed.said]) == (None, [NL])
    inside = _seen(office, FR, proposed.reference)
    assert inside is not None
    assert (inside.waits_for, inside.waits_for_you, inside.yours) == ((DE, FR), True, False)
    refuse(office.node, _admin(office, DE), proposed.reference, "no task there")
    outside = _seen(office, NL, proposed.reference)
    assert outside is not None
    assert (outside.state, outside.reason, [s.authority for s in outside.said]) == ("refused", "no task there", [NL])
    assert communities_of(office.node, _admin(office, NL)) == {"all": (DE, FR, NL, VE)}
    assert communities_of(office.node, _admin(office, FR))[LIME] == (DE, FR)


def test_a_refused_proposal_stays_refused(office: Office) -> None:
    office.join(DE, LIME)
    office.join(FR, LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    consent(office.node, _admin(office, DE), proposed.reference)
    with pytest.raises(Invalid):
        refuse(office.node, _admin(office, FR), proposed.reference, "  ")
    assert refuse(office.node, _admin(office, FR), proposed.reference, "not yet").state == "refused"
    for authority in (DE, FR, NL):
        for attempt in (consent, lambda n, a, r: refuse(n, a, r, "no"), withdraw_proposal):
            with pytest.raises((Conflict, NotFound)):
                attempt(office.node, _admin(office, authority), proposed.reference)
    leave_community(office.node, _admin(office, FR), LIME)  # the one who refused goes: nothing revives it
    assert _communities(office, NL) == ("all",)
    assert propose_membership(office.node, _admin(office, NL), LIME).state == "open"  # it may be proposed again


def test_consent_can_be_taken_back_while_others_are_waited_for(office: Office) -> None:
    office.join(DE, LIME)
    office.join(FR, LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    consent(office.node, _admin(office, DE), proposed.reference)
    assert refuse(office.node, _admin(office, DE), proposed.reference, "on reflection").state == "refused"


def test_the_proposer_withdraws_and_nobody_else(office: Office) -> None:
    office.join(DE, LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    with pytest.raises(NotFound):
        withdraw_proposal(office.node, _admin(office, DE), proposed.reference)
    with pytest.raises(Conflict) as refused:
        propose_membership(office.node, _admin(office, NL), LIME)
    assert refused.value.code == "proposed_already"
    assert withdraw_proposal(office.node, _admin(office, NL), proposed.reference).state == "withdrawn"
    with pytest.raises(NotFound):
        consent(office.node, _admin(office, DE), proposed.reference)  # for DE it never was more than a question
    assert _communities(office, NL) == ("all",)


def test_a_new_authority_needs_every_authority_of_the_node(office: Office) -> None:
    office.give(draft("1", name=NAME))
    wanted = _newcomer(office, communities=("all", LIME), last_confirmed="2026-06-01", confirmed_by="be-police/x")
    proposed = propose_authority(office.node, _admin(office, NL), wanted)
    assert proposed.waits_for == (DE, FR, VE)
    for authority in (DE, FR):
        assert consent(office.node, _admin(office, authority), proposed.reference).state == "open"
    with pytest.raises(NotFound):
        act_as(office.node, OfficerId("be-police/admin"), purpose="18.2.a")
    with pytest.raises(Conflict):
        propose_authority(office.node, _admin(office, DE), wanted)
    assert consent(office.node, _admin(office, VE), proposed.reference).state == "in_force"
    assert act_as(office.node, OfficerId("be-police/admin"), purpose="18.2.a").role == "administrator"
    entered = next(each for each in list_directory(office.node).authorities if each.id == "be-police")
    assert (entered.communities, entered.last_confirmed, entered.confirmed_by) == (("all",), "", "")


def test_a_made_up_authority_helps_nobody_over_the_others(office: Office) -> None:
    """Neither alone, nor, once let in, by its number: consent is of all concerned, not of most."""
    office.join(DE, LIME)
    office.give(draft("1", name=NAME), by=DE, handling=office.handling(DE, communities=(LIME,)))
    made_up = propose_authority(office.node, _admin(office, NL), _newcomer(office, "nl-sybil"))
    with pytest.raises(NotFound):
        act_as(office.node, OfficerId("nl-sybil/admin"), purpose="18.2.a")
    office.agree(made_up.reference)
    sybil = act_as(office.node, OfficerId("nl-sybil/admin"), purpose="18.2.a")
    with pytest.raises(NotAllowed):
        propose_membership(office.node, sybil, LIME, NL)
    own = propose_membership(office.node, sybil, LIME)
    nl = propose_membership(office.node, _admin(office, NL), LIME)
    for actor, reference in ((sybil, nl.reference), (_admin(office, NL), own.reference)):
        with pytest.raises(NotFound):
            consent(office.node, actor, reference)
    late = propose_authority(office.node, sybil, _newcomer(office, "nl-sybil-2"))
    consent(office.node, _admin(office, NL), late.reference)
    assert _seen(office, DE, late.reference) is not None
    assert {each.id for each in list_directory(office.node).authorities} == {NL, DE, FR, VE, "nl-sybil"}
    assert office.ask(NL, NAME).kind == "hit_without_content"


def test_an_agreement_needs_its_parties_and_no_others(office: Office) -> None:
    office.give(draft("1", name=NAME))
    with pytest.raises(NotAllowed) as refused:
        propose_agreement(office.node, _admin(office, DE), _agreement())
    assert refused.value.code == "not_concerned"
    proposed = propose_agreement(office.node, _admin(office, VE), _agreement())
    assert (proposed.state, proposed.waits_for, office.ask(VE, NAME).kind) == ("open", (NL,), "no_hit")
    with pytest.raises(NotFound):
        consent(office.node, _admin(office, DE), proposed.reference)
    before = _epoch(office)
    assert consent(office.node, _admin(office, NL), proposed.reference).state == "in_force"
    assert (office.ask(VE, NAME).kind, _epoch(office)) == ("hit", before + 1)
    assert [office.newest_entry(NL)[0], office.newest_entry(VE)[0]] == ["agreement_manage", "check"]


def test_an_area_as_party_asks_every_authority_of_it(office: Office) -> None:
    proposed = propose_agreement(office.node, _admin(office, VE), _agreement("eu-ve", "EU", "VE"))
    assert proposed.waits_for == (DE, FR, NL)
    for authority in (DE, FR):
        consent(office.node, _admin(office, authority), proposed.reference)
    office.give(draft("1", name=NAME))
    assert office.ask(VE, NAME).kind == "no_hit"
    assert consent(office.node, _admin(office, NL), proposed.reference).state == "in_force"
    assert office.ask(VE, NAME).kind == "hit"


def test_an_agreement_is_replaced_by_nobody_and_ended_by_a_party(office: Office) -> None:
    office.agree(propose_agreement(office.node, _admin(office, VE), _agreement()).reference)
    with pytest.raises(Conflict):
        propose_agreement(office.node, _admin(office, DE), _agreement(one="DE", other="FR"))
    with pytest.raises(Conflict):
        propose_agreement(office.node, _admin(office, DE), _agreement("eu-eu-2023-977", "DE", "FR"))
    assert agreements_of(office.node, _admin(office, DE)) == ()
    for code in ("nl-ve", "eu-eu-2023-977"):
        with pytest.raises(NotFound):
            end_agreement(office.node, _admin(office, DE), code)
    end_agreement(office.node, _admin(office, NL), "nl-ve")
    assert [each.status for each in agreements_of(office.node, _admin(office, VE))] == ["ended"]
    with pytest.raises(NotFound):
        end_agreement(office.node, _admin(office, VE), "nl-ve")


@pytest.mark.parametrize("name", ["", "  ", "all", "two words", "x" * 81, "a\x00b"])
def test_a_community_is_named_by_one_word_that_is_not_everybody(office: Office, name: str) -> None:
    with pytest.raises(Invalid):
        propose_membership(office.node, _admin(office, DE), name)
    with pytest.raises(NotFound):
        leave_community(office.node, _admin(office, DE), name)
    assert propose_membership(office.node, _admin(office, DE), "x" * 80).state == "in_force"


def test_who_is_not_on_the_node_joins_nothing(office: Office) -> None:
    office.join(DE, LIME)
    with pytest.raises(NotFound):
        propose_membership(office.node, _admin(office, DE), LIME, AuthorityId("xx-none"))


def test_only_a_standing_administrator_consents(office: Office) -> None:
    office.join(DE, LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    gone = act_as(office.node, OfficerId(f"{DE}/admin"), purpose="18.2.a")
    end_access(office.node, _admin(office, DE), gone.officer)
    attempts: list[Callable[[], object]] = [
        lambda: consent(office.node, gone, proposed.reference),
        lambda: consent(office.node, office.officer(DE, "case_officer"), proposed.reference),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
        assert office.newest_entry(DE) == ("authority_manage", "refused")
    assert consent(office.node, _admin(office, DE), proposed.reference).state == "in_force"


def test_a_decision_that_fails_leaves_no_consent_behind(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.join(DE, LIME)
    proposed = propose_membership(office.node, _admin(office, NL), LIME)
    with monkeypatch.context() as patch:
        patch.setattr("alidade.store.directory.set_communities", _break)
        with pytest.raises(OSError, match="torn"):
            consent(office.node, _admin(office, DE), proposed.reference)
    found = _seen(office, DE, proposed.reference)
    assert found is not None
    assert (found.state, found.waits_for) == ("open", (DE,))
    assert consent(office.node, _admin(office, DE), proposed.reference).state == "in_force"


def _break(*_: object) -> None:
    raise OSError("torn")


def test_an_officer_is_not_smuggled_in_with_a_new_authority(office: Office) -> None:
    office.agree(propose_authority(office.node, _admin(office, NL), _newcomer(office)).reference)
    people = [each for each in list_directory(office.node).officers if each.authority == "be-police"]
    assert people == [
        Officer(id=OfficerId("be-police/admin"), authority=AuthorityId("be-police"), role="administrator")
    ]


def test_the_first_account_of_a_newcomer_is_begun_by_its_proposer_once_in_force(office: Office) -> None:
    proposed = propose_authority(office.node, _admin(office, NL), _newcomer(office))
    with pytest.raises(NotFound):
        begin_first_account(office.node, _admin(office, NL), proposed.reference)
    office.agree(proposed.reference)
    with pytest.raises(NotFound):
        begin_first_account(office.node, _admin(office, DE), proposed.reference)
    assert begin_first_account(office.node, _admin(office, NL), proposed.reference).id == "be-police/admin"
    assert office.entries(NL)[0].objects == (proposed.reference, "be-police/admin")
    membership = office.join(DE, LIME)
    with pytest.raises(NotFound):
        begin_first_account(office.node, _admin(office, DE), membership)
