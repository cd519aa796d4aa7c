"""Agreements: what may flow between two authorities under the agreements of the day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from types import MappingProxyType
from typing import Final, Literal

from alidade.model.errors import Invalid
from alidade.model.viewer import Party
from alidade.policy.terms import day_after
from alidade.vocabulary import Agreement

Flow = Literal["personal", "non_personal", "strategic"]

STRENGTH: Final[Mapping[str, int]] = MappingProxyType({"strategic": 1, "non_personal": 2, "personal": 3})
_MOST: Final = max(STRENGTH.values())
_FLOWS: Final[Mapping[int, Flow]] = MappingProxyType({1: "strategic", 2: "non_personal", 3: "personal"})


def day_of(now: datetime) -> date:
    """The day in UTC, by which all dates of handlings, releases and agreements count.

    Raises Invalid for a time without zone: nobody can say which day that is.
    """
    if now.tzinfo is None:
        raise Invalid("The time has no time zone.", remedy="Give the time in UTC.")
    return now.date() if now.tzinfo is UTC else now.astimezone(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """All agreements, found by the pair of sides. A side is an authority, a State, a body or an area."""

    by_sides: Mapping[str, Mapping[str, tuple[Agreement, ...]]]

    @classmethod
    def of(cls, agreements: Iterable[Agreement]) -> Agreements:
        """The agreements, ready to be asked; each counts in both directions."""
        found: dict[str, dict[str, tuple[Agreement, ...]]] = {}
        for each in agreements:
            for one, other in {(each.party_a, each.party_b), (each.party_b, each.party_a)}:
                others = found.setdefault(one, {})
                others[other] = (*others.get(other, ()), each)
        return cls(by_sides=MappingProxyType({side: MappingProxyType(of) for side, of in found.items()}))

    def flow_between(self, giver: Party, receiver: Party, now: datetime, crime_areas: Collection[str]) -> Flow | None:
        """The most that the giver may let the receiver have; None where nothing may flow.

        Within one State everything may flow. Otherwise the widest agreement counts that is in force on the
        day of `now` and covers every one of the crime areas; one that is limited to some areas covers no data
        that name none. Without agreement nothing flows.
        """
        return _FLOWS.get(self.strength(giver, receiver, day_of(now), frozenset(crime_areas)))

    def onward_allowed(
        self, giver: Party, receiver: Party, now: datetime, crime_areas: Collection[str], content: str
    ) -> bool:
        """Whether an agreement between them lets such content come through the hands of a third authority."""
        reached = self.strength(giver, receiver, day_of(now), frozenset(crime_areas), onward=True)
        return reached >= STRENGTH[content]

    def strength(
        self,
        giver: Party,
        receiver: Party,
        day: date,
        crime_areas: frozenset[str],
        *,
        onward: bool = False,
    ) -> int:
        """The flow as a number (STRENGTH; 0: none); `onward` counts only agreements with onward transfer."""
        if giver.state and giver.state == receiver.state:
            return STRENGTH["personal"]
        best = 0
        receiving = (receiver.id, receiver.state, *receiver.areas)
        for giving in (giver.id, giver.state, *giver.areas):
            others = self.by_sides.get(giving)
            if others is None:
                continue
            for side in receiving:
                for agreement in others.get(side, ()):
                    reached = STRENGTH.get(agreement.flow, 0)
                    counts = agreement.onward_transfer or not onward
                    if reached > best and counts and _covers(agreement, day, crime_areas):
                        best = reached
                        if best == _MOST:
                            return best
        return best

    def changes_after(self, day: date) -> Iterator[date]:
        """The days after `day` on which an agreement starts or no longer holds."""
        for others in self.by_sides.values():
            for agreement in chain.from_iterable(others.values()):
                ended = None if agreement.valid_until is None else day_after(agreement.valid_until)
                yield from (each for each in (agreement.valid_from, ended) if each is not None and each > day)


def _covers(agreement: Agreement, day: date, crime_areas: frozenset[str]) -> bool:
    if agreement.status != "in_force" or not agreement.in_force(day):
        return False
    return not agreement.crime_areas or (bool(crime_areas) and crime_areas.issubset(agreement.crime_areas))
