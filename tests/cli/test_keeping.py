"""Backup and restore: sealed, complete, and what was erased stays erased."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desk import ANALYST, CASE, GROUNDS, PORTUGUESE, Desk

from databases import bytes_of


@pytest.fixture
def backup(desk: Desk) -> Path:
    path = desk.folder / "backup"
    assert desk.run("backup", str(path)).code == 0
    return path


def test_a_backup_shows_nothing_without_the_keys(desk: Desk, backup: Path) -> None:
    content = backup.read_bytes()

    for value in (b"Vermeer", b"Geslotenius", b"12345678", b"bill of lading"):
        assert value not in content
    assert backup.stat().st_mode & 0o777 == 0o600
    assert desk.run("backup", str(backup)).code == 5


def test_a_restored_node_answers_as_before(desk: Desk, backup: Path) -> None:
    there = Desk(home=desk.folder / "there", folder=desk.folder)
    restored = there.run("--json", "restore", str(backup), "--keys", str(desk.home))

    assert restored.code == 0
    assert restored.answer["unreadable"] == 0
    assert there.ask("check", "Johannes Vermeer", *GROUNDS, officer=PORTUGUESE)["answer"] == "hit"
    assert there.ask("check", "Quirijn Geslotenius", *GROUNDS, officer=PORTUGUESE)["answer"] == "hit_without_content"
    assert there.ask("ledger", "verify")["sound"] is True
    assert there.run("restore", str(backup), "--keys", str(desk.home)).code == 5


def test_what_was_erased_since_stays_erased(desk: Desk, backup: Path) -> None:
    desk.ask("erase", "record", desk.names["Vermeer"], "--reason", "unlawful", "--yes", officer=CASE)
    there = Desk(home=desk.folder / "there", folder=desk.folder)
    said = there.run("restore", str(backup), "--keys", str(desk.home))

    assert said.code == 0
    assert "values stay erased" in said.out
    assert there.ask("check", "Johannes Vermeer", *GROUNDS, officer=ANALYST)["answer"] == "no_hit"
    assert there.ask("check", "Wilhelmina Achterberg", *GROUNDS, officer=ANALYST)["answer"] == "hit"
    assert b"Vermeer" not in bytes_of(there.home)


def test_what_cannot_be_restored_leaves_an_empty_folder(desk: Desk, backup: Path) -> None:
    other = Desk(home=desk.folder / "other", folder=desk.folder)
    no_keys = desk.folder / "no keys"
    no_keys.mkdir()
    shutil.copyfile(desk.home / "node.key", no_keys / "node.key")
    no_backup = desk.table("no backup", "this is no backup\n" * 100)
    for path, keys in ((backup, no_keys), (no_backup, desk.home)):
        assert other.run("restore", str(path), "--keys", str(keys)).code == 2
        assert not other.home.exists() or list(other.home.iterdir()) == []


def test_the_wrong_key_opens_nothing(desk: Desk, backup: Path) -> None:
    keys = desk.folder / "keys"
    shutil.copytree(desk.home, keys)
    (keys / "node.key").write_bytes(bytes(32))
    there = Desk(home=desk.folder / "there", folder=desk.folder)
    said = there.run("restore", str(backup), "--keys", str(keys))

    assert said.code == 6
    assert "node.key" in said.err
