"""Building: criminal networks of 8 to 38 people in cells over several States, with what they own and what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from alidade.simulation.networks import making
from alidade.simulation.networks.chance import Chance
from alidade.simulation.networks.truth import Network, Thing, World

FEWEST: Final = 8
MOST: Final = 38
#: Share of the ties between people that lead out of the network, to people of another one.
CROSS: Final = 0.06
_AREAS: Final = (
    "drug_trafficking", "drug_trafficking", "drug_trafficking", "immigrant_smuggling", "human_trafficking",
    "money_laundering", "fraud", "arms_trafficking", "robbery",
)  # fmt: skip
_SOURCES: Final = ("EC", "CO", "BR", "MA", "TR", "AL", "PE")
_NAMES: Final = (
    "Garoa", "Basalt", "Corvus", "Drava", "Ember", "Ferrum", "Gneiss", "Heron", "Indigo", "Juniper", "Krait", "Lynx",
    "Maple", "Nimbus", "Onyx",
)  # fmt: skip


class Builder:
    """Builds networks into a world, one after the other; `ports` are the numbers of the ports by State."""

    def __init__(self, world: World, seed: int, states: Sequence[str], ports: Sequence[int]) -> None:
        self._world = world
        self._seed = seed
        self._states = tuple(dict.fromkeys(states))
        self._ports = tuple(ports)

    def build(self) -> Network:
        """One more network, with everything that belongs to it."""
        number = len(self._world.networks)
        chance = Chance(self._seed, "network", number)
        area = chance.one_of(_AREAS)
        states = chance.some_of(self._states, chance.between(2, min(6, max(2, len(self._states)))))
        if area == "drug_trafficking":
            states.append(chance.one_of(_SOURCES))
        states = list(dict.fromkeys(states))
        cells = self._cells(chance, number, states)
        leader = cells[0][0].number
        everybody = [member for cell in cells for member in cell]
        brokers = tuple(member.number for member in chance.some_of(everybody[1:], chance.between(1, 2)))
        network = Network(
            number=number,
            name=f"{_NAMES[number % len(_NAMES)]} {number // len(_NAMES) + 1}",
            area=area,
            states=tuple(states),
            cells=tuple(tuple(member.number for member in cell) for cell in cells),
            leader=leader,
            brokers=brokers,
        )
        self._world.networks.append(network)
        phones = {member.number: self._belongings(chance, member) for member in everybody}
        self._people(chance, network, phones)
        fronts = self._fronts(chance, network, everybody)
        if area == "drug_trafficking" or chance.happens(0.2):
            self._cargo(chance, network, fronts, everybody)
        self._around(chance, network, everybody)
        return network

    def _cells(self, chance: Chance, number: int, states: Sequence[str]) -> list[list[Thing]]:
        size = FEWEST + int((MOST - FEWEST + 1) * chance.part() ** 1.6)
        cells: list[list[Thing]] = []
        while size > 0:
            count = min(size, chance.between(3, 7))
            if 0 < size - count < 3:
                count = size
            state = states[len(cells) % len(states)]
            cell = [
                making.person(
                    self._world,
                    chance,
                    state if chance.happens(0.75) else chance.one_of(states),
                    "member",
                    network=number,
                )
                for _ in range(count)
            ]
            cells.append(cell)
            size -= count
        return cells

    def _belongings(self, chance: Chance, member: Thing) -> list[int]:
        """Telephones, cars and accounts of a member; the numbers of his telephones."""
        world, network = self._world, member.network
        phones = [making.phone(world, chance, member, main=True)]
        if chance.happens(0.35):
            phones.append(making.phone(world, chance, member))
        for phone in phones:
            world.tie("Use", {"user": member.number, "used": phone.number}, {"role": "user"}, network)
        if chance.happens(0.3):
            car = making.vehicle(world, chance, member)
            world.tie("Use", {"user": member.number, "used": car.number}, {"role": "driver"}, network)
        if chance.happens(0.25):
            account = making.account(world, chance, member)
            world.tie("Ownership", {"owner": member.number, "asset": account.number}, {}, network)
        return [phone.number for phone in phones]

    def _people(self, chance: Chance, network: Network, phones: Mapping[int, Sequence[int]]) -> None:
        """Who deals with whom: all of a cell with its head, many with each other, the heads with the leader."""
        heads = [cell[0] for cell in network.cells]
        pairs = [(network.leader, head) for head in heads[1:]]
        pairs += [(one, other) for one, other in pairwise(heads[1:]) if chance.happens(0.4)]
        for cell in network.cells:
            pairs += [(cell[0], member) for member in cell[1:]]
            others = cell[1:]
            pairs += [
                (one, other) for at, one in enumerate(others) for other in others[at + 1 :] if chance.happens(0.4)
            ]
        for broker in network.brokers:
            pairs += [(broker, head) for head in chance.some_of(heads, 2) if head != broker]
        for one, other in pairs:
            for _ in range(chance.between(1, 2)):
                self._dealing(chance, network.number, one, other, phones)
        for cell in network.cells:
            self._meeting(chance, network, cell)
        for _ in range(round(CROSS * len(pairs))):
            earlier = self._world.networks[: network.number]
            if earlier:
                other_network = chance.one_of(earlier[-12:])
                self._dealing(chance, None, chance.one_of(network.brokers), chance.one_of(other_network.brokers), {})

    def _dealing(
        self, chance: Chance, network: int | None, one: int, other: int, phones: Mapping[int, Sequence[int]]
    ) -> None:
        """One way in which it shows that two people deal with each other."""
        day = making.some_day(chance)
        if one in phones and other in phones and chance.happens(0.5):
            ends = {"initiator": chance.one_of(phones[one]), "receiver": chance.one_of(phones[other])}
            values = {
                "date": day,
                "channel": chance.one_of(("voice", "voice", "message", "encrypted application")),
                "numberOfContacts": str(chance.between(1, 60)),
                "duration": str(chance.between(20, 5400)),
            }
            self._world.tie("Communication", ends, values, network)
        elif chance.happens(0.15):
            values = {
                "date": day,
                "amount": str(chance.between(5, 900) * 100),
                "currency": "EUR",
                "purpose": "services",
            }
            self._world.tie("Payment", {"payer": one, "beneficiary": other}, values, network)
        else:
            relationship = chance.one_of(("meets regularly", "works for", "seen together", "relative", "partner"))
            self._world.tie(
                "Association",
                {"party": one, "counterparty": other},
                {"relationship": relationship, "startDate": day},
                network,
            )

    def _meeting(self, chance: Chance, network: Network, cell: Sequence[int]) -> None:
        """The house of a cell, who is seen there, and a meeting in it."""
        world = self._world
        state = world.things[cell[0]].state
        house = making.address(world, chance, state, network=network.number)
        for member in chance.some_of(cell, chance.between(2, 4)):
            ends = {"present": member, "place": house.number}
            world.tie("Presence", ends, {"date": making.some_day(chance)}, network.number)
        guests = chance.some_of(cell, 2)
        day = making.some_day(chance)
        meeting = {"participant": guests[0], "involved": guests[1], "place": house.number}
        world.tie("Meeting", meeting, {"name": f"Meeting of {day}", "date": day, "country": state}, network.number)

    def _fronts(self, chance: Chance, network: Network, everybody: Sequence[Thing]) -> list[Thing]:
        """Companies behind which the network works: director, owner, account, payments."""
        world, number = self._world, network.number
        fronts: list[Thing] = []
        accounts: list[Thing] = []
        for _ in range(chance.between(1, 3)):
            front = making.company(world, chance, chance.one_of(network.states), "belonging", network=number)
            director, owner = chance.some_of(everybody, 2)
            day = front.values["incorporationDate"]
            ends = {"director": director.number, "organization": front.number}
            world.tie("Directorship", ends, {"role": "director", "startDate": day}, number)
            share = {"percentage": str(chance.between(2, 10) * 10), "startDate": day}
            world.tie("Ownership", {"owner": owner.number, "asset": front.number}, share, number)
            account = making.account(world, chance, front)
            world.tie("Ownership", {"owner": front.number, "asset": account.number}, {}, number)
            fronts.append(front)
            accounts.append(account)
        for _ in range(chance.between(2, 5)):
            front = chance.one_of(fronts)
            paid = chance.one_of([*fronts, *everybody])
            if paid is not front:
                values = {
                    "date": making.some_day(chance),
                    "amount": str(chance.between(20, 4000) * 100),
                    "currency": "EUR",
                    "purpose": chance.one_of(("invoice", "loan", "transport", "consulting")),
                }
                world.tie("Payment", {"payer": front.number, "beneficiary": paid.number}, values, number)
        return fronts

    def _cargo(self, chance: Chance, network: Network, fronts: Sequence[Thing], everybody: Sequence[Thing]) -> None:
        """Vessels and containers, how they moved between ports, and what was seized from them."""
        world, number = self._world, network.number
        carrier: Thing | None = None
        if chance.happens(0.45):
            flag = chance.one_of(("PA", *network.states))
            carrier = making.vessel(world, chance, flag, "belonging", network=number)
            world.tie("Ownership", {"owner": chance.one_of(fronts).number, "asset": carrier.number}, {}, number)
            world.tie(
                "Use", {"user": chance.one_of(everybody).number, "used": carrier.number}, {"role": "skipper"}, number
            )
        boxes = [
            making.container(world, chance, network.states[0], network=number) for _ in range(chance.between(1, 4))
        ]
        for box in boxes:
            start, end = chance.some_of(self._ports, 2)
            left = making.some_day(chance)
            ends = {"moved": box.number, "departure": start, "arrival": end}
            if carrier is not None:
                ends["vehicle"] = carrier.number
                transport = {"carrier": carrier.number, "carried": box.number, "fromPlace": start, "toPlace": end}
                world.tie("Transport", transport, {"date": left}, number)
            values = {
                "name": f"Voyage of {left}",
                "date": left,
                "departureCountry": world.things[start].state,
                "destinationCountry": world.things[end].state,
            }
            world.tie("Movement", ends, values, number)
            use = {"user": chance.one_of(fronts).number, "used": box.number}
            world.tie("Use", use, {"role": "consignee"}, number)
            if chance.happens(0.35):
                self._seizure(chance, network, box, (start, end), chance.one_of(everybody))

    def _seizure(self, chance: Chance, network: Network, box: Thing, way: tuple[int, int], who: Thing) -> None:
        world = self._world
        start, end = (world.things[place] for place in way)
        kilograms = chance.between(12, 3200)
        day = making.some_day(chance)
        ends = {"container": box.number, "place": end.number, "seizedFrom": who.number}
        values = {
            "name": f"Seizure of {kilograms} kg in {end.values['name']}",
            "date": day,
            "quantity": str(kilograms),
            "unit": "kg",
            "country": end.state,
            "routeFrom": start.state,
            "routeTo": end.state,
            "caseReference": f"RH-S-{network.number:05d}-{box.number}",
        }
        world.tie("Seizure", ends, values, network.number)

    def _around(self, chance: Chance, network: Network, everybody: Sequence[Thing]) -> None:
        """Innocent people near the network: relatives, employees, a lawyer; and namesakes who live elsewhere."""
        world = self._world
        for _ in range(chance.between(2, 5)):
            member = chance.one_of(everybody)
            other = making.person(world, chance, member.state, "innocent")
            if chance.happens(0.4):  # a relative: the same surname, the same address
                given = other.values["name"].split()[0]
                other.values["name"] = f"{given} {member.values['name'].partition(' ')[2]}"
                other.values["address"] = member.values["address"]
                world.tie(
                    "Family", {"person": member.number, "relative": other.number}, {"relationship": "sibling"}, None
                )
            else:
                relationship = chance.one_of(("neighbour", "employee", "lawyer", "school friend"))
                ends = {"party": member.number, "counterparty": other.number}
                world.tie("Association", ends, {"relationship": relationship}, None)
            other.holder = member.number
        for member in everybody:
            if chance.happens(0.04):
                namesake = making.person(world, chance, member.state, "innocent")
                namesake.values["name"] = member.values["name"]
                if chance.happens(0.15):  # born on the same day of another year
                    year, rest = member.values["birthDate"][:4], member.values["birthDate"][4:]
                    other_year = str(int(year) + chance.between(1, 9))
                    namesake.values["birthDate"] = other_year + rest.replace("-02-29", "-02-28")
                namesake.holder = member.number
