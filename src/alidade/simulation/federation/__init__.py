"""A whole federation in one process: virtual time, a network and disks that fail, real exchange, a keeper of truth.

`simulate(seed)` runs one seed; the same seed gives the same run, event by event. What is real: `alidade.exchange`
and `alidade.procedures`, whole. What is simulated: time, chance, transport, disks, people; and, but for every eighth
seed, sealing and the signatures of envelopes and items (see `standins`).
"""

from __future__ import annotations

from alidade.simulation.federation.plan import Act, Plan, plan_of
from alidade.simulation.federation.world import Outcome, Parts, World

__all__ = ["Act", "Outcome", "Parts", "Plan", "World", "plan_of", "simulate"]


def simulate(seed: int, parts: Parts | None = None, *, real: bool | None = None, keep_trace: bool = False) -> Outcome:
    """Run one seed to its end, or to the first promise that is not kept."""
    return World(plan_of(seed, real=real), parts, keep_trace=keep_trace).run()
