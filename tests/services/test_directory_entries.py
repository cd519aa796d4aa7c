"""Directory entries: everybody looks them up, their own authority keeps them, and what has aged is marked."""

from __future__ import annotations

import dataclasses

import pytest
from personas import DE, FR, NL, ROLES, START, VE, Office

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.ids import AuthorityId
from alidade.services.belonging import communities_of
from alidade.services.directory_entries import (
    DirectoryEntry,
    EntryChanges,
    confirm_entry,
    confirm_within,
    directory_entries,
    directory_entry,
    edit_entry,
)
from alidade.services.officers import end_access
from alidade.store import directory
from alidade.store.rights import epoch

GIVEN = EntryChanges(
    contact=" desk@new.example ",
    duty_line="+31 20 0000000",
    channel="secure mail",
    hours="Mon-Fri 8-18, CET",
    languages=("nl", "en", "nl"),
    articles=("UNTOC Art. 18", " ", "1988 Convention Art. 7", "UNTOC Art. 18"),
)


def _own(office: Office, authority: str = NL) -> DirectoryEntry:
    return directory_entry(office.node, office.officer(authority, "administrator"), AuthorityId(authority))


@pytest.mark.parametrize("role", ROLES)
def test_every_officer_looks_up_every_authority(office: Office, role: str) -> None:
    actor = office.officer(FR, role)
    found = directory_entries(office.node, actor)
    assert [entry.id for entry in found] == [DE, FR, NL, VE]  # by State
    assert [entry.id for entry in found if entry.own] == [FR]
    assert {(e.contact, e.alarm, e.days, e.limit) for e in found if e.id == NL} == {
        (f"desk@{NL}.example", "never_confirmed", None, 180)
    }
    with pytest.raises(NotFound):
        directory_entry(office.node, actor, AuthorityId("xx-none"))


def test_the_list_is_filtered_by_function_state_and_language(office: Office) -> None:
    edit_entry(office.node, office.officer(NL, "administrator"), GIVEN)
    actor = office.officer(DE)

    def ids(**sought: str) -> list[str]:
        return [entry.id for entry in directory_entries(office.node, actor, **sought)]

    assert ids(function="customs") == [FR]
    assert ids(state="VE") == [VE]
    assert ids(language="nl") == [NL]
    assert ids(language="en", function="police") == [DE, NL, VE]
    assert ids(function="fiu") == []


def test_an_entry_says_nothing_of_communities(office: Office) -> None:
    office.join(DE, "otf-lime")
    assert "otf-lime" in communities_of(office.node, office.officer(DE, "administrator"))
    assert "otf-lime" not in repr(directory_entries(office.node, office.officer(FR)))


def test_whose_access_has_ended_looks_up_nothing(office: Office) -> None:
    actor = office.officer(NL)
    assert directory_entries(office.node, actor)
    end_access(office.node, office.officer(NL, "administrator"), actor.officer)
    for attempt in (directory_entries, lambda n, a: directory_entry(n, a, DE)):
        with pytest.raises(NotAllowed):
            attempt(office.node, actor)


def test_an_entry_is_changed_by_its_own_authority_and_decides_over_no_right(office: Office) -> None:
    with office.store.transaction() as tx:
        before, raised = directory.authority(tx, NL), epoch(tx)
    changed = edit_entry(office.node, office.officer(NL, "liaison_officer"), GIVEN)
    assert (changed.contact, changed.hours) == ("desk@new.example", "Mon-Fri 8-18, CET")
    assert (changed.languages, changed.articles) == (("nl", "en"), ("UNTOC Art. 18", "1988 Convention Art. 7"))
    assert changed.alarm == "never_confirmed"  # to change is not to confirm
    with office.store.transaction() as tx:
        after = directory.authority(tx, NL)
        assert epoch(tx) == raised + 1
    assert (after.party, after.communities, after.name) == (before.party, before.communities, before.name)
    assert _own(office, DE).contact == f"desk@{DE}.example"
    entry = office.entries(NL)[0]
    assert (entry.act, entry.objects) == ("directory_confirm", (NL,))
    assert dict(entry.details)["fields"] == "contact duty_line channel hours languages articles"
    with pytest.raises(NotAllowed):
        edit_entry(office.node, office.officer(NL, "analyst"), GIVEN)
    assert office.newest_entry() == ("directory_confirm", "refused")


@pytest.mark.parametrize(
    "wrong",
    [
        {"contact": " "},
        {"contact": "c" * 201},
        {"duty_line": "1" * 101},
        {"channel": "c" * 201},
        {"hours": "h" * 101},
        {"languages": ()},
        {"languages": ("Klingon",)},
        {"articles": ("a" * 101,)},
        {"articles": tuple(str(number) for number in range(51))},
    ],
    ids=str,
)
def test_a_wrong_entry_is_refused_whole(office: Office, wrong: dict[str, object]) -> None:
    admin = office.officer(NL, "administrator")
    before = _own(office)
    with pytest.raises(Invalid) as refused:
        edit_entry(office.node, admin, dataclasses.replace(GIVEN, **wrong))  # type: ignore[arg-type]
    assert refused.value.remedy
    assert _own(office) == before
    edit_entry(office.node, admin, GIVEN)


def test_a_confirmation_ages(office: Office) -> None:
    officer = office.officer(NL, "liaison_officer")
    confirmed = confirm_entry(office.node, officer)
    assert (confirmed.confirmed_on, confirmed.confirmed_by) == (START.date().isoformat(), officer.officer)
    assert (confirmed.days, confirmed.alarm) == (0, "")
    office.clock.move(days=confirm_within(office.node))
    assert (_own(office).days, _own(office).alarm) == (180, "")
    office.clock.move(days=1)
    assert _own(office).alarm == "aged"
    edit_entry(office.node, officer, GIVEN)
    assert _own(office).alarm == "aged"
    assert confirm_entry(office.node, officer).alarm == ""
    with pytest.raises(NotAllowed):
        confirm_entry(office.node, office.officer(NL, "case_officer"))


@pytest.mark.parametrize("day", ["yesterday", "2026-06-17"])
def test_a_day_that_cannot_be_confirms_nothing(office: Office, day: str) -> None:
    with office.store.transaction() as tx:
        directory.set_entry(tx, dataclasses.replace(directory.authority(tx, NL), last_confirmed=day))
    assert (_own(office).alarm, _own(office).confirmed_on) == ("never_confirmed", "")
