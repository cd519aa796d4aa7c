"""Assigning: who has a thread on his desk; the duty desk has what nobody has, at every hour."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.directory import Officer
from alidade.model.errors import NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.deputies import within_clearance
from alidade.services.node import Node
from alidade.services.threads.finding import looker, own_thread
from alidade.services.threads.inbox import inbox_lines
from alidade.services.threads.notifying import tell
from alidade.services.threads.running import run
from alidade.services.threads.view import InboxLine
from alidade.services.threads.zones import at_work
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import desks, drafts
from alidade.store.threads.kept import KeptThread


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDesk:
    """What lies at the duty desk, and how it is reached.

    open_now     whether the hours of the directory entry say that somebody is there
    duty_line    whom to call otherwise
    officers     who is on duty, as the authority has settled it; empty: the unit
    """

    unit: str
    open_now: bool
    hours: str
    duty_line: str
    officers: tuple[str, ...]
    lines: tuple[InboxLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many open threads an officer has on his desk, and how many are overdue; empty name: the duty desk."""

    officer: str
    open: int
    overdue: int


def take_thread(node: Node, actor: Actor, thread: str) -> None:
    """Put a thread on one's own desk, from the duty desk or a colleague's. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        found, desk = own_thread(node, tx, actor, thread)
        officer = str(actor.officer)
        desks.assign(tx, found.number, actor.viewer.authority, officer=officer, unit=desk.unit, how="taken", by=officer)
        log(tx, actor, "thread_step", objects=[thread], details={"step": "taken"})


def assign_thread(node: Node, actor: Actor, thread: str, officer: OfficerId | None, *, unit: str = "") -> None:
    """Put a thread on the desk of an officer or a unit of one's own authority; None: back to the duty desk.

    Raises NotFound for a thread or colleague that is not there, NotAllowed where the colleague may not read it.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_assign")
        found, desk = own_thread(node, tx, actor, thread)
        if officer is not None:
            person = _colleague(node, tx, actor, officer, found)
            desks.assign(
                tx,
                found.number,
                actor.viewer.authority,
                officer=str(person.id),
                unit=unit or person.unit or desk.unit,
                how="assigned",
                by=str(actor.officer),
            )
            mark = f"{person.id}/{tx.now.isoformat()}"
            tell(tx, run(tx, found), actor.viewer.authority, "assigned", mark, str(person.id))
        else:
            rule = desks.desk_rule(tx, actor.viewer.authority)
            desks.assign(
                tx,
                found.number,
                actor.viewer.authority,
                officer="",
                unit=unit or str(rule.get("duty_unit", "")),
                how="let_go",
                by=str(actor.officer),
            )
        objects = [thread] if officer is None else [thread, officer]
        log(tx, actor, "thread_assign", objects=objects, details={"change": "desk"})


def hand_over_threads(
    node: Node, actor: Actor, colleague: OfficerId, *, officer: OfficerId | None = None
) -> tuple[int, int]:
    """Hand what lies on one's desk, and one's drafts, to a colleague; how many threads and drafts.

    For another `officer` of one's authority one needs the right to assign. Raises NotFound for somebody who is not a
    colleague with access, NotAllowed where the colleague's clearance is lower or his role reads no threads.
    """
    giver = officer or actor.officer
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_assign" if giver != actor.officer else "thread_step")
        authority = actor.viewer.authority
        before = {person.id: person for person in directory.officers(tx, authority)}.get(giver)
        if before is None:
            raise NotFound("Your authority has no such officer.")
        taker = _colleague(node, tx, actor, colleague, None)
        if not within_clearance(node, before.clearance, taker.clearance):
            raise NotAllowed("The colleague's clearance is lower.", remedy="Name another colleague.", code="clearance")
        held = desks.held_by(tx, authority, str(giver), tuple(node.vocabulary.classifications))
        for number in held:
            desks.assign(
                tx,
                number,
                authority,
                officer=str(taker.id),
                unit=taker.unit,
                how="handed_over",
                by=str(actor.officer),
            )
        given = drafts.give_drafts(tx, authority, str(giver), str(taker.id))
        details = {"change": "handed over", "threads": str(len(held)), "drafts": str(given)}
        act = "thread_assign" if giver != actor.officer else "thread_step"
        log(tx, actor, act, objects=[giver, colleague], results=len(held), details=details)
    return len(held), given


def duty_desk(node: Node, actor: Actor, *, size: int = 50, language: str = "en") -> DutyDesk:
    """What waits for whoever is on duty: threads that nobody has on his desk, what expires first first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        authority = directory.authority(tx, actor.viewer.authority)
        rule = desks.desk_rule(tx, authority.id)
        lines = desks.page(tx, looker(node, tx, actor), "unassigned", size=size)
        found = DutyDesk(
            unit=str(rule.get("duty_unit", "")),
            open_now=at_work(authority, tx.now),
            hours=authority.hours,
            duty_line=authority.duty_line,
            officers=tuple(str(each) for each in rule.get("duty_officers", [])),
            lines=inbox_lines(tx, actor, lines, language=language),
        )
        references = [line.reference for line in found.lines]
        log(tx, actor, "thread_read", objects=references, results=len(references), details={"list": "duty desk"})
    return found


def load(node: Node, actor: Actor) -> tuple[Load, ...]:
    """How the open threads of one's authority are spread over its desks, fullest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_assign")
        found = [
            Load(officer=officer, open=many, overdue=late)
            for officer, (many, late) in desks.load_of(tx, actor.viewer.authority).items()
        ]
        log(tx, actor, "thread_assign", results=len(found), details={"list": "load"})
    return tuple(sorted(found, key=lambda each: (-each.open, each.officer)))


def colleagues_for(node: Node, actor: Actor) -> tuple[str, ...]:
    """The officers of one's own authority to whom a thread can be assigned."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_assign")
        found = [
            str(person.id) for person in directory.officers(tx, actor.viewer.authority) if _reads_threads(node, person)
        ]
        log(tx, actor, "thread_assign", results=len(found), details={"list": "colleagues"})
    return tuple(found)


def _reads_threads(node: Node, person: Officer) -> bool:
    role = node.vocabulary.roles.get(person.role)
    return person.active and role is not None and "thread_step" in role.acts


def _colleague(node: Node, tx: Transaction, actor: Actor, colleague: OfficerId, thread: KeptThread | None) -> Officer:
    found = {person.id: person for person in directory.officers(tx, actor.viewer.authority)}.get(colleague)
    if found is None or not found.active:
        raise NotFound("Your authority has no such colleague with access.", remedy="Name an officer of your authority.")
    if not _reads_threads(node, found):
        raise NotAllowed("The colleague's role does not permit this.", code="role")
    if thread is not None and not within_clearance(node, thread.classification, found.clearance):
        raise NotAllowed("The colleague's clearance is lower.", remedy="Name another colleague.", code="clearance")
    return found
