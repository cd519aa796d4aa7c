"""The end of a run: persons take care of what was set aside, and everything must come to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from alidade.exchange.content import Content, Directory, WithItems
from alidade.model.ids import AuthorityId
from alidade.simulation.federation.applying import course, post, take_step
from alidade.simulation.federation.ending import unnoticed
from alidade.simulation.federation.node import Node
from alidade.simulation.federation.party import Party

if TYPE_CHECKING:
    from alidade.simulation.federation.world import World


def settled(world: World) -> bool:
    """Whether nothing is on its way any more, and every order to erase is answered or late."""
    for party in world.parties.values():
        store, now = party.disk.store, world.now_at(party.node)
        if world.truth.queued(party) or store.parked():
            return False
        late = len(store.open_duties(now))
        if any(duty.due_at > now for duty in store.open_duties(now.replace(year=now.year + 10))[late:]):
            return False
    return world.truth.all_arrived() and not any(unnoticed(world.truth))


def close(world: World) -> None:
    """After the healing, and some times again: last words in each thread once, then care for what is parked."""
    first, world.closed = not world.closed, True
    for node in world.nodes.values():
        if node.up:
            world.guard(node, lambda node=node: _close(world, node, first))  # type: ignore[misc]
            node.stir()


def _close(world: World, node: Node, first: bool) -> None:
    for party in node.parties.values():
        if first:
            _last_words(world, node, party)
        _care(world, node, party)


def _last_words(world: World, node: Node, party: Party) -> None:
    """One more message in every place, so that whoever was put back to a backup sees what it misses."""
    with node.transaction(party) as work:
        for thread in sorted(party.disk.room.steps):
            found = course(world, party, thread)
            if found is not None and party.id in found.parties:
                take_step(world, party, work.exchange, thread, "message")
        if not any(act.kind == "restore" for act in world.plan.acts):
            return
        places = {(each.recipient, each.thread) for each in world.truth.posts_of(party) if each.sequence}
        for recipient, thread in sorted(places):
            if thread not in party.disk.room.steps:
                name = party.fresh("last")
                content = Directory(items=(party.item("directory", name, b"last"),))
                post(world, party, work.exchange, [AuthorityId(recipient)], content, thread)


def _care(world: World, node: Node, party: Party) -> None:
    """Withdraw what a peer set aside; what was not nonsense is signed anew and sent again."""
    with node.transaction(party) as work:
        for each in world.truth.posts_of(party):
            row = party.disk.store.outbox(AuthorityId(each.recipient), each.message_id)
            if row is None or row.disposition != "parked" or row.state == "voided":
                continue
            if each.poison and world.plan.seed % 3 == 0:
                continue  # its recipient gives it up by himself
            work.exchange.withdraw(row.recipient, row.message_id)
            if not each.poison:
                world.say("again", party.id, row.recipient, row.kind)
                post_again = _renewed(world, party, each.kind, each.content)
                if post_again is not None:
                    post(world, party, work.exchange, [row.recipient], post_again, row.thread)
    for parked in party.disk.store.parked():
        sent = world.parties[parked.sender].disk.store.outbox(party.id, parked.message_id)
        taken_back = not parked.sequence and sent is not None and sent.state == "voided"
        if taken_back or (world.truth.is_poison(parked.message_id) and world.plan.seed % 3 == 0):
            node.decide(party, parked)


def _renewed(world: World, party: Party, kind: str, content: Content) -> Content | None:
    """The same, signed with the key in use now, without what was erased meanwhile."""
    if not isinstance(content, WithItems):
        return content
    left = tuple(
        party.item(kind, item.id, item.body) for item in content.items if not world.truth.is_erased((item.name,))
    )
    return msgspec.structs.replace(content, items=left) if left else None
