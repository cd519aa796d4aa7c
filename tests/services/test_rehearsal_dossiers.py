"""The rehearsal of networks keeps what it says, in an invented scenario, and others see what they may."""

from __future__ import annotations

from pathlib import Path

from personas import Dice

from alidade.model.ids import OfficerId
from alidade.services.acting import act_as
from alidade.services.node import Node
from alidade.services.picture.dossiers import list_dossiers
from alidade.services.picture.mappings_compared import compare_mappings
from alidade.services.rehearsal import RehearsalClock, load
from alidade.services.rehearsal_dossiers import rehearse_dossiers
from alidade.simulation import cocaine_route


def test_no_page_of_the_room_is_empty(tmp_path: Path) -> None:
    scenario = cocaine_route()
    clock = RehearsalClock(min(seed.day for seed in scenario.contributions))
    node = Node.open(tmp_path / "node", clock=clock, randomness=Dice("dossiers"))
    try:
        load(node, clock, scenario, lambda done, of: None)
        made = rehearse_dossiers(node)
        actor = act_as(node, OfficerId("nl-police/analyst"), purpose="18.2.a")
        found = {each.piece: each for each in list_dossiers(node, actor)}
        assert found[made.network].members > 2
        assert {each.kind for each in compare_mappings(node, actor, "2024", "2026").fates} <= {
            "continue", "grow", "shrink", "split", "succeed", "dissolve", "born",
        }  # fmt: skip
        other = act_as(node, OfficerId("pt-judicial/analyst"), purpose="18.2.a")
        theirs = {each.piece: each for each in list_dossiers(node, other)}
        assert theirs[made.network].members <= found[made.network].members
    finally:
        node.close()
