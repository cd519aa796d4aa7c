"""Layout: the same places for the same chart, what stands stays, nothing lies on anything else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from alidade.network.layout import SPACING, place


def _tree(count: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(5)
    target = np.arange(1, count)
    return (target * chance.random(count - 1)).astype(np.int64), target


def test_the_same_chart_has_the_same_places() -> None:
    source, target = _tree(200)

    assert np.array_equal(place(200, source, target), place(200, source, target))


def test_what_stands_stays_and_the_new_comes_beside_what_it_is_tied_to() -> None:
    source, target = _tree(60)
    first = place(60, source, target)
    given = np.vstack([first, [[np.nan, np.nan]] * 2])

    found = place(62, np.append(source, [7, 60]), np.append(target, [60, 61]), given=given)

    assert np.array_equal(found[:60], first)
    assert np.linalg.norm(found[60] - first[7]) < 4 * SPACING
    assert np.linalg.norm(found[61] - found[60]) < 4 * SPACING


def test_new_parts_stand_below_what_stands() -> None:
    given = np.array([[0.0, 0.0], [100.0, 50.0], [np.nan, np.nan], [np.nan, np.nan]])

    found = place(4, np.array([0, 2]), np.array([1, 3]), given=given)

    assert found[2:, 1].min() > 50.0


@pytest.mark.parametrize("count", [1, 2, 3, 40, 400])
def test_no_thing_lies_on_another(count: int) -> None:
    source, target = _tree(count)

    found = place(count, source, target)

    assert not np.isnan(found).any()
    if count > 1:
        assert cKDTree(found).query(found, 2)[0][:, 1].min() > 5


def test_parallel_ties_loops_and_nothing_at_all() -> None:
    assert place(0, np.array([], dtype=int), np.array([], dtype=int)).shape == (0, 2)
    found = place(3, np.array([0, 0, 1, 2]), np.array([1, 1, 0, 2]))
    assert not np.isnan(found).any()


def test_a_star_has_its_stem_in_the_middle() -> None:
    leaves = np.arange(1, 30)

    found = place(30, np.zeros(29, dtype=np.int64), leaves)

    assert np.linalg.norm(found[0] - found[1:].mean(axis=0)) < SPACING
