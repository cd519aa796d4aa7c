"""The generated scenario: what is true in it, who reports what, and that it is the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest

from alidade.model.canonical import sha256_hex
from alidade.simulation.networks import NetworkScenario, generate, parameters
from alidade.simulation.networks.building import FEWEST, MOST


@pytest.fixture(scope="module")
def scenario() -> NetworkScenario:
    return generate(12, 3_000, 5)


def _print_of(scenario: NetworkScenario) -> str:
    return sha256_hex("\n".join(repr(each) for each in scenario.contributions()).encode())


def test_the_same_numbers_give_the_same_scenario_to_the_last_letter() -> None:
    assert _print_of(generate(4, 300, 9)) == _print_of(generate(4, 300, 9))
    assert _print_of(generate(4, 300, 9)) != _print_of(generate(4, 300, 10))


def test_what_is_written_does_not_depend_on_what_was_written_before(scenario: NetworkScenario) -> None:
    first = list(islice(scenario.contributions(), 3))
    assert list(islice(scenario.contributions(), 3)) == first


def test_there_are_exactly_as_many_records_as_wanted(scenario: NetworkScenario) -> None:
    assert parameters(scenario) == {"authorities": 12, "records": 3_000, "seed": 5}
    drafts = [(seed.authority, draft.key) for seed in scenario.contributions() for draft in seed.drafts]
    assert len(drafts) == len(set(drafts)) == 3_000
    assert set(drafts) == set(scenario.by_key())


def test_networks_have_the_size_and_the_reach_of_real_ones(scenario: NetworkScenario) -> None:
    assert len(scenario.networks) >= 4
    for network in scenario.networks:
        assert FEWEST <= len(network.members) <= MOST
        assert len(network.states) >= 2
        assert network.leader in network.members
        assert len(set(network.members)) == len(network.members)
        assert all(scenario.things[member].network == network.number for member in network.members)


def test_a_scenario_holds_everything_a_picture_is_made_of() -> None:
    scenario = generate(30, 12_000, 1)
    kinds = Counter(thing.kind for thing in scenario.things)
    ties = Counter(tie.kind for tie in scenario.ties)
    for kind in ("Person", "Company", "Vessel", "Vehicle", "Container", "Phone", "BankAccount", "Address", "Port"):
        assert kinds[kind] > 0, kind
    for kind in (
        "Communication",
        "Payment",
        "Directorship",
        "Ownership",
        "Meeting",
        "Movement",
        "Seizure",
        "Transport",
    ):
        assert ties[kind] > 0, kind
    assert any(tie.network is None and tie.kind == "Association" for tie in scenario.ties)


def test_planted_links_are_between_authorities_and_of_one_thing(scenario: NetworkScenario) -> None:
    planted = list(scenario.planted())
    assert len(planted) > 200
    for one, other in planted:
        left, right = scenario.records[one], scenario.records[other]
        assert one < other
        assert left.thing == right.thing is not None
        assert left.authority != right.authority
        assert scenario.things[left.thing or 0].role != "common"


def test_every_authority_sees_a_part_and_some_things_twice(scenario: NetworkScenario) -> None:
    held = Counter((record.authority, record.thing) for record in scenario.records if record.thing is not None)
    of_members = {
        (authority, thing) for authority, thing in held if scenario.things[thing].role == "member" and thing is not None
    }
    members = sum(len(network.members) for network in scenario.networks)
    for authority in range(12):
        assert sum(each == authority for each, _ in of_members) < 0.7 * members
    assert any(count == 2 for count in held.values())
    known = {thing for _, thing in of_members}
    assert len(known) < members, "nobody knows everything, not even all together"


def test_references_lead_to_what_was_given_before_or_with_them(scenario: NetworkScenario) -> None:
    given: dict[str, set[str]] = {}
    for seed in scenario.contributions():
        own = given.setdefault(seed.authority, set())
        own |= {draft.key for draft in seed.drafts}
        for draft in seed.drafts:
            for claim in draft.claims:
                assert not claim.refers or claim.value in own


def test_days_never_go_back(scenario: NetworkScenario) -> None:
    days = [seed.day for seed in scenario.contributions()]
    assert days == sorted(days)


def test_conditions_are_of_many_kinds(scenario: NetworkScenario) -> None:
    handlings = [each.handling for each in scenario.reported()]
    codes = {code for handling in handlings for code in handling.codes}
    assert codes == {"H0", "H1", "H2", "H3"}
    assert any(handling.hit == "silent" for handling in handlings)
    assert any("no_automated_match" in handling.conditions for handling in handlings)
    assert any(handling.released_to for handling in handlings)
    assert any(handling.communities and "all" not in handling.communities for handling in handlings)
    assert any(handling.expires_on for handling in handlings)
    assert any(each.quarantined for each in scenario.reported())


def test_records_of_one_thing_differ_as_clerks_differ(scenario: NetworkScenario) -> None:
    names: dict[int, set[str]] = {}
    dates: dict[int, set[str]] = {}
    for seed in scenario.contributions():
        for draft, index in zip(seed.drafts, _indices(scenario, seed.authority, seed.drafts), strict=True):
            thing = scenario.records[index].thing
            if draft.thing != "Person" or thing is None:
                continue
            for claim in draft.claims:
                if claim.property == "name":
                    names.setdefault(thing, set()).add(claim.value)
                if claim.property == "birthDate":
                    dates.setdefault(thing, set()).add(claim.value)
    assert sum(len(each) > 1 for each in names.values()) > 50
    assert sum(len(each) > 1 for each in dates.values()) > 5
    written = "".join(name for each in names.values() for name in each)
    assert any("α" <= letter <= "ω" for letter in written)
    assert any("а" <= letter <= "я" for letter in written)


def _indices(scenario: NetworkScenario, authority: str, drafts: tuple[object, ...]) -> Iterator[int]:
    known = scenario.by_key()
    return (known[authority, draft.key] for draft in drafts)  # type: ignore[attr-defined, index]


def test_everything_is_marked_invented(scenario: NetworkScenario) -> None:
    assert all(seed.authority.invented and "invented" in seed.authority.name for seed in scenario.authorities)


def test_too_small_a_scenario_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        generate(1, 1_000)
    with pytest.raises(ValueError, match="at least"):
        generate(5, 20)
