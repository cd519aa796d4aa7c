"""Directory: the authorities and their officers, as the platform addresses them (domain: UNODC directory, SPOCs)."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One authority: what it is, how it is reached, and when somebody last confirmed that.

    `communities` are the groups that share with it (analysis projects, task forces, "all"); `invented` marks the
    authorities of a rehearsal.
    """

    party: Party
    name: str
    contact: str
    communities: tuple[str, ...] = ("all",)
    languages: tuple[str, ...] = ("en",)
    duty_line: str = ""
    last_confirmed: str = ""
    invented: bool = False

    @property
    def id(self) -> AuthorityId:
        """The short stable code of the authority."""
        return self.party.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One person who acts for an authority. `cases` are those opened to the officer; `role` a code of `roles`."""

    id: OfficerId
    authority: AuthorityId
    role: str
    clearance: str = "BPL"
    cases: tuple[str, ...] = ()
    active: bool = True
