"""MISP events: attribute types, objects, references, tags and distribution, and nothing lost."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from alidade.formats.misp import is_misp, read_misp
from alidade.model.draft import Claim, Draft, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary, load_vocabulary

EVENT = Path(__file__).parent / "fixtures" / "misp" / "event.json"


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@cache
def found() -> tuple[Draft | Problem, ...]:
    return tuple(read_misp(EVENT, vocabulary()))


def uuid(number: int) -> str:
    return f"00000000-0000-4000-9000-{number:012d}"


def draft(number: int) -> Draft:
    return next(each for each in found() if isinstance(each, Draft) and each.key == uuid(number))


def values(item: Draft, name: str) -> list[str]:
    return [claim.value for claim in item.claims if claim.property == name]


def claim(item: Draft, name: str) -> Claim:
    return next(each for each in item.claims if each.property == name)


def read(folder: Path, event: dict[str, object]) -> list[Draft | Problem]:
    path = folder / "event.json"
    path.write_text(json.dumps({"Event": {"uuid": "e", "info": "x", **event}}))
    return list(read_misp(path, vocabulary()))


@pytest.mark.parametrize(
    ("number", "thing", "name", "value"),
    [
        (1, "EmailAddress", "email", "mara@example.org"),
        (2, "WebAddress", "ipAddress", "198.51.100.7"),
        (3, "Phone", "number", "+31 6 12345678"),
        (4, "BankAccount", "iban", "NL91 ABNA 0417 1643 00"),
        (5, "CryptoWallet", "publicKey", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        (7, "Passport", "passportNumber", "NX1234567"),
        (8, "WebAddress", "url", "bad.example.org/x"),
        (9, "WebAddress", "domainName", "bad.example.org"),
        (9, "WebAddress", "ipAddress", "198.51.100.8"),
        (10, "WebAddress", "ipAddress", "198.51.100.9"),
        (10, "WebAddress", "notes", "MISP value: 443"),
        (11, "Person", "name", "Mara"),
        (12, "UserAccount", "service", "GitHub"),
        (13, "Document", "fileName", "x.pdf"),
        (13, "Document", "contentHash", "a" * 64),
        (14, "Note", "description", "rule x {}"),
        (15, "Note", "description", "Free words."),
        (19, "PaymentCard", "cardNumber", "4111111111111111"),
        (21, "WebAddress", "notes", "MISP value: not an address"),
        (101, "Person", "name", "Mara Exampel"),
        (101, "Person", "birthDate", "1971-03-02"),
        (101, "Person", "passportNumber", "NX1234567"),
        (101, "Person", "notes", "MISP redress-number: R-1"),
        (102, "Vehicle", "registrationNumber", "12AB34"),
        (102, "Vehicle", "vin", "1HGCM82633A004352"),
        (103, "Note", "notes", "MISP thing: value"),
        (401, "Report", "title", "Words"),
        (500, "Report", "title", "The Quay"),
        (500, "Report", "author", "Invented CERT"),
    ],
)
def test_each_type(number: int, thing: str, name: str, value: str) -> None:
    item = draft(number)
    assert item.thing == thing
    assert value in values(item, name)


def test_flags_stand_in_the_notes() -> None:
    assert {"MISP to_ids: true", "MISP comment: seen twice", "MISP category: Other"} <= set(values(draft(1), "notes"))


def test_what_the_sender_deleted_is_no_draft_but_a_remark_that_carries_it() -> None:
    deleted = [each for each in found() if isinstance(each, Problem) and each.code == "deleted"]
    assert [(each.field, each.fatal, "alidade_text" in each.raw) for each in deleted] == [
        ("deleted", False, True),
        ("Attribute", False, True),
        ("deleted", False, True),
        ("ObjectReference", False, True),
    ]
    keys = {each.key for each in found() if isinstance(each, Draft)}
    assert not keys & {uuid(16), uuid(104), uuid(305)}
    assert not any("Old" in value for value in values(draft(101), "alias"))


# Sharing


@pytest.mark.parametrize(
    ("number", "handling"),
    [
        (500, "MISP:1 & TLP:AMBER"),
        (1, "MISP:1 & TLP:AMBER"),
        (2, "MISP:1 & TLP:RED"),
        (3, "MISP:0 & TLP:AMBER"),
        (17, "unresolved: MISP:1 & TLP:AMBER & TLP:GREEN"),
        (18, f"MISP:4:{uuid(900)} & TLP:AMBER"),
        (20, "MISP:1 & PAP:RED & TLP:AMBER"),
        (102, "MISP:0 & TLP:AMBER"),
    ],
)
def test_the_strictest_of_event_object_and_attribute(number: int, handling: str) -> None:
    assert draft(number).handling == handling


def test_a_marked_attribute_of_an_object_and_what_is_composed_of_it() -> None:
    person = draft(101)
    assert claim(person, "lastName").handling == "MISP:1 & TLP:RED"
    assert claim(person, "name").handling == "MISP:1 & TLP:RED"
    assert claim(person, "firstName").handling is None


@pytest.mark.parametrize(
    ("event", "start"),
    [
        ({"Tag": [{"name": "tlp:ex:chr"}]}, "unresolved: tlp:ex:chr"),
        ({"Tag": "tlp"}, "unresolved: tlp:unreadable"),
        ({"Tag": [7]}, "unresolved: tlp:unreadable"),
        ({"distribution": "9"}, "unresolved: MISP:9"),
        ({"distribution": 3}, "MISP:3"),
        ({"distribution": {"a": 1}}, "unresolved: MISP:"),
        ({"distribution": 4}, "MISP:4:None"),
    ],
)
def test_odd_tags_and_levels_are_never_open(tmp_path: Path, event: dict[str, object], start: str) -> None:
    for item in read(tmp_path, {**event, "Attribute": [{"uuid": "a", "type": "text", "value": "x"}]}):
        if isinstance(item, Draft):
            assert (item.handling or "").startswith(start)


def test_references_stand_under_the_strictest_of_what_they_join() -> None:
    owns = draft(301)
    assert owns.thing == "Ownership"
    assert {each.value: each.handling for each in owns.claims if each.refers} == {
        uuid(101): None,
        uuid(102): "MISP:0 & TLP:AMBER",
    }
    concerns = {each.value: each.handling for each in draft(500).claims if each.refers}
    assert concerns[uuid(1)] is None
    assert concerns[uuid(2)] == "MISP:1 & TLP:RED"


def test_references_to_an_attribute_of_an_object_and_to_what_is_not_there() -> None:
    drives = draft(304)
    assert values(drives, "object") == [uuid(102)]
    assert f"MISP referenced_uuid: {uuid(211)}" in values(drives, "description")
    assert f"MISP referenced_uuid: {uuid(999)}" in values(draft(302), "description")


# Evaluation


@pytest.mark.parametrize(("number", "evaluation"), [(1, "B2"), (7, "C2"), (101, "B2"), (19, "F3")])
def test_admiralty_tags(number: int, evaluation: str) -> None:
    assert {each.evaluation for each in draft(number).claims} == {evaluation}
    vocabulary().convert_evaluation("admiralty", evaluation)


def test_a_deceptive_source_never_gets_the_grade_of_its_event() -> None:
    assert "evaluation_unknown" in [each.code for each in found() if isinstance(each, Problem) and each.place.row == 20]


@pytest.mark.parametrize(
    ("tags", "evaluation"),
    [
        ([], None),
        (['admiralty-scale:source-reliability="a"'], "A6"),
        (['admiralty-scale:information-credibility="1"'], "F1"),
        (['admiralty-scale:source-reliability="a"', 'admiralty-scale:source-reliability="d"'], "F6"),
        (['admiralty-scale:information-credibility="9"'], "F6"),
    ],
)
def test_one_axis_or_two_grades(tmp_path: Path, tags: list[str], evaluation: str | None) -> None:
    (item,) = (each for each in read(tmp_path, {"Tag": [{"name": tag} for tag in tags]}) if isinstance(each, Draft))
    assert claim(item, "title").evaluation == evaluation


# The whole


def leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for name, each in value.items() if name != "colour" for leaf in leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each)]
    return [] if value is None else [value if isinstance(value, str) else json.dumps(value)]


def test_nothing_is_lost() -> None:
    said = "\n".join(
        text
        for each in found()
        for text in (
            [each.key, *(part for claim in each.claims for part in (claim.value, claim.original) if part)]
            if isinstance(each, Draft)
            else each.raw.values()
        )
    )
    said += json.loads('"' + said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"').replace(
        '\\"', '"'
    )
    for leaf in leaves(json.loads(EVENT.read_text())):
        for part in leaf.split("|"):
            assert part in said, part


@pytest.mark.parametrize(
    "wrap", [lambda e: {"response": [e, e]}, lambda e: [e], lambda e: {"response": e}, lambda e: e]
)
def test_forms_of_export(tmp_path: Path, wrap: object) -> None:
    assert callable(wrap)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(wrap({"Event": {"uuid": "e", "info": "x"}})))
    assert {each.key for each in read_misp(path, vocabulary()) if isinstance(each, Draft)} == {"e"}


@pytest.mark.parametrize(
    "content",
    [b"{}", b"[]", b"7", b'{"Event":{}', b'{"response":7}', b"[" * 900 + b"]" * 900, b'{"Event":1,"Event":2}'],
)
def test_what_is_no_event(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        list(read_misp(path, vocabulary()))


def test_a_bad_part_spoils_only_itself(tmp_path: Path) -> None:
    good = {"uuid": "a", "type": "domain", "value": "a.example"}
    items = read(
        tmp_path, {"Attribute": [7, {"type": "domain"}, good, good], "Object": [{"uuid": "o", "Attribute": [3]}]}
    )
    assert [(each.place.row, each.code, each.fatal) for each in items if isinstance(each, Problem)] == [
        (2, "key", True),
        (3, "key", True),
        (5, "key_twice", True),
        (6, "thing_nearest", False),
        (6, "no_object", False),
    ]
    assert [each.key for each in items if isinstance(each, Draft)] == ["a", "o", "e"]


def test_an_event_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(
        b'[{"Event":{"info":"no uuid"}},{"Event":7},{"Event":{"uuid":"e","Attribute":{}}},{"Event":{"uuid":"f"}}]'
    )
    items = list(read_misp(path, vocabulary()))
    assert [each.fatal for each in items if isinstance(each, Problem)] == [True, True, True]
    assert [each.key for each in items if isinstance(each, Draft)] == ["f"]


def test_recognised_by_its_head() -> None:
    assert is_misp(EVENT.read_bytes()[:65536])
    assert not is_misp(b'{"type": "bundle", "objects": []}')
