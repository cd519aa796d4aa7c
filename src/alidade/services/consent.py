"""Consent: what widens who may read is proposed by one administrator and agreed to by all whose content it opens.

It comes into force in the transaction of the last consent; one refusal ends it. To narrow nobody is asked. Consent is
an authority's, given by any of its administrators, and counted anew each time against who is concerned at that moment.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from alidade.model.directory import Authority, Officer
from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.handling import EVERYBODY
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.authorities import check_agreement, check_authority, enter_authority, first_administrator
from alidade.services.concerned import Circle, Proposed, agreement_of
from alidade.services.node import Node
from alidade.store import consent as kept_consent
from alidade.store import directory
from alidade.store.consent import KeptProposal, ProposalKind
from alidade.store.database import Transaction
from alidade.vocabulary import Agreement

_ACTS: Final = {"authority": "authority_manage", "membership": "authority_manage", "agreement": "agreement_manage"}
_REASON, _COMMUNITY = 500, 80  # characters


def propose_authority(node: Node, actor: Actor, authority: Authority) -> Proposed:
    """Propose that this node host one more authority; every authority already there must consent.

    It begins in no community but "all". Raises Invalid where it cannot be addressed, Conflict where its code is taken.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "authority_manage")
        check_authority(authority)
        if authority.id in directory.authorities(tx):
            raise Conflict(f"The authority {authority.id} is in the directory already.", code="authority_exists")
        return _propose(node, tx, actor, "authority", {"authority": _plain(authority)})


def propose_membership(node: Node, actor: Actor, community: str, authority: AuthorityId | None = None) -> Proposed:
    """Propose that an authority, one's own unless another is named, join a community.

    Its members must consent, the authority that would join, and owners who addressed something to it already. Raises
    NotAllowed where one is neither a member nor the one to join, Conflict for a member.
    """
    joining = authority or actor.viewer.authority
    name = community.strip()
    if not name or len(name) > _COMMUNITY or not name.isprintable() or any(letter.isspace() for letter in name):
        raise Invalid("A community is named by one word.", remedy="For example: otf-lime.")
    if name == EVERYBODY:
        raise Invalid("Every authority of the node is in this community already.", code="everybody")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "authority_manage")
        present = directory.authorities(tx)
        inside = name in present[actor.viewer.authority].communities
        if joining != actor.viewer.authority and not inside:
            raise NotAllowed(
                "Only a member of the community, or the authority that would join, may propose this.",
                remedy="Ask a member to propose it.",
                code="not_concerned",
            )
        if name in directory.authority(tx, joining).communities:
            raise Conflict("This authority is in the community already.", code="member_already")
        return _propose(node, tx, actor, "membership", {"authority": joining, "community": name})


def propose_agreement(node: Node, actor: Actor, agreement: Agreement) -> Proposed:
    """Propose an agreement between States that the vocabulary does not have, with its source and date.

    Every authority of the node whose State or area is a party must consent. Raises Invalid where a word is empty or
    unknown, NotAllowed where one is no party, Conflict where the code is taken.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "agreement_manage")
        check_agreement(node, agreement)
        if actor.viewer.authority not in Circle(tx, ()).parties(agreement):
            raise NotAllowed("An agreement is proposed by one of its parties.", code="not_concerned")
        if agreement.code in directory.agreements(tx) or agreement.code in node.vocabulary.agreements:
            raise Conflict(
                "There is an agreement with this code already.",
                remedy="Give the new one a code of its own; what it replaces is ended apart.",
                code="agreement_exists",
            )
        return _propose(node, tx, actor, "agreement", {"agreement": _plain(agreement)})


def consent(node: Node, actor: Actor, reference: str) -> Proposed:
    """Consent to an open proposal in the name of one's authority; the last consent brings it into force.

    Raises NotFound for a proposal that does not concern the authority, Conflict where it is decided or consent given.
    """
    with node.store.transaction() as tx:
        found, circle = _open(node, tx, actor, reference, must_concern=True)
        if any(said.authority == actor.viewer.authority for said in found.said):
            raise Conflict("Your authority has consented already.", code="consented")
        kept_consent.keep_word(tx, actor, found.reference, given=True)
        return _said(node, tx, actor, found, circle, "consented")


def refuse(node: Node, actor: Actor, reference: str, reason: str) -> Proposed:
    """Refuse an open proposal, which ends it; one's own earlier consent is taken back with it.

    Raises Invalid without a reason, NotFound and Conflict like `consent`.
    """
    if not reason.strip() or len(reason) > _REASON:
        raise Invalid("A refusal states its reason.", remedy=f"In at most {_REASON} characters.")
    with node.store.transaction() as tx:
        found, circle = _open(node, tx, actor, reference, must_concern=True)
        kept_consent.keep_word(tx, actor, found.reference, given=False, reason=reason.strip())
        kept_consent.close_proposal(tx, found.reference, "refused")
        return _said(node, tx, actor, found, circle, "refused")


def withdraw_proposal(node: Node, actor: Actor, reference: str) -> Proposed:
    """Take back an open proposal of one's own authority. Raises NotFound for any other, Conflict once decided."""
    with node.store.transaction() as tx:
        found, circle = _open(node, tx, actor, reference, must_concern=False)
        if found.authority != actor.viewer.authority:
            raise _unknown()
        kept_consent.close_proposal(tx, found.reference, "withdrawn")
        return _said(node, tx, actor, found, circle, "withdrawn")


def proposals_of(node: Node, actor: Actor) -> tuple[Proposed, ...]:
    """The proposals that concern one's authority, or that it had a part in, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "authority_manage")
        every = kept_consent.proposals(tx)
        circle = Circle(tx, [each for each in every if each.state == "open"])
        found = tuple(
            circle.shown(each, actor.viewer.authority) for each in every if circle.visible(each, actor.viewer.authority)
        )
        log(tx, actor, "authority_manage", results=len(found), details={"change": "none, proposals listed"})
    return found


def begin_first_account(node: Node, actor: Actor, reference: str) -> Officer:
    """Enter in the ledger that the first administrator of an authority one has proposed is given a password.

    Once only: whether there is an account already is known to the face. Raises NotFound where the proposal is not
    one's own, not of an authority, or not in force, and where that administrator's access has ended.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "authority_manage")
        found = kept_consent.proposal(tx, reference)
        if (
            found is None
            or found.authority != actor.viewer.authority
            or found.kind != "authority"
            or found.state != "in_force"
        ):
            raise _unknown()
        person = directory.officer(tx, first_administrator(msgspec.convert(found.content["authority"], Authority)).id)
        if not person.active:
            raise _unknown()
        details = {"change": "first account begun"}
        log(tx, actor, "authority_manage", objects=[reference, person.id], details=details)
    return person


def settle_deserted(node: Node, tx: Transaction, actor: Actor, community: str) -> None:
    """Who has left a community is no longer asked: what waited for that consent alone comes into force.

    A step of the use case of leaving.
    """
    for each in kept_consent.proposals(tx, open_only=True):
        if each.kind == "membership" and each.content["community"] == community:
            now = _settle(node, tx, each, Circle(tx, [each]))  # anew: the one before may have let somebody in
            if now.state == "in_force":
                details = {"change": "settled", "kind": now.kind, "state": now.state, "community": community}
                log(tx, actor, "authority_manage", objects=[now.reference, _subject(now)], details=details)


def _propose(node: Node, tx: Transaction, actor: Actor, kind: ProposalKind, content: dict[str, Any]) -> Proposed:
    kept_consent.hold_rights(tx)
    reference = kept_consent.add_proposal(tx, actor, kind, content)
    found = _kept(tx, reference)
    return _said(node, tx, actor, found, Circle(tx, [found]), "proposed")


def _open(
    node: Node, tx: Transaction, actor: Actor, reference: str, *, must_concern: bool
) -> tuple[KeptProposal, Circle]:
    """The open proposal, which the actor's authority has a say in. Unknown and not one's own look alike."""
    found = kept_consent.proposal(tx, reference)
    require_right(node, tx, actor, _ACTS[found.kind] if found else "authority_manage")
    kept_consent.hold_rights(tx)
    if found is None:
        raise _unknown()
    found = _kept(tx, reference)  # as it is now that nobody else can decide it
    circle = Circle(tx, [found])
    if not circle.visible(found, actor.viewer.authority):
        raise _unknown()
    if found.state != "open":
        raise Conflict("This proposal is decided.", remedy="It may be proposed again.", code="decided")
    if must_concern and actor.viewer.authority not in circle.concerned(found):
        raise _unknown()
    return found, circle


def _said(node: Node, tx: Transaction, actor: Actor, found: KeptProposal, circle: Circle, change: str) -> Proposed:
    """Decide what can be decided, and leave the entry of this act."""
    now = _settle(node, tx, _kept(tx, found.reference), circle)
    details = {"change": change, "kind": now.kind, "state": now.state}
    if now.kind == "membership":
        details["community"] = str(now.content["community"])
    log(tx, actor, _ACTS[now.kind], objects=[now.reference, _subject(now)], details=details)
    return Circle(tx, [now]).shown(now, actor.viewer.authority)


def _settle(node: Node, tx: Transaction, proposal: KeptProposal, circle: Circle) -> KeptProposal:
    """Bring a proposal into force where everybody concerned has consented."""
    if proposal.state != "open" or not circle.complete(proposal):
        return proposal
    if proposal.kind == "membership":
        joining, community = AuthorityId(proposal.content["authority"]), str(proposal.content["community"])
        communities = directory.authority(tx, joining).communities
        directory.set_communities(tx, joining, tuple(sorted({*communities, community})))
    elif proposal.kind == "agreement":
        directory.add_agreement(tx, agreement_of(proposal))
    else:
        enter_authority(node, tx, msgspec.convert(proposal.content["authority"], Authority))
    kept_consent.close_proposal(tx, proposal.reference, "in_force")
    return _kept(tx, proposal.reference)


def _kept(tx: Transaction, reference: str) -> KeptProposal:
    found = kept_consent.proposal(tx, reference)
    if found is None:
        raise _unknown()
    return found


def _subject(proposal: KeptProposal) -> str:
    if proposal.kind == "agreement":
        return agreement_of(proposal).code
    subject = proposal.content["authority"]
    return str(subject) if isinstance(subject, str) else str(subject["party"]["id"])


def _plain(value: Authority | Agreement) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def _unknown() -> NotFound:
    return NotFound(
        "There is no proposal with this reference that concerns your authority.",
        remedy="See: alidade authority proposals.",
    )
