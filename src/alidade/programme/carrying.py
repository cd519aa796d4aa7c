"""Carrying over: the measures of one instrument go on in its successor, by a mapping that says how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from alidade.model.errors import Invalid
from alidade.programme.register import Carried, Instrument, Measure, check_instrument

__all__ = ["Step", "carry_over", "uncarried"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Measure `measure` of the earlier instrument goes into measure `into` of the later one, in the way `how`.

    `how` is a code of carrying_ways; a dropped measure has no `into`.
    """

    measure: str
    how: str
    into: str = ""


def carry_over(reference: str, earlier: Instrument, later: Instrument, steps: Sequence[Step]) -> Instrument:
    """The later instrument with what it carries on of the earlier one (kept under `reference`).

    Earlier mappings from the same instrument are replaced. Many may go into one and one into many. Raises Invalid for
    a measure that either paper does not have, or one that is both dropped and carried on.
    """
    dropped = {step.measure for step in steps if step.how == "dropped"}
    going: dict[str, list[Carried]] = {}
    for step in steps:
        if earlier.measure(step.measure) is None:
            raise Invalid(f"{earlier.number} has no measure {step.measure}.", remedy="Choose one of its measures.")
        if step.how == "dropped":
            continue
        if step.measure in dropped:
            raise Invalid(f"Measure {step.measure} cannot be both dropped and carried on.")
        if later.measure(step.into) is None:
            raise Invalid(
                f"{later.number} has no measure {step.into or '(none)'}.",
                remedy="Choose one of its measures, or say that the earlier one was dropped.",
            )
        going.setdefault(step.into, []).append(Carried(instrument=reference, measure=step.measure, how=step.how))
    measures = tuple(_with(measure, reference, going.get(measure.key, ())) for measure in later.measures)
    predecessors = tuple(dict.fromkeys((*later.predecessors, earlier.number)))
    changed = msgspec.structs.replace(later, measures=measures, predecessors=predecessors)
    check_instrument(changed)
    return changed


def uncarried(reference: str, earlier: Instrument, successors: Mapping[str, Instrument]) -> list[Measure]:
    """The measures of an instrument that no later one carries on: dropped without a word, or forgotten."""
    carried = {
        step.measure
        for later in successors.values()
        for measure in later.measures
        for step in measure.carries
        if step.instrument == reference
    }
    return [measure for measure in earlier.measures if measure.key not in carried]


def _with(measure: Measure, reference: str, carried: Sequence[Carried]) -> Measure:
    others = tuple(each for each in measure.carries if each.instrument != reference)
    return msgspec.structs.replace(measure, carries=(*others, *carried))
