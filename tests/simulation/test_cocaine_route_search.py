"""Searching everything that was given, namesakes too, leads the demo officers to the answers expected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from alidade.matching.comparison import compare
from alidade.matching.identifiers import normalise
from alidade.matching.names import name_keys
from alidade.matching.thresholds import threshold_for
from alidade.model.draft import Draft
from alidade.model.handling import Handling, handling_id
from alidade.policy.decision import permitted
from alidade.policy.terms import Terms
from alidade.policy.world import World
from alidade.simulation import Asker, Question, Scenario, cocaine_route
from alidade.vocabulary import Vocabulary, load_vocabulary

VOCABULARY = load_vocabulary()
QUALIFIERS = ("birthDate", "nationality")


def is_found(question: Question, draft: Draft, vocabulary: Vocabulary) -> bool:
    properties = vocabulary.properties_of(draft.thing)
    values: dict[str, list[str]] = {}
    for claim in draft.claims:
        if not claim.refers:
            values.setdefault(claim.property, []).append(claim.value)
    if question.kind == "name":
        if draft.thing not in ("Person", "Company", "CriminalNetwork", "Vessel"):
            return False
        kind = {"Person": "person", "Vessel": "vessel"}.get(draft.thing, "organisation")
        named = [each for name, given in values.items() if properties[name].kind == "name" for each in given]
        keys = {key for each in named for key in name_keys(each, kind)}  # type: ignore[arg-type]
        asked = {"name": [question.text]}
        asked |= {name: [question.about[name]] for name in QUALIFIERS if name in question.about}
        score = compare(asked, values, kind).score  # type: ignore[arg-type]
        return score >= threshold_for("usual").threshold and not keys.isdisjoint(name_keys(question.text, "person"))
    wanted = normalise(question.kind, question.text, country=question.about.get("country"))  # type: ignore[arg-type]
    return any(
        normalise(wanted.kind, value).key == wanted.key
        for name, given in values.items()
        if properties[name].identifier_kind == wanted.kind
        for value in given
    )


def found(question: Question, scenario: Scenario) -> Iterator[tuple[Handling, str]]:
    for seed in scenario.contributions:
        for draft in seed.drafts:
            if is_found(question, draft, VOCABULARY):
                yield seed.handling_of(draft), scenario.truth[seed.authority, draft.key]


def answer(asker: Asker, handlings: list[Handling], scenario: Scenario, world: World) -> str:
    viewer = scenario.actor(asker).viewer
    noon = datetime.fromisoformat(scenario.today + "T12:00:00").replace(tzinfo=UTC)
    terms = [Terms(id=handling_id(each), handling=each, verified=True) for each in handlings]
    if any(
        permitted("match", viewer, each, noon, world) and permitted("read", viewer, each, noon, world) for each in terms
    ):
        return "hit"
    noticed = any(permitted("hit_notify", viewer, each, noon, world) for each in terms)
    return "hit_without_content" if noticed else "no_hit"


@pytest.mark.parametrize("seed", [2026, 1, 2])
def test_search_through_everything_gives_the_expected_answers(seed: int) -> None:
    scenario = cocaine_route(seed)
    world = World.build([each.authority.party for each in scenario.authorities], VOCABULARY, scenario.agreements)
    for question in scenario.questions:
        results = list(found(question, scenario))
        assert {truth for _, truth in results} == ({question.truth} - {None})
        given = {
            asker.authority: answer(asker, [handling for handling, _ in results], scenario, world)
            for asker in scenario.askers
        }
        assert given == dict(question.expected), question.text
