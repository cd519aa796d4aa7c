"""The second opinion on what may be seen: each condition alone, and that it agrees with the program's rules."""

from __future__ import annotations

import msgspec
import pytest

from alidade.model.handling import Handling, handling_id
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Party, Viewer
from alidade.simulation.networks import NetworkScenario, generate
from alidade.simulation.networks.allowing import Allowing
from alidade.simulation.networks.authorities import flow_between

NL = Party(id=AuthorityId("nl-police"), function="police", state="NL", areas=("EU",))
DE = Party(id=AuthorityId("de-police"), function="police", state="DE", areas=("EU",))
MA = Party(id=AuthorityId("ma-gendarmerie"), function="gendarmerie", state="MA")
OPEN = Handling(owner=NL.id, communities=("all",), subject_category="suspect_or_convicted")
DAY = "2026-11-20"


def _of(party: Party) -> Allowing:
    viewer = Viewer(
        party=party, clearance="RESTRICTED", purpose="18.2.a", communities=("all", "AP-SALT"), cases=(f"RH-{party.id}",)
    )
    return Allowing(viewer, (NL, DE, MA), (), DAY)


@pytest.mark.parametrize(
    ("change", "reads", "suggested"),
    [
        ({}, True, True),
        ({"communities": ()}, False, False),
        ({"communities": ("AP-SALT",)}, True, True),
        ({"communities": ("AP-DELTA",)}, False, False),
        ({"communities": (), "released_to": (DE.id,)}, True, True),
        ({"excluded": (DE.id,)}, False, False),
        ({"purposes": ("18.2.b",)}, False, False),
        ({"classification": "CONFIDENTIAL"}, False, False),
        ({"case": "RH-nl-police"}, False, False),
        ({"case": "RH-de-police"}, True, True),
        ({"expires_on": "2026-11-10"}, False, False),
        ({"conditions": ("no_automated_match",)}, True, False),
        ({"conditions": ("no_third_country",)}, True, True),
        ({"conditions": ("something new",)}, False, False),
        ({"codes": ("H0", "H3"), "restriction": "Ask first."}, True, True),
        ({"hit": "silent"}, True, True),
    ],
)
def test_each_condition(change: dict[str, object], reads: bool, suggested: bool) -> None:
    handling = msgspec.structs.replace(OPEN, **change)
    assert _of(DE).reads(handling, quarantined=False) is reads
    assert _of(DE).may_be_suggested(handling, quarantined=False) is suggested
    assert not _of(DE).reads(handling, quarantined=True)


def test_the_owner_reads_his_own_and_a_third_country_what_is_agreed() -> None:
    own = msgspec.structs.replace(OPEN, communities=(), conditions=("no_automated_match",))
    assert _of(NL).may_be_suggested(own, quarantined=False)
    assert not _of(MA).reads(OPEN, quarantined=False), "nothing personal"
    thing = msgspec.structs.replace(OPEN, content="non_personal", subject_category=None)
    assert _of(MA).reads(thing, quarantined=False)
    abroad = msgspec.structs.replace(thing, conditions=("no_third_country",))
    assert not _of(MA).reads(abroad, quarantined=False)
    assert (flow_between("NL", "DE"), flow_between("TR", "MA"), flow_between("AL", "TR")) == (
        "personal", None, "strategic",
    )  # fmt: skip


def test_every_kind_of_condition_is_met_in_a_scenario() -> None:
    scenario: NetworkScenario = generate(14, 1_500, 2)
    handlings = {handling_id(each.handling): each.handling for each in scenario.reported()}
    parties = [seed.authority.party for seed in scenario.authorities]
    seen = set()
    for seed in scenario.authorities:
        viewer = Viewer(
            party=seed.authority.party, clearance="RESTRICTED", purpose="18.2.a",
            communities=seed.authority.communities, cases=seed.officers[0].cases,
        )  # fmt: skip
        allowing = Allowing(viewer, parties, scenario.vocabulary.agreements.values(), scenario.today)
        for key, handling in handlings.items():
            reads = allowing.reads(handling, quarantined=False)
            seen.add((reads, allowing.may_be_suggested(handling, quarantined=False)))
            assert reads or not allowing.may_be_suggested(handling, quarantined=False), key
    assert seen == {(True, True), (True, False), (False, False)}
