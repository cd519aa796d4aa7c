"""Programs in front of the API: tokens of the cast's officers, and a caller that speaks JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast is shared with the tests of the use cases
sys.path.insert(0, str(Path(__file__).parent))

from callers import Callers
from personas import Office, OfficeFactory, template

from alidade.services import serving


@pytest.fixture
def offices(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> OfficeFactory:
    return OfficeFactory(template(tmp_path_factory), tmp_path, request.node.nodeid)


@pytest.fixture
def office(offices: OfficeFactory) -> Iterator[Office]:
    """The node of the cast, served to the API of this thread."""
    with offices() as found:
        serving.serve(found.node)
        yield found
        serving.serve(None)


@pytest.fixture
def callers(office: Office) -> Callers:
    """`callers("nl-politie")` calls with a token of that authority's case officer that lists every act of his."""
    return Callers(office)
