"""Groups: who belongs together in a network, as groups of the size that criminal networks have (8 to 38 people)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np

from alidade.model.errors import Invalid
from alidade.network.graph import Graph, required
from alidade.network.graph_kernel import Int32s
from alidade.network.group_evidence import description_length, likeness, settled
from alidade.network.group_search import BY_RESOLUTION, WITHOUT, Rows, rows_of_graph

#: Typical size of the networks that States nominated as the most threatening (Europol, 2024): 8 to 38 people.
SMALLEST: Final = 8
LARGEST: Final = 38

Method = Literal["cpm", "modularity", "plm", "label_propagation", "plp"]
_SCANNED: Final[dict[str, tuple[float, float, int]]] = {
    "cpm": (0.007, 0.35, 15),
    "modularity": (0.5, 40.0, 12),
    "plm": (0.5, 40.0, 12),
}
_RUNS: Final = 4  # searches at each resolution, to see whether they agree
#: What a person in a group outside 8..38 costs, and what full agreement between runs is worth, in nats per person:
#: chosen on planted groups of many densities, see tests and benchmark.
_OUTSIDE: Final = 4.0
_AGREEMENT: Final = 4.0
#: More links than this, and the resolution is chosen on a part of the network.
_WHOLE: Final = 100_000
_SAMPLE: Final = 20_000  # people
_BALL: Final = 60  # at most so many neighbours of one person are followed there
_NEARLY: Final = 0.05  # nats per person: on a part, resolutions that differ by less are as good as one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One resolution that was tried: what came out, and its score (nats per person, the smaller the better)."""

    resolution: float
    groups: int
    agreement: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The groups found, largest first, and how they were found.

    `labels` gives the number of the group of each vertex by position; numbers from `count` on are people who stand
    alone. `quality` is modularity at resolution 1, for comparison with other programs; `agreement` how alike repeated
    searches were (0 to 1, None when only one was made); `chosen_on` how many people the resolution was chosen on
    (0: it was given, or the method has none).
    """

    graph: Graph
    labels: Int32s
    sizes: tuple[int, ...]
    method: str
    resolution: float | None
    seed: int
    quality: float
    agreement: float | None
    chosen_on: int
    scanned: tuple[Scanned, ...]

    @property
    def count(self) -> int:
        """How many groups of two or more there are."""
        return len(self.sizes)

    @property
    def groups(self) -> tuple[tuple[Any, ...], ...]:
        """The ids of the members of each group."""
        order = np.argsort(self.labels, kind="stable")
        ends = np.cumsum(self.sizes, dtype=np.int64)
        ids = self.graph.ids
        people = [ids[each] for each in order[: ends[-1] if len(ends) else 0].tolist()]
        starts = [0, *ends[:-1].tolist()] if len(ends) else []
        return tuple(tuple(people[start:end]) for start, end in zip(starts, ends.tolist(), strict=True))

    @property
    def alone(self) -> tuple[Any, ...]:
        """The ids of those who belong to no group."""
        return tuple(self.graph.ids[each] for each in np.flatnonzero(self.labels >= self.count).tolist())

    @property
    def too_small(self) -> tuple[int, ...]:
        """The numbers of the groups of fewer than 8."""
        return tuple(at for at, size in enumerate(self.sizes) if size < SMALLEST)

    @property
    def too_large(self) -> tuple[int, ...]:
        """The numbers of the groups of more than 38: more than one network, or a community that is none."""
        return tuple(at for at, size in enumerate(self.sizes) if size > LARGEST)


def groups(graph: Graph, method: Method = "cpm", resolution: float | None = None, *, seed: int = 0) -> Groups:
    """Who belongs together: the groups of a network, and which of them have not the size of a criminal network.

    Methods: "cpm" (constant Potts model, the default: finds groups of one size in a network of any size), "modularity"
    and "plm" (networkit), which merge small groups in large networks unless the resolution is raised,
    "label_propagation" and "plp" (networkit), which have no resolution. Without a resolution one is chosen: each of a
    range is searched several times, and taken is what explains the links best, agrees with itself, and puts people
    into groups of 8 to 38. Above 100,000 links it is chosen on a part of the network. With "cpm" each person is then
    put where his own links fit best. The direction of links is left out. Raises Invalid for an unknown method or a
    resolution that is not above 0.
    """
    required(graph)
    if method not in get_args(Method):
        known = ", ".join(get_args(Method))
        raise Invalid("There is no such method of finding groups.", remedy=f"Take one of: {known}.")
    rows = rows_of_graph(graph)
    scanned: tuple[Scanned, ...] = ()
    agreement: float | None = None
    chosen_on = 0
    if method in WITHOUT:
        if resolution is not None:
            raise Invalid(f"The method {method} has no resolution.", remedy="Leave the resolution out.")
        label = WITHOUT[method](rows, seed)
    else:
        if resolution is None:
            part = rows if len(rows.columns) <= 2 * _WHOLE else _part(rows, seed)
            label, scanned = _scan(part, method, seed)
            best = min(scanned, key=lambda each: each.score) if part is rows else _middle(scanned)
            resolution, agreement, chosen_on = best.resolution, best.agreement, part.n
            if part is not rows:
                label = _searched(rows, method, resolution, seed)
        elif resolution > 0 and np.isfinite(resolution):
            label = _searched(rows, method, resolution, seed)
        else:
            raise Invalid("The resolution is not above 0.", remedy="Leave it out, and one is chosen.")
    labels, sizes = _by_size(label)
    return Groups(
        graph=graph, labels=labels, sizes=sizes, method=method, resolution=resolution, seed=seed,
        quality=_modularity(rows, labels), agreement=agreement, chosen_on=chosen_on, scanned=scanned,
    )  # fmt: skip


def _searched(rows: Rows, method: str, resolution: float, seed: int) -> Int32s:
    label = BY_RESOLUTION[method](rows, resolution, seed)
    return settled(rows, label, seed) if method == "cpm" else label


def _scan(rows: Rows, method: str, seed: int) -> tuple[Int32s, tuple[Scanned, ...]]:
    """Search at every resolution of the range; the division with the best score, and all scores."""
    lowest, highest, many = _SCANNED[method]
    best: tuple[float, Int32s] | None = None
    tried: list[Scanned] = []
    for resolution in np.geomspace(lowest, highest, many).tolist():
        runs = [BY_RESOLUTION[method](rows, resolution, seed + run) for run in range(_RUNS)]
        pairs = [likeness(runs[one], runs[other]) for one in range(_RUNS) for other in range(one)]
        agreement = float(np.mean(pairs))
        label = min(runs, key=lambda each: description_length(rows, each))
        label = settled(rows, label, seed) if method == "cpm" else label
        score = description_length(rows, label) / rows.n + _OUTSIDE * _outside(label) - _AGREEMENT * agreement
        tried.append(
            Scanned(
                resolution=float(f"{resolution:.4g}"), groups=len(_by_size(label)[1]), agreement=agreement, score=score
            )
        )
        if best is None or score < best[0]:
            best = (score, label)
    if best is None:
        raise AssertionError("the range of resolutions is empty")
    return best[1], tuple(tried)


def _outside(label: Int32s) -> float:
    """The share of people in groups of fewer than 8 or more than 38; who stands alone is in no group."""
    size = np.bincount(label)
    return float(size[((size > 1) & (size < SMALLEST)) | (size > LARGEST)].sum() / len(label))


def _part(rows: Rows, seed: int) -> Rows:
    """Whole neighbourhoods of some people, taken from the network until there are enough of them."""
    chance = np.random.default_rng(seed)
    taken = np.zeros(rows.n, dtype=np.bool_)
    for start in chance.permutation(rows.n).tolist():
        near = _beside(rows, start)[:_BALL]
        second = np.concatenate([near, *(_beside(rows, each)[:_BALL] for each in near.tolist())])
        reached, paths = np.unique(second, return_counts=True)
        taken[reached[paths > 1]] = True  # by two ways: mostly the group itself, not whoever it is in touch with
        taken[start] = True
        if int(taken.sum()) >= _SAMPLE:
            break
    chosen = np.flatnonzero(taken)
    position = np.full(rows.n, -1, dtype=np.int32)
    position[chosen] = np.arange(len(chosen), dtype=np.int32)
    spans = [np.arange(rows.starts[v], rows.starts[v + 1]) for v in chosen.tolist()]
    links = np.concatenate(spans) if spans else np.empty(0, dtype=np.int64)
    heads = np.repeat(np.arange(len(chosen)), rows.starts[chosen + 1] - rows.starts[chosen])
    columns = position[rows.columns[links]]
    kept = columns >= 0
    starts = np.zeros(len(chosen) + 1, dtype=np.int64)
    np.cumsum(np.bincount(heads[kept], minlength=len(chosen)), out=starts[1:])
    return Rows(starts=starts, columns=columns[kept], strength=rows.strength[links][kept])


def _beside(rows: Rows, person: int) -> Int32s:
    return rows.columns[rows.starts[person] : rows.starts[person + 1]]


def _middle(scanned: tuple[Scanned, ...]) -> Scanned:
    """Of the resolutions that are nearly as good as the best, the one in the middle."""
    least = min(each.score for each in scanned)
    near = [each for each in scanned if each.score <= least + _NEARLY]
    return near[len(near) // 2]


def _by_size(label: Int32s) -> tuple[Int32s, tuple[int, ...]]:
    """The same division numbered from the largest group on, and the sizes of those of two or more."""
    size = np.bincount(label)
    order = np.argsort(-size, kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[label], tuple(size[order][size[order] > 1].tolist())


def _modularity(rows: Rows, label: Int32s) -> float:
    if not len(rows.columns):
        return 0.0
    groups = int(label.max()) + 1
    heads = np.repeat(label, rows.degree)
    inside = float((heads == label[rows.columns]).mean())
    strength = np.bincount(heads, minlength=groups) / len(rows.columns)
    return inside - float((strength**2).sum())
