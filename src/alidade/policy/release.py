"""Release: an owner's signed word that one authority may do one thing in spite of the handling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from alidade.model.ids import AuthorityId, HandlingId
from alidade.model.viewer import Viewer
from alidade.policy.actions import Action
from alidade.policy.terms import Reading, day_after, parse_day

RELEASE_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What an owner has allowed beyond the handling (Art. 19 of Regulation (EU) 2016/794).

    It lifts the rules of audience, purpose, codes and conditions for `action`, for `grantee`, for the
    `purposes` listed (none listed: for none), until the end of the day `until` (ISO 8601, UTC; None: until
    withdrawn). It never lifts anything else, and has no effect where it is not the owner's, not verified,
    over, or not understood.
    """

    handling: HandlingId
    owner: AuthorityId
    grantee: AuthorityId
    action: Action
    purposes: tuple[str, ...]
    until: str | None
    verified: bool
    version: int = RELEASE_VERSION


def ends_on(release: Release) -> date | None:
    """The first day on which the release no longer holds; date.min where its last day cannot be read."""
    if release.until is None:
        return None
    last = parse_day(release.until)
    return date.min if last is None else day_after(last)


def is_released(
    releases: Sequence[Release],
    action: str,
    viewer: Viewer,
    handling: HandlingId,
    reading: Reading,
    day: date,
) -> bool:
    """Whether one of the releases lets this viewer do this with this handling on this day."""
    return any(
        release.handling == handling
        and release.owner == reading.owner
        and release.grantee == viewer.authority
        and release.action == action
        and viewer.purpose in release.purposes
        and release.version == RELEASE_VERSION
        and release.verified
        and ((ends := ends_on(release)) is None or day < ends)
        for release in releases
    )
