"""The test of the simulator: whatever rule of the exchange is broken, it notices within twenty seeds."""

from __future__ import annotations

import pytest
from broken_parts import VARIANTS, Variant

from alidade.simulation.federation import simulate

WITHIN = 20


def found(variant: Variant) -> str:
    """What is noticed, on the seed that is listed or else on the first one that does."""
    for seed in (variant.seed, *range(WITHIN)):
        broken = simulate(seed, variant.parts).broken
        if broken.startswith(variant.finding):
            return broken
    return ""


@pytest.mark.parametrize("name", VARIANTS)
def test_a_broken_rule_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    variant = VARIANTS[name]
    assert variant.seed < WITHIN
    assert simulate(variant.seed).broken == ""
    for place, attribute, instead in variant.patches:
        monkeypatch.setattr(place, attribute, instead)
    assert found(variant) != ""
