"""Form schema: the form of a step as JSON Schema (2020-12), so that a program can fill it in without knowing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from alidade.services.threads.view import Choice, Form, FormField

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Final = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "text": {"type": "string", "maxLength": 500},
    "long_text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "number": {"type": ["integer", "string"], "pattern": r"^-?\d{1,15}(\.\d{1,9})?$"},
    "authority": {"type": "string", "pattern": "^[a-z0-9-]{1,64}$"},
    "record": _REFERENCE,
    "check_hit": _REFERENCE,
    "contribution": _REFERENCE,
}


def schema_of(form: Form) -> dict[str, Any]:
    """The schema of `values` of a step.

    What is required or asked only under a condition on other answers stands under `x-required-if` and `x-shown-if`,
    in the form of the procedure's file; `x-max-words` is what the law or the unit allows.
    """
    return {
        "$schema": DIALECT,
        "title": form.label,
        "type": "object",
        "additionalProperties": False,
        "properties": {field.code: _field(field) for field in form.fields},
        "required": [field.code for field in form.fields if field.required and field.shown_if is None],
    }


def _field(field: FormField) -> dict[str, Any]:
    one = dict(_KINDS.get(field.kind, {"type": "string"}))
    if field.choices:
        one["oneOf"] = [_choice(each) for each in field.choices]
    elif field.kind == "thing" and field.things:
        one["x-things"] = list(field.things)
    shown: dict[str, Any] = {"type": "array", "items": one, "uniqueItems": True} if field.many else one
    shown["title"] = field.label
    if field.help:
        shown["description"] = field.help
    if field.code_list:
        shown["x-list"] = field.code_list
    if field.max_words is not None:
        shown["x-max-words"] = field.max_words
    if field.required_if is not None:
        shown["x-required-if"] = _condition(field.required_if)
    if field.shown_if is not None:
        shown["x-shown-if"] = _condition(field.shown_if)
    return shown


def _choice(choice: Choice) -> dict[str, str]:
    shown = {"const": choice.code, "title": choice.label}
    return shown | {"description": choice.help} if choice.help else shown


def _condition(condition: Any) -> Any:
    """The condition without what it does not say."""
    return _said(msgspec.to_builtins(condition))


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _said(each) for name, each in value.items() if each is not None}
    return [_said(each) for each in value] if isinstance(value, (list, tuple)) else value
