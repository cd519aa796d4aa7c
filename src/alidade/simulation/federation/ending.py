"""What must hold when all troubles are over; each rule gives a sentence where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from alidade.model.ids import AuthorityId
from alidade.simulation.federation.applying import course

if TYPE_CHECKING:
    from alidade.simulation.federation.truth import Truth

_NOTICED: Final = frozenset({"log_forked", "log_rolled_back", "log_silent", "promise_broken"})


def check_end(truth: Truth) -> str:
    """The first promise that was not kept, or nothing."""
    return next((wrong for rule in _RULES for wrong in rule(truth)), "")


def _all_arrived(truth: Truth) -> Iterator[str]:
    for post in truth.posts.values():
        if not truth.arrived(post):
            yield f"lost: {post.kind} {post.sequence} of {post.thread} from {post.sender} to {post.recipient}"


def _all_applied(truth: Truth) -> Iterator[str]:
    """What the inbox says was applied was really applied."""
    for post in truth.posts.values():
        party = truth.world.parties[post.recipient]
        row = party.disk.store.inbox(AuthorityId(post.sender), post.message_id)
        applied = any(each.message_id == post.message_id for each in party.disk.room.applied)
        if row is not None and row.state == "applied" and row.kind != "manifest" and not applied:
            yield f"never took effect: {post.kind} from {post.sender} to {post.recipient}"


def _drained(truth: Truth) -> Iterator[str]:
    for party in truth.world.parties.values():
        for row in truth.queued(party):
            yield f"still queued: {row.kind} from {party.id} to {row.recipient}"
        for parked in party.disk.store.parked():
            if parked.message_id not in truth.forged:
                yield f"still parked: {parked.kind} from {parked.sender} at {party.id}: {parked.reason}"


def _same_courses(truth: Truth) -> Iterator[str]:
    world = truth.world
    threads = sorted({thread for party in world.parties.values() for thread in party.disk.room.steps})
    for thread in threads:
        found = {}
        for party in world.parties.values():
            known = course(world, party, thread)
            if known is not None and party.id in known.parties:
                found[party.id] = known
        first = next(iter(found.values()), None)
        if first is None:
            continue
        if set(found) != {name for name in first.parties if name in world.parties}:
            yield f"a party does not know its thread: {thread}"
        for name, known in found.items():
            if known.missing:
                yield f"steps are missing: {thread} at {name}"
            same = (known.state, known.steps, known.facts, known.effects, known.clocks, known.parties)
            if same != (first.state, first.steps, first.facts, first.effects, first.clocks, first.parties):
                yield f"two courses of one thread: {thread} at {name}"


def _erased(truth: Truth) -> Iterator[str]:
    world = truth.world
    for post in truth.posts.values():
        if post.kind != "erasure":
            continue
        asker, holder = world.parties[post.sender], world.parties[post.recipient]
        late = {(each.direction, each.order, each.peer) for each in asker.disk.store.open_duties(
            world.now_at(asker.node)
        )}  # fmt: skip
        for order in post.items:
            for name in truth.orders[order]:
                if name in holder.disk.room.things and name not in holder.disk.room.kept:
                    yield f"not erased: {name} at {holder.id}"
            asked = asker.disk.store.duty("asked", order, holder.id)
            if asked is None or not (asked.answer or ("asked", order, holder.id) in late):
                yield f"an order to erase was forgotten: {order} to {holder.id}"
            owed = holder.disk.store.duty("owed", order, asker.id)
            if owed is None:
                yield f"an order to erase never arrived: {order} at {holder.id}"


def unnoticed(truth: Truth) -> Iterator[str]:
    """A log whose past was changed, and a witness who knew better and never said so."""
    for since, who, about in truth.contradicted:
        alarms = (each for each in truth.alarms if each[0] >= since and each[1:3] == (who, about))
        if not any(kind in _NOTICED for *_, kind in alarms):
            yield f"a rewritten log went unnoticed: that of {about} by {who}"


_RULES: Final[tuple[Callable[[Truth], Iterator[str]], ...]] = (
    _all_arrived, _all_applied, _drained, _same_courses, _erased, unnoticed,
)  # fmt: skip
