"""Acting: who does something, with what right, for which purpose; and the ledger entry that every act leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alidade.ledger.entry import Entry
from alidade.model.errors import Invalid, NotAllowed
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

    Raises NotFound for an unknown officer, NotAllowed for one whose access has ended or to whom the case is not
    open, Invalid for a purpose or legal ground that is not in the code lists.
    """
    if purpose not in node.vocabulary.purposes:
        raise Invalid("The purpose is not in the list of purposes.", remedy="See: alidade words purposes.")
    if legal_ground is not None and legal_ground not in node.vocabulary.codes("legal_grounds"):
        raise Invalid("The legal ground is not in the list.", remedy="See: alidade words legal_grounds.")
    with node.store.transaction() as tx:
        person = directory.officer(tx, officer)
        authority = directory.authorities(tx)[person.authority]
    if not person.active:
        raise NotAllowed(f"The access of {officer} has ended.", remedy="Ask your administrator.")
    return Actor(
        officer=officer,
        role=person.role,
        case=case,
        legal_ground=legal_ground,
        justification=justification,
        viewer=Viewer(
            party=authority.party,
            clearance=person.clearance,
            purpose=purpose,
            communities=tuple(sorted({*authority.communities, "all"})),
            cases=person.cases,
        ),
    )


def require_right(node: Node, tx: Transaction, actor: Actor, act: str) -> None:
    """Refuse an act that the officer's role does not list, looking at the officer as he is now.

    Raises NotAllowed. The officer's row is read in the transaction of the act, so that a right that was taken away
    ends with the next request.
    """
    person = directory.officer(tx, actor.officer)
    role = node.vocabulary.roles.get(person.role)
    if not person.active or role is None or act not in role.acts:
        raise NotAllowed(
            f"The role {person.role} does not permit this ({act}).",
            remedy="An administrator of your authority can change roles.",
            code="role",
        )
    if set(actor.viewer.cases) - set(person.cases) or actor.viewer.clearance != person.clearance:
        raise NotAllowed("Your rights have changed since you began.", remedy="Begin again.", code="rights_changed")


def log(
    tx: Transaction,
    actor: Actor,
    act: str,
    *,
    objects: Iterable[str] = (),
    results: int | None = None,
    commitment: str | None = None,
    details: Mapping[str, str] | None = None,
    allowed: bool = True,
) -> None:
    """Leave the entry of an act: who, for whom, when, why, and what it touched (LED Art. 25)."""
    tx.log(
        Entry(
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
            details=tuple(sorted((details or {}).items())),
            epoch=epoch(tx),
            decision="allowed" if allowed else "refused",
        )
    )
