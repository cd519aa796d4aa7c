"""Link charts in the terminal: shown, kept, listed, and taken out with what was in sight."""

from __future__ import annotations

import hashlib
from pathlib import Path

from desk import ANALYST, CASE, FRONT, PORTUGUESE, Desk


def test_a_chart_is_shown_kept_listed_and_taken_out(desk: Desk, tmp_path: Path) -> None:
    open_, closed = desk.names["Vermeer"], desk.names["Geslotenius"]

    shown = desk.ask("chart", "show", open_, officer=ANALYST)
    assert [each["id"] for each in shown["things"]] == [open_]
    assert "Vermeer" in desk.run("chart", "show", open_, "--as", ANALYST).out

    kind = ("--community", "all", "--category", "suspect_or_convicted")
    saved = desk.ask("chart", "save", open_, closed, "--title", "Two of them", *kind, officer=ANALYST)
    listed = desk.ask("chart", "list", officer=PORTUGUESE)["charts"]
    assert [(each["title"], each["version"], each["ours"]) for each in listed] == [("Two of them", 1, False)]

    theirs = desk.ask("chart", "show", saved["piece"], "--kept", officer=PORTUGUESE)
    assert [each["id"] for each in theirs["things"]] == [open_]

    path = tmp_path / "chart.graphml"
    made = desk.ask("chart", "export", saved["piece"], "--form", "graphml", "--out", str(path), officer=ANALYST)
    assert made["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert b"Vermeer" in path.read_bytes()
    again = desk.run("chart", "export", saved["piece"], "--form", "graphml", "--out", str(path), "--as", ANALYST)
    assert again.code == 5


def test_absent_and_forbidden_look_alike(desk: Desk) -> None:
    hidden = desk.run("chart", "show", desk.names["Geslotenius"], "--as", PORTUGUESE)
    absent = desk.run("chart", "show", "0" * 32, "--as", PORTUGUESE)

    assert (hidden.code, hidden.err) == (absent.code, absent.err)
    assert hidden.code == 4
    assert desk.run("chart", "show", desk.names["Vermeer"], "--as", FRONT).code == 3
    assert desk.run("chart", "show", desk.names["Vermeer"], "--as", CASE).code == 0
