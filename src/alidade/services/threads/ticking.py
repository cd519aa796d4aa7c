"""Ticking: what the clocks bring about while nobody does anything: warnings, overdue work, the meaning of silence."""

from __future__ import annotations

from typing import Final

from alidade.clocks import ClockState
from alidade.ledger.entry import Entry
from alidade.procedures import RunningClock
from alidade.services.node import Node
from alidade.services.threads.attachments import check_arrivals
from alidade.services.threads.notifying import NODE_OFFICER, Messenger, NewsKind, send_notices, tell
from alidade.services.threads.running import Running, clock_states, refresh, run
from alidade.services.threads.view import Ticked
from alidade.store.database import Transaction
from alidade.store.rights import epoch
from alidade.store.threads import clocks, kept

MOST_AT_ONCE: Final = 200


def tick(node: Node, messenger: Messenger | None = None) -> Ticked:
    """Look at every clock whose phase may have changed, note it, and tell those whose work it is, each once.

    For the loop that runs beside the application; may be called at any time, and again. With a `messenger`, what
    nobody was told of is told outside, without content.
    """
    with node.store.transaction() as tx:
        waiting = clocks.threads_to_look_at(tx, MOST_AT_ONCE)
        found = [_look(node, tx, number) for number in waiting]
    check_arrivals(node)
    told = 0 if messenger is None else send_notices(node, messenger)
    return Ticked(
        warned=sum(each[0] for each in found),
        overdue=sum(each[1] for each in found),
        silent=sum(each[2] for each in found),
        told=told,
    )


def _look(node: Node, tx: Transaction, number: int) -> tuple[int, int, int]:
    running = run(tx, kept.thread_with_number(tx, number))
    warned = overdue = silent = 0
    for clock, state in clock_states(tx, running.course, tx.now):
        if not state.open:
            continue
        if state.phase == "silence":
            silent += _tell(tx, running, clock, state, "silence")
        elif state.due_at is not None and state.due_at <= tx.now:
            overdue += _tell(tx, running, clock, state, "overdue")
        elif state.warned:
            warned += _tell(tx, running, clock, state, "warning")
    refresh(node, tx, running)
    return warned, overdue, silent


def _tell(tx: Transaction, running: Running, clock: RunningClock, state: ClockState, kind: NewsKind) -> int:
    """Tell who owes; what is overdue or silent, also who waits. How many desks were told for the first time."""
    told = 0
    raised = sum(reminder.raised for reminder in state.reminders)
    mark = f"{clock.use.code}/{clock.owed_by}/{state.round}/{raised if kind == 'warning' else ''}"
    for desk in kept.desks_of(tx, running.thread.number):
        concerned = desk.authority == clock.owed_by or (kind != "warning" and desk.role != "copy")
        if concerned and tell(tx, running, desk.authority, kind, mark, desk.officer):
            told += 1
            tx.log(
                Entry(
                    act="thread_step",
                    at=tx.now,
                    authority=desk.authority,
                    officer=NODE_OFFICER,
                    objects=(running.thread.reference,),
                    results=1,
                    details=(("clock", clock.clock), ("kind", kind)),
                    epoch=epoch(tx),
                    decision="allowed",
                )
            )
    return min(told, 1)
