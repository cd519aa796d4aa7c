"""Making: single invented things: a person, a company, a vessel, a telephone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from alidade.simulation.networks import numbers
from alidade.simulation.networks.chance import Chance
from alidade.simulation.networks.names import Port, pool
from alidade.simulation.networks.truth import Role, Thing, World

FIRST_DAY: Final = date(2025, 1, 6)
LAST_DAY: Final = date(2026, 10, 30)
_NICKNAMES: Final = (
    "El Zurdo", "De Tuinder", "The Baker", "Le Grand", "Il Dottore", "Chefe", "Tio", "Kapitein", "Doctor", "Lampa",
    "Cobra", "Stari", "Pasha", "Bigote", "Gordo", "Professor", "Lobo", "Tigre", "Messi", "Rubio", "Seco", "Maestro",
)  # fmt: skip


def some_day(chance: Chance, first: date = FIRST_DAY, last: date = LAST_DAY) -> str:
    """A day of the time that the rehearsal covers."""
    return (first + timedelta(days=chance.below((last - first).days + 1))).isoformat()


def born(chance: Chance) -> str:
    """A birth date of a grown-up."""
    return (date(1955, 1, 1) + timedelta(days=chance.below(18_600))).isoformat()


def person(world: World, chance: Chance, state: str, role: Role, *, network: int | None = None) -> Thing:
    """An invented person with everything that could be known of him."""
    gender = "female" if chance.happens(0.35 if role == "innocent" else 0.14) else "male"
    given, surname = pool().person(chance, state, gender)
    address, city = pool().address(chance, state)
    values = {
        "name": f"{given} {surname}",
        "birthDate": born(chance),
        "nationality": state,
        "gender": gender,
        "birthPlace": city,
        "passportNumber": numbers.document(chance),
        "idNumber": numbers.national(chance),
        "phone": numbers.phone(chance),
        "email": f"{numbers.letters(chance, 4).lower()}{numbers.digits(chance, 4)}@rehearsal.example",
        "address": address,
    }
    found = world.add("Person", state, role, values, network=network)
    if chance.happens(0.06):
        found.old_name = f"{given} {pool().group_of(state).surname(chance)}"
    if chance.happens(0.35 if role == "member" else 0.04):
        found.alias = chance.one_of(_NICKNAMES)
    return found


def company(world: World, chance: Chance, state: str, role: Role, *, network: int | None = None) -> Thing:
    """An invented company."""
    values = {
        "name": pool().company_name(chance, state),
        "jurisdiction": state,
        "incorporationDate": f"{chance.between(1995, 2025)}-{chance.between(1, 12):02d}-{chance.between(1, 28):02d}",
        "registrationNumber": numbers.registration(chance, state),
        "taxNumber": numbers.tax(chance, state),
        "phone": numbers.phone(chance),
        "address": pool().address(chance, state)[0],
    }
    found = world.add("Company", state, role, values, network=network)
    if chance.happens(0.08):
        found.old_name = pool().company_name(chance, state)
    return found


def vessel(world: World, chance: Chance, flag: str, role: Role, *, network: int | None = None) -> Thing:
    """An invented vessel."""
    values = {
        "name": pool().vessel_name(chance),
        "imoNumber": numbers.imo(chance),
        "mmsi": numbers.mmsi(chance, flag),
        "callSign": numbers.callsign(chance),
        "flag": flag,
        "type": chance.one_of(("fishing vessel", "general cargo", "sailing vessel", "container vessel", "tug")),
    }
    found = world.add("Vessel", flag, role, values, network=network)
    if chance.happens(0.3):
        found.old_name = pool().vessel_name(chance)
    return found


def vehicle(world: World, chance: Chance, holder: Thing) -> Thing:
    """A car or lorry of a person or company."""
    make, model = chance.one_of(pool().makes)
    values = {
        "registrationNumber": numbers.plate(chance, holder.state),
        "vin": numbers.vin(chance),
        "make": make,
        "model": model,
        "registrationCountry": holder.state,
        "colour": chance.one_of(("black", "white", "grey", "blue", "red", "silver")),
    }
    return world.add("Vehicle", holder.state, "belonging", values, network=holder.network, holder=holder.number)


def phone(world: World, chance: Chance, holder: Thing, *, main: bool = False) -> Thing:
    """A telephone of a person; the main one is the number that stands in what is known of him."""
    number = holder.values["phone"] if main else numbers.phone(chance)
    return world.add(
        "Phone", holder.state, "belonging", {"number": number}, network=holder.network, holder=holder.number
    )


def account(world: World, chance: Chance, holder: Thing) -> Thing:
    """A bank account of a person or company."""
    values = {"iban": numbers.iban(chance, holder.state), "bankName": "Rehearsal Bank (invented)"}
    return world.add("BankAccount", holder.state, "belonging", values, network=holder.network, holder=holder.number)


def container(world: World, chance: Chance, state: str, *, network: int | None = None) -> Thing:
    """A container."""
    values = {
        "containerNumber": numbers.container(chance),
        "sizeType": chance.one_of(("45R1", "22G1", "42G1")),
        "refrigerated": chance.one_of(("yes", "no")),
    }
    return world.add("Container", state, "belonging", values, network=network)


def address(world: World, chance: Chance, state: str, *, network: int | None = None) -> Thing:
    """A place where people meet or goods lie."""
    full, city = pool().address(chance, state)
    role: Role = "belonging" if network is not None else "common"
    return world.add("Address", state, role, {"full": full, "city": city, "country": state}, network=network)


def port(world: World, entry: Port) -> Thing:
    """A port, as everybody knows it."""
    values = {
        "name": entry.name,
        "unLocode": entry.code,
        "country": entry.country,
        "latitude": f"{entry.latitude}",
        "longitude": f"{entry.longitude}",
        "portType": "sea port",
    }
    return world.add("Port", entry.country, "common", values)
