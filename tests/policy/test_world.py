"""The world built from the vocabulary that comes with the platform."""

from __future__ import annotations

from typing import Any

import pytest

from alidade.policy import World
from alidade.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def test_world_knows_ranks_and_searches(scene: Any, vocabulary: Vocabulary) -> None:
    world = World.build(scene.parties, vocabulary)
    assert world.ranks["BPL"] < world.ranks["RESTRICTED"] < world.ranks["SECRET"]
    assert world.purposes["18.2.a"] == "direct"
    assert world.purposes["18.2.c"] == "hit_only"
    assert world.parties == scene.parties


def test_member_states_exchange_personal_data(scene: Any, vocabulary: Vocabulary) -> None:
    flow = World.build(scene.parties.values(), vocabulary).agreements.flow_between
    assert flow(scene.parties["nl-politie"], scene.parties["de-bka"], scene.now, ()) == "personal"


def test_extra_agreements_count(scene: Any, vocabulary: Vocabulary) -> None:
    between = (scene.parties["de-bka"], scene.parties["pa-pn"], scene.now, ())
    assert World.build(scene.parties, vocabulary).agreements.flow_between(*between) == "strategic"
    extra = (scene.agreement("de-pa", "DE", "PA", "personal"),)
    assert World.build(scene.parties, vocabulary, extra).agreements.flow_between(*between) == "personal"
