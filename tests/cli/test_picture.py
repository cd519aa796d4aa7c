"""Map, timeline and countries in the terminal: shown as tables, for programs, and taken out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from desk import ANALYST, Desk


def test_each_is_shown_and_given_to_programs(desk: Desk) -> None:
    assert desk.ask("picture", "map", officer=ANALYST)["cut"] is False
    assert "entries" in desk.ask("picture", "timeline", "--since", "2020", officer=ANALYST)
    assert "cells" in desk.ask("picture", "matrix", "--least", "good", officer=ANALYST)
    for sight in ("map", "timeline", "matrix"):
        assert desk.run("picture", sight, "--as", ANALYST).code == 0
    assert desk.run("picture", "map", "--since", "yesterday", "--as", ANALYST).code == 2


def test_a_map_is_taken_out_once(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "map.geojson"
    call = ("picture", "export", "map", "--form", "geojson", "--out", str(path))

    made = desk.ask(*call, officer=ANALYST)

    assert made["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert desk.run(*call, "--as", ANALYST).code == 5
