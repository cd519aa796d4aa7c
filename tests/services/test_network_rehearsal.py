"""A generated rehearsal on the real path: loaded by contributing, scored by asking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from alidade.model.errors import Conflict, NotFound
from alidade.model.ids import AuthorityId
from alidade.services.network_rehearsal import load_networks, scenario_in
from alidade.services.network_score import Proposal, RehearsalScore, score_rehearsal
from alidade.services.node import Node
from alidade.services.rehearsal import Loaded, RehearsalClock
from alidade.simulation.networks import NetworkScenario, generate
from alidade.store.reading import ReaderView
from alidade.vocabulary import Vocabulary

AUTHORITIES, RECORDS, SEED = 14, 1_000, 7
AGENCY, SERBIA = AuthorityId("eu-agency"), AuthorityId("rs-police")
_EXACT = ("number", "registrationNumber", "passportNumber", "idNumber", "iban", "containerNumber", "vin", "imoNumber")


@pytest.fixture(scope="module")
def scenario() -> NetworkScenario:
    return generate(AUTHORITIES, RECORDS, SEED)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, scenario: NetworkScenario) -> Iterator[tuple[Node, Loaded]]:
    clock = RehearsalClock("2025-01-06")
    node = Node.open(tmp_path_factory.mktemp("networks"), clock=clock)
    yield node, load_networks(node, clock, scenario, lambda done, of: None)
    node.close()


@pytest.fixture(scope="module")
def score(loaded: tuple[Node, Loaded], scenario: NetworkScenario) -> RehearsalScore:
    return score_rehearsal(loaded[0], scenario)


def _same_number(view: ReaderView, vocabulary: Vocabulary) -> Iterable[Proposal]:
    """The simplest way: two records of one type with one number."""
    first: dict[tuple[str, str, str], str] = {}
    for each in view.everything("suggest"):
        if each.property in _EXACT:
            other = first.setdefault((each.thing, each.property, each.value), each.record)
            if other != each.record:
                yield other, each.record, 1.0


def test_everything_is_given_and_kept(loaded: tuple[Node, Loaded], scenario: NetworkScenario) -> None:
    told = loaded[1]
    assert told.authorities == AUTHORITIES
    assert told.contributions == len(scenario)
    claims = sum(len(draft.claims) for seed in scenario.contributions() for draft in seed.drafts)
    assert told.statements == claims, "no claim is turned away"
    assert told.quarantined == sum(each.quarantined for each in scenario.reported()) > 0


def test_nobody_is_shown_more_or_less_than_he_may_see(score: RehearsalScore) -> None:
    assert [each.leaks for each in score.viewers if each.leaks.leaked or each.leaks.withheld] == []
    assert all(0 < each.leaks.shown < RECORDS for each in score.viewers)
    assert len({each.leaks.shown for each in score.viewers}) > 5, "they differ"


def test_most_links_are_found_and_networks_come_out(score: RehearsalScore) -> None:
    assert score.found > 0.93
    assert score.false < 0.05
    assert score.likeness > 0.7
    assert len(score.viewers) == AUTHORITIES


def test_exact_numbers_alone_find_less(
    loaded: tuple[Node, Loaded], scenario: NetworkScenario, score: RehearsalScore
) -> None:
    simple = score_rehearsal(loaded[0], scenario, viewers=[AGENCY], proposer=_same_number)
    (agency,) = (each for each in score.viewers if each.authority == AGENCY)
    (plain,) = simple.viewers
    assert 0.2 < plain.links.share < agency.links.share
    assert plain.leaks.leaked == 0


def test_a_suggestion_of_what_may_not_be_compared_is_a_leak(
    loaded: tuple[Node, Loaded], scenario: NetworkScenario
) -> None:
    def careless(view: ReaderView, vocabulary: Vocabulary) -> Iterable[Proposal]:
        closed = [
            each.record for each in view.everything("merge")
            if "no_automated_match" in each.handling.conditions and each.owner != AGENCY
        ]  # fmt: skip
        return [(closed[0], closed[-1], 1.0)]

    found = score_rehearsal(loaded[0], scenario, viewers=[AGENCY], proposer=careless)
    assert found.leaked == 2
    assert not found.reached


def test_a_suggestion_of_what_he_cannot_even_read_is_a_leak(
    loaded: tuple[Node, Loaded], scenario: NetworkScenario
) -> None:
    def invented(view: ReaderView, vocabulary: Vocabulary) -> Iterable[Proposal]:
        return [("0" * 32, "f" * 32, 1.0)]

    assert score_rehearsal(loaded[0], scenario, viewers=[SERBIA], proposer=invented).leaked > 0


def test_the_scenario_is_made_anew_from_what_the_folder_says(
    loaded: tuple[Node, Loaded], scenario: NetworkScenario, tmp_path: Path
) -> None:
    again = scenario_in(loaded[0].store.folder)
    assert list(again.records) == list(scenario.records)
    with pytest.raises(NotFound):
        scenario_in(tmp_path)


def test_a_node_that_holds_anything_is_refused(loaded: tuple[Node, Loaded], scenario: NetworkScenario) -> None:
    with pytest.raises(Conflict):
        load_networks(loaded[0], RehearsalClock("2025-01-06"), scenario, lambda done, of: None)
