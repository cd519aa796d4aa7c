"""Judging: four eyes, revoking with its reason, ruling anew, contradictions, looking again, whose rulings count."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pytest
from personas import DE, FR, NL, VE, Office, draft

from alidade.model.draft import Claim
from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.services.correcting import erase_record
from alidade.services.picture.judgements import JudgementDesk, judgement_desk
from alidade.services.picture.judging import confirm, judge, judging_rules, revoke, rule, set_judging_rules
from alidade.services.records import show_record
from alidade.store import models
from alidade.store.judgements import seal_earlier


@pytest.fixture
def pair(office: Office) -> tuple[str, str]:
    """A record of the Netherlands and one of Germany, which everybody of the Union may join."""
    own = office.give(draft("1", name="Jan Vermeulen", birthDate="1970-02-03"), source_list="ours")
    other = office.give(draft("1", name="Jan Vermeulen", birthDate="1970-03-02"), by=DE, source_list="theirs")
    return own.records["1"], other.records["1"]


def _desk(office: Office, who: str = NL, role: str = "case_officer") -> JudgementDesk:
    return judgement_desk(office.node, office.officer(who, role))


def _together(office: Office, who: str, pair: tuple[str, str]) -> bool:
    return len(show_record(office.node, office.officer(who), pair[0]).records) == 2


def test_a_second_officer_confirms_or_nothing_is_joined(office: Office, pair: tuple[str, str]) -> None:
    first, second = office.officer(NL), office.officer(NL, "analyst")
    ruled = rule(office.node, first, *pair, "same", "same phone", office.handling(), second_officer=True)
    assert ruled.waits
    assert not _together(office, NL, pair)
    assert _desk(office, DE).in_force == ()
    assert [(each.judgement, each.mine) for each in _desk(office).to_confirm] == [(ruled.judgement, True)]
    with pytest.raises(Conflict):
        confirm(office.node, first, ruled.judgement)
    for stranger in (office.officer(DE), office.officer(VE)):
        with pytest.raises(NotFound):
            confirm(office.node, stranger, ruled.judgement)
    confirm(office.node, second, ruled.judgement)
    assert _together(office, NL, pair)
    assert _together(office, DE, pair)
    with pytest.raises(NotFound):
        confirm(office.node, second, ruled.judgement)


def test_an_authority_can_have_every_judgement_confirmed(office: Office, pair: tuple[str, str]) -> None:
    set_judging_rules(office.node, office.officer(NL), four_eyes=True, accepts=None)
    assert judging_rules(office.node, office.officer(NL)).four_eyes
    assert rule(office.node, office.officer(NL), *pair, "same", "r", office.handling()).waits
    assert not rule(office.node, office.officer(DE), *pair, "same", "r", office.handling(DE)).waits


def test_revoking_parts_at_once_and_keeps_who_when_and_why(office: Office, pair: tuple[str, str]) -> None:
    made = judge(office.node, office.officer(NL), *pair, "same", "same phone", office.handling())
    assert _together(office, DE, pair)
    revoke(office.node, office.officer(NL, "analyst"), made, "the phone was sold")
    assert not _together(office, DE, pair)
    (gone,) = _desk(office).revoked
    assert gone.revoked_because == "the phone was sold"
    assert gone.revoked_by == f"{NL}/analyst"
    assert gone.reason == "same phone"
    assert _desk(office, DE).revoked == ()
    with pytest.raises(NotFound):
        revoke(office.node, office.officer(NL), made)


def test_ruling_anew_takes_the_place_of_the_earlier_ruling(office: Office, pair: tuple[str, str]) -> None:
    first = judge(office.node, office.officer(NL), *pair, "same", "r", office.handling())
    second = judge(office.node, office.officer(NL), pair[1], pair[0], "not_the_same", "twins", office.handling())
    assert not _together(office, NL, pair)
    desk = _desk(office)
    assert [each.judgement for each in desk.in_force] == [second]
    assert [(each.judgement, each.replaced_by) for each in desk.revoked] == [(first, second)]


def test_whose_judgements_join_is_for_each_authority_to_say(office: Office, pair: tuple[str, str]) -> None:
    judge(office.node, office.officer(DE), *pair, "same", "r", office.handling(DE))
    assert _together(office, NL, pair)
    set_judging_rules(office.node, office.officer(NL), four_eyes=False, accepts=[FR])
    assert not _together(office, NL, pair)
    assert [each.accepted for each in _desk(office).in_force] == [False]
    assert _together(office, FR, pair)
    set_judging_rules(office.node, office.officer(NL), four_eyes=False, accepts=[DE])
    assert _together(office, NL, pair)
    with pytest.raises(Invalid):
        set_judging_rules(office.node, office.officer(NL), four_eyes=False, accepts=["nobody"])
    with pytest.raises(NotAllowed):
        set_judging_rules(office.node, office.officer(NL, "analyst"), four_eyes=False, accepts=None)


def test_a_contradiction_is_flagged_and_parts(office: Office, pair: tuple[str, str]) -> None:
    third = office.give(draft("7", name="J. Vermeulen"), by=FR).records["7"]
    judge(office.node, office.officer(DE), *pair, "same", "r", office.handling(DE))
    office.clock.move(hours=1)
    judge(office.node, office.officer(FR), pair[1], third, "same", "r", office.handling(FR))
    assert len(show_record(office.node, office.officer(NL), pair[0]).records) == 3
    judge(office.node, office.officer(NL), pair[0], third, "not_the_same", "seen together", office.handling())
    assert len(show_record(office.node, office.officer(NL), pair[0]).records) == 2
    (found,) = _desk(office).contradictions
    assert (found.joined, len(found.chain)) == (False, 2)
    assert found.apart.reason == "seen together"


def test_a_later_statement_has_it_looked_at_again_until_ruled_anew(office: Office, pair: tuple[str, str]) -> None:
    judge(office.node, office.officer(NL), *pair, "same", "r", office.handling())
    assert _desk(office).look_again == ()
    office.give(draft("1", name="Jan Vermeulen", birthDate="1970-03-02", gender="male"), by=DE, source_list="theirs")
    (again,) = _desk(office).look_again
    assert ("gender", "male") in [(each.property, each.value) for each in again.new]
    assert _together(office, NL, pair)  # the effect stays
    assert _desk(office, DE).look_again == ()  # not their judgement
    judge(office.node, office.officer(NL), *pair, "same", "still", office.handling())
    assert _desk(office).look_again == ()


def test_what_is_new_but_hidden_changes_nothing(office: Office, pair: tuple[str, str]) -> None:
    judge(office.node, office.officer(NL), *pair, "same", "r", office.handling())
    before = _desk(office)
    hidden = Claim(property="gender", value="male", handling="secret")
    handlings = {"own": office.handling(DE), "secret": office.handling(DE, communities=())}
    said = draft("1", name="Jan Vermeulen", birthDate="1970-03-02", gender=hidden)
    office.give(replace(said, handling="own"), by=DE, handling=handlings, source_list="theirs")
    assert office.ask(DE, "Jan Vermeulen").hits
    after = _desk(office)
    assert after.look_again == before.look_again == ()


def test_evidence_is_shown_to_who_sees_it_himself(office: Office, pair: tuple[str, str]) -> None:
    hidden = office.give(draft("9", name="Witness"), handling=office.handling(communities=())).records["9"]
    statement = show_record(office.node, office.officer(NL), pair[1]).statements[0].statement
    judge(office.node, office.officer(NL), *pair, "same", "r", office.handling(), evidence=[hidden, statement])
    assert _desk(office).in_force[0].evidence == (hidden, statement)
    assert _desk(office, DE).in_force[0].evidence == (statement,)
    with pytest.raises(NotFound):
        judge(office.node, office.officer(DE), *pair, "same", "r", office.handling(DE), evidence=[hidden])


def test_what_a_judgement_says_lies_sealed_and_goes_with_the_record(office: Office, pair: tuple[str, str]) -> None:
    judge(office.node, office.officer(DE), *pair, "same", "Vermeulen told us", office.handling(DE))
    row = models.Judgement.objects.using(office.store.alias).get()
    assert row.reason == ""
    assert b"Vermeulen" not in bytes(row.content)
    key = row.field_key
    assert office.store.keys.field_key(key) is not None
    erase_record(office.node, office.officer(NL), pair[0], "unlawful")
    row.refresh_from_db()
    assert (row.content, row.revoked) == (None, True)
    assert office.store.keys.field_key(key) is None
    assert _desk(office, DE).in_force == ()


def test_an_erased_value_goes_from_the_reasons_of_its_owner(office: Office, pair: tuple[str, str]) -> None:
    other = office.give(draft("4", name="Piet Hein")).records["4"]
    judge(office.node, office.officer(NL), *pair, "same", "as Piet Hein told", office.handling())
    erase_record(office.node, office.officer(NL), other, "unlawful")
    assert [(each.ruling, each.reason) for each in _desk(office).in_force] == [("same", "")]


def test_reasons_of_an_earlier_version_are_sealed_at_the_next_opening(office: Office, pair: tuple[str, str]) -> None:
    judge(office.node, office.officer(NL), *pair, "same", "r", office.handling())
    rows = models.Judgement.objects.using(office.store.alias)
    rows.update(content=None, field_key="", reason="an old reason")
    assert _desk(office).in_force[0].reason == "an old reason"
    seal_earlier(office.store)
    assert rows.get().reason == ""
    assert _desk(office).in_force[0].reason == "an old reason"


def test_whoever_may_not_join_both_learns_nothing(office: Office, pair: tuple[str, str]) -> None:
    hidden = office.give(draft("9", name="Witness"), handling=office.handling(communities=())).records["9"]
    absent = "0" * 32
    told = []
    for other in (hidden, absent):
        with pytest.raises(NotFound) as error:
            judge(office.node, office.officer(DE), pair[1], other, "same", "r", office.handling(DE))
        told.append(error.value.message)
    assert told[0] == told[1]
