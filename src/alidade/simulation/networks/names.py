"""Names: invented people, companies, vessels and addresses, in the habits of the State they come from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from alidade.simulation.networks.chance import Chance

FOLDER: Final = Path(__file__).parent / "data"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Habits of one language area: given names of men and women, parts of surnames, towns, how a street is written."""

    m: tuple[str, ...]
    f: tuple[str, ...]
    roots: tuple[str, ...]
    ends: tuple[str, ...]
    two: bool
    cities: tuple[str, ...]
    street: str
    script: str = "Latn"

    def surname(self, chance: Chance) -> str:
        """A surname put together from parts; some are borne by many."""
        return chance.head_of(self.roots) + chance.one_of(self.ends)


class Port(msgspec.Struct, frozen=True, kw_only=True):
    """A port with its UN/LOCODE and position."""

    code: str
    name: str
    country: str
    latitude: float
    longitude: float


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that names are made from."""

    groups: Mapping[str, Group]
    states: Mapping[str, str]
    company: tuple[str, ...]
    trade: tuple[tuple[str, ...], ...]
    forms: Mapping[str, tuple[str, ...]]
    vessel1: tuple[str, ...]
    vessel2: tuple[str, ...]
    streets: tuple[str, ...]
    makes: tuple[tuple[str, str], ...]

    def group_of(self, state: str) -> Group:
        """The habits of a State; those of English where it is not listed."""
        return self.groups[self.states.get(state, "en")]

    def person(self, chance: Chance, state: str, gender: str) -> tuple[str, str]:
        """Given name and surname of somebody from a State."""
        group = self.group_of(state)
        given = chance.head_of(group.m if gender == "male" else group.f)
        surname = group.surname(chance)
        if group.two:
            surname += " " + group.surname(chance)
        return given, surname

    def company_name(self, chance: Chance, state: str) -> str:
        """An invented company of a State, with its legal form."""
        form = chance.one_of(self.forms[self.states.get(state, "en")])
        word = chance.one_of(self.company)
        if chance.happens(0.5):
            word += " " + self.group_of(state).surname(chance)
        return f"{word} {chance.one_of(chance.one_of(self.trade))} {form}"

    def vessel_name(self, chance: Chance) -> str:
        """An invented vessel; many bear the same name."""
        name = f"{chance.one_of(self.vessel1)} {chance.one_of(self.vessel2)}"
        return f"{name} {chance.one_of(('I', 'II', 'III', 'V'))}" if chance.happens(0.2) else name

    def address(self, chance: Chance, state: str) -> tuple[str, str]:
        """An invented address (in full) and its town."""
        group = self.group_of(state)
        city = chance.one_of(group.cities)
        named = chance.one_of(self.streets) if chance.happens(0.4) else group.surname(chance)
        street = group.street.format(named, chance.between(1, 240))
        return f"{street}, {chance.between(1000, 99999):05d} {city}", city


@cache
def pool() -> Pool:
    """The parts of names, read once."""
    return msgspec.json.decode((FOLDER / "names.json").read_bytes(), type=Pool)


@cache
def ports() -> tuple[Port, ...]:
    """The ports of the rehearsal, read once."""
    content = msgspec.json.decode((FOLDER / "ports.json").read_bytes())
    return msgspec.convert(content["ports"], tuple[Port, ...])
