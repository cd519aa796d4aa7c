"""Checks the forms of a procedure: types, lists, sections and conditions of every field."""

from __future__ import annotations

from alidade.procedures.conditions import fields_of, well_formed
from alidade.procedures.definition import Condition, Definition, Field, Form
from alidade.procedures.findings import Findings, check_known
from alidade.vocabulary import Vocabulary

__all__ = ["check_condition", "check_forms"]


def check_forms(definition: Definition, vocabulary: Vocabulary, found: Findings) -> None:
    """Notes what is wrong with the fields of all forms, and forms that no step uses."""
    used = {definition.opening.form} | {each.form for each in definition.transitions}
    for number, form in enumerate(definition.forms):
        path = f"$.forms[{number}]"
        if form.code not in used:
            found.warning("form_never_used", path, "No step uses this form.", "Name it in a step or remove it.")
        for position, field in enumerate(form.fields):
            _check_field(definition, form, f"{path}.fields[{position}]", field, vocabulary, found)


def _check_field(
    definition: Definition, form: Form, path: str, field: Field, vocabulary: Vocabulary, found: Findings
) -> None:
    check_condition(definition, f"{path}.required_if", field.required_if, found)
    check_condition(definition, f"{path}.shown_if", field.shown_if, found)
    if field.section is not None:
        check_known("section", f"{path}.section", [field.section], {each.code for each in form.sections}, found)
    if field.required and field.required_if is not None:
        found.warning(
            "required_twice", f"{path}.required_if", "The field is required in any case.", "Keep one of the two."
        )
    if (field.type == "code") != bool(field.choices):
        found.error(
            "choices_and_type",
            f"{path}.choices",
            "Choices belong to the type `code`, and it needs them.",
            "Add choices or change the type.",
        )
    if field.type == "code_list":
        check_known("list", f"{path}.list", [field.list or "(none)"], set(vocabulary.lists()), found)
    elif field.list is not None:
        found.error("list_and_type", f"{path}.list", "A list belongs to the type `code_list`.", "Change the type.")
    check_known("thing", f"{path}.things", field.things, set(vocabulary.things), found)
    if field.body is not None:
        check_known("body", f"{path}.body", [field.body], set(vocabulary.codes("bodies")), found)
    if field.min is not None and field.max is not None and field.min > field.max:
        found.error("empty_range", f"{path}.min", "No number fits between min and max.", "Correct one of the two.")


def check_condition(definition: Definition, path: str, condition: Condition | None, found: Findings) -> None:
    """Notes a condition that says nothing or too much, or asks about a field that no form has."""
    if condition is None:
        return
    if not well_formed(condition):
        found.error(
            "malformed_condition",
            path,
            "A condition says exactly one of `field`, `all`, `any` and `no`; `is` goes with `field`.",
            "Divide it with `all` or `any`.",
        )
    fields = {field.code: field for form in definition.forms for field in form.fields}
    check_known("field", path, fields_of(condition), set(fields), found)
    _check_values(path, condition, fields, found)


def _check_values(path: str, condition: Condition, fields: dict[str, Field], found: Findings) -> None:
    field = fields.get(condition.field or "")
    if field is not None and field.choices:
        wanted = {each for each in condition.is_ or () if isinstance(each, str)}
        check_known("choice", path, sorted(wanted), {choice.code for choice in field.choices}, found)
    for each in (*(condition.all or ()), *(condition.any or ()), *((condition.no,) if condition.no else ())):
        _check_values(path, each, fields, found)
