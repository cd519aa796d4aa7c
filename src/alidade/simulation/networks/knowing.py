"""Knowing: which authority learns of what: each sees a part, some things twice, much not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from alidade.simulation.networks.authorities import BODY, KNOWS, Cast
from alidade.simulation.networks.building import Builder
from alidade.simulation.networks.chance import Chance
from alidade.simulation.networks.surroundings import Surroundings
from alidade.simulation.networks.truth import Network, Thing, Tie, World

#: How much of all records is about networks and who is near them; the rest is about people who have nothing to do
#: with them.
ABOUT_NETWORKS: Final = 0.62
#: How often an authority has the same thing twice in its own register.
TWICE: Final = 0.03
#: How many people of networks nobody knows of.
UNKNOWN: Final = 0.05
_BATCH: Final = 250


class Record(NamedTuple):
    """One record before it is written: who gives it, about what, under which number of its own register.

    `thing` is the number of a true thing, or None where the record is about the true tie `tie`.
    """

    authority: int
    thing: int | None
    tie: int | None
    number: int


@dataclass(slots=True)
class Contribution:
    """What one authority gives at once, as numbers of records; `network` is the one it is about, if any."""

    authority: int
    network: int | None
    records: list[int] = field(default_factory=list)


class Plan:
    """Who reports what, in the order in which it is reported."""

    def __init__(self, world: World, cast: Cast, seed: int, limit: int) -> None:
        self.world = world
        self.records: list[Record] = []
        self.contributions: list[Contribution] = []
        self._cast = cast
        self._seed = seed
        self._limit = limit
        self._first: dict[tuple[int, int], int] = {}  # (authority, thing) to its first record of it
        self._counted = [0] * len(cast.seeds)

    @property
    def full(self) -> bool:
        """Whether there are as many records as wanted."""
        return len(self.records) >= self._limit

    def record_of(self, authority: int, thing: int) -> int | None:
        """The first record that an authority has of a thing."""
        return self._first.get((authority, thing))

    # -- networks -------------------------------------------------------------------------------------------------

    def report_network(self, network: Network, things: Sequence[Thing], ties: Sequence[Tie]) -> None:
        """Let the authorities of its States, and now and then others, report what they know of a network."""
        chance = Chance(self._seed, "knowing", network.number)
        near = [
            place
            for place, seed in enumerate(self._cast.seeds)
            if seed.authority.party.state in network.states
            or (seed.authority.party.function == "agency" and chance.happens(0.6))
        ]
        far = [place for place in range(len(self._cast.seeds)) if place not in near]
        knowers = chance.some_of(near, chance.between(2, 7)) + chance.some_of(far, chance.between(0, 1))
        if len(knowers) < 2:
            knowers += chance.some_of([place for place in far if place not in knowers], 2 - len(knowers))
        for authority in knowers:
            if self.full:
                return
            self._report(chance, authority, network, things, ties)

    def _report(
        self, chance: Chance, authority: int, network: Network, things: Sequence[Thing], ties: Sequence[Tie]
    ) -> None:
        party = self._cast.seeds[authority].authority.party
        habits = KNOWS.get(party.function, {})
        coverage = 0.25 + 0.5 * chance.part()
        known: set[int] = set()
        hidden = {
            each.number
            for each in things
            if each.role == "member" and Chance(self._seed, "unknown", each.number).happens(UNKNOWN)
        }
        for thing in things:
            if thing.number in hidden or thing.holder in hidden:
                continue
            here = 1.25 if thing.state == party.state else 0.85
            near = 0.5 if thing.role == "innocent" else 1.0
            if chance.happens(min(0.95, coverage * here * near * habits.get(thing.kind, 1.0))):
                known.add(thing.number)
                if thing.holder is not None and thing.role == "belonging" and chance.happens(0.8):
                    known.add(thing.holder)
        contribution = self._begin(authority, network.number)
        for number in sorted(known):
            self._add(chance, contribution, self.world.things[number])
        for tie in ties:
            if chance.happens(0.8) and self._ends_known(authority, tie):
                self._add_tie(contribution, tie)

    def _ends_known(self, authority: int, tie: Tie) -> bool:
        """Whether the authority knows everything at the ends; what is common it learns of with the tie."""
        return all(
            (authority, number) in self._first or self.world.things[number].role == "common" for number in tie.things
        )

    # -- surroundings ---------------------------------------------------------------------------------------------

    def report_around(self, surroundings: Surroundings) -> None:
        """Fill up with innocent people and things until there are as many records as wanted."""
        open_ones: dict[int, Contribution] = {}
        number = 0
        authorities = range(len(self._cast.seeds))
        while not self.full:
            chance = Chance(self._seed, "knowing around", number)
            first_tie = len(self.world.ties)
            things = surroundings.next(number)
            ties = self.world.ties[first_tie:]
            number += 1
            at_home = [
                place for place in authorities if self._cast.seeds[place].authority.party.state == things[0].state
            ]
            draw = chance.below(100)
            knowers = chance.some_of(at_home or authorities, 1)
            rest = [place for place in authorities if place not in knowers]
            knowers += chance.some_of(rest, 0 if draw < 66 else 1 if draw < 91 else 2)
            for authority in knowers:
                contribution = open_ones.get(authority)
                if contribution is None or len(contribution.records) >= _BATCH:
                    contribution = open_ones[authority] = self._begin(authority, None)
                for thing in things:
                    self._add(chance, contribution, thing)
                for tie in ties:
                    self._add_tie(contribution, tie)

    # -- in common ------------------------------------------------------------------------------------------------

    def _begin(self, authority: int, network: int | None) -> Contribution:
        contribution = Contribution(authority, network)
        self.contributions.append(contribution)
        return contribution

    def _add(self, chance: Chance, contribution: Contribution, thing: Thing) -> None:
        """A record of the thing, unless the authority has one; now and then a second one."""
        if (contribution.authority, thing.number) in self._first:
            return
        twice = thing.role != "common" and chance.happens(TWICE)
        for _ in range(2 if twice else 1):
            if not self.full:
                place = self._append(contribution, thing.number, None)
                self._first.setdefault((contribution.authority, thing.number), place)

    def _add_tie(self, contribution: Contribution, tie: Tie) -> None:
        for number in tie.things:
            if (contribution.authority, number) not in self._first and not self.full:
                self._first[contribution.authority, number] = self._append(contribution, number, None)
        if not self.full and all((contribution.authority, number) in self._first for number in tie.things):
            self._append(contribution, None, tie.number)

    def _append(self, contribution: Contribution, thing: int | None, tie: int | None) -> int:
        authority = contribution.authority
        self._counted[authority] += 1
        self.records.append(Record(authority, thing, tie, self._counted[authority]))
        contribution.records.append(len(self.records) - 1)
        return len(self.records) - 1


def plan_of(world: World, cast: Cast, seed: int, limit: int, ports: Iterable[int]) -> Plan:
    """Networks until their share is reached, then surroundings; the same for the same seed and limit."""
    plan = Plan(world, cast, seed, limit)
    states = [party.state for party in (each.authority.party for each in cast.seeds) if party.state != BODY] or ["NL"]
    surroundings = Surroundings(world, seed, states)
    builder = Builder(world, seed, states, tuple(ports))
    while len(plan.records) < ABOUT_NETWORKS * limit:
        first_thing, first_tie = len(world.things), len(world.ties)
        network = builder.build()
        surroundings.entangle(network.members, network.number)
        plan.report_network(network, world.things[first_thing:], world.ties[first_tie:])
    plan.report_around(surroundings)
    plan.contributions = [each for each in plan.contributions if each.records]
    return plan
