"""Network scenario: invented networks of which each authority sees a part, with the truth known, at any size.

`generate` makes the truth and the plan of who reports what; the contributions themselves are written one at a time
when asked for, so that a hundred thousand records never lie in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from alidade.model.draft import Claim, Draft
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.simulation.networks import making
from alidade.simulation.networks.authorities import TODAY, Cast, cast_of
from alidade.simulation.networks.chance import Chance
from alidade.simulation.networks.conditions import OTHERWISE, UNSORTED, Conditions, draw
from alidade.simulation.networks.knowing import Contribution, Plan, Record, plan_of
from alidade.simulation.networks.names import ports
from alidade.simulation.networks.truth import Network, Thing, Tie, World
from alidade.simulation.networks.writing import GRADES, Clerk, Written, write
from alidade.simulation.scenario import AuthoritySeed, Community, ContributionSeed
from alidade.vocabulary import Agreement, Vocabulary, load_vocabulary

#: Of which list of its own each authority gives everything: what it refers to may have been given before.
REGISTER: Final = "register"
_UNSORTED: Final = "unsorted"
_PERSONAL: Final = frozenset({"Person", "Phone", "BankAccount", "Vehicle", "Address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One record as it was written: whose, its key, its handling, and by what it can be known again."""

    index: int
    authority: AuthorityId
    key: str
    handling: Handling
    quarantined: bool
    marks: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkScenario:
    """A rehearsal with networks: who takes part, what is true, who reports what.

    `things`, `ties`, `networks` are the truth; `records[i]` says of what record i speaks. The key of a record in
    the register of its authority is `key(i)`.
    """

    seed: int
    today: str
    authorities: tuple[AuthoritySeed, ...]
    communities: tuple[Community, ...]
    agreements: tuple[Agreement, ...]
    things: Sequence[Thing]
    ties: Sequence[Tie]
    networks: Sequence[Network]
    records: Sequence[Record]
    vocabulary: Vocabulary
    _cast: Cast
    _plan: Plan
    _conditions: Conditions = field(compare=False)

    def key(self, index: int) -> str:
        """The key under which the authority of a record keeps it."""
        record = self.records[index]
        return f"RH-{record.authority:03d}-{record.number:06d}"

    def true_thing(self, index: int) -> int | None:
        """The number of the true thing of which a record speaks; None for ties."""
        return self.records[index].thing

    def by_key(self) -> dict[tuple[AuthorityId, str], int]:
        """The number of each record by its authority and key."""
        ids = self._cast.ids
        return {(ids[record.authority], self.key(place)): place for place, record in enumerate(self.records)}

    def planted(self) -> Iterator[tuple[int, int]]:
        """Every pair of records of different authorities that speak of one true thing.

        Ports and the service companies that everybody uses are left out: to know them again is no finding.
        """
        of: dict[int, list[int]] = {}
        for place, record in enumerate(self.records):
            if record.thing is not None and self.things[record.thing].role != "common":
                of.setdefault(record.thing, []).append(place)
        for places in of.values():
            for at, one in enumerate(places):
                for other in places[at + 1 :]:
                    if self.records[one].authority != self.records[other].authority:
                        yield one, other

    def contributions(self) -> Iterator[ContributionSeed]:
        """What is given, one contribution after the other, in the order of their days."""
        for place, contribution in enumerate(self._plan.contributions):
            yield self._contribution(place, contribution)[0]

    def reported(self) -> Iterator[Reported]:
        """Every record with its handling and marks, in the order in which they are given; written anew."""
        for place, contribution in enumerate(self._plan.contributions):
            yield from self._contribution(place, contribution)[1]

    def __len__(self) -> int:
        """How many contributions there are."""
        return len(self._plan.contributions)

    def _contribution(self, place: int, contribution: Contribution) -> tuple[ContributionSeed, list[Reported]]:
        chance = Chance(self.seed, "contribution", place)
        usual = draw(chance)
        authority = self._cast.ids[contribution.authority]
        handlings: dict[str, Handling] = {}
        drafts: list[Draft] = []
        reported: list[Reported] = []
        for index in contribution.records:
            record = self.records[index]
            own = Chance(self.seed, "record", index)
            conditions = draw(own) if own.happens(OTHERWISE) else usual
            category, content = self._category(record, own)
            name = f"{conditions}: {category or content}"
            if name not in handlings:
                stated = None if category == _UNSORTED else category
                handlings[name] = self._conditions.handling(contribution.authority, conditions, stated, content)
            written = self._written(contribution.authority, record, own)
            thing = self.ties[record.tie].kind if record.tie is not None else self._thing(record).kind
            drafts.append(Draft(key=self.key(index), thing=thing, claims=written.claims, handling=name))
            reported.append(
                Reported(
                    index=index,
                    authority=authority,
                    key=self.key(index),
                    handling=handlings[name],
                    quarantined=category == _UNSORTED,
                    marks=written.marks,
                )
            )
        about = "file of a case" if contribution.network is not None else "register"
        span = (making.LAST_DAY - making.FIRST_DAY).days
        day = making.FIRST_DAY + timedelta(days=place * span // max(1, len(self._plan.contributions)))
        seed = ContributionSeed(
            authority=authority,
            title=f"Rehearsal: {about} ({place + 1})",
            day=day.isoformat(),
            scheme="4x4",
            handlings=handlings,
            drafts=tuple(drafts),
        )
        return seed, reported

    def _thing(self, record: Record) -> Thing:
        if record.thing is None:
            raise ValueError("this record speaks of a tie")
        return self.things[record.thing]

    def _category(self, record: Record, chance: Chance) -> tuple[str | None, str]:
        """The data-subject category of whom the record speaks, and what kind of content it is."""
        numbers = [record.thing] if record.thing is not None else self.ties[record.tie or 0].things
        things = [self.things[number] for number in numbers if number is not None]
        people = [each for each in things if each.kind in _PERSONAL]
        if not people:
            return None, "non_personal"
        if chance.happens(UNSORTED):
            return _UNSORTED, "personal"
        if any(each.network is not None for each in people):
            return "suspect_or_convicted", "personal"
        return "contact_or_associate", "personal"

    def _written(self, authority: int, record: Record, chance: Chance) -> Written:
        if record.tie is None:
            party = self.authorities[authority].authority.party
            clerk = Clerk(chance=chance, script=self._cast.scripts[authority], state=party.state)
            return write(self._thing(record), clerk)
        tie = self.ties[record.tie]
        grade = chance.one_of(GRADES)
        claims = [
            Claim(property=name, value=self._key_of(authority, number), evaluation=grade, refers=True)
            for name, number in tie.ends
        ]
        claims += [Claim(property=name, value=value, evaluation=grade) for name, value in tie.values.items()]
        return Written(claims=tuple(claims), marks=frozenset())

    def _key_of(self, authority: int, thing: int) -> str:
        place = self._plan.record_of(authority, thing)
        if place is None:
            raise ValueError("a tie was reported whose end was not")
        return self.key(place)


def generate(
    authorities: int = 30, records: int = 100_000, seed: int = 1, vocabulary: Vocabulary | None = None
) -> NetworkScenario:
    """A scenario of so many authorities and exactly so many records; the same for the same three numbers.

    Raises ValueError for fewer than two authorities or fewer than 100 records.
    """
    if authorities < 2 or records < 100:
        raise ValueError("a rehearsal needs at least 2 authorities and 100 records")
    words = vocabulary or load_vocabulary()
    cast = cast_of(authorities, seed, words)
    world = World()
    harbours = [making.port(world, entry).number for entry in ports()]
    plan = plan_of(world, cast, seed, records, harbours)
    return NetworkScenario(
        seed=seed,
        today=TODAY,
        authorities=cast.seeds,
        communities=cast.communities,
        agreements=cast.agreements,
        things=world.things,
        ties=world.ties,
        networks=world.networks,
        records=plan.records,
        vocabulary=words,
        _cast=cast,
        _plan=plan,
        _conditions=Conditions(cast, seed, words),
    )


def parameters(scenario: NetworkScenario) -> Mapping[str, int]:
    """The three numbers from which the scenario is made anew."""
    return {"authorities": len(scenario.authorities), "records": len(scenario.records), "seed": scenario.seed}
