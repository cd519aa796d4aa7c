"""Writing: how an authority writes down one thing: what it knows of it, what it gets wrong, how it spells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from alidade.model.draft import Claim
from alidade.simulation.networks import mistakes
from alidade.simulation.networks.chance import Chance
from alidade.simulation.networks.names import pool
from alidade.simulation.networks.truth import Thing

#: How often each property is known, where it is known at all; what is not listed is always known.
KNOWN: Final[Mapping[str, Mapping[str, float]]] = {
    "Person": {
        "name": 0.985, "birthDate": 0.94, "nationality": 0.75, "gender": 0.5, "birthPlace": 0.35,
        "passportNumber": 0.35, "idNumber": 0.3, "phone": 0.3, "email": 0.12, "address": 0.4,
    },
    "Company": {
        "registrationNumber": 0.7, "taxNumber": 0.4, "incorporationDate": 0.4, "phone": 0.3, "address": 0.6,
        "jurisdiction": 0.85,
    },
    "Vessel": {"name": 0.97, "imoNumber": 0.75, "mmsi": 0.5, "callSign": 0.35, "flag": 0.8, "type": 0.6},
    "Vehicle": {
        "registrationNumber": 0.95, "vin": 0.45, "make": 0.7, "model": 0.5, "colour": 0.5, "registrationCountry": 0.7,
    },
    "Container": {"sizeType": 0.3, "refrigerated": 0.3},
    "BankAccount": {"bankName": 0.5},
    "Address": {"city": 0.6, "country": 0.9},
}  # fmt: skip
#: How often something is written wrongly.
TYPING: Final = 0.07
ORDER: Final = 0.12
SHORTER: Final = 0.05
SPELLING: Final = 0.5  # of names from other scripts, each office its own
MARKS_LOST: Final = 0.3
OWN_SCRIPT: Final = 0.35
OLD_NAME: Final = 0.35
DATE_PARTLY: Final = 0.03
DATE_WRONG: Final = 0.025
NUMBER_WRONG: Final = 0.015
PLACEHOLDER: Final = 0.006
_EMPTY_WORDS: Final = {
    "birthDate": "1900-01-01",
    "passportNumber": "XXXXXXXXX",
    "phone": "+000000000",
    "name": "UNKNOWN",
}
_NUMBERS: Final = frozenset(
    ("passportNumber", "idNumber", "phone", "number", "registrationNumber", "taxNumber", "imoNumber", "mmsi",
     "callSign", "vin", "containerNumber", "iban")
)  # fmt: skip
GRADES: Final = ("A1", "A1", "A2", "B1", "B2", "B2", "B2", "B3", "C2", "C3", "X3", "X4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in a record, and by which of its properties it can be known again.

    `marks` has the names of properties that say something true: right numbers, dates that are right or nearly so, the
    name of today or the old one, with slips.
    """

    claims: tuple[Claim, ...]
    marks: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """Who writes: by chance, in the script and the habits of a State."""

    chance: Chance
    script: str
    state: str


def write(thing: Thing, clerk: Clerk) -> Written:
    """The thing as one clerk of an authority writes it down."""
    chance = clerk.chance
    grade = chance.one_of(GRADES) if chance.happens(0.9) else None
    marks: set[str] = set()
    claims = tuple(_claims(thing, clerk, grade, marks))
    if not claims:  # something is always said
        first = next(iter(thing.values))
        marks.add(first)
        claims = (Claim(property=first, value=thing.values[first], evaluation=grade),)
    return Written(claims=claims, marks=frozenset(marks))


def _claims(thing: Thing, clerk: Clerk, grade: str | None, marks: set[str]) -> Iterator[Claim]:
    chance = clerk.chance
    shares = KNOWN.get(thing.kind, {})
    empty = chance.one_of(tuple(_EMPTY_WORDS)) if thing.kind == "Person" and chance.happens(PLACEHOLDER) else ""
    for name, value in thing.values.items():
        if not chance.happens(shares.get(name, 1.0)):
            continue
        if name == empty:
            yield Claim(property=name, value=_EMPTY_WORDS[name], evaluation=grade)
        elif name == "name":
            yield from _names(thing, clerk, grade, marks)
        else:
            written = _value(chance, name, value, marks)
            yield Claim(property=name, value=written, original=_as_typed(name, written), evaluation=grade)
    if thing.alias and chance.happens(0.4):
        marks.add("alias")
        yield Claim(property="alias", value=thing.alias, evaluation=grade)


def _value(chance: Chance, name: str, value: str, marks: set[str]) -> str:
    """One value as it is written, with its slips."""
    if name == "birthDate":
        return _date(chance, value, marks)
    if name in _NUMBERS:
        if chance.happens(NUMBER_WRONG):
            return mistakes.wrong_digit(chance, value)
        marks.add(name)
    elif name in ("address", "full"):
        marks.add("address")
        return mistakes.typing(chance, value) if chance.happens(TYPING) else value
    elif name == "email":
        marks.add(name)
    return value


def _date(chance: Chance, day: str, marks: set[str]) -> str:
    marks.add("birthDate")  # wrong ones too: they stay near the right one
    if chance.happens(DATE_WRONG):
        return mistakes.wrong_date(chance, day)
    if chance.happens(DATE_PARTLY):
        return day[: chance.one_of((4, 4, 7))]
    return f"{day[:4]}-01-01" if chance.happens(0.008) else day


def _names(thing: Thing, clerk: Clerk, grade: str | None, marks: set[str]) -> Iterator[Claim]:
    """The name as the authority has it: now and then the old one, spelled its own way, with slips."""
    chance, true = clerk.chance, thing.values["name"]
    if thing.old_name and chance.happens(OLD_NAME):
        marks.add("old name")
        true = thing.old_name
    else:
        marks.add("name")
        if thing.old_name and chance.happens(0.25):
            marks.add("old name")
            yield Claim(property="previousName", value=thing.old_name, evaluation=grade)
    if thing.kind == "Person":
        written = _spelled(true, thing.state, clerk)
    else:
        written = mistakes.without_marks(true) if chance.happens(MARKS_LOST) else true
        if thing.kind == "Company" and chance.happens(0.12):
            written = written.rsplit(" ", 1)[0]  # without its legal form
    if chance.happens(TYPING):
        written = mistakes.typing(chance, written)
    yield Claim(property="name", value=written or true, evaluation=grade)


def _spelled(true: str, origin: str, clerk: Clerk) -> str:
    """The name of a person in the clerk's script and habits."""
    chance, script = clerk.chance, clerk.script
    of = pool().group_of(origin).script
    written = true
    if script != "Latn" and chance.happens(OWN_SCRIPT):
        written = mistakes.in_script(true, "GrekOwn" if script == of == "Grek" else script) or true
    elif of != "Latn" and origin != clerk.state and chance.happens(SPELLING):
        written = mistakes.other_romanisation(chance, true)
    elif chance.happens(MARKS_LOST):
        written = mistakes.without_marks(true)
    if chance.happens(SHORTER):
        written = mistakes.shorter(chance, written)
    return mistakes.other_order(written) if chance.happens(ORDER) else written


def _as_typed(name: str, value: str) -> str | None:
    """How sources write a number, where that differs from its normal form."""
    if name == "imoNumber":
        return f"IMO {value}"
    if name == "iban":
        return " ".join(value[start : start + 4] for start in range(0, len(value), 4))
    return None


def findable(kind: str, one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two records of one thing hold enough in common to be found to be one at all.

    A right number in both; or the same name in both and, for people, birth date, address or nickname in both. Vessels
    share their names, so a name alone does not tell them; an address is known by its text.
    """
    both = one & other
    if both & (_NUMBERS | {"email"}):
        return True
    same_name = bool(both & {"name", "old name"})
    if kind == "Person":
        return same_name and bool(both & {"birthDate", "address", "alias"})
    if kind == "Company":
        return same_name
    return kind == "Address" and "address" in both
