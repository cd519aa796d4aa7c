"""How near two people are who are not linked: by those whom both know, by paths of three, by what both have."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, triu

from alidade.model.errors import Invalid
from alidade.network.graph import Graph
from alidade.network.graph_kernel import Floats, Int64s

#: kind of attribute (phone, address, company, presence ...) -> id of a person -> the values that he has.
Attributes: TypeAlias = Mapping[str, Mapping[Any, Iterable[Hashable]]]

#: Up to so many people every pair is looked at; above only pairs with somebody or something in common.
EVERY_PAIR: Final = 1_000
#: Two-step paths above which a network is refused as a whole.
MOST_PATHS: Final = 60_000_000
#: A value that more people have than this says nothing of two of them (the switchboard, the port).
_SHARED_BY_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs without a link, and a column of each score for them: `scores[name][at]` belongs to `low[at], high[at]`."""

    low: Int64s
    high: Int64s
    scores: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.low)


def simple(graph: Graph) -> csr_array:
    """The links alone, each 1, in both directions. Raises Invalid where there are too many two-step paths."""
    rows = graph.undirected().adjacency
    links = csr_array((np.ones(len(rows.indices)), rows.indices, rows.indptr), shape=rows.shape)
    paths = float((np.diff(rows.indptr).astype(np.float64) ** 2).sum())
    if paths > MOST_PATHS:
        raise Invalid(
            "The network is too large to look for hidden links in the whole of it.",
            remedy="Take one group, or the surroundings of some people.",
        )
    return links


def shared_attributes(graph: Graph, attributes: Attributes) -> dict[str, csr_array]:
    """For each kind of attribute what each two people share: the sum over shared values of 1 / log2(1 + holders).

    Raises Invalid for a kind whose people are not in the network at all.
    """
    shared: dict[str, csr_array] = {}
    for kind, holders in attributes.items():
        numbers: dict[Hashable, int] = {}
        people: list[int] = []
        values: list[int] = []
        for person, held in holders.items():
            if person in graph:
                for value in set(held):
                    people.append(graph.index[person])
                    values.append(numbers.setdefault(value, len(numbers)))
        if not people:
            raise Invalid(
                f"Of those with an attribute of the kind {kind} nobody is in the network.",
                remedy="Use the ids of the network.",
            )
        count = np.bincount(values)
        worth = np.where((count > 1) & (count <= _SHARED_BY_MOST), 1 / np.log2(1 + count), 0.0)
        has = csr_array((np.ones(len(people)), (people, values)), shape=(graph.n, len(count)))
        both = csr_array((has * worth) @ has.T)
        both.setdiag(0)
        both.eliminate_zeros()
        shared[kind] = both
    return shared


def pairs_of(links: csr_array, shared: Mapping[str, csr_array]) -> Pairs:
    """All pairs without a link (above 1,000 people: only those with anybody or anything in common) and their scores."""
    n = links.shape[0]
    degree = np.diff(links.indptr).astype(np.float64)
    each = 1 / np.maximum(degree, 1)
    allocation = csr_array((links * each) @ links)
    wide = csr_array((links * each**1.5) @ links)
    if n <= EVERY_PAIR:
        low, high = np.nonzero(np.triu(links.toarray() == 0, 1))
    else:
        pattern = coo_array(triu(sum(shared.values(), allocation), 1))
        free = np.asarray(links[pattern.row, pattern.col]).ravel() == 0
        low, high = pattern.row[free], pattern.col[free]
    low, high = low.astype(np.int64), high.astype(np.int64)
    scores = {
        "resource_allocation": _at(allocation, low, high),
        "resource_allocation_1.5": _at(wide, low, high),
        "preferential_attachment": degree[low] * degree[high],
    }
    if n <= EVERY_PAIR:
        full = links.toarray()
        root = np.sqrt(each)
        scores["paths_of_three"] = ((full * root) @ full @ (root[:, None] * full))[low, high]
        limit = float(np.abs(np.linalg.eigvalsh(full)).max()) if len(links.indices) else 1.0
        scores["katz"] = np.linalg.inv(np.eye(n) - 0.5 / max(limit, 1.0) * full)[low, high]
    for kind, both in shared.items():
        scores[f"shared {kind}"] = _at(both, low, high)
    return Pairs(low=low, high=high, scores=scores)


def ranked_by_structure(pairs: Pairs) -> dict[str, Floats]:
    """The scores by structure alone that may be chosen from. Ties are broken by paths of three, then by degrees."""
    allocation, wide = pairs.scores["resource_allocation"], pairs.scores["resource_allocation_1.5"]
    attachment = _unit(pairs.scores["preferential_attachment"])
    three = _unit(pairs.scores["paths_of_three"]) if "paths_of_three" in pairs.scores else np.zeros(len(pairs))
    ties = 1e-2 * three + 1e-3 * attachment
    found = {
        "resource_allocation": _unit(allocation) + 0.1 * ties,
        "resource_allocation_1.5": _unit(wide) + 0.1 * ties,
        "resource_allocation_and_paths_of_three": _unit(allocation) + 0.1 * three,
    }
    if "katz" in pairs.scores:
        found["resource_allocation_and_katz"] = _unit(allocation) + _unit(pairs.scores["katz"])
    return found


def features(pairs: Pairs, kinds: Iterable[str]) -> NDArray[np.float64]:
    """What a blend of structure and attributes is learned from: one row for each pair."""
    columns = [np.log(pairs.scores["resource_allocation"] + 1e-2), np.log1p(pairs.scores["preferential_attachment"])]
    columns += [np.log(_unit(pairs.scores[name]) + 1e-3) for name in ("paths_of_three", "katz") if name in pairs.scores]
    both = np.zeros(len(pairs))
    for kind in kinds:
        columns += [pairs.scores[f"shared {kind}"], (pairs.scores[f"shared {kind}"] > 0).astype(np.float64)]
        both += pairs.scores[f"shared {kind}"] > 0
    columns += [both >= 2, both * (pairs.scores["resource_allocation"] > 0)]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


def _at(matrix: csr_array, low: Int64s, high: Int64s) -> Floats:
    if matrix.shape[0] <= EVERY_PAIR:
        dense: Floats = matrix.toarray()
        return dense[low, high]
    return np.asarray(matrix[low, high], dtype=np.float64).ravel()


def _unit(score: Floats) -> Floats:
    highest = float(score.max()) if len(score) else 0.0
    return score / highest if highest > 0 else score
