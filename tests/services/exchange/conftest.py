"""Two and three nodes that know each other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from federation import DE, FR, NL, Place, opened, template
from personas import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def pair(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, clock: SetClock, request: pytest.FixtureRequest
) -> Iterator[tuple[Place, Place]]:
    places = opened(template(tmp_path_factory), tmp_path, (NL, DE), clock, request.node.nodeid)
    yield places[0], places[1]
    for each in places:
        each.node.close()


@pytest.fixture
def three(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, clock: SetClock, request: pytest.FixtureRequest
) -> Iterator[tuple[Place, Place, Place]]:
    places = opened(template(tmp_path_factory), tmp_path, (NL, DE, FR), clock, request.node.nodeid)
    yield places[0], places[1], places[2]
    for each in places:
        each.node.close()
