"""Uncertainty: how probable a link is by its 4x4 grade, and what stays true when doubtful links may be false."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from alidade.model.errors import Invalid
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Floats

#: How many known cases of a grade weigh as much as the value of the table.
_PRIOR_CASES: Final = 10.0


class _Entry(msgspec.Struct, frozen=True):
    source: str
    information: str
    probability: float


class _File(msgspec.Struct, frozen=True):
    source: str
    date: str
    verified: bool
    note: str
    entries: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeTable:
    """How probable what is graded so is true: `probabilities["B2"]`; `verified` is false where nobody published it."""

    probabilities: Mapping[str, float]
    source: str
    date: str
    verified: bool
    note: str

    def probability(self, grade: str) -> float:
        """The probability of a grade such as "B2". Raises Invalid for one that is not in the table."""
        try:
            return self.probabilities[grade.strip().upper()]
        except KeyError:
            raise Invalid(
                "There is no such grade of source and information.",
                remedy="Give A, B, C, D or X, then 1, 2, 3, 4 or X.",
            ) from None


@cache
def grade_table() -> GradeTable:
    """The table that comes with the program: .95, .80, .50 or .20, by the weaker of the two grades."""
    read = msgspec.json.decode(files("alidade.network").joinpath("data", "grades.json").read_bytes(), type=_File)
    return GradeTable(
        probabilities=MappingProxyType({each.source + each.information: each.probability for each in read.entries}),
        source=read.source, date=read.date, verified=read.verified, note=read.note,
    )  # fmt: skip


def calibrated(cases: Iterable[tuple[str, bool]], *, source: str, date: str) -> GradeTable:
    """The table corrected by an authority's own closed cases: pairs of a grade and whether it proved true.

    The value of the table counts like ten cases; a grade without cases keeps it. Raises Invalid for unknown grades.
    """
    table = grade_table()
    counted: dict[str, tuple[int, int]] = {}
    for grade, proved in cases:
        table.probability(grade)
        right, all_of = counted.get(grade.strip().upper(), (0, 0))
        counted[grade.strip().upper()] = (right + bool(proved), all_of + 1)
    corrected = {
        grade: (prior * _PRIOR_CASES + counted.get(grade, (0, 0))[0]) / (_PRIOR_CASES + counted.get(grade, (0, 0))[1])
        for grade, prior in table.probabilities.items()
    }
    return GradeTable(
        probabilities=MappingProxyType(corrected), source=source, date=date, verified=False,
        note="Corrected by own closed cases; the published table counts like ten cases of each grade.",
    )  # fmt: skip


Probabilities = Sequence[float] | NDArray[np.float64] | Mapping[tuple[Any, Any], float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """Networks that may be the true one: each link is in a world with its probability. Iterate to get the graphs.

    All worlds have all vertices of the graph, in its order; the same seed gives the same worlds.
    """

    graph: Graph
    probabilities: Floats
    count: int
    seed: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Graph]:
        ids = self.graph.ids
        heads, tails, weights = self.graph.links()
        for world in range(self.count):
            there = np.random.default_rng((self.seed, world)).random(len(heads)) < self.probabilities
            yield Graph.from_edges(
                [ids[each] for each in heads[there].tolist()], [ids[each] for each in tails[there].tolist()],
                weights[there], self.graph.directed, vertices=ids,
            )  # fmt: skip


def sample_worlds(graph: Graph, probabilities: Probabilities = None, worlds: int = 24, seed: int = 0) -> Worlds:
    """Draw networks from what is known, each link with its probability, independently of the others.

    `probabilities`: one for each link in the order of `graph.links()`, or for each pair of ids (a pair not named is
    certain); without, the weights are taken, which then must lie between 0 and 1. Raises Invalid otherwise.
    """
    required(graph)
    if worlds < 1:
        raise Invalid("There is no world to draw.", remedy="Ask for one or more.")
    heads, tails, weights = graph.links()
    if probabilities is None:
        chances: Floats = weights
    elif isinstance(probabilities, Mapping):
        ids = graph.ids
        known = dict(probabilities)
        if not graph.directed:
            known |= {(target, source): chance for (source, target), chance in probabilities.items()}
        chances = np.array(
            [known.get((ids[one], ids[other]), 1.0) for one, other in zip(heads.tolist(), tails.tolist(), strict=True)],
            dtype=np.float64,
        )
    else:
        chances = np.asarray(probabilities, dtype=np.float64)
    if chances.shape != heads.shape:
        raise Invalid("There are not as many probabilities as links.", remedy="Give one for each link of the network.")
    if len(chances) and not (np.isfinite(chances).all() and chances.min() >= 0 and chances.max() <= 1):
        raise Invalid("A probability is not between 0 and 1.", remedy="Give the probabilities beside the network.")
    return Worlds(graph=graph, probabilities=chances, count=worlds, seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """In which share of the worlds each name is in the answer; names that never are, are left out."""

    shares: Mapping[Any, float]
    worlds: int
    seed: int
    method: str

    def at_least(self, share: float) -> tuple[Any, ...]:
        """The names that are in the answer in at least this share of the worlds, the steadiest first."""
        return tuple(name for name, found in self.shares.items() if found >= share)


def stability(worlds: Worlds, choose: Callable[[Graph], Collection[Any]], *, method: str = "") -> Stability:
    """How steady each name of an answer is: `choose` gives the names for one network (key players, a group, ...)."""
    counted: dict[Any, int] = {}
    for world in worlds:
        for name in set(choose(world)):
            counted[name] = counted.get(name, 0) + 1
    place = worlds.graph.index
    order = sorted(counted, key=lambda name: (-counted[name], place.get(name, len(place))))
    shares = {name: counted[name] / worlds.count for name in order}
    return Stability(
        shares=MappingProxyType(shares), worlds=worlds.count, seed=worlds.seed,
        method=method or getattr(choose, "__name__", "given"),
    )  # fmt: skip
