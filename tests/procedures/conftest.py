"""What the tests of procedures share: the words, the deadlines, and a small procedure of their own."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the importlib mode of pytest finds no module beside a test

from procedure_play import SMALL

from alidade.clocks import ClockDefinition, load_clocks
from alidade.procedures import Definition, read_definition
from alidade.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def clocks() -> Mapping[str, ClockDefinition]:
    return load_clocks()


@pytest.fixture(scope="session")
def small() -> Definition:
    return read_definition(SMALL.encode())
