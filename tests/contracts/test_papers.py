"""The papers of the repository: licence, decision records, and a word on every script."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
SCRIPTS = sorted(path for path in (ROOT / "script").iterdir() if path.is_file() and "." not in path.name)
SECTIONS = ["Context", "Options", "Decision", "Consequences"]


def test_the_licence_is_complete() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016\n")
    assert re.findall(r"^(\d+)\.[A-Z]", text, re.MULTILINE) == [str(number) for number in range(1, 16)]
    appendix = text.split("\n                                                         Appendix\n")[1]
    assert len(re.findall(r"^— ", appendix, re.MULTILINE)) == 10
    assert appendix.rstrip().endswith("require the production of a new EUPL version.")


def test_decision_records_are_numbered_without_gaps() -> None:
    numbers = [path.name[:4] for path in DECISIONS]

    assert len(numbers) >= 9
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_record_has_its_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    bodies = dict(zip(parts[1::2], parts[2::2], strict=True))

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
    assert re.match(rf"# {path.name[:4]} \S.+\n\nDate: \d{{4}}-\d\d-\d\d\nStatus: \S", text)
    assert list(bodies) == SECTIONS
    assert all(body.strip() for body in bodies.values())
    assert len(re.findall(r"^- ", bodies["Options"], re.MULTILINE)) >= 2, "at least two options are weighed"
    assert re.search(r"\d", bodies["Options"]), "options are weighed with figures"


def test_the_scripts_can_be_run_anywhere() -> None:
    assert {path.name for path in SCRIPTS} >= {"bench", "demo", "lint", "lock", "setup", "test"}
    for path in [*SCRIPTS, ROOT / ".ci" / "run"]:
        assert os.access(path, os.X_OK), f"{path.name} is not executable"
        assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n"), f"{path.name} is not for plain sh"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_mentioned(path: Path) -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")]

    assert any(f"script/{path.name}" in text for text in texts)
