"""The vocabulary that comes with Alidade, and a copy of it to damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from alidade.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture
def copy(tmp_path: Path, vocabulary: Vocabulary) -> Path:
    """A private copy of all vocabulary files."""
    return Path(shutil.copytree(vocabulary.folder, tmp_path / "data"))
