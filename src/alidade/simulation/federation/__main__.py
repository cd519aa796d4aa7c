"""`python -m alidade.simulation.federation`: run many seeds, or tell one; ends with 1 if a promise was broken."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from alidade.simulation.federation import World, plan_of, simulate
from alidade.simulation.federation.shrinking import shrink, told


def main(given: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m alidade.simulation.federation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=500, help="how many seeds to run")
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="N", help="the first seed")
    parser.add_argument("--seed", type=int, help="run this one only")
    parser.add_argument("--trace", action="store_true", help="with --seed: tell every event")
    parser.add_argument("--real", action="store_true", help="real sealing and signing in every seed")
    asked = parser.parse_args(given)
    real = True if asked.real else None
    if asked.seed is not None:
        return _one(asked.seed, real, trace=asked.trace)
    failed, events, days = 0, 0, 0.0
    for seed in range(asked.first, asked.first + asked.seeds):
        outcome = simulate(seed, real=real)
        events += outcome.events
        days += outcome.lasted.total_seconds() / 86_400
        if outcome.broken:
            failed += 1
            print(f"seed {seed}: {outcome.broken}", flush=True)
    print(f"{asked.seeds} seeds, {events} events, {days:.0f} simulated days, {failed} with a broken promise")
    return 1 if failed else 0


def _one(seed: int, real: bool | None, *, trace: bool) -> int:
    plan = plan_of(seed, real=real)
    outcome = World(plan, keep_trace=True).run()
    if outcome.broken:
        plan = shrink(plan)
        outcome = World(plan, keep_trace=True).run()
        print(f"seed {seed} with as few acts as fail alike:", told(plan.acts), sep="\n")
    if trace:
        print(f"nodes {plan.hosts}, closed {sorted(plan.closed)}", *outcome.lines, sep="\n")
    print(
        f"seed {seed}: {outcome.broken or 'every promise kept'} ({outcome.events} events, trace {outcome.digest[:16]})"
    )
    return 1 if outcome.broken else 0


if __name__ == "__main__":
    sys.exit(main())
