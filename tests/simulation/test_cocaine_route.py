"""The rehearsal is what it says: complete, valid, deterministic, with everything in use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import phonenumbers
import pytest

from alidade.matching.identifiers import normalise
from alidade.model.canonical import canonical_bytes
from alidade.model.draft import Claim, Draft
from alidade.model.evaluation import read_evaluation
from alidade.model.handling import Handling, handling_id, make_handling
from alidade.simulation import ContributionSeed, Scenario, cocaine_route
from alidade.vocabulary import Vocabulary, load_vocabulary

PARTIAL_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return cocaine_route()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def drafts(scenario: Scenario) -> Iterator[tuple[ContributionSeed, Draft]]:
    for seed in scenario.contributions:
        for draft in seed.drafts:
            yield seed, draft


def claims(scenario: Scenario) -> Iterator[tuple[ContributionSeed, Draft, Claim]]:
    for seed, draft in drafts(scenario):
        for claim in draft.claims:
            yield seed, draft, claim


def handlings(scenario: Scenario) -> list[Handling]:
    return [handling for seed in scenario.contributions for handling in seed.handlings.values()]


@pytest.mark.parametrize("seed", [2026, 1, 77])
def test_eight_authorities_two_hundred_contributions_ten_questions(seed: int) -> None:
    made = cocaine_route(seed)
    assert len(made.authorities) == 8
    assert len(made.contributions) == 200
    assert len(made.questions) == 10
    assert len(made.askers) == 3
    assert {seed.authority for seed in made.contributions} == {seed.authority.id for seed in made.authorities}


def test_same_seed_same_scenario_and_other_seed_another() -> None:
    assert cocaine_route(5) == cocaine_route(5)
    assert cocaine_route(5).contributions != cocaine_route(6).contributions


def test_everything_is_marked_invented(scenario: Scenario) -> None:
    for seed in scenario.authorities:
        assert seed.authority.invented
        assert "invented" in seed.authority.name
        assert "Rehearsal" in seed.authority.name
        assert seed.authority.contact.endswith(".example")
    assert all("Invented" in (agreement.note or "") for agreement in scenario.agreements)


def test_directory_uses_the_words_of_the_vocabulary(scenario: Scenario, vocabulary: Vocabulary) -> None:
    states = {*vocabulary.countries, *vocabulary.codes("bodies")}
    for seed in scenario.authorities:
        party = seed.authority.party
        assert party.function in vocabulary.codes("authority_functions")
        assert party.state in states
        country = vocabulary.countries.get(party.state)
        assert party.areas == (() if country is None else country.areas)
        for officer in seed.officers:
            assert officer.role in vocabulary.roles
            assert officer.clearance in vocabulary.classifications
    codes = {community.code for community in scenario.communities}
    for seed in scenario.authorities:
        assert set(seed.authority.communities) <= codes
    for asker in scenario.askers:
        actor = scenario.actor(asker)
        assert "check" in vocabulary.roles[actor.role].acts
        assert actor.role == asker.role
        assert asker.purpose in vocabulary.purposes
        assert asker.legal_ground in vocabulary.codes("legal_grounds")
        assert asker.case is None or asker.case in actor.viewer.cases


def test_contributions_span_about_eighteen_months_before_today(scenario: Scenario) -> None:
    days = [date.fromisoformat(seed.day) for seed in scenario.contributions]
    assert 500 < (max(days) - min(days)).days < 570
    assert max(days) < date.fromisoformat(scenario.today)
    assert days == sorted(days)


def test_every_handling_is_in_normal_form_and_owned_by_its_giver(scenario: Scenario, vocabulary: Vocabulary) -> None:
    for seed in scenario.contributions:
        assert seed.handlings
        for handling in seed.handlings.values():
            assert make_handling(handling, vocabulary) == handling
            assert handling.owner == seed.authority
    members = {community.code: community.members for community in scenario.communities}
    for handling in handlings(scenario):
        for code in handling.communities:
            assert handling.owner in members[code]


def test_every_code_and_condition_of_handling_is_in_use(scenario: Scenario, vocabulary: Vocabulary) -> None:
    used = handlings(scenario)
    assert {code for each in used for code in each.codes} == set(vocabulary.handling)
    assert {code for each in used for code in each.conditions} == set(vocabulary.codes("conditions"))
    assert {each.hit for each in used} == {"visible", "silent"}
    assert {each.content for each in used} == {"personal", "non_personal", "strategic"}
    assert {code for each in used for code in each.purposes} >= {"18.2.a", "18.2.b", "18.2.c", "18.2.d"}
    assert {each.subject_category for each in used} - {None} == set(vocabulary.subject_categories)
    assert len({each.classification for each in used}) >= 4
    assert len({code for each in used for code in each.crime_areas}) >= 6
    assert any(each.released_to for each in used)
    assert any(each.excluded for each in used)
    assert any(each.case for each in used)
    assert any(each.review_on for each in used)
    assert any(each.expires_on and each.expires_on < scenario.today for each in used)
    assert any(each.expires_on and each.expires_on > scenario.today for each in used)
    assert {code for each in used for code in each.communities} == {c.code for c in scenario.communities}


def test_few_handlings_carry_many_drafts(scenario: Scenario) -> None:
    distinct = {handling_id(handling) for handling in handlings(scenario)}
    assert len(distinct) < 150 < len(scenario.truth)


def test_every_property_is_one_of_its_thing(scenario: Scenario, vocabulary: Vocabulary) -> None:
    for _, draft, claim in claims(scenario):
        assert not vocabulary.things[draft.thing].abstract, draft.thing
        prop = vocabulary.properties_of(draft.thing).get(claim.property)
        assert prop is not None, (draft.thing, claim.property)
        assert claim.refers == (prop.kind == "entity"), (draft.thing, claim.property)
        if prop.kind == "date":
            assert PARTIAL_DATE.fullmatch(claim.value), (draft.thing, claim.property)
        if prop.kind in ("code", "topic"):
            assert claim.value in vocabulary.codes(prop.code_list or ""), (draft.thing, claim.property)
        if prop.kind == "country":
            assert claim.value.upper() in vocabulary.countries
    for _, draft in drafts(scenario):
        link = vocabulary.things[draft.thing].link
        if link is not None:
            assert {link.source, link.target} <= {claim.property for claim in draft.claims}


def test_every_draft_says_something_by_which_it_is_known(scenario: Scenario) -> None:
    for _, draft in drafts(scenario):
        said = {claim.property for claim in draft.claims}
        assert said
        entity_like = not any(claim.refers for claim in draft.claims)
        keys = {
            "name",
            "number",
            "email",
            "iban",
            "publicKey",
            "containerNumber",
            "registrationNumber",
            "full",
        }
        assert not entity_like or said & keys, draft.thing


def test_links_point_to_drafts_of_the_right_type_in_the_same_contribution(
    scenario: Scenario, vocabulary: Vocabulary
) -> None:
    for seed, draft, claim in claims(scenario):
        if claim.refers:
            target = next((each for each in seed.drafts if each.key == claim.value), None)
            wanted = vocabulary.properties_of(draft.thing)[claim.property].range
            assert target is not None
            assert wanted is not None
            assert vocabulary.is_a(target.thing, wanted), (draft.thing, claim.property, target.thing)


def test_every_evaluation_is_a_grade_of_its_scheme(scenario: Scenario, vocabulary: Vocabulary) -> None:
    for seed, _, claim in claims(scenario):
        read_evaluation(claim.evaluation, vocabulary, scheme=seed.scheme)
    assert {seed.scheme for seed in scenario.contributions} == set(vocabulary.evaluation_schemes)
    assert any(claim.evaluation is None for _, _, claim in claims(scenario))


def test_only_marked_drafts_lack_a_category(scenario: Scenario, vocabulary: Vocabulary) -> None:
    persons = 0
    for seed, draft in drafts(scenario):
        handling = seed.handling_of(draft)
        lacks = handling.content == "personal" and handling.subject_category is None
        assert lacks == ((seed.authority, draft.key) in scenario.quarantined)
        if vocabulary.things[draft.thing].personal:
            assert handling.content == "personal", draft.key
            persons += 1
    assert persons > 150
    unsorted = [d for s, d in drafts(scenario) if (s.authority, d.key) in scenario.quarantined]
    assert sum(draft.thing == "Person" for draft in unsorted) == 5


def test_no_person_is_kept_with_facts_that_the_category_forbids(scenario: Scenario, vocabulary: Vocabulary) -> None:
    for seed, draft in drafts(scenario):
        category = seed.handling_of(draft).subject_category
        if category is None or not vocabulary.things[draft.thing].personal:
            continue
        allowed = vocabulary.allowed_fields(category)
        for claim in draft.claims:
            group = vocabulary.properties_of(draft.thing)[claim.property].category
            assert group is None or group in allowed, (draft.thing, claim.property, category)


def test_every_identifier_is_valid(scenario: Scenario, vocabulary: Vocabulary) -> None:
    seen: dict[str, set[str]] = {}
    for _, draft, claim in claims(scenario):
        kind = vocabulary.properties_of(draft.thing)[claim.property].identifier_kind
        if kind is None:
            continue
        identifier = normalise(kind, claim.value)
        assert identifier.valid is not False, (kind, claim.value)
        if claim.original is not None:
            assert normalise(kind, claim.original).key == identifier.key
        if kind in ("imo", "container", "iban", "crypto", "phone"):
            assert identifier.valid is True, (kind, claim.value)
        seen.setdefault(kind, set()).add(identifier.key)
    kinds = {"phone", "email", "plate", "imo", "mmsi", "container", "iban", "crypto", "document"}
    assert kinds <= set(seen)
    assert len(seen["container"]) == 6
    assert len(seen["iban"]) >= 5


def test_telephones_are_from_ranges_kept_for_fiction(scenario: Scenario) -> None:
    fiction = re.compile(r"\+491760406900?\d\d|\+467017406\d\d|\+1\d{3}55501\d\d|\+61491570\d{3}")
    phones = [entity for entity in scenario.entities.values() if entity.thing == "Phone"]
    numbers = {value for entity in phones for value in entity.properties["number"]}
    assert numbers
    for number in numbers:
        assert fiction.fullmatch(number), number
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_truth_covers_every_draft_with_its_type(scenario: Scenario) -> None:
    given = [(seed.authority, draft.key) for seed, draft in drafts(scenario)]
    assert len(given) == len(set(given))
    assert set(given) == set(scenario.truth)
    for seed, draft in drafts(scenario):
        assert scenario.entities[scenario.truth[seed.authority, draft.key]].thing == draft.thing


def test_the_same_true_things_are_known_to_several_under_several_names(scenario: Scenario) -> None:
    names: dict[str, set[str]] = {}
    owners: dict[str, set[str]] = {}
    for seed, draft, claim in claims(scenario):
        if draft.thing == "Person" and claim.property == "name":
            entity = scenario.truth[seed.authority, draft.key]
            names.setdefault(entity, set()).add(claim.value)
            owners.setdefault(entity, set()).add(seed.authority)
    assert sum(len(each) >= 2 for each in owners.values()) >= 12
    assert sum(len(each) >= 2 for each in names.values()) >= 10
    assert any(not name.isascii() and "Г" in name for each in names.values() for name in each)
    births = {claim.value for _, _, claim in claims(scenario) if claim.property == "birthDate"}
    assert any(len(birth) == 4 for birth in births)


def test_namesakes_are_innocent_and_stay_alone(scenario: Scenario) -> None:
    innocent = {entity.id for entity in scenario.entities.values() if entity.innocent}
    assert len(innocent) >= 6
    assert innocent <= set(scenario.truth.values())


def test_every_true_thing_is_named_by_somebody(scenario: Scenario) -> None:
    unnamed = {e.id for e in scenario.entities.values() if e.role != "link"} - set(scenario.truth.values())
    assert len(unnamed) < len(scenario.entities) // 10


def test_handlings_have_stable_bytes(scenario: Scenario) -> None:
    for handling in handlings(scenario):
        assert canonical_bytes(handling)
