"""The types of things and links that statements speak of, with their properties."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from alidade.vocabulary.errors import DamagedVocabulary
from alidade.vocabulary.labels import Label, Word

__all__ = ["FILE", "IdentifierKind", "Kind", "LinkEnds", "Origin", "Property", "Thing", "inherit", "line_of"]

FILE = "things.json"

Kind = Literal[
    "text",
    "name",
    "date",
    "country",
    "identifier",
    "url",
    "email",
    "phone",
    "number",
    "code",
    "entity",
    "topic",
    "address",
    "language",
    "ip",
    "checksum",
]
IdentifierKind = Literal[
    "document",
    "phone",
    "email",
    "plate",
    "vin",
    "imo",
    "mmsi",
    "container",
    "iban",
    "crypto",
    "web",
    "tax",
    "registration",
    "account",
    "callsign",
]
Origin = Literal["FollowTheMoney", "Alidade"]


class Property(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of fact that can be stated about a thing.

    `range`: type of thing that an entity property points to. `code_list`: list whose codes a code or topic
    property takes. `category`: group of facts after Annex II B of Reg. (EU) 2016/794 (list field_groups);
    null where the fact can say nothing about a person. `required`: a record without it says nothing (the ends
    of a link, the number of a document). `special`: may reveal origin, belief, opinion or biometrics, kept
    only when strictly necessary (Directive (EU) 2016/680 Art. 10). `origin`: FollowTheMoney where a
    writer of that format may emit it.
    """

    name: Word
    label: Label
    kind: Kind
    identifier_kind: IdentifierKind | None = None
    matchable: bool = False
    range: str | None = None
    code_list: str | None = None
    category: str | None = None
    required: bool = False
    special: bool = False
    origin: Origin = "FollowTheMoney"


class LinkEnds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The two properties that hold the ends of a link, and how the link reads from source to target."""

    source: Word
    target: Word
    directed: bool
    label: Label


class Thing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A type of thing or link.

    `link` is null for a thing. `abstract` types only pass on properties. `personal`: a record of this type
    speaks of a natural person by its nature, so that it needs a data-subject category; not inherited. For
    other types the linked persons carry the category.
    """

    name: Word
    label: Label
    extends: tuple[str, ...] = ()
    link: LinkEnds | None = None
    properties: tuple[Property, ...] = ()
    personal: bool = False
    abstract: bool = False
    origin: Origin = "FollowTheMoney"


def line_of(things: Mapping[str, Thing], name: str) -> tuple[str, ...]:
    """The type itself and everything it descends from, nearest first, each once."""
    line: dict[str, None] = {}
    queue = [name]
    for current in queue:
        if current not in line:
            line[current] = None
            queue.extend(things[current].extends)
    return tuple(line)


def inherit(things: Mapping[str, Thing]) -> Mapping[str, Mapping[str, Property]]:
    """The properties of every type, own and inherited; the nearest declaration counts.

    Raises DamagedVocabulary where a type descends from itself or from an unknown type, redeclares a property
    with another kind, points to an unknown type, or names a link end that it does not have.
    """
    everything: dict[str, Mapping[str, Property]] = {}
    for name in _ancestors_first(things):
        thing = things[name]
        own: dict[str, Property] = {}
        for declared in thing.properties:
            if declared.name in own:
                raise _damaged(name, f"property {declared.name!r} stands twice")
            _check_property(things, name, declared)
            own[declared.name] = declared
        merged = dict(own)
        for parent in thing.extends:
            for prop in everything[parent].values():
                known = merged.setdefault(prop.name, prop)
                if known.kind != prop.kind:
                    raise _damaged(name, f"property {prop.name!r} has another kind in {parent!r}")
        if thing.link is not None:
            _check_ends(name, thing.link, merged)
        everything[name] = MappingProxyType(merged)
    return MappingProxyType(everything)


def _ancestors_first(things: Mapping[str, Thing]) -> list[str]:
    done: dict[str, None] = {}
    open_: set[str] = set()

    def visit(name: str) -> None:
        if name in done:
            return
        if name in open_:
            raise _damaged(name, "descends from itself")
        open_.add(name)
        for parent in things[name].extends:
            if parent not in things:
                raise _damaged(name, f"extends the unknown type {parent!r}")
            visit(parent)
        done[name] = None

    for name in things:
        visit(name)
    return list(done)


def _check_property(things: Mapping[str, Thing], name: str, prop: Property) -> None:
    if (prop.kind == "entity") != (prop.range is not None):
        raise _damaged(name, f"property {prop.name!r}: an entity property alone has a range")
    if prop.range is not None and prop.range not in things:
        raise _damaged(name, f"property {prop.name!r} points to the unknown type {prop.range!r}")
    if (prop.kind in ("code", "topic")) != (prop.code_list is not None):
        raise _damaged(name, f"property {prop.name!r}: a code or topic property alone has a code list")


def _check_ends(name: str, link: LinkEnds, properties: Mapping[str, Property]) -> None:
    for end in (link.source, link.target):
        if end not in properties or properties[end].kind != "entity":
            raise _damaged(name, f"link end {end!r} is no entity property of this type")


def _damaged(name: str, reason: str) -> DamagedVocabulary:
    return DamagedVocabulary(FILE, f"entry {name!r}", reason)
