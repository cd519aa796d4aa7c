"""How the things of a chart push and pull each other into place, in compiled code."""

from __future__ import annotations

import math

from numba import njit


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def relax(x, y, fixed, source, target, spacing, steps, gravity):  # type: ignore[no-untyped-def]
    """Move `x` and `y` (float64, pixels) in place: every two things push, tied ones pull, `fixed` (bool) ones stay.

    Fruchterman and Reingold 1991; each step moves a thing less far than the step before. Deterministic.
    """
    count = x.shape[0]
    square = spacing * spacing
    across = 0.0
    down = 0.0
    for each in range(count):
        across += x[each] / count
        down += y[each] / count
    for step in range(steps):
        furthest = spacing * 1.5 * (1.0 - step / steps) + 0.5
        pushed_x = gravity * (across - x)
        pushed_y = gravity * (down - y)
        for one in range(count):
            sum_x = 0.0
            sum_y = 0.0
            for other in range(one):
                dx = x[one] - x[other]
                dy = y[one] - y[other]
                force = square / (dx * dx + dy * dy + 0.01)
                sum_x += dx * force
                sum_y += dy * force
                pushed_x[other] -= dx * force
                pushed_y[other] -= dy * force
            pushed_x[one] += sum_x
            pushed_y[one] += sum_y
        for tie in range(source.shape[0]):
            one = source[tie]
            other = target[tie]
            dx = x[one] - x[other]
            dy = y[one] - y[other]
            pull = math.sqrt(dx * dx + dy * dy) / spacing
            pushed_x[one] -= dx * pull
            pushed_y[one] -= dy * pull
            pushed_x[other] += dx * pull
            pushed_y[other] += dy * pull
        for each in range(count):
            if fixed[each]:
                continue
            length = math.sqrt(pushed_x[each] * pushed_x[each] + pushed_y[each] * pushed_y[each])
            if length > furthest:
                x[each] += pushed_x[each] / length * furthest
                y[each] += pushed_y[each] / length * furthest
            else:
                x[each] += pushed_x[each]
                y[each] += pushed_y[each]
