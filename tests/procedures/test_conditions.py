"""Conditions on the values of a form."""

from __future__ import annotations

import msgspec
import pytest

from alidade.procedures.conditions import fields_of, filled, holds, well_formed
from alidade.procedures.definition import Condition

VALUES = {"urgent": True, "access": "direct", "grounds": ("life", "loss"), "count": 1, "empty": "  "}


def condition(text: str) -> Condition:
    return msgspec.json.decode(text, type=Condition)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"field": "access"}', True),
        ('{"field": "empty"}', False),
        ('{"field": "absent"}', False),
        ('{"field": "access", "is": ["indirect", "direct"]}', True),
        ('{"field": "access", "is": ["indirect"]}', False),
        ('{"field": "absent", "is": ["indirect"]}', False),
        ('{"field": "grounds", "is": ["loss"]}', True),
        ('{"field": "grounds", "is": ["liberty"]}', False),
        ('{"field": "urgent", "is": [true]}', True),
        ('{"field": "urgent", "is": [1]}', False),
        ('{"field": "count", "is": [true]}', False),
        ('{"field": "count", "is": [1]}', True),
        ('{"all": [{"field": "access"}, {"field": "absent"}]}', False),
        ('{"any": [{"field": "access"}, {"field": "absent"}]}', True),
        ('{"no": {"field": "absent"}}', True),
    ],
)
def test_whether_a_condition_holds(text: str, expected: bool) -> None:
    assert holds(condition(text), VALUES) is expected
    assert well_formed(condition(text))


def test_no_condition_always_holds() -> None:
    assert holds(None, {})
    assert list(fields_of(None)) == []


def test_no_is_an_answer_and_nothing_is_none() -> None:
    assert filled(False)
    assert filled(0)
    assert not filled(None)
    assert not filled(())
    assert not filled(" ")


def test_a_condition_says_exactly_one_thing() -> None:
    for text in ("{}", '{"field": "a", "all": []}', '{"is": ["x"], "all": []}', '{"all": [{}]}', '{"no": {}}'):
        assert not well_formed(condition(text))


def test_the_fields_that_a_condition_asks_about() -> None:
    text = '{"all": [{"field": "a"}, {"any": [{"field": "b"}, {"no": {"field": "c"}}]}]}'
    assert list(fields_of(condition(text))) == ["a", "b", "c"]
