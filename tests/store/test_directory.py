"""The directory in the store: who there is, and the world in which decisions are taken."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, NL, ROLES, STATES, Dice, Office, SetClock, opened, template, words

from alidade.model.directory import Officer
from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.store import directory
from alidade.store.database import Store
from alidade.store.rights import epoch
from alidade.vocabulary import Agreement, Label


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "directory") as found:
        yield found


def test_authorities_and_officers(office: Office) -> None:
    with office.store.transaction() as tx:
        found = directory.authorities(tx)
        assert list(found) == sorted(STATES)
        assert found[NL].contact == f"desk@{NL}.example"
        assert found[NL].communities == ("all",)
        assert {officer.role for officer in directory.officers(tx, DE)} == set(ROLES)
        assert len(directory.officers(tx)) == len(ROLES) * len(STATES) + len(STATES)  # and each first administrator
        person = directory.officer(tx, OfficerId(f"{DE}/analyst"))
        assert (person.authority, person.role, person.active) == (DE, "analyst", True)
        with pytest.raises(NotFound):
            directory.officer(tx, OfficerId(f"{DE}/nobody"))
        stranger = Officer(id=OfficerId("xx/new"), authority=AuthorityId("xx"), role="analyst")
        with pytest.raises(NotFound):
            directory.add_officer(tx, stranger)
        with pytest.raises(NotFound):
            directory.set_officer(tx, stranger)
        with pytest.raises(NotFound):
            directory.set_communities(tx, AuthorityId("xx"), ())


def test_each_authority_has_a_key_of_its_own(office: Office) -> None:
    with office.store.transaction() as tx:
        keys = [directory.public_keys(tx, code) for code in STATES]
        assert directory.public_keys(tx, AuthorityId("xx")) == {}
    assert [len(one) for one in keys] == [1] * len(STATES)
    assert len({public for one in keys for public in one.values()}) == len(STATES)


def test_a_change_of_rights_raises_the_epoch_and_reaches_the_world(office: Office) -> None:
    label = Label(en="invented", fr="inventé", es="inventado", pt="inventado")
    agreement = Agreement(
        code="nl-ve",
        label=label,
        source="invented",
        valid_from=date(2026, 1, 1),
        verified=False,
        party_a="NL",
        party_b="VE",
        instrument="invented",
        flow="personal",
        status="in_force",
        onward_transfer=False,
    )
    with office.store.transaction() as tx:
        before, world = epoch(tx), directory.world(tx)
        directory.add_agreement(tx, agreement)
        assert epoch(tx) == before + 1
        parties = world.parties
        flows = [
            each.agreements.flow_between(parties[NL], parties[AuthorityId("ve-cicpc")], tx.now, ())
            for each in (world, directory.world(tx))
        ]
        assert flows == [None, "personal"]
        assert dict(directory.agreements(tx)) == {"nl-ve": agreement}


def test_what_is_changed_of_an_officer_or_an_entry_is_read_again(office: Office) -> None:
    with office.store.transaction() as tx:
        before = epoch(tx)
        person = directory.officer(tx, OfficerId(f"{DE}/analyst"))
        changed = replace(
            person, cases=("a", "b"), unit="Drugs", active=False, left_on="2026-06-16", role="case_officer"
        )
        directory.set_officer(tx, changed)
        assert directory.officer(tx, person.id) == changed
        assert changed in directory.officers(tx, DE)
        assert epoch(tx) == before + 1
        entry = replace(
            directory.authority(tx, DE),
            contact="new",
            languages=("de", "en"),
            articles=("UNTOC Art. 18",),
            channel="secure mail",
            hours="always",
            duty_line="+49",
            last_confirmed="2026-06-16",
            confirmed_by=f"{DE}/admin",
        )
        directory.set_entry(tx, entry)
        assert directory.authority(tx, DE) == entry
        assert epoch(tx) == before + 2
        with pytest.raises(NotFound):
            directory.set_entry(tx, replace(entry, party=replace(entry.party, id=AuthorityId("xx"))))
    with office.store.transaction() as tx:
        assert directory.authorities(tx)[DE] == entry


def test_a_new_store_is_empty(office: Office, tmp_path: Path) -> None:
    assert not directory.store_is_empty(office.store)
    store = Store(tmp_path / "new", clock=SetClock(), randomness=Dice(3), vocabulary=words())
    assert directory.store_is_empty(store)
    store.close()
