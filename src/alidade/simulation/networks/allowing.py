"""Allowing: what an authority may see of a rehearsal, worked out once more and not by the rules of the program.

It is written from the meaning of the handling and knows nothing of `policy`: a leak of the program shows as a
difference between the two. It covers what rehearsals use, no more, and refuses what it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from alidade.model.handling import Handling
from alidade.model.viewer import Party, Viewer
from alidade.simulation.networks.authorities import flow_between
from alidade.vocabulary import Agreement

_RANK: Final = {"PUBLIC": 0, "BPL": 1, "RESTRICTED": 2, "CONFIDENTIAL": 3}
_FLOW: Final = {None: 0, "strategic": 1, "non_personal": 2, "personal": 3}
_CONDITIONS: Final = frozenset({"no_court", "no_onward", "no_third_country", "no_automated_match"})


class Allowing:
    """Answers for one viewer, on one day, under the invented agreements and those that are listed besides."""

    def __init__(self, viewer: Viewer, parties: Iterable[Party], listed: Iterable[Agreement], day: str) -> None:
        self._viewer = viewer
        self._day = day
        self._parties = {party.id: party for party in parties}
        in_force = [
            each
            for each in listed
            if each.status == "in_force"
            and not each.crime_areas
            and str(each.valid_from) <= day
            and (each.valid_until is None or str(each.valid_until) >= day)
        ]
        self._flow = {owner: self._agreed(party, in_force) for owner, party in self._parties.items()}

    def _agreed(self, owner: Party, listed: Iterable[Agreement]) -> int:
        """How much may flow from an owner to the viewer: 0 nothing, 1 strategic, 2 nothing personal, 3 everything."""
        here = self._viewer.party
        ours, theirs = {here.id, here.state, *here.areas}, {owner.id, owner.state, *owner.areas}
        most = _FLOW[flow_between(owner.state, here.state)]
        for each in listed:
            one, other = each.party_a, each.party_b
            if (one in ours and other in theirs) or (other in ours and one in theirs):
                most = max(most, _FLOW[each.flow])
        return most

    def reads(self, handling: Handling, *, quarantined: bool) -> bool:
        """Whether the viewer may read what stands under a handling."""
        viewer = self._viewer
        if handling.expires_on is not None and handling.expires_on < self._day:
            return False
        if _RANK[handling.classification] > _RANK[viewer.clearance]:
            return False
        if quarantined:
            return False
        if handling.owner == viewer.authority:
            return True
        addressed = (
            "all" in handling.communities
            or viewer.authority in handling.released_to
            or any(code in viewer.communities for code in handling.communities)
        )
        needed = 3 if handling.content == "personal" else 2
        return (
            addressed
            and viewer.authority not in handling.excluded
            and viewer.purpose in handling.purposes
            and (handling.case is None or handling.case in viewer.cases)
            and self._flow[handling.owner] >= needed
            and self._conditions_hold(handling)
        )

    def _conditions_hold(self, handling: Handling) -> bool:
        if not set(handling.conditions) <= _CONDITIONS:
            return False
        if "no_third_country" not in handling.conditions:
            return True
        owner, here = self._parties[handling.owner], self._viewer.party
        return owner.state == here.state or bool(set(owner.areas) & set(here.areas))

    def may_be_suggested(self, handling: Handling, *, quarantined: bool) -> bool:
        """Whether a machine may bring it together with other records for this viewer, and show him the suggestion."""
        if not self.reads(handling, quarantined=quarantined):
            return False
        return handling.owner == self._viewer.authority or "no_automated_match" not in handling.conditions
