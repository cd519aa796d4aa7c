"""Checks the deadlines of a procedure: each starts, stops whichever way the thread ends, and gets what it needs."""

from __future__ import annotations

from collections.abc import Mapping

from alidade.clocks import ClockDefinition
from alidade.procedures.checking_fields import check_condition
from alidade.procedures.definition import BUILT_IN, ClockRule, ClockUse, Definition
from alidade.procedures.findings import Findings, check_known, check_roles

__all__ = ["check_clocks"]


def check_clocks(definition: Definition, clocks: Mapping[str, ClockDefinition], found: Findings) -> None:
    """Notes unknown clocks, steps, roles and fields, and clocks that never start, never stop or run on at the end."""
    steps = {each.code for each in definition.transitions} | set(BUILT_IN)
    for number, use in enumerate(definition.clocks):
        path = f"$.clocks[{number}]"
        check_roles(definition, f"{path}.owed_by", [use.owed_by], found)
        for position, choice in enumerate(use.choices):
            check_known("clock", f"{path}.choices[{position}].clock", [choice.clock], set(clocks), found)
            check_condition(definition, f"{path}.choices[{position}].when", choice.when, found)
        for position, rule in enumerate(use.events):
            place = f"{path}.events[{position}]"
            check_known("step", f"{place}.on", [rule.on], steps, found)
            check_roles(definition, f"{place}.by", [rule.by] if rule.by else [], found)
            check_condition(definition, f"{place}.when", rule.when, found)
            _check_rule(definition, place, rule, use, clocks, found)
        does = {rule.does for rule in use.events}
        if "start" not in does:
            found.error("clock_never_starts", path, "No step starts this clock.", "Name the step that starts it.")
        elif "stop" not in does:
            found.error("clock_never_stops", path, "No step stops this clock.", "Name the steps that stop it.")
        else:
            _check_end(definition, path, use, found)
        if "suspend" in does and "resume" not in does:
            found.error(
                "clock_never_resumes", path, "It is suspended and never goes on.", "Name the step that resumes."
            )


def _check_rule(
    definition: Definition,
    path: str,
    rule: ClockRule,
    use: ClockUse,
    clocks: Mapping[str, ClockDefinition],
    found: Findings,
) -> None:
    law = [clocks[each.clock] for each in use.choices if each.clock in clocks]
    permits = {
        "suspend": any(each.suspendable for each in law),
        "extend": any(each.extendable for each in law),
        "overrun": any(each.may_overrun for each in law),
    }
    if law and not permits.get(rule.does, True):
        found.error("clock_forbids", f"{path}.does", f"The law of this clock knows no {rule.does}.", "Remove the rule.")
    if rule.does not in ("extend", "overrun"):
        return
    form = definition.form_of_step(rule.on)
    types = {} if form is None else {field.code: field.type for field in form.fields}
    by_moment = rule.until is not None and types.get(rule.until) == "moment"
    by_length = types.get(rule.count or "") == "number" and types.get(rule.unit or "") == "code"
    if not by_moment and not by_length:
        found.error(
            "clock_without_length",
            path,
            f"The form of {rule.on} does not say by how much or until when.",
            "Name a field of type `moment` in `until`, or a `number` and a `code` in `count` and `unit`.",
        )


def _check_end(definition: Definition, path: str, use: ClockUse, found: Findings) -> None:
    """Walks all states with the clock running or not; built-in steps may start it at any time."""
    does = {rule.on: rule.does for rule in use.events if rule.does in ("start", "stop")}
    final = {each.code for each in definition.states if each.final}
    early = any(does.get(code) == "start" for code in BUILT_IN)
    seen: set[tuple[str, bool]] = set()
    todo = [(definition.opening.to_state, early)]
    while todo:
        state, running = todo.pop()
        if (state, running) in seen:
            continue
        seen.add((state, running))
        for each in definition.transitions:
            if state in each.from_states:
                then = does.get(each.code)
                todo.append((each.to_state or state, then == "start" or (running and then != "stop")))
    for state, running in sorted(seen):
        if running and state in final:
            found.error(
                "clock_runs_on", path, f"The clock still runs when the thread ends in {state}.", "Stop it before."
            )
