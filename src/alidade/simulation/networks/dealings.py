"""Dealings: who deals with whom in a picture of people and things, as links between people alone."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from alidade.simulation.networks.scoring import Pair


def people_of(kinds: Mapping[int, str], ties: Iterable[tuple[int, ...]], most: int = 6) -> dict[Pair, float]:
    """Ties between people, directly or through what few of them share, each with its weight.

    `kinds` has the type of each thing of a picture, `ties` the things at the ends of each tie. A thing that one person
    uses stands for him. What up to `most` people share ties each two of them, the less the more they are; what more
    share (a port, a company that everybody uses) says nothing about them.
    """
    between = Counter(_pair(one, other) for ends in ties for one, other in combinations(ends, 2) if one != other)
    persons = {number for number, kind in kinds.items() if kind == "Person"}
    users: dict[int, set[int]] = defaultdict(set)
    for one, other in between:
        for thing, person in ((one, other), (other, one)):
            if thing not in persons and person in persons:
                users[thing].add(person)
    stands_for = {thing: next(iter(people)) for thing, people in users.items() if len(people) == 1}
    weights: dict[Pair, float] = defaultdict(float)
    for (one, other), count in between.items():
        left, right = stands_for.get(one, one), stands_for.get(other, other)
        if left != right and left in persons and right in persons:
            weights[_pair(left, right)] += 1 + math.log(count)
    for people in users.values():
        if len(people) <= most:
            for pair in combinations(sorted(people), 2):
                weights[pair] += 1 / (len(people) - 1)
    return dict(sorted(weights.items()))


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
