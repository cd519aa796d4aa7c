"""Network rehearsal: load a generated scenario into a node through the real use cases, and find it again there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from alidade.model.errors import NotFound
from alidade.services.acting import act_as
from alidade.services.contribute import Giving, contribute
from alidade.services.node import Node
from alidade.services.rehearsal import Loaded, RehearsalClock, enter_everybody
from alidade.simulation.networks import NetworkScenario, generate, parameters
from alidade.simulation.networks.scenario import REGISTER

PURPOSE: Final = "18.2.a"
_FILE: Final = "rehearsal.json"


def load_networks(
    node: Node, clock: RehearsalClock, scenario: NetworkScenario, progress: Callable[[int, int], None]
) -> Loaded:
    """Enter everybody, then every contribution on its day in the name of its authority, as it would be given.

    Raises Conflict where the node already holds anything.
    """
    enter_everybody(node, scenario.authorities, scenario.agreements)
    givers = {seed.authority.id: act_as(node, seed.officers[0].id, purpose=PURPOSE) for seed in scenario.authorities}
    statements = quarantined = contributions = 0
    for seed in scenario.contributions():
        clock.move_to(seed.day)
        giving = Giving(
            title=seed.title,
            drafts=seed.drafts,
            handlings=seed.handlings,
            scheme=seed.scheme,
            source_list=REGISTER,
        )
        outcome = contribute(node, givers[seed.authority], giving)
        statements += outcome.statements
        quarantined += outcome.quarantined
        contributions += 1
        progress(contributions, len(scenario))
    clock.move_to(scenario.today)
    content = {**parameters(scenario), "today": scenario.today}
    (node.store.folder / _FILE).write_bytes(msgspec.json.encode(content))
    return Loaded(
        authorities=len(scenario.authorities),
        contributions=contributions,
        statements=statements,
        quarantined=quarantined,
    )


def scenario_in(folder: Path) -> NetworkScenario:
    """The scenario that was loaded into the node in this folder, made anew. Raises NotFound where there is none."""
    try:
        content = msgspec.json.decode((folder / _FILE).read_bytes())
    except FileNotFoundError:
        raise NotFound(
            "There is no rehearsal in this folder.", remedy="Make one: alidade rehearsal make FOLDER."
        ) from None
    return generate(content["authorities"], content["records"], content["seed"])
