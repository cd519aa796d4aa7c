"""Conditions: the handling under which an authority of a rehearsal gives what it knows: openly, to few, silently.

The shares are those of `WEIGHTS`: half is open to all authorities, the rest is narrower in one way each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from alidade.model.handling import Handling, make_handling
from alidade.model.ids import AuthorityId
from alidade.simulation.networks.authorities import Cast
from alidade.simulation.networks.chance import Chance
from alidade.vocabulary import Vocabulary

WEIGHTS: Final[Mapping[str, int]] = {
    "open": 46,
    "project": 14,
    "partners": 9,
    "no court": 6,
    "ask first": 4,
    "own": 5,
    "silent": 3,
    "no match": 3,
    "no third country": 4,
    "not for two": 2,
    "case": 1,
    "confidential": 1,
    "strategic purpose": 1,
    "expired": 1,
}
_DRAWN: Final = tuple(name for name, weight in WEIGHTS.items() for _ in range(weight))
#: How often a record stands under other conditions than its contribution.
OTHERWISE: Final = 0.15
#: How often nobody has said which kind of person a record speaks of; such records wait in quarantine.
UNSORTED: Final = 0.008


def draw(chance: Chance) -> str:
    """The name of some conditions."""
    return chance.one_of(_DRAWN)


class Conditions:
    """Makes the handlings of each authority, each made once."""

    def __init__(self, cast: Cast, seed: int, vocabulary: Vocabulary) -> None:
        self._cast = cast
        self._seed = seed
        self._vocabulary = vocabulary
        self._made: dict[tuple[int, str, str | None, str], Handling] = {}

    def handling(self, authority: int, name: str, category: str | None, content: str) -> Handling:
        """The handling of an authority under these conditions, for people of a category or for mere things."""
        key = (authority, name, category, content)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = make_handling(self._make(*key), self._vocabulary)
        return found

    def _make(self, authority: int, name: str, category: str | None, content: str) -> Handling:
        chance = Chance(self._seed, "conditions", authority, name)
        seed = self._cast.seeds[authority]
        owner = seed.authority.id
        others = [each for each in self._cast.ids if each != owner]
        projects = [each for each in seed.authority.communities if each != "all"]
        communities: tuple[str, ...] = ("all",)
        released: tuple[AuthorityId, ...] = ()
        if name in ("own", "silent"):
            communities = ()
        elif name == "partners" or (name == "project" and not projects):
            communities, released = (), tuple(chance.some_of(others, max(1, len(others) // 3)))
        elif name == "project":
            communities = (chance.one_of(projects),)
        codes = {"project": ("H0", "H2"), "no court": ("H0", "H1"), "ask first": ("H0", "H3")}.get(name, ("H0",))
        conditions = {
            "no court": ("no_court",),
            "no match": ("no_automated_match",),
            "no third country": ("no_third_country",),
        }.get(name, ())
        return Handling(
            owner=owner,
            codes=codes,
            restriction="Ask the owner before any use." if "H3" in codes else "",
            conditions=conditions,
            hit="silent" if name == "silent" else "visible",
            classification={"project": "RESTRICTED", "confidential": "CONFIDENTIAL"}.get(name, "BPL"),
            purposes=("18.2.b",) if name == "strategic purpose" else ("18.2.a", "18.2.c"),
            released_to=released,
            excluded=tuple(chance.some_of(others, 2)) if name == "not for two" else (),
            communities=communities,
            case=f"RH-{owner}" if name == "case" else None,
            content="personal" if content == "personal" else "non_personal",
            subject_category=category,
            review_on="2028-11-01",
            expires_on="2026-11-10" if name == "expired" else None,
        )
