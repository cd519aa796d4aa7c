"""FollowTheMoney read: types, values, references, nested entities, and nothing lost."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from alidade.formats.ftm import is_ftm, read_ftm
from alidade.model.draft import Claim, Draft, Problem
from alidade.vocabulary import Vocabulary, load_vocabulary

FIXTURES = Path(__file__).parent / "fixtures" / "ftm"


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def drafts_of(path: Path) -> dict[str, Draft]:
    return {item.key: item for item in read_ftm(path, vocabulary()) if isinstance(item, Draft)}


def problems_of(path: Path) -> list[Problem]:
    return [item for item in read_ftm(path, vocabulary()) if isinstance(item, Problem)]


def written(folder: Path, *entities: object) -> Path:
    path = folder / "entities.jsonl"
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in entities) + "\n")
    return path


def values(draft: Draft, name: str) -> list[str]:
    return [claim.value for claim in draft.claims if claim.property == name]


def test_a_person_with_everything() -> None:
    person = drafts_of(FIXTURES / "entities.jsonl")["inv-p1"]
    assert person.thing == "Person"
    assert person.handling is None
    assert person.place is not None
    assert person.place.row == 1
    assert values(person, "name") == ["Mara Exampel", "Мара Экзампель"]
    assert values(person, "birthDate") == ["1971-03-02"]
    assert Claim(property="nationality", value="NL", original="nl") in person.claims
    assert Claim(property="phone", value="+31 6 12345678", original="+31612345678") in person.claims
    assert Claim(property="addressEntity", value="inv-a1", refers=True) in person.claims
    assert values(person, "topics") == ["role.rca"]
    assert values(person, "weight") == ["72.50"]
    assert set(values(person, "notes")) == {
        "Plain note.",
        "FollowTheMoney property notes: FollowTheMoney property name: not a name",
        "FollowTheMoney property birthDate: spring of 1971",
        "FollowTheMoney property country: suhh",
        "FollowTheMoney property topics: made.up",
        "FollowTheMoney property favouriteColour: teal",
        'FollowTheMoney field caption: "Mara Exampel"',
        'FollowTheMoney field datasets: ["invented_list"]',
        'FollowTheMoney field referents: ["old-1","old-2"]',
        'FollowTheMoney field first_seen: "2024-01-01T00:00:00"',
        'FollowTheMoney field last_seen: "2024-06-01T00:00:00"',
        'FollowTheMoney field last_change: "2024-02-01T00:00:00"',
        "FollowTheMoney field target: true",
    }


def test_links_refer_by_id_and_keep_the_rest_in_their_own_text() -> None:
    link = drafts_of(FIXTURES / "entities.jsonl")["inv-o1"]
    assert link.thing == "Ownership"
    assert [claim.value for claim in link.claims if claim.refers] == ["inv-p1", "inv-c1"]
    assert "FollowTheMoney property madeUp: x" in values(link, "description")


@pytest.mark.parametrize(("key", "thing"), [("inv-d1", "Document"), ("inv-w1", "UnknownLink"), ("inv-k1", "Document")])
def test_a_schema_that_we_lack_becomes_the_nearest(key: str, thing: str) -> None:
    path = FIXTURES / "entities.jsonl"
    draft = drafts_of(path)[key]
    assert draft.thing == thing
    assert draft.place is not None
    first = next(each for each in problems_of(path) if each.place == draft.place)
    assert (first.code, first.fatal) == ("thing_nearest", False)


def test_renamed_ends_of_a_link() -> None:
    award = drafts_of(FIXTURES / "entities.jsonl")["inv-w1"]
    assert Claim(property="subject", value="inv-k1", refers=True) in award.claims
    assert Claim(property="object", value="inv-c1", refers=True) in award.claims
    assert "FollowTheMoney property subject: odd" in values(award, "description")


def test_languages_by_three_letters() -> None:
    document = drafts_of(FIXTURES / "entities.jsonl")["inv-d1"]
    assert Claim(property="language", value="en", original="eng") in document.claims


def test_a_link_with_one_end_is_kept_with_a_remark() -> None:
    path = FIXTURES / "entities.jsonl"
    assert "inv-n1" in drafts_of(path)
    assert ("relative", "end_missing", False) in [(each.field, each.code, each.fatal) for each in problems_of(path)]


def test_nested_entities_become_drafts_before_the_outer_one() -> None:
    found = drafts_of(FIXTURES / "nested.jsonl")
    assert list(found) == ["inv-a1", "inv-s1", "inv-c1", "inv-o1", "inv-x1", "inv-p1", "inv-p2"]
    assert [claim.value for claim in found["inv-o1"].claims if claim.refers] == ["inv-p1", "inv-c1"]
    assert Claim(property="entity", value="inv-p1", refers=True) in found["inv-s1"].claims
    # The sanction points back by itself; what does not is remembered here.
    assert "FollowTheMoney property oddThings: inv-x1" in values(found["inv-p1"], "notes")
    assert not any("inv-s1" in claim.value for claim in found["inv-p1"].claims)
    assert problems_of(FIXTURES / "nested.jsonl") == []


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        ({"schema": "Person", "properties": {}}, "key"),
        ({"id": "x" * 201, "schema": "Person", "properties": {}}, "key"),
        ({"id": 7, "schema": "Person"}, "key"),
        ({"id": "x", "schema": "Thing", "properties": {"name": ["A"]}}, "thing_unknown"),
        ({"id": "x", "schema": "Martian"}, "thing_unknown"),
        ({"id": "x", "schema": ["Person"]}, "thing_unknown"),
        ({"id": "x", "schema": "Person", "properties": [1]}, "properties"),
    ],
)
def test_what_cannot_be_a_draft_is_a_fatal_problem_that_carries_it(tmp_path: Path, entity: object, code: str) -> None:
    good = {"id": "good", "schema": "Person", "properties": {"name": ["A"]}}
    path = written(tmp_path, entity, good)
    (problem,) = problems_of(path)
    assert (problem.code, problem.fatal, problem.place.row) == (code, True, 1)
    assert json.loads(problem.raw["alidade_text"]) == entity
    assert list(drafts_of(path)) == ["good"]


def test_an_id_twice(tmp_path: Path) -> None:
    one = {"id": "a", "schema": "Person", "properties": {"name": ["A"]}}
    path = written(tmp_path, one, one, {**one, "properties": {"name": ["B"]}})
    assert [(each.code, each.fatal, each.place.row) for each in problems_of(path)] == [
        ("key_twice", False, 2),
        ("key_twice", True, 3),
    ]


def test_odd_values_are_kept(tmp_path: Path) -> None:
    properties = {"name": "No list", "height": [180, True], "alias": [{"x": 1}, ["y"], None, ""], "we ird: ": ["z"]}
    draft = drafts_of(written(tmp_path, {"id": "a", "schema": "Person", "properties": properties}))["a"]
    assert values(draft, "name") == ["No list"]
    assert values(draft, "height") == ["180"]
    assert set(values(draft, "notes")) == {
        "FollowTheMoney property height: true",
        'FollowTheMoney value alias: {"x":1}',
        'FollowTheMoney value alias: ["y"]',
        'FollowTheMoney property "we ird: ": z',
    }


def test_a_text_too_long_to_keep_stays_in_the_reject_file(tmp_path: Path) -> None:
    entity = {"id": "a", "schema": "PlainText", "properties": {"bodyText": ["x" * 70_000], "title": ["T\x00T"]}}
    path = written(tmp_path, entity)
    found = {each.code: each for each in problems_of(path)}
    assert set(found) == {"thing_nearest", "value_too_long", "control"}
    assert not found["value_too_long"].fatal
    assert json.loads(found["value_too_long"].raw["alidade_text"]) == entity
    assert values(drafts_of(path)["a"], "title") == ["T T"]


def test_reasons_never_have_a_value() -> None:
    for name in ("entities.jsonl", "nested.jsonl"):
        for problem in problems_of(FIXTURES / name):
            assert "spring" not in problem.reason
            assert "Exampel" not in problem.reason


def test_recognised_by_its_head() -> None:
    assert is_ftm((FIXTURES / "nested.jsonl").read_bytes())
    assert not is_ftm(b'{"type": "bundle",\n"schema": 1, "id": 2, "properties": 3}')
