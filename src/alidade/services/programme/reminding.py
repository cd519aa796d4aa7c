"""Reminding: who has not answered a round is told, by the node on the days of the round, or by its holder's press."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor, Viewer
from alidade.programme.reminding import Reminder, due_today
from alidade.programme.rounds import KeptAnswer, Round, matrix
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.delegating import given_to
from alidade.services.programme.pieces import Kept, default_handling
from alidade.services.programme.rounds import ROUND, answers_of, speaks, state_of
from alidade.services.threads.notifying import NODE_OFFICER, TRIES, Messenger, Notice
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading
from alidade.store.threads import desks
from alidade.store.workpieces import authorities_with

__all__ = ["REMINDER", "Waiting", "remind", "remind_due", "reminders", "rounds_waiting"]

REMINDER: Final = "round_reminder"
_FRESH: Final = dt.timedelta(days=2)  # word of an older reminder is not sent any more
_ACT: Final = "round_manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What rounds want of an authority: how many reminded it and are not answered, the fewest days left among them
    (None without any), and how many hold questions that another authority of its State gave it.
    """

    reminded: int
    days_left: int | None
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """An authority that is asked: its name, whether it has answered for what the viewer may see, when it was told."""

    authority: str
    name: str
    answered: bool
    told: Sequence[Reminder]


def reminders(node: Node, actor: Actor, reference: str) -> list[Reminded]:
    """For the holder of a round: each authority that is asked, and when it was reminded. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            held = _own_round(view, actor, reference)
            known = _known(view, actor.viewer.authority, reference)
            silent = set(_silent(node, tx, held, answers_of(view, reference)))
        names = directory.authorities(tx)
        log(tx, actor, _ACT, objects=[reference], results=len(held.body.asked), details={"what": "reminders looked at"})
    return [
        Reminded(
            authority=each,
            name=names[AuthorityId(each)].name if AuthorityId(each) in names else each,
            answered=each not in silent,
            told=[kept.body for kept in known if kept.body.authority == each],
        )
        for each in held.body.asked
    ]


def remind(node: Node, actor: Actor, reference: str) -> list[str]:
    """Remind every authority that has not answered one's own round, and was not reminded today; who they are.

    Raises NotFound, and Conflict where nobody is left to remind.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        today = tx.now.date()
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            held = _own_round(view, actor, reference)
            if held.body.closed_on is not None:
                raise Conflict("This round is closed already.", code="round_closed")
            known = _known(view, actor.viewer.authority, reference)
            told = {kept.body.authority for kept in known if kept.body.on == today}
            silent = [each for each in _silent(node, tx, held, answers_of(view, reference)) if each not in told]
        if not silent:
            raise Conflict("Nobody is left to remind today.", code="nobody_left")
        for authority in silent:
            _tell(node, tx, actor, held, authority, None)
        log(tx, actor, _ACT, objects=[reference], results=len(silent), details={"what": "reminded"})
    return silent


def rounds_waiting(node: Node, actor: Actor) -> Waiting:
    """What rounds want of the officer's authority; counts alone."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        own = actor.viewer.authority
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            told = {kept.body.round for kept in pieces.every(view, REMINDER, Reminder) if kept.body.authority == own}
            held = [kept for kept in pieces.every(view, ROUND, Round) if kept.reference in told]
            waiting = [kept for kept in held if own in _silent(node, tx, kept, answers_of(view, kept.reference))]
            tasks = given_to(view, own)
        left = [(kept.body.cut_off - tx.now.date()).days for kept in waiting]
        log(tx, actor, "round_answer", results=len(waiting) + len(tasks), details={"what": "counts"})
    return Waiting(reminded=len(waiting), days_left=min(left, default=None), tasks=len(tasks))


def remind_due(node: Node, messenger: Messenger | None = None) -> int:
    """Tell those whom a round of this node reminds today and who have not answered; how many for the first time.

    For the loop that runs beside the application; may be called at any time, and again: each is told once for each day
    of the round. With a `messenger`, word goes outside, without content; what cannot be sent is tried again.
    """
    told, waiting = 0, []
    with node.store.transaction() as tx:
        here = directory.hosted(tx)
        # A round that came from another node is kept in the name of its holder, who reminds from there.
        for holder in (each for each in authorities_with(tx, ROUND) if each in here):
            actor = _node_for(node, tx, AuthorityId(holder))
            count = _remind_for(node, tx, actor)
            if messenger is not None:
                waiting += [(actor, kept) for kept in _unsent(tx, actor)]
            log(tx, actor, _ACT, results=count, details={"what": "reminders looked at"})
            told += count
    if messenger is not None:
        _send(node, messenger, waiting)
    return told


def _remind_for(node: Node, tx: Transaction, actor: Actor) -> int:
    holder = actor.viewer.authority
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        found = [kept for kept in pieces.every(view, ROUND, Round) if kept.authority == holder]
        due: list[tuple[Kept[Round], str, int]] = []
        for held in found:
            known = [kept.body for kept in _known(view, holder, held.reference)]
            days = {each: due_today(held.body, each, known, tx.now.date()) for each in held.body.asked}
            if any(each is not None for each in days.values()):
                silent = _silent(node, tx, held, answers_of(view, held.reference))
                due += [(held, each, number) for each in silent if (number := days[each]) is not None]
    for held, authority, number in due:
        _tell(node, tx, actor, held, authority, number)
        details = {"what": "reminded", "days": str(number), "of": authority}
        log(tx, actor, _ACT, objects=[held.reference], results=1, details=details)
    return len(due)


def _tell(node: Node, tx: Transaction, actor: Actor, held: Kept[Round], authority: str, days: int | None) -> None:
    """Keep a reminder where the authority reminded sees it, and no other."""
    here = any(
        person.active and "round_answer" in node.vocabulary.roles[person.role].acts
        for person in directory.officers(tx, AuthorityId(authority))
        if person.role in node.vocabulary.roles
    )
    body = Reminder(
        round=held.reference, authority=authority, on=tx.now.date(), days=days,
        outside="waiting" if here else "elsewhere",
    )  # fmt: skip
    how = default_handling(node, actor.viewer.authority, communities=())
    others = () if authority == actor.viewer.authority else (AuthorityId(authority),)
    how = msgspec.structs.replace(how, released_to=others, classification=held.handling.classification)
    pieces.keep(node, tx, actor, REMINDER, authority, body, how)


def _unsent(tx: Transaction, actor: Actor) -> list[Kept[Reminder]]:
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        known = _known(view, actor.viewer.authority)
    return [
        kept
        for kept in known
        if kept.body.outside == "waiting" and tx.now - kept.made_at <= _FRESH and kept.body.tries < TRIES
    ]


def _send(node: Node, messenger: Messenger, waiting: Sequence[tuple[Actor, Kept[Reminder]]]) -> None:
    """Tell outside of what nobody was told of yet, each address once."""
    rows: dict[str, list[tuple[Actor, Kept[Reminder]]]] = {}
    with node.store.transaction() as tx:
        for actor, kept in waiting:
            rule = desks.desk_rule(tx, AuthorityId(kept.body.authority))
            rows.setdefault(str(rule.get("desk_address", "")), []).append((actor, kept))
    sent: dict[str, bool] = {}
    for address in sorted(rows):
        try:
            if address:
                messenger.send(Notice(address=address, urgent=False))
        except OSError:
            sent[address] = False
        else:
            sent[address] = True
    with node.store.transaction() as tx:
        for address, told in rows.items():
            for actor, kept in told:
                outside = "waiting" if not sent[address] else "sent" if address else "nowhere"
                body = msgspec.structs.replace(kept.body, outside=outside, tries=kept.body.tries + (not sent[address]))
                pieces.change(tx, actor, kept.reference, kept.body.authority, body, kept.version, "")


def _known(view: ReaderView, holder: str, reference: str | None = None) -> list[Kept[Reminder]]:
    """The reminders that the holder made, of one round or of all, the first first."""
    found = [
        kept
        for kept in pieces.every(view, REMINDER, Reminder)
        if kept.authority == holder and reference in (None, kept.body.round)
    ]
    return sorted(found, key=lambda kept: (kept.made_at, kept.reference))


def _silent(node: Node, tx: Transaction, held: Kept[Round], answers: Sequence[KeptAnswer]) -> list[str]:
    """The authorities asked of whose State nothing was answered, by it or jointly."""
    cells = matrix(held.body, answers)
    heard = {state for (state, _), cell in cells.items() if cell.kind is not None}
    found = []
    for each in held.body.asked:
        try:
            state = state_of(node, tx, AuthorityId(each))
        except Invalid:
            continue
        if state not in heard and speaks(node, tx, held.body, AuthorityId(each)):
            found.append(each)
    return found


def _own_round(view: ReaderView, actor: Actor, reference: str) -> Kept[Round]:
    held = pieces.one(view, ROUND, reference, Round)
    if held.authority != actor.viewer.authority:
        raise NotFound("There is nothing with this reference that you may see.")
    return held


def _node_for(node: Node, tx: Transaction, holder: AuthorityId) -> Actor:
    """The node itself at work for an authority that holds rounds: it reads what that one reads."""
    authority = directory.authority(tx, holder)
    levels = node.vocabulary.classifications
    return Actor(
        officer=OfficerId(NODE_OFFICER),
        role=NODE_OFFICER,
        viewer=Viewer(
            party=authority.party,
            clearance=max(levels, key=lambda code: levels[code].rank),
            purpose=min(node.vocabulary.purposes),
            communities=tuple(sorted({*authority.communities, "all"})),
        ),
    )
