"""From a picture of people and things to people alone."""

from __future__ import annotations

import math

import pytest

from alidade.simulation.networks.dealings import people_of


def test_people_are_tied_through_what_few_of_them_share() -> None:
    kinds = {0: "Person", 1: "Person", 2: "Person", 3: "Phone", 4: "Phone", 5: "Company", 6: "Port", 7: "Person"}
    ties = [(0, 3), (1, 4), (3, 4), (1, 5), (2, 5), *((person, 6) for person in (0, 1, 2, 7)), (7, 7)]
    weights = people_of(kinds, ties, most=3)
    assert set(weights) == {(0, 1), (1, 2)}
    assert weights[1, 2] == 1.0
    assert people_of(kinds, [(0, 1), (0, 1)])[0, 1] == pytest.approx(1 + math.log(2))
