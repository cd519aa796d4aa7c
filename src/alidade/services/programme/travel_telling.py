"""Telling those on other nodes: that an answer is still awaited, and that the round is closed."""

from __future__ import annotations

from collections.abc import Iterator

from alidade.model.errors import Conflict
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme.travel_threads import HOLDER, answers_in, round_threads, step_in
from alidade.services.programme.travelling import own_round, thread_of_round
from alidade.services.threads.running import Running
from alidade.store.database import Transaction

__all__ = ["remind_asked", "tell_closed"]


def remind_asked(node: Node, actor: Actor, reference: str) -> int:
    """Remind every authority on another node that has not answered a round of one's own; how many.

    Raises Conflict where there is none, NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        own_round(tx, actor, reference)
        waiting = [
            each
            for each in _open(node, tx, actor, reference)
            if not answers_in(each) and "remind" in each.course.allowed_built_in(HOLDER)
        ]
        if not waiting:
            raise Conflict("Nobody on another node has still to answer.", code="nobody_left")
        for each in waiting:
            step_in(node, tx, actor, each, "remind", {})
        threads = [each.thread.reference for each in waiting]
        log(
            tx, actor, "round_manage", objects=[reference, *threads], results=len(threads), details={"what": "reminded"}
        )
    return len(waiting)


def tell_closed(node: Node, actor: Actor, reference: str) -> int:
    """End the exchanges of a closed round: close those that were answered, withdraw the questions of the others.

    How many. Raises Conflict where the round is open, or nothing is left to be ended; NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        held, _ = own_round(tx, actor, reference)
        if held.body.closed_on is None:
            raise Conflict("The round is still open.", remedy="Close it first.", code="round_open")
        running = list(_open(node, tx, actor, reference))
        if not running:
            raise Conflict("Everybody on another node knows already.", code="nobody_left")
        for each in running:
            if answers_in(each):
                step_in(node, tx, actor, each, "close", {})
            else:
                step_in(node, tx, actor, each, "withdraw", {}, reason="round_closed")
        threads = [each.thread.reference for each in running]
        log(
            tx,
            actor,
            "round_manage",
            objects=[reference, *threads],
            results=len(threads),
            details={"what": "told closed"},
        )
    return len(running)


def _open(node: Node, tx: Transaction, actor: Actor, reference: str) -> Iterator[Running]:
    found = (each for each in round_threads(node, tx, actor, HOLDER) if thread_of_round(each, reference))
    return (each for each in found if not each.course.final)
