"""Forms: what was filled in is checked against the form, and all that is wrong with it is said at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alidade.model.errors import Invalid
from alidade.procedures.conditions import filled, holds
from alidade.procedures.definition import Definition, Field, Form
from alidade.procedures.steps import Value, moment_of
from alidade.vocabulary import UnknownCode, Vocabulary

__all__ = ["FieldProblem", "InvalidForm", "asked", "reason_known", "validate_values", "values_problems"]

_DECIMAL: Final = re.compile(r"^-?\d{1,15}(\.\d{1,9})?$")
_ID: Final = re.compile(r"^[0-9a-f]{32}$")
_LONGEST: Final = {"text": 500, "long_text": 100_000}  # characters; a guard for the machine, words are for people
_MOST: Final = 1000  # answers to one question


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field: a code for programs, a sentence, what to do. Never quotes the value."""

    field: str
    code: str
    message: str
    remedy: str


class InvalidForm(Invalid):
    """A form was filled in wrongly; `problems` names every field at once."""

    code = "form_invalid"

    def __init__(self, form: str, problems: tuple[FieldProblem, ...]) -> None:
        self.form = form
        self.problems = problems
        lines = " ".join(f"{each.field}: {each.message}" for each in problems)
        super().__init__(f"The form {form} cannot be taken as it is. {lines}", remedy="Mend the fields named.")


class _Wrong(Exception):
    """One value is not what its field asks for."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.problem = (code, message, remedy)


def asked(form: Form, values: Mapping[str, Value], facts: Mapping[str, Value] | None = None) -> tuple[Field, ...]:
    """The fields that are asked, given what is already filled in here and, in `facts`, in the thread before."""
    together = {**(facts or {}), **values}
    return tuple(field for field in form.fields if holds(field.shown_if, together))


def validate_values(
    form: Form, values: Mapping[str, Value], vocabulary: Vocabulary, *, facts: Mapping[str, Value] | None = None
) -> dict[str, Value]:
    """The values in their normal form: trimmed, empty answers left out, single answers to `many` as a list.

    Whether an authority, record, hit or contribution exists and may be named is for the caller to ask; here only
    its shape is checked. Raises InvalidForm with the problems of all fields.
    """
    cleaned, problems = _clean(form, values, vocabulary, facts or {})
    if problems:
        raise InvalidForm(form.code, tuple(problems))
    return cleaned


def values_problems(
    form: Form, values: Mapping[str, Value], vocabulary: Vocabulary, *, facts: Mapping[str, Value] | None = None
) -> tuple[FieldProblem, ...]:
    """What would have to be mended before the form can be sent; for drafts, and for what others sent."""
    return tuple(_clean(form, values, vocabulary, facts or {})[1])


def reason_known(definition: Definition, step: str, reason: str, vocabulary: Vocabulary) -> bool:
    """Whether a reason stands in the closed list of a step, be it in the file or in the vocabulary."""
    inline = definition.reasons_of(step)
    if inline is not None:
        return reason in {choice.code for choice in inline}
    transition = definition.transition(step)
    if transition is None or transition.reasons is None:
        return False
    return reason in vocabulary.codes(transition.reasons)


def _clean(
    form: Form, values: Mapping[str, Value], vocabulary: Vocabulary, facts: Mapping[str, Value]
) -> tuple[dict[str, Value], list[FieldProblem]]:
    problems: list[FieldProblem] = []
    cleaned: dict[str, Value] = {}
    shown = {field.code for field in asked(form, values, facts)}
    known = {field.code for field in form.fields}
    for code in sorted(set(values) - known):
        problems.append(_problem(code, "unknown", "The form has no such field.", "Leave it out."))
    for field in form.fields:
        value = values.get(field.code)
        if not filled(value):
            continue
        if field.code not in shown:
            problems.append(_problem(field.code, "not_asked", "This is not asked here.", "Leave it empty."))
            continue
        try:
            cleaned[field.code] = _value(field, value, vocabulary)
        except _Wrong as wrong:
            problems.append(_problem(field.code, *wrong.problem))
    wrong_fields = {each.field for each in problems}
    together = {**facts, **values}
    for field in form.fields:
        if field.code not in shown or field.code in cleaned or field.code in wrong_fields:
            continue
        if field.required or (field.required_if is not None and holds(field.required_if, together)):
            problems.append(_problem(field.code, "missing", "An answer is required.", "Fill it in."))
    return cleaned, problems


def _problem(field: str, code: str, message: str, remedy: str) -> FieldProblem:
    return FieldProblem(field=field, code=code, message=message, remedy=remedy)


def _value(field: Field, value: Value | None, vocabulary: Vocabulary) -> Value:
    """The value of one field in its normal form; raises _Wrong."""
    cleaned: Value
    if isinstance(value, (tuple, list)):
        if not field.many:
            raise _Wrong("one", "Only one answer is possible.", "Give one.")
        cleaned = _several(field, value, vocabulary)
    else:
        one = _one(field, value, vocabulary)
        cleaned = (one,) if field.many and isinstance(one, str) else one
    if field.must_be is not None and not _is_one_of(cleaned, field.must_be):
        raise _Wrong("must_be", "With this answer the form cannot be sent.", "Read the explanation of the field.")
    return cleaned


def _several(field: Field, values: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    if len(values) > _MOST:
        raise _Wrong("too_many", f"At most {_MOST} answers are possible.", "Divide them over several threads.")
    cleaned: list[str] = []
    for each in values:
        one = _one(field, each, vocabulary)
        if not isinstance(one, str):
            raise _Wrong("type", "This question takes one answer.", "Give one.")
        if one not in cleaned:
            cleaned.append(one)
    return tuple(cleaned)


def _is_one_of(value: Value, allowed: tuple[str | bool | int, ...]) -> bool:
    return any(type(value) is type(each) and value == each for each in allowed)


def _one(field: Field, value: object, vocabulary: Vocabulary) -> str | bool | int:
    if field.type == "boolean":
        if not isinstance(value, bool):
            raise _Wrong("type", "The answer is yes or no.", "Choose one of the two.")
        return value
    if field.type == "number":
        return _number(field, value)
    if not isinstance(value, str):
        raise _Wrong("type", "This is not text.", "Write or choose an answer.")
    text = value.strip()
    if field.type in ("text", "long_text"):
        _words(field, text)
    elif field.type in _SHAPES:
        _SHAPES[field.type](text)
    else:
        _listed(field, text, vocabulary)
    return text


def _words(field: Field, text: str) -> None:
    if field.max_words is not None and len(text.split()) > field.max_words:
        raise _Wrong("too_long", f"At most {field.max_words} words are possible.", "Shorten it.")
    longest = _LONGEST[field.type]
    if len(text) > longest:
        raise _Wrong("too_long", f"At most {longest} characters are possible.", "Shorten it or attach it as a file.")
    if field.type == "text" and len(text.splitlines()) > 1:
        raise _Wrong("lines", "Only one line is possible.", "Write it in one line.")


def _number(field: Field, value: object) -> str | int:
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not _DECIMAL.match(str(value).strip()):
        raise _Wrong("type", "This is not a number.", "Write figures, with a point before decimals.")
    text = str(value).strip()
    figure = float(text)
    if (field.min is not None and figure < field.min) or (field.max is not None and figure > field.max):
        raise _Wrong("range", f"The number must be {_range(field)}.", "Correct it.")
    return text if "." in text else int(text)


def _range(field: Field) -> str:
    if field.max is None:
        return f"at least {field.min}"
    return f"at most {field.max}" if field.min is None else f"between {field.min} and {field.max}"


def _date(text: str) -> None:
    try:
        if len(text) == 10 and dt.date.fromisoformat(text):
            return
    except ValueError:
        pass
    raise _Wrong("date", "This is not a day.", "Write it as year-month-day, such as 2026-11-22.")


def _moment(text: str) -> None:
    try:
        moment_of(text)
    except Invalid:
        raise _Wrong("moment", "This is not a day and time.", "Choose day and time.") from None


def _reference(text: str) -> None:
    if not _ID.match(text):
        raise _Wrong("reference", "This is not a reference.", "Choose it from the list.")


def _authority(text: str) -> None:
    if len(text) > 100 or len(text.split()) != 1:
        raise _Wrong("reference", "This is not an authority.", "Choose it from the directory.")


_SHAPES: Final[Mapping[str, Callable[[str], None]]] = {
    "date": _date,
    "moment": _moment,
    "record": _reference,
    "contribution": _reference,
    "check_hit": _reference,
    "authority": _authority,
}


def _listed(field: Field, text: str, vocabulary: Vocabulary) -> None:
    """Checks a code of a list: of the field itself, of the vocabulary, the countries, or the types of things."""
    if field.type == "code":
        known = text in {choice.code for choice in field.choices}
    elif field.type == "thing":
        known = text in vocabulary.things and (
            not field.things or any(vocabulary.is_a(text, each) for each in field.things)
        )
    else:
        try:
            known = text in vocabulary.codes("countries" if field.type == "country" else field.list or "")
        except UnknownCode:
            known = False
    if not known:
        raise _Wrong("not_listed", "This is not in the list.", "Choose from the list.")
