"""Frames: what of a step remains once its words were erased: enough that the thread stands where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from alidade.procedures import Definition, Effect, Opening, Step, Transition, step_bytes
from alidade.procedures.conditions import fields_of
from alidade.procedures.definition import Copy

# Kinds of answers that are chosen and not written; a day or a text can say who somebody is.
_CHOSEN: Final = frozenset({"code", "code_list", "boolean", "number", "moment", "authority"})
_ERASED: Final = "-"


def frame_of(definition: Definition, step: Step) -> bytes:
    """The step without officer, words, files and records, and of its answers those by which the procedure goes."""
    form = definition.form_of_step(step.code)
    needed = set(_needed(definition))
    kept_values = (
        {
            field.code: step.values[field.code]
            for field in form.fields
            if field.code in step.values and field.code in needed and field.type in _CHOSEN
        }
        if form is not None
        else {}
    )
    opened = step.opened
    return step_bytes(
        msgspec.structs.replace(
            step,
            officer="officer",
            approved_by=None if step.approved_by is None else "second officer",
            values=kept_values,
            note=_ERASED if step.note.strip() else "",
            attachments=(),
            contributions=(),
            quotes=(),
            opened=None if opened is None else msgspec.structs.replace(opened, title=_ERASED, case=None),
        )
    )


def _needed(definition: Definition) -> Iterator[str]:
    """The fields by which clocks, effects, copies and statistics go."""
    for use in definition.clocks:
        for choice in use.choices:
            yield from fields_of(choice.when)
        for rule in use.events:
            yield from fields_of(rule.when)
            yield from (field for field in (rule.until, rule.count, rule.unit) if field)
    acts: tuple[Opening | Transition, ...] = (definition.opening, *definition.transitions)
    for effect in (effect for act in acts for effect in _effects(act)):
        yield from fields_of(effect.when)
    for copy in (copy for act in acts for copy in _copies(act)):
        yield copy.field
        yield from fields_of(copy.when)
    for statistic in definition.statistics:
        yield from statistic.by
        yield from fields_of(statistic.when)
    yield from ("urgent", "urgency", "priority")


def _effects(act: Opening | Transition) -> tuple[Effect, ...]:
    return act.effects


def _copies(act: Opening | Transition) -> tuple[Copy, ...]:
    return act.copies
