"""Removal portfolio: quick searches whose best answer the slow ones start from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from alidade.network.exact import Removed
from alidade.network.graph_kernel import Floats, Int64s
from alidade.network.order_kernel import adaptive_degrees, adaptive_effects
from alidade.network.removal_cuts_kernel import fill

_EFFECTS = 40_000_000  # people times links up to which every removal is tried at every step


def first_removal(rows: csr_array, cost: Floats, cap: int, left: Callable[[], float], seed: int) -> Removed:
    """A removal that leaves no component above the cap: the cheapest of several orders, each read from its end.

    Whoever came last in an order stays, as long as no component grows above the cap (reverse greedy).
    """
    tried = [filled(rows, order[::-1], cap) for order in _orders(rows, cost, left, seed)]
    return min(tried, key=lambda removed: float(cost @ removed))


def filled(rows: csr_array, order: Int64s, cap: int) -> Removed:
    """Who is removed when people stay in this order wherever they fit."""
    n = rows.shape[0]
    removed = np.empty(n, np.uint8)
    space = np.empty(n, np.int32), np.empty(n, np.int32)
    fill(rows.indptr, rows.indices, order.astype(np.int32), cap, *space, removed, np.empty(n, np.int32))
    return removed


def _orders(rows: csr_array, cost: Floats, left: Callable[[], float], seed: int) -> list[Int64s]:
    found = [np.asarray(adaptive_degrees(rows.indptr, rows.indices), dtype=np.int64)]
    if left() > 0:
        found.append(np.argsort(-np.diff(rows.indptr) / cost, kind="stable"))
    if left() > 0.3 and rows.shape[0] * len(rows.indices) < _EFFECTS:
        for by_largest in (True, False):
            found.append(np.asarray(adaptive_effects(rows.indptr, rows.indices, by_largest), dtype=np.int64))
    chance = np.random.default_rng(seed)
    for _ in range(3):
        if left() > 0:
            found.append(np.argsort(-np.diff(rows.indptr) * chance.uniform(0.5, 1.5, rows.shape[0]), kind="stable"))
    return found
