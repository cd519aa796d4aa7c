"""Truth: what is there in a rehearsal before anybody reports it: things, ties, networks and who belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["member", "innocent", "belonging", "common"]


@dataclass(slots=True, kw_only=True)
class Thing:
    """One true thing. `number` is its place in the list of things.

    `kind` is a type of the vocabulary, `values` its properties as they are in truth; `holder` is the number of the
    person or company it belongs to; `network` that of the network it is part of, None for everything around. What is
    `common` (ports, service companies) everybody knows: it links nobody.
    """

    number: int
    kind: str
    state: str
    role: Role
    values: dict[str, str]
    network: int | None = None
    holder: int | None = None
    old_name: str = ""
    alias: str = ""


@dataclass(slots=True, kw_only=True, frozen=True)
class Tie:
    """One true tie or event: its type, its ends as (property, number of the thing), and what else is to be said."""

    number: int
    kind: str
    ends: tuple[tuple[str, int], ...]
    values: Mapping[str, str]
    network: int | None

    @property
    def things(self) -> tuple[int, ...]:
        """The numbers of the things at its ends."""
        return tuple(number for _, number in self.ends)


@dataclass(slots=True, kw_only=True, frozen=True)
class Network:
    """One true network: who belongs to it, in which cells, who leads, who is in touch with other networks."""

    number: int
    name: str
    area: str
    states: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    leader: int
    brokers: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        """The numbers of its people."""
        return tuple(number for cell in self.cells for number in cell)


@dataclass(slots=True)
class World:
    """Everything that is true, growing while it is made."""

    things: list[Thing] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)

    def add(
        self,
        kind: str,
        state: str,
        role: Role,
        values: dict[str, str],
        *,
        network: int | None = None,
        holder: int | None = None,
    ) -> Thing:
        """A new thing."""
        thing = Thing(
            number=len(self.things), kind=kind, state=state, role=role, values=values, network=network, holder=holder
        )
        self.things.append(thing)
        return thing

    def tie(self, kind: str, ends: Mapping[str, int], values: Mapping[str, str], network: int | None) -> Tie:
        """A new tie."""
        tie = Tie(number=len(self.ties), kind=kind, ends=tuple(ends.items()), values=values, network=network)
        self.ties.append(tie)
        return tie
