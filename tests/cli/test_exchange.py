"""The commands of the exchange: keys, peers, status, folders; and the demonstration with three nodes."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ADMIN, Desk


def _publish(desk: Desk, folder: Path) -> str:
    said = desk.ask("keys", "new-root", str(folder / "our.root"), officer=ADMIN)
    fingerprint = str(said["fingerprint"])
    desk.ask(
        "keys", "publish", "--root", str(folder / "our.root"), "--address", "127.0.0.1:8443",
        "--out", str(folder / "our.manifest"), officer=ADMIN,
    )  # fmt: skip
    return fingerprint


def test_a_root_is_taken_away_and_signs_what_is_published(desk: Desk, tmp_path: Path) -> None:
    fingerprint = _publish(desk, tmp_path)

    assert (tmp_path / "our.root").stat().st_mode & 0o077 == 0
    assert (tmp_path / "our.root").read_bytes()[:20] not in b"".join(
        path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()
    )
    shown = desk.ask("keys", "show", officer=ADMIN)
    assert (shown["fingerprint"], shown["number"], shown["rotation_due"]) == (fingerprint, 1, False)
    rotated = desk.ask("keys", "rotate", "--root", str(tmp_path / "our.root"), officer=ADMIN)
    assert rotated["number"] == 2


def test_a_root_of_nobody_signs_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "no.root").write_text("{}")
    said = desk.run("keys", "publish", "--root", str(tmp_path / "no.root"), "--as", ADMIN)
    assert said.code == 2


def test_without_keys_there_is_no_status(desk: Desk) -> None:
    assert desk.run("exchange", "status", "--as", ADMIN).code == 4


def test_the_status_says_how_it_stands(desk: Desk, tmp_path: Path) -> None:
    _publish(desk, tmp_path)
    said = desk.ask("exchange", "status", officer=ADMIN)
    assert (said["peers"], said["parked"], said["overdue"], said["alarms"]) == ([], [], [], [])
    assert desk.run("exchange", "once").code == 0


def test_a_peer_is_entered_only_with_its_own_fingerprint(desk: Desk, tmp_path: Path) -> None:
    _publish(desk, tmp_path)
    wrong = desk.run(
        "peer", "add", str(tmp_path / "our.manifest"), "--fingerprint", "0000 1111", "--name", "X", "--function",
        "police", "--state", "DE", "--contact", "c", "--as", ADMIN,
    )  # fmt: skip
    assert wrong.code == 2
    assert "fingerprint" in wrong.err


def test_who_is_no_administrator_manages_no_keys(desk: Desk, tmp_path: Path) -> None:
    said = desk.run("keys", "new-root", str(tmp_path / "x.root"), "--as", "nl-politie/analyst")
    assert said.code in (3, 4)
    assert not (tmp_path / "x.root").exists()


@pytest.mark.sqlite_only("each of the three nodes is a file of its own")
def test_three_nodes_exchange_and_nothing_is_lost(desk: Desk) -> None:
    said = desk.run("--json", "demo", "--federation")
    assert said.code == 0, said.out


def test_a_relay_is_begun_and_peers_are_reached_by_it(desk: Desk, tmp_path: Path) -> None:
    fingerprint = _publish(desk, tmp_path)
    folder = str(tmp_path / "relay")
    spoken = str(desk.ask("exchange", "relay", "begin", folder)["fingerprint"])

    served = desk.ask(
        "exchange", "relay", "serve", folder, str(tmp_path / "our.manifest"), "--fingerprint", fingerprint
    )
    state = desk.ask("exchange", "relay", "status", folder)
    assert state["serves"] == [served["serves"]]
    assert (state["fingerprint"], state["waiting"]) == (spoken, [])
    assert desk.run("exchange", "relay", "status", folder).code == 0
    nowhere = desk.run("exchange", "relay", "run", folder, "--listen", "everywhere")
    assert nowhere.code == 2
    unknown = desk.run(
        "peer", "relay", "ve-cicpc", "--at", "127.0.0.1:8444", "--certificate", f"{folder}/relay.certificate",
        "--fingerprint", spoken, "--as", ADMIN,
    )  # fmt: skip
    assert unknown.code == 4
    assert desk.run("peer", "relay", "ve-cicpc", "--directly", "--at", "127.0.0.1:1", "--as", ADMIN).code == 2
    assert desk.run("exchange", "relay", "drop", folder, str(served["serves"])).code == 0
