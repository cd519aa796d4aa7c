"""The page of a thing: who says what, what differs, how it stood on a day, what joins it, and whether it may go out."""

from __future__ import annotations

import csv
import io
import json

import pytest
from linked_cases import give_network, refers
from personas import DE, FR, NL, VE, Office, draft
from thread_cases import request

from alidade.model.draft import Claim
from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.services.picture.entity import EntityPage, entity
from alidade.services.picture.entity_asked import quoting_threads
from alidade.services.picture.entity_export import export_entity
from alidade.services.picture.judging import judge, take_back_judgement
from alidade.services.releasing import release
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import StepOrder


def page(office: Office, who: str, record: str, **more: str) -> EntityPage:
    """The page as somebody sees it."""
    return entity(office.node, office.officer(who), record, **more)  # type: ignore[arg-type]


def said(page: EntityPage, name: str) -> list[tuple[str, str]]:
    """Who says what of a property."""
    return [(each.owner, each.value) for fact in page.facts if fact.property == name for each in fact.statements]


def test_who_says_what_stands_side_by_side(office: Office) -> None:
    one = office.give(draft("1", name="Jan Vermeulen", birthDate="1964-07-01")).records["1"]
    graded = Claim(property="birthDate", value="1965-07-01", evaluation="A1")
    two = office.give(draft("1", name="Jan Vermeulen", birthDate=graded), by=DE).records["1"]
    alone = page(office, NL, one)
    assert (said(alone, "birthDate"), [fact.conflict for fact in alone.facts]) == ([(NL, "1964-07-01")], [False, False])
    judgement = judge(office.node, office.officer(DE), one, two, "same", "same photograph", office.handling(DE))
    joined = page(office, NL, two)
    assert joined.thing.records == tuple(sorted((one, two)))
    assert said(joined, "birthDate") == [(DE, "1965-07-01"), (NL, "1964-07-01")]  # the firmer one first
    assert {fact.property for fact in joined.facts if fact.conflict} == {"birthDate"}
    assert [each.judgement for each in joined.rulings.followed] == [judgement]
    assert joined.ours == (one,)
    assert set(joined.names) == {NL, DE}
    assert "Nationality" in [label.in_("en") for label in joined.missing]
    take_back_judgement(office.node, office.officer(DE), judgement)
    assert page(office, NL, two).thing.records == (two,)
    assert office.newest_entry() == ("picture_read", "allowed")


def test_absent_and_forbidden_are_one_sentence(office: Office) -> None:
    ids = give_network(office)
    texts = set()
    for reference in (ids["jan"], "0" * 32, "nonsense"):
        for use in (entity, quoting_threads):
            with pytest.raises(NotFound) as absent:
                use(office.node, office.officer(VE), reference)
            texts.add(str(absent.value))
        with pytest.raises(NotFound) as absent:
            export_entity(office.node, office.officer(VE), reference, "csv")
        texts.add(str(absent.value))
    assert len(texts) == 1
    with pytest.raises(Invalid, match="no day"):
        page(office, NL, ids["jan"], at="yesterday")


def test_what_is_tied_to_it_stands_by_kind_and_direction(office: Office) -> None:
    ids = give_network(office)
    jan = page(office, NL, ids["jan"])
    found = {(group.kind, group.outward): [each.other.caption for each in group.connections] for group in jan.groups}
    assert found == {
        ("Associate", True): ["Пётр Иванов (Petr Ivanov)"],
        ("Directorship", True): ["Vermeulen Transport"],
        ("subscriber", False): ["+31612345678"],
    }
    assert [group.kind for group in page(office, DE, ids["jan"]).groups] == ["Directorship", "subscriber"]
    # A link has a page as well: what it ties together.
    runs = page(office, DE, ids["runs"])
    assert {each.other.caption for group in runs.groups for each in group.connections} == {
        "Jan Vermeulen",
        "Vermeulen Transport",
    }


def test_a_past_day_shows_what_was_given_by_then_and_held(office: Office) -> None:
    given = office.give(
        draft(
            "ship",
            "Vessel",
            name="Aurora",
            flag=[
                Claim(property="flag", value="PA", valid_from="2020", valid_to="2023-05-31"),
                Claim(property="flag", value="LR", valid_from="2023-06-01"),
            ],
        ),
        draft("owner", "Company", name="Aurora Shipping"),
        draft("owns", "Ownership", owner=refers("owner", "owner"), asset=refers("asset", "ship"), endDate="2026-06-17"),
        source_list="ships",
    ).records
    ship = given["ship"]
    now = page(office, DE, ship)
    assert [(each.kind, each.value or each.other.caption) for each in now.history if each.kind != "name"] == [  # type: ignore[union-attr]
        ("flag", "PA"),
        ("flag", "LR"),
        ("owner", "Aurora Shipping"),
    ]
    # One flag after the other is no conflict; two at a time are, as below.
    assert {fact.property for fact in now.facts if fact.conflict} == set()
    before = page(office, DE, ship, at="2026-06-15")  # the day before it was given
    assert (before.facts, before.groups, before.statements) == ((), (), ())
    assert before.thing.caption == "Aurora"
    office.clock.move(days=10)
    then = page(office, DE, ship, at="2026-06-16")
    assert ([value for _, value in said(then, "flag")], len(then.groups)) == (["LR"], 1)
    later = page(office, DE, ship, at="2026-06-20")
    assert ([value for _, value in said(later, "flag")], later.groups) == (["LR"], ())
    undated = office.give(draft("ship", "Vessel", name="Aurora", flag="MT"), by=DE).records["ship"]
    judge(office.node, office.officer(DE), ship, undated, "same", "same photograph", office.handling(DE))
    assert {fact.property for fact in page(office, DE, ship).facts if fact.conflict} == {"flag"}


def test_documents_stand_apart_from_other_ties(office: Office) -> None:
    given = office.give(
        draft("1", name="Jan Vermeulen"),
        draft("p", "Passport", number="AB123456", holder=refers("holder", "1")),
        draft("d", "Document", title="Bill of lading"),
        draft("doc", "Documentation", document=refers("document", "d"), entity=refers("entity", "1")),
        source_list="papers",
    ).records
    found = page(office, NL, given["1"])
    assert sorted(each.other.caption for each in found.documents) == ["AB123456", "Bill of lading"]
    assert found.groups == ()


def test_what_was_asked_is_told_as_far_as_it_is_ones_own(office: Office) -> None:
    one = office.give(draft("1", name="Jan Vermeulen", phone="+31612345678")).records["1"]
    answer = office.ask(DE, "+31612345678")
    owner = page(office, NL, one).asked
    assert [(each.kind, each.who) for each in owner] == [("theirs", DE)]
    asker = page(office, DE, one).asked
    assert [(each.kind, each.who, each.reference) for each in asker] == [("ours", DE, answer.check)]
    assert page(office, FR, one).asked == ()


def test_exchanges_that_quote_it_are_found_for_their_parties(office: Office) -> None:
    one = office.give(draft("1", name="Jan Vermeulen"), draft("2", name="Piet Hein")).records
    thread = request(office, by=NL, to=FR)
    order = StepOrder(code="message", note="See the record.", records=(one["1"],))
    take_step(office.node, office.officer(NL), thread, order)
    for who, record, found in ((NL, "1", [thread]), (FR, "1", [thread]), (NL, "2", []), (DE, "1", [])):
        assert [each.reference for each in quoting_threads(office.node, office.officer(who), one[record])] == found


def test_it_is_taken_out_whole_under_its_handling(office: Office) -> None:
    ids = give_network(office)
    made = export_entity(office.node, office.officer(DE), ids["jan"], "csv")
    rows = list(csv.DictReader(io.StringIO(made.content.decode(), newline="")))
    assert {row["record"] for row in rows} == {ids["jan"], ids["phone"], ids["runs"]}
    assert {row["owner"] for row in rows} == {NL}
    assert all(row["handling"] for row in rows)
    assert (made.rows, made.left_out) == (len(rows), 0)
    assert office.newest_entry(DE) == ("export", "allowed")
    lines = export_entity(office.node, office.officer(DE), ids["jan"], "ftm").content.decode().splitlines()
    assert {json.loads(line).get("schema") for line in lines[1:]} >= {"Person", "Directorship"}
    assert "alidade:handling" in json.loads(lines[0])
    # The own authority sees a link under another handling as well, which one file of this form cannot carry.
    with pytest.raises(Invalid) as refused:
        export_entity(office.node, office.officer(NL), ids["jan"], "ftm")
    assert refused.value.code == "handling_not_carried"
    with pytest.raises(Invalid, match="no such form"):
        export_entity(office.node, office.officer(NL), ids["jan"], "pdf")  # type: ignore[arg-type]


def test_the_strictest_wins_and_says_whose_rule_it_is(office: Office) -> None:
    terms = {"open": office.handling(DE), "closed": office.handling(DE, communities=())}
    closed = Claim(property="alias", value="Johann", handling="closed")
    one = office.give(draft("1", name="Jan Vermeulen", alias=closed), by=DE, handling=terms).records["1"]
    assert page(office, NL, one).out.allowed
    # A release to read is none to take out.
    release(office.node, office.officer(DE), one, NL, "read", ("18.2.a",))
    found = page(office, NL, one)
    assert not found.out.allowed
    assert (found.out.free, found.out.held_back) == (1, 1)
    assert any("Authority de-bka" in reason for reason in found.out.reasons)
    with pytest.raises(NotAllowed) as refused:
        export_entity(office.node, office.officer(NL), one, "csv")
    assert refused.value.code == "strictest_wins"
    assert "Authority de-bka" in refused.value.message
    assert "Johann" not in refused.value.message
    part = export_entity(office.node, office.officer(NL), one, "csv", part=True)
    assert (part.rows, part.left_out) == (1, 1)
    assert b"Johann" not in part.content
