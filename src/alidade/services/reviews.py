"""Reviews: which of one's own records are due to be looked at again, and how to state one again for longer.

A handling is immutable: a record is kept longer by stating it again under conditions with a later day. The other ways
out are to withdraw the contribution or to erase the record (services/correcting.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import msgspec

from alidade.model.errors import Conflict, Invalid
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.policy.decision import permitted
from alidade.policy.terms import parse_day
from alidade.services.acting import log, require_right
from alidade.services.contribute import Giving, Outcome, give
from alidade.services.correcting import said_again, scheme_of
from alidade.services.desk_terms import desk_terms
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.store import directory, feedback, reviews, rights, writing
from alidade.store.database import Transaction
from alidade.store.reviews import UnderHandling

Kind = Literal["review", "expiry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A record whose day of review or expiry comes near, or has passed: then nobody finds an expired one any more."""

    record: str
    thing: str
    source_list: str
    source_key: str
    kind: Kind
    day: str
    passed: bool


def reviews_due(node: Node, actor: Actor, *, within_days: int | None = None) -> list[Due]:
    """One's own records with a day of review or expiry within so many days (`data/desk_terms.json`), nearest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "notices_read")
        found = due_within(tx, actor, within_days)
        objects = sorted({each.record for each in found})
        log(tx, actor, "notices_read", objects=objects, results=len(found), details={"list": "reviews"})
    return found


def due_within(tx: Transaction, actor: Actor, within_days: int | None = None) -> list[Due]:
    """The same inside a transaction that the caller logs, as far as the officer is cleared."""
    days = desk_terms().review_notice_days.days if within_days is None else within_days
    limit, world = tx.now.date() + timedelta(days=days), directory.world(tx)
    found: list[Due] = []
    for number, terms in feedback.handlings_of_owner(tx, actor.viewer.authority):
        handling = terms.handling
        if handling is None or not permitted("correct", actor.viewer, terms, tx.now, world):
            continue
        ends = _days(handling, limit)
        if ends:
            under = reviews.records_under(tx, [number])
            found.extend(_due(one, kind, day, tx.now.date()) for one in under for kind, day in ends)
    return sorted(found, key=lambda each: (each.day, each.kind, each.record))


def state_again(
    node: Node, actor: Actor, record: str, *, review_on: str | None = None, expires_on: str | None = None
) -> Outcome:
    """State one's own record again as it stands, under the same conditions but later days.

    Raises NotFound for a record of another or none, Invalid for a day that cannot be read or has passed, Conflict
    for a record of which nothing stands.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        for day in (review_on, expires_on):
            if day is not None and ((read := parse_day(day)) is None or read <= tx.now.date()):
                raise Invalid("The new day is written as YYYY-MM-DD and lies ahead.", remedy="For example: 2027-01-31.")
        if review_on is None and expires_on is None:
            raise Invalid("Name the new day of review or of expiry.")
        state, every = own_record(tx, actor, record)
        kept = [one for one in every if one.current and one.statement.value]
        if not kept or state.state != "active":
            raise Conflict("Nothing of this record stands any more.", code="not_active")
        handlings: dict[str, Handling] = {}
        for digest in sorted({one.statement.handling for one in kept}):
            known = rights.handling_by_digest(tx, digest)
            if known is not None and known[1].handling is not None:
                handlings[digest] = _later(known[1].handling, review_on, expires_on)
        giving = Giving(
            title="Stated again after review",
            drafts=[said_again(state, kept)],
            handlings=handlings,
            scheme=scheme_of(kept),
            source_list=writing.list_of(tx, state.number),
        )
        outcome = give(node, tx, actor, giving)
        details = {"change": "stated again", "review_on": review_on or "", "expires_on": expires_on or ""}
        log(tx, actor, "contribute", objects=[record], results=outcome.statements, details=details)
    return outcome


def _days(handling: Handling, limit: date) -> list[tuple[Kind, str]]:
    days: list[tuple[Kind, str]] = []
    for kind, text in (("review", handling.review_on), ("expiry", handling.expires_on)):
        day = None if text is None else parse_day(text)
        if text is not None and day is not None and day <= limit:
            days.append(("review" if kind == "review" else "expiry", text))
    return days


def _due(one: UnderHandling, kind: Kind, day: str, today: date) -> Due:
    return Due(
        record=one.record,
        thing=one.thing,
        source_list=one.source_list,
        source_key=one.source_key,
        kind=kind,
        day=day,
        # A review falls due on its day; what expires still holds on its last.
        passed=day < today.isoformat() or (kind == "review" and day == today.isoformat()),
    )


def _later(handling: Handling, review_on: str | None, expires_on: str | None) -> Handling:
    """Only a day that was set is moved: no condition is added and none is lifted by the way."""
    return msgspec.structs.replace(
        handling,
        review_on=review_on if review_on and handling.review_on else handling.review_on,
        expires_on=expires_on if expires_on and handling.expires_on else handling.expires_on,
    )
