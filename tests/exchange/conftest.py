"""Makes the cast of these tests importable, and sets the scene."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from exchange_cast import Scene


@pytest.fixture
def scene() -> Scene:
    """Three authorities that know each other: nl, de, fr."""
    return Scene("nl", "de", "fr")
