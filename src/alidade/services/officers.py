"""Officers: who works for an authority, in which unit and role, cleared for what, with which cases, and until when.

Administration shows no content. Nobody changes his own rights, and whoever administers holds no cases: so two people
must act together before an administrator reads anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from alidade.model.directory import Officer
from alidade.model.errors import Conflict, Invalid, NotAllowed
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.store import directory, leaving
from alidade.store.database import Transaction
from alidade.store.leaving import OpenThing
from alidade.store.threads import desks
from alidade.vocabulary import Act

_UNIT, _CASE = 100, 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What an officer leaves open, by reference and without any content.

    `ends`: what stops with the access (standing checks, access tokens); `hand_over`: what waits for somebody else.
    """

    officer: Officer
    ends: tuple[OpenThing, ...]
    hand_over: tuple[OpenThing, ...]


def enter_officer(node: Node, tx: Transaction, officer: Officer) -> None:
    """Enter an officer as a step of a use case. Raises Invalid for what cannot be, Conflict where the name is taken."""
    check_rights(node, officer)
    if not officer.id.startswith(officer.authority + "/") or len(officer.id) > 128:
        raise Invalid("An officer is named authority/name.", remedy="For example: nl-politie/j.devries.")
    name = officer.id.partition("/")[2]
    if not name or not name.isprintable() or any(letter.isspace() for letter in name):
        raise Invalid("The name of an officer is one word.", remedy="For example: nl-politie/j.devries.")
    directory.add_officer(tx, officer)


def check_rights(node: Node, officer: Officer) -> None:
    """Raise Invalid for rights that are in no list, and for cases in the hands of whoever may see no content."""
    role = node.vocabulary.roles.get(officer.role)
    if role is None:
        raise Invalid("There is no such role.", remedy="See: alidade words roles.")
    if officer.clearance not in node.vocabulary.classifications:
        raise Invalid("There is no such classification.", remedy="See: alidade words classifications.")
    if len(officer.unit) > _UNIT:
        raise Invalid("The name of the unit is too long.", remedy=f"At most {_UNIT} characters.")
    if any(not case.strip() or len(case) > _CASE for case in officer.cases):
        raise Invalid("A case is named by its reference.", remedy=f"At most {_CASE} characters.")
    if officer.cases and not sees_content(node, officer.role):
        raise Invalid(
            "Whoever holds this role sees no content and is given no cases.",
            remedy="Close the cases, or choose another role.",
            code="no_content_role",
        )


def sees_content(node: Node, role: str) -> bool:
    """Whether the role permits any act that shows or changes what authorities gave."""
    acts = node.vocabulary.codes("acts")
    listed = (acts.get(act) for act in node.vocabulary.roles[role].acts)
    return any(isinstance(act, Act) and act.content for act in listed)


def add_officer(node: Node, actor: Actor, officer: Officer) -> None:
    """Enter an officer of one's own authority. Raises NotAllowed for another authority's."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "officer_manage")
        _own(actor, officer)
        enter_officer(node, tx, dataclasses.replace(officer, active=True, left_on=""))
        log(
            tx,
            actor,
            "officer_manage",
            objects=[officer.id],
            details={"change": "added", "role": officer.role, "clearance": officer.clearance},
        )


def change_officer(
    node: Node,
    actor: Actor,
    officer: OfficerId,
    *,
    unit: str | None = None,
    role: str | None = None,
    clearance: str | None = None,
    cases: Sequence[str] | None = None,
) -> Officer:
    """Change unit, role, clearance or cases of an officer of one's own authority; in force with the next request.

    `cases` are all that are open from now on. Raises NotAllowed for another authority's officer and for oneself,
    Invalid for rights that are in no list.
    """
    with node.store.transaction() as tx:
        before = _other(node, tx, actor, officer)
        after = dataclasses.replace(
            before,
            unit=before.unit if unit is None else unit.strip(),
            role=before.role if role is None else role,
            clearance=before.clearance if clearance is None else clearance,
            cases=before.cases if cases is None else tuple(sorted({case.strip() for case in cases})),
        )
        check_rights(node, after)
        directory.set_officer(tx, after)
        log(tx, actor, "officer_manage", objects=[officer], details=_changes(before, after))
    return after


def leaving_of(node: Node, actor: Actor, officer: OfficerId) -> Leaving:
    """What would stop and what would have to be handed over, were this officer's access to end now."""
    with node.store.transaction() as tx:
        person = _other(node, tx, actor, officer)
        found = _leaving(tx, person)
        log(tx, actor, "officer_manage", objects=[officer], details={"change": "leaving looked at"})
    return found


def end_access(node: Node, actor: Actor, officer: OfficerId) -> Leaving:
    """End the access of an officer who leaves, at once: standing checks and access tokens end with it.

    Returns what ended and what waits for somebody else. Raises Conflict where it has ended already.
    """
    with node.store.transaction() as tx:
        person = _other(node, tx, actor, officer)
        if not person.active:
            raise Conflict("The access of this officer has ended already.", code="ended_already")
        found = _leaving(tx, person)
        ended = dataclasses.replace(person, active=False, left_on=tx.now.date().isoformat())
        directory.set_officer(tx, ended)
        leaving.end_of_officer(tx, officer)
        desks.forget_officer(tx, person.authority, officer)
        log(
            tx,
            actor,
            "officer_manage",
            objects=[officer, *(thing.reference for thing in found.ends)],
            results=len(found.hand_over),
            details={"change": "access ended"},
        )
    return dataclasses.replace(found, officer=ended)


def take_up_again(node: Node, actor: Actor, officer: OfficerId) -> Officer:
    """Let an officer whose access ended work again, with role, clearance and cases as they were.

    What ended with the access stays ended. Raises Conflict where the access has not ended.
    """
    with node.store.transaction() as tx:
        person = _other(node, tx, actor, officer)
        if person.active:
            raise Conflict("The access of this officer has not ended.", code="not_ended")
        again = dataclasses.replace(person, active=True, left_on="")
        check_rights(node, again)
        directory.set_officer(tx, again)
        log(tx, actor, "officer_manage", objects=[officer], details={"change": "taken up again"})
    return again


def begin_account(node: Node, actor: Actor, officer: OfficerId) -> Officer:
    """Enter in the ledger that an officer is given a password to begin with; to be called before it is given.

    Raises NotAllowed for another authority's officer and for oneself, Conflict for one whose access has ended.
    """
    with node.store.transaction() as tx:
        person = _other(node, tx, actor, officer)
        if not person.active:
            raise Conflict("The access of this officer has ended.", code="ended_already")
        log(tx, actor, "officer_manage", objects=[officer], details={"change": "account begun"})
    return person


def officers_of(
    node: Node,
    actor: Actor,
    *,
    role: str = "",
    unit: str = "",
    active: bool | None = None,
    text: str = "",
) -> tuple[Officer, ...]:
    """The officers of one's own authority by name: those with this role, in this unit, active or not, of this name."""
    sought = text.casefold().strip()
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "officer_manage")
        found = tuple(
            officer
            for officer in directory.officers(tx, actor.viewer.authority)
            if (not role or officer.role == role)
            and (not unit or officer.unit == unit)
            and (active is None or officer.active == active)
            and sought in officer.id.casefold()
        )
        log(tx, actor, "officer_manage", results=len(found), details={"change": "none, listed"})
    return found


def _other(node: Node, tx: Transaction, actor: Actor, officer: OfficerId) -> Officer:
    """The officer of one's own authority, who is not oneself."""
    require_right(node, tx, actor, "officer_manage")
    if not officer.startswith(actor.viewer.authority + "/"):
        raise NotAllowed("Officers are managed by their own authority.", code="not_own_authority")
    if officer == actor.officer:
        raise NotAllowed(
            "Nobody changes his own rights.",
            remedy="Ask another administrator of your authority.",
            code="own_rights",
        )
    return directory.officer(tx, officer)


def _own(actor: Actor, officer: Officer) -> None:
    if actor.viewer.authority != officer.authority:
        raise NotAllowed("Officers are managed by their own authority.", code="not_own_authority")


def _leaving(tx: Transaction, person: Officer) -> Leaving:
    return Leaving(
        officer=person,
        ends=leaving.ending_with(tx, person.id),
        hand_over=leaving.left_open(tx, person.id),
    )


def _changes(before: Officer, after: Officer) -> dict[str, str]:
    """What changed, for the ledger: the words of rights themselves, of cases and unit only that they changed."""
    details = {"change": "rights"}
    for name in ("role", "clearance"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            details[name] = f"{old} to {new}"
    changed = [name for name in ("cases", "unit") if getattr(before, name) != getattr(after, name)]
    if changed:
        details["also"] = " ".join(changed)
    return details
