"""Thresholds: in the order of their uses, with a measurement that is whole or says that it is missing."""

from __future__ import annotations

from datetime import date

from alidade.matching.thresholds import THRESHOLDS, USES, threshold_for


def test_each_use_has_a_threshold_and_they_stand_in_order() -> None:
    assert set(THRESHOLDS.uses) == set(USES)
    order = [threshold_for(use).threshold for use in ("must_not_miss", "usual", "must_be_sure")]
    assert 0 < order[0] < order[1] < order[2] < 1


def test_a_higher_threshold_finds_less_and_errs_less() -> None:
    low, high = threshold_for("must_not_miss"), threshold_for("must_be_sure")
    assert low.recall > high.recall
    assert low.false_hits_per_1000 > high.false_hits_per_1000


def test_the_sure_use_errs_as_seldom_as_its_sentence_says() -> None:
    sure = threshold_for("must_be_sure")
    assert sure.recall >= 0.8
    assert sure.false_hits_per_1000 <= 30


def test_each_measurement_says_when_on_what_and_by_which_command() -> None:
    for use in USES:
        found = threshold_for(use)
        assert date.fromisoformat(found.measured_on) <= date(2100, 1, 1)
        assert found.register_size > 0
        assert found.command
        assert 0 <= found.recall <= 1
        assert 0 <= found.false_hits_per_1000 <= 1000
