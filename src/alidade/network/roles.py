"""Roles: what part somebody may play in a network, by what he does; where he stands is never enough.

Measured on public networks, position alone cannot tell a trafficker from a financier (area under the curve .38 to .56
on CAVIAR), so a role is only ever a candidate and always shows the acts that speak for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import msgspec
import numpy as np

from alidade.model.errors import Invalid
from alidade.network.betweenness import betweenness
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Floats

POSITION_ONLY: Final = "Position only: not a role."
_EXACT: Final = 2_000  # people up to which betweenness is exact
_SAMPLES: Final = 256

Content = Mapping[Any, Mapping[str, float]]


class _Act(msgspec.Struct, frozen=True):
    act: str
    says: str
    origin: tuple[tuple[str, str], ...] = msgspec.field(name="from")


class _Rule(msgspec.Struct, frozen=True):
    act: str
    least: float
    weight: float


class _Role(msgspec.Struct, frozen=True):
    code: str
    label: dict[str, str]
    position: str | None
    rules: tuple[_Rule, ...]


class RoleTable(msgspec.Struct, frozen=True):
    """The rules that come with the program, with source and date; `verified` is false: nobody published them."""

    source: str
    date: str
    verified: bool
    note: str
    position_most: float
    acts: tuple[_Act, ...]
    entries: tuple[_Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that somebody does, how often, and the words for it."""

    act: str
    times: float
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRole:
    """A part that somebody may play. `support` is 0 to 1: no probability, but how much of the rule is met.

    `by_position` is what position added to it; it is nothing without evidence.
    """

    role: str
    label: Mapping[str, str]
    support: float
    by_position: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person: candidate roles, the best supported first, the position (shares of those below), and a remark."""

    id: Any
    candidates: tuple[CandidateRole, ...]
    position: Mapping[str, float]
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Candidate roles of everyone in the network. They are to be checked by a person, each with its evidence."""

    people: Mapping[Any, Person]
    method: str
    source: str
    date: str
    verified: bool
    least: float
    samples: int | None
    seed: int


@cache
def role_table() -> RoleTable:
    """The roles, the acts that speak for each, and where acts are read from."""
    return msgspec.json.decode(files("alidade.network").joinpath("data", "roles.json").read_bytes(), type=RoleTable)


def acts_of(ties: Iterable[tuple[str, Any, Any]]) -> dict[Any, dict[str, float]]:
    """What each does, counted from ties (kind of link or property, source, target), by the table of acts."""
    known = {(kind, end): act.act for act in role_table().acts for kind, end in act.origin}
    found: dict[Any, dict[str, float]] = {}
    for kind, source, target in ties:
        for end, person in (("source", source), ("target", target)):
            act = known.get((kind, end))
            if act is not None:
                acts = found.setdefault(person, {})
                acts[act] = acts.get(act, 0.0) + 1.0
    return found


def roles(graph: Graph, content: Content | None = None, *, least: float = 0.3, seed: int = 0) -> Roles:
    """Which part each may play: candidates only, from what he does (`content`: id -> act -> times).

    `acts_of` counts acts from the links of a picture. A role is a candidate from a support of `least` on; position
    (betweenness) adds at most .15, and only to coordinators and brokers for whom acts speak. Without any content
    nobody has a role, and the remark says so. Raises Invalid for an act that no rule knows.
    """
    required(graph)
    table = role_table()
    says = {each.act: each.says for each in table.acts}
    given = content or {}
    if any(act not in says for acts in given.values() for act in acts):
        raise Invalid("One of the acts is unknown.", remedy="Use the acts of role_table().")
    if not 0 < least <= 1:
        raise Invalid("The least support is not above 0 and at most 1.", remedy="The usual value is 0.3.")
    samples = None if graph.n <= _EXACT else _SAMPLES
    between = _ranks(np.asarray(betweenness(graph.undirected(), samples=samples, seed=seed).array, dtype=np.float64))
    degree = _ranks(np.diff(graph.undirected().adjacency.indptr).astype(np.float64))
    people: dict[Any, Person] = {}
    for at, person in enumerate(graph.ids):
        position = {"degree": float(degree[at]), "betweenness": float(between[at])}
        acts = {act: float(times) for act, times in given.get(person, {}).items() if times > 0}
        found = _candidates(table, acts, says, position, least)
        people[person] = Person(
            id=person, candidates=found, position=MappingProxyType(position), remark=_remark(acts, found),
        )  # fmt: skip
    return Roles(
        people=MappingProxyType(people), method="rules on acts, position as one input", source=table.source,
        date=table.date, verified=table.verified, least=least, samples=samples, seed=seed,
    )  # fmt: skip


def _candidates(
    table: RoleTable, acts: Mapping[str, float], says: Mapping[str, str], position: Mapping[str, float], least: float
) -> tuple[CandidateRole, ...]:
    found = []
    for role in table.entries:
        met = [rule for rule in role.rules if rule.act in acts]
        support = min(sum(rule.weight * min(acts[rule.act] / rule.least, 1.0) for rule in met), 1.0)
        if support < least:
            continue
        added = table.position_most * position[role.position] * support if role.position else 0.0
        evidence = tuple(Evidence(act=rule.act, times=acts[rule.act], says=says[rule.act]) for rule in met)
        found.append(
            CandidateRole(
                role=role.code,
                label=MappingProxyType(dict(role.label)),
                support=min(support + added, 1.0),
                by_position=min(added, 1.0 - support),
                evidence=evidence,
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.support, each.role)))


def _remark(acts: Mapping[str, float], found: tuple[CandidateRole, ...]) -> str:
    if not acts:
        return POSITION_ONLY
    if not found:
        return "What is known of this person's acts speaks for no role."
    return "Candidate role: to be checked against the evidence."


def _ranks(values: Floats) -> Floats:
    """The share of others who have less, 0 to 1."""
    values = np.round(values, 12)  # equal positions are equal, whatever the order of their sums
    order = np.sort(values)
    below = np.searchsorted(order, values, side="left")
    return np.asarray(below / max(len(values) - 1, 1), dtype=np.float64)
