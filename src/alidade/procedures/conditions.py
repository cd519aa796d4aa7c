"""Conditions: whether a test of a procedure's file holds on the values of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from alidade.procedures.definition import Condition
from alidade.procedures.steps import Value

__all__ = ["fields_of", "filled", "holds", "well_formed"]


def filled(value: Value | None) -> bool:
    """Whether a value answers anything: neither absent nor empty; `no` is an answer."""
    if isinstance(value, str):
        return value.strip() != ""
    return value is not None and value != ()


def holds(condition: Condition | None, values: Mapping[str, Value]) -> bool:
    """Whether the condition holds on these values; no condition always holds."""
    if condition is None:
        return True
    if condition.all is not None:
        return all(holds(each, values) for each in condition.all)
    if condition.any is not None:
        return any(holds(each, values) for each in condition.any)
    if condition.no is not None:
        return not holds(condition.no, values)
    value = values.get(condition.field or "")
    if condition.is_ is None:
        return filled(value)
    given = value if isinstance(value, tuple) else (value,)
    # True equals 1 in Python and means something else in a form.
    return any(type(one) is type(wanted) and one == wanted for one in given for wanted in condition.is_)


def well_formed(condition: Condition) -> bool:
    """Whether the condition and those inside it say exactly one thing each."""
    said = [condition.field, condition.all, condition.any, condition.no]
    if sum(each is not None for each in said) != 1 or (condition.is_ is not None and condition.field is None):
        return False
    return all(well_formed(each) for each in _inside(condition))


def fields_of(condition: Condition | None) -> Iterator[str]:
    """The fields that a condition asks about."""
    if condition is None:
        return
    if condition.field is not None:
        yield condition.field
    for each in _inside(condition):
        yield from fields_of(each)


def _inside(condition: Condition) -> tuple[Condition, ...]:
    alone = () if condition.no is None else (condition.no,)
    return (condition.all or ()) + (condition.any or ()) + alone
