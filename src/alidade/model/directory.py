"""Directory: the authorities and their officers, as the platform addresses them (domain: UNODC directory, SPOCs)."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One authority: what it is, how it is reached, and when somebody last confirmed that.

    `communities` are the groups that share with it (analysis projects, task forces, "all"); `articles` those under
    which it acts, such as UNTOC Art. 18; `channel` the one it wants to be reached by; `hours` with their time zone;
    `last_confirmed` a day (ISO 8601), empty where nobody has; `invented` marks the authorities of a rehearsal.
    """

    party: Party
    name: str
    contact: str
    communities: tuple[str, ...] = ("all",)
    languages: tuple[str, ...] = ("en",)
    duty_line: str = ""
    last_confirmed: str = ""
    confirmed_by: str = ""
    articles: tuple[str, ...] = ()
    channel: str = ""
    hours: str = ""
    invented: bool = False

    @property
    def id(self) -> AuthorityId:
        """The short stable code of the authority."""
        return self.party.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One person who acts for an authority.

    `cases` are those opened to the officer; `role` a code of `roles`; `unit` a free name within the authority;
    `left_on` the day on which the access ended (ISO 8601), empty while it lasts.
    """

    id: OfficerId
    authority: AuthorityId
    role: str
    clearance: str = "BPL"
    cases: tuple[str, ...] = ()
    active: bool = True
    unit: str = ""
    left_on: str = ""
