"""What a node does with what it was given: keep steps and things, erase, answer, confirm the first step of a thread."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from alidade.exchange.content import Chunk, Content, Erasure, WithItems, kind_of, read_order
from alidade.exchange.content import Step as StepContent
from alidade.exchange.delivery import Exchange
from alidade.exchange.verdict import Delivery
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.procedures import Course, Definition, Step, decode_step, load_catalogue, step_bytes
from alidade.simulation.federation.chance import Chance
from alidade.simulation.federation.disk import Applied
from alidade.simulation.federation.party import Party

if TYPE_CHECKING:
    from alidade.simulation.federation.world import World


class CannotApply(Exception):
    """A message is authentic and makes no sense: it is to be set aside."""

    def __init__(self, message_id: str, reason: str) -> None:
        super().__init__(reason)
        self.message_id = message_id
        self.reason = reason


@lru_cache(maxsize=1)
def definitions() -> dict[str, Definition]:
    """The procedures of the product, by code."""
    catalogue = load_catalogue()
    return {each.code: each for each in catalogue.all_newest()}


def apply(world: World, party: Party, exchange: Exchange, delivery: Delivery) -> None:
    """Let one delivery take effect, in the open transaction; CannotApply where it makes no sense."""
    content, room = delivery.content, party.disk.room
    names: tuple[str, ...] = ()
    if isinstance(content, WithItems):
        names = tuple(item.name for item in content.items if item.name not in delivery.erased)
    if isinstance(content, StepContent):
        for item in content.items:
            _keep_step(world, party, exchange, delivery, item.body)
    elif isinstance(content, Erasure):
        _erase(world, party, exchange, delivery, content)
    elif isinstance(content, WithItems):
        for item in content.items:
            if item.name in names:
                room.things[item.name] = item.body
    elif isinstance(content, Chunk):
        room.pieces[content.attachment, content.index] = delivery.blob
    room.applied.append(
        Applied(delivery.sender, delivery.message_id, delivery.kind, delivery.thread, delivery.sequence, names)
    )


def _keep_step(world: World, party: Party, exchange: Exchange, delivery: Delivery, body: bytes) -> None:
    room = party.disk.room
    try:
        step = decode_step(body)
    except Invalid:
        raise CannotApply(delivery.message_id, "unreadable") from None
    if step.author != delivery.sender or step.thread != delivery.thread:
        raise CannotApply(delivery.message_id, "not_its_author")
    kept = room.steps.get(step.thread, ())
    if step not in kept:
        room.steps[step.thread] = (*kept, step)
    if step.code == "open" and not any(each.author == party.id and each.code == "received" for each in kept):
        take_step(world, party, exchange, step.thread, "received")


def _erase(world: World, party: Party, exchange: Exchange, delivery: Delivery, content: Erasure) -> None:
    room = party.disk.room
    for item in content.items:
        chance = Chance("erasure", world.plan.seed, party.id, item.name)
        drawn = chance.below(100)
        names = [f"{item.owner}/{target}" for target in read_order(item).targets]
        if drawn < 20:
            for name in names:
                room.kept[name] = item.name
        else:
            for name in names:
                room.things.pop(name, None)
        if drawn < 80:
            exchange.answer_erasure(delivery.sender, item.name, because="needed as evidence" if drawn < 20 else "")


def course(world: World, party: Party, thread: str) -> Course | None:
    """Where a thread stands, as this authority knows it; None before its first step is here."""
    steps = party.disk.room.steps.get(thread, ())
    opened = next((each.opened for each in steps if each.opened is not None), None)
    if opened is None:
        return None
    return world.parts.fold(definitions()[opened.procedure], steps)


def take_step(
    world: World, party: Party, exchange: Exchange, thread: str, code: str, *, reason: str | None = None
) -> None:
    """Write the next step of this authority and send it to all other parties, in the open transaction."""
    found = course(world, party, thread)
    if found is None or found.opened is None:
        return
    step = Step(
        thread=thread,
        author=party.id,
        number=found.next_number(party.id),
        seen=found.seen_by(party.id),
        code=code,
        at=world.step_time(party),
        officer="o1",
        approved_by="o2",
        reason=reason,
        note="words",
    )
    others = [AuthorityId(name) for name in sorted(found.parties) if name != party.id]
    keep_and_post(world, party, exchange, step, others)


def keep_and_post(world: World, party: Party, exchange: Exchange, step: Step, others: list[AuthorityId]) -> None:
    """Keep an own step and put it into the outbox."""
    room = party.disk.room
    room.steps[step.thread] = (*room.steps.get(step.thread, ()), step)
    item = party.item("step", f"{step.thread}/{step.number}", step_bytes(step))
    post(world, party, exchange, others, StepContent(items=(item,)), step.thread)


def post(
    world: World,
    party: Party,
    exchange: Exchange,
    others: list[AuthorityId],
    content: Content,
    thread: str = "",
    blob: bytes = b"",
    *,
    poison: bool = False,
) -> None:
    """Put a content into the outbox and tell the truth keeper, who believes it once it is committed."""
    posted = exchange.post(others, content, thread=thread, blob=blob)
    for recipient, message_id in posted.items():
        row = party.disk.store.outbox(recipient, message_id)
        if row is not None:
            world.truth.announce(party, row, content, kind_of(content), poison=poison)
