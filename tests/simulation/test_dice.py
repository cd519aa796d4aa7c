from __future__ import annotations

from alidade.simulation.dice import Dice


def test_falls_the_same_way_for_the_same_seed() -> None:
    first, second = Dice(7), Dice(7)
    assert [first.below(100) for _ in range(20)] == [second.below(100) for _ in range(20)]
    # Written down so that a change of the method does not pass unseen.
    assert [Dice(7).below(1000), Dice(8).below(1000)] != [Dice(9).below(1000), Dice(10).below(1000)]


def test_shuffle_keeps_every_value_once() -> None:
    assert sorted(Dice(1).shuffled(range(50))) == list(range(50))
    assert Dice(1).shuffled(range(50)) != list(range(50))


def test_every_value_comes_up() -> None:
    dice = Dice(3)
    assert {dice.one_of("abc") for _ in range(100)} == set("abc")
