"""Acting: who does something, with what right, for which purpose; and the ledger entry that every act leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alidade.ledger.entry import Entry
from alidade.model.directory import Authority, Officer
from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.handling import EVERYBODY
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor, Viewer
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.rights import epoch


def act_as(
    node: Node,
    officer: OfficerId,
    *,
    purpose: str,
    case: str | None = None,
    legal_ground: str | None = None,
    justification: str | None = None,
) -> Actor:
    """The officer at work for a purpose and a case.

    `case` is the officer's own reference, for the ledger; the cases that open handlings are those of the officer's
    entry in the directory. Raises NotFound for an unknown officer, NotAllowed for one whose access has ended,
    Invalid for a purpose or legal ground that is not in the code lists.
    """
    if purpose not in node.vocabulary.purposes:
        raise Invalid("The purpose is not in the list of purposes.", remedy="See: alidade words purposes.")
    if legal_ground is not None and legal_ground not in node.vocabulary.codes("legal_grounds"):
        raise Invalid("The legal ground is not in the list.", remedy="See: alidade words legal_grounds.")
    with node.store.transaction() as tx:
        person = directory.officer(tx, officer)
        authority = directory.authority(tx, person.authority)
    if not person.active:
        raise NotAllowed(f"The access of {officer} has ended.", remedy="Ask your administrator.")
    return Actor(
        officer=officer,
        role=person.role,
        case=case,
        legal_ground=legal_ground,
        justification=justification,
        viewer=viewer_of(person, authority, purpose),
    )


def officer_at_work(node: Node, officer: OfficerId) -> tuple[Officer, Authority] | None:
    """The officer and his authority as they are now; None where he is unknown or his access has ended."""
    with node.store.transaction() as tx:
        try:
            person = directory.officer(tx, officer)
        except NotFound:
            return None
        return (person, directory.authority(tx, person.authority)) if person.active else None


def require_right(node: Node, tx: Transaction, actor: Actor, act: str) -> None:
    """Refuse an act that the officer's role does not list, looking at the officer as he is now.

    Raises NotAllowed. The officer's row is read in the transaction of the act, so that a right that was taken away
    ends with the next request.
    """
    person = directory.officer(tx, actor.officer)
    role = node.vocabulary.roles.get(person.role)
    refusal = None
    if not person.active or role is None or act not in role.acts:
        refusal = NotAllowed(
            f"The role {person.role} does not permit this ({act}).",
            remedy="An administrator of your authority can change roles.",
            code="role",
        )
    elif actor.acts is not None and act not in actor.acts:
        refusal = NotAllowed(
            f"The token does not permit this ({act}).", remedy="Make a token that lists it.", code="token_act"
        )
    elif actor.viewer != viewer_of(person, directory.authority(tx, person.authority), actor.viewer.purpose):
        refusal = NotAllowed("Your rights have changed since you began.", remedy="Begin again.", code="rights_changed")
    if refusal is not None:
        tx.log_refusal(_entry(tx, actor, act, details={"rule": refusal.code}, allowed=False))
        raise refusal


def viewer_of(person: Officer, authority: Authority, purpose: str) -> Viewer:
    """The officer as the rules see him for a purpose, by what the directory says at this moment."""
    return Viewer(
        party=authority.party,
        clearance=person.clearance,
        purpose=purpose,
        communities=tuple(sorted({*authority.communities, EVERYBODY})),
        cases=person.cases,
    )


def log(
    tx: Transaction,
    actor: Actor,
    act: str,
    *,
    objects: Iterable[str] = (),
    results: int | None = None,
    commitment: str | None = None,
    details: Mapping[str, str] | None = None,
) -> None:
    """Leave the entry of an act: who, for whom, when, why, and what it touched (LED Art. 25)."""
    tx.log(_entry(tx, actor, act, objects=objects, results=results, commitment=commitment, details=details))


def _entry(
    tx: Transaction,
    actor: Actor,
    act: str,
    *,
    objects: Iterable[str] = (),
    results: int | None = None,
    commitment: str | None = None,
    details: Mapping[str, str] | None = None,
    allowed: bool = True,
) -> Entry:
    return Entry(
        act=act,
        at=tx.now,
        authority=actor.viewer.authority,
        officer=actor.officer,
        purpose=actor.viewer.purpose,
        case=actor.case,
        justification=actor.justification,
        legal_ground=actor.legal_ground,
        objects=tuple(objects),
        query_commitment=commitment,
        results=results,
        details=tuple(sorted({**(details or {}), **({"token": actor.token} if actor.token else {})}.items())),
        epoch=epoch(tx),
        decision="allowed" if allowed else "refused",
    )
