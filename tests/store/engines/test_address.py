"""Address: what the setting may say; and no password, nor anything that looks like one, ever comes back in an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from alidade.model.errors import AlidadeError, Damaged, Invalid
from alidade.services.node import Node, database_setting, has_node
from alidade.store.engines.address import place_of, settings_of

SECRET = "hunter2"


def test_the_parts_of_an_address_are_handed_on() -> None:
    found = settings_of("postgresql://alidade@db.example:6543/node?sslmode=verify-full&passfile=/etc/pass")
    assert [found[name] for name in ("USER", "HOST", "PORT", "NAME", "PASSWORD")] == [
        "alidade", "db.example", "6543", "node", "",
    ]  # fmt: skip
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert found["OPTIONS"]["passfile"] == "/etc/pass"
    assert place_of("postgresql://alidade@db.example:6543/node") == "database node at db.example:6543"
    assert place_of("postgresql://alidade@/node") == "database node at this machine"


def test_a_service_needs_nothing_else() -> None:
    found = settings_of("postgresql://?service=alidade")
    assert found["OPTIONS"]["service"] == "alidade"
    assert found["NAME"] == ""
    assert place_of("postgresql://?service=alidade") == "service alidade"


def test_options_of_the_operator_are_kept_beside_ours() -> None:
    options = settings_of("postgresql://u@h/d?options=-c%20work_mem%3D64MB")["OPTIONS"]["options"]
    assert "work_mem=64MB" in options
    assert "lock_timeout=20s" in options


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://alidade:{SECRET}@db.example/node",
        f"postgresql://alidade@db.example/node?password={SECRET}",
        f"postgresql://alidade@db.example/node?sslpassword={SECRET}",
        f"postgresql://alidade:{SECRET}@db.example:port/node",
        f"postgresql://alidade:{SECRET}@[db/node",
        f"postgresql://alidade:{SECRET}@db.example",
        f"postgresql://alidade:{SECRET}@db.example/node?nonsense=1",
        f"mysql://alidade:{SECRET}@db.example/node",
        f"host=db.example password={SECRET}",
        SECRET,
        "postgresql://",
    ],
)
def test_what_cannot_be_used_is_refused_without_being_quoted(tmp_path: Path, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        Node.open(tmp_path / "node", database=address)
    error: BaseException | None = refused.value
    assert isinstance(error, AlidadeError)
    assert error.code in ("database_address", "database_password")
    while error is not None:
        assert SECRET not in str(error)
        error = error.__cause__


def test_a_server_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(Damaged) as refused:
        Node.open(tmp_path / "node", database=f"postgresql://alidade@/node?host={tmp_path}")
    assert refused.value.code == "database_unreachable"


def test_one_variable_says_where_the_data_lies(tmp_path: Path) -> None:
    assert database_setting({}) is database_setting({"ALIDADE_DATABASE": ""}) is None
    assert database_setting({"ALIDADE_DATABASE": "postgresql://u@h/d"}) == "postgresql://u@h/d"
    (tmp_path / "keys.db").touch()
    assert has_node(tmp_path, "postgresql://u@h/d")
    assert not has_node(tmp_path)
