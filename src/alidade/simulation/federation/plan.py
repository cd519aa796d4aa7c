"""The plan of one simulated federation: who lives where, how they are joined, and what will happen when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from alidade.simulation.federation.chance import Chance

START: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECOND: Final = 1_000_000  # virtual time counts microseconds
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

Mode: TypeAlias = Literal["push", "relay", "folder"]

_PROCEDURES: Final = (
    "information_request", "hit_follow_up", "correction_and_erasure", "deconfliction_notice",
    "spontaneous_information", "consent_request",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that will happen. `at`: microseconds from the start; `who`: an authority, or a node for what befalls
    nodes; `pick`: a number from which chance choices of the act are made."""

    at: int
    kind: str
    who: str
    others: tuple[str, ...] = ()
    code: str = ""
    pick: int = 0
    lasts: int = 0

    def __str__(self) -> str:
        words = (f"{self.at / HOUR:8.2f} h", self.kind, self.who, "+".join(self.others), self.code)
        return " ".join(word for word in words if word) + (f" for {self.lasts / HOUR:.1f} h" if self.lasts else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything about a run that the seed decides beforehand; leaving acts out gives a smaller run.

    `hosts`: authority to node; `skews`: clock errors of nodes, microseconds; `modes`: how two nodes are joined;
    `closed`: nodes that nobody can reach, which fetch their letters; `heals_at`: when all troubles end.
    """

    seed: int
    real: bool
    hosts: dict[str, str]
    skews: dict[str, int]
    modes: dict[frozenset[str], Mode]
    closed: frozenset[str]
    heals_at: int
    acts: tuple[Act, ...] = field(repr=False)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes, by name."""
        return tuple(sorted(set(self.hosts.values())))


def plan_of(seed: int, *, real: bool | None = None) -> Plan:
    """The plan of a seed. Every eighth uses the real ways of sealing and signing everywhere, unless `real` says."""
    chance = Chance("plan", seed)
    nodes = [f"n{number}" for number in range(1, 4 + (chance.below(100) >= 80) + (chance.below(100) >= 90))]
    hosts = {f"a{number}": node for number, node in enumerate(nodes, 1)}
    if chance.percent(20):
        hosts["b1"] = "n1"
    sign = chance.one_of((1, -1))  # two clocks may differ by a day, not by two: see limits clock_skew_hours
    skews = {node: sign * chance.one_of((0, 1, 30, 600, 3600, 86_000)) * SECOND for node in nodes}
    modes = {frozenset((one, two)): _mode(chance) for one in nodes for two in nodes if one < two}
    closed = frozenset(chance.some_of(nodes, 1) if chance.percent(25) else ())
    span = chance.between(3, 6) * DAY // 2
    acts = [*_business(chance, hosts, span), *_troubles(chance, hosts, nodes, span)]
    acts += _attacks(chance, hosts, span)
    quiet = _quiet(chance, hosts, span) if chance.percent(30) else ()
    if quiet:
        acts = [act for act in acts if not _disturbs(act, quiet, hosts)]
        acts += quiet
    return Plan(
        seed=seed,
        real=seed % 8 == 0 if real is None else real,
        hosts=hosts,
        skews=skews,
        modes=modes,
        closed=closed,
        heals_at=span,
        acts=tuple(sorted(acts, key=lambda act: (act.at, act.kind, act.who, act.pick))),
    )


def _mode(chance: Chance) -> Mode:
    drawn = chance.below(100)
    return "push" if drawn < 60 else "relay" if drawn < 85 else "folder"


def _others(chance: Chance, hosts: dict[str, str], who: str, count: int) -> tuple[str, ...]:
    """Some authorities, all on other nodes than each other."""
    taken, found = {hosts[who]}, list[str]()
    for name in chance.some_of(sorted(hosts), len(hosts)):
        if hosts[name] not in taken and len(found) < count:
            taken.add(hosts[name])
            found.append(name)
    return tuple(found)


def _business(chance: Chance, hosts: dict[str, str], span: int) -> list[Act]:
    names, acts = sorted(hosts), []
    for _ in range(2):
        who, at = chance.one_of(names), chance.below(span // 3)
        others = _others(chance, hosts, who, 2 if chance.percent(25) else 1)
        acts.append(Act(at=at, kind="open", who=who, others=others, code=chance.one_of(_PROCEDURES)))
        for name in (who, *others, others[0]):
            when = at + chance.below(span - at)
            acts.append(Act(at=when, kind="step", who=name, pick=chance.below(1 << 30)))
    for _ in range(chance.between(3, 5)):
        who, at = chance.one_of(names), chance.below(span)
        others = _others(chance, hosts, who, chance.between(1, 2))
        code = chance.one_of(("contribution", "contribution", "release", "directory"))
        acts.append(Act(at=at, kind="give", who=who, others=others, code=code, pick=chance.below(1 << 30)))
        if chance.percent(60):
            after = chance.one_of((MINUTE, MINUTE, HOUR, 8 * HOUR))
            acts.append(Act(at=min(span, at + after), kind="erase", who=who, pick=chance.below(1 << 30)))
    for name in names:
        acts.append(Act(at=chance.below(span), kind="answer", who=name))
    if chance.percent(30):
        who = chance.one_of(names)
        acts.append(Act(at=chance.below(span), kind="file", who=who, others=_others(chance, hosts, who, 1)))
    return acts


def _troubles(chance: Chance, hosts: dict[str, str], nodes: Sequence[str], span: int) -> list[Act]:
    acts = []
    for _ in range(chance.between(1, 2)):
        pair = tuple(sorted(chance.some_of(nodes, 1 if chance.percent(50) else 2)))
        lasts = chance.between(1, 72) * HOUR
        acts.append(Act(at=chance.below(span), kind="part", who=pair[0], others=pair[1:], lasts=lasts))
    for _ in range(chance.between(2, 5)):
        code = chance.one_of(("taking", "taking", "before", "after"))
        lasts = chance.one_of((SECOND, MINUTE, HOUR, 6 * HOUR))
        who, pick = chance.one_of(nodes), chance.below(3)
        acts.append(Act(at=chance.below(span), kind="crash", who=who, code=code, lasts=lasts, pick=pick))
    if chance.percent(30):
        acts.append(
            Act(at=chance.below(span), kind="clock", who=chance.one_of(nodes), pick=chance.between(-600, 600) * SECOND)
        )
    if chance.percent(35):
        who, at = chance.one_of(sorted(hosts)), chance.below(span // 2)
        acts.append(Act(at=at, kind="rotate", who=who))
        if chance.percent(60):
            acts.append(Act(at=at + span // 3, kind="old_manifest", who=who, others=_others(chance, hosts, who, 1)))
        if chance.percent(70):
            acts.append(Act(at=at + span // 3 + chance.below(span // 4), kind="destroy", who=who))
    return acts


def _attacks(chance: Chance, hosts: dict[str, str], span: int) -> list[Act]:
    names, acts = sorted(hosts), list[Act]()
    if chance.percent(25):
        who, at = chance.one_of(names), chance.below(span // 2)
        acts.append(Act(at=at, kind="steal", who=who))
        lost = at + chance.between(1, 30) * HOUR
        acts.append(Act(at=lost, kind="revoke", who=who))
        for when in (at + MINUTE, lost + HOUR, lost + 30 * HOUR):
            acts.append(Act(at=when, kind="forge", who=who, others=_others(chance, hosts, who, 2)))
    if chance.percent(35):
        who = chance.one_of(names)
        for _ in range(2):
            at = chance.below(span)
            acts.append(Act(at=at, kind="poison", who=who, others=_others(chance, hosts, who, 1)))
    if chance.percent(30):
        for _ in range(3):
            who = chance.one_of(names)
            acts.append(Act(at=chance.below(span), kind="lie", who=who, others=_others(chance, hosts, who, 1)))
    if chance.percent(20):
        who = chance.one_of(names)
        acts.append(Act(at=chance.below(span), kind="flood", who=who, others=_others(chance, hosts, who, 1)))
    if chance.percent(35):
        code = chance.one_of(("shorter", "same", "longer"))
        at = span // 2 + chance.below(span // 2)
        acts.append(Act(at=at, kind="rewrite", who=hosts[chance.one_of(names)], code=code))
    return acts


def _quiet(chance: Chance, hosts: dict[str, str], span: int) -> tuple[Act, ...]:
    """A node that only receives for a day, at whose end it is put back to the backup of the beginning."""
    node, at = chance.one_of(sorted(set(hosts.values()))), span // 3
    lives = next(name for name in sorted(hosts) if hosts[name] == node)
    others = _others(chance, hosts, lives, 1)
    gifts = tuple(
        Act(at=at + (2 + 2 * n) * HOUR, kind="give", who=others[0], others=(lives,), code="contribution", pick=n)
        for n in range(3)
    )
    return (
        Act(at=at, kind="backup", who=node),
        *gifts,
        Act(at=at + 10 * HOUR, kind="restore", who=node),
    )


def _disturbs(act: Act, quiet: Sequence[Act], hosts: dict[str, str]) -> bool:
    """Whether an act would make the quiet node say what a restored store could not remember."""
    node, begin, end = quiet[0].who, quiet[0].at, quiet[-1].at
    if act.kind in ("erase", "rotate", "steal", "revoke", "forge", "old_manifest", "destroy", "rewrite", "file"):
        return True
    here = node in (act.who, hosts.get(act.who))
    return begin - HOUR <= act.at <= end and (here or act.kind in ("open", "poison", "lie"))
