"""Moving people between groups, in compiled code: local moves, refinement, aggregation, own densities.

After Traag, Waltman, van Eck, "From Louvain to Leiden" (2019), and Traag, Van Dooren, Nesterov (2011) for the constant
Potts model. Rows are those of a symmetric CSR matrix; `mass` is 1 for each person (constant Potts model) or the number
of his links (modularity); the quality is the sum over groups of weight within - resolution * mass^2 / 2.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from alidade.network.graph_kernel import Floats, Int32s, Int64s

_LEAST = 1e-12  # a gain below this is rounding
_TOUCHED = 1e-300  # marks a group as seen; adds nothing to a weight


@njit(cache=True, nogil=True)
def move(
    starts: Int64s, columns: Int32s, weights: Floats, mass: Floats, label: Int32s, order: Int32s, resolution: float
) -> int:
    """Move each to the group where he gains most, until nobody gains; changes `label`, returns the moves made."""
    n = len(mass)
    total = np.zeros(n, np.float64)
    count = np.zeros(n, np.int32)
    for v in range(n):
        total[label[v]] += mass[v]
        count[label[v]] += 1
    free = np.empty(n, np.int32)
    frees = 0
    for group in range(n):
        if count[group] == 0:
            free[frees] = group
            frees += 1
    near = np.zeros(n, np.float64)
    seen = np.empty(n, np.int32)
    queue = order.copy()
    waiting = np.ones(n, np.bool_)
    head, filled, moves = 0, n, 0
    while filled > 0:
        v = queue[head]
        head = head + 1 if head + 1 < n else 0
        filled -= 1
        waiting[v] = False
        own = label[v]
        seen[0] = own
        many = 1
        near[own] = _TOUCHED
        for at in range(starts[v], starts[v + 1]):
            u = columns[at]
            if u != v:
                group = label[u]
                if near[group] == 0.0:
                    seen[many] = group
                    many += 1
                    near[group] = _TOUCHED
                near[group] += weights[at]
        mine = mass[v]
        best = own
        gain = near[own] - resolution * mine * (total[own] - mine)
        for i in range(many):
            group = seen[i]
            if group != own:
                offered = near[group] - resolution * mine * total[group]
                if offered > gain + _LEAST:
                    gain = offered
                    best = group
            near[group] = 0.0
        if gain < -_LEAST and frees > 0 and count[own] > 1:
            frees -= 1
            best = free[frees]
        if best == own:
            continue
        total[own] -= mine
        total[best] += mine
        count[own] -= 1
        count[best] += 1
        if count[own] == 0:
            free[frees] = own
            frees += 1
        label[v] = best
        moves += 1
        for at in range(starts[v], starts[v + 1]):
            u = columns[at]
            if not waiting[u] and label[u] != best:
                waiting[u] = True
                tail = head + filled
                queue[tail if tail < n else tail - n] = u
                filled += 1
    return moves


@njit(cache=True, nogil=True)
def refine(
    starts: Int64s, columns: Int32s, weights: Floats, mass: Floats, label: Int32s, order: Int32s, resolution: float,
    draws: Floats,
) -> Int32s:  # fmt: skip
    """Parts of each group that hang together well: Leiden's refinement, each merge drawn by what it gains."""
    n = len(mass)
    part = np.arange(n).astype(np.int32)
    size = np.ones(n, np.int32)
    total = mass.copy()
    cut = np.zeros(n, np.float64)
    whole = np.zeros(n, np.float64)
    for v in range(n):
        whole[label[v]] += mass[v]
        for at in range(starts[v], starts[v + 1]):
            u = columns[at]
            if u != v and label[u] == label[v]:
                cut[v] += weights[at]
    near = np.zeros(n, np.float64)
    seen = np.empty(n, np.int32)
    chance = np.empty(n, np.float64)
    for i in range(n):
        v = order[i]
        mine, all_of = mass[v], whole[label[v]]
        if size[v] != 1 or part[v] != v or cut[v] < resolution * mine * (all_of - mine):
            continue
        many = 0
        for at in range(starts[v], starts[v + 1]):
            u = columns[at]
            if u != v and label[u] == label[v]:
                group = part[u]
                if near[group] == 0.0:
                    seen[many] = group
                    many += 1
                near[group] += weights[at]
        best, highest = -1, 0.0
        for j in range(many):
            group = seen[j]
            gain = near[group] - resolution * mine * total[group]
            chance[j] = -1.0
            if gain >= 0.0 and cut[group] >= resolution * total[group] * (all_of - total[group]):
                chance[j] = gain
                if best < 0 or gain > highest:
                    best, highest = group, gain
        if best >= 0:
            summed = 0.0
            for j in range(many):
                chance[j] = np.exp((chance[j] - highest) / 0.05) if chance[j] >= 0.0 else 0.0
                summed += chance[j]
            left = draws[i] * summed
            for j in range(many):
                left -= chance[j]
                if chance[j] > 0.0 and left <= 0.0:
                    best = seen[j]
                    break
            cut[best] += cut[v] - 2.0 * near[best]
            total[best] += mine
            size[best] += 1
            size[v] = 0
            part[v] = best
        for j in range(many):
            near[seen[j]] = 0.0
    return part


@njit(cache=True, nogil=True)
def renumber(label: Int32s) -> int:
    """Number the groups from 0 in order of first appearance, in place; how many there are."""
    new = np.full(len(label), -1, np.int32)
    known = 0
    for v in range(len(label)):
        if new[label[v]] < 0:
            new[label[v]] = known
            known += 1
    for v in range(len(label)):
        label[v] = new[label[v]]
    return known


@njit(cache=True, nogil=True)
def aggregate(
    starts: Int64s, columns: Int32s, weights: Floats, mass: Floats, label: Int32s, groups: int
) -> tuple[Int64s, Int32s, Floats, Floats]:
    """The graph of the groups: one vertex for each, weights and masses summed; columns are not sorted."""
    n = len(mass)
    begin = np.zeros(groups + 1, np.int64)
    for v in range(n):
        begin[label[v] + 1] += 1
    for group in range(groups):
        begin[group + 1] += begin[group]
    members = np.empty(n, np.int32)
    place = begin[:-1].copy()
    for v in range(n):
        members[place[label[v]]] = v
        place[label[v]] += 1
    marked = np.full(groups, -1, np.int64)
    rows = np.zeros(groups + 1, np.int64)
    masses = np.zeros(groups, np.float64)
    for group in range(groups):
        for i in range(begin[group], begin[group + 1]):
            v = members[i]
            masses[group] += mass[v]
            for at in range(starts[v], starts[v + 1]):
                other = label[columns[at]]
                if marked[other] != group:
                    marked[other] = group
                    rows[group + 1] += 1
    for group in range(groups):
        rows[group + 1] += rows[group]
    near = np.empty(rows[groups], np.int32)
    summed = np.zeros(rows[groups], np.float64)
    marked[:] = -1
    for group in range(groups):
        filled = rows[group]
        for i in range(begin[group], begin[group + 1]):
            v = members[i]
            for at in range(starts[v], starts[v + 1]):
                other = label[columns[at]]
                if marked[other] < rows[group]:
                    marked[other] = filled
                    near[filled] = other
                    filled += 1
                summed[marked[other]] += weights[at]
    return rows, near, summed, masses


@njit(cache=True, nogil=True)
def within(starts: Int64s, columns: Int32s, label: Int32s, groups: int) -> Int64s:
    """How many links each group has among its members."""
    counted = np.zeros(groups, np.int64)
    for v in range(len(label)):
        for at in range(starts[v], starts[v + 1]):
            if columns[at] > v and label[columns[at]] == label[v]:
                counted[label[v]] += 1
    return counted


@njit(cache=True, nogil=True)
def settle(
    starts: Int64s, columns: Int32s, label: Int32s, size: Int64s, link: Floats, gap: Floats, order: Int32s
) -> int:
    """Move each to the group that explains his links best, given each group's own density; returns the moves.

    `link` is what a link to a member of the group speaks for it, `gap` what a missing one speaks against it (both in
    nats); a group of s counts log(s) beforehand. Whoever fits no group is left where he is.
    """
    near = np.zeros(len(size), np.int64)
    seen = np.empty(len(label), np.int32)
    moves = 0
    for i in range(len(order)):
        v = order[i]
        own = label[v]
        seen[0] = own
        many = 1
        for at in range(starts[v], starts[v + 1]):
            group = label[columns[at]]
            if near[group] == 0 and group != own:
                seen[many] = group
                many += 1
            near[group] += 1
        best, highest = own, -np.inf
        for j in range(many):
            group = seen[j]
            others = size[group] - (1 if group == own else 0)
            if others > 0:
                worth = near[group] * link[group] - (others - near[group]) * gap[group] + np.log(others)
                if worth > highest + _LEAST:
                    best, highest = group, worth
            near[group] = 0
        if best != own:
            size[own] -= 1
            size[best] += 1
            label[v] = best
            moves += 1
    return moves


@njit(cache=True, nogil=True)
def spread(starts: Int64s, columns: Int32s, weights: Floats, label: Int32s, order: Int32s, most: int) -> int:
    """Label propagation: each takes the label that is strongest around him; at most `most` rounds, returns rounds."""
    n = len(label)
    near = np.zeros(n, np.float64)
    seen = np.empty(n, np.int32)
    active = np.ones(n, np.bool_)
    for done in range(most):
        moves = 0
        for i in range(n):
            v = order[i]
            if not active[v]:
                continue
            active[v] = False
            many = 0
            for at in range(starts[v], starts[v + 1]):
                group = label[columns[at]]
                if near[group] == 0.0:
                    seen[many] = group
                    many += 1
                near[group] += weights[at]
            best = label[v]
            highest = near[best]
            for j in range(many):
                if near[seen[j]] > highest + _LEAST:
                    best, highest = seen[j], near[seen[j]]
            for j in range(many):
                near[seen[j]] = 0.0
            if best != label[v]:
                label[v] = best
                moves += 1
                for at in range(starts[v], starts[v + 1]):
                    active[columns[at]] = True
        if moves == 0:
            return done + 1
    return most
