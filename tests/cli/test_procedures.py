"""Own procedures at the command line: what the guide shows is checked, tried out, published and used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from desk import ADMIN, LIAISON, PORTUGUESE, Desk

OTHER = "nl-politie/second"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "procedures.md"


@pytest.fixture
def example(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of the guide, in the working folder."""
    text, script = re.findall(r"^```json\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    desk.table("moves.json", script)
    monkeypatch.chdir(desk.folder)
    assert desk.run("authority", "officer", OTHER, "--role", "administrator", "--as", ADMIN).code == 0
    return desk.table("call-back.json", text)


def _publish(desk: Desk, example: Path) -> None:
    """One administrator proposes it, another one publishes it."""
    proposed = desk.ask("procedure", "propose", str(example), officer=ADMIN)
    call = ("procedure", "publish", "call_back", "1", "--digest", str(proposed["digest"]))
    assert desk.run(*call, "--as", OTHER).code == 0


def test_the_example_of_the_guide_is_checked_tried_published_and_used(desk: Desk, example: Path) -> None:
    checked = desk.ask("procedure", "check", str(example), officer=ADMIN)
    assert checked == {"code": "call_back", "version": 1, "usable": True, "findings": []}
    walks = desk.ask("procedure", "dry-run", str(example), officer=ADMIN)
    assert walks["clean"]
    assert {move["code"] for walk in walks["walks"] for move in walk} == {"open", "received", "rang", "refuse"}
    played = desk.ask("procedure", "dry-run", str(example), "--script", "moves.json", officer=ADMIN)
    assert [move["state"] for move in played["walks"][0]] == ["waiting", "waiting", "refused"]

    _publish(desk, example)
    assert "call_back" in desk.run("procedure", "list", "--as", LIAISON).out
    shown = desk.run("procedure", "show", "call_back", "--as", LIAISON)
    assert "why_urgent" in shown.out
    assert "under a condition" in shown.out
    call = ("thread", "open", "call_back", "--to", "pt-pj=asked", "--title", "Convoy", "--set", "topic=Convoy")
    thread = desk.ask(*call, "--set", "urgent=false", "--category", "suspect_or_convicted", officer=LIAISON)["thread"]
    assert desk.run("thread", "step", thread, "refuse", "--reason", "not_ours", "--as", PORTUGUESE).code == 0
    assert desk.ask("thread", "show", thread, officer=LIAISON)["state"] == "refused"
    known = desk.ask("procedure", "list", "--all", officer=ADMIN)
    assert [each["from_catalogue"] for each in known if each["code"] == "call_back"] == [False]


def test_what_is_wrong_is_said_with_its_line_and_bars_publishing(desk: Desk, example: Path) -> None:
    wrong = example.read_text(encoding="utf-8").replace('"to_state": "done"', '"to_state": "nowhere"')
    path = desk.table("wrong.json", wrong)
    line = wrong[: wrong.index('"nowhere"')].count("\n") + 1
    said = desk.run("procedure", "check", str(path), "--as", ADMIN)

    assert said.code == 7
    assert f"line {line}, " in said.out
    assert "It cannot be published." in said.out
    assert desk.run("procedure", "propose", str(path), "--as", ADMIN).code == 2
    assert desk.run("procedure", "dry-run", str(path), "--as", ADMIN).code == 2


def test_a_move_without_effect_ends_with_7(desk: Desk, example: Path) -> None:
    moves = [{"role": "asker", "code": "open", "values": {"topic": "x", "urgent": False}},
             {"role": "asker", "code": "rang"}]  # fmt: skip
    script = desk.table("late.json", json.dumps(moves))
    said = desk.run("procedure", "dry-run", str(example), "--script", str(script), "--as", ADMIN)

    assert said.code == 7
    assert "Not every move took effect." in said.out


@pytest.mark.parametrize("text", ["", "{", "[1]", "[]x", '[{"role": "asker"}]', '[{"role": "a", "code": "b", "c": 1}]'])
def test_a_script_that_is_none_is_refused(desk: Desk, example: Path, text: str) -> None:
    script = desk.table("none.json", text)
    assert desk.run("procedure", "dry-run", str(example), "--script", str(script), "--as", ADMIN).code == 2


def test_a_version_never_changes(desk: Desk, example: Path) -> None:
    _publish(desk, example)
    assert desk.run("procedure", "propose", str(example), "--as", ADMIN).code == 5


def test_nobody_publishes_what_he_proposed(desk: Desk, example: Path) -> None:
    digest = str(desk.ask("procedure", "propose", str(example), officer=ADMIN)["digest"])
    assert digest in desk.run("procedure", "proposed", "--text", "--as", ADMIN).out
    assert desk.run("procedure", "publish", "call_back", "1", "--digest", digest, "--as", ADMIN).code == 5
    assert desk.run("procedure", "publish", "call_back", "1", "--digest", "0" * 64, "--as", OTHER).code == 5
    assert desk.run("procedure", "withdraw", "call_back", "1", "--as", OTHER).code == 0
    assert desk.ask("procedure", "proposed", officer=ADMIN) == []


def test_only_who_manages_procedures_may(desk: Desk, example: Path) -> None:
    for command in ("check", "dry-run", "propose"):
        assert desk.run("procedure", command, str(example), "--as", LIAISON).code == 3
    assert desk.run("procedure", "list", "--all", "--as", LIAISON).code == 3
