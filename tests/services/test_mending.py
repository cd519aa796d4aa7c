"""Mending: corrections supersede; what was given is listed with its state; exports carry handling or are refused."""

from __future__ import annotations

import json

import pytest
from personas import DE, NL, Office, draft

from alidade.model.draft import Claim, Draft
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.services.contribute import Giving, contribute
from alidade.services.contributions import contribution, contributions
from alidade.services.correcting import withdraw
from alidade.services.exporting import export_ftm
from alidade.services.mending import Addition, correct_record, own
from alidade.services.records import show_record
from alidade.store import writing


def _record(office: Office) -> str:
    return office.give(draft("1", name="Jan Vermeulen", birthDate="1964-07-31", notes="tall")).records["1"]


def _ids(office: Office, record: str) -> dict[str, str]:
    return {s.property: str(s.id) for s in own(office.node, office.officer(NL), record).statements}


def test_a_correction_supersedes_and_keeps_the_rest(office: Office) -> None:
    record = _record(office)
    ids = _ids(office, record)
    changes = {ids["birthDate"]: "1 Aug 1964", ids["notes"]: ""}
    outcome = correct_record(
        office.node, office.officer(NL), record, changes, [Addition(property="alias", value="Janus")]
    )
    assert (outcome.altered, outcome.statements) == (1, 2)
    seen = {s.property: s.value for s in show_record(office.node, office.officer(DE), record).statements}
    assert seen == {"name": "Jan Vermeulen", "birthDate": "1964-08-01", "alias": "Janus"}
    assert office.ask(DE, "Janus").kind == "hit"
    assert office.entries(NL)[0].details == (("step", "corrected"),)


def test_nothing_is_changed_by_a_value_that_cannot_be_read(office: Office) -> None:
    record = _record(office)
    ids = _ids(office, record)
    with pytest.raises(Invalid) as wrong:
        correct_record(office.node, office.officer(NL), record, {ids["birthDate"]: "next Tuesday"})
    assert "Tuesday" not in str(wrong.value)
    with pytest.raises(Conflict, match="Nothing would be left"):
        correct_record(office.node, office.officer(NL), record, dict.fromkeys(ids.values(), ""))
    with pytest.raises(Conflict, match="changed since"):
        correct_record(office.node, office.officer(NL), record, {"0" * 32: "x"})
    assert _ids(office, record) == ids


def test_only_the_owner_corrects(office: Office) -> None:
    record = _record(office)
    with pytest.raises(NotFound) as foreign:
        correct_record(office.node, office.officer(DE), record, {})
    with pytest.raises(NotFound) as absent:
        correct_record(office.node, office.officer(DE), "0" * 32, {})
    assert str(foreign.value) == str(absent.value)
    with pytest.raises(NotFound):
        own(office.node, office.officer(DE), record)


def test_what_is_above_the_clearance_stands_through_a_correction(office: Office) -> None:
    high = office.handling(classification="SECRET")
    given = office.give(
        draft("1", name="Jan Vermeulen", notes="tall"), handling={"own": office.handling()}, source_list="watch"
    )
    claims = (Claim(property="name", value="Jan Vermeulen"), Claim(property="summary", value="deep", handling="high"))
    both = {"own": office.handling(), "high": high}
    contribute(
        office.node,
        office.officer(NL),
        Giving(
            title="x",
            drafts=[Draft(key="1", thing="Person", claims=claims)],
            handlings=both,
            source_list="watch",
        ),
    )
    record = given.records["1"]
    ids = _ids(office, record)
    assert set(ids) == {"name"}  # the rest is absent to this officer
    correct_record(office.node, office.officer(NL), record, {ids["name"]: "Jan Vermeulin"})
    with office.store.transaction() as tx:
        values = {s.statement.value for s in writing.statements_of(tx, writing.record_number(record))}
    assert values == {"Jan Vermeulin", "deep"}


def test_contributions_are_listed_with_their_records_and_state(office: Office) -> None:
    given = office.give(draft("1", name="Jan Vermeulen"), draft("2", name="Piet Hein"))
    office.give(draft("3", name="Foreign"), by=DE)
    assert given.contribution is not None
    (line,) = contributions(office.node, office.officer(NL))
    assert (line.reference, line.records, line.state) == (given.contribution, 2, "active")
    detail = contribution(office.node, office.officer(NL), given.contribution)
    assert {(each.called, each.thing, each.state) for each in detail.records} == {
        ("Jan Vermeulen", "Person", "active"),
        ("Piet Hein", "Person", "active"),
    }
    assert detail.withdrawable
    with pytest.raises(NotFound):
        contribution(office.node, office.officer(DE), given.contribution)
    withdraw(office.node, office.officer(NL), given.contribution, "wrong")
    after = contribution(office.node, office.officer(NL), given.contribution)
    assert (after.given.state, after.given.state_reason, after.withdrawable) == ("withdrawn", "wrong", False)


def test_a_link_is_called_by_what_it_links(office: Office) -> None:
    ends = [Claim(property="director", value="1", refers=True), Claim(property="organization", value="2", refers=True)]
    given = office.give(
        draft("1", name="Jan Vermeulen"),
        draft("2", "Company", name="Bakker BV"),
        Draft(key="3", thing="Directorship", claims=(*ends, Claim(property="role", value="director"))),
    )
    assert given.contribution is not None
    detail = contribution(office.node, office.officer(NL), given.contribution)
    assert [each.called for each in detail.records] == ["Jan Vermeulen", "Bakker BV", "Jan Vermeulen – Bakker BV"]


def test_a_form_that_cannot_carry_the_handling_is_refused(office: Office) -> None:
    _record(office)
    written, _ = export_ftm(office.node, office.officer(DE))
    head, *entities = [json.loads(line) for line in written.content.decode().splitlines()]
    assert head["alidade:handling"]["owner"] == NL
    assert {entity["schema"] for entity in entities} == {"Person"}
    office.give(draft("2", name="Piet Hein"), handling=office.handling(codes=("H1",)))
    with pytest.raises(Invalid, match="2 different handlings") as refused:
        export_ftm(office.node, office.officer(DE))
    assert refused.value.code == "handling_not_carried"
