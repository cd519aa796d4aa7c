"""The papers that the reader is held against: those beside the repository, and the invented ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alidade.programme.reading import Reading, read_paper

PROGRAMME = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def key() -> Callable[[str], dict[str, Any]]:
    """The key of a paper, made by hand."""
    return lambda name: json.loads((PROGRAMME / "keys" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def invented() -> Callable[[str], Reading]:
    """An invented paper, read once."""
    known: dict[str, Reading] = {}

    def read(name: str) -> Reading:
        if name not in known:
            known[name] = read_paper((PROGRAMME / "papers" / name).read_bytes(), name)
        return known[name]

    return read


@pytest.fixture(scope="session")
def seed(shared_data: Path) -> Callable[[str], Reading]:
    """A source paper beside the repository, read once; skips where the papers are missing."""
    folder = shared_data.parent / "seeds"
    known: dict[str, Reading] = {}

    def read(name: str) -> Reading:
        if not (folder / name).is_file():
            pytest.skip(f"source paper not found at {folder / name}")
        if name not in known:
            known[name] = read_paper((folder / name).read_bytes(), name)
        return known[name]

    return read
