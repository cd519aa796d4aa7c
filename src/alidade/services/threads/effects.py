"""Effects: what a step does beyond its thread, carried out once, in the transaction in which the step takes effect.

Only the node of the author carries an effect out that touches what the author owns; elsewhere it is noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.policy.actions import Action
from alidade.policy.terms import parse_day
from alidade.procedures import COPY, DueEffect, Value
from alidade.services.acting import require_right
from alidade.services.node import Node
from alidade.services.releasing import release_within
from alidade.services.threads.leaving import is_hosted
from alidade.services.threads.running import Running
from alidade.store import directory, writing
from alidade.store.database import Transaction
from alidade.store.threads.effects import effects_of, end_releases, note_effect
from alidade.store.threads.quoted import record_for_owner

# What an owner lifts, and the action that it then permits. What is lifted for one recipient or one country alone is
# noted and no more: a release names neither, and would open it to all.
_LIFTS: Final[Mapping[str, Action]] = {"court_use": "court", "pass_on_freely": "forward", "change_purpose": "read"}
RELEASING: Final = frozenset({"release_records", "lift_condition"})


def carry_out(node: Node, tx: Transaction, running: Running, actor: Actor | None) -> None:
    """Carry out every effect of the thread that is due and has not been carried out here.

    `actor` is the officer of this node by whose act the step is sent; without him what needs an owner is left to
    the owner's node. Raises NotAllowed where his role may not release, NotFound for a record that is not his.
    """
    done = {(each.step, each.effect) for each in effects_of(tx, running.thread.number)}
    for due in running.course.effects:
        row = running.row_of(due.author, due.number)
        if row is None or (row.row, due.code) in done:
            continue
        outcome, objects = _carry_out(node, tx, running, due, actor)
        done.add((row.row, due.code))
        note_effect(tx, row.row, due.code, due.author, outcome, objects)


def _carry_out(
    node: Node, tx: Transaction, running: Running, due: DueEffect, actor: Actor | None
) -> tuple[str, list[str]]:
    match due.code:
        case "release_records" | "lift_condition":
            if actor is None or actor.viewer.authority != due.author or not is_hosted(node, due.author):
                return "elsewhere", []
            return _release(node, tx, running, due, actor)
        case "attach_contribution":
            step = next(each.step for each in running.course.steps if (each.step.author, each.step.number) == _key(due))
            return "done", list(step.contributions)
        case "erase_or_correct":
            return "asked", list(_texts(due.arguments.get("records")))
        case "refuse_release":
            given = {
                release
                for each in effects_of(tx, running.thread.number)
                if each.effect in RELEASING and each.authority == due.author
                for release in each.objects
            }
            ended = end_releases(tx, due.author, sorted(given))
            return ("ended" if ended else "done"), ended
        case _:
            return "done", []


def _release(node: Node, tx: Transaction, running: Running, due: DueEffect, actor: Actor) -> tuple[str, list[str]]:
    require_right(node, tx, actor, "release")
    grantees = _grantees(tx, running, due.author)
    head = running.head
    asked_for = head.handling.purposes if head is not None and head.handling is not None else (actor.viewer.purpose,)
    purposes = _texts(due.arguments.get("purpose")) or asked_for
    until = next((text for text in _texts(due.arguments.get("until")) if parse_day(text[:10])), "")[:10] or None
    actions: list[Action] = ["read"]
    if due.code == "lift_condition":
        actions = [_LIFTS[text] for text in _texts(due.arguments.get("lift")) if text in _LIFTS]
        if not actions:
            return "noted", list(_texts(due.arguments.get("records")))
    made: list[str] = []
    for record in _records(tx, due.author, _texts(due.arguments.get("records"))):
        for grantee in grantees:
            for action in actions:
                made.extend(release_within(node, tx, actor, record, grantee, action, tuple(purposes), until=until))
    return ("done" if made else "nothing"), made


def _grantees(tx: Transaction, running: Running, author: AuthorityId) -> list[AuthorityId]:
    """Who asked: the opener; where the owner opened it himself, every other party but those in copy."""
    known = directory.authorities(tx)
    opener = running.course.opener
    if opener is not None and opener != author:
        return [opener] if opener in known else []
    return [
        party
        for party, role in sorted(running.course.parties.items())
        if party != author and role != COPY and party in known
    ]


def _records(tx: Transaction, owner: AuthorityId, named: Iterable[str]) -> list[str]:
    """The records of an owner that are named by their id, or by the reference of a hit that met them."""
    found: list[str] = []
    for reference in named:
        record = reference
        if writing.own_record(tx, owner, record) is None:
            record = record_behind(tx, owner, reference)
        if record not in found:
            found.append(record)
    return found


def record_behind(tx: Transaction, owner: AuthorityId, hit: str) -> str:
    """The owner's own record that a hit met. Raises NotFound where there is no such hit, or not on his record."""
    record = record_for_owner(tx, owner, hit)
    if record is None:
        raise NotFound("Your authority has no record with this reference.")
    return record


def _texts(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) and value else ()


def _key(due: DueEffect) -> tuple[AuthorityId, int]:
    return (due.author, due.number)
