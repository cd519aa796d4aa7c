"""Concerned: whose content a proposal would open, so whose consent it needs; and what each of them is shown of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import msgspec

from alidade.model.directory import Authority
from alidade.model.ids import AuthorityId, OfficerId
from alidade.store import consent as kept_consent
from alidade.store import directory
from alidade.store.consent import KeptProposal, ProposalKind, ProposalState, Said
from alidade.store.database import Transaction
from alidade.vocabulary import Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal as one authority is shown it.

    `authority` is the one that would join, or be entered (`entered`); `waits_for` whose consent is missing, None
    where this authority may not know who is in the community; `may_refuse` also after its own consent, while it is
    open; `reason` why it was refused.
    """

    reference: str
    kind: ProposalKind
    authority: AuthorityId | None
    community: str
    agreement: Agreement | None
    entered: Authority | None
    by: AuthorityId
    officer: OfficerId
    at: datetime
    state: ProposalState
    decided_at: datetime | None
    said: tuple[Said, ...]
    waits_for: tuple[AuthorityId, ...] | None
    waits_for_you: bool
    may_refuse: bool
    yours: bool
    reason: str


class Circle:
    """Who there is at this moment, asked for several proposals at once."""

    def __init__(self, tx: Transaction, proposals: Iterable[KeptProposal]) -> None:
        """Look up the authorities, and who addressed something to the communities of these proposals."""
        here = directory.hosted(tx)  # an authority of another node is asked there, not here
        self._authorities: Mapping[AuthorityId, Authority] = MappingProxyType(
            {code: each for code, each in directory.authorities(tx).items() if code in here}
        )
        self._owners = kept_consent.owners_addressing(
            tx, {str(each.content["community"]) for each in proposals if each.kind == "membership"}
        )

    def members(self, community: str) -> frozenset[AuthorityId]:
        """The present members of a community."""
        return frozenset(code for code, each in self._authorities.items() if community in each.communities)

    def concerned(self, proposal: KeptProposal) -> frozenset[AuthorityId]:
        """Whose consent the proposal needs, as things stand now.

        A member: all members, who would join, and owners whose handlings already name the community: without these,
        whoever founded a deserted community anew would read what was given to those who were there.
        """
        if proposal.kind == "membership":
            community = str(proposal.content["community"])
            joining = AuthorityId(proposal.content["authority"])
            owners = self._owners[community] & self._authorities.keys()
            return self.members(community) | {joining} | owners
        if proposal.kind == "agreement":
            return self.parties(agreement_of(proposal))
        return frozenset(self._authorities)

    def parties(self, agreement: Agreement) -> frozenset[AuthorityId]:
        """The authorities of this node whose State, body or area is a party to the agreement."""
        sides = {agreement.party_a, agreement.party_b}
        return frozenset(
            code for code, each in self._authorities.items() if sides & {str(code), each.party.state, *each.party.areas}
        )

    def complete(self, proposal: KeptProposal) -> bool:
        """Whether everybody concerned has consented and nobody has refused."""
        given = {said.authority for said in proposal.said if said.given}
        return all(said.given for said in proposal.said) and self.concerned(proposal) <= given

    def visible(self, proposal: KeptProposal, authority: AuthorityId) -> bool:
        """Whether the authority learns of the proposal: while open if concerned, afterwards if it had a part in it."""
        part = {proposal.authority, *(said.authority for said in proposal.said)}
        if proposal.kind == "membership":
            part.add(AuthorityId(proposal.content["authority"]))
        return authority in (self.concerned(proposal) | part if proposal.state == "open" else part)

    def shown(self, proposal: KeptProposal, authority: AuthorityId) -> Proposed:
        """The proposal as this authority may see it: who is in a community is known to its members alone."""
        membership = proposal.kind == "membership"
        community = str(proposal.content["community"]) if membership else ""
        inside = not membership or authority in self.members(community)
        spoken = {said.authority for said in proposal.said}
        concerned = self.concerned(proposal) if proposal.state == "open" else frozenset()
        waiting = concerned - spoken
        refused = [said.reason for said in proposal.said if not said.given]
        entered = msgspec.convert(proposal.content["authority"], Authority) if proposal.kind == "authority" else None
        return Proposed(
            reference=proposal.reference,
            kind=proposal.kind,
            authority=AuthorityId(proposal.content["authority"]) if membership else entered.id if entered else None,
            community=community,
            agreement=agreement_of(proposal) if proposal.kind == "agreement" else None,
            entered=entered,
            by=proposal.authority,
            officer=proposal.officer,
            at=proposal.at,
            state=proposal.state,
            decided_at=proposal.decided_at,
            said=tuple(said for said in proposal.said if inside or said.authority == authority),
            waits_for=tuple(sorted(waiting)) if inside else None,
            waits_for_you=authority in waiting,
            may_refuse=proposal.state == "open" and authority in concerned,
            yours=authority == proposal.authority,
            reason=refused[0] if refused else "",
        )


def agreement_of(proposal: KeptProposal) -> Agreement:
    """The agreement that is proposed."""
    return msgspec.convert(proposal.content["agreement"], Agreement, strict=False)
