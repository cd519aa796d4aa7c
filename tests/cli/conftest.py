"""One prepared desk for all tests of the command line, copied for each."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the desk is shared by the tests of this folder

from desk import ADMIN, OTHER_POLICY, POLICY, Desk, set_up


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own settings reach a test."""
    for name in [name for name in os.environ if name.startswith("ALIDADE_") and name != "ALIDADE_SHARED_DATA"]:
        if name != "ALIDADE_UPDATE_REFERENCE":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The desk that is copied; only for tests that change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ALIDADE_")]:
            patch.delenv(name)
        return set_up(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(prepared: Desk, tmp_path: Path) -> Desk:
    """A desk of one's own: Dutch police, Portuguese police, Belgian customs."""
    return prepared.copy(tmp_path)


@pytest.fixture
def register(desk: Desk) -> Desk:
    """A desk with a policy officer in each of two authorities."""
    for officer, admin in ((POLICY, ADMIN), (OTHER_POLICY, "pt-pj/admin")):
        assert desk.run("authority", "officer", officer, "--role", "policy_officer", "--as", admin).code == 0
    return desk
