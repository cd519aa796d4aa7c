"""Palette: handlings of every sort, signed once, and what each of them lets each viewer learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Literal

from alidade.model.handling import Handling, handling_bytes, make_handling
from alidade.model.ids import AuthorityId, HandlingId
from alidade.model.viewer import Actor
from alidade.policy.decision import may
from alidade.policy.terms import Terms
from alidade.services.node import Node
from alidade.store import directory, models, rights

OWNERS = ("nl-politie", "de-bka", "fr-dcpj", "ve-cicpc")
_SIZE = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One viewer: an officer at work for a purpose."""

    name: str
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Interned:
    """A handling as its row has it."""

    owner: str
    digest: str
    content: bytes
    key_id: str
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The handlings, the viewers, and by viewer what each handling lets him learn."""

    rows: tuple[Interned, ...]
    profiles: tuple[Profile, ...]
    sights: Mapping[str, tuple[Literal["seen", "told", "hidden"], ...]]
    background: tuple[Interned, Interned]

    @cached_property
    def _sorted(self) -> dict[tuple[str, str, str], list[int]]:
        found: dict[tuple[str, str, str], list[int]] = {}
        for profile in self.profiles:
            for number, row in enumerate(self.rows):
                found.setdefault((profile.name, row.owner, self.sights[profile.name][number]), []).append(number)
        return found

    def sight(self, profile: Profile, number: int) -> Literal["seen", "told", "hidden"]:
        """Whether the viewer may read under a handling, may learn of a hit, or nothing."""
        return self.sights[profile.name][number]

    def handlings(self, profile: Profile, owner: str, sight: str) -> list[int]:
        """The owner's handlings that let the viewer learn so much."""
        return self._sorted.get((profile.name, owner, sight), [])


def make_palette(node: Node, profiles: tuple[Profile, ...]) -> Palette:
    """Draw, sign and judge the handlings."""
    chance = Random(1)
    rows: list[Interned] = []
    terms: list[Terms] = []
    with node.store.transaction() as tx:
        world = directory.world(tx)
        now = tx.now
        for number in range(_SIZE):
            handling = make_handling(_draw(chance, OWNERS[number % len(OWNERS)]), node.vocabulary)
            signer = node.store.keys.signing_key(handling.owner)
            assert signer is not None
            _, digest = rights.intern_handling(tx, handling, signer, signer.public)
            if any(row.digest == digest for row in rows):
                continue
            kept = models.Handling.objects.using(tx.alias).get(digest=digest)
            assert kept.verified
            rows.append(
                Interned(
                    owner=handling.owner,
                    digest=digest,
                    content=handling_bytes(handling),
                    key_id=signer.key_id,
                    signature=bytes(kept.signature),
                )
            )
            terms.append(Terms(id=HandlingId(digest), handling=handling, verified=True))
        models.Handling.objects.using(tx.alias).all().delete()
    # Two of the authority without agreement, which nobody else may learn anything of, are kept for the background.
    first, last = [number for number, row in enumerate(rows) if row.owner == "ve-cicpc"][:2]
    background = (rows[first], rows[last])
    terms = [each for number, each in enumerate(terms) if number not in (first, last)]
    rows = [each for number, each in enumerate(rows) if number not in (first, last)]
    sights: dict[str, tuple[Literal["seen", "told", "hidden"], ...]] = {}
    for profile in profiles:
        viewer = profile.actor.viewer
        sights[profile.name] = tuple(
            "seen"
            if may("read", viewer, each, now, world).allowed
            else "told"
            if may("hit_notify", viewer, each, now, world).allowed
            else "hidden"
            for each in terms
        )
    return Palette(rows=tuple(rows), profiles=profiles, sights=sights, background=background)


def _draw(chance: Random, owner: str) -> Handling:
    """A handling: open at first, then closed in none, one or several of the ways there are."""
    fields = _open(chance, owner)
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 3))):
        fields |= chance.choice(
            (
                {"communities": (), "released_to": (AuthorityId("fr-dcpj"),)},
                {"communities": (), "released_to": (), "hit": "silent"},
                {"communities": ("quiet",)},
                {"excluded": (AuthorityId("nl-politie"),)},
                {"classification": chance.choice(("RESTRICTED", "SECRET"))},
                {"case": chance.choice(("OP-1", "OP-2"))},
                {"purposes": ("18.2.d",)},
                {"purposes": ("18.2.c",), "hit": chance.choice(("visible", "silent"))},
                {"expires_on": "2026-06-15"},
                {"subject_category": None, "content": "personal"},
                {"conditions": ("no_automated_match",), "communities": ()},
            )
        )
    if fields["content"] != "personal":
        fields["subject_category"] = None
    return Handling(owner=AuthorityId(owner), **fields)  # type: ignore[arg-type]


def _open(chance: Random, owner: str) -> dict[str, object]:
    return {
        "communities": chance.choice((("all",), ("narco",))),
        "released_to": chance.choice(((), (AuthorityId("nl-politie"),))),
        "classification": chance.choice(("PUBLIC", "BPL")),
        "purposes": chance.choice((("18.2.a", "18.2.c"), ("18.2.a", "18.2.b", "18.2.c"))),
        "content": chance.choice(("personal", "personal", "non_personal")),
        "subject_category": "suspect_or_convicted",
        "expires_on": chance.choice((None, None, "2030-12-31")),
        "conditions": chance.choice(((), ("no_court",), ("no_onward",))),
        "review_on": f"2027-{chance.randint(1, 12):02}-01",
    }
