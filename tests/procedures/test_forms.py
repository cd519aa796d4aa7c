"""Forms: every kind of field, and all that is wrong at once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from procedure_play import text

from alidade.procedures import (
    Definition,
    Form,
    InvalidForm,
    Value,
    asked,
    load_catalogue,
    reason_known,
    validate_values,
    values_problems,
)
from alidade.vocabulary import Vocabulary

ID = "0123456789abcdef" * 2


def form(*fields: dict[str, Any]) -> Form:
    whole = {"code": "f", "title": text("F"), "fields": [{"label": text("L"), **each} for each in fields]}
    return msgspec.json.decode(msgspec.json.encode(whole), type=Form)


def one(vocabulary: Vocabulary, value: Value, type_: str, **more: Any) -> Value | str:
    """The value of a form of one field in its normal form, or the code of what is wrong with it."""
    asked_for = form({"code": "x", "type": type_, **more})
    problems = values_problems(asked_for, {"x": value}, vocabulary)
    if not problems:
        return validate_values(asked_for, {"x": value}, vocabulary)["x"]
    (problem,) = problems
    assert problem.field == "x"
    return f"!{problem.code}"


CHOICES = [{"code": "life", "label": text("Life")}, {"code": "loss", "label": text("Loss")}]


@pytest.mark.parametrize(
    ("type_", "more", "value", "expected"),
    [
        ("text", {}, "  a word ", "a word"),
        ("text", {}, "two\nlines", "!lines"),
        ("text", {}, "w" * 501, "!too_long"),
        ("text", {}, True, "!type"),
        ("text", {}, ("a", "b"), "!one"),
        ("text", {"many": True}, "alone", ("alone",)),
        ("text", {"many": True}, ("a", " b", "a"), ("a", "b")),
        ("text", {"many": True}, tuple(str(number) for number in range(1001)), "!too_many"),
        ("long_text", {"max_words": 3}, "one two\nthree", "one two\nthree"),
        ("long_text", {"max_words": 3}, "one two three four", "!too_long"),
        ("long_text", {}, "w" * 100_001, "!too_long"),
        ("code", {"choices": CHOICES}, "life", "life"),
        ("code", {"choices": CHOICES}, "death", "!not_listed"),
        ("code_list", {"list": "purposes"}, "18.2.a", "18.2.a"),
        ("code_list", {"list": "purposes"}, "18.2.z", "!not_listed"),
        ("code_list", {"list": "no_such_list"}, "y", "!not_listed"),
        ("code_list", {}, "y", "!not_listed"),
        ("thing", {}, "Vessel", "Vessel"),
        ("thing", {"things": ["Vehicle"]}, "Vessel", "Vessel"),
        ("thing", {"things": ["Person"]}, "Vessel", "!not_listed"),
        ("thing", {}, "Ghost", "!not_listed"),
        ("date", {}, "2026-11-22", "2026-11-22"),
        ("date", {}, "2026-11-31", "!date"),
        ("date", {}, "20261122", "!date"),
        ("moment", {}, "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("moment", {}, "2026-11-22T10:00", "!moment"),
        ("boolean", {}, False, False),
        ("boolean", {}, "no", "!type"),
        ("boolean", {"many": True}, ("yes",), "!type"),
        ("number", {}, 12, 12),
        ("number", {}, "12", 12),
        ("number", {}, "12.50", "12.50"),
        ("number", {}, True, "!type"),
        ("number", {}, "a dozen", "!type"),
        ("number", {"many": True}, ("1",), "!type"),
        ("number", {"min": 2}, 1, "!range"),
        ("number", {"max": 2}, 5, "!range"),
        ("number", {"min": 2, "max": 3}, 5, "!range"),
        ("number", {"min": 2, "max": 3}, "2.5", "2.5"),
        ("country", {}, "BE", "BE"),
        ("country", {}, "XY", "!not_listed"),
        ("authority", {}, "be-politie", "be-politie"),
        ("authority", {}, "the police", "!reference"),
        ("authority", {}, "x" * 101, "!reference"),
        ("record", {"many": True}, (ID,), (ID,)),
        ("record", {}, "his record", "!reference"),
        ("check_hit", {}, ID, ID),
        ("contribution", {}, ID[:-1], "!reference"),
        ("boolean", {"must_be": [True]}, True, True),
        ("boolean", {"must_be": [True]}, False, "!must_be"),
    ],
)
def test_each_kind_of_field(
    type_: str, more: dict[str, Any], value: Value, expected: Value, vocabulary: Vocabulary
) -> None:
    assert one(vocabulary, value, type_, **more) == expected


def test_all_that_is_wrong_is_said_at_once_and_no_value_is_quoted(vocabulary: Vocabulary) -> None:
    whole = form(
        {"code": "who", "type": "text", "required": True},
        {"code": "when", "type": "date"},
        {"code": "urgent", "type": "boolean", "required": True},
        {"code": "why", "type": "text", "shown_if": {"field": "urgent", "is": [True]}},
        {"code": "proof", "type": "text", "required_if": {"field": "when"}},
    )
    values: dict[str, Value] = {"when": "Ivan Petrov", "urgent": False, "why": "secret", "stray": 1, "who": " "}
    with pytest.raises(InvalidForm) as caught:
        validate_values(whole, values, vocabulary)
    assert [(each.field, each.code) for each in caught.value.problems] == [
        ("stray", "unknown"), ("when", "date"), ("why", "not_asked"), ("who", "missing"), ("proof", "missing"),
    ]  # fmt: skip
    assert all(each.message and each.remedy for each in caught.value.problems)
    assert "Petrov" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert values_problems(whole, values, vocabulary) == caught.value.problems


def test_what_is_asked_may_hang_on_what_the_thread_said_before(vocabulary: Vocabulary) -> None:
    done = form({"code": "told", "type": "number", "shown_if": {"field": "tell", "is": [True]}, "required_if": {
        "field": "tell", "is": [True]}})  # fmt: skip
    assert asked(done, {}) == ()
    assert [each.code for each in asked(done, {}, {"tell": True})] == ["told"]
    assert validate_values(done, {}, vocabulary) == {}
    assert [each.code for each in values_problems(done, {}, vocabulary, facts={"tell": True})] == ["missing"]


def test_reasons_come_from_the_file_or_from_the_vocabulary(vocabulary: Vocabulary, small: Definition) -> None:
    assert reason_known(small, "refuse", "busy", vocabulary)
    assert not reason_known(small, "refuse", "bored", vocabulary)
    assert not reason_known(small, "answer", "busy", vocabulary)
    assert not reason_known(small, "no_such_step", "busy", vocabulary)
    information = load_catalogue().newest("spontaneous_information")
    assert reason_known(information, "withdraw", "wrong", vocabulary)
    assert not reason_known(information, "withdraw", "busy", vocabulary)
