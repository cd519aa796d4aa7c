"""Measured network: what can be said of a small network of members, each number with how it was computed.

Pure: it gets members and ties as they were seen, and knows nothing of who saw them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alidade.services.picture.ties import SeenTie

if TYPE_CHECKING:
    from alidade.network import Graph

#: A thing that more members than this are tied to ties nobody: a port, a bank, a large firm.
COMMONPLACE: Final = 12
_SECONDS: Final = 3.0
_WORLDS: Final = 20
_RUNS: Final = 50
_STRATEGY: Final = "betweenness"
_MOST_STEPS: Final = 12
_MOST_HIDDEN: Final = 20
_HIDDEN_REPEATS: Final = 10  # a person waits: 500 members take a second or so

Computed = dict[str, Mapping[str, str | float | bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMember:
    """One of the fewest whose removal breaks the network; `stability`: in what share of sampled networks he is."""

    member: str
    stability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The fewest members whose removal leaves no part above `cap`; proved, or at least `lower_bound` are needed."""

    members: tuple[KeyMember, ...]
    proved: bool
    lower_bound: float
    cap: int
    largest_left: int
    holds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePossible:
    """A role that somebody may play: a candidate with what he does; position alone is never enough."""

    member: str
    role: str
    support: float
    evidence: tuple[str, ...]
    acts: tuple[tuple[str, float], ...] = ()  # the same as codes of network/data/roles.json, each with how often


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """After one more removal: the largest part as a share of the first, without and with recovery (95 % between)."""

    removed: str
    left: float
    recovered: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenTie:
    """Two members without a known link who probably have one."""

    one: str
    other: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Links that nobody has told of, most probable first; none where the network's own measure refuses a list.

    `precision`: of as many first places as known links were hidden, the share that was right; `base` that of plain
    resource allocation on the same links.
    """

    ties: tuple[HiddenTie, ...]
    refused: bool
    precision: float
    base: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured, and under `how`, by the name of the part, how it was computed.

    `hidden` is None for a network of too few links to measure whether such a list could be trusted.
    `computed` says the same in codes and numbers, for a page that says it in the language of who reads.
    """

    members: tuple[str, ...]
    links: int
    components: tuple[int, ...]
    groups: tuple[tuple[str, ...], ...]
    alone: tuple[str, ...]
    key: Key | None
    roles: tuple[RolePossible, ...]
    disruption: tuple[Step, ...]
    hidden: Hidden | None
    how: Mapping[str, str]
    computed: Mapping[str, Mapping[str, str | float | bool]]


def links_between(
    members: Sequence[str], ties: Iterable[SeenTie], chance_of: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """Which members are linked, and how probable it is: by a tie, or through one thing to which both are tied.

    `chance_of`: the probability of a tie by its id. Chances of several ways are joined as independent.
    """
    inside = set(members)
    near: dict[str, dict[str, float]] = {}
    doubt: dict[tuple[str, str], float] = {}

    def linked(one: str, other: str, chance: float) -> None:
        pair = (one, other) if one < other else (other, one)
        doubt[pair] = doubt.get(pair, 1.0) * (1.0 - chance)

    for tie in ties:
        chance = chance_of[tie.id]
        if tie.source in inside and tie.target in inside:
            linked(tie.source, tie.target, chance)
        elif tie.source in inside or tie.target in inside:
            member, thing = (tie.source, tie.target) if tie.source in inside else (tie.target, tie.source)
            here = near.setdefault(thing, {})
            here[member] = 1.0 - (1.0 - here.get(member, 0.0)) * (1.0 - chance)
    for thing in sorted(near):
        tied = sorted(near[thing])
        if len(tied) <= COMMONPLACE:
            for at, one in enumerate(tied):
                for other in tied[at + 1 :]:
                    linked(one, other, near[thing][one] * near[thing][other])
    return {pair: 1.0 - doubt[pair] for pair in sorted(doubt)}


def measure(members: Sequence[str], ties: Sequence[SeenTie]) -> Measured:
    """Measure the network of these members; `ties` are those among and around them. Of nobody nothing is measured."""
    from alidade.network import Graph, components, groups, key_players  # numbers are loaded only to measure
    from alidade.network.uncertainty import grade_table

    table = grade_table()
    links = links_between(members, ties, {tie.id: table.probability(tie.evaluation.code) for tie in ties})
    how = {
        "links": f"a tie, or one thing that at most {COMMONPLACE} members share; chances by the 4x4 grades of the ties"
        f" ({table.source}, {table.date}, {'verified' if table.verified else 'not verified'})"
    }
    computed: Computed = {"links": {"most": COMMONPLACE, "date": table.date, "verified": table.verified}}
    people = tuple(sorted(members))
    if not people:
        return Measured(
            members=(), links=0, components=(), groups=(), alone=(), key=None, roles=(), disruption=(),
            hidden=None, how=how,
            computed=computed,
        )  # fmt: skip
    graph = Graph.from_edges([a for a, _ in links], [b for _, b in links], list(links.values()), vertices=people)
    parts = components(graph)
    how["components"], computed["components"] = str(parts.method), {}
    found: tuple[tuple[str, ...], ...] = ()
    key: Key | None = None
    alone: tuple[str, ...] = tuple(next(iter(part)) for part in parts if len(part) == 1)
    steps: tuple[Step, ...] = ()
    if links:
        split = groups(graph)
        found, alone = split.groups, tuple(split.alone)
        how["groups"] = f"{split.method} (resolution {split.resolution:.3g}, seed {split.seed})"
        computed["groups"] = {"method": split.method, "resolution": split.resolution or 0.0, "seed": split.seed}
        players = key_players(graph, seconds=_SECONDS, probabilities="weights", worlds=_WORLDS)
        key = Key(
            members=tuple(
                KeyMember(member=each, stability=players.stability.get(each, 0.0)) for each in players.people
            ),
            proved=players.proved, lower_bound=players.lower_bound, cap=players.cap,
            largest_left=players.largest_left, holds=players.holds,
        )  # fmt: skip
        how["key"] = str(players.method)
        computed["key"] = {
            "proved": players.proved, "cap_share": float(players.method.parameters["cap_share"]), "seconds": _SECONDS,
            "worlds": _WORLDS,
        }  # fmt: skip
        steps = _disruption(graph, how, computed)
    return Measured(
        members=people, links=len(links), components=tuple(int(size) for size in parts.sizes), groups=found,
        alone=alone, key=key, roles=_roles(graph, ties, people, how, computed), disruption=steps,
        hidden=_hidden(graph, how, computed), how=how,
        computed=computed,
    )  # fmt: skip


def _hidden(graph: Graph, how: dict[str, str], computed: Computed) -> Hidden | None:
    from alidade.network.hidden_links import FEWEST_LINKS, hidden_links

    if graph.m < FEWEST_LINKS:
        return None
    found = hidden_links(graph, most=_MOST_HIDDEN, repeats=_HIDDEN_REPEATS)
    how["hidden"] = (
        f"{found.method}; a tenth of the known links hidden {found.repeats} times: {found.precision:.2f} of as many"
        f" first places right, {found.base:.2f} by plain resource allocation (seed {found.seed})"
    )
    computed["hidden"] = {"method": found.method, "repeats": found.repeats, "seed": found.seed}
    ties = tuple(
        HiddenTie(one=str(each.source), other=str(each.target), probability=each.probability)
        for each in found.candidates
    )
    return Hidden(ties=ties, refused=found.refused, precision=found.precision, base=found.base)


def _disruption(graph: Graph, how: dict[str, str], computed: Computed) -> tuple[Step, ...]:
    from alidade.network import disruption_curve, disruption_with_recovery

    curve = disruption_curve(graph, _STRATEGY, "smallest_id", steps=min(graph.n, _MOST_STEPS))
    recovery = disruption_with_recovery(graph, curve.removed[:_MOST_STEPS], "distance", 0, _RUNS)
    how["disruption"] = str(curve.method)
    how["recovery"] = f"{recovery.method}; {recovery.method.source}"
    computed["disruption"] = {"strategy": _STRATEGY, "ties": "smallest_id"}
    computed["recovery"] = {"mechanism": "distance", "runs": recovery.runs, "seed": 0}
    after = recovery.largest
    return tuple(
        Step(removed=who, left=curve.shares[at], recovered=after.mean[at], low=after.low[at], high=after.high[at])
        for at, who in enumerate(recovery.removed, start=1)
    )


def _roles(
    graph: Graph, ties: Sequence[SeenTie], people: tuple[str, ...], how: dict[str, str], computed: Computed
) -> tuple[RolePossible, ...]:
    from alidade.network import acts_of, roles

    inside = set(people)
    acts = {who: each for who, each in acts_of((t.kind, t.source, t.target) for t in ties).items() if who in inside}
    found = roles(graph, acts)
    how["roles"] = (
        f"{found.method}; {found.source}, {found.date}, {'verified' if found.verified else 'not verified'}"
    )  # fmt: skip
    computed["roles"] = {"date": found.date, "verified": found.verified}
    return tuple(
        RolePossible(
            member=who, role=each.role, support=each.support,
            evidence=tuple(f"{one.says} ({one.times:g})" for one in each.evidence),
            acts=tuple((one.act, one.times) for one in each.evidence),
        )
        for who, person in found.people.items()
        for each in person.candidates
    )  # fmt: skip
