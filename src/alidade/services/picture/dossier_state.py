"""Dossier state: what a dossier of a network says, which of it a reader may see, and what differs between two.

What is said of a person stands in an object that names his record, so that an erasure takes all of it; and so that
whoever may not see the record reads nothing of it, and does not find it counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from alidade.model.errors import Invalid, NotFound

MOST_MEMBERS: Final = 500
MOST_LINES: Final = 200

Reference = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Code = Annotated[str, Meta(min_length=1, max_length=60, pattern="^[A-Za-z0-9_.-]+$")]
OptionalCode = Annotated[str, Meta(max_length=60, pattern="^[A-Za-z0-9_.-]*$")]
Day = Annotated[str, Meta(pattern=r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?$")]
Grade = Annotated[str, Meta(pattern="^([A-DX][1-4X])?$")]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Words = Annotated[str, Meta(max_length=2_000)]
Text = Annotated[str, Meta(max_length=20_000)]
Standing = Literal["candidate", "confirmed", "rejected"]
LEVELS: Final = ("low", "medium", "high")


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all parts have in common: strict when read, short when written."""


class Member(_Part, frozen=True, kw_only=True):
    """Somebody or something that may belong to the network, by its record.

    `role` is a code of the list of roles, empty where not known. A "candidate" is one until a person has ruled.
    `evidence` says what speaks for the role, `certainty` is a 4x4 grade ("B2") that the member belongs to it.
    """

    record: Reference
    role: OptionalCode = ""
    standing: Standing = "candidate"
    evidence: Annotated[tuple[Words, ...], Meta(max_length=20)] = ()
    certainty: Grade = ""
    since: Day = ""
    until: Day = ""
    note: Words = ""
    ruled_by: Annotated[str, Meta(max_length=128)] = ""
    ruled_on: Day = ""


class LifeEvent(_Part, frozen=True, kw_only=True):
    """Something in the life of the network: a code of life_events, its day, and the other dossiers concerned."""

    kind: Code
    day: Day = ""
    others: Annotated[tuple[Reference, ...], Meta(max_length=20)] = ()
    text: Words = ""


class Gap(_Part, frozen=True, kw_only=True):
    """What to find out next, and who could know."""

    question: Words
    who: Annotated[str, Meta(max_length=300)] = ""
    asked_on: Day = ""
    answered_on: Day = ""


class Trait(_Part, frozen=True, kw_only=True):
    """How far something is true of the network (a code of traits): "low", "medium" or "high"; not named: not known."""

    trait: Code
    level: Literal["low", "medium", "high"]


class Issued(_Part, frozen=True, kw_only=True):
    """A product written from the dossier: the piece with the text above the tear-line, and the text below it."""

    product: Reference
    below: Text = ""
    issued_on: Day = ""


class Dossier(_Part, frozen=True, kw_only=True):
    """A network: what it is called, what it does and where, its life, its members, what is still not known.

    The first of the `names` is its name, the others are aliases. `rounds` are the mappings for which it was written
    ("2026"), `countries` ISO 3166-1 codes, `summary` has a text for each paragraph. Whatever stands alone stands in a
    list, so that an erasure takes one line and leaves the dossier.
    """

    names: Annotated[tuple[Name, ...], Meta(max_length=MOST_LINES)] = ()
    rounds: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...], Meta(max_length=20)] = ()
    structures: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    summary: Annotated[tuple[Text, ...], Meta(max_length=MOST_LINES)] = ()
    crime_areas: Annotated[tuple[Code, ...], Meta(max_length=MOST_LINES)] = ()
    countries: Annotated[tuple[Code, ...], Meta(max_length=MOST_LINES)] = ()
    traits: Annotated[tuple[Trait, ...], Meta(max_length=MOST_LINES)] = ()
    life: Annotated[tuple[LifeEvent, ...], Meta(max_length=MOST_LINES)] = ()
    members: Annotated[tuple[Member, ...], Meta(max_length=MOST_MEMBERS)] = ()
    gaps: Annotated[tuple[Gap, ...], Meta(max_length=MOST_LINES)] = ()
    products: Annotated[tuple[Issued, ...], Meta(max_length=MOST_LINES)] = ()

    @property
    def name(self) -> str:
        """What the network is called; empty where an erasure took it."""
        return self.names[0] if self.names else ""

    @property
    def aliases(self) -> tuple[str, ...]:
        """What else it is called."""
        return self.names[1:]

    def member(self, record: str) -> Member | None:
        """The member of this record."""
        return next((each for each in self.members if each.record == record), None)

    def records(self) -> list[str]:
        """The records that it names."""
        return sorted({each.record for each in self.members})

    @property
    def belonging(self) -> tuple[Member, ...]:
        """The members without those of whom a person has ruled that they do not belong to it."""
        return tuple(each for each in self.members if each.standing != "rejected")

    @property
    def state(self) -> str:
        """The newest event of its life, a code; empty where none is known. Events without a day come first."""
        newest = sorted(enumerate(self.life), key=lambda pair: (pair[1].day, pair[0]))
        return newest[-1][1].kind if newest else ""

    def within(self, sees: Callable[[str], bool], opens: Callable[[str], bool]) -> Dossier:
        """The same without members of records that are not seen and references of pieces that are not opened."""
        return replace(
            self,
            members=tuple(each for each in self.members if sees(each.record)),
            life=tuple(replace(each, others=tuple(filter(opens, each.others))) for each in self.life),
            products=tuple(each for each in self.products if opens(each.product)),
        )

    def with_member(self, member: Member) -> Dossier:
        """The same with a member, in the place of the one of its record, or as the last."""
        if self.member(member.record) is None:
            return replace(self, members=(*self.members, member))
        return replace(self, members=tuple(member if each.record == member.record else each for each in self.members))

    def without_member(self, record: str) -> Dossier:
        """The same without the member of a record. Raises NotFound."""
        if self.member(record) is None:
            raise NotFound("This dossier has no member with this reference that you may see.")
        return replace(self, members=tuple(each for each in self.members if each.record != record))


def decode_dossier(body: bytes) -> Dossier:
    """The dossier that JSON says. Raises Invalid where it is none; the value is not repeated."""
    try:
        return msgspec.json.decode(body, type=Dossier)
    except msgspec.ValidationError as wrong:
        where = str(wrong).partition("`")[2].strip("`") or "$"
        raise Invalid(
            f"This is no dossier: the part {where} is wrong.",
            remedy="See the description of dossiers.",
            code="dossier_wrong",
        ) from None
    except msgspec.DecodeError:
        raise Invalid("This is no dossier: it is not written in JSON.", code="dossier_wrong") from None


def encode_dossier(dossier: Dossier) -> bytes:
    """The same as JSON."""
    return msgspec.json.encode(dossier)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field that reads otherwise: for a list what came and what went, else what it was and what it is."""

    field: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs between two states of a dossier, by records: who stayed, left, came, and whose role changed."""

    stayed: tuple[str, ...]
    left: tuple[str, ...]
    come: tuple[str, ...]
    roles: tuple[tuple[str, str, str], ...]
    fields: tuple[FieldChange, ...]


def difference(earlier: Dossier, later: Dossier) -> Difference:
    """What differs. Members of whom a person ruled that they do not belong to it do not count."""
    before = {each.record: each for each in earlier.belonging}
    after = {each.record: each for each in later.belonging}
    both = [record for record in before if record in after]
    return Difference(
        stayed=tuple(both),
        left=tuple(record for record in before if record not in after),
        come=tuple(record for record in after if record not in before),
        roles=tuple((r, before[r].role, after[r].role) for r in both if before[r].role != after[r].role),
        fields=tuple(_field_changes(earlier, later)),
    )


def _field_changes(earlier: Dossier, later: Dossier) -> Iterator[FieldChange]:
    listed: dict[str, Callable[[Dossier], list[str]]] = {
        "names": lambda one: list(one.names),
        "rounds": lambda one: list(one.rounds),
        "structures": lambda one: list(one.structures),
        "summary": lambda one: list(one.summary),
        "crime_areas": lambda one: list(one.crime_areas),
        "countries": lambda one: list(one.countries),
        "traits": lambda one: [f"{each.trait}:{each.level}" for each in one.traits],
        "life": lambda one: [f"{each.kind} {each.day}".strip() for each in one.life],
        "gaps": lambda one: [each.question for each in one.gaps if not each.answered_on],
    }
    for name, read in listed.items():
        was, now = read(earlier), read(later)
        gone = tuple(each for each in was if each not in now)
        come = tuple(each for each in now if each not in was)
        if gone or come:
            yield FieldChange(field=name, gone=gone, come=come)
