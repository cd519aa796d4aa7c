"""Planted groups: networks with known groups of 8 to 38 people, cross links, links that nobody saw, and noise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """The links that were seen, who is in which group (-1: in none), and how many people there are."""

    source: Ints
    target: Ints
    group: Ints

    @property
    def n(self) -> int:
        return len(self.group)

    def members(self) -> list[frozenset[int]]:
        """The members of each planted group."""
        return [frozenset(np.flatnonzero(self.group == number).tolist()) for number in range(int(self.group.max()) + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to plant: `density` within a group (drawn for each), or `contacts` of a person in his group instead."""

    groups: int = 40
    density: tuple[float, float] = (0.2, 0.5)
    contacts: float | None = None
    cross: float = 0.20  # share of all links that lead out of a group
    missing: float = 0.15  # share of all links that nobody saw
    noise: float = 0.0  # strangers, as a share of the people, with one to three links to anybody
    uneven: bool = False  # a few people have most of the contacts


def plant(plan: Plan, seed: int) -> Planted:
    """A network by this plan; every group hangs together before links are lost."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(8, 39, plan.groups)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    group = np.repeat(np.arange(plan.groups), sizes)
    links: set[tuple[int, int]] = set()
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=False):
        links |= _within(plan, chance, start, size)
    people = len(group)
    crossing: set[tuple[int, int]] = set()
    wanted = round(len(links) * plan.cross / (1 - plan.cross))
    while len(crossing) < wanted:
        one, other = sorted(chance.integers(0, people, 2).tolist())
        if group[one] != group[other]:
            crossing.add((one, other))
    strangers = round(people * plan.noise)
    for stranger in range(people, people + strangers):
        for contact in chance.choice(people, int(chance.integers(1, 4)), replace=False).tolist():
            crossing.add((contact, stranger))
    pairs = np.array(sorted(links | crossing), dtype=np.int64)
    pairs = pairs[chance.random(len(pairs)) >= plan.missing]
    who = chance.permutation(people + strangers)  # ids say nothing of the group
    whole = np.full(people + strangers, -1, dtype=np.int64)
    whole[who[:people]] = group
    return Planted(source=who[pairs[:, 0]], target=who[pairs[:, 1]], group=whole)


def _within(plan: Plan, chance: np.random.Generator, start: int, size: int) -> set[tuple[int, int]]:
    density = min(plan.contacts / (size - 1), 1.0) if plan.contacts else float(chance.uniform(*plan.density))
    one, other = np.triu_indices(size, 1)
    likely = np.full(len(one), density)
    if plan.uneven:
        drive = chance.pareto(2.5, size) + 1
        both = drive[one] * drive[other]
        likely = np.minimum(both / both.mean() * density, 1.0)
    kept = chance.random(len(one)) < likely
    links = {(start + a, start + b) for a, b in zip(one[kept].tolist(), other[kept].tolist(), strict=True)}
    order = chance.permutation(size).tolist()
    for place in range(1, size):
        person = start + order[place]
        if not any(person in link for link in links):
            contact = start + order[int(chance.integers(0, place))]
            links.add((min(person, contact), max(person, contact)))
    return links


def f1_per_group(planted: Iterable[frozenset[int]], found: Sequence[Iterable[int]]) -> float:
    """For each planted group the F1 of the found group that fits it best; the mean over planted groups."""
    groups = [frozenset(each) for each in found]
    where: dict[int, list[int]] = {}
    for number, each in enumerate(groups):
        for person in each:
            where.setdefault(person, []).append(number)
    scores = []
    for members in planted:
        near = {number for person in members for number in where.get(person, ())}
        scores.append(
            max(
                (2 * len(members & groups[at]) / (len(members) + len(groups[at])) for at in near),
                default=0.0,
            )
        )
    return float(np.mean(scores))


def many_links(links: int, seed: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """So many different links among groups of 8 to 38 people, one in five across: ends, and the group of each."""
    chance = np.random.default_rng(seed)
    people = links // 5
    sizes = chance.integers(8, 39, people // 20)
    sizes = sizes[np.cumsum(sizes) <= people]
    people = int(sizes.sum())
    group = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    inner = round(links * 0.8)
    one = chance.integers(0, people, inner + inner // 2)  # some pairs are drawn twice
    mine = group[one]
    other = starts[mine] + (chance.random(len(one)) * sizes[mine]).astype(np.int64)
    within = _different(one, other, people, inner, chance)
    drawn = chance.integers(0, people, (2, links - inner + links // 50))
    drawn = drawn[:, group[drawn[0]] != group[drawn[1]]]
    pairs = np.concatenate([within, _different(drawn[0], drawn[1], people, links - inner, chance)])
    who = chance.permutation(people).astype(np.int32)
    pairs = chance.permutation(pairs)
    known = np.empty(people, dtype=np.int32)
    known[who] = group
    return who[pairs // people], who[pairs % people], known


def _different(one: Ints, other: Ints, people: int, many: int, chance: np.random.Generator) -> Ints:
    """So many of these pairs, no two alike, as one number each."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    pairs = np.unique((low * people + high)[low != high])
    if len(pairs) < many:
        raise AssertionError("not enough different pairs were drawn")
    return chance.permutation(pairs)[:many]
