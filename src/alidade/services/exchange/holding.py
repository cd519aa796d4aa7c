"""Holding: an owner elsewhere orders that something of its be erased, and a law of ours requires that it be kept.

What nobody here holds is erased at once. What is held waits for a person, who erases it after all or answers with a
reason of the closed list; until then it is on the overdue list of both sides as soon as the 14 days are over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.exchange.ends import end_of
from alidade.services.node import Node, finish_erasures
from alidade.services.threads.forwarding import attached_records
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange, erasing, holds
from alidade.store.exchange.holds import Hold, WaitingOrder

LIST: Final = "keeping_reasons"
LONGEST: Final = timedelta(days=366 * 5)
_ACT: Final = "erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order to erase that waits for an answer. Ids alone; `because`: why its records are held, by record."""

    order: str
    peer: AuthorityId
    ground: str
    records: tuple[str, ...]
    because: tuple[tuple[str, str], ...]
    since: datetime
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptElsewhere:
    """An order of ours that a peer has answered with a reason to keep; `record` is empty for orders of long ago."""

    order: str
    peer: AuthorityId
    record: str
    because: str
    answered_at: datetime | None


def hold_record(node: Node, actor: Actor, record: str, because: str, until: date) -> None:
    """Keep a record of an authority elsewhere in spite of an order to erase it, for a reason of the list, until a day.

    Raises NotFound for what one may not see, Invalid for a reason that is not in the list, a day that is over or more
    than five years away, Conflict for a record of an authority of this node, whose erasures are not ordered from afar.
    """
    _require_reason(node, because)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        today = tx.now.date()
        if not today < until <= today + LONGEST:
            raise Invalid("A record is held until a day within the next five years.", code="until")
        (found,) = attached_records(tx, actor, [record])
        if found.owner in directory.hosted(tx):
            raise Conflict("This record is of an authority of this node.", code="not_elsewhere")
        holds.hold(tx, actor.viewer.authority, record, because, str(actor.officer), until)
        log(tx, actor, _ACT, objects=[record], details={"change": "held", "because": because, "until": str(until)})


def end_hold(node: Node, actor: Actor, record: str) -> None:
    """Hold a record no longer. An order that waits is to be answered all the same. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        if not holds.end_hold(tx, actor.viewer.authority, record):
            raise NotFound("Your authority holds no such record.")
        log(tx, actor, _ACT, objects=[record], details={"change": "held no longer"})


def held_records(node: Node, actor: Actor) -> tuple[Hold, ...]:
    """What one's own authority holds, what ends first first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        found = tuple(holds.holds_of(tx, actor.viewer.authority))
        log(tx, actor, _ACT, objects=[each.record for each in found], results=len(found), details={"list": "held"})
    return found


def orders_to_answer(node: Node, actor: Actor) -> tuple[OrderView, ...]:
    """The orders to erase that wait for an answer of one's own authority, oldest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        own = actor.viewer.authority
        kept = KeptExchange(tx, own)
        found = []
        for each in holds.waiting_orders(tx, own):
            duty = kept.duty("owed", each.order, each.peer)
            records = records_of(each.targets)
            due = None if duty is None else duty.due_at
            found.append(
                OrderView(
                    order=each.order,
                    peer=each.peer,
                    ground=each.ground,
                    records=records,
                    because=tuple((one.record, one.because) for one in holds.held_among(tx, records)),
                    since=each.at,
                    due_at=due,
                    overdue=due is not None and due < tx.now,
                )
            )
        log(tx, actor, _ACT, results=len(found), details={"list": "orders to erase"})
    return tuple(found)


def keep_because(node: Node, actor: Actor, peer: AuthorityId, order: str, because: str) -> None:
    """Answer an order to erase: it is kept, and why. What is not held today is erased all the same.

    Raises NotFound for an order that does not wait, Invalid for a reason that is not in the list.
    """
    _require_reason(node, because)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        found = _order(tx, actor, peer, order)
        erase_ordered(node, tx, found.owner, found.targets, found.ground)
        _answer(node, tx, actor, found, because)
    finish_erasures(node.store)


def erase_after_all(node: Node, actor: Actor, peer: AuthorityId, order: str) -> None:
    """Erase what an order names although it was held, and answer: done. The hold of one's own authority ends.

    Raises NotFound for an order that does not wait, Conflict where another authority of this node holds it too.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        found = _order(tx, actor, peer, order)
        for record in records_of(found.targets):
            holds.end_hold(tx, actor.viewer.authority, record)
        _, waits = erase_ordered(node, tx, found.owner, found.targets, found.ground)
        if waits:
            raise Conflict(
                "Another authority of this node must keep it by law.", remedy="Answer that it is kept.", code="held"
            )
        _answer(node, tx, actor, found, "")
    finish_erasures(node.store)


def kept_elsewhere(tx: Transaction, own: AuthorityId) -> tuple[KeptElsewhere, ...]:
    """Orders of an authority that were answered with a reason to keep, as a step of a use case."""
    return tuple(
        KeptElsewhere(
            order=each.order,
            peer=each.peer,
            record=_record_of_order(each.order),
            because=each.because,
            answered_at=each.answered_at,
        )
        for each in KeptExchange(tx, own).kept_elsewhere()
    )


def erase_ordered(
    node: Node, tx: Transaction, owner: AuthorityId, targets: Sequence[str], ground: str
) -> tuple[int, tuple[str, ...]]:
    """Erase what an order names, but for what is held today: how many statements went, and which targets wait.

    As a step of a use case. The caller runs `finish_erasures` after the commit.
    """
    held = {each.record for each in holds.held_among(tx, records_of(targets))}
    waits = tuple(each for each in targets if _record_of_target(each) in held)
    records = [each.partition("/")[2] for each in targets if _is_record(each) and _record_of_target(each) not in held]
    parts: dict[str, list[str]] = {}
    for each in targets:
        kind, _, rest = each.partition("/")
        record, _, statement = rest.partition("/")
        if kind == "statement" and statement and record not in held:
            parts.setdefault(record, []).append(statement)
    reason = ground if ground in node.vocabulary.codes("erasure_reasons") else "owner"
    statements, _ = erasing.erase_foreign(tx, owner, records, parts, reason)
    return len(statements), waits


def records_of(targets: Sequence[str]) -> tuple[str, ...]:
    """The records that the targets of an order belong to."""
    return tuple(sorted({record for each in targets if (record := _record_of_target(each))}))


def _answer(node: Node, tx: Transaction, actor: Actor, found: WaitingOrder, because: str) -> None:
    own = actor.viewer.authority
    end_of(node, tx, own).answer_erasure(found.peer, found.order, because=because)
    holds.note_answered(tx, own, [found], "kept" if because else "done", str(actor.officer))
    details = {"change": "order to erase answered", "answer": "kept" if because else "done", "because": because}
    log(tx, actor, _ACT, objects=records_of(found.targets), details=details)


def _order(tx: Transaction, actor: Actor, peer: AuthorityId, order: str) -> WaitingOrder:
    waiting = holds.waiting_orders(tx, actor.viewer.authority)
    found = next((each for each in waiting if (each.peer, each.order) == (peer, order)), None)
    if found is None:
        raise NotFound("No order to erase like this waits for an answer.", remedy="See: alidade exchange orders list.")
    return found


def _require_reason(node: Node, because: str) -> None:
    if because not in node.vocabulary.codes(LIST):
        raise Invalid(
            "The reason is not in the list.", remedy="See: alidade words keeping_reasons.", code="reason_unknown"
        )


def _record_of_target(target: str) -> str:
    kind, _, rest = target.partition("/")
    return rest.partition("/")[0] if kind in ("record", "statement") else ""


def _record_of_order(order: str) -> str:
    """Orders are named owner/erasure/record/chance."""
    parts = order.split("/")
    return parts[2] if len(parts) == 4 and parts[1] == "erasure" else ""


def _is_record(target: str) -> bool:
    kind, _, rest = target.partition("/")
    return kind == "record" and "/" not in rest
