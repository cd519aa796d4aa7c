"""The five commands of the README, as they stand there, with the real list where it is at hand."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

from desk import Desk

README = Path(__file__).resolve().parents[2] / "README.md"
FILES = ("sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv")
ENTRIES = 300


def _cut(whole: Path, folder: Path) -> Path:
    """The first entries of the list and the one that is asked for: enough to begin with."""
    folder.mkdir()
    with (whole / "sdn.csv").open(encoding="utf-8", errors="replace", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) > 1]
    wanted = {row[0].strip() for row in rows[:ENTRIES]} | {row[0].strip() for row in rows if "GUZMAN LOERA" in row[1]}
    for name in FILES:
        lines = (whole / name).read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if line.split(b",")[0].strip().decode(errors="replace") in wanted]
        (folder / name).write_bytes(b"".join(kept))
    return folder


def test_beginning_for_real(shared_data: Path, tmp_path: Path) -> None:
    section = README.read_text(encoding="utf-8").split("## Begin for real\n")[1].split("\n## ")[0]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    lines = [shlex.split(line) for line in block.group(1).splitlines()]
    assert [line[0] for line in lines] == ["alidade"] * 5
    ofac = _cut(shared_data / "ofac", tmp_path / "ofac")
    desk = Desk(home=tmp_path / "home", folder=tmp_path)
    stands_for = {"ofac": str(ofac), "ofac-to-mend": str(tmp_path / "ofac-to-mend")}
    said = []
    for line in lines:
        said.append(desk.run(*(stands_for.get(word, word) for word in line[1:])))
        if found := re.search(r"alidade verdict ([0-9a-f]{32}) same", said[-1].out):
            stands_for["HIT"] = found.group(1)

    assert [each.code for each in said] == [0, 0, 0, 0, 0], [each.err for each in said]
    assert said[2].out.startswith("HIT ")
    assert "GUZMAN LOERA" in said[2].out
    assert said[3].out.startswith("Ruled: same.")
    assert said[4].out.startswith("The ledger is whole")
