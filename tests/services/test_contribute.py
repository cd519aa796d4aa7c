"""Contribute: nothing without handling, nothing better evaluated than given, and nothing lost of a good row."""

from __future__ import annotations

import dataclasses

import pytest
from personas import CASE, DE, FR, NL, VE, Office, changed, draft

from alidade.model.contribution import Contribution, StatementProof, prove_statement, verify_statement
from alidade.model.draft import Claim, Place
from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.evaluation import NOT_GIVEN, Evaluation
from alidade.model.ids import AuthorityId, ContributionId, HandlingId
from alidade.model.statement import Statement
from alidade.services.contribute import Giving, contribute
from alidade.services.correcting import categorise, waiting_for_category
from alidade.services.records import export, overview, show_record, suggest_words
from alidade.store import directory, writing

# -- handling --------------------------------------------------------------------------------------------------------


def test_nothing_is_taken_without_handling(office: Office) -> None:
    good = Giving(title="t", drafts=[draft("1", name="Jan Vermeulen")], handlings={"own": office.handling()})
    with pytest.raises(Invalid) as refused:
        contribute(office.node, office.officer(NL), dataclasses.replace(good, handlings={}))
    assert refused.value.code == "handling_missing"
    assert office.ask(NL, "Jan Vermeulen").kind == "no_hit"
    assert contribute(office.node, office.officer(NL), good).statements == 1


def test_a_handling_of_another_owner_is_refused(office: Office) -> None:
    giving = Giving(title="t", drafts=[draft("1", name="Jan Vermeulen")], handlings={"own": office.handling(DE)})
    with pytest.raises(NotAllowed) as refused:
        contribute(office.node, office.officer(NL), giving)
    assert refused.value.code == "not_owner"
    assert contribute(office.node, office.officer(DE), giving).statements == 1


def test_each_claim_stands_under_the_handling_it_names(office: Office) -> None:
    handlings = {"open": office.handling(), "closed": office.handling(communities=())}
    given = office.give(
        draft("1", name="Jan Vermeulen", phone=Claim(property="phone", value="+31612345678", handling="closed")),
        handling=handlings,
    )
    assert office.answers("Jan Vermeulen", of=(NL, DE)) == {NL: "hit", DE: "hit"}
    assert office.answers("+31612345678", of=(NL, DE)) == {NL: "hit", DE: "hit_without_content"}
    for who, seen in ((NL, {"name", "phone"}), (DE, {"name"})):
        entity = show_record(office.node, office.officer(who), given.records["1"])
        assert {statement.property for statement in entity.statements} == seen


def test_a_handling_that_was_not_given_rejects_the_row_and_no_other(office: Office) -> None:
    wrong = draft("1", name=Claim(property="name", value="Jan Vermeulen", handling="nobody's"))
    given = office.give(wrong, draft("2", name="Piet Hein"))
    assert (given.new, given.rejected) == (1, 1)
    assert [(p.field, p.code, p.fatal) for p in given.problems] == [("name", "handling_unknown", True)]
    assert office.answers("Jan Vermeulen", of=(NL,)) == {NL: "no_hit"}
    assert office.answers("Piet Hein", of=(NL,)) == {NL: "hit"}


# -- evaluation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "grade", "kept"),
    [
        ("4x4", None, NOT_GIVEN),
        ("4x4", "A1", Evaluation("A", "1", True, "4x4", "A1")),
        ("5x5x5", "B21", Evaluation("B", "2", True, "5x5x5", "B21")),
        ("3x5x2", "1A", Evaluation("B", "2", True, "3x5x2", "1A")),
        ("admiralty", "B2", Evaluation("B", "3", True, "admiralty", "B2")),
        ("admiralty", None, NOT_GIVEN),
    ],
)
def test_evaluation_is_converted_with_its_original_or_marked_not_given(
    office: Office, scheme: str, grade: str | None, kept: Evaluation
) -> None:
    claim = Claim(property="name", value="Jan Vermeulen", evaluation=grade)
    given = office.give(draft("1", name=claim), scheme=scheme)
    (seen,) = show_record(office.node, office.officer(DE), given.records["1"]).statements
    assert seen.evaluation == kept


def test_what_is_no_grade_rejects_the_row(office: Office) -> None:
    good = Claim(property="name", value="Piet Hein", evaluation="B2")
    bad = Claim(property="name", value="Jan Vermeulen", evaluation="Z9")
    given = office.give(draft("1", name=good), draft("2", name=bad))
    assert [(p.field, p.code) for p in given.problems] == [("name", "evaluation_unknown")]
    assert set(given.records) == {"1"}


# -- data-subject category -------------------------------------------------------------------------------------------


def test_a_person_of_no_category_is_found_by_nobody_until_somebody_who_may_says_which(office: Office) -> None:
    given = office.give(
        draft("1", name="Jan Vermeulen", phone="+31612345678"), handling=office.handling(subject_category=None)
    )
    record = given.records["1"]
    assert given.quarantined == 1
    for text in ("Jan Vermeulen", "+31612345678"):
        assert set(office.answers(text).values()) == {"no_hit"}
    for who in (NL, DE):
        with pytest.raises(NotFound):
            show_record(office.node, office.officer(who), record)
        assert overview(office.node, office.officer(who)).statements == 0
        assert suggest_words(office.node, office.officer(who), "verm") == []
        assert export(office.node, office.officer(who)).rows == 0
    waiting = waiting_for_category(office.node, office.officer(NL, "data_protection_officer"))
    assert [(one.record, one.thing, one.source_key) for one in waiting] == [(record, "Person", "1")]
    assert waiting_for_category(office.node, office.officer(DE)) == []

    for officer, error in (
        (office.officer(NL, "front_line_officer"), NotAllowed),
        (office.officer(DE), NotFound),
    ):
        with pytest.raises(error):
            categorise(office.node, officer, record, "suspect_or_convicted")
    with pytest.raises(Invalid):
        categorise(office.node, office.officer(NL), record, "bad_person")
    assert office.ask(NL, "Jan Vermeulen").kind == "no_hit"

    outcome = categorise(office.node, office.officer(NL), record, "suspect_or_convicted")
    assert outcome.problems == ()
    for text in ("Jan Vermeulen", "+31612345678"):
        assert office.answers(text) == {NL: "hit", DE: "hit", FR: "hit", VE: "no_hit"}
    assert office.ask(NL, "Jan Vermeulen").hits[0].record == record
    with pytest.raises(Conflict):
        categorise(office.node, office.officer(NL), record, "suspect_or_convicted")
    assert waiting_for_category(office.node, office.officer(NL)) == []


def test_the_category_stated_late_prunes_what_it_does_not_allow_and_names_it(office: Office) -> None:
    given = office.give(
        draft("1", name="Jan Vermeulen", phone="+31612345678"), handling=office.handling(subject_category=None)
    )
    outcome = categorise(office.node, office.officer(NL), given.records["1"], "victim")
    assert [(p.field, p.code, p.fatal) for p in outcome.problems] == [("phone", "field_not_allowed", False)]
    assert "victim" in outcome.problems[0].reason
    assert office.answers("+31612345678", of=(NL,)) == {NL: "no_hit"}
    assert office.answers("Jan Vermeulen", of=(NL,)) == {NL: "hit"}


@pytest.mark.parametrize(
    ("scheme", "grade"), [("4x4", "A1"), ("5x5x5", "B21"), ("3x5x2", "1A"), ("admiralty", "B2"), ("admiralty", None)]
)
def test_the_category_stated_late_changes_no_evaluation(office: Office, scheme: str, grade: str | None) -> None:
    claims = {
        "name": Claim(property="name", value="Jan Vermeulen", original="JAN V.", evaluation=grade, valid_from="2020"),
        "alias": Claim(property="alias", value="Jantje", language="nl"),
    }
    quarantined = office.give(draft("1", **claims), scheme=scheme, handling=office.handling(subject_category=None))
    direct = office.give(draft("1", **claims), scheme=scheme)
    outcome = categorise(office.node, office.officer(NL), quarantined.records["1"], "suspect_or_convicted")
    assert outcome.problems == ()
    said = [
        {
            (s.property, s.value, s.original, s.language, s.valid_from, s.evaluation)
            for s in show_record(office.node, office.officer(NL), given.records["1"]).statements
        }
        for given in (quarantined, direct)
    ]
    assert said[0] == said[1]


def test_the_category_stated_late_brings_back_the_newest_version_alone(office: Office) -> None:
    waiting = office.handling(subject_category=None)
    office.give(draft("1", name="Jan Vermeulen", phone="+31612345678"), handling=waiting, source_list="watch")
    given = office.give(draft("1", name="Jan Vermeulen", phone="+31687654321"), handling=waiting, source_list="watch")
    categorise(office.node, office.officer(NL), given.records["1"], "suspect_or_convicted")
    seen = show_record(office.node, office.officer(NL), given.records["1"]).statements
    assert sorted((s.property, s.value) for s in seen) == [("name", "Jan Vermeulen"), ("phone", "+31687654321")]


def test_the_same_list_again_leaves_a_category_stated_in_between(office: Office) -> None:
    people = draft("1", name="Jan Vermeulen")
    waiting = office.handling(subject_category=None)
    given = office.give(people, handling=waiting, source_list="watch")
    categorise(office.node, office.officer(NL), given.records["1"], "suspect_or_convicted")
    again = office.give(people, handling=waiting, source_list="watch")
    assert (again.unchanged, again.statements, again.quarantined) == (1, 0, 0)
    assert office.answers("Jan Vermeulen", of=(NL, DE)) == {NL: "hit", DE: "hit"}


@pytest.mark.parametrize("category", ["witness", "victim", "minor", "informant"])
def test_fields_that_the_category_does_not_allow_are_left_out_and_named(office: Office, category: str) -> None:
    person = draft("1", name="Jan Vermeulen", phone="+31612345678", modusOperandi="climbs", gender="male")
    suspect = office.give(person)
    other = office.give(person, handling=office.handling(subject_category=category))
    assert suspect.problems == ()
    assert {(p.field, p.code, p.fatal) for p in other.problems} == {
        ("phone", "field_not_allowed", False),
        ("modusOperandi", "field_not_allowed", False),
    }
    assert all("+31612345678" not in p.reason and "climbs" not in p.reason for p in other.problems)
    seen = [
        {s.property for s in show_record(office.node, office.officer(NL), given.records["1"]).statements}
        for given in (suspect, other)
    ]
    assert seen == [{"name", "phone", "modusOperandi", "gender"}, {"name", "gender"}]


def test_the_category_prunes_persons_only(office: Office) -> None:
    company = draft("1", "Company", name="Vermeulen Transport", phone="+31612345678")
    given = office.give(company, handling=office.handling(subject_category="victim"))
    assert given.problems == ()
    assert given.statements == 2


# -- rows ------------------------------------------------------------------------------------------------------------


def test_good_rows_are_kept_and_bad_ones_named(office: Office) -> None:
    place = Place(file="watch.csv", row=7)
    bad = {
        "thing": draft("1", "Suspect", name="A B"),
        "key": draft("", name="A B"),
        "name": draft("3", name="   "),
        "alias": draft("4", alias="A\x00B"),
        "notes": draft("5", notes="x" * 70_000),
        "": draft("6", imoNumber="9074729"),
    }
    for field, wrong in bad.items():
        given = office.give(dataclasses.replace(wrong, place=place), draft("good", name="Jan Vermeulen"))
        assert (given.new, given.rejected, set(given.records)) == (1, 1, {"good"}), field
        named = [(p.place, p.field) for p in given.problems if p.fatal]
        assert named == [(place, field)]
        assert "A B" not in given.problems[0].reason


def test_a_key_twice_keeps_the_first_row(office: Office) -> None:
    given = office.give(draft("1", name="Jan Vermeulen"), draft("1", name="Piet Hein"))
    assert (given.new, given.rejected, [p.code for p in given.problems]) == (1, 1, ["key_twice"])
    assert office.answers("Jan Vermeulen", of=(NL,)) == {NL: "hit"}
    assert office.answers("Piet Hein", of=(NL,)) == {NL: "no_hit"}


def test_references_become_records_or_are_left_out_and_named(office: Office) -> None:
    refer = {key: Claim(property="owner", value=key, refers=True) for key in ("p", "missing")}
    plain = office.handling(content="non_personal")
    given = office.give(
        draft("v", "Vehicle", registrationNumber="12-ABC-3", owner=[refer["p"], refer["missing"]]),
        draft("p", "Company", name="Vermeulen Transport"),
        handling=plain,
        source_list="fleet",
    )
    assert [(p.field, p.code, p.fatal) for p in given.problems] == [("owner", "reference_unknown", False)]
    seen = show_record(office.node, office.officer(NL), given.records["v"]).statements
    assert [s.value for s in seen if s.property == "owner"] == [given.records["p"]]
    later = office.give(
        draft("w", "Vehicle", registrationNumber="34-DEF-5", owner=[refer["p"]]), handling=plain, source_list="fleet"
    )
    seen = show_record(office.node, office.officer(NL), later.records["w"]).statements
    assert [s.value for s in seen if s.property == "owner"] == [given.records["p"]]


# -- versions of a list ----------------------------------------------------------------------------------------------


def test_the_same_list_again_changes_nothing_and_a_newer_one_what_changed(office: Office) -> None:
    people = [draft("1", name="Jan Vermeulen", phone="+31612345678"), draft("2", name="Piet Hein")]
    first = office.give(*people, source_list="watch")
    again = office.give(*reversed(people), source_list="watch")
    assert (again.contribution, again.unchanged, again.statements, again.records) == (None, 2, 0, first.records)
    newer = office.give(draft("1", name="Jan Vermeulen", phone="+31687654321"), people[1], source_list="watch")
    assert (newer.new, newer.altered, newer.unchanged, newer.statements) == (0, 1, 1, 1)
    assert newer.records == first.records
    assert office.answers("+31612345678", of=(NL, DE)) == {NL: "no_hit", DE: "no_hit"}
    assert office.answers("+31687654321", of=(NL, DE)) == {NL: "hit", DE: "hit"}
    seen = show_record(office.node, office.officer(DE), first.records["1"]).statements
    contributions = {s.property: s.contribution for s in seen}
    assert contributions == {"name": first.contribution, "phone": newer.contribution}


def test_lists_of_two_owners_or_two_names_do_not_touch(office: Office) -> None:
    person = draft("1", name="Jan Vermeulen")
    ids = {
        office.give(person, by=by, source_list=source).records["1"] for by in (NL, DE) for source in ("watch", "other")
    }
    assert len(ids) == 4


# -- signature and proof ---------------------------------------------------------------------------------------------


def test_each_statement_is_proved_alone_and_any_change_breaks_the_proof(office: Office) -> None:
    graded = Claim(property="name", value="Jan Vermeulen", evaluation="B2")
    given = office.give(draft("1", name=graded, phone="+31612345678"), draft("2", name="Piet Hein"))
    assert given.contribution is not None
    with office.store.transaction() as tx:
        row = writing.contribution_of(tx, NL, given.contribution)
        assert row is not None
        leaves = writing.leaves_of(tx, row.id)
        statements = [kept.statement for kept in writing.statements_of_contribution(tx, row.id)]
        key = directory.public_keys(tx, NL)[row.key_id]
        other_key = next(iter(directory.public_keys(tx, DE).values()))
    head = Contribution(
        id=ContributionId(row.public_id),
        owner=AuthorityId(row.owner),
        given_at=row.given_at,
        title=row.title,
        size=row.size,
        root=row.root,
        key_id=row.key_id,
        signature=bytes(row.signature),
    )
    assert len(statements) == len(leaves) == head.size == 3
    proofs = [prove_statement(head, leaves, index) for index in range(3)]
    for statement, proof in zip(statements, proofs, strict=True):
        # All that a third party gets: one statement, one proof, one public key.
        assert verify_statement(statement, proof, key)
        assert not verify_statement(statement, proof, other_key)
        for wrong in _altered(statement):
            assert not verify_statement(wrong, proof, key)
    swapped = StatementProof(contribution=head, index=1, path=proofs[0].path)
    assert not verify_statement(statements[0], swapped, key)


def _altered(statement: Statement) -> list[Statement]:
    return [
        dataclasses.replace(statement, value=statement.value + " "),
        dataclasses.replace(statement, handling=HandlingId("0" * 64)),
        dataclasses.replace(statement, evaluation=Evaluation("A", "1", True, "4x4", "A1")),
        dataclasses.replace(
            statement, evaluation=dataclasses.replace(statement.evaluation, given=not statement.evaluation.given)
        ),
    ]


def test_a_wider_handling_of_the_same_words_is_a_new_statement(office: Office) -> None:
    narrow = office.handling(communities=())
    first = office.give(draft("1", name="Jan Vermeulen"), handling=narrow, source_list="watch")
    assert office.answers("Jan Vermeulen", of=(DE,)) == {DE: "hit_without_content"}
    wider = changed(narrow, communities=("all",), case=CASE)
    newer = office.give(draft("1", name="Jan Vermeulen"), handling=wider, source_list="watch")
    assert (newer.altered, newer.records) == (1, first.records)
    assert office.answers("Jan Vermeulen", of=(DE,)) == {DE: "hit"}
