"""From scores to probabilities: weights of evidence learned from known cases, and what a place in a list is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alidade.network.graph_kernel import Floats

_RIDGE: Final = 1.0
_STEPS: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """A logistic blend: what each column of evidence weighs, after it was centred and scaled."""

    centre: Floats
    scale: Floats
    weights: Floats

    def score(self, evidence: NDArray[np.float64]) -> Floats:
        """The log-odds of each row."""
        centred = (evidence - self.centre) / self.scale
        return np.asarray(centred @ self.weights[1:] + self.weights[0], dtype=np.float64)


def learn(evidence: NDArray[np.float64], hit: NDArray[np.bool_]) -> Blend:
    """The blend that separates hits from the rest best (logistic regression with a ridge, Newton's method)."""
    centre, scale = evidence.mean(axis=0), evidence.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    rows = np.column_stack([np.ones(len(evidence)), (evidence - centre) / scale])
    share = min(max(float(hit.mean()), 1e-9), 0.5)
    weights = np.zeros(rows.shape[1])
    weights[0] = np.log(share / (1 - share))
    ridge = np.full(rows.shape[1], _RIDGE)
    ridge[0] = 1e-9
    cost = _cost(rows, hit, weights, ridge)
    for _ in range(_STEPS):
        odds = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (hit - odds) - ridge * weights
        bend = (rows * (odds * (1 - odds))[:, None]).T @ rows + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        length = 1.0
        while (then := _cost(rows, hit, weights + length * step, ridge)) > cost and length > 1e-4:
            length /= 2  # a whole step may lead too far where hits and the rest are far apart
        if cost - then < 1e-6 * max(cost, 1.0):
            break
        weights, cost = weights + length * step, then
    return Blend(centre=centre, scale=scale, weights=weights)


def _cost(rows: NDArray[np.float64], hit: NDArray[np.bool_], weights: Floats, ridge: Floats) -> float:
    odds = rows @ weights
    return float(np.logaddexp(0.0, odds).sum() - odds[hit].sum() + (ridge * weights**2).sum() / 2)


def falling(share: Floats, weight: Floats) -> Floats:
    """The nearest sequence that never rises (pool adjacent violators): isotonic regression, weighted."""
    values: list[float] = []
    weights: list[float] = []
    lengths: list[int] = []
    for each, heavy in zip(share.tolist(), weight.tolist(), strict=True):
        values.append(each)
        weights.append(heavy)
        lengths.append(1)
        while len(values) > 1 and values[-2] < values[-1]:
            heavier = weights[-2] + weights[-1]
            values[-2] = (values[-2] * weights[-2] + values[-1] * weights[-1]) / heavier
            weights[-2] = heavier
            lengths[-2] += lengths[-1]
            values.pop()
            weights.pop()
            lengths.pop()
    return np.repeat(np.array(values), np.array(lengths, dtype=np.int64))
