"""The database at the command line: shown, moved there and back, brought up to date; no secret is ever printed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # what all folders of tests share

from desk import ANALYST, Desk

from alidade.services.node import open_store
from alidade.store import tables
from databases import address_of, on_files


def test_it_says_where_the_data_lies(desk: Desk) -> None:
    answer = desk.ask("database", "show")

    assert answer["engine"] == ("postgresql" if address_of(desk.home) else "sqlite")
    assert answer["lacking"] == []
    assert answer["ledger"] > 10
    assert "Tables of version" in desk.run("database", "show").out
    assert Desk(home=desk.folder / "nothing", folder=desk.folder).run("database", "show").code == 4


@pytest.mark.parametrize("arguments", [(), ("--to", "postgresql://u@h/d", "--to-sqlite"), ("--to", "nonsense")])
def test_a_move_says_what_it_needs(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk.run("database", "move", *arguments).code == 2
    assert desk.run("ledger", "verify").code == 0


def test_a_password_in_the_address_is_refused_and_not_shown(desk: Desk) -> None:
    said = desk.run("database", "move", "--to", "postgresql://alidade:hunter2@db.example/alidade")
    os.environ["ALIDADE_DATABASE"] = "postgresql://alidade:hunter2@db.example/alidade"
    try:
        with on_files():
            other = desk.run("authority", "list")
    finally:
        del os.environ["ALIDADE_DATABASE"]

    assert (said.code, other.code) == (2, 2)
    assert "hunter2" not in said.out + said.err + other.out + other.err
    assert "pass file" in other.err


@pytest.mark.postgresql_only
def test_there_and_back_by_one_command_each(desk: Desk) -> None:
    address = address_of(desk.home)
    assert address is not None
    before = list(desk.statements(ANALYST))
    os.environ["ALIDADE_DATABASE"] = address
    try:
        with on_files():
            said = desk.run("database", "move", "--to-sqlite")
    finally:
        del os.environ["ALIDADE_DATABASE"]

    assert said.code == 0
    assert "leave ALIDADE_DATABASE out" in said.out
    gone = desk.run("authority", "list")
    assert gone.code == 5
    assert "moved" in gone.err
    with on_files():
        assert list(desk.statements(ANALYST)) == before
        assert desk.ask("ledger", "verify")["sound"] is True
        assert desk.run("database", "move", "--to", address).code == 5  # which holds what it held


def test_an_upgrade_with_nothing_to_do_says_so(desk: Desk) -> None:
    said = desk.run("upgrade")

    assert said.code == 0
    assert "up to date" in said.out
    assert desk.ask("upgrade")["backup"] is None


def test_an_older_store_waits_for_its_upgrade(desk: Desk) -> None:
    store = open_store(desk.home, as_it_is=True)
    tables.bring_up_to_date(store.engine, store.alias, "0001_initial")
    store.keys.belong_to(None)
    store.close()
    waiting = desk.run("record", "list", "--as", ANALYST)
    told = desk.run("database", "show")
    done = desk.ask("upgrade")

    assert waiting.code == 5
    assert "alidade upgrade" in waiting.err
    assert "not up to date" in told.out
    assert Path(done["backup"]).stat().st_mode & 0o777 == 0o600
    assert len(list(desk.statements(ANALYST))) > 5
    assert desk.ask("ledger", "verify")["sound"] is True
