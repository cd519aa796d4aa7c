"""Making a failing run small: leave acts out of the plan as long as the same promise is broken."""

from __future__ import annotations

from dataclasses import replace

from alidade.simulation.federation.plan import Act, Plan
from alidade.simulation.federation.world import Parts, World


def shrink(plan: Plan, parts: Parts | None = None, *, tries: int = 100) -> Plan:
    """A plan with fewer acts that breaks the same promise (the words before the comma or colon); at most `tries` runs.

    The network's losses follow the order of events, so that a smaller plan is another run: what is kept still fails.
    """
    wanted = _promise(plan, parts)
    acts, width = list(plan.acts), max(1, len(plan.acts) // 2)
    while tries > 0:
        removed = False
        start = 0
        while start < len(acts) and tries > 0:
            fewer = acts[:start] + acts[start + width :]
            tries -= 1
            if _promise(replace(plan, acts=tuple(fewer)), parts) == wanted:
                acts, removed = fewer, True
            else:
                start += width
        if width == 1 and not removed:
            break
        width = max(1, width // 2)
    return replace(plan, acts=tuple(acts))


def _promise(plan: Plan, parts: Parts | None) -> str:
    broken = World(plan, parts).run().broken
    return broken.split(",")[0].split(":")[0]


def told(acts: tuple[Act, ...]) -> str:
    """The acts of a plan, one to a line."""
    return "\n".join(str(act) for act in acts)
