"""Acknowledging: what one asked others to correct or erase, who has said that it is done, and who is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import COPY
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.finding import looker
from alidade.services.threads.inbox import head_of
from alidade.services.threads.running import Running, clock_states, run
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import desks

PROCEDURE = "correction_and_erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One authority that was asked to correct or erase: whether it has said that it did, and by when it must."""

    thread: str
    title: str
    authority: AuthorityId
    name: str
    state: Literal["acknowledged", "waiting", "overdue"]
    due_at: datetime | None
    answered_at: str


def demands(node: Node, actor: Actor) -> tuple[Demand, ...]:
    """Every correction or erasure that one's own authority has asked of others, overdue ones first."""
    found: list[Demand] = []
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        lines = desks.all_of(tx, looker(node, tx, actor), procedure=PROCEDURE)
        for line in lines:
            running = run(tx, line.thread)
            if running.course.opener == actor.viewer.authority:
                found.extend(_demands(tx, running, actor.viewer.authority))
        references = sorted({each.thread for each in found})
        log(tx, actor, "thread_read", objects=references, results=len(found), details={"list": "demands"})
    order = {"overdue": 0, "waiting": 1, "acknowledged": 2}
    return tuple(sorted(found, key=lambda each: (order[each.state], each.thread, each.authority)))


def _demands(tx: Transaction, running: Running, own: AuthorityId) -> list[Demand]:
    course = running.course
    names = directory.authorities(tx)
    done = {due.author: due.at for due in course.effects if due.code == "acknowledge"}
    due_at = {
        clock.owed_by: state.due_at for clock, state in clock_states(tx, course, tx.now) if state.due_at is not None
    }
    found = []
    for party, role in sorted(course.parties.items()):
        if party == own or role == COPY:
            continue
        due = due_at.get(party)
        late = due is not None and due < tx.now
        found.append(
            Demand(
                thread=running.thread.reference,
                title=head_of(running.thread.head).title,
                authority=party,
                name=names[party].name if party in names else party,
                state="acknowledged" if party in done else "overdue" if late else "waiting",
                due_at=due,
                answered_at=done.get(party, ""),
            )
        )
    return found
