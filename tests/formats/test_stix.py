"""STIX 2.1: each type of object, links, versions, markings of objects and of fields, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from alidade.formats.stix import is_stix, read_stix
from alidade.formats.stix_pattern import simple_pattern
from alidade.model.draft import Claim, Draft, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary, load_vocabulary

BUNDLE = Path(__file__).parent / "fixtures" / "stix" / "bundle.json"
GREEN = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
AMBER = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@cache
def found() -> tuple[Draft | Problem, ...]:
    return tuple(read_stix(BUNDLE, vocabulary()))


def key(kind: str, number: int) -> str:
    return f"{kind}--00000000-0000-4000-8000-{number:012d}"


def draft(kind: str, number: int = 1, suffix: str = "") -> Draft:
    return next(each for each in found() if isinstance(each, Draft) and each.key == key(kind, number) + suffix)


def values(item: Draft, name: str) -> list[str]:
    return [claim.value for claim in item.claims if claim.property == name]


def read(folder: Path, *objects: dict[str, object]) -> list[Draft | Problem]:
    path = folder / "bundle.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}))
    return list(read_stix(path, vocabulary()))


@pytest.mark.parametrize(
    ("kind", "number", "thing", "name", "value"),
    [
        ("identity", 1, "Person", "name", "Mara Exampel"),
        ("identity", 2, "Organization", "name", "Invented Police"),
        ("location", 1, "Address", "country", "NL"),
        ("threat-actor", 1, "CriminalNetwork", "alias", "QY"),
        ("intrusion-set", 1, "CriminalNetwork", "name", "Quay Set"),
        ("email-addr", 1, "EmailAddress", "email", "mara@example.org"),
        ("url", 1, "WebAddress", "url", "bad.example.org/x"),
        ("domain-name", 1, "WebAddress", "domainName", "bad.example.org"),
        ("ipv4-addr", 1, "WebAddress", "ipAddress", "198.51.100.7"),
        ("ipv4-addr", 2, "WebAddress", "notes", "STIX value: 198.51.100.0/24"),
        ("user-account", 1, "UserAccount", "service", "unix"),
        ("file", 1, "Document", "contentHash", "a" * 64),
        ("file", 1, "Document", "notes", "STIX hashes.SSDEEP: 3:x:y"),
        ("x509-certificate", 1, "Document", "notes", "STIX serial_number: 36:f7"),
        ("indicator", 1, "EmailAddress", "email", "bad'er@example.org"),
        ("indicator", 1, "EmailAddress", "notes", "STIX name: Bad mail"),
        ("indicator", 2, "Note", "notes", "STIX pattern_type: stix"),
        ("indicator", 3, "Document", "contentHash", "b" * 64),
        ("observed-data", 1, "Event", "startDate", "2024-01-01"),
        ("sighting", 1, "Event", "notes", "STIX count: 4"),
        ("report", 1, "Report", "title", "On the Quay"),
        ("note", 1, "Note", "description", "Long text"),
        ("opinion", 1, "Note", "notes", "STIX opinion: agree"),
        ("malware", 1, "Note", "name", "InvMal"),
        ("relationship", 1, "Use", "startDate", "2023-05-01"),
        ("relationship", 2, "UnknownLink", "role", "targets"),
    ],
)
def test_each_type(kind: str, number: int, thing: str, name: str, value: str) -> None:
    item = draft(kind, number)
    assert item.thing == thing
    assert value in values(item, name)


def test_relationships_refer_to_their_ends() -> None:
    use = draft("relationship", 1)
    ends = {claim.property: claim.value for claim in use.claims if claim.refers}
    assert ends == {"user": key("threat-actor", 1), "used": key("url", 1)}


def test_what_is_not_in_the_bundle_is_also_a_note() -> None:
    link = draft("relationship", 2)
    assert Claim(property="object", value=key("identity", 9), refers=True) in link.claims
    assert f"STIX target_ref: {key('identity', 9)}" in values(link, "description")


def test_observations_and_sightings_take_part_in_an_event() -> None:
    part = draft("sighting", 1, "#where_sighted_refs-0")
    assert part.thing == "Participation"
    assert values(part, "participant") == [key("identity", 2)]
    assert values(part, "event") == [key("sighting", 1)]
    assert draft("observed-data", 1, "#object_refs-1").thing == "Participation"


def test_things_come_before_what_refers_to_them_and_links_last() -> None:
    drafts = [each for each in found() if isinstance(each, Draft)]
    refers = [any(claim.refers for claim in each.claims) for each in drafts]
    assert refers == sorted(refers)
    assert [each.key.split("--")[0] for each in drafts[-2:]] == ["relationship", "relationship"]


def test_the_newest_version_is_read() -> None:
    assert values(draft("identity", 2), "name") == ["Invented Police"]
    assert ("older_version", 27, False) in [
        (each.code, each.place.row, each.fatal) for each in found() if isinstance(each, Problem)
    ]


def test_versions_by_time_and_not_by_letters(tmp_path: Path) -> None:
    one: dict[str, object] = {
        "type": "identity",
        "id": "identity--1",
        "name": "old",
        "modified": "2024-01-01T10:00:00Z",
    }
    two = {**one, "name": "new", "modified": "2024-01-01T10:00:00.5Z"}
    for order in ((one, two), (two, one)):
        items = read(tmp_path, *order)
        assert [values(each, "name") for each in items if isinstance(each, Draft)] == [["new"]]
    clash = [each for each in read(tmp_path, one, {**one, "name": "other"}) if isinstance(each, Problem)]
    assert [(each.code, each.fatal) for each in clash] == [("key_twice", True)]


def test_revoked_is_remarked() -> None:
    assert "revoked" in [each.code for each in found() if isinstance(each, Problem) and each.place.row == 8]


# Markings


@pytest.mark.parametrize(
    ("kind", "handling"),
    [
        ("identity", "TLP:GREEN"),
        ("report", "TLP:AMBER"),
        ("relationship", "TLP:RED"),
        ("threat-actor", "unresolved: TLP:GREEN & TLP:RED"),
        ("intrusion-set", "unresolved: marking-definition--11111111-1111-4111-8111-111111111111"),
        ("url", None),
    ],
)
def test_markings_of_objects(kind: str, handling: str | None) -> None:
    assert draft(kind).handling == handling


def test_markings_of_fields() -> None:
    person = draft("identity")
    handlings = {claim.property: claim.handling for claim in person.claims if claim.property != "notes"}
    assert handlings["name"] == "TLP:RED"
    assert handlings["position"] == "TLP:AMBER"
    assert handlings["keywords"] is None  # that of the draft
    contact = next(claim for claim in person.claims if "contact_information" in claim.value)
    assert (contact.language, contact.handling) == ("en", None)


def test_an_unknown_marking_is_told_with_its_text() -> None:
    (problem,) = (each for each in found() if isinstance(each, Problem) and each.code == "marking_unknown")
    assert "Invented Police only." in problem.raw["alidade_text"]
    assert "Invented Police" not in problem.reason


def person_with(**more: object) -> dict[str, object]:
    return {
        "type": "identity",
        "id": "identity--1",
        "identity_class": "individual",
        "name": "A",
        "roles": ["x", "y"],
        "labels": ["z"],
        **more,
    }


def name_of_handling(folder: Path, field: str, **more: object) -> str | None:
    (item,) = (each for each in read(folder, person_with(**more)) if isinstance(each, Draft))
    claim = next(claim for claim in item.claims if claim.property == field)
    return claim.handling or item.handling


def granular(*marks: tuple[object, object]) -> list[dict[str, object]]:
    return [{"marking_ref": reference, "selectors": selectors} for reference, selectors in marks]


def test_a_field_never_has_less_than_its_object(tmp_path: Path) -> None:
    marks = granular((GREEN, ["name"]))
    assert name_of_handling(tmp_path, "name", object_marking_refs=[RED], granular_markings=marks) == "TLP:RED"


def test_selectors_reach_items_of_lists(tmp_path: Path) -> None:
    items = read(tmp_path, person_with(granular_markings=granular((RED, ["roles.[1]"]))))
    (item,) = (each for each in items if isinstance(each, Draft))
    assert {c.value: c.handling for c in item.claims if c.property == "position"} == {"x": None, "y": "TLP:RED"}


@pytest.mark.parametrize(
    ("marks", "handling"),
    [
        (granular((RED, ["nowhere"])), "TLP:RED"),
        (granular((RED, ["roles.[7]"])), "TLP:RED"),
        (granular((RED, [])), "TLP:RED"),
        (granular((RED, "name")), "TLP:RED"),
        (granular((RED, [7])), "TLP:RED"),
        (granular((7, ["labels"])), None),
        (granular((7, [""])), "unresolved: unreadable marking"),
        ([{"selectors": ["labels"]}], None),
        (["?"], "unresolved: unreadable marking"),
        ("?", "unresolved: unreadable marking"),
        (granular((RED, ["name"]), (AMBER, ["name"])), "unresolved: TLP:AMBER & TLP:RED"),
    ],
)
def test_what_cannot_be_read_of_a_marking_holds_for_the_whole(
    tmp_path: Path, marks: object, handling: str | None
) -> None:
    assert name_of_handling(tmp_path, "name", granular_markings=marks) == handling
    if handling is None:
        assert name_of_handling(tmp_path, "keywords", granular_markings=marks) == "unresolved: unreadable marking"


@pytest.mark.parametrize("references", ["x", [7], {"a": 1}, None])
def test_unreadable_references_are_unresolved(tmp_path: Path, references: object) -> None:
    assert (name_of_handling(tmp_path, "name", object_marking_refs=references) or "").startswith("unresolved")


def test_a_definition_that_contradicts_its_identifier(tmp_path: Path) -> None:
    lie: dict[str, object] = {
        "type": "marking-definition",
        "id": RED,
        "definition_type": "tlp",
        "definition": {"tlp": "white"},
    }
    items = read(tmp_path, lie, person_with(object_marking_refs=[RED]))
    (item,) = (each for each in items if isinstance(each, Draft))
    assert item.handling == "unresolved: TLP:CLEAR & TLP:RED"


def test_who_may_not_see_an_object_does_not_learn_what_refers_to_it(tmp_path: Path) -> None:
    items = read(
        tmp_path,
        {"type": "url", "id": "url--1", "value": "https://a.example", "object_marking_refs": [RED]},
        person_with(),
        {"type": "relationship", "id": "relationship--1", "source_ref": "identity--1", "target_ref": "url--1"},
    )
    link = items[-1]
    assert isinstance(link, Draft)
    assert {c.value: c.handling for c in link.claims if c.refers} == {"identity--1": None, "url--1": "TLP:RED"}


# Patterns


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("[url:value = 'a']", ("url", "value", "", "a")),
        (" [ file:hashes.'SHA-256'='ff' ] ", ("file", "hashes", "SHA-256", "ff")),
        ("[file:hashes.MD5 = 'ff']", ("file", "hashes", "MD5", "ff")),
        (r"[url:value = 'it\'s \\']", ("url", "value", "", "it's \\")),
        ("[url:value != 'a']", None),
        ("[url:value LIKE 'a%']", None),
        ("[url:value = 'a' OR url:value = 'b']", None),
        ("[url:value = 'a'] FOLLOWEDBY [url:value = 'b']", None),
        ("[NOT url:value = 'a']", None),
        ("[file:size = 12]", None),
        ("[url:value = 'a", None),
        ("[url:value = '" + "\\'" * 40_000, None),
        (" " * 60_000, None),
    ],
)
def test_patterns(text: str, comparison: tuple[str, ...] | None) -> None:
    assert simple_pattern(text) == comparison


# The whole


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif value is not None:
        yield value if isinstance(value, str) else json.dumps(value)


def test_nothing_is_lost() -> None:
    said = "\n".join(
        text
        for each in found()
        for text in (
            [
                each.key,
                *(part for claim in each.claims for part in (claim.value, claim.original, claim.language) if part),
            ]
            if isinstance(each, Draft)
            else each.raw.values()
        )
    )
    for item in json.loads(BUNDLE.read_text())["objects"][2:-1]:
        kept = {name: each for name, each in item.items() if name not in ("object_marking_refs", "granular_markings")}
        assert kept.pop("spec_version") == "2.1"
        for leaf in leaves(kept):
            assert leaf in said, leaf


@pytest.mark.parametrize(
    "content",
    [b"{}", b'{"type":"report"}', b"[1", b'{"type":"bundle","objects":{}}', b'{"type":"bundle","type":"bundle"}', b"7"],
)
def test_what_is_no_bundle(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        list(read_stix(path, vocabulary()))


def test_a_bad_object_spoils_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(
        b'{"type":"bundle","objects":[7,{"id":"a--1"},{"id":"url--1","type":"url","value":"a","value":"b"},'
        b'{"id":"url--2","type":"url","value":"https://b.example"}],"x":1}'
    )
    items = list(read_stix(path, vocabulary()))
    assert [(each.place.row, each.code, each.fatal) for each in items if isinstance(each, Problem)] == [
        (0, "bundle_member", False),
        (1, "no_object", True),
        (2, "no_object", True),
        (3, "key_twice", True),
    ]
    assert [each.key for each in items if isinstance(each, Draft)] == ["url--2"]


def test_recognised_by_its_head() -> None:
    assert is_stix(BUNDLE.read_bytes()[:65536])
    assert not is_stix(b'{"Event": {"info": "bundle"}}')
