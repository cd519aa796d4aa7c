"""Viewer: who asks, with which clearance, in which communities and cases, for which purpose."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.ids import AuthorityId, OfficerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An authority as the rules see it.

    `state` is an ISO 3166 alpha-2 code, or the code of the body it belongs to ("EU" for an agency of the Union);
    `areas` are the legal areas of that State, such as "EU".
    """

    id: AuthorityId
    function: str
    state: str
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """All that decides what may be seen, and nothing else: officers with equal viewers share a viewer class.

    `clearance` is a code of the list `classifications`; `purpose` a code of Art. 18(2) of Regulation (EU) 2016/794.
    """

    party: Party
    clearance: str
    purpose: str
    communities: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()

    @property
    def authority(self) -> AuthorityId:
        """The authority for which the viewer acts."""
        return self.party.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An officer at work: the viewer, and what must be in the ledger of everything done.

    A program acts with a `token` of its officer, and only within the `acts` that the token lists.
    """

    officer: OfficerId
    role: str
    viewer: Viewer
    case: str | None = None
    legal_ground: str | None = None
    justification: str | None = None
    token: str | None = None
    acts: tuple[str, ...] | None = None
