"""Facts: what is said of a thing, property by property, what contradicts itself, and what it was called before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from alidade.services.picture.captions import firmness
from alidade.services.picture.seeing import Picture, SeenThing
from alidade.services.picture.ties import SeenTie
from alidade.store.reading import SeenStatement
from alidade.vocabulary import Label, Vocabulary

# Of what there can be only one at a time: several values said are a conflict.
ONE_VALUE: Final = frozenset(
    {
        "birthDate", "deathDate", "gender", "imoNumber", "mmsi", "flag", "vin", "registrationNumber",
        "incorporationDate", "dissolutionDate", "jurisdiction", "buildDate", "startDate", "endDate",
    }
)  # fmt: skip
# Of what kind of thing which facts are missed where nobody says them.
EXPECTED: Final[Mapping[str, tuple[str, ...]]] = {
    "Person": ("name", "birthDate", "nationality", "idNumber"),
    "Company": ("name", "registrationNumber", "jurisdiction"),
    "Vessel": ("name", "imoNumber", "flag"),
    "Vehicle": ("registrationNumber",),
}
_OWNING: Final = frozenset({"owner", "operator", "holder", "subscriber", "registrant", "Ownership", "Succession"})
Changing = Literal["name", "flag", "owner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """All that is said of one property, firmest first; in conflict where there can be one value and several are said.

    `label` is None for a property that the vocabulary does not know for this type.
    """

    property: str
    label: Label | None
    statements: tuple[SeenStatement, ...]
    conflict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the history: a name, a flag or an owner, from when to when, and who says so.

    `value` for names and flags; `other` and `tie` for owners.
    """

    kind: Changing
    value: str
    original: str | None
    other: SeenThing | None
    tie: SeenTie | None
    said: SeenStatement
    valid_from: str | None
    valid_to: str | None


def held(statement: SeenStatement, day: str) -> bool:
    """Whether a statement had been given by a day (YYYY-MM-DD) and held on it, as far as anybody says when it held."""
    return statement.given_at[:10] <= day and _covers(statement.valid_from, statement.valid_to, day)


def tie_held(tie: SeenTie, day: str) -> bool:
    """The same for a tie."""
    given = any(each.given_at[:10] <= day for each in tie.statements)
    return given and _covers(tie.valid_from, tie.valid_to, day)


def _covers(start: str | None, end: str | None, day: str) -> bool:
    # Dates may be a year or a month alone: each is compared as far as it goes.
    began = start is None or start <= day
    return began and (end is None or end >= day[: len(end)])


def facts_of(thing: str, statements: Iterable[SeenStatement], vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """What is said, by property, in the order of the vocabulary, the name first; ties are told elsewhere."""
    by_name: dict[str, list[SeenStatement]] = {}
    for each in statements:
        by_name.setdefault(each.property, []).append(each)
    known = vocabulary.properties_of(thing) if thing in vocabulary.things else {}
    order = {name: place for place, name in enumerate(known)}
    found = []
    for name in sorted(by_name, key=lambda name: (name != "name", order.get(name, len(order)), name)):
        said = sorted(by_name[name], key=lambda each: (firmness(each.evaluation), each.number))
        definition = known.get(name)
        if definition is not None and definition.kind == "entity":
            continue
        found.append(
            Fact(
                property=name,
                label=None if definition is None else definition.label,
                statements=tuple(said),
                conflict=name in ONE_VALUE and _differ(said),
            )
        )
    return tuple(found)


def _differ(said: Sequence[SeenStatement]) -> bool:
    """Whether two different values are said to hold at the same time, as far as anybody says when they hold."""
    return any(
        one.value.casefold() != other.value.casefold() and not _apart(one, other) and not _apart(other, one)
        for place, one in enumerate(said)
        for other in said[:place]
    )


def _apart(one: SeenStatement, other: SeenStatement) -> bool:
    """Whether one had ended before the other began."""
    if one.valid_to is None or other.valid_from is None:
        return False
    least = min(len(one.valid_to), len(other.valid_from))
    return one.valid_to[:least] < other.valid_from[:least]


def missing(thing: str, statements: Iterable[SeenStatement], vocabulary: Vocabulary) -> tuple[Label, ...]:
    """The facts that one would expect of such a thing and that nobody says to this viewer."""
    said = {each.property for each in statements}
    known = vocabulary.properties_of(thing) if thing in vocabulary.things else {}
    return tuple(known[name].label for name in EXPECTED.get(thing, ()) if name in known and name not in said)


def history_of(thing: SeenThing, picture: Picture, vocabulary: Vocabulary) -> tuple[Change, ...]:
    """Names, flags and owners that the thing has had, in the order of time; undated ones first."""
    known = vocabulary.properties_of(thing.thing) if thing.thing in vocabulary.things else {}
    changes: list[Change] = []
    for each in thing.statements:
        definition = known.get(each.property)
        if definition is not None and definition.kind == "name":
            changes.append(_said("name", each))
        elif each.property == "flag":
            changes.append(_said("flag", each))
    for tie in picture.ties:
        other = _owner(tie, thing, picture)
        if other is not None:
            first = min(tie.statements, key=lambda each: each.number)
            changes.append(
                Change(
                    kind="owner", value="", original=None, other=other, tie=tie, said=first, valid_from=tie.valid_from,
                    valid_to=tie.valid_to,
                )
            )  # fmt: skip
    order: Sequence[Changing] = ("name", "flag", "owner")
    return tuple(sorted(changes, key=lambda c: (order.index(c.kind), c.valid_from or "", c.said.number)))


def _said(kind: Changing, each: SeenStatement) -> Change:
    return Change(
        kind=kind, value=each.value, original=each.original, other=None, tie=None, said=each,
        valid_from=each.valid_from, valid_to=each.valid_to,
    )  # fmt: skip


def _owner(tie: SeenTie, thing: SeenThing, picture: Picture) -> SeenThing | None:
    """Whose the thing is or was by this tie: the owner is the source of a link, and the target of a property."""
    if tie.kind not in _OWNING:
        return None
    by_link = tie.kind[:1].isupper()
    held_by, owned = (tie.source, tie.target) if by_link else (tie.target, tie.source)
    return picture.things.get(held_by) if owned == thing.id else None
