"""The federation keeps every promise, in every seed; the command of the package runs as many as are wanted."""

from __future__ import annotations

import pytest

from alidade.simulation.federation import simulate

SEEDS = 500
PORTIONS = 20  # so that two processes share them


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_every_promise_is_kept(portion: int) -> None:
    size = SEEDS // PORTIONS
    broken = {
        seed: outcome.broken
        for seed in range(portion * size, (portion + 1) * size)
        if (outcome := simulate(seed)).broken
    }
    assert broken == {}, "tell one with: python -m alidade.simulation.federation --seed N --trace"
