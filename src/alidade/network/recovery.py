"""Recovery: what is left of a network when those who lost a contact look for another.

Networks are rarely as broken as a curve of mere removal says. Duijn, Kashirin and Sloot (Scientific Reports 4:4238,
2014) let the contacts of a removed person replace him and found efficiency to rise again; MADTOR (Journal of Artificial
Societies and Social Simulation 27(3) 3, 2024) found that even few arrests hurt, each further one less. Three rules from
there, and none at all to compare with:

* random: an orphan meets anybody left whom he does not know yet;
* distance: one who was two links away from him before the removal, so a contact of a contact, the removed one included;
* degree: anybody whom he does not know, in proportion to how many contacts that person has (preferential attachment).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from alidade.model.errors import Invalid
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Floats, rows_of
from alidade.network.paths_kernel import component_labels
from alidade.network.removal_kernel import efficiency
from alidade.network.scores import Method, plain

Mechanism: TypeAlias = Literal["random", "distance", "degree", "none"]
MECHANISMS: tuple[Mechanism, ...] = ("random", "distance", "degree", "none")

_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One quantity after 0, 1, 2, ... removals: the mean over all runs, and where 95 % of the runs lie."""

    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What removal with recovery leaves, as shares of what there was before the first removal.

    `efficiency` is the mean of 1 / distance over all pairs of the first network (a person removed reaches nobody);
    `largest` is the largest component. `new_links` is how many contacts were made in the mean of the runs.
    """

    removed: tuple[Any, ...]
    efficiency: Course
    largest: Course
    new_links: float
    runs: int
    method: Method


def disruption_with_recovery(
    graph: Graph,
    removals: Sequence[Any],
    mechanism: Mechanism = "distance",
    seed: int = 0,
    runs: int = 100,
    *,
    chance: float = 1.0,
) -> Recovery:
    """Take these people out one after another; after each, those who knew him look for another contact.

    Every orphan (a contact of the removed person) makes one new contact by the rule of `mechanism`, with probability
    `chance`; who finds nobody makes none. Orphans choose one after another in the order of the graph and see what the
    earlier ones did. Everything is repeated `runs` times; the same seed gives the same result. Links count alike,
    directions do not count. Raises Invalid where a person is named twice or is not in the network.
    """
    whole = required(graph).undirected()
    positions = whole.positions(removals).tolist()
    if len(set(positions)) < len(positions):
        raise Invalid("A person is to be removed twice.", remedy="Name each person once.")
    if mechanism not in MECHANISMS:
        raise Invalid("This mechanism of recovery is unknown.", remedy=f"Choose one of: {', '.join(MECHANISMS)}.")
    if runs < 1 or not 0 <= chance <= 1:
        raise Invalid("At least one run, and a chance between 0 and 1.", remedy="Usual: 100 runs, chance 1.")
    repeated = 1 if mechanism == "none" else runs
    rows, begun = whole.adjacency, 0
    near = [set(rows.indices[rows.indptr[at] : rows.indptr[at + 1]].tolist()) for at in range(whole.n)]
    reached = np.empty((repeated, len(positions) + 1))
    largest = np.empty_like(reached)
    for run in range(repeated):
        made = _run(near, positions, mechanism, np.random.default_rng([seed, run]), chance, reached[run], largest[run])
        begun += made
    method = Method(
        name="removal with recovery", parameters=plain(mechanism=mechanism, runs=repeated, chance=chance), seed=seed,
        source="Duijn et al. 2014",
    )  # fmt: skip
    return Recovery(
        removed=tuple(removals),
        efficiency=_course(reached),
        largest=_course(largest),
        new_links=begun / repeated,
        runs=repeated,
        method=method,
    )


def _run(
    first: list[set[int]], positions: Iterable[int], mechanism: Mechanism, chance_of: np.random.Generator,
    chance: float, reached: Floats, largest: Floats,
) -> int:  # fmt: skip
    near = [set(each) for each in first]
    alive = np.ones(len(near), np.uint8)
    reached[0], largest[0] = _state(near, alive)
    made = 0
    for step, person in enumerate(positions, start=1):
        orphans = sorted(near[person])
        known = {orphan: _two_away(near, orphan) for orphan in orphans} if mechanism == "distance" else {}
        for orphan in orphans:
            near[orphan].discard(person)
        near[person] = set()
        alive[person] = 0
        for orphan in orphans if mechanism != "none" else ():
            if chance < 1 and chance_of.random() >= chance:
                continue
            other = _another(near, alive, orphan, mechanism, known.get(orphan, set()), chance_of)
            if other is not None:
                near[orphan].add(other)
                near[other].add(orphan)
                made += 1
        reached[step], largest[step] = _state(near, alive)
    return made


def _two_away(near: list[set[int]], person: int) -> set[int]:
    return set().union(*(near[contact] for contact in near[person])) - near[person] - {person}


def _another(
    near: list[set[int]], alive: NDArray[np.uint8], orphan: int, mechanism: Mechanism, two_away: set[int],
    chance_of: np.random.Generator,
) -> int | None:  # fmt: skip
    able = alive.astype(np.float64)
    if mechanism == "distance":
        able = np.zeros(len(near))
        able[sorted(two_away)] = 1.0
        able *= alive
    elif mechanism == "degree":
        able = able * np.array([len(each) for each in near], dtype=np.float64)
    able[[orphan, *near[orphan]]] = 0.0
    total = np.cumsum(able)
    if total[-1] <= 0:
        return None
    return int(np.searchsorted(total, chance_of.random() * total[-1], side="right"))


def _state(near: list[set[int]], alive: NDArray[np.uint8]) -> tuple[float, float]:
    """The sum of 1 / distance, and the largest component."""
    heads = np.repeat(np.arange(len(near), dtype=np.int32), [len(each) for each in near])
    tails = np.array([other for each in near for other in each], dtype=np.int32)
    starts, columns, _ = rows_of(heads, tails, np.empty(0), len(near), False, False)
    labels, count = component_labels(starts, columns, alive)
    largest = int(np.bincount(labels[labels >= 0]).max()) if count else 0
    return efficiency(starts, columns, alive), float(largest)


def _course(found: Floats) -> Course:
    first = found[0, 0]
    shares = found / first if first else found
    low, high = np.percentile(shares, _INTERVAL, axis=0)
    return Course(mean=tuple(shares.mean(axis=0).tolist()), low=tuple(low.tolist()), high=tuple(high.tolist()))
