"""What officers do, and what befalls nodes: each act of the plan, carried out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from alidade.exchange.attachment import chunks
from alidade.exchange.content import Content, Contribution, Directory, Erasure, ErasureOrder, Release
from alidade.exchange.content import Step as StepContent
from alidade.exchange.layout import moment_text
from alidade.model.canonical import canonical_bytes
from alidade.model.ids import AuthorityId
from alidade.procedures import COPY, Opened, Step
from alidade.simulation.federation.applying import course, definitions, keep_and_post, post, take_step
from alidade.simulation.federation.attacking import ATTACKS
from alidade.simulation.federation.plan import Act
from alidade.simulation.federation.restoring import backup, restore

if TYPE_CHECKING:
    from alidade.simulation.federation.world import World

_DAY_SECONDS: Final = 86_000


def perform(world: World, act: Act) -> None:
    """Carry out one act of the plan; what cannot be done now is left out and stands so in the trace."""
    node = world.nodes[world.plan.hosts.get(act.who, act.who)]
    world.say("act", str(act))
    work = _HARDWARE.get(act.kind)
    if work is not None:
        work(world, act)
    elif node.up:
        world.guard(node, lambda: _ACTS[act.kind](world, act))
        node.stir()
    else:
        world.say("nobody there")


def _open(world: World, act: Act) -> None:
    party, definition = world.parties[act.who], definitions()[act.code]
    thread = party.fresh(f"{act.who}-t")
    mine = definition.opening.by[0]
    theirs = next(role.code for role in definition.roles if role.code != mine)
    parties = {party.id: mine} | {
        world.parties[name].id: (COPY if place else theirs) for place, name in enumerate(act.others)
    }
    opened = Opened(procedure=definition.code, version=definition.version, parties=parties, title="a title")
    step = Step(
        thread=thread, author=party.id, number=1, seen={}, code="open", at=world.step_time(party), officer="o1",
        approved_by="o2", opened=opened,
    )  # fmt: skip
    with world.nodes[party.node].transaction(party) as work:
        keep_and_post(world, party, work.exchange, step, [world.parties[name].id for name in act.others])


def _step(world: World, act: Act) -> None:
    party = world.parties[act.who]
    known = sorted(party.disk.room.steps)
    thread = known[act.pick % len(known)] if known else ""
    found = course(world, party, thread) if known else None
    role = None if found is None else found.parties.get(party.id)
    if found is None or role is None or found.state is None:
        world.say("no thread")
        return
    choices = [(each.code, each.reason_required) for each in found.allowed(role)] * 3
    choices += [(code, False) for code in found.allowed_built_in(role)]
    code, needs_reason = choices[act.pick // 7 % len(choices)] if choices else ("message", False)
    closed = found.definition.reasons_of(code) or ()
    reason = (closed[0].code if closed else "other") if needs_reason else None
    with world.nodes[party.node].transaction(party) as work:
        take_step(world, party, work.exchange, thread, code, reason=reason)


_GIVEN: Final[Mapping[str, Callable[..., Content]]] = {
    "contribution": Contribution, "release": Release, "directory": Directory,
}  # fmt: skip


def _give(world: World, act: Act) -> None:
    party = world.parties[act.who]
    names = [party.fresh("thing") for _ in range(1 + act.pick % 2)]
    items = tuple(party.item(act.code, name, name.encode()) for name in names)
    with world.nodes[party.node].transaction(party) as work:
        others = [world.parties[name].id for name in act.others]
        post(world, party, work.exchange, others, _GIVEN[act.code](items=items), f"gifts-{act.pick % 3}")


def _erase(world: World, act: Act) -> None:
    party = world.parties[act.who]
    given = [each for each in world.truth.posts_of(party) if each.is_given and not world.truth.is_erased(each.items)]
    if not given:
        world.say("nothing to erase")
        return
    target = given[-1 - act.pick % min(2, len(given))]
    holders = sorted({each.recipient for each in given if set(each.items) & set(target.items)})
    names = target.items[:1] if act.pick % 3 else target.items  # what else came with it stays, and is sent on
    ids = tuple(name.partition("/")[2] for name in names)
    body = canonical_bytes(ErasureOrder(targets=ids, ground="court_order", at=moment_text(world.now_at(party.node))))
    order = party.item("erasure", party.fresh("order"), body)
    with world.nodes[party.node].transaction(party) as work:
        post(world, party, work.exchange, [AuthorityId(name) for name in holders], Erasure(items=(order,)))


def _answer(world: World, act: Act) -> None:
    """An officer looks at the orders to erase that are still open."""
    party = world.parties[act.who]
    with world.nodes[party.node].transaction(party) as work:
        for order in sorted(world.truth.orders):
            for peer in world.parties.values():
                duty = party.disk.store.duty("owed", order, peer.id)
                if duty is not None and not duty.answer:
                    kept = order in party.disk.room.kept.values()
                    work.exchange.answer_erasure(peer.id, order, because="still needed" if kept else "")


def _file(world: World, act: Act) -> None:
    party = world.parties[act.who]
    content = hashlib.sha256(party.fresh("file").encode()).digest() * 20
    with world.nodes[party.node].transaction(party) as work:
        for chunk, blob in chunks(content):
            others = [world.parties[name].id for name in act.others]
            post(world, party, work.exchange, others, chunk, blob=blob)


def _rotate(world: World, act: Act) -> None:
    party = world.parties[act.who]
    paper = party.next_paper()
    with world.nodes[party.node].transaction(party) as work:
        work.exchange.publish(paper.raw)
        work.after.append(lambda: party.take_paper(paper))
        work.after.append(lambda: world.truth.published(party))


def _destroy(world: World, act: Act) -> None:
    party = world.parties[act.who]
    for paper in party.papers[:-1]:
        for entry in paper.manifest.sealing:
            party.keys.destroy(entry.id)
            world.truth.destroyed(party, entry.id)


def _poison(world: World, act: Act) -> None:
    """A message that is authentic and makes no sense."""
    party, other = world.parties[act.who], world.parties[act.others[0]]
    shared = sorted(name for name in party.disk.room.steps if name in other.disk.room.steps)
    item = party.item("step", party.fresh("nonsense"), b"nonsense")
    with world.nodes[party.node].transaction(party) as work:
        thread = shared[0] if shared else "gifts-0"
        post(world, party, work.exchange, [other.id], StepContent(items=(item,)), thread, poison=True)


# hardware ----------------------------------------------------------------------------------------------------
def _part(world: World, act: Act) -> None:
    cut = frozenset((act.who, *act.others))
    world.network.part(cut)
    world.later(act.lasts, "join", "all", cut)


def _crash(world: World, act: Act) -> None:
    node = world.nodes[act.who]
    node.armed = (act.code, act.pick)
    node.down_for = act.lasts


def _clock(world: World, act: Act) -> None:
    was = world.skews[act.who]
    sign = -1 if was < 0 else 1
    most = _DAY_SECONDS * 1_000_000
    world.skews[act.who] = sign * min(most, max(0, sign * (was + act.pick)))


_HARDWARE: Final[Mapping[str, Callable[[World, Act], None]]] = {
    "part": _part, "crash": _crash, "clock": _clock, "backup": backup, "restore": restore,
}  # fmt: skip
_ACTS: Final[Mapping[str, Callable[[World, Act], None]]] = {
    "open": _open, "step": _step, "give": _give, "erase": _erase, "answer": _answer, "file": _file,
    "rotate": _rotate, "destroy": _destroy, "poison": _poison, **ATTACKS,
}  # fmt: skip
