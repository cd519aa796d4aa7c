"""Statement: its leaf depends on all it says and on its salt."""

from __future__ import annotations

import dataclasses
import json

import pytest

from alidade.model.evaluation import Evaluation
from alidade.model.ids import HandlingId, RecordId, StatementId
from alidade.model.statement import Statement, statement_bytes, statement_leaf

STATEMENT = Statement(
    id=StatementId("1" * 32),
    record=RecordId("2" * 32),
    thing="Person",
    property="name",
    value="Zoë Ångström",
    evaluation=Evaluation("A", "1"),
    handling=HandlingId("3" * 64),
    salt=b"s" * 16,
)


def test_every_field_but_the_salt_is_in_the_bytes() -> None:
    said = json.loads(statement_bytes(STATEMENT))
    assert set(said) == {field.name for field in dataclasses.fields(Statement)} - {"salt"} | {"version"}
    assert said["value"] == "Zoë Ångström"
    assert said["evaluation"] == ["A", "1", True, "4x4", ""]
    assert b"s" * 16 not in statement_bytes(STATEMENT)


def test_the_salt_hides_the_leaf() -> None:
    other = dataclasses.replace(STATEMENT, salt=b"t" * 16)
    assert statement_bytes(other) == statement_bytes(STATEMENT)
    assert statement_leaf(other) != statement_leaf(STATEMENT)
    with pytest.raises(ValueError, match="salt"):
        statement_leaf(dataclasses.replace(STATEMENT, salt=b""))
