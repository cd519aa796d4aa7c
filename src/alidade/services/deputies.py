"""Deputies: a colleague stands in for a time, or takes over what lies open; neither gains a right that he lacks."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.directory import Officer
from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.policy.terms import parse_day
from alidade.services.acting import log, require_right
from alidade.services.desk_terms import desk_terms, last_day
from alidade.services.node import Node
from alidade.store import deputies as store
from alidade.store import directory, standing
from alidade.store.database import Transaction
from alidade.store.deputies import KeptDeputy


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What a colleague has taken over."""

    standing_checks: int
    drafts: int


def name_deputy(node: Node, actor: Actor, deputy: OfficerId, until: str, *, since: str | None = None) -> None:
    """Let a colleague of one's own authority see one's open items, with his own rights, until a day.

    Raises NotFound for somebody who is not a colleague with access, Invalid for days that cannot be.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "deputy_set")
        _colleague(tx, actor, deputy, actor.officer)
        end = last_day(until, tx.now, desk_terms().deputy_days, "a deputy")
        begin = tx.now.date() if since is None else parse_day(since)
        if begin is None or not tx.now.date() <= begin <= end:
            raise Invalid(
                "The first day of a deputy is today or later, and not after the last.", remedy="Write it as YYYY-MM-DD."
            )
        store.keep_deputy(tx, actor.officer, deputy, begin.isoformat(), end.isoformat())
        details = {"change": "named", "since": begin.isoformat(), "until": end.isoformat()}
        log(tx, actor, "deputy_set", objects=[deputy], details=details)


def end_deputy(node: Node, actor: Actor, deputy: OfficerId) -> None:
    """End it before its day. Raises NotFound where one has named no such deputy."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "deputy_set")
        if not store.end_deputy(tx, actor.officer, deputy):
            raise NotFound("You have named no such deputy.")
        log(tx, actor, "deputy_set", objects=[deputy], details={"change": "ended"})


def deputies(node: Node, actor: Actor) -> list[KeptDeputy]:
    """Whom one has named, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "deputy_set")
        found = store.deputies_of(tx, actor.officer)
        log(tx, actor, "deputy_set", results=len(found), details={"list": "deputies"})
    return found


def colleagues(node: Node, actor: Actor) -> list[str]:
    """The officers with access of one's own authority but oneself: who can stand in or take over."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "deputy_set")
        found = [
            str(person.id)
            for person in directory.officers(tx, actor.viewer.authority)
            if person.active and person.id != actor.officer
        ]
        log(tx, actor, "deputy_set", results=len(found), details={"list": "colleagues"})
    return found


def hand_over(node: Node, actor: Actor, colleague: OfficerId, *, officer: OfficerId | None = None) -> HandedOver:
    """Hand one's standing checks in force and one's drafts to a colleague; they are asked with his rights from now on.

    An administrator may do it for another `officer` of the authority, of whose items he sees nothing. Raises NotFound
    for somebody who is not a colleague with access, NotAllowed where the colleague may not hold them.
    """
    giver = officer or actor.officer
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "deputy_set")
        if giver != actor.officer:
            require_right(node, tx, actor, "officer_manage")
        taker = _colleague(tx, actor, colleague, giver)
        before = directory.officer(tx, giver)
        if before.authority != actor.viewer.authority:
            raise NotFound("Your authority has no such officer.")
        _may_hold(node, before, taker)
        given = HandedOver(
            standing_checks=standing.give_to(tx, giver, colleague), drafts=store.give_drafts(tx, giver, colleague)
        )
        details = {
            "change": "handed over",
            "standing_checks": str(given.standing_checks),
            "drafts": str(given.drafts),
        }
        log(tx, actor, "deputy_set", objects=[giver, colleague], details=details)
    return given


def stands_in_for(tx: Transaction, actor: Actor) -> list[str]:
    """The officers of the same authority for whom this one stands in today."""
    officers = {str(person.id) for person in directory.officers(tx, actor.viewer.authority)}
    return [officer for officer in store.stood_in_for(tx, actor.officer) if officer in officers]


def within_clearance(node: Node, needed: str, own: str) -> bool:
    """Whether what was asked under one clearance may be seen under another; never where one of them is not known."""
    ranks = node.vocabulary.classifications
    return needed in ranks and own in ranks and ranks[needed].rank <= ranks[own].rank


def _colleague(tx: Transaction, actor: Actor, colleague: OfficerId, officer: str) -> Officer:
    found = {person.id: person for person in directory.officers(tx, actor.viewer.authority)}.get(colleague)
    if found is None or not found.active or found.id == officer:
        raise NotFound("Your authority has no such colleague with access.", remedy="Name an officer of your authority.")
    return found


def _may_hold(node: Node, giver: Officer, taker: Officer) -> None:
    role = node.vocabulary.roles.get(taker.role)
    if role is None or "standing_check" not in role.acts:
        raise NotAllowed("The colleague's role does not permit standing checks.", code="role")
    if not within_clearance(node, giver.clearance, taker.clearance):
        raise NotAllowed("The colleague's clearance is lower.", remedy="Name another colleague.", code="clearance")
