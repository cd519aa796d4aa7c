"""Nominations: both owners read the same sentence, once, and nothing tells of anything besides."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from dossier_cases import people
from personas import DE, FR, NL, Office, OfficeFactory, draft

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.services.correcting import erase_record
from alidade.services.picture.dossier_state import Dossier, Member
from alidade.services.picture.dossiers import make_dossier
from alidade.services.picture.nomination_state import common_members, fingerprints, identities_typed, rules
from alidade.services.picture.nominations import (
    SeenRound,
    close_matching,
    hold_matching,
    list_matchings,
    nominate,
    take_back_nomination,
)
from alidade.store import nominations

PEOPLE = ("Ann Aa", "Ben Bee", "Cas Cee", "Dirk Dee")
SILENT = {"communities": (), "hit": "silent"}


def held(office: Office, at_least: int | None = None, **handling: object) -> str:
    how = office.handling(NL, content="non_personal", **handling)
    return hold_matching(office.node, office.officer(NL), "Networks 2026", "2026-06-30", how, at_least)


def rounds(office: Office, who: str) -> tuple[SeenRound, ...]:
    return list_matchings(office.node, office.officer(who))


def nominated(office: Office, who: str, round_: str, *names: str, **more: object) -> list[str]:
    records = people(office, who, *names, **SILENT)
    nominate(office.node, office.officer(who), round_, f"desk of {who}", records=records, **more)  # type: ignore[arg-type]
    return records


def test_both_owners_read_the_same_after_the_round_has_closed(office: Office) -> None:
    round_ = held(office)
    nominated(office, NL, round_, *PEOPLE)
    nominated(office, DE, round_, *PEOPLE[:3], "Someone Else")
    nominated(office, FR, round_, *PEOPLE[:2], "Un Autre", "Une Autre")
    for who in (NL, DE, FR):
        assert [one.overlaps for each in rounds(office, who) for one in each.nominations] == [()]

    office.clock.move(days=20)
    told = {who: [one.overlaps for each in rounds(office, who) for one in each.nominations] for who in (NL, DE, FR)}
    assert told[FR] == [()]
    ((ours,),) = told[NL]
    assert (ours.authorities, ours.contacts, ours.at_least) == (
        (DE, NL), (f"desk of {DE}", f"desk of {NL}"), 3,
    )  # fmt: skip
    assert told[DE] == told[NL]
    assert msgspec.json.encode(ours) == msgspec.json.encode(told[DE][0][0])
    said = str(told) + str([rounds(office, who) for who in (NL, DE, FR)])
    assert not any(name in said for name in (*PEOPLE, "1980"))


def test_nothing_tells_of_a_nomination_that_does_not_overlap_enough(offices: OfficeFactory) -> None:
    seen = []
    for others in ((), ("Quite Other", "Someone Else", "Third Man"), (*PEOPLE[:2], "Third Man")):
        with offices() as office:
            round_ = held(office)
            nominated(office, NL, round_, *PEOPLE)
            if others:
                records = [
                    str(record)
                    for at, name in enumerate(others)
                    for record in office.give(
                        draft(name, name=name, birthDate=f"1980-01-{PEOPLE.index(name) + 1:02d}" if name in PEOPLE
                              else f"1975-03-{at + 1:02d}"), by=FR, handling=office.handling(FR, **SILENT),
                    ).records.values()
                ]  # fmt: skip
                nominate(office.node, office.officer(FR), round_, "desk", records=records)
            office.clock.move(days=20)
            found = rounds(office, NL)
            seen.append([[(one.members, one.overlaps) for one in each.nominations] for each in found])
    assert seen[0] == seen[1] == seen[2] == [[(4, ())]]


def test_who_is_excluded_is_not_told_and_neither_is_the_other(office: Office) -> None:
    round_ = held(office)
    nominated(office, NL, round_, *PEOPLE, excluded=(DE,))
    nominated(office, DE, round_, *PEOPLE)
    office.clock.move(days=20)
    for who in (NL, DE):
        assert [one.overlaps for each in rounds(office, who) for one in each.nominations] == [()]


def test_a_round_that_is_over_takes_nothing_and_stays_over(office: Office) -> None:
    round_ = held(office)
    records = people(office, NL, *PEOPLE, **SILENT)
    with pytest.raises(NotFound):
        close_matching(office.node, office.officer(DE), round_)
    close_matching(office.node, office.officer(NL), round_)
    with pytest.raises(Conflict):
        nominate(office.node, office.officer(NL), round_, "desk", records=records)
    assert rounds(office, DE)[0].over
    with pytest.raises(Invalid):
        hold_matching(office.node, office.officer(NL), "Late", "2020-01-01", office.handling(NL))
    with pytest.raises(Invalid):
        held(office, at_least=1)


def test_only_what_is_ones_own_is_nominated_and_enough_of_it(office: Office) -> None:
    round_ = held(office)
    theirs = people(office, DE, *PEOPLE)
    ours = people(office, NL, *PEOPLE, **SILENT)
    with pytest.raises(NotFound):
        nominate(office.node, office.officer(NL), round_, "desk", records=theirs)
    with pytest.raises(Invalid):
        nominate(office.node, office.officer(NL), round_, "desk", records=ours[:2])
    with pytest.raises(Invalid):  # one who is named three times is one
        nominate(office.node, office.officer(NL), round_, "desk", records=[ours[0]] * 3)
    with pytest.raises(Invalid):
        nominate(office.node, office.officer(NL), round_, " ", records=ours)
    typed = nominate(
        office.node, office.officer(NL), round_, "desk", identifiers=("+31 20 555 0101", "IMO 9074729", "Jan")
    , records=ours[1:2])  # fmt: skip
    assert (typed.members, typed.left_out) == (3, 1)

    members = tuple(Member(record=each) for each in (*ours[:3], theirs[3]))
    dossier = make_dossier(office.node, office.officer(NL), Dossier(names=("Ring",), members=members))
    made = nominate(office.node, office.officer(NL), round_, "desk", dossier=dossier)
    assert (made.members, made.left_out) == (3, 1)
    with pytest.raises(NotFound):
        nominate(office.node, office.officer(DE), round_, "desk", dossier=dossier)
    take_back_nomination(office.node, office.officer(NL), made.piece)
    with pytest.raises(NotFound):
        take_back_nomination(office.node, office.officer(DE), typed.piece)
    assert len(rounds(office, NL)[0].nominations) == 1


def test_a_round_for_some_is_absent_for_others(office: Office) -> None:
    round_ = held(office, communities=(), released_to=(DE,))
    assert (len(rounds(office, DE)), rounds(office, FR)) == (1, ())
    records = people(office, FR, *PEOPLE, **SILENT)
    with pytest.raises(NotFound) as hidden:
        nominate(office.node, office.officer(FR), round_, "desk", records=records)
    with pytest.raises(NotFound) as missing:
        nominate(office.node, office.officer(FR), "f" * 32, "desk", records=records)
    assert str(hidden.value) == str(missing.value)


def test_what_is_kept_means_nothing_elsewhere_and_an_erasure_takes_it(office: Office) -> None:
    first, second = held(office), held(office)
    records = people(office, NL, *PEOPLE, **SILENT)
    for round_ in (first, second):
        nominate(office.node, office.officer(NL), round_, "desk", records=records)
    with office.store.transaction() as tx:
        bodies = [each.body for each in nominations.all_nominations(tx)]
        keys = {nominations.round_key(tx, each) for each in (first, second)}
        assert nominations.round_key(tx, first) in keys
    assert len(keys) == 2
    prints = [set(print_ for each in msgspec.json.decode(body)["nominees"] for print_ in each["prints"])
              for body in bodies]  # fmt: skip
    assert prints[0]
    assert not prints[0] & prints[1]
    assert not any(name.encode() in body for body in bodies for name in PEOPLE)

    erase_record(office.node, office.officer(NL), records[0], "retention_over")
    assert [one.members for each in rounds(office, NL) for one in each.nominations] == [3, 3]


def test_too_many_nominations_are_refused_those_taken_back_included(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = msgspec.structs.replace(rules(), most_nominations=1)
    monkeypatch.setattr("alidade.services.picture.nominations.rules", lambda: few)
    round_ = held(office)
    records = people(office, NL, *PEOPLE, **SILENT)
    made = nominate(office.node, office.officer(NL), round_, "desk", records=records)
    take_back_nomination(office.node, office.officer(NL), made.piece)
    with pytest.raises(Conflict):
        nominate(office.node, office.officer(NL), round_, "desk", records=records)


def test_members_in_common_are_counted_alike_from_either_side() -> None:
    key = b"k" * 32

    def member(*texts: str) -> frozenset[str]:
        return frozenset(fingerprints(key, [one for text in texts for one in identities_typed(text)]))

    left = [member("+31 20 555 0101"), member("+31 20 555 0102", "IMO 9074729"), member("+31 20 555 0103")]
    right = [member("0031205550101"), member("imo9074729"), member("+31205550102"), member("+49 30 555 0199")]
    assert common_members(left, right) == common_members(right, left) == 2
    assert common_members(left, []) == 0
    assert fingerprints(key, ["a"]) != fingerprints(b"j" * 32, ["a"])
