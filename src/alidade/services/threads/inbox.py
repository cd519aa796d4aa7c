"""Inbox: the threads of an authority, what expires first first; and what it awaits from others."""

from __future__ import annotations

from datetime import datetime
from typing import Final, get_args

import msgspec

from alidade.clocks.wall_clock import end_of_day
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import Catalogue, Definition, in_language
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.clock_sign import ClockSign, sign_of_row
from alidade.services.threads.drafts import visible_drafts
from alidade.services.threads.finding import classifications_for, find_thread, looker
from alidade.services.threads.running import Head, catalogue
from alidade.services.threads.view import Awaited, Folder, Inbox, InboxCounts, InboxLine, LineAction
from alidade.services.threads.zones import zone_of
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import clocks, desks, kept, steps
from alidade.store.threads.desks import Line, Looker

LARGEST_PAGE: Final = 200


def inbox(
    node: Node, actor: Actor, folder: Folder = "mine", *, after: str = "", size: int = 50, language: str = "en"
) -> Inbox:
    """A page of one list of threads, what expires first first, and how many each list holds.

    mine: on one's own desk or on that of somebody for whom one stands in. unit, unassigned, urgent, all: where one's
    authority is to act. awaited: where others are. copies: where it only reads. `after` is `Inbox.next` of the page
    before. Raises Invalid for a list that does not exist.
    """
    if folder not in get_args(Folder) or not 1 <= size <= LARGEST_PAGE:
        raise Invalid("There is no such list of threads.", remedy=f"Lists: {', '.join(get_args(Folder))}.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        who = looker(node, tx, actor)
        lines = desks.page(tx, who, folder, size=size + 1, after=_place(node, tx, actor, after))
        more = len(lines) > size
        lines = lines[:size]
        found = Inbox(
            folder=folder,
            lines=inbox_lines(tx, actor, lines, language=language),
            counts=_counts(node, tx, actor, who),
            next=_text(lines[-1], folder) if more else "",
        )
        references = [line.reference for line in found.lines]
        log(tx, actor, "thread_read", objects=references, results=len(references), details={"list": folder})
    return found


def counts(node: Node, actor: Actor) -> InboxCounts:
    """How many threads each list holds for this officer: numbers only."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        found = _counts(node, tx, actor, looker(node, tx, actor))
        log(tx, actor, "thread_read", results=found.all, details={"list": "counts"})
    return found


def awaited(node: Node, actor: Actor, *, size: int = 200, language: str = "en") -> tuple[Awaited, ...]:
    """What others owe one's own authority or the threads it is in, what expires first first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        owed = clocks.awaited_by(tx, actor.viewer.authority, classifications_for(node, actor.viewer.clearance), size)
        names = directory.authorities(tx)
        known = catalogue(tx)
        threads = kept.threads_with_numbers(tx, {each.thread for each in owed})
        found = []
        for each in owed:
            thread = threads[each.thread]
            definition = known.get(thread.procedure, thread.version)
            use = next((use for use in definition.clocks if use.code == each.clock.use), None)
            due = each.clock.due_at
            owing = names.get(each.clock.owed_by)
            found.append(
                Awaited(
                    thread=each.reference,
                    procedure=thread.procedure,
                    title=head_of(thread.head).title,
                    authority=each.clock.owed_by,
                    authority_name=each.clock.owed_by if owing is None else owing.name,
                    clock=each.clock.clock,
                    label=each.clock.use if use is None else in_language(use.label, language),
                    due_at=due,
                    left=None if due is None else due - tx.now,
                    overdue=due is not None and due < tx.now,
                )
            )
        references = sorted({each.thread for each in found})
        log(tx, actor, "thread_read", objects=references, results=len(found), details={"list": "owed by others"})
    return tuple(found)


def inbox_lines(tx: Transaction, actor: Actor, lines: list[Line], *, language: str) -> tuple[InboxLine, ...]:
    """Rows of a list in words; the caller logs."""
    known = catalogue(tx)
    own = actor.viewer.authority
    numbers = [line.thread.number for line in lines]
    written = steps.newest_steps(tx, numbers)
    read = desks.read_to(tx, own, str(actor.officer), numbers)
    running, everybody = clocks.clocks_of_threads(tx, numbers), directory.authorities(tx)
    return tuple(
        _line(
            tx.now,
            line,
            _definition(known, line),
            own,
            language,
            unread=sum(
                row > read.get(line.thread.number, 0) and author != own
                for row, author in written.get(line.thread.number, [])
            ),
            sign=sign_of_row(
                running.get(line.thread.number, ()), _definition(known, line), everybody, own, tx.now, language
            ),
        )
        for line in lines
    )


def head_of(content: bytes | None) -> Head:
    """Title, case and handling of a thread; empty once they were erased."""
    return Head(title="") if content is None else msgspec.json.decode(content, type=Head)


def _definition(known: Catalogue, line: Line) -> Definition | None:
    thread = line.thread
    return known.get(thread.procedure, thread.version) if thread.version in known.versions(thread.procedure) else None


def _line(
    now: datetime,
    line: Line,
    definition: Definition | None,
    own: AuthorityId,
    language: str,
    *,
    unread: int,
    sign: ClockSign | None,
) -> InboxLine:
    thread, desk = line.thread, line.desk
    head = head_of(thread.head)
    state = None if definition is None else next((s for s in definition.states if s.code == thread.state), None)
    return InboxLine(
        reference=thread.reference,
        procedure=thread.procedure,
        procedure_title=thread.procedure if definition is None else in_language(definition.title, language),
        title=head.title,
        case=head.case,
        state=thread.state,
        state_label=thread.state if state is None else in_language(state.label, language),
        role=desk.role,
        others=tuple(sorted(party for party in thread.parties if party != own)),
        urgent=thread.urgent,
        your_turn=desk.turn,
        due_at=desk.due_at,
        left=None if desk.due_at is None else desk.due_at - now,
        overdue=desk.due_at is not None and desk.due_at < now,
        awaited_at=desk.awaited_at,
        officer=desk.officer,
        unit=desk.unit,
        moved_at=thread.moved_at,
        unread=unread,
        final=thread.final,
        sign=sign,
        allowed=tuple(
            LineAction(code=each.code, key=each.key, label=in_language(each.verb, language))
            for each in (() if definition is None else definition.transitions)
            if desk.role in each.by and thread.state in each.from_states
        ),
    )


def _counts(node: Node, tx: Transaction, actor: Actor, who: Looker) -> InboxCounts:
    zone = zone_of(directory.authority(tx, actor.viewer.authority))
    found = desks.counts(tx, who, end_of_day(tx.now.astimezone(zone).date(), zone))
    waiting = visible_drafts(node, tx, actor)
    return InboxCounts(
        mine=found.mine,
        unit=found.unit,
        unassigned=found.unassigned,
        urgent=found.urgent,
        all=found.todo,
        awaited=found.awaited,
        copies=found.copies,
        closed=found.closed,
        overdue=found.overdue,
        today=found.today,
        to_approve=sum(each.may_approve for each in waiting),
        returned=sum(each.yours and each.state == "returned" for each in waiting),
    )


def _text(line: Line, folder: Folder) -> str:
    moment, _ = desks.place_of(line, folder)
    return f"{moment.isoformat()}/{line.thread.reference}"


def _place(node: Node, tx: Transaction, actor: Actor, text: str) -> tuple[datetime, int] | None:
    """The place after which a page begins. It names a thread by its reference: a running number would tell how many
    threads of others lie between."""
    if not text:
        return None
    written, _, reference = text.partition("/")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    found = find_thread(node, tx, actor, reference)
    if found is None or moment is None or moment.tzinfo is None:
        raise Invalid("This is not where a page of the list ends.", remedy="Begin the list anew.")
    return moment, found[0].number
