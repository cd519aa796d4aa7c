"""What counts as found, as a false hit, as a pair and as a link, in the benchmark of matching."""

from __future__ import annotations

import polars
import pytest
from benchmarks.matching.linking import at_threshold, judge
from benchmarks.matching.pairs import area, average_precision, best_quality, quality
from benchmarks.matching.queries import Query
from benchmarks.matching.scoring import place_of_hit, score, threshold_at

NAMES = ["Ivan Petrov", "PETROV, Ivan", "Ivana Petrova", "Juan Pérez"]


def query(text: str, truth: int) -> Query:
    return Query(text=text, truth=truth, name=NAMES[truth], sort="typo1", kind="person")


def test_a_homonym_is_a_hit_and_another_name_is_not() -> None:
    assert place_of_hit([(2, 0.9), (1, 0.8)], 0, NAMES[0], NAMES.__getitem__) == 1
    assert place_of_hit([(3, 0.9), (2, 0.8)], 0, NAMES[0], NAMES.__getitem__) is None
    assert place_of_hit([], 0, NAMES[0], NAMES.__getitem__) is None


def test_the_threshold_keeps_the_share_of_all_questions_not_of_those_answered() -> None:
    assert threshold_at([0.9, 0.5, 0.7], 4, 0.5) == 0.7
    assert threshold_at([0.9, 0.5, 0.7], 4, 0.75) == 0.5
    assert threshold_at([0.9, 0.5, 0.7], 4, 0.8) is None


def test_false_hits_are_the_absent_at_or_above_the_threshold() -> None:
    queries = [query(f"q{number}", 0) for number in range(10)]
    answers = [[(0, 0.9 - number / 100)] for number in range(8)] + [[(3, 0.99), (0, 0.5)], []]
    absent = [[(2, 0.95)], [(2, 0.84)], [(2, 0.82)], []]
    made = score(queries, answers, absent, NAMES.__getitem__)
    assert made.at_1 == pytest.approx(0.8)
    assert made.at_10 == pytest.approx(0.9)
    assert made.thresholds[0.80] == pytest.approx(0.83)
    assert made.false == {0.70: 1, 0.80: 2, 0.90: None}
    assert made.by_class == {"typo1": (pytest.approx(0.8), pytest.approx(0.9), 10)}


def test_figures_of_pairs_are_those_of_the_definition() -> None:
    scores, same = [0.9, 0.8, 0.7, 0.6], [True, False, True, False]
    assert area(scores, same) == 0.75
    assert average_precision(scores, same) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert quality(scores, same, 0.8).f1 == pytest.approx(0.5)
    assert best_quality(scores, same).threshold == 0.7
    assert area([0.5, 0.5], [True, False]) == 0.5


def test_a_link_counts_once_and_only_with_the_best_partner() -> None:
    pairs = polars.DataFrame({"left": [0, 0, 1, 2], "right": [10, 11, 11, 12], "score": [0.9, 0.8, 0.7, 0.2]})
    truth = polars.DataFrame({"left": [0, 1, 3], "right": [10, 11, 13]})
    precision, recall, f1, threshold = judge(pairs, truth)
    assert (precision, recall, threshold) == (1.0, pytest.approx(2 / 3), 0.7)
    assert f1 == pytest.approx(0.8)
    assert at_threshold(pairs, truth, 0.1)[0] == pytest.approx(2 / 3)
    assert judge(pairs.clear(), truth) == (0.0, 0.0, 0.0, 0.0)
