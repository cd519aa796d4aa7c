"""What the three demo officers are told agrees with the rules, asked directly about the truth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from alidade.matching.identifiers import normalise
from alidade.model.handling import Handling, handling_id
from alidade.model.viewer import Viewer
from alidade.policy.decision import may
from alidade.policy.terms import Terms
from alidade.policy.world import World
from alidade.simulation import Asker, Question, Scenario, cocaine_route
from alidade.vocabulary import Vocabulary, load_vocabulary

SCENARIO = cocaine_route()
QUESTIONS = [pytest.param(question, id=f"{n}-{question.kind}") for n, question in enumerate(SCENARIO.questions, 1)]
ASKERS = [pytest.param(asker, id=asker.authority) for asker in SCENARIO.askers]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def world(vocabulary: Vocabulary) -> World:
    return World.build([seed.authority.party for seed in SCENARIO.authorities], vocabulary, SCENARIO.agreements)


def answering(question: Question, scenario: Scenario, vocabulary: Vocabulary) -> Iterator[Handling]:
    """The handlings of all drafts about the thing asked for that state what the question names."""
    if question.truth is None:
        return
    for seed in scenario.contributions:
        for draft in seed.drafts:
            if scenario.truth[seed.authority, draft.key] != question.truth:
                continue
            kinds = {
                "name" if prop.name == "name" else prop.identifier_kind
                for claim in draft.claims
                if (prop := vocabulary.properties_of(draft.thing)[claim.property])
            }
            if question.kind in kinds:
                yield seed.handling_of(draft)


def reasons(action: str, viewer: Viewer, handling: Handling, world: World) -> set[str]:
    terms = Terms(id=handling_id(handling), handling=handling, verified=True)
    noon = datetime.fromisoformat(SCENARIO.today + "T12:00:00").replace(tzinfo=UTC)
    decision = may(action, viewer, terms, noon, world)  # type: ignore[arg-type]
    assert decision.allowed == (not decision.reasons)
    return {reason.rule for reason in decision.reasons}


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_expected_answer_is_the_one_of_the_rules(
    question: Question, asker: Asker, world: World, vocabulary: Vocabulary
) -> None:
    viewer = SCENARIO.actor(asker).viewer
    found = list(answering(question, SCENARIO, vocabulary))
    assert bool(found) == (question.truth is not None)
    matching = [each for each in found if not reasons("match", viewer, each, world)]
    readable = [each for each in matching if not reasons("read", viewer, each, world)]
    notified = [each for each in found if not reasons("hit_notify", viewer, each, world)]
    why = question.why[asker.authority]
    match question.expected[asker.authority]:
        case "hit":
            assert readable
            assert (why == "owner") == any(each.owner == viewer.authority for each in readable)
            assert why in ("owner", "in_audience")
        case "hit_without_content":
            assert not readable
            assert any(why in reasons("read", viewer, each, world) for each in notified)
        case "no_hit":
            assert not readable
            assert not notified
            refused = [reasons("hit_notify", viewer, each, world) for each in found]
            assert why == "absent" if not found else any(why in each for each in refused)


def test_the_three_officers_get_three_different_pictures() -> None:
    rows = {asker.authority: [q.expected[asker.authority] for q in SCENARIO.questions] for asker in SCENARIO.askers}
    for row in rows.values():
        assert set(row) == {"hit", "hit_without_content", "no_hit"}
    differing = sum(len(set(column)) > 1 for column in zip(*rows.values(), strict=True))
    assert differing >= 5
    for one in rows:
        for other in rows:
            if one != other:
                assert sum(a != b for a, b in zip(rows[one], rows[other], strict=True)) >= 4


def test_reasons_are_rules_of_the_vocabulary(vocabulary: Vocabulary) -> None:
    stated = {why for question in SCENARIO.questions for why in question.why.values()}
    assert stated - {"owner", "in_audience", "absent"} <= set(vocabulary.policy_rules)
    assert len(stated) >= 7


def test_the_ten_questions_ask_for_what_the_demo_shows() -> None:
    kinds = [question.kind for question in SCENARIO.questions]
    assert sorted(kinds) == sorted(
        ["name", "name", "phone", "plate", "container", "imo", "iban", "document", "crypto", "email"]
    )
    assert sum(question.truth is None for question in SCENARIO.questions) == 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_identifier_asked_for_meets_the_one_given(question: Question, vocabulary: Vocabulary) -> None:
    if question.kind == "name" or question.truth is None:
        return
    country = question.about.get("country")
    asked = normalise(question.kind, question.text, country=country)  # type: ignore[arg-type]
    entity = SCENARIO.entities[question.truth]
    given = {
        normalise(prop.identifier_kind, value, country=country).key
        for name, values in entity.properties.items()
        if (prop := vocabulary.properties_of(entity.thing)[name]).identifier_kind == question.kind
        for value in values
    }
    assert asked.key in given


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_the_questions_turn_on_does_not_depend_on_the_seed(seed: int, vocabulary: Vocabulary) -> None:
    other = cocaine_route(seed)
    assert other.questions == SCENARIO.questions
    for question in SCENARIO.questions:
        assert sorted(map(handling_id, answering(question, other, vocabulary))) == sorted(
            map(handling_id, answering(question, SCENARIO, vocabulary))
        )
