"""Types of things and links: what descends from what, and what may be stated of each."""

from __future__ import annotations

import pytest

from alidade.vocabulary import DamagedVocabulary, Label, LinkEnds, Property, Thing, UnknownCode, Vocabulary
from alidade.vocabulary.things import inherit, line_of

WORD = Label(en="a", fr="a", es="a", pt="a")


def thing(name: str, *extends: str, properties: tuple[Property, ...] = (), link: LinkEnds | None = None) -> Thing:
    return Thing(name=name, label=WORD, extends=extends, properties=properties, link=link)


def fact(name: str, kind: str = "text", **more: str) -> Property:
    return Property(name=name, label=WORD, kind=kind, **more)  # type: ignore[arg-type]


def family(*members: Thing) -> dict[str, Thing]:
    return {each.name: each for each in members}


def test_the_field_is_covered(vocabulary: Vocabulary) -> None:
    assert {
        "Person",
        "Organization",
        "Company",
        "PublicBody",
        "CriminalNetwork",
        "Vessel",
        "Vehicle",
        "Airplane",
        "Container",
        "Consignment",
        "Place",
        "Port",
        "Address",
        "Phone",
        "EmailAddress",
        "UserAccount",
        "WebAddress",
        "CryptoWallet",
        "BankAccount",
        "Payment",
        "Identification",
        "Passport",
        "Substance",
        "Firearm",
        "Seizure",
        "Movement",
        "Meeting",
        "Inspection",
        "Incident",
        "Alert",
        "Device",
        "Operation",
        "Document",
        "Report",
        "Sanction",
        "Ownership",
        "Directorship",
        "Membership",
        "Employment",
        "Associate",
        "Family",
        "Use",
        "Presence",
        "Transport",
        "Communication",
        "Representation",
        "Succession",
        "UnknownLink",
        "Occupancy",
    } <= set(vocabulary.things)


@pytest.mark.parametrize(
    ("name", "ancestor", "answer"),
    [
        ("Company", "LegalEntity", True),
        ("Company", "Asset", True),
        ("Person", "LegalEntity", True),
        ("Person", "Organization", False),
        ("CriminalNetwork", "Organization", True),
        ("Vessel", "Vehicle", True),
        ("Port", "Place", True),
        ("Seizure", "Event", True),
        ("Passport", "Identification", True),
        ("Firearm", "Asset", True),
        ("Thing", "Thing", True),
        ("Thing", "Person", False),
        ("Ownership", "Interval", True),
    ],
)
def test_descent(name: str, ancestor: str, answer: bool, vocabulary: Vocabulary) -> None:
    assert vocabulary.is_a(name, ancestor) is answer


def test_unknown_types_are_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(UnknownCode):
        vocabulary.is_a("Person", "Persona")
    with pytest.raises(UnknownCode):
        vocabulary.is_a("Persona", "Person")
    with pytest.raises(UnknownCode):
        vocabulary.properties_of("Persona")


def test_properties_are_inherited(vocabulary: Vocabulary) -> None:
    person = vocabulary.properties_of("Person")
    assert {
        "name",
        "alias",
        "firstName",
        "lastName",
        "fatherName",
        "birthDate",
        "nationality",
        "idNumber",
    } <= set(person)
    vessel = vocabulary.properties_of("Vessel")
    assert {"name", "imoNumber", "callSign", "mmsi", "flag", "pastFlags", "tonnage", "owner", "vin"} <= set(vessel)


@pytest.mark.parametrize(
    ("name", "prop", "kind"),
    [
        ("Vessel", "imoNumber", "imo"),
        ("Organization", "imoNumber", "registration"),
        ("Vehicle", "registrationNumber", "plate"),
        ("Vessel", "registrationNumber", "registration"),
        ("Company", "registrationNumber", "registration"),
        ("Vehicle", "vin", "vin"),
        ("Container", "containerNumber", "container"),
        ("Person", "passportNumber", "document"),
        ("BankAccount", "iban", "iban"),
        ("CryptoWallet", "publicKey", "crypto"),
        ("Phone", "number", "phone"),
        ("EmailAddress", "email", "email"),
        ("Vessel", "mmsi", "mmsi"),
        ("Vessel", "callSign", "callsign"),
        ("WebAddress", "url", "web"),
        ("Company", "taxNumber", "tax"),
        ("UserAccount", "username", "account"),
    ],
)
def test_identifiers_know_their_kind(name: str, prop: str, kind: str, vocabulary: Vocabulary) -> None:
    found = vocabulary.properties_of(name)[prop]
    assert found.identifier_kind == kind
    assert found.matchable


def test_every_identifier_kind_is_used(vocabulary: Vocabulary) -> None:
    used = {p.identifier_kind for t in vocabulary.things.values() for p in t.properties if p.identifier_kind}
    assert used == set(vocabulary.codes("identifier_kinds"))


def test_links_hold_two_required_ends(vocabulary: Vocabulary) -> None:
    links = {name: each for name, each in vocabulary.things.items() if each.link}
    assert len(links) >= 20
    for name, each in links.items():
        assert each.link is not None
        assert each.link.source != each.link.target
        for end in (each.link.source, each.link.target):
            prop = vocabulary.properties_of(name)[end]
            assert prop.kind == "entity"
            assert prop.range in vocabulary.things
            assert prop.required, (name, end)


def test_every_personal_fact_belongs_to_a_group_of_annex_ii(vocabulary: Vocabulary) -> None:
    assert vocabulary.things["Person"].personal
    assert not vocabulary.things["Vessel"].personal
    groups = set(vocabulary.codes("field_groups"))
    for name, each in vocabulary.things.items():
        if each.personal:
            for prop in vocabulary.properties_of(name).values():
                assert prop.category in groups, (name, prop.name)


def test_a_victim_may_not_be_described_like_a_suspect(vocabulary: Vocabulary) -> None:
    person = vocabulary.properties_of("Person")
    allowed = {
        code: {p.name for p in person.values() if p.category in vocabulary.allowed_fields(code)}
        for code in vocabulary.subject_categories
    }
    assert {"name", "birthDate", "passportNumber", "victimReason"} <= allowed["victim"]
    assert not allowed["victim"] & {"convictions", "criminalRole", "dangerRating", "phone", "rewards"}
    assert {"convictions", "dangerRating", "phone"} <= allowed["suspect_or_convicted"]
    assert "victimReason" not in allowed["suspect_or_convicted"]
    assert {"name", "alias", "birthDate", "passportNumber", "topics"} <= allowed["publicly_listed_person"]


def test_special_categories_are_marked(vocabulary: Vocabulary) -> None:
    marked = {p.name for t in vocabulary.things.values() for p in t.properties if p.special}
    assert marked == {"ethnicity", "religion", "political", "fingerprintReference", "dnaReference"}


def test_what_is_ours_is_marked_for_writers_of_other_formats(vocabulary: Vocabulary) -> None:
    assert vocabulary.things["Control"].origin == "FollowTheMoney"
    assert vocabulary.things["Inspection"].origin == "Alidade"
    assert vocabulary.properties_of("Person")["warningFlags"].origin == "Alidade"
    assert vocabulary.properties_of("Person")["birthDate"].origin == "FollowTheMoney"
    for each in vocabulary.things.values():
        if each.origin == "Alidade":
            assert {prop.origin for prop in each.properties} <= {"Alidade"}


def test_the_nearest_declaration_counts() -> None:
    near, far = fact("x"), fact("x", category="far")
    found = inherit(family(thing("A", properties=(far,)), thing("B", "A", properties=(near,)), thing("C", "B")))
    assert found["C"]["x"] is near


def test_each_ancestor_stands_once_in_the_line() -> None:
    things = family(thing("A"), thing("B", "A"), thing("C", "A"), thing("D", "B", "C"))
    assert line_of(things, "D") == ("D", "B", "C", "A")


@pytest.mark.parametrize(
    ("things", "reason"),
    [
        (family(thing("A", "B"), thing("B", "A")), "descends from itself"),
        (family(thing("A", "A")), "descends from itself"),
        (family(thing("A", "Nothing")), "unknown type"),
        (family(thing("A", properties=(fact("x"), fact("x")))), "stands twice"),
        (
            family(thing("A", properties=(fact("x"),)), thing("B", "A", properties=(fact("x", "date"),))),
            "another kind",
        ),
        (
            family(
                thing("A", properties=(fact("x"),)),
                thing("B", properties=(fact("x", "number"),)),
                thing("C", "A", "B"),
            ),
            "another kind",
        ),
        (family(thing("A", properties=(fact("x", "entity", range="Nothing"),))), "unknown type"),
        (family(thing("A", properties=(fact("x", "entity"),))), "range"),
        (family(thing("A", properties=(fact("x", range="A"),))), "range"),
        (family(thing("A", properties=(fact("x", "code"),))), "code list"),
        (family(thing("A", link=LinkEnds(source="x", target="y", directed=True, label=WORD))), "link end"),
        (
            family(
                thing(
                    "A",
                    properties=(fact("x"), fact("y")),
                    link=LinkEnds(source="x", target="y", directed=True, label=WORD),
                )
            ),
            "link end",
        ),
    ],
)
def test_a_broken_family_of_types_is_refused(things: dict[str, Thing], reason: str) -> None:
    with pytest.raises(DamagedVocabulary, match=reason) as caught:
        inherit(things)
    assert caught.value.file == "things.json"
    assert caught.value.entry is not None
