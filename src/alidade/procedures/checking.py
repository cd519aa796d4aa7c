"""Checks a procedure before anybody runs it: every name it uses exists, every state can be left, every clock stops."""

from __future__ import annotations

from collections.abc import Mapping

from alidade.clocks import ClockDefinition
from alidade.procedures.checking_clocks import check_clocks
from alidade.procedures.checking_fields import check_condition, check_forms
from alidade.procedures.checking_states import check_states
from alidade.procedures.checking_texts import check_texts
from alidade.procedures.definition import BUILT_IN, COPY, EFFECTS, Copy, Definition, Effect
from alidade.procedures.findings import Finding, Findings, check_known, check_roles
from alidade.vocabulary import Vocabulary

__all__ = ["Finding", "check_definition"]


def check_definition(
    definition: Definition, vocabulary: Vocabulary, clocks: Mapping[str, ClockDefinition]
) -> list[Finding]:
    """Everything that is wrong with a procedure, errors first; an empty list: it may be used, in all languages.

    `clocks`: what `alidade.clocks.load_clocks()` gives. `findings.with_lines` adds the lines of the file.
    """
    found = Findings()
    _check_codes(definition, found)
    _check_names(definition, vocabulary, found)
    check_forms(definition, vocabulary, found)
    _check_consequences(definition, found)
    _check_products_and_statistics(definition, found)
    for number, clock in enumerate(definition.own_clocks):
        if clock.code in clocks:
            found.error(
                "own_clock_of_law",
                f"$.own_clocks[{number}].code",
                f"{clock.code} is a deadline of the law.",
                "Use it as it is, or give your own another code.",
            )
    check_clocks(definition, definition.all_clocks(clocks), found)
    check_states(definition, found)
    check_texts(definition, found)
    return sorted(found.found, key=lambda each: each.severity)


def _codes(definition: Definition) -> dict[str, list[str]]:
    """The codes of every group in which none may stand twice, by place."""
    groups: dict[str, list[str]] = {
        "$.roles": [each.code for each in definition.roles],
        "$.forms": [each.code for each in definition.forms],
        "$.states": [each.code for each in definition.states],
        "$.transitions": [each.code for each in definition.transitions],
        "$.own_clocks": [each.code for each in definition.own_clocks],
        "$.clocks": [each.code for each in definition.clocks],
        "$.products": [each.code for each in definition.products],
        "$.statistics": [each.code for each in definition.statistics],
    }
    for name, choices in definition.lists.items():
        groups[f"$.lists.{name}"] = [each.code for each in choices]
    for number, form in enumerate(definition.forms):
        groups[f"$.forms[{number}].fields"] = [each.code for each in form.fields]
        groups[f"$.forms[{number}].sections"] = [each.code for each in form.sections]
        for position, field in enumerate(form.fields):
            groups[f"$.forms[{number}].fields[{position}].choices"] = [each.code for each in field.choices]
    return groups


def _check_codes(definition: Definition, found: Findings) -> None:
    """No code twice, none that is reserved, no list without entries."""
    groups = _codes(definition)
    for path, codes in groups.items():
        for number, code in enumerate(codes):
            if code in codes[:number]:
                found.error("duplicate_code", f"{path}[{number}]", f"{code} stands twice.", "Give each its own code.")
    for name, choices in definition.lists.items():
        if not choices:
            found.error("empty_list", f"$.lists.{name}", "The list is empty.", "Add its entries or remove it.")
    for path, reserved in (("$.roles", (COPY,)), ("$.transitions", BUILT_IN)):
        for number, code in enumerate(groups[path]):
            if code in reserved:
                found.error(
                    "reserved_code", f"{path}[{number}]", f"Every procedure has {code} already.", "Use another code."
                )


def _check_names(definition: Definition, vocabulary: Vocabulary, found: Findings) -> None:
    """Every role, state, form and list that is named exists."""
    states = {each.code for each in definition.states}
    forms = {each.code for each in definition.forms}
    opening = definition.opening
    check_roles(definition, "$.opening.by", opening.by, found)
    check_known("state", "$.opening.to_state", [opening.to_state], states, found)
    check_known("form", "$.opening.form", [opening.form], forms, found)
    for number, state in enumerate(definition.states):
        if state.turn is not None:
            check_roles(definition, f"$.states[{number}].turn", [state.turn], found)
    for number, each in enumerate(definition.transitions):
        path = f"$.transitions[{number}]"
        check_roles(definition, f"{path}.by", each.by, found)
        check_known("state", f"{path}.from_states", each.from_states, states, found)
        check_known("state", f"{path}.to_state", [each.to_state] if each.to_state else [], states, found)
        check_known("form", f"{path}.form", [each.form] if each.form else [], forms, found)
        if each.reason_required and each.reasons is None:
            found.error(
                "reason_without_list",
                f"{path}.reason_required",
                "A reason is required, but no closed list is named.",
                "Name a list in `reasons`.",
            )
        lists = {*definition.lists, *vocabulary.lists()}
        check_known("list", f"{path}.reasons", [each.reasons] if each.reasons else [], lists, found)
    acting = {role for each in definition.transitions for role in each.by} | set(opening.by)
    for number, role in enumerate(definition.roles):
        if role.code not in acting:
            found.error(
                "role_never_acts",
                f"$.roles[{number}]",
                f"The role {role.code} can do nothing.",
                f"Name it in a transition, or use the role {COPY} for those who only read.",
            )


def _check_consequences(definition: Definition, found: Findings) -> None:
    """Every effect is known and gets its arguments; every copy goes to a field that names an authority."""
    opening = definition.opening
    steps: list[tuple[str, tuple[Effect, ...], tuple[Copy, ...]]] = [("$.opening", opening.effects, opening.copies)]
    for number, each in enumerate(definition.transitions):
        steps.append((f"$.transitions[{number}]", each.effects, each.copies))
    types = {field.code: field.type for form in definition.forms for field in form.fields}
    for path, effects, copies in steps:
        for number, effect in enumerate(effects):
            _check_effect(definition, f"{path}.effects[{number}]", effect, found)
        for number, copy in enumerate(copies):
            place = f"{path}.copies[{number}]"
            check_condition(definition, f"{place}.when", copy.when, found)
            if types.get(copy.field) != "authority":
                found.error(
                    "copy_to_nobody",
                    f"{place}.field",
                    f"{copy.field} is no field that names an authority.",
                    "Name a field of type `authority`.",
                )


def _check_effect(definition: Definition, path: str, effect: Effect, found: Findings) -> None:
    check_known("effect", f"{path}.code", [effect.code], set(EFFECTS), found)
    check_condition(definition, f"{path}.when", effect.when, found)
    fields = {field.code for form in definition.forms for field in form.fields}
    for name, field in effect.arguments.items():
        check_known("field", f"{path}.arguments.{name}", [field], fields, found)
    for name in EFFECTS.get(effect.code, ()):
        if name not in effect.arguments and name not in effect.fixed:
            found.error(
                "missing_argument",
                path,
                f"The effect {effect.code} is not told its {name}.",
                "Say in `arguments` which field gives it.",
            )


def _check_products_and_statistics(definition: Definition, found: Findings) -> None:
    steps = {each.code for each in definition.transitions} | set(BUILT_IN)
    fields = {field.code for form in definition.forms for field in form.fields}
    for number, product in enumerate(definition.products):
        check_known("step", f"$.products[{number}].steps", product.steps, steps, found)
    for number, each in enumerate(definition.statistics):
        path = f"$.statistics[{number}]"
        check_roles(definition, f"{path}.as_role", [each.as_role], found)
        check_known("step", f"{path}.of", each.of, steps, found)
        check_condition(definition, f"{path}.when", each.when, found)
        if each.count == "steps" and not each.of:
            found.error("nothing_counted", path, "No step is named to be counted.", "Name the steps in `of`.")
        for split in each.by:
            if split.startswith("state_of:"):
                check_roles(definition, f"{path}.by", [split.removeprefix("state_of:")], found)
            elif split not in ("reason", "month"):
                check_known("field", f"{path}.by", [split], fields, found)
