"""Rehearsal: the invented case goes through the real use cases, and each asker gets what the truth demands."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest
from personas import Dice, Office, words

from alidade.model.errors import Conflict
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.services.rehearsal import RehearsalClock, ask_everything, load
from alidade.simulation.cocaine_route import cocaine_route


def test_the_clock_goes_to_a_day_and_never_back() -> None:
    clock = RehearsalClock("2026-03-01")
    first = clock.now()
    assert first.date().isoformat() == "2026-03-01"
    assert clock.now() > first
    clock.move_to("2026-03-05")
    assert clock.now() == datetime(2026, 3, 5, 8, 0, 1, tzinfo=UTC)
    clock.move_to("2026-03-02")
    assert clock.now() == datetime(2026, 3, 5, 8, 0, 2, tzinfo=UTC)


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.full)])
def test_every_asker_gets_the_answer_that_truth_and_rules_demand(tmp_path: Path, step: int) -> None:
    scenario = cocaine_route()
    scenario = dataclasses.replace(scenario, questions=scenario.questions[::step])
    clock = RehearsalClock("2020-01-01")
    node = Node.open(tmp_path, clock=clock, randomness=Dice(7), vocabulary=words())
    steps: list[tuple[int, int]] = []
    try:
        loaded = load(node, clock, scenario, lambda done, of: steps.append((done, of)))
        assert loaded.authorities == len(scenario.authorities)
        assert steps[-1] == (loaded.contributions, loaded.contributions)
        told = list(ask_everything(node, scenario))
        assert len(told) == len(scenario.questions) * len(scenario.askers)
        assert [(t.question, t.asker.authority, t.answer.kind, t.expected) for t in told if not t.right] == []
        kinds = {t.answer.kind for t in told}
        assert len(kinds) >= 2
        if step == 1:
            assert kinds == {"hit", "hit_without_content", "no_hit"}
            assert any(t.why for t in told if t.answer.kind == "no_hit")
        assert any(t.why for t in told if t.answer.kind == "hit_without_content")
        assert verify_ledger(node).problems == ()
        with pytest.raises(Conflict):
            load(node, clock, scenario, lambda done, of: None)
    finally:
        node.close()


def test_a_node_that_holds_anything_takes_no_rehearsal(office: Office) -> None:
    with pytest.raises(Conflict) as refused:
        load(office.node, RehearsalClock("2026-01-01"), cocaine_route(), lambda done, of: None)
    assert refused.value.code == "not_empty"
