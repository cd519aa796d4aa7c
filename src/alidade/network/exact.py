"""Exact: the cheapest removal after which no component is above a cap, proved by integer programs with cuts.

The cuts are those of removal_cuts_kernel: the linear program with all of them is strong enough that small networks are
mostly solved before anything is branched on. Two rules make many equal solutions one: whoever is linked to all that
another is linked to is removed before him (where he costs no more), and who has a single contact is never removed.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from alidade.network.graph_kernel import Floats, Int32s, Int64s
from alidade.network.removal_cuts_kernel import exchange, fill, tree_cuts

Removed = NDArray[np.uint8]
_SLIGHT = 1e-6
_APART = 2e-5  # two costs that differ by a smaller share are taken as one: the precision of the program
_CUTS_AT_ONCE = 150
_ROUNDS = 200
_TURNS = 4
_POOL = 350
_WIDE = 2.5  # people between bound and best: below, the integer program mostly ends by itself
_DOMINANCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A removal (1 by position), what it costs, and what any removal costs at least."""

    removed: Removed
    cost: float
    bound: float
    cuts: int

    @property
    def proved(self) -> bool:
        return self.bound >= self.cost - _SLIGHT * max(1.0, self.cost)


class Program:
    """The integer program of one component, and the best that is known of it so far."""

    def __init__(
        self, rows: csr_array, cost: Floats, cap: int, start: Removed, clock: Callable[[], float], seed: int
    ) -> None:
        self.rows, self.cost, self.cap, self.clock = rows, cost, cap, clock
        self.n = len(cost)
        self.whole = bool((cost == np.round(cost)).all())
        self.chance = np.random.default_rng(seed)
        self.best, self.best_cost = start, float(cost @ start)
        self.bound = 0.0
        self.most = np.ones(self.n)
        self.always = _dominance(rows, cost) if self.n <= _DOMINANCE else csr_array((0, self.n))
        if (cost > 0).all():
            single = np.diff(rows.indptr) == 1
            self.most[single & (cost[rows.indices[rows.indptr[:-1].clip(max=len(rows.indices) - 1)]] <= cost)] = 0
            self._keep_one_of_pairs(single)
        self.cuts = csr_array((0, self.n))
        self.made = 0

    def _keep_one_of_pairs(self, single: NDArray[np.bool_]) -> None:
        """Two who have only each other are a component of their own: one of them must remain removable."""
        for at in np.flatnonzero(single):
            other = int(self.rows.indices[self.rows.indptr[at]])
            if single[other]:
                self.most[at] = 1

    def solve(self) -> Solved:
        """As good as the time allows; the bound holds whenever it ends."""
        self._improve(4_000)
        relaxed = self._relax()
        if relaxed is not None and not self._closed():
            self._round(relaxed)
            self._improve(20_000)
            wide = self.best_cost - self.bound > _WIDE * float(self.cost.mean())
            self._branch((0.15 if wide else 0.8) * self.clock())
            self._cut_branches()
        return Solved(removed=self.best, cost=self.best_cost, bound=min(self.bound, self.best_cost), cuts=self.made)

    def search(self) -> Solved:
        """Only the search nearby, for networks that are too large for the program."""
        while not self._closed() and self.clock() > 0:
            before = self.best_cost
            self._improve(20_000)
            if self.best_cost >= before and len(self.rows.indices) > 200_000:
                break
        return Solved(removed=self.best, cost=self.best_cost, bound=min(self.bound, self.best_cost), cuts=0)

    def _closed(self) -> bool:
        return self.bound >= self.best_cost - _SLIGHT or self.clock() <= 0

    def _raise(self, bound: float) -> None:
        self.bound = max(self.bound, math.ceil(bound - 1e-5) if self.whole else bound - 1e-7)

    def _take(self, removed: Removed) -> None:
        cost = float(self.cost @ removed)
        if cost < self.best_cost - _SLIGHT:
            self.best, self.best_cost = removed.copy(), cost

    def _improve(self, rounds: int) -> None:
        """Search nearby in short stretches, so that the time is kept."""
        stretch = max(50, min(2_000, 2_000_000 // (self.n + len(self.rows.indices) + 1)))
        warm = 0.3 * float(self.cost.mean())
        for _ in range(max(1, rounds // stretch)):
            if self._closed():
                return
            found = self.best.copy()
            exchange(
                self.rows.indptr, self.rows.indices, self.cost, found, self.cap, stretch, warm,
                int(self.chance.integers(2**31)),
            )  # fmt: skip
            self._take(found)

    def _round(self, relaxed: Floats) -> None:
        """Removals near the fractional one: who is removed least stays first."""
        space = np.empty(self.n, np.int32), np.empty(self.n, np.int32)
        removed, roots = np.empty(self.n, np.uint8), np.empty(self.n, np.int32)
        for spread in (0.0, 0.05, 0.1, 0.2, 0.3, 0.5) * 8:
            order = np.argsort(relaxed + spread * self.chance.random(self.n), kind="stable").astype(np.int32)
            fill(self.rows.indptr, self.rows.indices, order, self.cap, *space, removed, roots)
            self._take(removed)

    def _separate(self, removed: Floats, enough: float, at_once: int = _CUTS_AT_ONCE) -> int:
        roots = np.argsort(removed + 1e-6 * self.chance.random(self.n), kind="stable")
        noise = self.chance.random(self.n) * 1e-5
        weights, required, lacking = tree_cuts(
            self.rows.indptr, self.rows.indices, removed, roots, self.cap, noise, enough, min(self.n, 600)
        )
        if not len(required):
            return 0
        chosen = np.argsort(-lacking, kind="stable")[:at_once]
        self.cuts = vstack([self.cuts, csr_array(weights[chosen] / required[chosen, None])], format="csr")
        self.made += len(chosen)
        return len(chosen)

    def _relax(self) -> Floats | None:
        """Solve the linear program with ever more cuts; the last fractional removal, None without any."""
        removed, last, still = np.zeros(self.n), None, 0
        before = 0.0
        for done in range(_ROUNDS):
            if self._closed() or not self._separate(removed, 1e-4):
                break
            answer = self._program(np.zeros(self.n), self.most)
            if answer.status != 0:
                break
            removed = last = np.clip(answer.x, 0.0, 1.0)
            self._raise(answer.fun)
            still = still + 1 if answer.fun < before + 1e-3 * max(before, 1) else 0
            before = answer.fun
            if done % 4 == 3:
                self._round(removed)
                loose = self.cuts @ removed > 1 + 1e-3
                self.cuts = self.cuts[~loose]
            if still >= 8:
                break
        return last

    def _branch(self, seconds: float) -> None:
        """Ask the integer program for anything cheaper than the best known, until there is nothing or no time."""
        until = self.clock() - seconds
        while not self._closed() and self.clock() > until:
            step = 1.0 - 1e-4 if self.whole else _APART * max(1.0, self.best_cost)
            limits = [
                LinearConstraint(vstack([self.always, self.cuts], format="csr"), lb=self._least(), ub=np.inf),
                LinearConstraint(csr_array(self.cost[None, :]), lb=self.bound - _SLIGHT, ub=self.best_cost - step),
            ]
            answer = milp(
                self.cost, constraints=limits, integrality=np.ones(self.n), bounds=Bounds(np.zeros(self.n), self.most),
                options={"time_limit": max(self.clock() - until, 0.01)},
            )  # fmt: skip
            if answer.status == 2:  # nothing is cheaper
                self.bound = self.best_cost
                return
            if answer.mip_dual_bound is not None and np.isfinite(answer.mip_dual_bound):
                self._raise(min(answer.mip_dual_bound, self.best_cost))
            if answer.x is None:
                return
            removed = np.round(answer.x)
            self._round(removed)
            if not self._separate(removed, _SLIGHT):
                self._take(removed.astype(np.uint8))
            self._separate(np.clip(answer.x, 0.0, 1.0), _SLIGHT)
            self._improve(2_000)

    def _cut_branches(self) -> None:
        """Branch ourselves, the lowest bound first, with new cuts in every branch: a wide gap closes further so."""
        queue: list[tuple[float, int, Floats, Floats, Floats]] = []
        made = self._bounded(np.zeros(self.n), self.most, queue, 0)
        links = np.sqrt(np.diff(self.rows.indptr))
        while queue and not self._closed():
            bound, _, least, most, removed = queue[0]
            self._raise(bound)
            if self._closed():
                return
            if self.cuts.shape[0] > _POOL:
                self.cuts = self.cuts[np.argsort(self.cuts @ removed, kind="stable")[: _POOL * 2 // 3]]
            heapq.heappop(queue)
            doubt = (np.minimum(removed, 1 - removed) + 1e-6) * links * (least < most)
            person = int(np.argmax(doubt))
            if doubt[person] <= 0:  # all is decided, and the cuts that are broken are still being found
                self._bounded(least, most, queue, made, bound)
                continue
            for fixed in (0.0, 1.0):
                lower, upper = least.copy(), most.copy()
                lower[person] = upper[person] = fixed
                made = self._bounded(lower, upper, queue, made, bound)
                if self.clock() <= 0:  # the other branch is not looked at: what was known of both holds
                    return
        if not queue:
            self.bound = self.best_cost

    def _bounded(
        self, least: Floats, most: Floats, queue: list[tuple[float, int, Floats, Floats, Floats]], made: int,
        known: float = 0.0,
    ) -> int:  # fmt: skip
        """Put a branch on the queue with its bound, unless nothing cheaper than the best known can be in it."""
        bound, removed = known, np.zeros(self.n)
        for turn in range(_TURNS):
            answer = self._program(least, most)
            if answer.status == 2:
                return made
            if answer.status != 0:
                break
            gained, bound, removed = answer.fun - bound, max(bound, answer.fun), np.clip(answer.x, 0.0, 1.0)
            if bound > self.best_cost - (1.0 - 1e-5 if self.whole else _APART * max(1.0, self.best_cost)):
                return made
            if turn and gained < 0.02:
                break
            if not self._separate(removed, 0.02, 30):
                if np.abs(removed - np.round(removed)).max() > 1e-6:
                    break
                if not self._separate(removed, _SLIGHT, 30):  # a removal that holds, and the cheapest of its branch
                    self._take(np.round(removed).astype(np.uint8))
                    return made
        if made % 10 == 0:
            self._round(removed)
        heapq.heappush(queue, (bound, made, least, most, removed))
        return made + 1

    def _program(self, least: Floats, most: Floats) -> Any:
        """The linear program with the cuts that there are, between these bounds of each person."""
        return linprog(
            self.cost, A_ub=-vstack([self.always, self.cuts], format="csr"), b_ub=-self._least(),
            bounds=np.column_stack([least, most]), method="highs", options={"time_limit": max(self.clock(), 0.01)},
        )  # fmt: skip

    def _least(self) -> Floats:
        return np.concatenate([np.zeros(self.always.shape[0]), np.ones(self.cuts.shape[0])])


def _dominance(rows: csr_array, cost: Floats) -> csr_array:
    """Rows that say: who is linked to all that another is linked to, and costs no more, is removed before him."""
    near = [frozenset(rows.indices[rows.indptr[at] : rows.indptr[at + 1]].tolist()) for at in range(len(cost))]
    pairs: list[tuple[int, int]] = []
    for less, around in enumerate(near):
        if len(around) < 2:
            continue
        first = min(around, key=lambda at: len(near[at]))
        for more in sorted({*near[first], *around, first} - {less}):
            if cost[more] > cost[less] or not around - {more} <= near[more]:
                continue
            alike = near[more] - {less} <= around and cost[more] == cost[less]
            if not alike or more < less:
                pairs.append((more, less))
    heads = np.repeat(np.arange(len(pairs)), 2)
    tails = np.array(pairs, dtype=np.int64).reshape(-1)
    return csr_array((np.tile([1.0, -1.0], len(pairs)), (heads, tails)), shape=(len(pairs), len(cost)))


def prepare(rows: csr_array) -> None:
    """Call what is compiled once, and both programs, on a small network."""
    program = Program(rows, np.ones(rows.shape[0]), 1, np.ones(rows.shape[0], np.uint8), lambda: 3600.0, 0)
    program.most[:] = 1
    program._relax()
    program._branch(3600.0)
    program._round(np.zeros(program.n))
    exchange(rows.indptr, rows.indices, program.cost, program.best, 1, 10, 0.3, 0)


def components_above(labels: Int32s, count: int, cap: int) -> list[Int64s]:
    """The members of each component that is above the cap."""
    sizes = np.bincount(labels, minlength=count)
    return [np.flatnonzero(labels == number) for number in np.flatnonzero(sizes > cap)]
