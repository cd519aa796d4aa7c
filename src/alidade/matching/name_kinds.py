"""Which kind of name a thing has: by our own words for kinds, or by the schemata of FollowTheMoney."""

from __future__ import annotations

from typing import Final

from alidade.matching.generic_words import Thing

_KINDS: Final[dict[str, Thing]] = {
    "person": "person",
    "organisation": "organisation",
    "organization": "organisation",
    "company": "organisation",
    "legalentity": "organisation",
    "publicbody": "organisation",
    "vessel": "vessel",
    "other": "other",
}


def name_thing(kind: str) -> Thing:
    """person, organisation, vessel or other; what has no names of its own kind (Airplane, Asset ...) is other."""
    return _KINDS.get(kind.strip().casefold(), "other")
