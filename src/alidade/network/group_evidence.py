"""How much speaks for a division into groups, how alike two divisions are, and where each person fits best."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import betaln, gammaln

from alidade.network.graph_kernel import Floats, Int32s, Int64s
from alidade.network.group_search import Rows
from alidade.network.groups_kernel import renumber, settle, within

#: Prior weight, in pairs of people, of the mean density of all groups when the density of one is estimated.
_PRIOR_PAIRS: Final = 20.0
_SETTLING: Final = 12


def description_length(rows: Rows, label: Int32s) -> float:
    """How many nats it takes to tell the links when the groups are told first; the smaller, the more is explained.

    Each group has a density of its own, all pairs between groups share one (marginal likelihood with uniform priors),
    and the division itself costs what it takes to name it. Weights are left out: what counts is who is linked.
    """
    groups = int(label.max()) + 1
    size = np.bincount(label, minlength=groups).astype(np.float64)
    inside = within(rows.starts, rows.columns, label, groups).astype(np.float64)
    pairs = size * (size - 1) / 2
    across = len(rows.columns) / 2 - inside.sum()
    room = rows.n * (rows.n - 1) / 2 - pairs.sum()
    links = -betaln(inside + 1, pairs - inside + 1).sum() - betaln(across + 1, room - across + 1)
    n = rows.n
    naming = np.log(n) + _choices(n - 1, groups - 1) + gammaln(n + 1) - gammaln(size + 1).sum()
    return float(links + naming)


def likeness(one: Int32s, other: Int32s) -> float:
    """How alike two divisions are, 0 to 1: normalised mutual information."""
    n = len(one)
    joint = one.astype(np.int64) * (int(other.max()) + 1) + other
    first, second, both = (_entropy(each, n) for each in (one, other, joint))
    return 1.0 if first + second == 0 else float(2 * (first + second - both) / (first + second))


def settled(rows: Rows, label: Int32s, seed: int) -> Int32s:
    """The division after each person went where his own links fit best, given the density of each group.

    One resolution for all groups takes people away from loose groups and gives strangers to tight ones; here each
    group is measured by itself. Who fits nowhere stands alone afterwards.
    """
    label = label.copy()
    chance = np.random.default_rng(seed)
    for _ in range(_SETTLING):
        size, link, gap = _densities(rows, label)
        order = chance.permutation(rows.n).astype(np.int32)
        moves = settle(rows.starts, rows.columns, label, size, link, gap, order)
        renumber(label)
        if moves <= rows.n // 1_000:
            break
    return _without_strangers(rows, label)


def _densities(rows: Rows, label: Int32s) -> tuple[Int64s, Floats, Floats]:
    """Size of each group, and in nats what a link speaks for it and a missing one against it."""
    groups = int(label.max()) + 1
    size = np.bincount(label, minlength=groups).astype(np.int64)
    inside = within(rows.starts, rows.columns, label, groups).astype(np.float64)
    pairs = size * (size - 1) / 2
    room = max(rows.n * (rows.n - 1) / 2 - pairs.sum(), 1.0)
    across = min(max((len(rows.columns) / 2 - inside.sum()) / room, 0.1 / room), 0.5)
    mean = (inside.sum() + 1) / (pairs.sum() + 2)
    density = np.clip((inside + _PRIOR_PAIRS * mean) / (pairs + _PRIOR_PAIRS), min(1.5 * across, 0.9), 0.99)
    link = np.log(density / across) + np.log((1 - across) / (1 - density))
    return (
        size,
        link,
        np.log((1 - across) / (1 - density)),
    )


def _without_strangers(rows: Rows, label: Int32s) -> Int32s:
    """The division with everyone alone whose links speak against the group he is in."""
    size, link, gap = _densities(rows, label)
    heads = np.repeat(np.arange(rows.n), rows.degree)
    same = label[heads] == label[rows.columns]
    near = np.bincount(heads[same], minlength=rows.n)
    others = size[label] - 1
    worth = near * link[label] - (others - near) * gap[label] + np.log(np.maximum(others, 1))
    stranger = (others > 0) & (worth < 0)
    alone = label.copy()
    alone[stranger] = int(label.max()) + 1 + np.arange(int(stranger.sum()))
    # The numbers may run past the people for a moment; renumbering needs them below.
    compact = np.unique(alone, return_inverse=True)[1].astype(np.int32)
    renumber(compact)
    return compact


def _choices(n: int, k: int) -> float:
    return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _entropy(label: Int32s | Int64s, n: int) -> float:
    share = np.unique(label, return_counts=True)[1] / n
    return float(-(share * np.log(share)).sum())
