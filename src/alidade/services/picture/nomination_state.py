"""Nomination state: what a round and a nomination say, the fingerprints in it, and how many members two have in common.

A nomination holds no identifier and no name: only fingerprints under the secret key of its round (HMAC-SHA-256,
RFC 2104), which mean nothing in another round or outside the node.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

from alidade.matching.folding import tokens
from alidade.matching.identifiers import IdentifierError, guess_kinds, normalise
from alidade.model.errors import Damaged
from alidade.services.picture.dossier_state import Day, Reference
from alidade.vocabulary import Property

_NAMES = frozenset({"name", "alias", "previousName"})
_FULL_DAY = 10


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The bounds that keep somebody from guessing by nomination, with source and date; nobody published such rules."""

    source: str
    date: str
    verified: bool
    note: str
    least_members: int
    least_common: int
    usual_common: int
    most_nominations: int
    most_members: int
    most_identifiers: int


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Until which day nominations are taken (the last day included), and from how many members on two overlap."""

    closes: Day = ""
    at_least: int = 3
    closed_on: Day = ""


class Round(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The body of a round."""

    terms: Terms = Terms()

    def over(self, today: str) -> bool:
        """Whether no more nominations are taken, so that answers are given."""
        return bool(self.terms.closed_on) or today > self.terms.closes


class Nominee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One record of a nominated member, or none for a typed identifier, with its fingerprints."""

    member: int
    record: Annotated[str, Meta(pattern="^([0-9a-f]{32})?$")] = ""
    prints: tuple[str, ...] = ()


class Stated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """For which round, of which own dossier, with whom others may talk, and who is never told."""

    round: Reference
    dossier: Annotated[str, Meta(pattern="^([0-9a-f]{32})?$")] = ""
    contact: Annotated[str, Meta(max_length=200)] = ""
    excluded: tuple[str, ...] = ()


class Nomination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The body of a nomination. Without `stated` (an erasure took it) it takes part in nothing."""

    stated: Stated | None = None
    nominees: tuple[Nominee, ...] = ()

    def members(self) -> list[frozenset[str]]:
        """The fingerprints of each member."""
        found: dict[int, set[str]] = {}
        for each in self.nominees:
            found.setdefault(each.member, set()).update(each.prints)
        return [frozenset(found[member]) for member in sorted(found)]


@cache
def rules() -> Rules:
    """The bounds that come with the program."""
    path = files("alidade.services.picture").joinpath("data", "nomination_rules.json")
    return msgspec.json.decode(path.read_bytes(), type=Rules)


def decode_nomination(body: bytes) -> Nomination:
    """The nomination that is kept. Raises Damaged."""
    try:
        return msgspec.json.decode(body, type=Nomination)
    except msgspec.DecodeError as broken:
        raise Damaged("A nomination in the store cannot be read.") from broken


def decode_round(body: bytes) -> Round:
    """The round that is kept. Raises Damaged."""
    try:
        return msgspec.json.decode(body, type=Round)
    except msgspec.DecodeError as broken:
        raise Damaged("A round in the store cannot be read.") from broken


def identities_of(said: Sequence[tuple[str, str]], properties: dict[str, Property]) -> list[str]:
    """What a record can be recognised by: its identifiers, and each of its names with a full date of birth.

    `said`: pairs of property and value.
    """
    found: dict[str, None] = {}
    births = [value[:_FULL_DAY] for name, value in said if name == "birthDate" and len(value) >= _FULL_DAY]
    for name, value in said:
        kind = properties[name].identifier_kind if name in properties else None
        if kind is not None:
            try:
                found[f"{kind}\x1f{normalise(kind, value).key}"] = None
            except IdentifierError:
                continue
        elif name in _NAMES:
            words = " ".join(sorted(tokens(value)))
            found.update(dict.fromkeys(f"born\x1f{words}\x1f{birth}" for birth in births if words))
    return list(found)


def identities_typed(text: str) -> list[str]:
    """What a typed identifier can be, of every kind that it can be; nothing where it is none."""
    return [f"{kind}\x1f{normalise(kind, text).key}" for kind in guess_kinds(text)]


def fingerprints(key: bytes, identities: Iterable[str]) -> tuple[str, ...]:
    """The fingerprints of identities under the key of a round, in an order that says nothing."""
    return tuple(sorted(hmac.digest(key, each.encode(), "sha256").hex() for each in identities))


def common_members(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> int:
    """How many members two nominations have in common; the same whichever is named first.

    Members that share a fingerprint are taken for one, on either side: who nominates one person three times has
    nominated him once. Everything is compared whatever is found.
    """
    everybody = [*one, *other]
    head = list(range(len(everybody)))

    def first(at: int) -> int:
        while head[at] != at:
            head[at] = head[head[at]]
            at = head[at]
        return at

    seen: dict[str, int] = {}
    for at, prints in enumerate(everybody):
        for each in prints:
            head[first(at)] = first(seen.setdefault(each, at))
    left = {first(at) for at in range(len(one))}
    right = {first(at) for at in range(len(one), len(everybody))}
    return len(left & right)
