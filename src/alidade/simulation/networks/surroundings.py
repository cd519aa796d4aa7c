"""Surroundings: everybody else: innocent people and companies, and what many of them have in common by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alidade.simulation.networks import making, numbers
from alidade.simulation.networks.chance import Chance
from alidade.simulation.networks.names import pool
from alidade.simulation.networks.truth import Thing, World

BUILDINGS: Final = 40
SERVICES: Final = 24
SWITCHBOARDS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What many unrelated people share: large buildings, service companies, switchboards."""

    buildings: tuple[str, ...]
    services: tuple[int, ...]
    switchboards: tuple[str, ...]


class Surroundings:
    """Makes innocent people and things, one at a time."""

    def __init__(self, world: World, seed: int, states: Sequence[str]) -> None:
        self._world = world
        self._seed = seed
        self._states = tuple(states)
        chance = Chance(seed, "common")
        services = [making.company(world, chance, chance.one_of(self._states), "common") for _ in range(SERVICES)]
        self.common = Common(
            buildings=tuple(pool().address(chance, chance.one_of(self._states))[0] for _ in range(BUILDINGS)),
            services=tuple(company.number for company in services),
            switchboards=tuple(numbers.phone(chance) for _ in range(SWITCHBOARDS)),
        )

    def next(self, number: int) -> tuple[Thing, ...]:
        """One more innocent thing, with what belongs to it: mostly people."""
        chance = Chance(self._seed, "around", number)
        state = chance.one_of(self._states)
        kind = chance.below(100)
        if kind < 62:
            return self._person(chance, state)
        if kind < 78:
            return self._company(chance, state)
        if kind < 88:
            holder = making.person(self._world, chance, state, "innocent")
            car = making.vehicle(self._world, chance, holder)
            self._world.tie("Use", {"user": holder.number, "used": car.number}, {"role": "driver"}, None)
            return holder, car
        if kind < 92:
            return (making.vessel(self._world, chance, state, "innocent"),)
        if kind < 96:
            return (making.container(self._world, chance, state),)
        holder = making.person(self._world, chance, state, "innocent")
        phone = making.phone(self._world, chance, holder, main=True)
        self._world.tie("Use", {"user": holder.number, "used": phone.number}, {"role": "user"}, None)
        return holder, phone

    def _person(self, chance: Chance, state: str) -> tuple[Thing, ...]:
        person = making.person(self._world, chance, state, "innocent")
        if chance.happens(0.12):
            person.values["address"] = chance.one_of(self.common.buildings)
        if chance.happens(0.03):
            person.values["phone"] = chance.one_of(self.common.switchboards)
        if chance.happens(0.1):
            employer = self._world.things[chance.one_of(self.common.services)]
            ends = {"employee": person.number, "employer": employer.number}
            self._world.tie("Employment", ends, {"role": "employee"}, None)
            return person, employer
        return (person,)

    def _company(self, chance: Chance, state: str) -> tuple[Thing, ...]:
        company = making.company(self._world, chance, state, "innocent")
        if chance.happens(0.25):
            company.values["address"] = chance.one_of(self.common.buildings)
        if not chance.happens(0.3):
            return (company,)
        director = making.person(self._world, chance, state, "innocent")
        ends = {"director": director.number, "organization": company.number}
        self._world.tie("Directorship", ends, {"role": "director"}, None)
        return company, director

    def entangle(self, network_people: Sequence[int], number: int) -> None:
        """Tie some people of a network to a service company that everybody uses: it says nothing about them."""
        chance = Chance(self._seed, "entangle", number)
        for person in network_people:
            if chance.happens(0.12):
                company = self._world.things[chance.one_of(self.common.services)]
                values = {
                    "date": making.some_day(chance),
                    "amount": str(chance.between(2, 90) * 10),
                    "currency": "EUR",
                    "purpose": chance.one_of(("rent of a car", "fee", "ticket", "goods")),
                }
                self._world.tie("Payment", {"payer": person, "beneficiary": company.number}, values, None)
