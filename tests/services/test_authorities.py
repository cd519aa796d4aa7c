"""Authorities: who takes part is entered by those who may, once, and with what others need to know."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from personas import CASE, DE, FR, NL, ROLES, STATES, Dice, Office, SetClock, draft, words

from alidade.model.directory import Authority, Officer
from alidade.model.errors import Conflict, Invalid, NotAllowed
from alidade.model.ids import AuthorityId, OfficerId
from alidade.services.acting import act_as
from alidade.services.authorities import first_administrator, found_node, list_directory, party
from alidade.services.consent import propose_authority
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.services.officers import add_officer


def _authority(office: Office, code: str = "be-police") -> Authority:
    return Authority(party=party(office.node, code, "police", "BE"), name="Belgium", contact="desk@be.example")


def test_the_cast_is_in_the_directory(office: Office) -> None:
    found = list_directory(office.node)
    assert {authority.id: authority.party.state for authority in found.authorities} == {
        code: state for code, (_, state) in STATES.items()
    }
    assert {(officer.authority, officer.role) for officer in found.officers} == {(a, r) for a in STATES for r in ROLES}
    assert found.authorities[0].party.areas == ("EU", "EEA", "Schengen")


def test_a_new_authority_takes_part_at_once(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    proposed = propose_authority(office.node, office.officer(NL, "administrator"), _authority(office))
    office.agree(proposed.reference)
    admin = act_as(office.node, OfficerId("be-police/admin"), purpose="18.2.a")
    officer = Officer(
        id=OfficerId("be-police/case_officer"), authority=AuthorityId("be-police"), role="case_officer", cases=(CASE,)
    )
    add_officer(office.node, admin, officer)
    assert office.answers("Jan Vermeulen", of=(DE, "be-police")) == {DE: "hit", "be-police": "hit"}
    office.give(draft("1", name="Piet Hein"), by="be-police")
    assert office.ask(NL, "Piet Hein").kind == "hit"
    with pytest.raises(Conflict):
        propose_authority(office.node, office.officer(NL, "administrator"), _authority(office))
    with pytest.raises(Conflict):
        add_officer(office.node, admin, officer)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "  "}, "be-police"),
        ({"contact": ""}, "be-police"),
        ({}, "BE Police"),
        ({}, ""),
        ({}, "b" * 65),
        ({}, "ledger"),  # the name under which the node keeps the key of its own ledger
    ],
)
def test_an_authority_that_cannot_be_addressed_is_refused(office: Office, change: dict[str, str], code: str) -> None:
    admin = office.officer(NL, "administrator")
    with pytest.raises(Invalid) as refused:
        propose_authority(office.node, admin, dataclasses.replace(_authority(office, code), **change))  # type: ignore[arg-type]
    assert refused.value.remedy
    assert len(list_directory(office.node).authorities) == len(STATES)
    propose_authority(office.node, admin, _authority(office))


@pytest.mark.parametrize(("function", "state"), [("gossip", "BE"), ("police", "XX"), ("police", "")])
def test_functions_and_states_come_from_the_lists(office: Office, function: str, state: str) -> None:
    assert party(office.node, "be-police", "police", "BE").areas == ("EU", "EEA", "Schengen")
    assert party(office.node, "europol", "agency", "EUROPOL").areas == ("EUROPOL",)
    with pytest.raises(Invalid):
        party(office.node, "be-police", function, state)


def test_a_node_begins_once(office: Office, tmp_path: Path) -> None:
    admin = Officer(id=OfficerId("be-police/admin"), authority=AuthorityId("be-police"), role="administrator")
    with pytest.raises(Conflict) as refused:
        found_node(office.node, _authority(office), admin)
    assert refused.value.code == "begun"
    node = Node.open(tmp_path / "new", clock=SetClock(), randomness=Dice(1), vocabulary=words())
    try:
        with pytest.raises(Invalid):
            found_node(node, _authority(office), dataclasses.replace(admin, role="king"))
        assert list_directory(node).authorities == ()
        found_node(node, _authority(office), admin)
        assert [officer.id for officer in list_directory(node).officers] == [admin.id]
        assert verify_ledger(node).entries == 1
        with pytest.raises(Conflict):  # nor can more be founded beside what is there
            found_node(node, _authority(office, "be-2"), admin, others=[_authority(office, "be-3")])
    finally:
        node.close()


def test_several_begin_together_each_with_its_administrator(office: Office, tmp_path: Path) -> None:
    first, second = _authority(office), _authority(office, "be-customs")
    node = Node.open(tmp_path / "new", clock=SetClock(), randomness=Dice(2), vocabulary=words())
    try:
        with pytest.raises(Invalid):
            found_node(
                node, first, first_administrator(first), others=[second, dataclasses.replace(second, contact=" ")]
            )
        assert list_directory(node).authorities == ()
        found_node(node, first, first_administrator(first), others=[second])
        assert [officer.id for officer in list_directory(node).officers] == ["be-customs/admin", "be-police/admin"]
        assert verify_ledger(node).entries == 1
    finally:
        node.close()


def test_without_a_key_of_the_authority_nobody_gives_in_its_name(office: Office) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office.store.keys, "signing_key", lambda holder: None)
        with pytest.raises(NotAllowed) as refused:
            office.give(draft("1", name="Jan Vermeulen"), by=FR)
    assert refused.value.code == "no_key"
    assert office.give(draft("1", name="Jan Vermeulen"), by=FR).new == 1
