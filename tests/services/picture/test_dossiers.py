"""Dossiers: kept in versions, ruled on by people, seen by others without what they may not see; compared, measured."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1]))

from chart_cases import SECRET, Scene, scene
from dossier_cases import network, people
from personas import DE, FR, NL, Office, changed, draft

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.services.correcting import erase_record
from alidade.services.picture.dossier_keeping import (
    bring_back_dossier,
    compare_versions,
    dossier_versions,
    restore_dossier,
    share_dossier,
    withdraw_dossier,
)
from alidade.services.picture.dossier_state import Dossier, LifeEvent, Member, decode_dossier
from alidade.services.picture.dossiers import (
    add_member,
    list_dossiers,
    make_dossier,
    open_dossier,
    remove_member,
    revise_dossier,
    rule_on_member,
)
from alidade.services.picture.mappings_compared import compare_mappings, rounds_of
from alidade.services.picture.measures import measure_dossier
from alidade.services.picture.products import issue_product, list_products, read_product, withdraw_product


@pytest.fixture
def seen(office: Office) -> Scene:
    return scene(office)


def _names(seen: Scene, who: str, piece: str) -> list[str]:
    return [each.thing.caption for each in open_dossier(seen.office.node, seen.office.officer(who), piece).members]


def test_others_see_the_dossier_without_members_they_may_not_see(seen: Scene) -> None:
    office, de = seen.office, seen.office.officer(DE)
    piece = make_dossier(office.node, de, network(seen, "ada", "secret", "firm"))

    with pytest.raises(NotFound) as hidden:
        open_dossier(office.node, office.officer(FR), piece)
    with pytest.raises(NotFound) as missing:
        open_dossier(office.node, office.officer(FR), "f" * 32)
    assert str(hidden.value) == str(missing.value)

    share_dossier(office.node, de, piece, office.handling(DE))
    found = open_dossier(office.node, office.officer(FR), piece)
    assert [each.thing.caption for each in found.members] == ["Ada Lindqvist", "Noordzee Fruit BV"]
    assert found.kept.members == 2
    assert [each.member.record for each in found.members] == found.dossier.records() or len(found.dossier.members) == 2
    assert len(_names(seen, DE, piece)) == 3
    assert [each.members for each in list_dossiers(office.node, office.officer(FR))] == [2]
    assert [each.members for each in list_dossiers(office.node, de)] == [3]


def test_nobody_keeps_a_record_he_does_not_see(seen: Scene) -> None:
    office = seen.office
    with pytest.raises(NotFound):
        make_dossier(office.node, office.officer(FR), network(seen, "secret"))
    piece = make_dossier(office.node, office.officer(FR), network(seen, "ada"))
    for record in (seen["secret"], "e" * 32):
        with pytest.raises(NotFound):
            add_member(office.node, office.officer(FR), piece, Member(record=record))


def test_a_person_rules_on_candidates_and_the_ruling_bears_his_name(seen: Scene) -> None:
    office, nl = seen.office, seen.office.officer(NL)
    piece = make_dossier(office.node, nl, network(seen, "ada", "bo"))
    assert {each.standing for each in open_dossier(office.node, nl, piece).dossier.members} == {"candidate"}

    rule_on_member(office.node, nl, piece, seen["ada"], "confirmed", role="coordinator", evidence=["controls (3)"])
    rule_on_member(office.node, nl, piece, seen["bo"], "rejected")
    found = open_dossier(office.node, nl, piece)
    ada, bo = found.dossier.member(seen["ada"]), found.dossier.member(seen["bo"])
    assert ada is not None
    assert bo is not None
    assert (ada.role, ada.standing, ada.ruled_by, ada.ruled_on) == (
        "coordinator", "confirmed", f"{NL}/case_officer", "2026-06-16",
    )  # fmt: skip
    assert ada.evidence == ("controls (3)",)
    assert (bo.standing, found.kept.members) == ("rejected", 1)
    rule_on_member(office.node, nl, piece, seen["ada"], "candidate")
    again = open_dossier(office.node, nl, piece).dossier.member(seen["ada"])
    assert again is not None
    assert again.ruled_by == ""
    with pytest.raises(Invalid):
        rule_on_member(office.node, nl, piece, seen["ada"], "confirmed", role="king")
    with pytest.raises(NotFound):
        rule_on_member(office.node, nl, piece, seen["firm"], "confirmed")
    with pytest.raises(NotFound):
        rule_on_member(office.node, office.officer(DE), piece, seen["ada"], "confirmed")


def test_versions_are_kept_compared_and_restored(seen: Scene) -> None:
    office, nl = seen.office, seen.office.officer(NL)
    piece = make_dossier(office.node, nl, network(seen, "ada", "bo"))
    first = open_dossier(office.node, nl, piece).dossier
    moved = replace(
        first, names=("Harbour ring", "Melters"), members=(first.members[0], Member(record=seen["firm"])),
        life=(*first.life, LifeEvent(kind="split", day="2026-02-01")),
    )  # fmt: skip
    assert revise_dossier(office.node, nl, piece, moved, version=1, reason="new mapping") == 2
    with pytest.raises(Conflict):
        revise_dossier(office.node, nl, piece, first, version=1)

    found = compare_versions(office.node, nl, piece, 1, 2)
    assert (found.difference.stayed, found.difference.left, found.difference.come) == (
        (seen["ada"],), (seen["bo"],), (seen["firm"],),
    )  # fmt: skip
    changes = {each.field: (each.gone, each.come) for each in found.difference.fields}
    assert changes == {"names": (("The Fruiterers",), ("Melters",)), "life": ((), ("split 2026-02-01",))}
    assert [(each.version, each.reason) for each in dossier_versions(office.node, nl, piece)] == [
        (2, "new mapping"), (1, ""),
    ]  # fmt: skip
    assert list_dossiers(office.node, nl)[0].state == "split"

    restore_dossier(office.node, nl, piece, 1, newest=2)
    assert len(_names(seen, NL, piece)) == 2
    assert remove_member(office.node, nl, piece, seen["bo"]) == 4
    withdraw_dossier(office.node, nl, piece)
    assert list_dossiers(office.node, nl) == ()
    bring_back_dossier(office.node, nl, piece)
    assert len(list_dossiers(office.node, nl)) == 1


def test_an_officer_who_sees_less_leaves_what_he_does_not_see(office: Office) -> None:
    found = scene(office)
    case_bound = office.give(
        draft("x", name="Only In The Case"), handling=office.handling(NL, communities=(), case="case-1", codes=("H3",),
        restriction="ask first"),
    )  # fmt: skip
    (record,) = map(str, case_bound.records.values())
    nl = office.officer(NL)
    piece = make_dossier(office.node, nl, replace(network(found, "ada"), members=(Member(record=record),)))
    add_member(office.node, nl, piece, Member(record=found["ada"]))
    for role in ("analyst", "liaison_officer"):
        viewer = office.officer(NL, role)
        view = open_dossier(office.node, viewer, piece)
        revise_dossier(office.node, viewer, piece, replace(view.dossier, names=(role,)), version=view.kept.version)
    last = open_dossier(office.node, nl, piece).dossier
    assert last.name == "liaison_officer"
    assert set(last.records()) == {record, found["ada"]}


def test_the_part_below_the_tear_line_is_for_readers_of_the_dossier_alone(seen: Scene) -> None:
    office, nl = seen.office, seen.office.officer(NL)
    piece = make_dossier(office.node, nl, network(seen, "ada"))
    product = issue_product(
        office.node, nl, piece, title="Fruit and cocaine", above="Containers of fruit are used.",
        below="Ada Lindqvist runs it.", handling=changed(office.handling(NL), content="strategic",
        subject_category=None), version=1,
    )  # fmt: skip
    other = issue_product(
        office.node, nl, piece, title="Fruit and cocaine", above="Containers of fruit are used.", below="",
        handling=changed(office.handling(NL), content="strategic", subject_category=None), version=2,
    )  # fmt: skip

    own, theirs = read_product(office.node, nl, product), read_product(office.node, office.officer(DE), product)
    assert own.below is not None
    assert own.below.text == "Ada Lindqvist runs it."
    assert (theirs.above, theirs.below, theirs.ours) == ("Containers of fruit are used.", None, False)
    bare = read_product(office.node, office.officer(DE), other)
    assert dataclasses.replace(bare, piece=theirs.piece) == theirs  # nothing says whether there is a part below
    assert len(list_products(office.node, office.officer(FR))) == 2
    share_dossier(office.node, nl, piece, office.handling(NL))
    assert read_product(office.node, office.officer(DE), product).below is not None
    withdraw_product(office.node, nl, product)
    with pytest.raises(NotFound):
        read_product(office.node, office.officer(DE), product)
    with pytest.raises(NotFound):
        withdraw_product(office.node, office.officer(DE), other)


def test_mappings_compared_as_each_viewer_sees_them(office: Office) -> None:
    found = scene(office)
    nl = office.officer(NL)
    a, b, c, d = people(office, NL, "Ann Aa", "Ben Bee", "Cas Cee", "Dirk Dee")
    (hidden,) = people(office, NL, "Hidden Man", communities=(), hit="silent")

    def made(round_: str, name: str, *records: str) -> str:
        members = tuple(Member(record=each) for each in records)
        return make_dossier(
            office.node, nl, Dossier(names=(name,), rounds=(round_,), members=members), office.handling(NL)
        )

    made("2024", "Whole", a, b, c, d, hidden)
    made("2026", "Left half", a, b)
    made("2026", "Right half", c, d)
    made("2026", "New", found["ada"], found["bo"])
    ours = compare_mappings(office.node, nl, "2024", "2026")
    theirs = compare_mappings(office.node, office.officer(FR), "2024", "2026")
    (split,) = [each for each in theirs.fates if each.kind == "split"]
    assert [one.name for one in split.before] == ["Whole"]
    assert sorted(one.name for one in split.after) == ["Left half", "Right half"]
    assert {each.kind for each in theirs.fates} == {"split", "born"}
    assert [each.id for each in ours.left] == [hidden]
    assert theirs.left == ()
    assert len(theirs.stayed) == 4
    assert rounds_of(office.node, office.officer(FR)) == ("2024", "2026")
    with pytest.raises(Invalid):
        compare_mappings(office.node, nl, "2026", "2026")


def test_measures_are_of_what_the_viewer_sees_and_say_how(office: Office) -> None:
    a, b, c, d, e = people(office, NL, "Ann Aa", "Ben Bee", "Cas Cee", "Dirk Dee", "Eva Ee")
    names = {"a": a, "b": b, "c": c, "d": d, "e": e}
    pairs = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c")]
    office.give(
        *(draft(f"{x}{y}", "Associate", person=names[x], associate=names[y])
          for x, y in pairs), by=NL,
    )  # fmt: skip
    office.give(
        draft("de", "Associate", person=d, associate=e), by=NL,
        handling=office.handling(NL, **SECRET),
    )  # fmt: skip
    nl = office.officer(NL)
    members = tuple(Member(record=each) for each in names.values())
    piece = make_dossier(office.node, nl, Dossier(names=("Five",), members=members), office.handling(NL))

    ours = measure_dossier(office.node, nl, piece).measured
    theirs = measure_dossier(office.node, office.officer(FR, "analyst"), piece).measured
    assert (ours.links, ours.components) == (5, (5,))
    assert (theirs.links, theirs.components) == (4, (4, 1))
    assert ours.key is not None
    assert ours.key.proved
    assert ours.key.lower_bound == len(ours.key.members)
    assert all(each.stability is not None for each in ours.key.members)
    assert [step.left for step in ours.disruption][-1] == 0
    assert {"links", "components", "groups", "key", "disruption", "recovery", "roles"} <= set(ours.how)
    rule_on_member(office.node, nl, piece, a, "rejected")
    assert a not in measure_dossier(office.node, nl, piece).measured.members

    empty = make_dossier(office.node, nl, Dossier(names=("Nobody",)))
    assert measure_dossier(office.node, nl, empty).measured.members == ()


def test_an_erasure_takes_the_member_and_leaves_the_dossier(seen: Scene) -> None:
    office, nl = seen.office, seen.office.officer(NL)
    body = network(
        seen, "ada", "bo", summary=("Ada Lindqvist leads.", "They ship fruit."), names=("Ring", "Ada Lindqvist & co")
    )
    piece = make_dossier(office.node, nl, body)
    erase_record(office.node, nl, seen["ada"], "retention_over")

    found = open_dossier(office.node, nl, piece).dossier
    assert found.records() == [seen["bo"]]
    assert (found.names, found.summary) == (("Ring",), ("They ship fruit.",))
    assert b"Lindqvist" not in office.files()


def test_what_is_no_dossier_is_refused_without_its_words(seen: Scene) -> None:
    with pytest.raises(Invalid) as wrong:
        decode_dossier(b'{"names": ["Ring"], "members": [{"record": "Jan Vermeulen"}]}')
    assert "Vermeulen" not in str(wrong.value)
    with pytest.raises(Invalid):
        decode_dossier(b"Jan")
    nl = seen.office.officer(NL)
    for bad in (
        network(seen, "ada", crime_areas=("knitting",)),
        network(seen, "ada", "ada"),
        network(seen, "ada", names=()),
        network(seen, members=(Member(record=seen["ada"], role="king"),)),
        network(seen, life=(LifeEvent(kind="exploded"),)),
    ):
        with pytest.raises(Invalid):
            make_dossier(seen.office.node, nl, bad)
    with pytest.raises(Invalid):
        share_dossier(
            seen.office.node, nl, make_dossier(seen.office.node, nl, network(seen)),
            changed(seen.office.handling(NL), subject_category=None),
        )  # fmt: skip


def test_links_nobody_has_told_of_are_listed_with_what_the_network_itself_says_of_such_lists(office: Office) -> None:
    two_circles = [
        f"{first} {last}" for last in ("Aa", "Bee") for first in ("Ann", "Ben", "Cas", "Dirk", "Eva", "Finn")
    ]
    who = people(office, NL, *two_circles)
    told = [
        (one, other)
        for circle in (who[:6], who[6:])
        for at, one in enumerate(circle)
        for other in circle[at + 1 :]
        if (one, other) != (who[0], who[1])
    ]
    office.give(
        *(draft(f"tie {at}", "Associate", person=one, associate=other) for at, (one, other) in enumerate(told)), by=NL
    )
    nl = office.officer(NL)
    piece = make_dossier(
        office.node, nl, Dossier(names=("Two circles",), members=tuple(Member(record=each) for each in who))
    )

    found = measure_dossier(office.node, nl, piece).measured
    assert found.links == 29
    assert found.hidden is not None
    assert not found.hidden.refused
    assert {found.hidden.ties[0].one, found.hidden.ties[0].other} == {who[0], who[1]}
    assert 0.1 <= found.hidden.precision <= 1
    assert "hidden" in found.how

    for each in who[6:]:
        rule_on_member(office.node, nl, piece, each, "rejected")
    few = measure_dossier(office.node, nl, piece).measured
    assert (few.links, few.hidden) == (14, None)
