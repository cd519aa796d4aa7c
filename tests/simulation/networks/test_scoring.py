"""The scorer: every figure against a case worked out by hand."""

from __future__ import annotations

import math

import pytest

from alidade.simulation.networks.scoring import (
    FALSE,
    Union,
    score_groups,
    score_leaks,
    score_links,
)


def _kind(record: int) -> str:
    return "Person" if record < 100 else "Phone"


def test_links_are_counted_as_far_as_the_list_stays_clean() -> None:
    planted = {(2 * place, 2 * place + 1): True for place in range(40)}
    proposals = [(one, other, 0.99) for one, other in list(planted)[:30]]
    proposals += [(0, 3, 0.8)]  # the first false one: 1 of 31 is under 5 %
    proposals += [(60, 61, 0.7)]
    proposals += [(1, 5, 0.6), (1, 7, 0.5)]  # now 3 of 34: too many
    proposals += [(62, 63, 0.4)]
    score = score_links(planted, proposals, lambda one, other: one // 2 == other // 2, _kind)
    assert (score.planted, score.found, score.false) == (40, 31, 1)
    assert score.first == 32
    assert score.ever == 32
    assert score.score == 0.7
    assert score.share == 31 / 40
    assert score.share_false < FALSE


def test_the_clean_part_may_go_on_after_a_bad_stretch() -> None:
    planted = {(2 * place, 2 * place + 1): True for place in range(40)}
    proposals = [(0, 3, 1.0), *((one, other, 0.9) for one, other in planted)]
    score = score_links(planted, proposals, lambda one, other: one // 2 == other // 2, _kind)
    assert (score.found, score.false) == (40, 1)


def test_right_pairs_that_are_not_planted_count_neither_way() -> None:
    score = score_links({(0, 1): True}, [(4, 5, 1.0), (0, 1, 0.9)], lambda one, other: one // 2 == other // 2, _kind)
    assert (score.found, score.false, score.first) == (1, 0, 1)


def test_what_cannot_be_found_is_counted_and_told_apart() -> None:
    planted = {(0, 1): True, (2, 3): False, (4, 5): True, (200, 201): True}
    score = score_links(planted, [(1, 0, 1.0), (2, 3, 0.9), (2, 3, 0.8)], lambda one, other: True, _kind)
    assert (score.planted, score.findable, score.found, score.found_of_findable) == (4, 3, 2, 1)
    assert score.share_of_findable == 1 / 3
    assert [(each.kind, each.planted, each.found) for each in score.kinds] == [("Person", 3, 2), ("Phone", 1, 0)]


def test_records_come_together_through_chains() -> None:
    planted = {(0, 1): True, (1, 2): True, (0, 2): True}
    score = score_links(planted, [(0, 1, 1.0), (1, 2, 1.0)], lambda one, other: True, _kind)
    assert (score.found, score.joined) == (2, 3)
    union = Union()
    union.join(5, 3)
    union.join(9, 5)
    assert union.root(9) == 3


def test_nothing_planted_and_nothing_proposed_is_no_error() -> None:
    score = score_links({}, [], lambda one, other: True, _kind)
    assert (score.share, score.share_false, score.first) == (1.0, 0.0, 0)


def test_likeness_of_the_same_division_is_one_and_of_an_unrelated_one_nought() -> None:
    truth = {person: person % 2 for person in range(8)}
    assert score_groups(truth, {person: "ab"[person % 2] for person in range(8)}).likeness == pytest.approx(1.0)
    assert score_groups(truth, {person: person // 4 for person in range(8)}).likeness == pytest.approx(0.0)


def test_likeness_as_worked_out_by_hand() -> None:
    # Four people in two networks; found: one whole network, the other split in two.
    truth = {0: "a", 1: "a", 2: "b", 3: "b"}
    score = score_groups(truth, {0: 1, 1: 1, 2: 2, 3: 3})
    entropy_of_truth, entropy_of_found = math.log(2), 1.5 * math.log(2)
    assert score.likeness == pytest.approx(2 * math.log(2) / (entropy_of_truth + entropy_of_found))
    assert score.precision == 1.0
    assert score.recall == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert (score.networks, score.groups) == (2, 3)


def test_who_is_in_no_group_stands_alone() -> None:
    score = score_groups({0: "a", 1: "a"}, {})
    assert (score.groups, score.precision, score.recall) == (2, 1.0, 0.5)


def test_leaks_and_what_is_withheld_are_counted() -> None:
    score = score_leaks("nl-police", {1, 2, 3}, {2, 3, 4, -1})
    assert (score.leaked, score.withheld) == (2, 1)
