"""The node with the cast, fresh for each test; and no test may leave a word on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the importlib mode of pytest finds no module beside a test

from personas import Office, OfficeFactory, template


@pytest.fixture
def offices(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> OfficeFactory:
    return OfficeFactory(template(tmp_path_factory), tmp_path, request.node.nodeid)


@pytest.fixture
def office(offices: OfficeFactory) -> Iterator[Office]:
    with offices() as found:
        yield found


@pytest.fixture(autouse=True)
def silence(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert capfd.readouterr() == ("", "")
    assert [record.name for record in caplog.records] == []
