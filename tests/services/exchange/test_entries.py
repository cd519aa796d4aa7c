"""Directory entries between nodes: how an authority is reached is known to its peers as soon as it says so."""

from __future__ import annotations

from federation import DE, FR, NL, Place, settle

from alidade.services.directory_entries import EntryChanges, confirm_entry, directory_entry, edit_entry


def test_a_change_of_an_entry_reaches_the_peers(three: tuple[Place, Place, Place]) -> None:
    one, other, third = three
    settle(three)
    changes = EntryChanges(contact="duty desk", duty_line="+31 20 555 0199", languages=("nl", "en"))
    edit_entry(one.node, one.admin(), changes)
    settle(three)

    for place, own in ((other, DE), (third, FR)):
        seen = directory_entry(place.node, place.office.officer(own), NL)
        assert (seen.contact, seen.duty_line, seen.languages) == ("duty desk", "+31 20 555 0199", ("nl", "en"))
        assert seen.alarm == "never_confirmed"


def test_who_confirmed_an_entry_stays_at_home(pair: tuple[Place, Place]) -> None:
    one, other = pair
    settle(pair)
    confirm_entry(one.node, one.admin())
    settle(pair)

    seen = directory_entry(other.node, other.office.officer(DE), NL)
    assert (seen.days, seen.confirmed_by) == (0, NL)
    assert str(one.admin().officer) not in str(seen)


def test_an_entry_is_changed_by_whom_it_describes_alone(pair: tuple[Place, Place]) -> None:
    one, other = pair
    settle(pair)
    edit_entry(one.node, one.admin(), EntryChanges(contact="duty desk"))
    settle(pair)

    assert directory_entry(other.node, other.office.officer(DE), DE).contact != "duty desk"
