"""What a unit can score at most by the lists it stands in, before its words are looked at, in compiled code.

While the lists are read each unit has a mark: for each word of the question how well the best of the words met agrees
with it, in steps; and what the words met weigh together. Each step is a bit and holds those below it, so that marks of
several lists are joined by "or"; the weight stands above the steps and is added up.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alidade.matching.index.segment import WEIGHT_CLASSES, WEIGHT_STEP
from alidade.matching.name_kernel import whole_score

#: Room for rounding where a bound is held against a score.
TINY: Final = 1e-7
#: Up to so many steps of agreement are told apart for one word of a question; fewer where it has many words.
MOST_STEPS: Final = 5
_STEP_BITS: Final = 22
#: The weight of the words met is counted in this part of the weight of one, rounded up. The longest name fits.
_PART: Final = 16.0
#: A mark of all weights.
ANY_WEIGHT: Final = 1023 << _STEP_BITS
#: Marks whose limit is remembered while lists are read.
REMEMBERED: Final = 4096


class Bounds(NamedTuple):
    """What the units of one kind can score for one question.

    steps     how many steps of agreement each word has in a mark
    top       float64 (MOST_STEPS + 1): most credit of a word met at a step
    weights   float64 (n), what the words of the question weigh
    heavy     float64 (n, MOST_STEPS + 1): most that the counterparts of a word weigh at a step and below
    always    mark of the words of the question that any unit may meet, without a list
    beside    what the counterparts of these weigh at most
    scale, doubt  see name_kernel.whole_score
    classes   first unit of each class of weight
    """

    steps: int
    top: NDArray[np.float64]
    weights: NDArray[np.float64]
    heavy: NDArray[np.float64]
    always: int
    beside: float
    scale: NDArray[np.float64]
    doubt: float
    classes: NDArray[np.int64]


class Known(NamedTuple):
    """Limits that were worked out, and room for working one out.

    seen, limits  int64 (REMEMBERED): marks, -1 for none, and the first unit too heavy for each
    counterparts  float64 (MOST_STEPS + 1)
    """

    seen: NDArray[np.int64]
    limits: NDArray[np.int64]
    counterparts: NDArray[np.float64]


@njit(cache=True, nogil=True)
def steps_of(n):
    """How many steps of agreement each of n words has in a mark."""
    return min(MOST_STEPS, _STEP_BITS // n)


@njit(cache=True, nogil=True)
def step_of(credit, steps):
    """The step of a credit above 0; the last holds agreement without doubt."""
    if steps == 5:
        return 1 + (credit > 0.76) + (credit > 0.86) + (credit > 0.93) + (credit > 0.975)
    if steps == 4:
        return 1 + (credit > 0.8) + (credit > 0.9) + (credit > 0.96)
    if steps == 3:
        return 1 + (credit > 0.8) + (credit > 0.93)
    return 1 + (credit > 0.86) if steps == 2 else 1


@njit(cache=True, nogil=True)
def step_bits(asked, step, steps):
    """The bits of a mark for a word of the question met at a step."""
    return np.int64(((1 << step) - 1) << (asked * steps))


@njit(cache=True, nogil=True)
def weight_bits(weight):
    """What a word of this weight adds to a mark."""
    return np.int64(np.ceil(weight * _PART)) << _STEP_BITS


@njit(cache=True, nogil=True)
def tops_of(steps, most, scale, doubt, top):
    """Fill in the most credit of each step.

    most  the most that any word of the question agreed at each step
    A pair that agrees less than this floor would count for less together than apart; as pairs may be left apart, it is
    no bound. Above it each further pair raises the score.
    """
    slope = min(scale[1], max(0.0, 2.0 * scale[0] - scale[1]))
    least = max(0.0, 1.0 - slope / (1.0 + doubt))
    for step in range(steps + 1):
        top[step] = min(1.0, max(least, most[step]))


@njit(cache=True, nogil=True)
def _spread(bounds, mark, counterparts):
    """What the words of a mark gain, weigh and lack on the question's side, and what their counterparts weigh at most.

    counterparts  filled with what they weigh at most by step
    """
    steps = bounds.steps
    gained, paired, lacking = 0.0, 0.0, 0.0
    counterparts[:] = 0.0
    field = np.int64((1 << steps) - 1)
    left = mark | bounds.always
    for asked in range(bounds.weights.shape[0]):
        bits = left & field
        left >>= steps
        step = 0
        while bits:
            step += 1
            bits >>= 1
        weight = bounds.weights[asked]
        if step == 0:
            lacking += weight
            continue
        gained += bounds.top[step] * weight
        paired += weight
        counterparts[step] += bounds.heavy[asked, step]
    return gained, paired, lacking, (mark >> _STEP_BITS) / _PART + bounds.beside


@njit(cache=True, nogil=True)
def _filled(bounds, counterparts, room):
    """What counterparts of this weight together gain at most, what they weigh, and what is left of them."""
    gained, filled, rest = 0.0, 0.0, 0.0
    for step in range(bounds.steps, 0, -1):
        some = min(counterparts[step], room - filled)
        gained += bounds.top[step] * some
        filled += some
        rest += counterparts[step] - some
    return gained, filled, rest


@njit(cache=True, nogil=True)
def _most(bounds, gained, paired, lacking, beside, counterparts, weight):
    """The most that a unit of this weight, or up to WEIGHT_STEP more, can score."""
    more, filled, rest = _filled(bounds, counterparts, min(weight, beside))
    # What the unit weighs beyond the least of its class is taken to agree without doubt; the last class has no end.
    rest = min(rest, beside - filled)
    if weight < (WEIGHT_CLASSES - 1) * WEIGHT_STEP:
        rest = min(rest, WEIGHT_STEP)
    gained += more + rest
    paired += filled + rest
    return whole_score(gained, paired - gained, paired, lacking, weight - filled, 2, bounds.scale, bounds.doubt)


@njit(cache=True, nogil=True)
def most_of_mark(bounds, mark, unit, counterparts):
    """The most that a unit with this mark can score."""
    low, high = 0, WEIGHT_CLASSES
    while high - low > 1:
        middle = (low + high) // 2
        if bounds.classes[middle] <= unit:
            low = middle
        else:
            high = middle
    gained, paired, lacking, beside = _spread(bounds, mark, counterparts)
    return _most(bounds, gained, paired, lacking, beside, counterparts, low * WEIGHT_STEP)


@njit(cache=True, nogil=True)
def limit_of_mark(bounds, mark, least, counterparts):
    """The first unit from which on none with this mark can reach `least`."""
    gained, paired, lacking, beside = _spread(bounds, mark, counterparts)
    wanted = max(least - TINY, 1e-3)
    more, other, _ = _filled(bounds, counterparts, beside)
    # How much may be taken off by what has no counterpart.
    off = (gained + more) / wanted - (paired + other + (paired + other - gained - more) * bounds.doubt)
    contradiction, surplus = bounds.scale[0], max(1e-9, bounds.scale[1])
    if off >= lacking * surplus:
        missing = (off - lacking * surplus) / max(1e-9, 2.0 * contradiction - surplus)
        if missing > lacking:
            missing = lacking + max(0.0, off - 2.0 * lacking * contradiction) / surplus
        last = (other + missing) / WEIGHT_STEP + 1.0 + 1e-6
        return bounds.classes[np.int64(min(float(WEIGHT_CLASSES), last))]
    # Lighter units than all counterparts together: class by class.
    for lower in range(min(WEIGHT_CLASSES - 1, int(other / WEIGHT_STEP) + 1), -1, -1):
        if _most(bounds, gained, paired, lacking, beside, counterparts, lower * WEIGHT_STEP) + TINY >= least:
            return bounds.classes[lower + 1]
    return bounds.classes[0]


@njit(cache=True, nogil=True, inline="always")
def memory_place(mark):
    """Where the limit of a mark is remembered."""
    return ((np.uint64(mark) * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)) >> np.uint64(20)
