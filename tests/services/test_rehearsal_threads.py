"""The rehearsal of the exchange: every state that an inbox can show is there, through the real use cases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from personas import Dice, words

from alidade.services.acting import act_as
from alidade.services.node import Node
from alidade.services.rehearsal import RehearsalClock, load
from alidade.services.rehearsal_threads import rehearse_threads
from alidade.services.threads.drafts import drafts_of
from alidade.services.threads.inbox import inbox
from alidade.services.threads.reading import read_thread
from alidade.simulation import cocaine_route


def test_the_inbox_of_the_rehearsal_shows_every_state(tmp_path: Path) -> None:
    scenario = cocaine_route()
    clock = RehearsalClock(min(seed.day for seed in scenario.contributions))
    node = Node.open(tmp_path / "node", clock=clock, randomness=Dice("threads"), vocabulary=words())
    load(node, clock, scenario, lambda done, total: None)
    now = clock.now() + timedelta(days=1)
    made = rehearse_threads(node, clock, scenario, now)
    clock.set_to(now)
    officer = act_as(node, "nl-police/liaison", purpose="18.2.a", case="INV-2026-0412")  # type: ignore[arg-type]
    lines = {line.reference: line for line in inbox(node, officer, "all").lines}
    assert next(iter(lines)) == made.overdue
    assert lines[made.overdue].overdue
    urgent = lines[made.urgent].sign
    assert urgent is not None
    assert urgent.share is not None
    assert urgent.share < 0.2
    paused = lines[made.suspended].sign
    assert paused is not None
    assert paused.phase == "suspended"
    assert lines[made.answered].state == "answered"
    assert [line.reference for line in inbox(node, officer, "awaited").lines] == [made.follow_up]
    assert any(step.translations for step in read_thread(node, officer, made.translated).steps)
    (waiting,) = (each for each in drafts_of(node, officer) if each.may_approve)
    assert waiting.thread == made.waiting
    assert lines[made.waiting].others == ("es-gendarmerie",)
    node.close()
