"""A node that is put back to an older backup: what it acknowledged since then is asked for again by its gaps.

Only a node that said nothing of its own since the backup can be put back without harm to the order of what it sends,
and only ordered messages show a gap; where either does not hold, the act is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alidade.simulation.federation.plan import Act

if TYPE_CHECKING:
    from alidade.simulation.federation.world import World


def backup(world: World, act: Act) -> None:
    """Keep an image of every disk of the node, and the length of its log."""
    node = world.nodes[act.who]
    images = {name: party.disk.image() for name, party in node.parties.items()}
    world.backups[act.who] = images, len(node.log.leaves)


def restore(world: World, act: Act) -> None:
    """Put the node back."""
    node = world.nodes[act.who]
    images, size = world.backups.get(act.who, ({}, 0))
    for name, party in node.parties.items():
        since = party.disk.room.applied[len(images[name][1].applied) :] if images else []
        said = not images or party.disk.store.copy()["_sequences"] != images[name][0]["_sequences"]
        if said or any(not each.sequence for each in since):
            world.say("not restored")
            return
    for name, party in node.parties.items():
        party.disk.back(images[name])
        party.memory = party.crypto.memory()
        world.truth.restored(party)
    node.log.rewrite(size, ["restored from a backup"])
    world.truth.rewritten(node)
    world.say("restored", node.name)
    if node.up:
        node.stir()
