"""Belonging: the communities and agreements that one's authority has part in, and leaving or ending one's own.

To narrow who may read nobody is asked; to widen it, see alidade.services.consent.
"""

from __future__ import annotations

import msgspec

from alidade.model.errors import NotFound
from alidade.model.handling import EVERYBODY
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.concerned import Circle
from alidade.services.consent import settle_deserted
from alidade.services.node import Node
from alidade.store import consent as kept_consent
from alidade.store import directory
from alidade.vocabulary import Agreement


def leave_community(node: Node, actor: Actor, community: str) -> None:
    """Leave a community; in force with the next request, and nobody is asked. Raises NotFound for a non-member."""
    authority = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "authority_manage")
        kept_consent.hold_rights(tx)
        communities = directory.authority(tx, authority).communities
        if community not in communities or community == EVERYBODY:
            raise NotFound("Your authority is in no community of this name that it could leave.")
        directory.set_communities(tx, authority, tuple(each for each in communities if each != community))
        details = {"change": "left a community", "community": community}
        log(tx, actor, "authority_manage", objects=[authority], details=details)
        settle_deserted(node, tx, actor, community)


def end_agreement(node: Node, actor: Actor, code: str) -> None:
    """End an agreement that was entered here and to which one is a party; in force with the next request.

    Raises NotFound for one of the vocabulary, of others, or ended already: the law is not ended by an administrator.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "agreement_manage")
        kept_consent.hold_rights(tx)
        agreement = directory.agreements(tx).get(code)
        if (
            agreement is None
            or agreement.status == "ended"
            or actor.viewer.authority not in Circle(tx, ()).parties(agreement)
        ):
            raise NotFound("There is no agreement of this code in force that your authority could end.")
        directory.add_agreement(tx, msgspec.structs.replace(agreement, status="ended"))
        log(tx, actor, "agreement_manage", objects=[code], details={"change": "ended"})


def agreements_of(node: Node, actor: Actor) -> tuple[Agreement, ...]:
    """The agreements entered on this node to which one's authority is a party, ended ones too, by code."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "agreement_manage")
        circle = Circle(tx, ())
        found = tuple(
            each for each in directory.agreements(tx).values() if actor.viewer.authority in circle.parties(each)
        )
        log(tx, actor, "agreement_manage", results=len(found), details={"change": "none, listed"})
    return found


def communities_of(node: Node, actor: Actor) -> dict[str, tuple[AuthorityId, ...]]:
    """The communities of one's own authority with their members; of others one learns nothing."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "authority_manage")
        circle = Circle(tx, ())
        own = directory.authority(tx, actor.viewer.authority).communities
        found = {community: tuple(sorted(circle.members(community))) for community in sorted({*own, EVERYBODY})}
        log(tx, actor, "authority_manage", results=len(found), details={"change": "none, communities listed"})
    return found
