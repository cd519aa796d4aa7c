"""The same seed, the same run; what a seed brings; how runs are told and made smaller."""

from __future__ import annotations

from dataclasses import replace

import pytest
from broken_parts import VARIANTS

from alidade.simulation.federation import plan_of, simulate
from alidade.simulation.federation.__main__ import main
from alidade.simulation.federation.shrinking import shrink
from alidade.simulation.federation.world import World


@pytest.mark.parametrize("seed", [1, 8])
def test_a_seed_gives_the_same_run_again(seed: int) -> None:
    one, again = simulate(seed, keep_trace=True), simulate(seed, keep_trace=True)
    assert (one.digest, one.events, one.lines) == (again.digest, again.events, again.lines)
    assert one.digest != simulate(seed + 1).digest


def test_stand_ins_change_nothing_that_is_seen() -> None:
    """The same seed, with real sealing and signing, takes the same course."""
    for seed in (1, 2, 3):
        assert simulate(seed, real=True).digest == simulate(seed, real=False).digest


def test_the_seeds_bring_every_trouble() -> None:
    plans = [plan_of(seed) for seed in range(60)]
    kinds = {act.kind for plan in plans for act in plan.acts}
    assert kinds == {
        "open", "step", "give", "erase", "answer", "file", "part", "crash", "clock", "rotate", "old_manifest",
        "destroy", "steal", "revoke", "forge", "poison", "lie", "flood", "rewrite", "backup", "restore",
    }  # fmt: skip
    assert {mode for plan in plans for mode in plan.modes.values()} == {"push", "relay", "folder"}
    assert {len(plan.nodes) for plan in plans} == {3, 4, 5}
    assert any(plan.closed for plan in plans)
    assert any(len(plan.hosts) > len(plan.nodes) for plan in plans)
    assert any(plan.real for plan in plans)
    assert {max(map(abs, plan.skews.values())) // 1_000_000 for plan in plans} >= {1, 86_000}


def test_a_failing_run_is_made_smaller() -> None:
    variant = VARIANTS["fold as they came"]
    plan = plan_of(variant.seed)
    small = shrink(plan, variant.parts, tries=40)
    assert len(small.acts) < len(plan.acts)
    assert World(small, variant.parts).run().broken.startswith(variant.finding)
    assert World(replace(plan, acts=()), variant.parts).run().broken == ""


def test_the_command_tells_how_it_went(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", "3", "--seeds", "2"]) == 0
    assert capsys.readouterr().out.endswith("0 with a broken promise\n")
    assert main(["--seed", "3", "--trace"]) == 0
    assert "every promise kept" in capsys.readouterr().out


def test_the_command_names_seeds_that_fail(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    variant = VARIANTS["no back-off"]
    for place, attribute, instead in variant.patches:
        monkeypatch.setattr(place, attribute, instead)
    assert main(["--from", str(variant.seed), "--seeds", "1"]) == 1
    assert f"seed {variant.seed}: sent too often" in capsys.readouterr().out
    assert main(["--seed", str(variant.seed)]) == 1
    assert "with as few acts as fail alike" in capsys.readouterr().out
